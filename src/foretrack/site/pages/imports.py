"""Many records at once: a template to fill in, a preview of what a file would change, the import, and exports."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.registry.access.permission import require
from foretrack.registry.actions.exporting import FORMATS, MEDIA_TYPES, export
from foretrack.registry.actions.importing import Span, import_file, preview
from foretrack.registry.actions.templates import csv_template, excel_template
from foretrack.registry.answers import ImportAnswer
from foretrack.registry.declaring.fields import VISIBILITIES
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.registry import Registry
from foretrack.site.pages.history import Change, change_of
from foretrack.site.pages.profile import Option
from foretrack.site.pages.tables import filters_of
from foretrack.web.addresses import address
from foretrack.web.queries import page_number
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

INCOMING = "incoming"
"""Folder of files between their preview and their import."""
KEPT_SECONDS = 24 * 3600
"""How long a file waits for its import; then the next upload removes it."""
MOST_BYTES = 20 * 1024 * 1024
ACTS = {"create": "New", "update": "Changed", "none": "Unchanged"}
CIRCLES = {
    "public": "Everybody, once it stands in a public state", "partner": "Partners: everybody who has logged in",
    "private": "Only the own organisation and whoever is in charge",
}  # fmt: skip
CHANGES, WRONG = "changes", "wrong"
"""In the address of a preview: which page of what would change, and of what is wrong."""
CHANGES_SHOWN, WRONG_SHOWN = 50, 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What one row would do."""

    line: int
    act: str
    act_word: str
    title: str
    href: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """What is wrong with one row."""

    line: int
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Pager:
    """One page of many lines."""

    first: int = 0
    last: int = 0
    total: int = 0
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class ImportPage(Page):
    """The form, and below it what a file that was sent would change."""

    template: ClassVar[str] = "foretrack/import.html"

    kind_name: str
    kind_plural: str
    circles: tuple[Option, ...]
    problem: str
    answer: ImportAnswer | None
    planned: tuple[PlannedLine, ...]
    rejected: tuple[RejectedLine, ...]
    token: str
    visibility: str
    changes_pager: Pager
    wrong_pager: Pager


@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """A file to fill in: `?format=xlsx` or `csv`."""
    declared, language = request.registry.kinds.get(kind), request.actor.language
    if request.GET.get("format") == "csv":
        content: bytes = b"\xef\xbb\xbf" + csv_template(declared, language).encode()
        return _file(content, "csv", f"{declared.name}-template.csv")
    return _file(excel_template(declared, language), "xlsx", f"{declared.name}-template.xlsx")


def _file(content: bytes, ending: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=MEDIA_TYPES[ending])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def download(request: Request, kind: str) -> HttpResponseBase:
    """The filtered table as a file: `?format=csv` and the filters of the table."""
    declared = request.registry.kinds.get(kind)
    given = request.GET.copy()
    chosen = given.get("format", "csv")
    given.pop("format", None)
    pieces = export(request.registry, request.actor, declared.name, chosen, filters_of(declared, given))
    first = next(pieces, b"")  # what is wrong with the question is said before the answer has begun
    if chosen not in FORMATS:
        raise AssertionError("a format that nobody declared was exported")

    def all_pieces() -> Iterator[bytes]:
        yield first
        yield from pieces

    answer = StreamingHttpResponse(all_pieces(), content_type=MEDIA_TYPES[chosen])
    answer.headers["Content-Disposition"] = f'attachment; filename="{declared.name}.{chosen}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: Request, kind: str) -> HttpResponse:
    """Takes a file, shows what it would change, and on the second sending changes it."""
    registry, actor, given = request.registry, request.actor, request.POST
    declared = registry.kinds.get(kind)
    require(actor, "import")
    if request.method != "POST":
        asked = CHANGES in request.GET or WRONG in request.GET
        return _again(request, declared) if asked else _page(request, declared)
    try:
        if given.get("token"):
            return _import(request, declared)
        sent = request.FILES.get("file")
        if sent is None:
            raise InputError.of("no file was sent", expected="a CSV or Excel file", do="choose one")
        if (sent.size or 0) > MOST_BYTES:
            raise InputError.of(
                "the file has {n} bytes", expected="at most {most}", do="split it, or use `foretrack record import`",
                n=sent.size or 0, most=MOST_BYTES,
            )  # fmt: skip
        token, path = _keep(registry, str(sent.name), sent.chunks())
        try:
            answer = preview(
                registry,
                actor,
                declared.name,
                path,
                file_name=str(sent.name)[:200],
                visibility=_circle(request),
                changes=Span(0, CHANGES_SHOWN),
                rejections=Span(0, WRONG_SHOWN),
            )
        except ForetrackError:
            path.unlink(missing_ok=True)
            raise
        request.session["incoming"] = {
            "token": token, "name": str(sent.name)[:200], "file": path.name, "visibility": _circle(request),
        }  # fmt: skip
        return _page(request, declared, answer=answer, token=token)
    except InputError as error:
        return _page(request, declared, problem=error.told(speak(page_language())), status=400)


def _again(request: Request, kind: Kind) -> HttpResponse:
    """Another page of the preview of the file that this person sent last."""
    held = request.session.get("incoming") or {}
    path = _folder(request.registry) / str(held.get("file", ""))
    if not held or not path.is_file():
        raise _gone()
    changes, wrong = page_number(request.GET, CHANGES, digits=6), page_number(request.GET, WRONG, digits=6)
    visibility = str(held.get("visibility", VISIBILITIES[0]))
    answer = preview(
        request.registry, request.actor, kind.name, path, file_name=str(held["name"]), visibility=visibility,
        changes=Span((changes - 1) * CHANGES_SHOWN, CHANGES_SHOWN),
        rejections=Span((wrong - 1) * WRONG_SHOWN, WRONG_SHOWN),
    )  # fmt: skip
    return _page(
        request, kind, answer=answer, token=str(held["token"]), pages=(changes, wrong), circle=visibility
    )


def _gone() -> InputError:
    return InputError.of(
        "the file is no longer here", expected="a file that you sent within the last day", do="send it again"
    )


def _circle(request: Request) -> str:
    return request.POST.get("visibility", VISIBILITIES[0])


def _import(request: Request, kind: Kind) -> HttpResponse:
    held, token = request.session.get("incoming") or {}, request.POST.get("token", "")
    path = _folder(request.registry) / str(held.get("file", ""))
    # The session says which file this person sent; a token of somebody else's leads nowhere.
    if not _TOKEN.fullmatch(token) or held.get("token") != token or not path.is_file():
        raise _gone()
    answer = import_file(
        request.registry, request.actor, kind.name, path, file_name=str(held.get("name", "")),
        visibility=_circle(request), partly=bool(request.POST.get("partly")), again=bool(request.POST.get("again")),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    if not answer.written:
        return _page(request, kind, answer=answer, token=token, status=400 if answer.rejected else 200)
    path.unlink(missing_ok=True)
    request.session.pop("incoming", None)
    messages.success(
        request,
        say(
            "Taken in: {created} new, {updated} changed, {unchanged} unchanged, {rejected} rejected.",
            created=answer.created, updated=answer.updated, unchanged=answer.unchanged, rejected=answer.rejected,
        ),
    )  # fmt: skip
    return HttpResponseRedirect(address("kind", kind.name))


def _folder(registry: Registry) -> Path:
    return registry.attachments.parent / INCOMING


def _keep(registry: Registry, name: str, chunks: Iterator[bytes]) -> tuple[str, Path]:
    """Keeps a file for its import, under a name that nobody can guess; old ones are removed."""
    folder = _folder(registry)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = registry.now().timestamp()
    for old in folder.iterdir():
        if now - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    token = secrets.token_urlsafe(32)
    ending = name.rpartition(".")[2].lower()
    path = folder / f"{secrets.token_hex(16)}.{ending if ending in ('csv', 'xlsx', 'tsv') else 'csv'}"
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return token, path


def _page(
    request: Request, kind: Kind, *, problem: str = "", answer: ImportAnswer | None = None, token: str = "",
    status: int = 200, pages: tuple[int, int] = (1, 1), circle: str = "",
) -> HttpResponse:  # fmt: skip
    language, tell = request.actor.language, speak(page_language())
    circle = circle or _circle(request)
    changes, wrong = pages

    def pager(number: int, size: int, shown: int, total: int, href: Callable[[int], str]) -> Pager:
        first = (number - 1) * size
        return Pager(
            first + 1 if shown else 0, first + shown, total, href(number - 1) if number > 1 else "",
            href(number + 1) if first + size < total else "",
        )  # fmt: skip

    # An import that was refused tells its first thousand; the page has room for the first few.
    told = answer.planned[:CHANGES_SHOWN] if answer else ()
    refused = answer.rejections[:WRONG_SHOWN] if answer else ()
    planned = tuple(
        PlannedLine(
            one.line,
            one.act,
            say(ACTS[one.act]),
            one.title,
            address("record", one.key) if one.key else "",
            tuple(
                change_of(kind.by_name[n], one.before.get(n), one.after.get(n), language, {})
                for n in dict.fromkeys([*one.before, *one.after])
                if n in kind.by_name
            ),
        )
        for one in told
    )
    rejected = tuple(
        RejectedLine(
            one.line, kind.by_name[one.field].label.text(language) if one.field in kind.by_name else one.field,
            one.error.told(tell),
        )
        for one in refused
    )  # fmt: skip
    page = ImportPage(
        kind_name=kind.name, kind_plural=kind.plural.text(language),
        circles=tuple(Option(c, say(CIRCLES[c]), c == circle) for c in VISIBILITIES), problem=problem, answer=answer,
        planned=planned, rejected=rejected, token=token, visibility=circle,
        changes_pager=pager(
            changes, CHANGES_SHOWN, len(told), answer.created + answer.updated if answer else 0,
            lambda n: f"?{CHANGES}={n}&{WRONG}={wrong}#rows",
        ),
        wrong_pager=pager(
            wrong, WRONG_SHOWN, len(refused), answer.wrong if answer else 0,
            lambda n: f"?{CHANGES}={changes}&{WRONG}={n}#wrong",
        ),
    )  # fmt: skip
    return render(request, page, status=status)

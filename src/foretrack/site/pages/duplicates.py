"""Records that may be about the same thing: a person says that they are one, that they differ, or that it is unsure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import InputError
from foretrack.registry.actions.duplicates import judge, pair, pairs
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.records import show
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.answers import Merged, PairLine, RecordPage
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models.duplicates import JUDGEMENTS
from foretrack.web.addresses import address
from foretrack.web.queries import page_number, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak
from foretrack.web.tags import colon
from foretrack.web.values import Part, show_value

PAIRS = 30
JUDGED = {
    "nobody looked": "Nobody has looked yet", "same": "The same", "different": "Different", "unsure": "Unsure",
}  # fmt: skip
SIGNS = {
    "name": "name", "identifier": "identifier", "region": "region", "country": "country", "website": "website",
    "sort": "sort", "organisation": "organisation", "legal form": "legal form",
    "number or letter in the name": "number or letter in the name",
    "name in the other language": "name in the other language",
}  # fmt: skip
LEVELS = {
    "equal": "equal", "same": "same", "cut words": "words were cut short", "near": "nearly alike",
    "part": "alike in part", "one in the other": "one in the other", "different": "different",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair in the list."""

    number: int
    kind: str
    first: str
    second: str
    score: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """Pairs of one judgement."""

    href: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class DuplicatesPage(Page):
    """Pairs to judge, or judged."""

    template: ClassVar[str] = "foretrack/duplicates.html"

    tabs: tuple[Tab, ...]
    rows: tuple[PairRow, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One field in both records."""

    name: str
    label: str
    first: tuple[Part, ...]
    second: tuple[Part, ...]
    differ: bool


@dataclass(frozen=True)
class PairPage(Page):
    """Two records side by side."""

    template: ClassVar[str] = "foretrack/pair.html"

    line: PairLine
    kind: str
    first: RecordPage
    second: RecordPage
    fields: tuple[Beside, ...]
    why: tuple[str, ...]
    score: str
    judged: str
    reason: str
    survivor: str
    taken: tuple[str, ...]
    problem: str


def _signs(line: PairLine) -> tuple[str, ...]:
    return tuple(
        _word(SIGNS, str(sign.get("sign", ""))) + colon() + _word(LEVELS, str(sign.get("level", "")))
        for sign in line.why
    )


def _word(words: Mapping[str, str], code: str) -> str:
    return say(words[code]) if code in words else code


@require_safe
def queue(request: Request) -> HttpResponse:
    """Pairs with one judgement; those that nobody looked at first."""
    judgement = request.GET.get("judgement", JUDGEMENTS[0])
    number = page_number(request.GET, digits=4)
    found = pairs(
        request.registry,
        request.actor,
        judgement=judgement,
        offset=(number - 1) * PAIRS,
        limit=PAIRS + 1,
    )
    language = request.actor.language
    return render(
        request,
        DuplicatesPage(
            tabs=tuple(
                Tab(f"?judgement={name.replace(' ', '+')}", say(word), name == judgement)
                for name, word in JUDGED.items()
            ),
            rows=tuple(
                PairRow(
                    line.number, request.registry.kinds.get(line.kind).label.text(language), line.first.title,
                    line.second.title, f"{line.score:.2f}", _signs(line),
                )
                for line in found[:PAIRS]
            ),
            before=paged(request.GET, number - 1) if number > 1 else "",
            after=paged(request.GET, number + 1) if len(found) > PAIRS else "",
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def judge_pair(request: Request, number: int) -> HttpResponse:
    """Shows two records side by side, and takes what a person says about them."""
    registry, actor = request.registry, request.actor
    line = pair(registry, actor, number)
    given = request.POST
    if request.method != "POST":
        return _pair(request, line)
    read = [given.get(name, "") for name in ("first-revision", "second-revision")]
    try:
        if not all(text.isdecimal() and len(text) < 10 for text in read):
            raise InputError.of(
                "the revisions {found!r} are no numbers", expected="those that the page was made from",
                do="load the page again", found=" ".join(read)[:40],
            )  # fmt: skip
        done = judge(
            registry, actor, number, given.get("judgement", ""), survivor=given.get("survivor", ""),
            take=given.getlist("take"), revisions=(int(read[0]), int(read[1])), reason=given.get("reason", ""),
        )  # fmt: skip
    except InputError as error:
        return _pair(
            request, line, problem=error.told(speak(page_language())),
            status=409 if isinstance(error, ConflictError) else 400,
        )  # fmt: skip
    if isinstance(done, Merged):
        messages.success(
            request, say("Merged. Whoever asks for the other one is led here; it can be undone.")
        )
        return HttpResponseRedirect(address("record", done.survivor.key))
    messages.success(request, say("Noted."))
    return HttpResponseRedirect(address("duplicates"))


def _pair(request: Request, line: PairLine, *, problem: str = "", status: int = 200) -> HttpResponse:
    registry, actor, given = request.registry, request.actor, request.POST
    kind = registry.kinds.get(line.kind)
    first, second = (show(registry, actor, one.key) for one in (line.first, line.second))
    page = PairPage(
        line=line, kind=kind.label.text(actor.language), first=first, second=second,
        fields=_beside(request, kind, first, second), why=_signs(line), score=f"{line.score:.2f}",
        judged=say(JUDGED[line.judgement]), reason=given.get("reason", "")[:5000],
        survivor=given.get("survivor", first.key), taken=tuple(given.getlist("take")), problem=problem,
    )  # fmt: skip
    return render(request, page, status=status)


def _beside(request: Request, kind: Kind, first: RecordPage, second: RecordPage) -> tuple[Beside, ...]:
    language = request.actor.language
    keys = [key for page in (first, second) for _, _, key in kind.points(page.values)]
    titles = titles_of(request.actor, keys)
    return tuple(
        Beside(
            f.name, f.label.text(language),
            show_value(f, first.values[f.name], language, titles) if f.name in first.values else (),
            show_value(f, second.values[f.name], language, titles) if f.name in second.values else (),
            first.values.get(f.name) != second.values.get(f.name),
        )
        for f in kind.fields
        if f.name in first.values or f.name in second.values
    )  # fmt: skip

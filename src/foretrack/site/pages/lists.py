"""Lists: series, their frozen issues with what each changed, downloads, feeds, and publishing the next issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.lists.actions.entries import FOUND_BY_PROGRAM, REMOVAL_CODES
from foretrack.lists.actions.issuing import Prepared, Taken, prepare, publish
from foretrack.lists.actions.reading import IssueLine, changes, feed, issues, open_issue, render
from foretrack.lists.actions.series import SeriesPage, all_series, show_series
from foretrack.lists.changes import summary
from foretrack.lists.issue import Entry, Issue, digest_of
from foretrack.lists.rendering.addresses import file_name
from foretrack.lists.rendering.formats import FORMATS
from foretrack.lists.rendering.wording import wording
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.permission import may, require
from foretrack.registry.actions.links import titles_of
from foretrack.registry.declaring.fields import clean_text
from foretrack.site.pages.profile import Option
from foretrack.web import rendering
from foretrack.web.addresses import address, named_in_address
from foretrack.web.rendering import Page, Request
from foretrack.web.speech import Words, page_language, say, speak


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series in words."""

    name: str
    title: str
    other: str
    description: str
    publisher: str
    kind: str
    issues: int
    listed: int
    last_issue: str | None


@dataclass(frozen=True)
class SeriesListPage(Page):
    """Every series."""

    template: ClassVar[str] = "foretrack/series_list.html"

    series: tuple[SeriesLine, ...]
    may_declare: bool


@dataclass(frozen=True)
class SeriesView(Page):
    """One series and its issues."""

    template: ClassVar[str] = "foretrack/series.html"

    series: SeriesLine
    licence: str
    clause: str
    clause_href: str
    months: int | None
    issues: tuple[IssueLine, ...]
    feed: str
    may_publish: bool
    may_change: bool
    audit: str
    """Where its entries of the log are; empty for whoever may not read them."""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of an issue in words."""

    position: int
    href: str
    title: str
    other: str
    revision: int
    revision_digest: str
    direction: str
    region: str
    values: tuple[str, ...]
    validity: str
    reason: str
    next: str
    """Where the next issue may say otherwise; empty for whoever may not."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of an issue."""

    href: str
    label: str
    language: str


@dataclass(frozen=True)
class IssuePage(Page):
    """One issue."""

    template: ClassVar[str] = "foretrack/issue.html"

    series: SeriesLine
    number: int
    label: str
    published_on: str
    as_of: str
    digest: str
    previous: str
    columns: tuple[str, ...]
    listed: tuple[EntryLine, ...]
    removed: tuple[EntryLine, ...]
    summary: str
    changes: tuple[str, ...]
    downloads: tuple[Download, ...]
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class PickLine:
    """An entry of the last issue, and what shall become of it."""

    key: str
    title: str
    removed: bool
    standing: str
    """Its validity, or why it was removed."""
    acts: tuple[Option, ...]
    codes: tuple[Option, ...]
    en: str
    zh: str


@dataclass(frozen=True)
class NextIssuePage(Page):
    """The next issue as it would be."""

    template: ClassVar[str] = "foretrack/next_issue.html"

    series: SeriesLine
    number: int
    listed: int
    removed: int
    summary: str
    changes: tuple[str, ...]
    digest: str
    label: str
    reason: str
    problem: str
    nothing: bool
    picked: tuple[PickLine, ...]
    find: str
    matching: tuple[PickLine, ...]
    more_found: int
    may_pick: bool
    strange: tuple[str, ...]
    """Keys that were chosen and stand in no entry of the last issue."""


def series_line(request: Request, one: SeriesPage) -> SeriesLine:
    """A series in words."""
    language, kinds = request.actor.language, request.registry.kinds.kinds
    kind = kinds[one.kind].plural.text(language) if one.kind in kinds else one.kind
    return SeriesLine(
        one.name, one.title.text(language), _other(one.title, language), one.description.text(language),
        one.publisher.text(language), kind, one.issues, one.listed, one.last_issue,
    )  # fmt: skip


def _other(both: Bilingual, language: str) -> str:
    return wording(language).other(both)


def find_page(name: str) -> SeriesPage:
    """The series; NotThereError for none, since its name stands in the address."""
    with named_in_address():
        return show_series(name)


@require_safe
def series_list(request: Request) -> HttpResponse:
    """Every series."""
    lines = tuple(series_line(request, one) for one in all_series())
    return rendering.render(request, SeriesListPage(lines, may(request.actor, "declare series")))


@require_safe
def series(request: Request, name: str) -> HttpResponse:
    """One series."""
    found = find_page(name)
    pack, _, clause = found.clause.partition("/")
    return rendering.render(
        request,
        SeriesView(
            series=series_line(request, found), licence=found.licence, clause=clause or found.clause,
            clause_href=address("pack entry", pack, clause) if clause else "", months=found.months_valid,
            issues=issues(name), feed=f"/lists/{name}/atom.{request.actor.language}.xml",
            may_publish=may(request.actor, "issue list"), may_change=may(request.actor, "declare series"),
            audit=f"{address('audit')}?subject=series:{name}" if may(request.actor, "read audit") else "",
        ),
    )  # fmt: skip


def _entry(request: Request, issue: Issue, entry: Entry, seen: dict[str, str], *, last: bool) -> EntryLine:
    words = wording(request.actor.language)
    return EntryLine(
        entry.position, address("record", entry.record) if entry.record in seen else "", words.text(entry.title),
        words.other(entry.title), entry.revision, entry.revision_digest,
        words.value(entry.direction) if entry.direction else "", words.value(entry.region) if entry.region else "",
        tuple(words.value(entry.values[f.key]) if f.key in entry.values else "" for f in issue.fields),
        words.validity(entry.valid_from, entry.valid_to),
        words.reason(entry.removal) if entry.status == "removed" else "",
        f"{address('next issue', issue.series.id)}?pick={entry.record}"
        if last and may(request.actor, "issue list")
        else "",
    )  # fmt: skip


@require_safe
def issue(request: Request, name: str, number: int) -> HttpResponse:
    """One issue, as it was frozen."""
    found = find_page(name)
    if not 1 <= number <= found.issues:
        raise NotThereError.of(
            "{name} has no issue {number}", expected="a number from 1 to {last}", do="look at the page of the list",
            name=name, number=number, last=found.issues,
        )  # fmt: skip
    one, digest, _ = open_issue(name, number)
    words = wording(request.actor.language)
    difference = changes(name, number)[0]
    seen = dict(titles_of(request.actor, [entry.record for entry in one.entries]))
    base = f"/lists/{name}/{number}/"
    downloads = [
        Download(f"{base}{file_name(one, f.ending, tongue)}", say(f.label), tongue)
        for f in FORMATS.values()
        for tongue in (("en", "zh") if f.spoken else ("",))
    ]
    return rendering.render(
        request,
        IssuePage(
            series=series_line(request, found), number=number, label=one.label, published_on=one.published_on.isoformat(),
            as_of=one.as_of.isoformat(), digest=digest, previous=one.previous or "",
            columns=tuple(words.label(f) for f in one.fields),
            listed=tuple(_entry(request, one, e, seen, last=number == found.issues) for e in one.listed),
            removed=tuple(_entry(request, one, e, seen, last=number == found.issues) for e in one.removed),
            summary=words.sentence(summary(difference)), changes=tuple(words.changes(difference)),
            downloads=tuple(downloads), newer=number + 1 if number < found.issues else None,
            older=number - 1 if number > 1 else None,
        ),
    )  # fmt: skip


@require_safe
def issue_file(request: HttpRequest, name: str, number: int, file: str) -> HttpResponse:
    """A file of an issue; its address has no language of the page, so that it never changes."""
    find_page(name)
    language, ending = "en", file.rpartition(".")[2]
    for tongue in ("en", "zh"):
        if file.endswith(f".{tongue}.{ending}"):
            language = tongue
    site = str(getattr(request, "registry", None) and _site())
    made = render(name, number, ending, language, site=site)
    if made.name != file:
        raise NotThereError.of(
            "there is no file {name!r}",
            expected="the name of a file of the issue",
            do="look at its page",
            name=file[:80],
        )
    return _download(made.content, made.media_type, made.name)


def _site() -> str:
    from django.conf import settings

    return str(getattr(settings, "FORETRACK_ADDRESS", ""))


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    # A page of ours among the files must not act in the site's name; a published issue may be kept by anybody.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
def series_feed(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """The Atom feed of a series."""
    find_page(name)
    answer = HttpResponse(
        feed(name, language, site=_site()), content_type="application/atom+xml; charset=utf-8"
    )
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


ACTS = Words({"": "as it is", "renew": "renew", "remove": "take off", "readmit": "let stand again"})
"""What somebody may do about an entry in the next issue."""
MOST_FOUND = 30
"""Entries of the last issue that a search for one names."""
MOST_PICKED = 500


@dataclass(frozen=True)
class Picked:
    """What was chosen about the entries of the next issue."""

    keys: tuple[str, ...]
    acts: Mapping[str, str]
    remove: Mapping[str, Taken]

    @classmethod
    def of(cls, given: QueryDict, *, sent: bool) -> Picked:
        """From what an address or a form says."""
        keys = tuple(dict.fromkeys(key[:26] for key in given.getlist("pick")[:MOST_PICKED]))
        if sent:  # rows of a search about which nothing was chosen
            keys = tuple(key for key in keys if given.get(f"act-{key}"))
        acts = {key: act for key in keys if (act := given.get(f"act-{key}", "")) in ACTS and act}
        remove = {
            key: Taken(
                given.get(f"code-{key}", ""),
                Bilingual(
                    clean_text(given.get(f"en-{key}", ""))[:1000],
                    clean_text(given.get(f"zh-{key}", ""))[:1000],
                ),
            )
            for key, act in acts.items()
            if act == "remove"
        }
        return cls(keys, acts, remove)

    def chosen(self, act: str) -> tuple[str, ...]:
        """The entries about which that is to be done."""
        return tuple(key for key, one in self.acts.items() if one == act)


def _may_stand(request: Request, found: SeriesPage) -> dict[str, Entry]:
    """The entries of the last issue, by the keys of their records."""
    if not found.issues:
        return {}
    return {entry.record: entry for entry in open_issue(found.name)[0].entries}


def _pick_line(entry: Entry, picked: Picked, language: str) -> PickLine:
    taken, act = picked.remove.get(entry.record), picked.acts.get(entry.record, "")
    removed = entry.status == "removed"
    offered = ("", "readmit") if removed else ("", "renew", "remove")
    words = wording(language)
    return PickLine(
        entry.record, words.name(entry.title), removed,
        words.reason(entry.removal) if removed else words.validity(entry.valid_from, entry.valid_to),
        tuple(Option(one, say(ACTS[one]), one == act) for one in offered),
        tuple(
            Option(code, label.text(language), taken is not None and taken.code == code)
            for code, label in REMOVAL_CODES.items()
            if code not in FOUND_BY_PROGRAM
        ),
        taken.reason.en if taken else "", taken.reason.zh if taken else "",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def next_issue(request: Request, name: str) -> HttpResponse:
    """Shows what the next issue would be, with what was chosen about its entries.

    Sent with a reason, it is frozen exactly as it was shown.
    """
    found, given = find_page(name), request.POST if request.method == "POST" else request.GET
    registry, actor, language = request.registry, request.actor, request.actor.language
    require(actor, "issue list")
    stood, picked = _may_stand(request, found), Picked.of(given, sent=request.method == "POST")
    chosen: dict[str, Any] = {
        "label": given.get("label", "")[:100], "remove": picked.remove, "renew": picked.chosen("renew"),
        "readmit": picked.chosen("readmit"),
    }  # fmt: skip
    tell = speak(page_language())
    problem, status = "", 200
    if request.method == "POST" and given.get("step") != "look":
        try:
            done = publish(
                registry,
                actor,
                name,
                reason=given.get("reason", ""),
                expected=given.get("digest", "") or "-",
                **chosen,
            )
        except (InputError, EvidenceError) as error:
            problem, status = error.told(tell), 409 if given.get("digest") else 400
        else:
            messages.success(request, say("Published and frozen."))
            return HttpResponseRedirect(address("issue", name, done.issue.number))
    prepared: Prepared | None = None
    try:
        prepared = prepare(registry, actor, name, **chosen)
    except (InputError, EvidenceError) as error:
        problem, status = problem or error.told(tell), status if problem or request.method != "POST" else 400
    find = given.get("find", "").strip()[:100]
    words = wording(language)
    matching = [
        entry
        for entry in stood.values()
        if find and entry.record not in picked.keys
        and find.casefold() in f"{entry.title.en} {entry.title.zh} {entry.record}".casefold()
    ]  # fmt: skip
    return rendering.render(
        request,
        NextIssuePage(
            series=series_line(request, found), number=found.issues + 1,
            listed=len(prepared.issue.listed) if prepared else 0, removed=len(prepared.issue.removed) if prepared else 0,
            summary=words.sentence(summary(prepared.changes)) if prepared else "",
            changes=tuple(words.changes(prepared.changes)) if prepared else (),
            digest=digest_of(prepared.issue) if prepared else "", label=given.get("label", "")[:100],
            reason=given.get("reason", "")[:5000], problem=problem,
            nothing=prepared is None or (prepared.changes.nothing and found.issues > 0),
            picked=tuple(_pick_line(stood[key], picked, language) for key in picked.keys if key in stood),
            find=find, matching=tuple(_pick_line(one, picked, language) for one in matching[:MOST_FOUND]),
            more_found=max(0, len(matching) - MOST_FOUND), may_pick=bool(stood),
            strange=tuple(set(picked.keys) - set(stood)),
        ),
        status=status,
    )  # fmt: skip

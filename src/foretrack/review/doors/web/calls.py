"""Calls for everybody: which are open, and what one of them asks, by what rules, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.foundation.errors import NotThereError
from foretrack.lists.actions.reading import IssueLine, issues
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual
from foretrack.registry.actions.reading import title_of
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.review.actions.listing import MOST, announced, list_calls
from foretrack.review.actions.looking import call_page
from foretrack.review.answers import CallPage
from foretrack.review.board_answers import Announced, CallLine
from foretrack.review.calls import Call, find_call
from foretrack.review.doors.web.heads import Option, Pager, page_in, pager_of
from foretrack.review.doors.web.words import PHASES, days_left, text_of
from foretrack.review.kinds import PER
from foretrack.web.addresses import address
from foretrack.web.naming import track_named, tracks_named
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

ONE = Words(
    {
        "per_applicant": "One applicant may take part in one submission.",
        "partners_most": "One partner at most beside the leading organisation.",
        "years_most": "The work may take one year.",
        "quota": "A body may recommend one submission.",
    }
)
MANY = Words(
    {
        "per_applicant": "One applicant may take part in {n} submissions.",
        "partners_most": "{n} partners at most beside the leading organisation.",
        "years_most": "The work may take {n} years.",
        "quota": "A body may recommend {n} submissions.",
    }
)
"""Limits of a call in words."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in the list, in words."""

    href: str
    title: str
    phase: str
    issuer: str
    kind: str
    tracks: tuple[str, ...]
    region: str
    opens_on: str
    closes_on: str
    left: str
    """How long it is still open; empty when it is not."""


@dataclass(frozen=True, slots=True)
class CallGroup:
    """Calls that stand alike."""

    phase: str
    title: str
    rows: tuple[CallRow, ...]


@dataclass(frozen=True)
class CallsPage(Page):
    """Every call that the reader may see."""

    template: ClassVar[str] = "review/calls.html"
    table: ClassVar[str] = "lines"

    groups: tuple[CallGroup, ...]
    lines: tuple[CallLine, ...]
    total: int
    phases: tuple[Option, ...]
    kinds: tuple[Option, ...]
    tracks: tuple[Option, ...]
    regions: tuple[Option, ...]
    filtered: bool
    pager: Pager
    new_href: str
    """Where an officer makes one; empty for everybody else."""


def row_of(request: Request, line: CallLine) -> CallRow:
    """A call in words."""
    kind = request.registry.kinds.kinds.get(line.of_kind)
    return CallRow(
        href=address("call", line.call), title=line.title, phase=line.phase, issuer=line.issuer,
        kind=kind.plural.text(page_language()) if kind else line.of_kind,
        tracks=tracks_named(line.tracks), region=line.region, opens_on=line.opens_on,
        closes_on=line.closes_on, left=days_left(line.days_left) if line.days_left else "",
    )  # fmt: skip


@require_safe
def calls(request: Request) -> HttpResponse:
    """Calls, open ones first."""
    given, actor = request.GET, request.actor
    phase = given.get("phase", "") if given.get("phase", "") in PHASES else ""
    asked = {name: given.get(name, "")[:100] for name in ("kind", "track", "region")}
    page = page_in(request)
    found = list_calls(
        request.registry,
        actor,
        phase=phase,
        kind=asked["kind"],
        track=asked["track"],
        region=asked["region"],
        page=page,
    )
    kinds = request.registry.kinds.kinds
    language = page_language()
    groups = tuple(
        CallGroup(name, say(word), tuple(row_of(request, one) for one in found.lines if one.phase == name))
        for name, word in PHASES.items()
        if any(one.phase == name for one in found.lines)
    )
    return render(
        request,
        CallsPage(
            groups=groups, lines=found.lines, total=found.total,
            phases=_options({name: say(word) for name, word in PHASES.items() if name != "draft"}, phase),
            kinds=_options(
                {name: kinds[name].plural.text(language) if name in kinds else name for name in found.kinds},
                asked["kind"],
            ),
            tracks=_options({name: track_named(name) for name in found.tracks}, asked["track"]),
            regions=_options({name: name for name in found.regions}, asked["region"]),
            filtered=bool(phase or any(asked.values())), pager=pager_of(request, page, max(1, -(-found.total // MOST))),
            new_href=address("new", "call") if actor.holds("officer") else "",
        ),
    )  # fmt: skip


def _options(labels: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in labels.items())


# ---- one call


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage in words."""

    number: int
    name: str
    blind: bool
    facts: tuple[str, ...]
    rubric: str
    rubric_href: str
    until: str | None


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A draw in the list of a call's page."""

    href: str
    stage: int
    at: str
    seed: str
    drawn: int
    candidates: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """An announced submission."""

    href: str
    line: Announced


@dataclass(frozen=True)
class CallView(Page):
    """A call as everybody may read it."""

    template: ClassVar[str] = "review/call.html"

    page: CallPage
    title: str
    other: str
    about: str
    issuer: str
    issuer_href: str
    kind: str
    kind_href: str
    tracks: tuple[str, ...]
    region: str
    phase: str
    phase_word: str
    left: str
    limits: tuple[str, ...]
    stages: tuple[StageRow, ...]
    rule: str
    rule_href: str
    template_href: str
    draws: tuple[DrawRow, ...]
    announced: tuple[NoticeRow, ...]
    n_announced: int
    pager: Pager
    series: str
    series_href: str
    issue: IssueLine | None
    issue_href: str
    record_href: str
    hand_in_href: str
    """Empty for whoever may not hand in now."""
    board_href: str
    """Empty for whoever does not run the call."""
    own: tuple[tuple[str, str, str], ...]
    """(address, title, state) of the reader's own submissions."""


@require_safe
def call(request: Request, key: str) -> HttpResponse:
    """One call."""
    registry, actor, language = request.registry, request.actor, page_language()
    found = find_call(registry, actor, key)
    body, record = found.body, found.record
    page = call_page(registry, actor, key)
    lines, total = announced(registry, actor, key, page=page_in(request))
    kind = registry.kinds.kinds.get(page.of_kind)
    issuer = Record.objects.filter(key=record.organisation or "").first()
    newest = _newest(page.series)
    about = Bilingual(**{k: v for k, v in (body.get("about") or {}).items() if k in ("en", "zh")})
    phase = _phase(page, registry.now().date().isoformat())
    other = record.title_en if language == "zh" else record.title_zh
    return render(
        request,
        CallView(
            page=page, title=page.title, other=other if other != page.title else "", about=about.text(language),
            issuer=title_of(issuer, language) if issuer else "",
            issuer_href=address("record", issuer.key) if issuer else "",
            kind=kind.label.text(language) if kind else page.of_kind,
            kind_href=address("kind", page.of_kind) if kind else "",
            tracks=tracks_named(body.get("tracks")), region=record.region or "", phase=phase,
            phase_word=say(PHASES[phase]), left=days_left(page.days_left) if page.days_left else "",
            limits=limits_of(found), stages=tuple(_stages(found)), rule=page.rule, rule_href=_entry(page.rule),
            template_href=_entry(str(body.get("based_on") or "")),
            draws=tuple(
                DrawRow(address("draw", key, d.draw), d.stage, d.at, d.seed, d.drawn, len(d.tickets)) for d in page.drawn
            ),
            announced=tuple(NoticeRow(address("submission", one.submission), one) for one in lines), n_announced=total,
            pager=pager_of(request, page_in(request), max(1, -(-total // MOST))), series=page.series,
            series_href=address("series", page.series) if page.series else "", issue=newest,
            issue_href=address("issue", page.series, newest.number) if newest else "",
            record_href=address("record", key), hand_in_href=address("hand in", key) if page.may_submit else "",
            board_href=address("board", key) if page.in_charge else "",
            own=tuple((address("submission", one.submission), one.title, one.status_label) for one in page.own),
        ),
    )  # fmt: skip


def _phase(page: CallPage, today: str) -> str:
    if page.status != "open":
        return page.status
    return "coming" if today < page.opens_on else "open" if page.takes else "closed"


def _newest(series: str) -> IssueLine | None:
    if not series:
        return None
    try:
        return next(iter(issues(series)), None)
    except NotThereError:  # the series of a call is checked when it is published, a draft may name anything
        return None


def _entry(name: str) -> str:
    """The page of `pack/entry`; empty where nothing is named."""
    pack, _, entry = name.partition("/")
    return address("pack entry", pack, entry) if entry else ""


def limits_of(call: Call) -> tuple[str, ...]:
    """What a call allows and asks, a sentence each."""
    body = call.body
    language = page_language()

    def limit(name: str) -> list[str]:
        n = body.get(name)
        return [] if n is None else [say(ONE[name]) if n == 1 else say(MANY[name], n=n)]

    found = [*limit("per_applicant"), *limit("partners_most"), *limit("years_most")]
    if body.get("third_party_test"):
        found.append(say("A third party must have tested it."))
    if body.get("recommended"):
        found.append(say("The local body in charge must recommend it."))
    found += limit("quota")
    places = _places(body)
    if places:
        found.append(say("Other numbers of recommendations: {places}", places=places))
    if (most := body.get("selected_most")) is not None:
        per = PER.get(str(body.get("selected_per") or ""))
        found.append(
            say("Selected at most in each ({per}): {n}", n=most, per=per.text(language))
            if per
            else say("Selected at most: {n}", n=most)
        )
    return tuple(found)


def _places(body: Mapping[str, Json]) -> str:
    rows = body.get("quotas") or ()
    return "; ".join(f"{row['body']} {row['places']}" for row in rows)


def _stages(call: Call) -> list[StageRow]:
    labels = {
        pack.full_id(one.id): one.label for pack in load_packs(PACK_TERMS.paths) for one in pack.rubrics
    }
    found = []
    for stage in call.stages:
        facts = [
            say("Reviewers do not learn who applies.") if stage.blind else say("Reviewers know who applies."),
            say("One reviewer each")
            if stage.reviewers == 1
            else say("{n} reviewers each", n=stage.reviewers),
        ]
        if stage.most:
            facts.append(say("At most {n} submissions for one reviewer", n=stage.most))
        if stage.keep:
            facts.append(say("going on at most: {n}", n=stage.keep))
        label = labels.get(stage.rubric)
        pack = stage.rubric.partition("/")[0]
        found.append(
            StageRow(
                stage.number, stage.name, stage.blind, tuple(facts), text_of(label, stage.rubric),
                address("pack", pack) if label else "", stage.until,
            )
        )  # fmt: skip
    return found

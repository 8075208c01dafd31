"""What evaluation adds to dossiers: the evaluations of an achievement, where one stands, how a body is watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.domains.exchange.actions.evaluating import behind, evaluations_of
from foretrack.domains.exchange.actions.overseeing import reports_of, standing_on
from foretrack.domains.exchange.actions.registering import body_of
from foretrack.domains.exchange.doors.web.evaluation_register import BodyRow, row_of
from foretrack.domains.exchange.doors.web.marks import Mark, mark_of
from foretrack.domains.exchange.kinds.bodies import ON_REGISTER, SERVICE_BODY
from foretrack.domains.exchange.kinds.evaluations import CURRENT, EVALUATION, VERDICTS, compared
from foretrack.domains.exchange.kinds.oversight import BODY_REPORT
from foretrack.domains.exchange.maturity.readiness import parted
from foretrack.domains.exchange.reports.pdf import STANDINGS
from foretrack.domains.exchange.scales import known_scales, levels_in
from foretrack.foundation.errors import InputError
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.reading import records_with, title_of, visible_to
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.web.addresses import address
from foretrack.web.panels import About, Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import Words, page_language, say

STANDING = Words(STANDINGS)


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A level of a scale, with the mark of its confidence."""

    scale: str
    level: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """One evaluation."""

    href: str
    title: str
    status: str
    current: bool
    verdict: str
    levels: tuple[LevelLine, ...]
    valid_until: str
    report_href: str
    """Empty where there is none."""


@dataclass(frozen=True)
class EvaluationsFragment(Fragment):
    """Every evaluation of an achievement that the reader may see, the newest first."""

    template: ClassVar[str] = "exchange/panels/evaluations.html"

    lines: tuple[EvaluationLine, ...]
    begin: str
    """Where to ask for one; empty for whoever may not."""


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """Where an evaluation stands on one scale."""

    label: str
    mark: Mark
    claimed: str
    by_claim: str
    by_panel: str
    reached: str
    standing: str
    unproved: bool
    market: bool
    following: str
    missing: tuple[str, ...]
    """What the next level lacks: of the accepted evidence where it was judged, else of what was given."""
    judged: bool


@dataclass(frozen=True)
class StandingFragment(Fragment):
    """Claim, evidence and decision on each scale."""

    template: ClassVar[str] = "exchange/panels/standing.html"

    lines: tuple[ScaleLine, ...]
    report_href: str
    achievement_href: str
    behind: tuple[tuple[str, str, int | None], ...]
    """(address, title, level) of offers that should follow the result and contradict it."""
    problem: str
    """Why it cannot be told, as when a scale is no longer installed."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One yearly report."""

    href: str
    year: int
    status: str
    tone: str
    due_by: str


@dataclass(frozen=True)
class OversightFragment(Fragment):
    """How a body is watched."""

    template: ClassVar[str] = "exchange/panels/oversight.html"

    body: BodyRow
    reports: tuple[ReportLine, ...]
    register_href: str


def _page(subject: Subject, kind: str) -> RecordPage | None:
    page = (subject.values or {}).get("record")
    return page if isinstance(page, RecordPage) and page.kind == kind else None


def _report_href(record: Record) -> str:
    return address("evaluation report", record.key) if EVALUATION.state(record.status).public else ""


def _evaluations(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "achievement")
    if page is None:
        return None
    every = evaluations_of(page.key)
    seen = records_with((one.key for one in every), visible_to(request.actor))
    own = page.organisation is not None and page.organisation in request.actor.organisations
    begin = (
        f"{address('new', EVALUATION.name)}?achievement={page.key}&sort_of={page.values.get('sort_of', '')}"
        if own
        else ""
    )
    lines = tuple(_line(request, one) for one in every if one.key in seen)
    return EvaluationsFragment(lines, begin) if lines or begin else None


def _line(request: Request, record: Record) -> EvaluationLine:
    language, known = page_language(), known_scales()
    title = (record.title_zh or record.title_en) if language == "zh" else (record.title_en or record.title_zh)
    status = standing_on(record.status, record.body.get("valid_until"), request.registry.now().date())
    told = EVALUATION.state(record.status).public
    levels = levels_in(record.body.get("reached")) if told else {}
    return EvaluationLine(
        address("record", record.key), title, EVALUATION.state(status).label.text(language), status == CURRENT,
        VERDICTS[record.body["verdict"]].text(language) if told and "verdict" in record.body else "",
        tuple(
            LevelLine(known[name].scheme.label.text(language), level, mark_of(known[name].scheme.confidence))
            for name, level in levels.items()
            if name in known
        ),
        str(record.body.get("valid_until") or "") if told else "", _report_href(record),
    )  # fmt: skip


def _standing(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, EVALUATION.name)
    if page is None or not page.values.get("claimed"):
        return None
    language, known = page_language(), known_scales()
    lines, problem = [], ""
    try:
        found = compared(page.values)
    except (InputError, KeyError):
        found, problem = {}, say("A scale or item that this evaluation names is no longer installed.")
    for name, one in found.items():
        scale, judged = known[name], bool(page.values.get("assessed"))
        counted = one.by_panel if judged else one.by_claim
        following = counted.following
        lines.append(
            ScaleLine(
                scale.scheme.label.text(language), mark_of(scale.scheme.confidence), str(one.claimed),
                one.by_claim.reached or "–", (one.by_panel.reached or "–") if judged else "",
                (one.reached or "–") if judged else "", say(STANDING[one.standing]), one.unproved,
                (one.reached or one.claimed) in parted(scale.scheme, scale.walk)[1],
                following.level if following else "",
                tuple(check.label.text(language) for check in following.missing) if following else (), judged,
            )
        )  # fmt: skip
    public = EVALUATION.state(page.status).public
    return StandingFragment(
        tuple(lines), address("evaluation report", page.key) if public else "",
        address("record", page.values["achievement"]) if page.values.get("achievement") else "",
        tuple(
            (address("record", one.key), title_of(one, language), one.body.get("maturity"))
            for one in behind(Record.objects.get(key=page.key))
            if one.visibility == "public"
        ),
        problem,
    )  # fmt: skip


def _oversight(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, SERVICE_BODY.name)
    if page is None or page.status not in ON_REGISTER:
        return None
    body = body_of(request.registry, request.actor, Record.objects.get(key=page.key))
    owner = titles_of(request.actor, [body.organisation] if body.organisation else [])
    every = reports_of(page.key)
    seen = records_with((one.key for one in every), visible_to(request.actor))
    tones = {"accepted": "good", "overdue": "bad", "due": "warm"}
    return OversightFragment(
        row_of(body, owner.get(body.organisation, "")),
        tuple(
            ReportLine(
                address("record", one.key), int(one.body["year"]),
                BODY_REPORT.state(one.status).label.text(page_language()), tones.get(one.status, ""),
                str(one.body.get("due_by") or "") if one.status in ("due", "overdue") else "",
            )
            for one in every
            if one.key in seen
        ),
        address("accredited bodies"),
    )  # fmt: skip


RECORD: frozenset[About] = frozenset(("record",))
PANELS = (
    Panel("evaluations", "Evaluations", RECORD, _evaluations, order=6, wide=True),
    Panel("levels", "Claim, evidence, decision", RECORD, _standing, order=5, wide=True),
    Panel("oversight", "On the register", RECORD, _oversight, order=7),
)

"""The report on an evaluation in a browser, as PDF in both languages and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.evaluating import evaluations_of
from foretrack.domains.exchange.actions.reporting import report_on
from foretrack.domains.exchange.doors.web.marks import Mark, mark_of
from foretrack.domains.exchange.reports.pdf import STANDINGS, report_pdf
from foretrack.domains.exchange.reports.shape import Named, Panel, Report, ScalePart, report_json
from foretrack.lists.fonts import find_fonts
from foretrack.registry.models import Record
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import NAMES, Words, page_language, say

STANDING = Words(STANDINGS)
JUDGED = Words({"yes": "accepted", "no": "not accepted", "": "not judged"})


@dataclass(frozen=True, slots=True)
class Linked:
    """A record at the revision that the report is about."""

    href: str
    title: str
    revision: int
    digest: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One piece of evidence."""

    level: str
    label: str
    shown: str
    document: str
    judged: str
    good: bool
    why: str


@dataclass(frozen=True, slots=True)
class ScaleView:
    """One scale."""

    label: str
    claimed: str
    reached: str
    standing: str
    good: bool
    market: bool
    counts_as: int | None
    mark: Mark
    version: str
    items: tuple[ItemRow, ...]
    following: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One of the five values."""

    label: str
    weight: float
    mean: float
    most: int
    spread: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PanelView:
    """One stage of the review."""

    name: str
    call: str
    call_href: str
    sheets: int
    names: str
    sheet: str
    version: str
    mark: Mark
    total: float
    total_spread: float | None
    corrected: float | None
    agreement: float | None
    low: float | None
    high: float | None
    values: tuple[ValueRow, ...]
    dissented: bool


@dataclass(frozen=True, slots=True)
class OtherReport:
    """Another evaluation of the same achievement."""

    href: str
    title: str
    status: str
    valid_until: str


@dataclass(frozen=True)
class ReportPage(Page):
    """The report; its data are those that the digest covers."""

    template: ClassVar[str] = "exchange/report.html"

    report: Report
    key: str
    title: str
    evaluation: Linked
    achievement: Linked
    body: Linked
    applicant: str
    sort: str
    purpose: str
    verdict: str
    good: bool
    status: str
    current: bool
    replaced_href: str
    found_on: str
    recognised_on: str
    valid_until: str
    conclusion: str
    dissent: str
    scales: tuple[ScaleView, ...]
    panels: tuple[PanelView, ...]
    packs: tuple[str, ...]
    digest: str
    pdfs: tuple[tuple[str, str], ...]
    """(address, language) of the PDF."""
    data_href: str
    others: tuple[OtherReport, ...]

    def as_data(self) -> object:
        """The report as its digest covers it."""
        return report_json(self.report)


@require_safe
def report_page(request: Request, key: str) -> HttpResponse:
    """The report as a page; a merged record leads to the other."""
    report, language = report_on(request.registry, request.actor, key), page_language()
    core = report.core
    if core.evaluation.key != key:
        return HttpResponseRedirect(address("evaluation report", core.evaluation.key))
    here = address("evaluation report", key)
    return render(
        request,
        ReportPage(
            report=report, key=key, title=core.achievement.title.text(language), evaluation=_linked(core.evaluation),
            achievement=_linked(core.achievement), body=_linked(core.body), applicant=core.applicant.text(language),
            sort=core.sort.text(language), purpose=core.purpose.text(language),
            verdict=core.verdict_label.text(language), good=core.verdict in ("confirmed", "higher"),
            status=report.status_label.text(language), current=report.status == "recognised",
            replaced_href=address("evaluation report", report.replaced_by) if report.replaced_by else "",
            found_on=core.found_on, recognised_on=core.recognised_on, valid_until=core.valid_until,
            conclusion=core.conclusion.text(language), dissent=core.dissent.text(language),
            scales=tuple(_scale(one) for one in core.scales), panels=tuple(_panel(one) for one in core.panels),
            packs=core.by_packs, digest=report.digest,
            pdfs=tuple((address("evaluation file", key, one), f"PDF · {name}") for one, name in NAMES.items()),
            data_href=f"{here.rstrip('/')}.json",
            others=tuple(_other(one) for one in evaluations_of(core.achievement.key) if one.key != key and _told(one)),
        ),
    )  # fmt: skip


@require_safe
def report_file(request: Request, key: str, language: str) -> HttpResponse:
    """The report as a PDF in one language."""
    report = report_on(request.registry, request.actor, key)
    where = request.build_absolute_uri(address("evaluation report", report.core.evaluation.key))
    answer = HttpResponse(
        report_pdf(report, find_fonts(), language, address=where), content_type="application/pdf"
    )
    answer["Content-Disposition"] = (
        f'inline; filename="evaluation-{report.core.evaluation.key}-{language}.pdf"'
    )
    return answer


def _told(record: Record) -> bool:
    """Whether everybody may see it."""
    from foretrack.domains.exchange.kinds.evaluations import EVALUATION

    return EVALUATION.state(record.status).public and record.visibility == "public"


def _other(record: Record) -> OtherReport:
    from foretrack.domains.exchange.kinds.evaluations import EVALUATION

    language = page_language()
    title = (record.title_zh or record.title_en) if language == "zh" else (record.title_en or record.title_zh)
    return OtherReport(
        address("evaluation report", record.key), title, EVALUATION.state(record.status).label.text(language),
        str(record.body.get("valid_until") or ""),
    )  # fmt: skip


def _linked(one: Named) -> Linked:
    return Linked(address("record", one.key), one.title.text(page_language()), one.revision, one.digest)


def _scale(one: ScalePart) -> ScaleView:
    language = page_language()
    words = {True: JUDGED["yes"], False: JUDGED["no"], None: JUDGED[""]}
    return ScaleView(
        one.label.text(language), f"{one.claimed} {one.claimed_label.text(language)}",
        f"{one.reached} {one.reached_label.text(language)}" if one.reached else "", say(STANDING[one.standing]),
        one.standing in ("reached", "higher"), one.market, one.counts_as, mark_of(one.confidence), one.version,
        tuple(
            ItemRow(
                item.level, item.label.text(language), item.shown, item.document, say(words[item.accepted]),
                bool(item.accepted), item.why,
            )
            for item in one.items
        ),
        one.following, tuple(label.text(language) for label in one.missing),
    )  # fmt: skip


def _panel(one: Panel) -> PanelView:
    language = page_language()
    return PanelView(
        one.name, one.call_title.text(language), address("call", one.call), one.sheets, ", ".join(one.names),
        one.sheet_label.text(language), one.version, mark_of(one.confidence), one.total, one.total_spread, one.corrected,
        one.agreement, one.agreement_low, one.agreement_high,
        tuple(
            ValueRow(v.label.text(language), v.weight, v.mean, v.most, v.spread, v.low, v.high) for v in one.values
        ),
        one.dissented,
    )  # fmt: skip

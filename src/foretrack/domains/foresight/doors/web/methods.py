"""The methods page: what each number means, on which data it rests, which thresholds hold, and where it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack import __version__
from foretrack.corpus.coverage import Break
from foretrack.corpus.store import Corpus
from foretrack.domains.foresight.actions.describe import CorpusReport, describe
from foretrack.domains.foresight.actions.positions import rule_in_force
from foretrack.domains.foresight.actions.technology_map import METHOD as MAP_METHOD
from foretrack.domains.foresight.doors.speech import BREAKS, FIELDS, KINDS, note_in_words
from foretrack.domains.foresight.doors.web.formulas import Formula
from foretrack.domains.foresight.doors.web.methods_text import FAILURES, TEXT, TITLES, sections
from foretrack.domains.foresight.doors.web.naming import Choice, files_of, year_choices
from foretrack.domains.foresight.doors.web.reading import Reading, read
from foretrack.domains.foresight.doors.web.waiting import ask
from foretrack.domains.foresight.links.model import METHOD as LINK_METHOD
from foretrack.domains.foresight.ranking import states
from foretrack.domains.foresight.technologies import describing
from foretrack.packs.positions import MonopolyRule, load_position_rules
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

BREAKS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class MethodSection:
    """One measure in words."""

    anchor: str
    title: str
    texts: tuple[str, ...]
    formulas: tuple[Formula, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source and kind of the corpus."""

    source: str
    kind: str
    first_year: int
    last_year: int
    documents: int
    with_abstract: float


@dataclass(frozen=True)
class MethodsPage(Page):
    """What the numbers of a scan mean and rest on."""

    template: ClassVar[str] = "lookout/methods.html"
    table: ClassVar[str] = "sources"

    waiting: bool
    as_of: int
    years: tuple[Choice, ...]
    scan: str
    method: str
    versions: tuple[tuple[str, str], ...]
    snapshot: str
    changed: bool
    """Whether the corpus has changed since the scan."""
    created_at: str
    n_documents: int
    first_year: int
    n_concepts: int
    notes: tuple[str, ...]
    complete_until: int | None
    documents: int
    retracted: int
    files_read: int
    sources: tuple[SourceRow, ...]
    breaks: tuple[str, ...]
    n_breaks: int
    sections: tuple[MethodSection, ...]
    cite: str
    files: tuple[tuple[str, str], ...]

    def as_data(self) -> object:
        """What the page says, formulas as text."""
        names = (
            "as_of", "scan", "method", "snapshot", "created_at", "n_documents", "first_year", "n_concepts", "notes",
            "complete_until", "documents", "retracted", "files_read", "sources", "breaks", "cite",
        )  # fmt: skip
        told: dict[str, Any] = {name: getattr(self, name) for name in names}
        return told | {
            "versions": dict(self.versions),
            "sections": [
                {"anchor": s.anchor, "title": s.title, "texts": s.texts, "formulas": [f.text for f in s.formulas],
                 "failures": s.failures}
                for s in self.sections
            ],
        }  # fmt: skip


@require_safe
def methods_page(request: Request) -> HttpResponse:
    """What each number means and rests on."""
    reading = read(request.GET)
    workspace = reading.workspace
    snapshot = Corpus(workspace.corpus_dir).snapshot()
    report = ask(request, ("corpus", workspace.root, snapshot), lambda: describe(workspace))
    rules = load_position_rules([workspace.root / "packs"])
    return render(
        request, _page(request, reading, report, snapshot, rule_in_force(rules, reading.scan.as_of))
    )


def _page(
    request: Request, reading: Reading, report: CorpusReport | None, snapshot: str, rule: MonopolyRule
) -> MethodsPage:
    summary, told = reading.scan.summary(), speak(page_language())
    values: dict[str, dict[str, object]] = {
        "states.1": {
            "recent": states.MIN_RECENT, "years": states.MIN_YEARS_WITH_DOCUMENTS, "q": states.FALSE_DISCOVERIES,
            "novelty": states.MIN_NOVELTY,
        },
        "stages.1": {"recent": describing.MIN_RECENT, "novelty": describing.MIN_NOVELTY},
        "monopoly.1": {
            "rule": rule.label.text(page_language()) or rule.id, "since": rule.valid_from, "first": rule.first,
            "years": rule.years, "documents": rule.minimum_documents,
        },
    }  # fmt: skip
    return MethodsPage(
        waiting=report is None, as_of=summary.as_of, years=year_choices(reading, request.GET), scan=summary.scan,
        method=summary.method,
        versions=(
            ("Foretrack", __version__), (say("Scan and forecasts"), summary.method), (say("Map"), MAP_METHOD),
            (say("Pairs"), LINK_METHOD),
        ),
        snapshot=summary.snapshot, changed=snapshot != summary.snapshot, created_at=summary.created_at,
        n_documents=summary.n_documents, first_year=summary.first_year, n_concepts=summary.n_concepts,
        notes=tuple(note_in_words(note, told) for note in summary.notes),
        complete_until=report.complete_until if report else None, documents=report.documents if report else 0,
        retracted=report.retracted if report else 0, files_read=report.files if report else 0,
        sources=_sources(report) if report else (),
        breaks=tuple(_break(found) for found in report.breaks[:BREAKS_SHOWN]) if report else (),
        n_breaks=len(report.breaks) if report else 0,
        sections=tuple(
            MethodSection(
                s.anchor, say(TITLES[s.anchor]), tuple(say(TEXT[key], **values.get(key, {})) for key in s.texts),
                s.formulas,
                tuple(say(FAILURES[key]) for key in s.failures),
            )
            for s in sections()
        ),
        cite=say(
            "Foretrack {version}, method {method}, corpus snapshot {snapshot}, scan {scan}, as of {year}.",
            version=__version__, method=summary.method, snapshot=summary.snapshot, scan=summary.scan, year=summary.as_of,
        ),
        files=files_of("methods", request.GET, "json", "csv"),
    )  # fmt: skip


def _sources(report: CorpusReport) -> tuple[SourceRow, ...]:
    told = speak(page_language())
    found: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for row in report.rows:
        found.setdefault((row.source, row.kind), []).append((row.year, row.documents, row.with_abstract))
    return tuple(
        SourceRow(
            source, told(KINDS.get(kind, kind)), min(y for y, _, _ in rows), max(y for y, _, _ in rows),
            sum(n for _, n, _ in rows), sum(a for _, _, a in rows) / max(1, sum(n for _, n, _ in rows)),
        )
        for (source, kind), rows in found.items()
    )  # fmt: skip


def _break(found: Break) -> str:
    told = speak(page_language())
    return told(
        BREAKS[found.kind], field=told(FIELDS[found.field]), group=found.group, year=found.year, count=f"{found.count:,}",
        before=f"{found.before:,.0f}", after=f"{found.after:,.0f}",
    )  # fmt: skip

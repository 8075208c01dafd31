"""Who leads in the corpus, a track, a technology or a concept: shares with intervals, concentration, monopoly risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from foretrack.corpus.store import Corpus
from foretrack.domains.foresight.actions.positions import PositionRequest, positions
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.position_pages import COLUMNS, LEVELS, note_in_words, row_of
from foretrack.domains.foresight.doors.web.naming import (
    Choice,
    PackLabels,
    chosen,
    concept_href,
    files_of,
    name_of,
    pack_labels,
    technology_href,
    year_choices,
)
from foretrack.domains.foresight.doors.web.position_charts import shares_chart
from foretrack.domains.foresight.doors.web.reading import Reading, read
from foretrack.domains.foresight.doors.web.waiting import ask
from foretrack.domains.foresight.positions.answers import GroupKind, PositionItem, PositionList
from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import Row
from foretrack.web.charts import Chart
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say, speak

BYS = Words({"country": "Countries", "region": "Regions", "organisation": "Organisations"})
KINDS = Words({
    "corpus": "The whole corpus", "track": "A track or direction", "technology": "A technology", "concept": "A concept",
})  # fmt: skip
COUNTINGS = Words({"fractional": "Each document counts once, shared out", "full": "Each party counts fully"})
TOP = 40
"""Parties on the page and in its data; `foretrack positions --top` gives more."""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One country, region or organisation."""

    rank: int
    label: str
    other: str
    country: str
    inferred: bool
    """Whether the country follows from documents of one country, not from a record."""
    n_documents: int
    share: float
    low: float
    high: float
    change: float | None
    sure: bool
    """Whether the interval of the change leaves out zero."""
    top_cited: float | None
    names: tuple[str, ...]
    n_unsure: int


@dataclass(frozen=True, slots=True)
class Risk:
    """Technology-monopoly risk in words."""

    level: str
    """`high`, `medium`, `low`; empty without enough evidence."""
    word: str
    rule: str
    p_high: float | None
    p_medium: float | None
    p_low: float | None
    lead: str
    second: str
    ratio: str
    institutions: str
    first: int
    basis: str
    years: str
    missing: str
    """What a class would need; empty where there is one."""
    n_unplaced: int


@dataclass(frozen=True)
class PositionsPage(Page):
    """Who leads as of a year."""

    template: ClassVar[str] = "lookout/positions.html"

    waiting: bool
    as_of: int
    years: tuple[Choice, ...]
    bys: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    countings: tuple[Choice, ...]
    tracks: tuple[Choice, ...]
    name: str
    asked: str
    """What is asked for, in words."""
    asked_href: str
    by_word: str
    organisations: bool
    wrong: str
    """Why there is no answer to this question."""
    rows: tuple[PartyRow, ...]
    first_year: int
    last_year: int
    first_before: int
    last_before: int
    n_documents: int
    n_naming: int
    n_parties: int
    concentration: float | None
    concentration_before: float | None
    risk: Risk | None
    disruption: str
    convergence: str
    notes: tuple[str, ...]
    shares: Chart | None
    files: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]
    answer: PositionList | None

    def as_data(self) -> object:
        """The documented answer of `positions --json`."""
        return to_json(self.answer) if self.answer else {"items": [], "why": self.wrong}

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """One row a party, the columns of `positions --format csv`."""
        return COLUMNS, [row_of(item) for item in (self.answer.items if self.answer else ())]


@require_safe
def positions_page(request: Request) -> HttpResponse:
    """Who leads in what."""
    given = request.GET
    reading = read(given)
    by = chosen(given, "by", BYS, "country")
    kind = chosen(given, "in", KINDS, "corpus")
    counting = chosen(given, "counting", COUNTINGS, "fractional")
    name = given.get("name", "").strip()[:200] if kind != "corpus" else ""
    wrong, found, waiting = "", None, False
    if kind != "corpus" and not name:
        wrong = say("Say which one: a track, a technology or a concept by its name.")
    else:
        workspace, scan = reading.workspace, reading.scan
        wanted = PositionRequest(
            kind=_kind(kind), name=name, by=by, counting=counting, top=TOP, as_of=scan.as_of,  # type: ignore[arg-type]
        )  # fmt: skip
        key = ("positions", workspace.root, scan.name, Corpus(workspace.corpus_dir).snapshot(), wanted)
        try:
            found = ask(request, key, lambda: positions(workspace, wanted, scan))
        except InputError as error:
            wrong = " ".join(error.parts(speak(page_language()))[:2])
        waiting = found is None and not wrong
    return render(request, _page(reading, given, found, wrong, waiting, kind, name, by, counting))


def _kind(text: str) -> GroupKind:
    found: dict[str, GroupKind] = {
        "corpus": "corpus",
        "track": "track",
        "technology": "technology",
        "concept": "concept",
    }
    return found[text]


def _page(
    reading: Reading, given: QueryDict, found: PositionList | None, wrong: str, waiting: bool, kind: str, name: str,
    by: str, counting: str,
) -> PositionsPage:  # fmt: skip
    say_here = speak(page_language())
    group = found.group if found else None
    labels = pack_labels(reading.workspace.root)
    asked_href = ""
    if group and group.kind == "technology":
        asked_href = technology_href(reading, group.id)
    elif group and group.kind == "concept":
        asked_href = concept_href(reading, group.id)
    rows = tuple(_row(item) for item in found.items) if found else ()
    return PositionsPage(
        waiting=waiting, as_of=reading.scan.as_of, years=year_choices(reading, given), bys=_choices(BYS, by),
        kinds=_choices(KINDS, kind), countings=_choices(COUNTINGS, counting),
        tracks=_track_choices(reading, name if kind == "track" else ""), name=name,
        asked=say("the whole corpus") if kind == "corpus" else _asked(group.label if group else name, kind, name, labels),
        asked_href=asked_href, by_word=say(BYS[by]), organisations=by == "organisation", wrong=wrong, rows=rows,
        first_year=found.first_year if found else 0, last_year=found.last_year if found else 0,
        first_before=found.first_before if found else 0, last_before=found.last_before if found else 0,
        n_documents=found.n_documents if found else 0, n_naming=found.n_naming if found else 0,
        n_parties=found.n_parties if found else 0, concentration=found.concentration if found else None,
        concentration_before=found.concentration_before if found else None,
        risk=_risk(found) if found else None, disruption=_disruption(found) if found else "",
        convergence=_convergence(found) if found else "",
        notes=tuple(note_in_words(note, say_here) for note in found.notes) if found else (),
        shares=shares_chart(found, rows) if found and rows else None, files=files_of("positions", given),
        kept=tuple((n, v) for n in ("scan",) if (v := given.get(n))), answer=found,
    )  # fmt: skip


def _choices(words: Words, now: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, say(word), name == now) for name, word in words.items())


def _track_choices(reading: Reading, name: str) -> tuple[Choice, ...]:
    """Tracks on which concepts of the scan lie, for the list that the field offers."""
    labels = pack_labels(reading.workspace.root)
    seen: set[tuple[str, str]] = set()
    for entry in reading.scan.concepts.select(["tracks"]).to_pylist():
        seen.update((label["pack"], label["track"]) for label in entry["tracks"])
    return tuple(
        Choice(f"{pack}/{track}", labels.named("track", f"{pack}/{track}"), f"{pack}/{track}" == name)
        for pack, track in sorted(seen)
    )


def _asked(label: str, kind: str, name: str, labels: PackLabels) -> str:
    if kind == "track":
        return labels.named("track", name) if "/" in name else label
    return label


def _row(item: PositionItem) -> PartyRow:
    label, other = name_of(item.label, item.label_en, item.label_zh)
    sure = (
        item.change_low is not None
        and item.change_high is not None
        and (item.change_low > 0 or item.change_high < 0)
    )
    return PartyRow(
        item.rank, label, other, item.country or "", item.country_from == "documents", item.n_documents, item.share,
        item.share_low, item.share_high, item.change, sure, item.top_cited_share, item.names, item.n_unsure,
    )  # fmt: skip


def _risk(found: PositionList) -> Risk | None:
    risk = found.risk
    if risk is None:
        return None
    say_here = speak(page_language())
    missing = ""
    if risk.level is None:
        missing = say(
            "{n} documents of {first} to {last} name a country and an institution, and {placed} institutions have a "
            "known country; a class needs {documents} documents and {institutions} institutions.",
            n=f"{risk.n_documents:,}", first=risk.first_year, last=risk.last_year, placed=f"{risk.n_placed:,}",
            documents=risk.minimum_documents, institutions=risk.first,
        )  # fmt: skip
    return Risk(
        risk.level or "", say_here(LEVELS[risk.level]) if risk.level else "", risk.rule, risk.p_high, risk.p_medium,
        risk.p_low, risk.lead or "", risk.second or "–", f"{risk.lead_ratio:.1f}" if risk.lead_ratio is not None else "–",
        f"{risk.institutions_in_lead:.3g}" if risk.institutions_in_lead is not None else "–", risk.first,
        say("by the most cited tenth") if risk.basis == "cited" else say("by all documents"),
        f"{risk.first_year}–{risk.last_year}", missing, risk.n_unplaced,
    )  # fmt: skip


def _disruption(found: PositionList) -> str:
    each = found.disruption
    if each is None:
        return ""
    if each.mean is None or each.low is None or each.high is None:
        return say(
            "Not enough evidence: {n} documents with references and five later years.",
            n=f"{each.n_documents:,}",
        )
    return say(
        "{mean} (90% interval {low} to {high}; {n} documents). Above 0: later documents cite them without what they "
        "build on.",
        mean=f"{each.mean:+.3f}", low=f"{each.low:+.3f}", high=f"{each.high:+.3f}", n=f"{each.n_documents:,}",
    )  # fmt: skip


def _convergence(found: PositionList) -> str:
    each = found.convergence
    if each is None:
        return ""
    if each.change is None or each.entropy is None or each.change_low is None or each.change_high is None:
        return say("Not enough evidence: {n} documents of two or more classes.", n=f"{each.n_documents:,}")
    return say(
        "{entropy} bit by {scheme}, {change} since before (90% interval {low} to {high}). Above 0: it joins more "
        "different fields than before.",
        entropy=f"{each.entropy:.2f}", scheme=each.scheme, change=f"{each.change:+.2f}", low=f"{each.change_low:+.2f}",
        high=f"{each.change_high:+.2f}",
    )  # fmt: skip

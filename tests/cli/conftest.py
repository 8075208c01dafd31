"""Invented answers, as an action would give them, so that doors can be tested without a corpus."""

from __future__ import annotations

import dataclasses

import pytest

from foretrack.domains.foresight.answers import (
    ConceptItem,
    ConceptPage,
    EmergingList,
    EvidenceDocument,
    Measures,
    Neighbour,
    ScanSummary,
    SeriesPoint,
    ShareQuantiles,
    State,
    TrackLabel,
)
from foretrack.domains.foresight.doors.report.page import CorpusPart, Report, SourceLine
from foretrack.domains.foresight.technologies.answers import (
    TechnologyEvent,
    TechnologyItem,
    TechnologyList,
)

NAMES = (
    ("glass battery", "玻璃电池"),
    ("tidal robot", "潮汐机器人"),
    ("<script>alert(1)</script>", "尖括号"),
    ("=cmd|' /C calc'!A0", "公式"),
    ("moss computing", None),
    ("singing concrete", "歌唱混凝土"),
)
STATES: tuple[State, ...] = ("emerging", "growing", "steady", "declining")


def measures(place: int) -> Measures:
    return Measures(
        n_documents=400 // place,
        n_recent=120 // place,
        first_year=2008 + place,
        share_recent=0.02 / place,
        novelty=0.8 / place,
        growth=0.42 / place - 0.1,
        growth_low=0.3 / place - 0.2,
        growth_high=0.6 / place,
        coherence=None if place % 2 else 0.4,
        impact=0.9,
        uncertainty=0.1 * place,
        burst_weight=3.2,
        e_score=None,
        p_value=0.0001 * place,
        q_value=0.0012 * place,
    )


def concept_item(place: int) -> ConceptItem:
    english, chinese = NAMES[(place - 1) % len(NAMES)]
    return ConceptItem(
        concept=f"k{place:04d}",
        label=english,
        label_en=english,
        label_zh=chinese,
        forms=(english, *([chinese] if chinese else [])),
        rank=place,
        score=1 / place,
        state=STATES[(place - 1) % len(STATES)],
        tracks=(TrackLabel("invented-pack", "materials", "invented-track", 0.82),) if place % 2 else (),
        p_no_track=0.1,
        evidence=(f"d{place}a", f"d{place}b"),
        doubt=("one_source", "new_venue") if place == 2 else (),
        measures=measures(place),
    )


def concept_page(place: int) -> ConceptPage:
    item = concept_item(place)
    years = [year for year in range(2005, 2023) if year != 2011]
    series = tuple(
        SeriesPoint(
            year,
            source,
            kind,
            max(0, (year - 2006 - place) * 3),
            900 + 10 * (year - 2005),
            max(0, year - 2006 - place) / 400,
        )
        for source, kind in (("all", "all"), ("invented", "paper"), ("invented", "patent"))
        for year in years
    )
    evidence = tuple(
        EvidenceDocument(
            f"d{place}{n}",
            f"An invented title, number {n}",
            2022 - n,
            "invented",
            "paper",
            f"10.5555/inv.{place}.{n}" if n else None,
            None,
        )
        for n in range(4)
    )
    near = (Neighbour("k0002", "tidal robot", 12, 1.4), Neighbour("k0005", "moss computing", 4, 0.8))
    return ConceptPage("s1", 2022, item, tuple((form, 40) for form in item.forms), series, near, evidence)


def invented_listing() -> EmergingList:
    return EmergingList(
        "s1", 2022, "invented/1", "snap-1", None, 24, 310, tuple(concept_item(n) for n in range(1, 25))
    )


@pytest.fixture
def listing() -> EmergingList:
    return invented_listing()


@pytest.fixture
def report() -> Report:
    return invented_report()


@pytest.fixture
def foreseen() -> Report:
    return foreseen_report()


def invented_report() -> Report:
    """A report without forecasts and technologies."""
    listing = invented_listing()
    summary = ScanSummary(
        scan="2022-invented-1",
        as_of=2022,
        snapshot="snap-1",
        method="invented/1",
        filters={"country": "CN", "query": None},
        n_documents=12345,
        first_year=2005,
        n_terms=5000,
        n_concepts=334,
        states={"emerging": 6, "growing": 6, "steady": 6, "declining": 6, "not enough evidence": 310},
        created_at="2026-01-01T00:00:00Z",
        seconds=1.5,
        notes=("Every document, concept and number of this report is invented.",),
    )
    corpus = CorpusPart(
        name="invented",
        sources=(
            SourceLine("invented", "paper", 12000, 2005, 2022, 0.93),
            SourceLine("invented", "patent", 345, 2009, 2022, 1.0),
        ),
        years={
            year: {"paper": 300 + 40 * (year - 2005), "patent": 4 * (year - 2004)}
            for year in range(2005, 2023)
        },
        breaks=("Venue INVENTED-A skips 2011.", "Venue INVENTED-B stops after 2019."),
        read=12400,
        kept=12345,
        merged=40,
        rejected=15,
    )
    pages = tuple(concept_page(n) for n in range(1, 13))
    series = {item.concept: concept_page(item.rank or 1).series for item in listing.items}
    return Report(summary, listing, pages, series, corpus, "0.1.0", "foretrack report OUT.html --as-of 2022")


def quantiles(place: int) -> tuple[ShareQuantiles, ...]:
    """Shares of the five years after 2022, lower for later places, wider with every year."""
    middle = (16 - min(place, 14)) / 400
    levels = (0.3, 0.4, 0.7, 1.0, 1.3, 1.8, 2.1)
    return tuple(
        ShareQuantiles(2022 + ahead, *(middle * level ** (1 + ahead / 5) for level in levels))
        for ahead in range(1, 6)
    )


def with_forecast(item: ConceptItem) -> ConceptItem:
    place = item.rank or 1
    return dataclasses.replace(
        item, score=0.9 / place, p_eg3=0.9 / place, p_dbl3=0.6 / place, quantiles=quantiles(place),
        top_year=(2022, 2025, None)[place % 3],
    )  # fmt: skip


def technology_item(place: int) -> TechnologyItem:
    events = (
        TechnologyEvent(2022, "merge", ("2012-invented-loom",), 20, 31, 0.1, 0.2, None),
        TechnologyEvent(2021, "growth", (), 12, 20, 0.05, 0.1, None),
    )
    return TechnologyItem(
        technology=f"2010-invented-{place}", label="glass battery / moss computing",
        label_en="glass battery / moss computing", label_zh="玻璃电池 / 苔藓计算", rank=place if place < 20 else None,
        stage="emerging" if place < 20 else "not enough evidence", born=2010, came_from=(),
        concepts=("glass battery", "moss computing", "tidal robot", "<script>alert(1)</script>"), n_concepts=12,
        n_documents=90, n_recent=40, share_recent=0.011, growth=0.3 if place < 20 else None,
        growth_low=0.1 if place < 20 else None, growth_high=0.5 if place < 20 else None, novelty=0.7,
        q_value=0.001, coherence=0.4, closeness=0.5, separation=0.6, persistence=0.7, tracks=(), p_no_track=None,
        events=events if place % 2 else (), p_eg3=0.77 / place if place < 20 else None, p_dbl3=0.3,
        quantiles=quantiles(3), top_year=None,
    )  # fmt: skip


def foreseen_report() -> Report:
    """The same report of a scan that looked back: forecasts and technologies."""
    report = invented_report()
    items = tuple(technology_item(place) for place in range(1, 21))
    stages = {"emerging": 160, "growing": 0, "mature": 0, "declining": 0, "not enough evidence": 24}
    technologies = TechnologyList("s1", 2022, "invented/1", "snap-1", None, None, 184, 24, stages, items)
    return dataclasses.replace(
        report,
        listing=dataclasses.replace(report.listing, items=tuple(map(with_forecast, report.listing.items))),
        pages=tuple(dataclasses.replace(page, item=with_forecast(page.item)) for page in report.pages),
        technologies=technologies,
        technology_series={item.technology: report.pages[0].series for item in items},
    )

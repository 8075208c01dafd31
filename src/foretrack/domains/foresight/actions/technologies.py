"""`technologies` and `technology`: the technologies of a stored scan, as a list and one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.show import documents_page
from foretrack.domains.foresight.answers import SeriesPoint, ShareQuantiles, TrackLabel
from foretrack.domains.foresight.measures.panel import RECENT_YEARS
from foretrack.domains.foresight.ranking.states import FALSE_DISCOVERIES, MIN_YEARS_WITH_DOCUMENTS
from foretrack.domains.foresight.technologies.answers import (
    Stage,
    StageTest,
    TechnologyConcept,
    TechnologyEvent,
    TechnologyItem,
    TechnologyList,
    TechnologyNeighbour,
    TechnologyPage,
)
from foretrack.domains.foresight.technologies.describing import MIN_NOVELTY, MIN_RECENT, STAGES
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.language.chinese import simplify

GROWTH_OF_TECHNOLOGIES = ("growth", "growth_low", "growth_high", "q_value")
"""Measures that are claimed only with enough evidence for a stage."""
LEADING_SHOWN = 8
"""Leading concepts in a line of the list; the page has all."""


class StoredTechnologies:
    """The technologies of a stored scan. Tables are read when they are first needed."""

    def __init__(self, scan: Scan) -> None:
        """EvidenceError when the scan was stored without technologies."""
        if "technologies" not in scan.stored.manifest["tables"]:
            raise EvidenceError(
                f"scan {scan.name} has no technologies",
                expected="a scan of this release, of four years with documents at least",
                do=f"run `foretrack scan --as-of {scan.as_of}`",
            )
        self.scan = scan

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One per technology; the place is the number in the other tables."""
        rows: list[dict[str, Any]] = self.scan.stored.table("technologies").to_pylist()
        return rows

    @cached_property
    def members(self) -> list[list[dict[str, Any]]]:
        """Per technology its concepts, the leading one first."""
        found: list[list[dict[str, Any]]] = [[] for _ in self.rows]
        columns = ["technology", "concept", "concept_id", "membership"]
        for row in self.scan.stored.table("technology_members").select(columns).to_pylist():
            found[row["technology"]].append(row)
        return found

    @cached_property
    def events(self) -> Mapping[str, list[TechnologyEvent]]:
        """Per identifier, also of technologies that are gone; oldest first."""
        found: dict[str, list[TechnologyEvent]] = {}
        for row in self.scan.stored.table("technology_events").to_pylist():
            event = TechnologyEvent(
                row["year"], row["event"], tuple(row["others"]), row["n_before"], row["n_after"],
                row["share_before"], row["share_after"], row["overlap"],
            )  # fmt: skip
            found.setdefault(row["technology"], []).append(event)
        return found

    def item(self, number: int) -> TechnologyItem:
        """The line of a technology."""
        row, members = self.rows[number], self.members[number]
        labels = self.scan.concepts["label"]
        since = self.scan.as_of - RECENT_YEARS
        recent = [event for event in self.events.get(row["technology"], ()) if event.year > since]
        names = (
            "technology", "label", "label_en", "label_zh", "rank", "stage", "born", "n_documents", "n_recent",
            "share_recent", "growth", "growth_low", "growth_high", "novelty", "q_value", "coherence", "closeness",
            "separation", "persistence", "p_no_track",
        )  # fmt: skip
        told: dict[str, Any] = {name: row[name] for name in names}
        if row["stage"] == "not enough evidence":
            # The estimate is then what was assumed before any document was read: no finding.
            told |= dict.fromkeys(GROWTH_OF_TECHNOLOGIES)
        return TechnologyItem(
            **told,
            came_from=tuple(row["came_from"]),
            concepts=tuple(str(labels[m["concept"]]) for m in members[:LEADING_SHOWN]),
            n_concepts=len(members),
            tracks=tuple(TrackLabel(**track) for track in row["tracks"]),
            events=tuple(reversed(recent)),
            p_eg3=row.get("p_eg3"),
            p_dbl3=row.get("p_dbl3"),
            top_year=row.get("top_year"),
            quantiles=tuple(ShareQuantiles(**entry) for entry in row.get("quantiles") or ()),
        )

    def number_of(self, name: str) -> int:
        """Technology that bears an identifier or label, or holds a concept of that identifier or spelling.

        InputError with what became of it, or with the nearest ones; EvidenceError when the scan found none at all.
        """
        if not self.rows:
            raise EvidenceError(
                f"not enough evidence for technologies as of {self.scan.as_of}: needs three concepts or more that are "
                "studied together oftener than chance would have it",
                expected="five documents in the last three years for each of them",
                do="ask another year with --as-of, or ingest more documents",
            )
        wanted = simplify(name.strip().lower())
        if wanted in self._by_name:
            return self._by_name[wanted]
        if wanted in self.events:
            last = self.events[wanted][-1]
            raise InputError(
                f"{wanted} is no technology as of {self.scan.as_of}: {last.event} in {last.year}"
                + (f", {', '.join(last.others)}" if last.others else ""),
                expected="a technology of that year",
                do="look at an earlier year with --as-of"
                + (f", or at {last.others[0]}" if last.others else ""),
            )
        try:
            concept = self.scan.row_of(name)
        except InputError:
            concept = -1
        if concept in self._of_concept:
            return self._of_concept[concept][-1]
        near = self.near_names(name)
        raise InputError(
            f"no technology {name!r} as of {self.scan.as_of}"
            + (": the concept belongs to none" if concept >= 0 else ""),
            expected="an identifier, a label or a concept of a technology"
            + (f", such as {', '.join(near)}" if near else ""),
            do="look at `foretrack technologies`",
        )

    def near_names(self, name: str) -> list[str]:
        """Names of technologies, and of concepts in them, that are much like a name; at most four."""
        from rapidfuzz import process

        labels = self.scan.concepts["label"].to_pylist()
        names = [*self._by_name, *(str(labels[concept]) for concept in sorted(self._of_concept))]
        wanted = simplify(name.strip().lower())
        return [str(match[0]) for match in process.extract(wanted, names, limit=4, score_cutoff=60)]

    def of_concept(self, row: int) -> Sequence[int]:
        """Numbers of the technologies that hold a concept."""
        return self._of_concept.get(row, ())

    def on_track(self, full_id: str) -> list[int]:
        """Numbers of the technologies that are on a track or direction (`pack/track`) with a probability of .3 or more;
        the first rank first."""
        pack, _, short = full_id.partition("/")
        found = [
            number for number, row in enumerate(self.rows)
            if sum(t["p"] for t in row["tracks"] if t["pack"] == pack and short in (t["track"], t["direction"]))
            >= MIN_TRACK_PROBABILITY
        ]  # fmt: skip
        return sorted(found, key=lambda n: (self.rows[n]["rank"] or np.inf, -self.rows[n]["n_recent"], n))

    def labels_of(self, number: int) -> list[str]:
        """Labels of the concepts of a technology, the leading one first."""
        return [self._labels[member["concept"]] for member in self.members[number]]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Identifier to number."""
        return {row["technology"]: number for number, row in enumerate(self.rows)}

    @cached_property
    def shares(self) -> tuple[tuple[int, ...], npt.NDArray[np.float64]]:
        """Years, and the share of each year's documents that belong to a technology. Shape: (n_technologies, n_years)."""
        totals: dict[int, int] = {}
        for row in self.scan.stored.table("totals").to_pylist():
            totals[row["year"]] = totals.get(row["year"], 0) + row["n_documents"]
        years = tuple(sorted(totals))
        place = {year: number for number, year in enumerate(years)}
        counts = np.zeros((len(self.rows), len(years)))
        for row in self.scan.stored.table("technology_series").to_pylist():
            counts[row["technology"], place[row["year"]]] += row["n_documents"]
        return years, counts / np.maximum([totals[year] for year in years], 1)

    @cached_property
    def _labels(self) -> list[str]:
        return [str(label) for label in self.scan.concepts["label"].to_pylist()]

    @cached_property
    def _by_name(self) -> dict[str, int]:
        by_name: dict[str, int] = {}
        for number, row in enumerate(self.rows):
            by_name[row["technology"]] = number
            for label in (row["label"], row["label_en"], row["label_zh"]):
                if label:
                    by_name.setdefault(simplify(label.lower()), number)
        return by_name

    @cached_property
    def _of_concept(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number, members in enumerate(self.members):
            for member in members:
                found.setdefault(member["concept"], []).append(number)
        return found

    def series(self, number: int) -> tuple[SeriesPoint, ...]:
        """Yearly counts and shares: the whole first (`all`), then each source and kind."""
        mine = self.scan.stored.table("technology_series", where=("technology", number)).to_pylist()
        by_key = {(row["stratum"], row["year"]): row["n_documents"] for row in mine}
        whole: dict[int, list[int]] = {}
        parts: list[SeriesPoint] = []
        for row in self.scan.stored.table("totals").to_pylist():
            n, total = by_key.get((row["stratum"], row["year"]), 0), row["n_documents"]
            sums = whole.setdefault(row["year"], [0, 0])
            sums[0] += n
            sums[1] += total
            if total:
                parts.append(SeriesPoint(row["year"], row["source"], row["kind"], n, total, n / total))
        all_points = [
            SeriesPoint(year, "all", "all", n, total, n / total if total else 0.0)
            for year, (n, total) in sorted(whole.items())
        ]
        several = len({(point.source, point.kind) for point in parts}) > 1
        return (*all_points, *parts) if several else tuple(all_points)

    def documents_of(self, number: int) -> list[tuple[str, int]]:
        """(document id, year) of every document that belongs to the technology, newest first, then by identifier."""
        chosen = self.scan.stored.table("technology_documents", where=("technology", number))["document"]
        documents = (
            self.scan.stored.table("documents").select(["document_id", "year"]).take(chosen).to_pylist()
        )
        return sorted(
            ((row["document_id"], row["year"]) for row in documents), key=lambda pair: (-pair[1], pair[0])
        )


def technologies(
    scan: Scan, *, track: str | None = None, stage: str | None = None, limit: int | None = None
) -> TechnologyList:
    """The technologies of a scan: the first rank first, then those without enough evidence, the larger first.

    Args:
        track: identifier of a track or direction of a pack, `pack/track` or short; a technology is listed when that
            probability is at least 0.3.
        stage: only technologies in this stage.
        limit: at most so many; None for all.

    InputError when the track or the stage does not exist; EvidenceError when the scan has no technologies.
    """
    wanted_stage = _stage(stage)
    stored = StoredTechnologies(scan)
    wanted = track.rsplit("/", 1)[-1] if track is not None else None
    seen: set[str] = set()
    chosen: list[int] = []
    for number, row in enumerate(stored.rows):
        seen.update(name for label in row["tracks"] for name in (label["track"], label["direction"]))
        p = sum(label["p"] for label in row["tracks"] if wanted in (label["track"], label["direction"]))
        if (wanted is None or p >= MIN_TRACK_PROBABILITY) and stage in (None, row["stage"]):
            chosen.append(number)
    if wanted is not None and wanted not in seen:
        raise InputError(
            f"no technology of this scan is labelled with track {track!r}",
            expected="a track or direction such as " + ", ".join(sorted(seen)[:8])
            if seen
            else "a labelled scan",
            do="see `foretrack tracks` for the identifiers",
        )
    chosen.sort(key=lambda i: (stored.rows[i]["rank"] or np.inf, -stored.rows[i]["n_recent"], i))
    stages = Counter(row["stage"] for row in stored.rows)
    return TechnologyList(
        scan=scan.name, as_of=scan.as_of, method=scan.method, snapshot=scan.snapshot, track=track, stage=wanted_stage,
        n_technologies=len(stored.rows), n_not_enough_evidence=stages["not enough evidence"],
        stages={name: stages[name] for name in STAGES}, items=tuple(stored.item(i) for i in chosen[:limit]),
    )  # fmt: skip


def technology(workspace: Workspace, scan: Scan, name: str, *, evidence: int = 20) -> TechnologyPage:
    """Concepts, series, neighbours, events and evidence of one technology.

    Args:
        name: its identifier or label, or an identifier or spelling of one of its concepts.
        evidence: how many documents are listed, newest first.
    """
    stored = StoredTechnologies(scan)
    return technology_page(workspace, stored, stored.number_of(name), evidence=evidence)


def technology_page(
    workspace: Workspace, stored: StoredTechnologies, number: int, *, evidence: int = 20
) -> TechnologyPage:
    """The same of the technology with a number."""
    scan, row = stored.scan, stored.rows[number]
    columns = ["concept", "label", "state", "n_recent"]
    members = stored.members[number]
    concepts = scan.concepts.select(columns).take(pa.array([m["concept"] for m in members])).to_pylist()
    links = scan.stored.table("technology_links", where=("technology", number)).to_pylist()
    documents = documents_page(workspace, stored.documents_of(number)[:evidence])
    return TechnologyPage(
        scan=scan.name, as_of=scan.as_of, item=stored.item(number), stage_because=_because(row),
        concepts=tuple(
            TechnologyConcept(c["concept"], c["label"], c["state"], m["membership"], c["n_recent"])
            for c, m in zip(concepts, members, strict=True)
        ),
        series=stored.series(number),
        neighbours=tuple(
            TechnologyNeighbour(
                stored.rows[e["neighbour"]]["technology"], stored.rows[e["neighbour"]]["label"], e["weight"]
            )
            for e in links
        ),
        events=tuple(stored.events.get(row["technology"], ())), evidence=documents,
    )  # fmt: skip


def _stage(stage: str | None) -> Stage | None:
    found = next((known for known in STAGES if known == stage), None)
    if stage is not None and found is None:
        raise InputError(f"no stage {stage!r}", expected=" or ".join(STAGES), do="correct --stage")
    return found


def _because(row: dict[str, Any]) -> tuple[StageTest, ...]:
    """The tests that decided the stage, in their order, up to the one that settled it."""
    counted = StageTest("recent", row["n_recent"], MIN_RECENT, row["n_recent"] >= MIN_RECENT)
    years = StageTest(
        "years", row["years_with_documents"], MIN_YEARS_WITH_DOCUMENTS,
        row["years_with_documents"] >= MIN_YEARS_WITH_DOCUMENTS,
    )  # fmt: skip
    if row["stage"] == "not enough evidence":
        return counted, years
    grew = StageTest(
        "q_value",
        row["q_value"],
        FALSE_DISCOVERIES,
        row["q_value"] <= FALSE_DISCOVERIES and row["growth"] > 0,
    )
    if grew.holds:
        return (
            counted,
            years,
            grew,
            StageTest("novelty", row["novelty"], MIN_NOVELTY, row["novelty"] >= MIN_NOVELTY),
        )
    return counted, years, grew, StageTest("upper", row["growth_upper"], 0.0, row["growth_upper"] < 0)

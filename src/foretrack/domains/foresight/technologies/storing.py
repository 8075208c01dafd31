"""Technologies as tables, and back: a stored year can be continued or read without the years before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from foretrack.domains.foresight.technologies.technology import Anchor, Event, Members, Resting, Technologies

SCHEMA = 2
"""Version of the tables; raised when a column changes its meaning."""

_STRINGS = pa.list_(pa.string())
_ANCHORS = pa.list_(pa.struct([("concept", pa.string()), ("forms", _STRINGS)]))


def to_tables(technologies: Technologies) -> dict[str, pa.Table]:
    """Everything of a year's technologies: `from_tables` gives the same object back.

    Tables: `technologies` (one row each; the row number is the technology number of the others),
    `technology_members`, `technology_links`, `technology_events`, `technology_resting`, `technology_documents`
    (which belong to which) and `technology_year` (one row).
    """
    t, m = technologies, technologies.members
    return {
        "technologies": pa.table(
            {
                "technology": pa.array(t.ids, pa.string()),
                "born": pa.array(t.born),
                "came_from": pa.array([list(c) for c in t.came_from], _STRINGS),
                "anchors": pa.array([_anchor_rows(a) for a in t.anchors], _ANCHORS),
                "label": pa.array(t.labels, pa.string()),
                "label_en": pa.array(t.labels_en, pa.string()),
                "label_zh": pa.array(t.labels_zh, pa.string()),
                "n_documents": pa.array(t.n_documents),
                "n_recent": pa.array(t.n_recent),
                "share_recent": pa.array(t.share_recent),
                "closeness": pa.array(t.closeness),
                "separation": pa.array(t.separation),
                "persistence": pa.array(t.persistence, mask=np.isnan(t.persistence)),
                "coherence": pa.array(t.coherence),
            }
        ),
        "technology_members": pa.table(
            {
                "technology": pa.array(m.technology),
                "concept": pa.array(m.concept),
                "concept_id": pa.array(m.ids, pa.string()),
                "forms": pa.array([list(f) for f in m.forms], _STRINGS),
                "membership": pa.array(m.membership),
                "weight": pa.array(m.weight),
                "mass": pa.array(m.mass),
                "evidence": pa.array(m.evidence),
            }
        ),
        "technology_links": pa.table(
            {
                "technology": pa.array(t.link_from),
                "neighbour": pa.array(t.link_to),
                "weight": pa.array(t.link_weight),
            }
        ),
        "technology_events": pa.table(
            {
                "year": pa.array([e.year for e in t.events], pa.int16()),
                "technology": pa.array([e.technology for e in t.events], pa.string()),
                "event": pa.array([e.kind for e in t.events], pa.string()),
                "others": pa.array([list(e.others) for e in t.events], _STRINGS),
                "n_before": pa.array([e.n_before for e in t.events], pa.int64()),
                "n_after": pa.array([e.n_after for e in t.events], pa.int64()),
                "share_before": pa.array([e.share_before for e in t.events], pa.float64()),
                "share_after": pa.array([e.share_after for e in t.events], pa.float64()),
                "overlap": pa.array([e.overlap for e in t.events], pa.float64()),
            }
        ),
        "technology_resting": pa.table(
            {
                "technology": pa.array([r.id for r in t.resting], pa.string()),
                "born": pa.array([r.born for r in t.resting], pa.int64()),
                "came_from": pa.array([list(r.came_from) for r in t.resting], _STRINGS),
                "since": pa.array([r.since for r in t.resting], pa.int64()),
                "why": pa.array([r.why for r in t.resting], pa.string()),
                "anchors": pa.array([_anchor_rows(r.anchors) for r in t.resting], _ANCHORS),
                "concepts": pa.array([list(r.concepts) for r in t.resting], _STRINGS),
                "forms": pa.array([[list(f) for f in r.forms] for r in t.resting], pa.list_(_STRINGS)),
                "mass": pa.array([list(r.mass) for r in t.resting], pa.list_(pa.float64())),
                "n_recent": pa.array([r.n_recent for r in t.resting], pa.int64()),
                "share_recent": pa.array([r.share_recent for r in t.resting], pa.float64()),
            }
        ),
        "technology_documents": pa.table(
            {
                "technology": pa.array(t.in_technologies),
                "document": pa.array(t.in_documents),
            }
        ),
        "technology_year": pa.table(
            {
                "schema": pa.array([SCHEMA], pa.int32()),
                "year": pa.array([t.year], pa.int32()),
                "n_concepts": pa.array([len(t.of_concept)], pa.int64()),
                "n_documents": pa.array([t.n_all_documents], pa.int64()),
            }
        ),
    }


def from_tables(tables: Mapping[str, pa.Table]) -> Technologies:
    """The technologies that were stored; ValueError when the tables are of another version."""
    year = tables["technology_year"].to_pylist()[0]
    if year["schema"] != SCHEMA:
        raise ValueError(f"tables of version {year['schema']}, not {SCHEMA}")
    main, member, link = (tables[name] for name in ("technologies", "technology_members", "technology_links"))
    documents = tables["technology_documents"]
    members = Members(
        technology=_array(member, "technology", np.int32), concept=_array(member, "concept", np.int32),
        ids=tuple(_list(member, "concept_id")), forms=tuple(map(tuple, _list(member, "forms"))),
        membership=_array(member, "membership", np.float64), weight=_array(member, "weight", np.float64),
        mass=_array(member, "mass", np.float64), evidence=_array(member, "evidence", np.float64),
    )  # fmt: skip
    of_concept = np.full(year["n_concepts"], -1, dtype=np.int32)
    of_concept[members.concept] = members.technology
    evidence = np.zeros(year["n_concepts"])
    evidence[members.concept] = members.evidence
    return Technologies(
        year=year["year"], ids=tuple(_list(main, "technology")), born=_array(main, "born", np.int64),
        came_from=tuple(map(tuple, _list(main, "came_from"))), anchors=tuple(map(_anchors, _list(main, "anchors"))),
        labels=tuple(_list(main, "label")),
        labels_en=tuple(_list(main, "label_en")), labels_zh=tuple(_list(main, "label_zh")),
        members=members, of_concept=of_concept, evidence_of_concept=evidence,
        in_documents=_array(documents, "document", np.int32),
        in_technologies=_array(documents, "technology", np.int32), n_all_documents=year["n_documents"],
        n_documents=_array(main, "n_documents", np.int64), n_recent=_array(main, "n_recent", np.int64),
        share_recent=_array(main, "share_recent", np.float64), closeness=_array(main, "closeness", np.float64),
        separation=_array(main, "separation", np.float64), persistence=_array(main, "persistence", np.float64),
        coherence=_array(main, "coherence", np.float64), link_from=_array(link, "technology", np.int32),
        link_to=_array(link, "neighbour", np.int32), link_weight=_array(link, "weight", np.float64),
        resting=tuple(_resting(row) for row in tables["technology_resting"].to_pylist()),
        events=tuple(_event(row) for row in tables["technology_events"].to_pylist()),
    )  # fmt: skip


def _anchor_rows(anchors: Sequence[Anchor]) -> list[dict[str, Any]]:
    return [{"concept": name, "forms": list(forms)} for name, forms in anchors]


def _anchors(rows: Sequence[dict[str, Any]]) -> tuple[Anchor, ...]:
    return tuple((row["concept"], tuple(row["forms"])) for row in rows)


def _resting(row: dict[str, Any]) -> Resting:
    return Resting(
        row["technology"], row["born"], tuple(row["came_from"]), row["since"], row["why"], _anchors(row["anchors"]),
        tuple(row["concepts"]),
        tuple(map(tuple, row["forms"])), tuple(row["mass"]), row["n_recent"], row["share_recent"],
    )  # fmt: skip


def _event(row: dict[str, Any]) -> Event:
    return Event(
        row["year"], row["technology"], row["event"], tuple(row["others"]), row["n_before"], row["n_after"],
        row["share_before"], row["share_after"], row["overlap"],
    )  # fmt: skip


def _list(table: pa.Table, name: str) -> list[Any]:
    values: list[Any] = table[name].to_pylist()
    return values


def _array(table: pa.Table, name: str, kind: Any) -> Any:
    """A column as an array of its own; missing numbers are nan."""
    return np.array(table[name].to_numpy(zero_copy_only=False), dtype=kind)

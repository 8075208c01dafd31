"""The life-cycle stage, growth and tracks of technologies, and the tables of a scan that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foretrack.domains.foresight.measures.attributes import NOVEL_AGE_YEARS
from foretrack.domains.foresight.measures.growth import (
    WINDOW_YEARS,
    benjamini_hochberg,
    estimate_growth,
)
from foretrack.domains.foresight.measures.panel import HISTORY_YEARS, RECENT_YEARS, Panel
from foretrack.domains.foresight.ranking.states import (
    FALSE_DISCOVERIES,
    MIN_YEARS_WITH_DOCUMENTS,
)
from foretrack.domains.foresight.technologies.answers import Stage
from foretrack.domains.foresight.technologies.storing import to_tables
from foretrack.domains.foresight.technologies.technology import Technologies

Float = npt.NDArray[np.float64]

STAGES: tuple[Stage, ...] = ("emerging", "growing", "mature", "declining", "not enough evidence")

MIN_RECENT = 15
"""Documents of the last three years without which no stage is claimed."""
MIN_NOVELTY = 0.45
"""Novelty that sets the emerging apart from the growing: for a steady share, an age of about seven years."""
BEGUN = 0.20
"""Part of its share of the last fifteen years from which a technology counts as begun."""
TRACKS = 3
MIN_TRACK = 0.05
"""Less probable tracks are not listed."""
_Z80, _Z975 = 1.2816, 1.96

TrackMeans: TypeAlias = Mapping[int, tuple[Sequence[Mapping[str, Any]], float]]
"""Number of a concept -> its tracks (`pack`, `direction`, `track`, `p`) and the probability of none."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of the technologies of a scan.

    Shapes: (n,) each; `rank` 1 = first, 0 = not enough evidence; growth as a fraction a year (0.25 = +25 %) with its 80 %
    interval.
    """

    panel: Panel
    stages: tuple[Stage, ...]
    rank: npt.NDArray[np.int64]
    growth: Float
    growth_low: Float
    growth_high: Float
    growth_upper: Float
    """Upper end of the 95 % interval: below 0 means declining."""
    novelty: Float
    q_value: Float
    years_with_documents: int
    """Years of the last six in which the corpus has documents."""
    tracks: tuple[tuple[dict[str, Any], ...], ...]
    p_no_track: tuple[float | None, ...]


def describe(technologies: Technologies, panel: Panel, concept_tracks: TrackMeans | None = None) -> Described:
    """Stage, growth, order and tracks of every technology.

    Stages, by the same tests as the states of concepts: not enough evidence = fewer than 15 documents in the last three
    years, or fewer than four of the last six years with documents; emerging = share grows (q <= 0.10 over all
    technologies with enough evidence) and novelty >= 0.45; growing = the same with less novelty; declining = the upper
    end of the 95 % interval of growth is below 0; mature = none of these: its share holds.

    The order is by the lower end of the 80 % interval of growth, so that growth seen in many documents comes before
    the same growth seen in few; ties by more recent documents, then by identifier.

    Args:
        panel: documents of each technology (`technology_panel`).
        concept_tracks: tracks of the concepts, as numbered in `technologies.members.concept`; None: no labels.
    """
    n = len(technologies)
    pooled, totals, shares = panel.pooled(), panel.totals.sum(axis=0), panel.shares()
    growth = estimate_growth(panel)
    recent = pooled[:, -RECENT_YEARS:].sum(axis=1)
    with_documents = int((totals[-WINDOW_YEARS:] > 0).sum())
    known = (recent >= MIN_RECENT) & (with_documents >= MIN_YEARS_WITH_DOCUMENTS)
    q_value = np.ones(n)
    q_value[known] = benjamini_hochberg(growth.p_value[known])
    new = novelty(shares)
    upper = growth.per_year(_Z975)
    low = growth.per_year(-_Z80)
    stages = tuple(
        decide_stage(bool(known[i]), float(q_value[i]), float(growth.rate[i]), float(new[i]), float(upper[i]))
        for i in range(n)
    )
    order = sorted(
        np.flatnonzero(known).tolist(),
        key=lambda i: (-round(float(low[i]), 9), -int(recent[i]), technologies.ids[i]),
    )
    rank = np.zeros(n, dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    tracks = mean_tracks(technologies, concept_tracks or {})
    return Described(
        panel=panel, stages=stages, rank=rank, growth=growth.per_year(), growth_low=low,
        growth_high=growth.per_year(_Z80), growth_upper=upper, novelty=new, q_value=q_value,
        years_with_documents=with_documents, tracks=tuple(t for t, _ in tracks), p_no_track=tuple(p for _, p in tracks),
    )  # fmt: skip


def decide_stage(known: bool, q_value: float, rate: float, novelty: float, upper: float) -> Stage:
    """The stage, from the tests that `describe` states.

    >>> decide_stage(True, .01, .3, .8, .5), decide_stage(True, .4, .02, .8, .2), decide_stage(False, .01, .3, .8, .5)
    ('emerging', 'mature', 'not enough evidence')
    """
    if not known:
        return "not enough evidence"
    if q_value <= FALSE_DISCOVERIES and rate > 0:
        return "emerging" if novelty >= MIN_NOVELTY else "growing"
    return "declining" if upper < 0 else "mature"


def novelty(shares: Float) -> Float:
    """How new each technology is, 0..1: sqrt(recency * youth), as for concepts, with a robust age.

    recency = share summed over the last three years / share summed over the last fifteen; youth = 1 / (1 + age / 5),
    age = years since a fifth of that sum was reached. Today's concepts are looked for in all years, and the few old
    documents that happen to use them would make every technology old.

    Args:
        shares: (n, n_years), the last year is the as-of year; nan where a year has no documents.

    >>> import numpy as np
    >>> novelty(np.array([[.001, .0, .0, .0, .03, .07], [.05] * 6])).round(2)  # sqrt(.1/.101 / 1.2); sqrt(.5 / 1.8)
    array([0.91, 0.53])
    """
    share = np.nan_to_num(shares[:, -HISTORY_YEARS:])
    total = share.sum(axis=1)
    recency = np.divide(
        share[:, -RECENT_YEARS:].sum(axis=1), total, out=np.zeros(len(share)), where=total > 0
    )
    begun = np.cumsum(share, axis=1) >= BEGUN * total[:, None]
    age = share.shape[1] - 1 - begun.argmax(axis=1) if share.shape[1] else np.zeros(len(share))
    value: Float = np.sqrt(recency / (1 + age / NOVEL_AGE_YEARS))
    return value


def mean_tracks(
    technologies: Technologies, concept_tracks: TrackMeans
) -> list[tuple[tuple[dict[str, Any], ...], float | None]]:
    """Per technology its at most three probable tracks and the probability of none.

    The mean over its labelled concepts, weighted by how much each stands for the technology: a concept that is half
    outside counts less. No label: no tracks and None.
    """
    members = technologies.members
    found: list[tuple[tuple[dict[str, Any], ...], float | None]] = []
    starts = np.searchsorted(members.technology, np.arange(len(technologies) + 1))
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        sums: dict[tuple[str, str, str], float] = {}
        none = total = 0.0
        for place in range(start, stop):
            label = concept_tracks.get(int(members.concept[place]))
            if label is None:
                continue
            weight = float(members.weight[place])
            total += weight
            none += weight * label[1]
            for entry in label[0]:
                key = (entry["pack"], entry["direction"], entry["track"])
                sums[key] = sums.get(key, 0.0) + weight * entry["p"]
        if total <= 0:
            found.append(((), None))
            continue
        means = sorted(((round(p / total, 4), key) for key, p in sums.items()), key=lambda m: (-m[0], m[1]))
        listed = tuple(
            {"pack": pack, "direction": direction, "track": track, "p": p}
            for p, (pack, direction, track) in means[:TRACKS]
            if p >= MIN_TRACK
        )
        found.append((listed, round(none / total, 4)))
    return found


def described_tables(technologies: Technologies, described: Described) -> dict[str, pa.Table]:
    """The tables of `to_tables` with what a scan says beside: stage, rank, growth, tracks, and `technology_series`."""
    tables = to_tables(technologies)
    d = described
    ranked = d.rank > 0
    main = tables["technologies"]
    track = pa.struct(
        [("pack", pa.string()), ("direction", pa.string()), ("track", pa.string()), ("p", pa.float64())]
    )
    columns: dict[str, pa.Array[Any]] = {
        "rank": pa.array(d.rank, mask=~ranked),
        "stage": pa.array(d.stages, pa.string()),
        "growth": pa.array(d.growth),
        "growth_low": pa.array(d.growth_low),
        "growth_high": pa.array(d.growth_high),
        "growth_upper": pa.array(d.growth_upper),
        "novelty": pa.array(d.novelty),
        "q_value": pa.array(d.q_value),
        "years_with_documents": pa.array([d.years_with_documents] * len(technologies), pa.int64()),
        "tracks": pa.array([list(t) for t in d.tracks], pa.list_(track)),
        "p_no_track": pa.array(d.p_no_track, pa.float64()),
    }
    for name, values in columns.items():
        main = main.append_column(name, values)
    stratum, technology, year = np.nonzero(d.panel.counts)
    order = np.lexsort((stratum, year, technology))
    stratum, technology, year = stratum[order], technology[order], year[order]
    series = pa.table(
        {
            "technology": pa.array(technology.astype(np.int32)),
            "year": pa.array((year + d.panel.first_year).astype(np.int16)),
            "stratum": pa.array(stratum.astype(np.int16)),
            "n_documents": pa.array(d.panel.counts[stratum, technology, year]),
        }
    )
    return {**tables, "technologies": main, "technology_series": series}

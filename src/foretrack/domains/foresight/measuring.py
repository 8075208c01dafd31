"""All measures of all concepts of a scan in one pure step, from readings to one table of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.answers import State
from foretrack.domains.foresight.concepts.mining import Concepts
from foretrack.domains.foresight.measures import attributes
from foretrack.domains.foresight.measures.burst import find_bursts
from foretrack.domains.foresight.measures.escore import e_score
from foretrack.domains.foresight.measures.growth import (
    PRIOR_SD,
    WINDOW_YEARS,
    Growth,
    benjamini_hochberg,
    estimate_growth,
)
from foretrack.domains.foresight.measures.neighbours import Neighbourhood, find_neighbours
from foretrack.domains.foresight.measures.panel import HISTORY_YEARS, RECENT_YEARS, Panel
from foretrack.domains.foresight.ranking.outlook import Outlook, look_out
from foretrack.domains.foresight.ranking.states import MIN_YEARS_WITH_DOCUMENTS, decide_states

Float = npt.NDArray[np.float64]

_Z80 = 1.2816
_ONE_VENUE = 0.6
"""Share of a concept's recent documents in one venue from which the doubt `one_venue` is raised."""
_ONE_SOURCE = 0.9
_ENOUGH_TO_SHIFT = 50
_SHIFTING = 0.20
"""Share of the judged concepts that grow from which the corpus itself must have changed: shares add up, so
where many gain together, what they gain from was loaded differently, not overtaken."""
_MOSTLY_BROKEN = 0.5
"""Share of a concept's recent documents in venues with a break, from which the doubt `coverage_break` is raised; it
must also be twice the share of all mentions, or every concept of a young corpus would bear it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Shapes: all (n_concepts,) and parallel to the concepts; nan where not measured."""

    panel: Panel
    shares: Float
    growth: Growth
    outlook: Outlook
    neighbourhood: Neighbourhood
    n_documents: npt.NDArray[np.int64]
    n_recent: npt.NDArray[np.int64]
    first_year: npt.NDArray[np.int64]
    share_recent: Float
    novelty: Float
    impact: Float
    uncertainty: Float
    burst_weight: Float
    e_score: Float
    q_value: Float
    states: list[State]
    rank: npt.NDArray[np.int64]
    """1 = first; 0 where there is not enough evidence."""
    doubt: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of each document beside its concepts. Shapes: (n_documents,)."""

    years: npt.NDArray[np.int64]
    venue_of: npt.NDArray[np.int64]
    country_of: npt.NDArray[np.int64]
    stratum_of: npt.NDArray[np.int64]
    citations: Float


def measure(concepts: Concepts, panel: Panel, context: Context) -> Measured:
    """Every measure, the order and the state of every concept."""
    n = panel.n_concepts
    pooled, totals = panel.pooled(), panel.totals.sum(axis=0)
    shares = panel.shares()
    growth = estimate_growth(panel)
    outlook = look_out(pooled, totals, shares, growth)
    recent = pooled[:, -RECENT_YEARS:].sum(axis=1)
    total = np.bincount(concepts.concepts, minlength=n).astype(np.int64)
    enough_years = int((totals[-WINDOW_YEARS:] > 0).sum()) >= MIN_YEARS_WITH_DOCUMENTS
    known = (recent >= 5) & (total >= 5) & enough_years
    q_value = np.ones(n)
    q_value[known] = benjamini_hochberg(growth.p_value[known])
    novelty = attributes.novelty(pooled, shares)
    states = decide_states(
        recent=recent, total=total, rate=growth.rate, sd=growth.sd, q_value=q_value, novelty=novelty,
        enough_years=enough_years,
    )  # fmt: skip
    rank = _ranks(known, outlook.z, recent, concepts.ids)
    in_recent = context.years[concepts.documents] > panel.as_of - RECENT_YEARS
    documents, mentioned = concepts.documents[in_recent], concepts.concepts[in_recent]
    ranked_only = known[mentioned]
    neighbourhood = find_neighbours(
        documents[ranked_only], mentioned[ranked_only], n_documents=len(context.years),
        n_counted=max(int(totals[-RECENT_YEARS:].sum()), 1), n_concepts=n,
    )  # fmt: skip
    first_year = np.full(n, panel.as_of, dtype=np.int64)
    np.minimum.at(first_year, concepts.concepts, context.years[concepts.documents])
    bursts = find_bursts(pooled[:, -HISTORY_YEARS:], totals[-HISTORY_YEARS:])
    return Measured(
        panel=panel, shares=shares, growth=growth, outlook=outlook, neighbourhood=neighbourhood,
        n_documents=total, n_recent=recent, first_year=first_year,
        share_recent=_pooled_share(pooled, totals), novelty=novelty,
        impact=_impact(documents, mentioned, context, n, known),
        uncertainty=_uncertainty(panel, growth), burst_weight=bursts.open_weight,
        e_score=e_score(pooled, totals), q_value=q_value, states=states, rank=rank,
        doubt=_doubts(documents, mentioned, context, panel, recent, growth),
    )  # fmt: skip


def ordered_by(measured: Measured, score: Float, ids: Sequence[str]) -> Measured:
    """The same with the concepts that are ranked in the order of another score (n_concepts,)."""
    return replace(measured, rank=_ranks(measured.rank > 0, score, measured.n_recent, ids))


def _ranks(
    known: npt.NDArray[np.bool_], score: Float, recent: npt.NDArray[np.int64], ids: Sequence[str]
) -> npt.NDArray[np.int64]:
    # Ties are broken by more recent documents, then by the identifier: the same on every machine.
    order = sorted(
        np.flatnonzero(known).tolist(), key=lambda c: (-round(float(score[c]), 9), -int(recent[c]), ids[c])
    )
    rank = np.zeros(len(ids), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return rank


def growing_share(states: Sequence[State]) -> float:
    """Share of the concepts with enough evidence that are called emerging or growing, 0..1.

    >>> growing_share(["emerging", "steady", "growing", "declining", "not enough evidence"])
    0.5
    """
    judged = [state for state in states if state != "not enough evidence"]
    return sum(state in ("emerging", "growing") for state in judged) / max(len(judged), 1)


def is_shifting(measured: Measured) -> bool:
    """Whether so many concepts grow together that the corpus itself must have changed; never of under 50 ranked."""
    enough = int((measured.rank > 0).sum()) >= _ENOUGH_TO_SHIFT
    return enough and growing_share(measured.states) >= _SHIFTING


def _pooled_share(pooled: npt.NDArray[np.int64], totals: npt.NDArray[np.int64]) -> Float:
    share: Float = pooled[:, -RECENT_YEARS:].sum(axis=1) / max(int(totals[-RECENT_YEARS:].sum()), 1)
    return share


def _impact(
    documents: npt.NDArray[np.int32],
    concepts: npt.NDArray[np.int32],
    context: Context,
    n: int,
    known: npt.NDArray[np.bool_],
) -> Float:
    """Mean percentile of dated citations, venue spread and country spread of the recent documents, 0..1.

    Citations are compared within their publication year, so older documents have no advantage; percentiles are
    taken among concepts with enough evidence. Parts that the corpus cannot measure are left out; nan if all are.
    """
    cited = np.full(len(context.years), np.nan)
    if np.isfinite(context.citations).any():
        for year in np.unique(context.years):
            here = context.years == year
            cited[here] = attributes.percentile(context.citations[here])
    parts = [attributes.mean_over_mentions(cited, documents, concepts, n)]
    for group in (context.venue_of, context.country_of):
        n_groups = len(np.unique(group[group >= 0]))
        parts.append(attributes.spread(group, documents, concepts, n) if n_groups > 1 else np.full(n, np.nan))
    scaled = np.stack([attributes.percentile(np.where(known, part, np.nan)) for part in parts])
    available = np.isfinite(scaled)
    total = np.where(available, scaled, 0).sum(axis=0)
    mean: Float = np.divide(total, available.sum(axis=0), out=np.full(n, np.nan), where=available.any(axis=0))
    return mean


def _uncertainty(panel: Panel, growth: Growth) -> Float:
    apart = np.zeros(panel.n_concepts)
    if len(panel.strata) > 1:
        rates, sizes = [], []
        for stratum in range(len(panel.strata)):
            alone = Panel(
                panel.first_year, (panel.strata[stratum],), panel.counts[stratum : stratum + 1],
                panel.totals[stratum : stratum + 1],
            )  # fmt: skip
            one = estimate_growth(alone)
            rates.append(one.rate)
            sizes.append(one.n_used)
        apart = attributes.disagreement(np.stack(rates), np.stack(sizes))
    return attributes.uncertainty(growth.sd, PRIOR_SD, apart)


def _doubts(
    documents: npt.NDArray[np.int32],
    concepts: npt.NDArray[np.int32],
    context: Context,
    panel: Panel,
    recent: npt.NDArray[np.int64],
    growth: Growth,
) -> list[tuple[str, ...]]:
    """Reason codes: one_venue, new_venue, coverage_break, one_source, few_documents, wide_interval."""
    n = panel.n_concepts
    venue_share, venue = _largest_group(context.venue_of, documents, concepts, n)
    source_share, _ = _largest_group(context.stratum_of, documents, concepts, n)
    begins = np.full(int(context.venue_of.max(initial=0)) + 1, np.iinfo(np.int64).max)
    has_venue = context.venue_of >= 0
    np.minimum.at(begins, context.venue_of[has_venue], context.years[has_venue])
    broken = venues_with_a_break(context.venue_of, context.years, panel.as_of)
    in_broken, usual = np.zeros(n), 0.0
    if broken.any():
        hit = has_venue[documents] & broken[context.venue_of[documents]]
        in_broken = np.bincount(concepts, weights=hit, minlength=n) / np.maximum(recent, 1)
        usual = float(hit.mean()) if len(hit) else 0.0
    several_venues = len(np.unique(context.venue_of[has_venue])) > 1
    several_sources = len(panel.strata) > 1
    doubts: list[tuple[str, ...]] = []
    for concept in range(n):
        found: list[str] = []
        if several_venues and venue_share[concept] >= _ONE_VENUE:
            found.append("one_venue")
            if begins[venue[concept]] > panel.as_of - WINDOW_YEARS:
                found.append("new_venue")
        if broken.any() and in_broken[concept] >= max(_MOSTLY_BROKEN, 2 * usual):
            found.append("coverage_break")
        if several_sources and source_share[concept] >= _ONE_SOURCE:
            found.append("one_source")
        if recent[concept] < 10:
            found.append("few_documents")
        if growth.sd[concept] > 0.75 * PRIOR_SD:
            found.append("wide_interval")
        doubts.append(tuple(found))
    return doubts


def venues_with_a_break(
    venue_of: npt.NDArray[np.int64], years: npt.NDArray[np.int64], as_of: int
) -> npt.NDArray[np.bool_]:
    """Venues that begin, or skip a year, within the growth window: their subjects seem to grow. Shape (n_venues,).

    A venue that comes every second year all along is no break: it must have come every year for two years before.

    >>> import numpy as np
    >>> venue = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
    >>> years = np.array([2014, 2015, 2016, 2017, 2018, 2019, 2020, 2019, 2020, 2015, 2016, 2017, 2019, 2020])
    >>> venues_with_a_break(venue, years, 2020).tolist()      # 1 begins in 2019, 2 misses 2018
    [False, True, True]
    """
    n_venues = int(venue_of.max(initial=-1)) + 1
    span = WINDOW_YEARS + 2
    present = np.zeros((n_venues, span), dtype=bool)
    column = years - (as_of - span + 1)
    inside = (venue_of >= 0) & (column >= 0) & (column < span)
    present[venue_of[inside], column[inside]] = True
    first = np.full(n_venues, np.iinfo(np.int64).max)
    known = venue_of >= 0
    np.minimum.at(first, venue_of[known], years[known])
    begins = first > as_of - WINDOW_YEARS + 1
    steady_before = present[:, :-3] & present[:, 1:-2]
    skips = (steady_before & ~present[:, 2:-1] & present[:, 3:]).any(axis=1)
    broken: npt.NDArray[np.bool_] = present.any(axis=1) & (begins | skips)
    return broken


def _largest_group(
    group: npt.NDArray[np.int64], documents: npt.NDArray[np.int32], concepts: npt.NDArray[np.int32], n: int
) -> tuple[Float, npt.NDArray[np.int64]]:
    """Share and number of the group that holds most of a concept's documents."""
    known = group[documents] >= 0
    n_groups = int(group.max(initial=0)) + 1
    pair, count = np.unique(
        concepts[known].astype(np.int64) * n_groups + group[documents[known]], return_counts=True
    )
    owner, where = pair // n_groups, pair % n_groups
    largest, total = np.zeros(n), np.bincount(concepts, minlength=n)
    np.maximum.at(largest, owner, count)
    at = np.zeros(n, dtype=np.int64)
    is_largest = count == largest[owner]
    at[owner[is_largest][::-1]] = where[is_largest][::-1]
    return largest / np.maximum(total, 1), at


def growth_bounds(growth: Growth) -> tuple[Float, Float]:
    """Ends of the 80 % interval of growth a year."""
    return growth.per_year(-_Z80), growth.per_year(_Z80)

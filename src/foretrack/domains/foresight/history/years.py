"""One year as it could be known then: its concepts, technologies and their numbers, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import enough_evidence
from foretrack.domains.foresight.concepts.mining import Concepts, Hints, mine_tokens
from foretrack.domains.foresight.forecasting.features import Features, Surroundings, measure_features
from foretrack.domains.foresight.history.origins import FUTURE_YEARS, Future, Origin, Unit
from foretrack.domains.foresight.history.record import Record
from foretrack.domains.foresight.measures import attributes
from foretrack.domains.foresight.measures.neighbours import find_neighbours
from foretrack.domains.foresight.measures.panel import RECENT_YEARS, Panel, build_panel
from foretrack.domains.foresight.technologies.evolving import carry, evolve, technology_panel
from foretrack.domains.foresight.technologies.technology import Technologies
from foretrack.language.tokens import divide

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

MIN_RECENT_DOCUMENTS = 300
"""Documents of three years from which a year is worth looking back at; with fewer, chance rules."""
MIN_YEARS = 4


@dataclass(frozen=True, slots=True)
class Mentions:
    """Which documents carry which concepts of an origin, each pair once; documents and concepts numbered from 0.

    Shapes: `documents` and `concepts` int32 (n_mentions,), `years` int64 (n_documents,).
    """

    documents: Numbers
    concepts: Numbers
    years: Int


@dataclass(frozen=True, slots=True)
class Year:
    """One year, from the documents of that year and before; only `future` and `later` come from what followed."""

    year: int
    concepts: Origin
    technologies: Technologies
    technology_origin: Origin
    mentions: Mentions
    """Of the concepts of the origin, up to the year."""
    later: Mentions
    """The same of the years after, at most FUTURE_YEARS, with the spellings known in the year."""


def years_worth(years: Int) -> list[int]:
    """Years from which enough is on record to be looked back at, the first one first.

    A year is worth it when the three years up to it hold 300 documents and four years up to it hold any; this
    depends on no later document.

    >>> import numpy as np
    >>> years_worth(np.repeat([2001, 2002, 2003, 2004, 2005], 150))
    [2004, 2005]
    """
    if not len(years):
        return []
    first = int(years.min())
    per_year = np.bincount(years - first)
    worth = []
    for i in range(len(per_year)):
        recent = int(per_year[max(0, i - RECENT_YEARS + 1) : i + 1].sum())
        if recent >= MIN_RECENT_DOCUMENTS and int((per_year[: i + 1] > 0).sum()) >= MIN_YEARS:
            worth.append(first + i)
    return worth


def last_complete(years: Int) -> int:
    """The last year that looks complete: one with less than half the documents of the year before is still filling.

    >>> import numpy as np
    >>> last_complete(np.repeat([2001, 2002, 2003], [10, 9, 4]))
    2002
    """
    if not len(years):
        return 0
    first = int(years.min())
    per_year = np.bincount(years - first).tolist()
    while len(per_year) > 1 and per_year[-1] < per_year[-2] / 2:
        per_year.pop()
    return first + len(per_year) - 1


def look_at(
    record: Record,
    year: int,
    before: Technologies | None,
    *,
    synonyms: Sequence[Sequence[str]] = (),
    apart: Sequence[tuple[str, str]] = (),
    unwanted: frozenset[str] = frozenset(),
    threads: int = 1,
) -> Year:
    """Everything of one year of the record.

    Args:
        before: technologies of the year before, which those of `year` continue.
        synonyms, apart, unwanted: what the user says of terms (`concepts.mining.Hints`). They are said today, so a
            backtest passes none.
    """
    now = record.years <= year
    after = (record.years > year) & (record.years <= year + FUTURE_YEARS)
    tokens, later_tokens = divide(record.tokens, now, after)
    keywords, pairs = record.keywords_until(year)
    years = record.years[now]
    hints = Hints(keywords, pairs, synonyms, apart, unwanted)
    mined = mine_tokens(tokens, hints, recent=years > year - RECENT_YEARS, threads=threads)
    del tokens
    found = mined.mentions(later_tokens, threads=threads)
    del later_tokens
    return assemble(
        record, year, mined.concepts, before, later=(found[0], found[1]),
        now=now, after=after,
    )  # fmt: skip


def assemble(
    record: Record,
    year: int,
    concepts: Concepts,
    before: Technologies | None,
    *,
    later: tuple[Numbers, Numbers],
    now: npt.NDArray[np.bool_],
    after: npt.NDArray[np.bool_],
) -> Year:
    """The year from its mined concepts.

    Args:
        later: mentions (documents, concepts) in the documents of `after`, numbered from 0 within them.
        now, after: which documents of the record are of the year or before, and of the years after.
    """
    years, later_years = record.years[now], record.years[after]
    strata, stratum_of, later_stratum = record.strata, record.stratum_of[now], record.stratum_of[after]
    panel = build_panel(
        concepts.documents, concepts.concepts, n_concepts=len(concepts.ids), years=years, stratum_of=stratum_of,
        strata=strata, as_of=year,
    )  # fmt: skip
    known = enough_evidence(panel.pooled())
    chosen = np.flatnonzero(known)
    number = np.full(len(concepts.ids), -1, dtype=np.int32)
    number[chosen] = np.arange(len(chosen), dtype=np.int32)
    mentions = _renumbered(concepts.documents, concepts.concepts, number, years)
    later_mentions = _renumbered(later[0], later[1], number, later_years)
    last = min(last_complete(record.years), year + FUTURE_YEARS)
    ahead = _Ahead(later_years, later_stratum, year, last)
    own = Panel(panel.first_year, panel.strata, panel.counts[:, chosen], panel.totals)
    surroundings = surround(
        mentions, concepts.n_words[chosen], year, record.venue_of[now], record.country_of[now], len(chosen)
    )
    origin = _origin(
        "concept", year, [concepts.ids[i] for i in chosen], [concepts.labels[i] for i in chosen],
        concepts.n_words[chosen], own, measure_features(own, surroundings),
        ahead.of(own, later_mentions.documents, later_mentions.concepts),
    )  # fmt: skip
    technologies = evolve(before, year, concepts, years, known)
    return Year(
        year, origin, technologies,
        _technology_origin(
            technologies, origin, chosen, later, years=years, stratum_of=stratum_of, strata=strata, ahead=ahead
        ),
        mentions, later_mentions,
    )  # fmt: skip


def surround(
    mentions: Mentions, n_words: npt.NDArray[np.int8], year: int, venue_of: Int, country_of: Int, n_units: int
) -> Surroundings:
    """Neighbours and spread of the recent documents, and of those three years earlier."""
    of_mention = mentions.years[mentions.documents]
    recent = (of_mention > year - RECENT_YEARS) & (of_mention <= year)
    earlier = (of_mention > year - 2 * RECENT_YEARS) & (of_mention <= year - RECENT_YEARS)
    n_documents = len(mentions.years)
    first = (year - RECENT_YEARS, year - 2 * RECENT_YEARS)
    n_counted = [
        int(((mentions.years > low) & (mentions.years <= low + RECENT_YEARS)).sum()) for low in first
    ]
    near = [
        find_neighbours(
            mentions.documents[part], mentions.concepts[part], n_documents=n_documents, n_counted=max(n, 1),
            n_concepts=n_units,
        )
        for part, n in zip((recent, earlier), n_counted, strict=True)
    ]  # fmt: skip

    def spread(group: Int, part: npt.NDArray[np.bool_]) -> Float:
        if len(np.unique(group[group >= 0])) < 2:
            return np.full(n_units, np.nan)
        return attributes.spread(group, mentions.documents[part], mentions.concepts[part], n_units)

    return Surroundings(
        n_words=n_words, ppmi=near[0].ppmi, before=near[1].ppmi, coherence=near[0].coherence,
        venues=spread(venue_of, recent), venues_before=spread(venue_of, earlier),
        countries=spread(country_of, recent),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The documents that followed a year."""

    years: Int
    stratum_of: Int
    year: int
    last: int

    def of(self, panel: Panel, documents: npt.NDArray[Any], units: npt.NDArray[Any]) -> Future | None:
        """What became of the units of a panel; None when nothing followed."""
        if self.last <= self.year:
            return None
        shape = (len(panel.strata), panel.n_concepts, FUTURE_YEARS)
        column = self.years - self.year - 1
        flat = (self.stratum_of[documents] * panel.n_concepts + units) * FUTURE_YEARS + column[documents]
        counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
        totals = np.bincount(
            self.stratum_of * FUTURE_YEARS + column, minlength=len(panel.strata) * FUTURE_YEARS
        ).reshape(len(panel.strata), FUTURE_YEARS)
        shares = panel.shares_after(counts, totals)
        shares[:, self.last - self.year :] = np.nan
        return Future(
            self.last, counts.sum(axis=0).astype(np.int64), totals.sum(axis=0).astype(np.int64), shares
        )


def _origin(
    unit: Unit,
    year: int,
    ids: Sequence[str],
    labels: Sequence[str],
    n_words: npt.NDArray[np.int8],
    panel: Panel,
    features: Features,
    future: Future | None,
) -> Origin:
    return Origin(
        year, unit, tuple(ids), tuple(labels), n_words, panel.pooled(), panel.totals.sum(axis=0), panel.shares(),
        features.values, features.names, future,
    )  # fmt: skip


def _technology_origin(
    technologies: Technologies,
    concepts: Origin,
    chosen: npt.NDArray[np.intp],
    later: tuple[Numbers, Numbers],
    *,
    years: Int,
    stratum_of: Int,
    strata: Sequence[tuple[str, str]],
    ahead: _Ahead,
) -> Origin:
    panel = technology_panel(technologies, years=years, stratum_of=stratum_of, strata=strata)
    known = np.flatnonzero(enough_evidence(panel.pooled()))
    panel = Panel(panel.first_year, panel.strata, panel.counts[:, known], panel.totals)
    carried, owner = carry(technologies, *later)
    number = np.full(len(technologies.ids), -1, dtype=np.int64)
    number[known] = np.arange(len(known))
    chosen_pairs = number[owner] >= 0
    carried, owner = carried[chosen_pairs], owner[chosen_pairs]
    features = measure_features(panel)
    inside = _of_members(technologies, concepts, chosen, known)
    return _origin(
        "technology", technologies.year, [technologies.ids[i] for i in known], [technologies.labels[i] for i in known],
        np.zeros(len(known), np.int8), panel,
        Features((*features.names, *inside.names), np.column_stack([features.values, inside.values])),
        ahead.of(panel, carried, number[owner]),
    )  # fmt: skip


_OF_MEMBERS = ("rate", "outlook", "novelty", "p_pass_1", "vitality_3", "surprise", "hurdle")


def _of_members(
    technologies: Technologies, concepts: Origin, chosen: npt.NDArray[np.intp], known: npt.NDArray[np.intp]
) -> Features:
    """Means and best of the features of a technology's concepts, and what is known of it as a community."""
    place = np.full(len(technologies.of_concept), -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    members = technologies.members
    at = place[members.concept]
    there = at >= 0
    technology, at, weight = members.technology[there], at[there], members.evidence[there]
    n = len(technologies.ids)
    total = np.bincount(technology, weights=weight, minlength=n)
    found: dict[str, Float] = {}
    for name in _OF_MEMBERS:
        value = np.nan_to_num(concepts.features[at, concepts.feature_names.index(name)])
        mean = np.bincount(technology, weights=weight * value, minlength=n)
        found[f"members_{name}"] = np.divide(mean, total, out=np.full(n, np.nan), where=total > 0)
        best = np.full(n, -np.inf)
        np.maximum.at(best, technology, value)
        found[f"best_{name}"] = np.where(np.isfinite(best), best, np.nan)
    found["n_members"] = np.log1p(np.bincount(technology, minlength=n).astype(float))
    found["closeness"], found["separation"] = technologies.closeness, technologies.separation
    found["persistence"] = technologies.persistence
    found["born"] = technologies.year - technologies.born.astype(float)
    return Features(tuple(found), np.column_stack([value[known] for value in found.values()]))


def _renumbered(documents: Numbers, concepts: Numbers, number: Numbers, years: Int) -> Mentions:
    kept = number[concepts] >= 0
    return Mentions(documents[kept], number[concepts[kept]], years)

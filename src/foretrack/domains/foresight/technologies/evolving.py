"""From the technologies of one year to those of the next: the one step that a chain of years repeats."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from foretrack.domains.foresight.measures.panel import RECENT_YEARS, Panel, build_panel
from foretrack.domains.foresight.technologies import coherence, lineage
from foretrack.domains.foresight.technologies.answers import EventKind
from foretrack.domains.foresight.technologies.belonging import belong
from foretrack.domains.foresight.technologies.communities import (
    Communities,
    ConceptLinks,
    find_communities,
    is_part,
    link_concepts,
)
from foretrack.domains.foresight.technologies.technology import (
    Anchor,
    Event,
    Members,
    Resting,
    Technologies,
)

if TYPE_CHECKING:
    from foretrack.domains.foresight.concepts.mining import Concepts

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

LABELLING = 5
"""Leading concepts that may give a technology its label."""
IN_A_LABEL = 2
SEVERAL_WORDS = 1.5
"""Factor for phrases in the choice of the leading concept: they tell a reader more than single words."""
FULL_EVIDENCE = 3
"""Leading concepts whose mention counts in full, whatever part of their links stays inside."""
MAX_LINKS = 10
GREW = 1.25
"""Ratio of the share of recent documents to that of the year before from which growth is told; shrinking: 1 / 1.25."""
_CLEAR = 2.0
"""Standard deviations of a count that growth must exceed to be told."""


def evolve(
    before: Technologies | None, year: int, concepts: Concepts, years: Int, known: npt.NDArray[np.bool_]
) -> Technologies:
    """The technologies of `year`, with the identities, events and resting technologies of the year before.

    Args:
        before: the technologies of an earlier year, usually `year` - 1; None at the start of the record.
        concepts: mined from the documents of `year` and before, with their mentions.
        years: (n_documents,), none later than `year`; documents numbered as in the mentions.
        known: (n_concepts,) concepts with enough evidence.

    ValueError when `before` is not earlier or a document is later. Depends on nothing but its arguments; the same
    bytes on any number of threads.
    """
    if before is not None and before.year >= year:
        raise ValueError(f"technologies of {before.year} cannot precede {year}")
    if len(years) and int(years.max()) > year:
        raise ValueError(f"a document of {int(years.max())} is later than {year}")
    links = link_concepts(
        concepts.documents, concepts.concepts, years=years, year=year, known=known, forms=concepts.forms
    )
    placing = _Placing(concepts)
    placed = placing.of(before.members.ids, before.members.forms) if before is not None else None
    start = None
    if before is not None and placed is not None:
        start = np.full(len(known), -1, dtype=np.int64)
        # Backwards, so that of two concepts that are one now the one of the lower technology decides.
        there = np.flatnonzero(placed >= 0)[::-1]
        start[placed[there]] = before.members.technology[there]
    found = find_communities(links, start)
    mass = found.membership * np.sqrt(links.df)
    overlap, resting_overlap = _overlaps(before, placed, placing, found, mass)
    traced = lineage.trace(overlap, resting_overlap)
    weight = _weights(links, found, concepts.labels)
    order_of_members = np.lexsort((np.arange(len(weight)), -np.round(weight, 9), found.of_concept))
    order_of_members = order_of_members[found.of_concept[order_of_members] >= 0]
    leading = _split(order_of_members, found.of_concept, found.n)
    ids, born, came_from, anchors = _identities(before, year, traced, leading, concepts)
    sequence = np.array(sorted(range(found.n), key=ids.__getitem__), dtype=np.int64)
    place = np.empty(found.n, dtype=np.int64)
    place[sequence] = np.arange(found.n)

    leading = [leading[j] for j in sequence]
    of_concept = np.where(found.of_concept >= 0, place[found.of_concept] if found.n else -1, -1).astype(
        np.int32
    )
    names = [ids[j] for j in sequence]
    evidence = _evidence(links, found, leading)
    in_documents, in_technologies = belong(
        concepts.documents, concepts.concepts, of_concept=of_concept, evidence_of_concept=evidence
    )
    recent = years > year - RECENT_YEARS
    n_documents = np.bincount(in_technologies, minlength=found.n).astype(np.int64)
    n_recent = np.bincount(in_technologies[recent[in_documents]], minlength=found.n).astype(np.int64)
    of_leading = np.full(len(known), -1, dtype=np.int32)
    for number, group in enumerate(leading):
        of_leading[group[: coherence.LEADING]] = number
    close = coherence.closeness(links.weights, of_leading, found.n)
    apart = coherence.separation(links.weights, of_concept, found.n)
    lasted = _persistence(traced, overlap)[sequence]
    concept = np.concatenate(leading) if leading else np.empty(0, np.int64)
    members = Members(
        technology=of_concept[concept], concept=concept.astype(np.int32),
        ids=tuple(concepts.ids[c] for c in concept), forms=tuple(tuple(concepts.forms[c]) for c in concept),
        membership=found.membership[concept], weight=weight[concept], mass=mass[concept],
        evidence=evidence[concept],
    )  # fmt: skip
    labels = [_label(group, concepts.labels, concepts.forms, " / ") for group in leading]
    link_from, link_to, link_weight = _links(links, of_concept, found.n)
    now = Technologies(
        year=year, ids=tuple(names), born=np.array([born[j] for j in sequence], dtype=np.int64),
        came_from=tuple(came_from[j] for j in sequence), anchors=tuple(anchors[j] for j in sequence),
        labels=tuple(label or name for label, name in zip(labels, names, strict=True)),
        labels_en=tuple(_label(group, concepts.labels_en, concepts.forms, " / ") for group in leading),
        labels_zh=tuple(_label(group, concepts.labels_zh, concepts.forms, "、") for group in leading),
        members=members, of_concept=of_concept, evidence_of_concept=evidence,
        in_documents=in_documents, in_technologies=in_technologies, n_all_documents=len(years),
        n_documents=n_documents, n_recent=n_recent, share_recent=n_recent / max(int(recent.sum()), 1),
        closeness=close, separation=apart, persistence=lasted,
        coherence=coherence.coherence(close, apart, lasted),
        link_from=link_from, link_to=link_to, link_weight=link_weight, resting=(), events=(),
    )  # fmt: skip
    resting, events = _tell(before, now, traced, overlap, resting_overlap, place, int(recent.sum()))
    return dataclasses.replace(now, resting=resting, events=events)


def carry(
    technologies: Technologies,
    documents: npt.NDArray[np.integer[Any]],
    concepts: npt.NDArray[np.integer[Any]],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """(documents, technologies) of some documents of any year, by what was known at the year of the technologies.

    Args:
        documents, concepts: mentions (n_mentions,), each pair once; concepts numbered as in that year.
    """
    return belong(
        documents,
        concepts,
        of_concept=technologies.of_concept,
        evidence_of_concept=technologies.evidence_of_concept,
    )


def technology_panel(
    technologies: Technologies,
    *,
    years: Int,
    stratum_of: Int,
    strata: Sequence[tuple[str, str]],
) -> Panel:
    """Documents of each technology by stratum and year, with today's membership for all years."""
    return build_panel(
        technologies.in_documents, technologies.in_technologies, n_concepts=len(technologies), years=years,
        stratum_of=stratum_of, strata=strata, as_of=technologies.year,
    )  # fmt: skip


class _Placing:
    """Finds earlier concepts among those of the year."""

    def __init__(self, concepts: Concepts) -> None:
        self.by_id = {name: number for number, name in enumerate(concepts.ids)}
        self.by_form: dict[str, int] = {}
        for number, forms in enumerate(concepts.forms):
            for form in forms:
                self.by_form.setdefault(form, number)

    def of(self, ids: Sequence[str], forms: Sequence[tuple[str, ...]]) -> Int:
        return lineage.place_members(ids, forms, self.by_id, self.by_form)

    def anchors(self, anchors: Sequence[Sequence[Anchor]]) -> list[list[int]]:
        """The same for the leading concepts at birth of several technologies."""
        return [self.of([name for name, _ in own], [forms for _, forms in own]).tolist() for own in anchors]


def _overlaps(
    before: Technologies | None, placed: Int | None, placing: _Placing, found: Communities, mass: Float
) -> tuple[lineage.Overlap, lineage.Overlap]:
    nothing = np.empty(0, np.int64)
    if before is None or placed is None:
        empty = lineage.overlap_of(nothing, nothing, np.empty(0), [], found.of_concept, mass, found.n)
        return empty, empty
    last = lineage.overlap_of(
        before.members.technology, placed, before.members.mass, placing.anchors(before.anchors),
        found.of_concept, mass, found.n,
    )  # fmt: skip
    sizes = [len(r.concepts) for r in before.resting]
    owner = np.repeat(np.arange(len(sizes)), sizes).astype(np.int64)
    at = placing.of(
        [name for r in before.resting for name in r.concepts],
        [forms for r in before.resting for forms in r.forms],
    )
    masses = np.array([m for r in before.resting for m in r.mass])
    resting = lineage.overlap_of(
        owner,
        at,
        masses,
        placing.anchors([r.anchors for r in before.resting]),
        found.of_concept,
        mass,
        found.n,
    )
    return last, resting


def _weights(links: ConceptLinks, found: Communities, labels: Sequence[str]) -> Float:
    """How much a concept stands for its community: bound to it, often used, and a phrase."""
    inner = found.membership * links.strength
    several = np.array([_is_phrase(label) for label in labels], dtype=bool)
    weight: Float = found.membership * np.sqrt(inner) * links.df**0.4 * np.where(several, SEVERAL_WORDS, 1.0)
    return weight


def _is_phrase(label: str) -> bool:
    return " " in label or (not label.isascii() and len(label) >= 4)


def _evidence(links: ConceptLinks, found: Communities, leading: Sequence[Int]) -> Float:
    """What a mention counts for a technology: membership, 1 for the leading three; up to twice that for the rare."""
    base = np.where(found.of_concept >= 0, found.membership, 0.0)
    for group in leading:
        base[group[:FULL_EVIDENCE]] = 1.0
    n = max(links.n_documents, 2)
    rarity = np.log(n / np.maximum(links.df, 1)) / np.log(n)
    evidence: Float = np.round(base * (1 + rarity), 6)
    return evidence


def _identities(
    before: Technologies | None,
    year: int,
    traced: lineage.Lineage,
    leading: Sequence[Int],
    concepts: Concepts,
) -> tuple[list[str], list[int], list[tuple[str, ...]], list[tuple[Anchor, ...]]]:
    ids: list[str] = []
    born: list[int] = []
    came_from: list[tuple[str, ...]] = []
    anchors: list[tuple[Anchor, ...]] = []
    for number, group in enumerate(leading):
        old, revived = int(traced.old[number]), int(traced.revived[number])
        if before is not None and old >= 0:
            ids.append(before.ids[old])
            born.append(int(before.born[old]))
            came_from.append(before.came_from[old])
            anchors.append(before.anchors[old])
        elif before is not None and revived >= 0:
            resting = before.resting[revived]
            ids.append(resting.id)
            born.append(resting.born)
            came_from.append(resting.came_from)
            anchors.append(resting.anchors)
        else:
            ids.append(f"{year}-{concepts.ids[group[0]]}")
            born.append(year)
            parents = traced.parents[number]
            came_from.append(tuple(before.ids[p] for p in parents) if before is not None else ())
            leaders = group[: lineage.ANCHORS].tolist()
            anchors.append(tuple((concepts.ids[c], tuple(concepts.forms[c])) for c in leaders))
    return ids, born, came_from, anchors


def _persistence(traced: lineage.Lineage, overlap: lineage.Overlap) -> Float:
    found = np.full(len(traced.old), np.nan)
    lasting = np.flatnonzero(traced.old >= 0)
    found[lasting] = overlap.jaccard[traced.old[lasting], lasting]
    return found


def _split(order: Int, of_concept: npt.NDArray[np.int32], n: int) -> list[Int]:
    sizes = np.bincount(of_concept[order], minlength=n) if len(order) else np.zeros(n, np.int64)
    return np.split(order, np.cumsum(sizes)[:-1]) if n else []


def _label(
    group: Int, labels: Sequence[str | None], forms: Sequence[Sequence[str]], between: str
) -> str | None:
    """The first two leading concepts that have a label and are no parts of each other."""
    chosen: list[int] = []
    for concept in group[:LABELLING].tolist():
        if labels[concept] and not any(is_part(forms[concept], forms[other]) for other in chosen):
            chosen.append(concept)
    return between.join(str(labels[c]) for c in chosen[:IN_A_LABEL]) or None


def _links(
    links: ConceptLinks, of_concept: npt.NDArray[np.int32], n: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Float]:
    """Strongest neighbours of each technology: weight between the two over the root of their weights' product."""
    coo = links.weights.tocoo()
    own, other = of_concept[coo.row], of_concept[coo.col]
    total = np.bincount(own[own >= 0], weights=coo.data[own >= 0], minlength=n)
    across = (own >= 0) & (other >= 0) & (own != other)
    between = sparse.coo_array((coo.data[across], (own[across], other[across])), shape=(n, n)).tocsr().tocoo()
    row, col = between.row.astype(np.int64), between.col.astype(np.int64)
    weight = np.round(between.data / np.sqrt(total[row] * total[col]), 9) if n else between.data
    order = np.lexsort((col, -weight, row))
    row, col, weight = row[order], col[order], weight[order]
    starts = np.searchsorted(row, np.arange(n))
    top = np.arange(len(row)) - starts[row] < MAX_LINKS if n else np.empty(0, bool)
    return row[top].astype(np.int32), col[top].astype(np.int32), weight[top]


def _tell(
    before: Technologies | None,
    now: Technologies,
    traced: lineage.Lineage,
    overlap: lineage.Overlap,
    resting_overlap: lineage.Overlap,
    place: Int,
    n_documents: int,
) -> tuple[tuple[Resting, ...], tuple[Event, ...]]:
    """Who rests from now on, and the events of all years with those of this one.

    Args:
        place: number among the technologies of each community of `traced`.
    """
    counts = [(int(n), float(s)) for n, s in zip(now.n_recent, now.share_recent, strict=True)]
    if before is None:
        first = [
            Event(now.year, name, "first", n_after=n, share_after=share)
            for name, (n, share) in zip(now.ids, counts, strict=True)
        ]
        return (), tuple(first)
    year = now.year
    earlier = [(int(n), float(s)) for n, s in zip(before.n_recent, before.share_recent, strict=True)]
    events: list[Event] = []
    resting: list[Resting] = []
    taken_up: dict[int, list[int]] = {}
    came_out: dict[int, list[int]] = {}
    for old, heir in traced.merged_into.items():
        taken_up.setdefault(heir, []).append(old)
    back = {int(r) for r in traced.revived if r >= 0}
    for community in range(len(traced.old)):
        number = int(place[community])
        n, share = counts[number]
        if traced.old[community] >= 0:
            continue
        parents = traced.parents[community]
        revived = int(traced.revived[community])
        events.append(
            Event(
                year, now.ids[number], "revival" if revived >= 0 else "birth",
                tuple(before.ids[p] for p in parents),
                n_before=before.resting[revived].n_recent if revived >= 0 else None, n_after=n,
                share_before=before.resting[revived].share_recent if revived >= 0 else None, share_after=share,
                overlap=float(resting_overlap.same[revived, community]) if revived >= 0
                else float(overlap.taken[parents[0], community]) if parents else None,
            )
        )  # fmt: skip
        if parents and overlap.taken[parents[0], community] >= lineage.MIN_MERGED:
            came_out.setdefault(parents[0], []).append(number)
    for community in range(len(traced.old)):
        old, number = int(traced.old[community]), int(place[community])
        if old < 0:
            continue
        (n_before, share_before), (n, share) = earlier[old], counts[number]
        told = partial(
            _event,
            year,
            now.ids[number],
            n_before=n_before,
            n_after=n,
            share_before=share_before,
            share_after=share,
        )
        absorbed = sorted(taken_up.get(community, ()), key=lambda o: (-earlier[o][0], before.ids[o]))
        if absorbed:
            events.append(told("merge", tuple(before.ids[o] for o in absorbed)))
        children = sorted(came_out.get(old, ()), key=lambda c: (-counts[c][0], now.ids[c]))
        if children:
            events.append(told("split", tuple(now.ids[c] for c in children)))
        change = _change(n, share_before * n_documents)
        if change and not (absorbed if change == "growth" else children):
            events.append(told(change, ()))
    for old, heir in traced.merged_into.items():
        n, share = earlier[old]
        name = now.ids[int(place[heir])]
        kept = float(overlap.kept[old, heir])
        events.append(
            Event(year, before.ids[old], "merged", (name,), n, counts[int(place[heir])][0], share, None, kept)
        )
        resting.append(_at_rest(before, old, year, "merged"))
    for old in traced.ended:
        n, share = earlier[old]
        heirs = [now.ids[c] for c in came_out.get(old, ())]
        events.append(Event(year, before.ids[old], "dormant", tuple(heirs), n, None, share))
        resting.append(_at_rest(before, old, year, "dormant"))
    for number, gone in enumerate(before.resting):
        if number in back:
            continue
        if year - gone.since < lineage.RESTING_YEARS:
            resting.append(gone)
        elif gone.why == "dormant":
            events.append(
                Event(year, gone.id, "death", n_before=gone.n_recent, share_before=gone.share_recent)
            )
    events.sort(key=lambda e: (e.technology, e.kind))
    resting.sort(key=lambda r: r.id)
    return tuple(resting), (*before.events, *events)


def _event(
    year: int,
    technology: str,
    kind: EventKind,
    others: tuple[str, ...],
    *,
    n_before: int,
    n_after: int,
    share_before: float,
    share_after: float,
) -> Event:
    return Event(year, technology, kind, others, n_before, n_after, share_before, share_after)


def _at_rest(before: Technologies, number: int, since: int, why: Literal["merged", "dormant"]) -> Resting:
    return lineage.rest(
        before.members, number, id=before.ids[number], born=int(before.born[number]),
        came_from=before.came_from[number], anchors=before.anchors[number], since=since, why=why,
        n=int(before.n_recent[number]), share=float(before.share_recent[number]),
    )  # fmt: skip


def _change(n: int, expected: float) -> Literal["growth", "shrinking"] | None:
    """Growth or shrinking, when the count leaves what the earlier share would give by a quarter and beyond chance."""
    if abs(n - expected) <= _CLEAR * np.sqrt(n + expected):
        return None
    return "growth" if n >= GREW * expected else "shrinking" if n * GREW <= expected else None

"""Communities of concepts that are studied together: what a technology consists of in one year.

The graph holds the concepts with enough evidence; its weights are normalised pointwise mutual information over the
documents of the last three years. Communities are those of the Leiden algorithm (Traag, Waltman & van Eck 2019,
"From Louvain to Leiden: guaranteeing well-connected communities", doi:10.1038/s41598-019-41695-z) for the constant
Potts model, whose resolution is a density of weight and so means the same in small and large corpora (Traag, Van
Dooren & Nesterov 2011, doi:10.1103/PhysRevE.84.016114). What belonged together the year before is held together more
strongly (Chakrabarti, Kumar & Tomkins 2006, "Evolutionary clustering", doi:10.1145/1150402.1150467).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from foretrack.domains.foresight.measures.neighbours import find_neighbours
from foretrack.domains.foresight.measures.panel import RECENT_YEARS

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

RESOLUTION = 0.05
"""Mean weight among all pairs of a community above which it is worth holding together."""
NESTED = 0.3
"""Factor for the weight between a phrase and a part of it ("Kendall", "Kendall tau"): they meet in every document that
has the longer one, which says nothing about what is studied together."""
MIN_CONCEPTS = 3
MAX_CONCEPTS = 40
"""A larger community is divided at twice the resolution, again and again."""
MIN_ATTACHED = 0.33
"""Part of a lone concept's weight that must lead to one community for the concept to join it."""
MIN_DRAWN = 0.40
"""Weight that must lead there in all: a concept with hardly any link is no member because of that one."""
MIN_MEMBERSHIP = 0.10
"""Part of a member's weight that must stay inside its community."""
STAY = 3.0
"""Factor for the weight between concepts of one technology of the year before: what seeds a year with the last one.
Without it every third concept changes sides each year for no reason that the documents show."""
_DIVISIONS = 6
_SEED = 20200101
_ITERATIONS = 5


@dataclass(frozen=True, slots=True)
class ConceptLinks:
    """How closely concepts are studied together in the last three years.

    Shapes: `weights` csr (n_concepts, n_concepts), symmetric, without diagonal, 0..1; `df` (n_concepts,) documents of
    those years per concept; `strength` (n_concepts,) sum of each row.
    """

    weights: sparse.csr_array
    df: Int
    strength: Float
    n_documents: int


@dataclass(frozen=True, slots=True)
class Communities:
    """Which concept is in which community.

    Shapes: (n_concepts,). `of_concept` is -1 for concepts of none; communities are numbered 0, 1, ... by their first
    concept. `membership` is the part of a concept's weight that leads into its community, 0..1; 0 for concepts of none.
    """

    of_concept: npt.NDArray[np.int32]
    membership: Float
    n: int


def link_concepts(
    documents: npt.NDArray[np.int32],
    concepts: npt.NDArray[np.int32],
    *,
    years: Int,
    year: int,
    known: Bool,
    forms: Sequence[tuple[str, ...]],
) -> ConceptLinks:
    """The graph of the concepts that are `known`, from the documents of `year` and the two years before it.

    Weight(a, b) = NPMI = ln(n_ab n / (n_a n_b)) / -ln(n_ab / n), for pairs in at least three documents that are among
    the strongest twenty of one of the two (Bouma 2009, "Normalized (pointwise) mutual information in collocation
    extraction"); times 0.3 where one phrase is a part of the other.

    Args:
        documents, concepts: mentions (n_mentions,), each pair once; years: (n_documents,); known: (n_concepts,).

    >>> import numpy as np
    >>> documents = np.repeat(np.arange(8, dtype=np.int32), 2)
    >>> concepts = np.array([0, 1] * 4 + [2, 3] * 4, np.int32)
    >>> links = link_concepts(documents, concepts, years=np.full(8, 2020), year=2020, known=np.ones(4, bool),
    ...                       forms=[("tidal loom",), ("reed valve",), ("kendall",), ("kendall tau",)])
    >>> links.weights.toarray().round(2)[[0, 2], [1, 3]]       # ln(4 * 8 / 16) / -ln(4 / 8) = 1; nested: 0.3
    array([1. , 0.3])
    """
    n_concepts = len(known)
    in_window = (years > year - RECENT_YEARS) & (years <= year)
    chosen = in_window[documents] & known[concepts]
    number = np.cumsum(in_window, dtype=np.int64) - 1
    n_documents = int(in_window.sum())
    mentioned = concepts[chosen]
    df = np.bincount(mentioned, minlength=n_concepts).astype(np.int64)
    near = find_neighbours(
        number[documents[chosen]].astype(np.int32), mentioned, n_documents=n_documents, n_counted=n_documents,
        n_concepts=n_concepts,
    )  # fmt: skip
    together = near.together.tocoo()
    one, other = np.minimum(together.row, together.col), np.maximum(together.row, together.col)
    # A pair may stand in both rows: keep it once.
    _, first = np.unique(one.astype(np.int64) * n_concepts + other, return_index=True)
    one, other, count = one[first], other[first], together.data[first].astype(float)
    pmi = np.log(count * n_documents / (df[one].astype(float) * df[other]))
    # Of a pair in every document the logarithm is 0 and nothing can be said; 1 avoids the division.
    rarity = -np.log(count / max(n_documents, 1))
    weight = np.divide(pmi, rarity, out=np.zeros_like(pmi), where=rarity > 0)
    weight[_nested(forms, one, other)] *= NESTED
    # Rounded, so that the last bit of a machine's logarithm cannot change a community.
    weight = np.round(np.clip(weight, 0, 1), 6)
    half = sparse.coo_array((weight, (one, other)), shape=(n_concepts, n_concepts))
    weights = sparse.csr_array(half + half.T)
    weights.eliminate_zeros()
    weights.sort_indices()
    strength = np.asarray(weights.sum(axis=1), dtype=np.float64).ravel()
    return ConceptLinks(weights, df, strength, n_documents)


def find_communities(links: ConceptLinks, start: npt.NDArray[np.integer[Any]] | None = None) -> Communities:
    """Communities of 3 to 40 concepts; the same for the same input, on any machine and number of threads.

    Args:
        start: (n_concepts,) the group each concept begins in, -1 for none: last year's technologies. What holds
            together well enough stays together, so that years differ where the documents do.
    """
    n_concepts = len(links.df)
    nodes = np.flatnonzero(np.diff(links.weights.indptr) > 0)
    group = np.full(n_concepts, -1, dtype=np.int64)
    begin = np.full(n_concepts, -1, dtype=np.int64) if start is None else start.astype(np.int64)
    weights = _smoothed(links.weights, begin)
    if len(nodes):
        for number, part in enumerate(_divide(weights, nodes, RESOLUTION, _DIVISIONS)):
            group[part] = number
    group = _without_small(weights, group)
    while True:
        # Without a concept of many links that is hardly inside, those that hang on it alone may be no group any more.
        loose = (group >= 0) & (_membership(links, group) < MIN_MEMBERSHIP)
        size = np.bincount(group[group >= 0], minlength=1)
        loose |= (group >= 0) & (size[group] < MIN_CONCEPTS)
        if not loose.any():
            break
        group[loose] = -1
    group = _renumbered(group)
    return Communities(group.astype(np.int32), _membership(links, group), int(group.max(initial=-1)) + 1)


def _smoothed(weights: sparse.csr_array, begin: npt.NDArray[np.integer[Any]]) -> sparse.csr_array:
    """The weights, three times as large where both concepts begin in the same group."""
    coo = weights.tocoo()
    same = (begin[coo.row] >= 0) & (begin[coo.row] == begin[coo.col])
    return sparse.csr_array((np.where(same, STAY * coo.data, coo.data), (coo.row, coo.col)), shape=coo.shape)


def _divide(weights: sparse.csr_array, nodes: Int, resolution: float, left: int) -> list[Int]:
    """Parts of the graph of these nodes, giants divided further; ordered by their first node."""
    found = _leiden(weights, nodes, resolution)
    parts: list[Int] = []
    for number in range(int(found.max(initial=-1)) + 1):
        part = nodes[found == number]
        if len(part) > MAX_CONCEPTS and left:
            parts.extend(_divide(weights, part, 2 * resolution, left - 1))
        else:
            parts.append(part)
    return parts


def _leiden(weights: sparse.csr_array, nodes: Int, resolution: float) -> Int:
    """Group of each of these nodes, numbered by first node; a node without a link among them is alone.

    Last year's groups are in the weights, not in the library's starting communities: with those, the same seed gives
    another partition in every run (graspologic-native 1.3.1).
    """
    import graspologic_native

    inner = sparse.triu(weights[nodes][:, nodes], 1).tocoo()
    found = np.arange(len(nodes)) + len(nodes)
    if inner.nnz:
        order = np.lexsort((inner.col, inner.row))
        row, col, data = inner.row[order].tolist(), inner.col[order].tolist(), inner.data[order].tolist()
        edges = [(str(a), str(b), float(w)) for a, b, w in zip(row, col, data, strict=True)]
        _, partition = graspologic_native.leiden(
            edges, resolution=resolution, randomness=0.001, iterations=_ITERATIONS, use_modularity=False,
            seed=_SEED, trials=1,
        )  # fmt: skip
        for name, group in partition.items():
            found[int(name)] = group
    return _renumbered(found)


def _without_small(weights: sparse.csr_array, group: Int) -> Int:
    """Concepts in groups of one or two join the group that holds a third of their weight, or none.

    The most closely bound come first; a group takes no more when it has 40.
    """
    size = np.bincount(group[group >= 0], minlength=1)
    large = size >= MIN_CONCEPTS
    small = np.flatnonzero((group >= 0) & ~large[group])
    result = group.copy()
    result[small] = -1
    inside = np.flatnonzero(result >= 0)
    if not len(small) or not len(inside):
        return result
    into = sparse.csr_array((np.ones(len(inside)), (inside, result[inside])), shape=(len(group), len(size)))
    rows = weights[small]
    drawn = (rows @ into).tocoo()
    part = np.round(drawn.data / np.asarray(rows.sum(axis=1)).ravel()[drawn.row], 9)
    enough = (part >= MIN_ATTACHED) & (drawn.data >= MIN_DRAWN)
    row, col, part = drawn.row[enough], drawn.col[enough], part[enough]
    for place in np.lexsort((col, row, -part)).tolist():
        concept, wanted = int(small[row[place]]), int(col[place])
        if result[concept] < 0 and size[wanted] < MAX_CONCEPTS:
            result[concept] = wanted
            size[wanted] += 1
    return result


def _membership(links: ConceptLinks, group: Int) -> Float:
    """Part of each concept's weight that leads to concepts of its own group."""
    coo = links.weights.tocoo()
    same = (group[coo.row] == group[coo.col]) & (group[coo.row] >= 0)
    inner = np.bincount(coo.row[same], weights=coo.data[same], minlength=len(group))
    part: Float = np.divide(inner, links.strength, out=np.zeros(len(group)), where=links.strength > 0)
    return part


def _renumbered(group: npt.NDArray[np.integer[Any]]) -> Int:
    """The same groups numbered 0, 1, ... by their first member; -1 stays."""
    result = np.full(len(group), -1, dtype=np.int64)
    inside = np.flatnonzero(group >= 0)
    if len(inside):
        _, first, inverse = np.unique(group[inside], return_index=True, return_inverse=True)
        place = np.empty(len(first), dtype=np.int64)
        place[np.argsort(first, kind="stable")] = np.arange(len(first))
        result[inside] = place[inverse]
    return result


def _nested(
    forms: Sequence[tuple[str, ...]], one: npt.NDArray[np.integer[Any]], other: npt.NDArray[np.integer[Any]]
) -> Bool:
    """Whether a spelling of one concept is a part of a spelling of the other."""
    spelt: dict[int, tuple[str, ...]] = {}
    for concept in np.union1d(one, other).tolist():
        spelt[concept] = tuple(map(_comparable, forms[concept]))
    found = np.zeros(len(one), dtype=bool)
    for place, (a, b) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
        found[place] = any(x in y or y in x for x in spelt[a] for y in spelt[b])
    return found


def is_part(forms: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a spelling of one concept is a part of a spelling of the other, in either direction.

    >>> is_part(["kendall"], ["kendall tau"]), is_part(["slam"], ["loop closure"]), is_part(["固态电池"], ["电池"])
    (True, False, True)
    >>> is_part(["net"], ["network"])
    False
    """
    return any(x in y or y in x for x in map(_comparable, forms) for y in map(_comparable, others))


def _comparable(form: str) -> str:
    """A spelling such that a part of it is a substring: whole words, hyphens as spaces; Chinese has no spaces."""
    return f" {form.replace('-', ' ')} " if form.isascii() else form.replace(" ", "")

"""The graph of what was studied together: hand-worked features, and nothing of the future in it."""

from __future__ import annotations

from math import log, log1p

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from foretrack.domains.foresight.links.cases import make_case
from foretrack.domains.foresight.links.features import FEATURES, candidate_features
from foretrack.domains.foresight.links.listing import bridges, distance
from foretrack.domains.foresight.links.pairs import LinkGraph, open_blocks, outcome, prepare
from foretrack.domains.foresight.links.wording import same_thing

NAMES = ("granary", "loom", "compass", "orchard", "turbine")
# Invented documents: year and the concepts each carries.
DOCUMENTS = (
    (2016, (0, 1)), (2017, (0, 2)), (2018, (0, 2)), (2019, (1, 2)), (2020, (1, 2)), (2020, (0,)),
    (2020, (1, 3)), (2018, (3,)), (2019, (4,)),
)  # fmt: skip


def mentions(documents: tuple[tuple[int, tuple[int, ...]], ...]) -> tuple[npt.NDArray[np.int64], ...]:
    pairs = [(d, c) for d, (_, concepts) in enumerate(documents) for c in concepts]
    document, concept = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return document, concept, np.array([year for year, _ in documents], dtype=np.int64)


def graph_of(documents: tuple[tuple[int, tuple[int, ...]], ...], as_of: int = 2020) -> LinkGraph:
    known = np.ones(len(NAMES), dtype=bool)
    names = [(name,) for name in NAMES]
    return prepare(*mentions(documents), ids=NAMES, names=names, as_of=as_of, known=known)


def feature(graph: LinkGraph, one: int, other: int, name: str) -> float:
    return float(candidate_features(graph, np.array([[one, other]]))[0, FEATURES.index(name)])


def test_features_are_those_worked_by_hand() -> None:
    graph = graph_of(DOCUMENTS)
    # granary-orchard: granary knows loom and compass, orchard knows loom; loom knows three.
    assert feature(graph, 0, 3, "common_neighbours") == 1
    assert feature(graph, 0, 3, "jaccard") == pytest.approx(1 / 2)
    assert feature(graph, 0, 3, "adamic_adar") == pytest.approx(1 / log(3))
    assert feature(graph, 0, 3, "resource_allocation") == pytest.approx(1 / 3)
    assert feature(graph, 0, 3, "preferential_attachment") == pytest.approx(log1p(2) + log1p(1))
    # In 2018-2020 granary was only with compass, orchard only with loom: no recent common neighbour.
    assert feature(graph, 0, 3, "recent_common_neighbours") == 0
    # compass-orchard: over loom, three recent documents, twice with compass and once with orchard.
    assert feature(graph, 2, 3, "recent_paths") == pytest.approx(log1p(2) * log1p(1) / 3**0.5)
    # 2018-2020: strengths granary 1, loom 3, compass 3, orchard 1, turbine 0.
    assert feature(graph, 2, 3, "expected_together") == pytest.approx(log1p(3 * 1 / 8))
    # compass has 3 recent documents, orchard 2: compass is the commoner; compass knew one in 2018, two since.
    assert feature(graph, 2, 3, "degree_of_commoner") == pytest.approx(log1p(2))
    assert feature(graph, 2, 3, "degree_growth_2_of_commoner") == pytest.approx(log1p(2) - log1p(1))
    assert feature(graph, 2, 3, "degree_growth_1_of_commoner") == pytest.approx(0.0)
    # Shares 3/7 in 2018-2020 and 1/2 in 2015-2017, half a document added to each count and one to each total.
    assert feature(graph, 2, 3, "growth_of_commoner") == pytest.approx(log(3.5 / 8) - log(1.5 / 3), rel=1e-5)


def test_the_order_of_a_pair_changes_nothing() -> None:
    graph = graph_of(DOCUMENTS)
    pairs = np.array([[0, 3], [2, 3], [1, 4]])
    np.testing.assert_array_equal(candidate_features(graph, pairs), candidate_features(graph, pairs[:, ::-1]))


def test_open_pairs_are_those_no_document_joins() -> None:
    found = {
        (start + i, int(j))
        for start, block in open_blocks(graph_of(DOCUMENTS), rows=2)
        for i, j in np.argwhere(block)
    }
    assert found == {(0, 3), (0, 4), (1, 4), (2, 3), (2, 4), (3, 4)}
    assert graph_of(DOCUMENTS).n_open == len(found)


def test_documents_after_the_year_change_nothing_to_the_byte() -> None:
    later = (*DOCUMENTS, (2021, (0, 3)), (2022, (2, 3, 4)), (2030, (0, 1, 2, 3, 4)))
    pairs = np.array([[0, 3], [0, 4], [1, 4], [2, 3]])
    plain, told = graph_of(DOCUMENTS), graph_of(later)
    for name in ("degrees", "counts", "totals", "n_documents", "first_year", "vectors", "values"):
        assert getattr(plain, name).tobytes() == getattr(told, name).tobytes(), name
    for name in ("together", "recent", "same", "ppmi"):
        one, other = getattr(plain, name), getattr(told, name)
        assert all(
            getattr(one, part).tobytes() == getattr(other, part).tobytes()
            for part in ("data", "indices", "indptr")
        )
    assert candidate_features(plain, pairs).tobytes() == candidate_features(told, pairs).tobytes()


def test_only_the_three_years_after_count_as_outcome() -> None:
    later = ((2020, (0, 4)), (2021, (0, 3)), (2023, (0, 3)), (2023, (2, 3)), (2024, (2, 3)))
    came = outcome(graph_of(DOCUMENTS), *mentions(later)).toarray()
    assert (came[0, 3], came[3, 0], came[2, 3], came[0, 4]) == (2, 2, 1, 0)


def test_a_sample_stands_for_all_open_pairs() -> None:
    rng = np.random.default_rng(1)
    n = 120
    documents = tuple(
        (2015 + int(rng.integers(6)), tuple(np.flatnonzero(rng.random(n) < 0.03).tolist()))
        for _ in range(300)
    )
    ids = tuple(f"c{i}" for i in range(n))
    names = [(f"{chr(97 + i % 26) * 3}{i:04d}{chr(97 + i // 26) * 4}",) for i in range(n)]
    graph = prepare(*mentions(documents), ids=ids, names=names, as_of=2020, known=np.ones(n, dtype=bool))
    later = sparse.csr_array(np.triu(rng.random((n, n)) < 0.1, 1).astype(np.int32))
    later = sparse.csr_array(later + later.T)
    whole = make_case(graph, later, np.random.default_rng(0), max_true=10**9, max_false=10**9)
    assert len(whole.pairs) == graph.n_open
    assert whole.stands_for.sum() == pytest.approx(graph.n_open)
    paths = FEATURES.index("recent_paths")
    estimates = []
    for seed in range(60):
        part = make_case(graph, later, np.random.default_rng(seed), max_true=60, max_false=400)
        assert len(part.pairs) < 0.3 * graph.n_open
        truth = part.documents > 0
        estimates.append(
            [
                part.stands_for[truth].sum(),
                part.stands_for[~truth].sum(),
                (part.stands_for * part.features[:, paths]).sum(),
            ]
        )
    true = whole.documents > 0
    exact = np.array([true.sum(), (~true).sum(), whole.features[:, paths].sum()])
    error = np.std(estimates, axis=0) / 60**0.5
    assert (np.abs(np.mean(estimates, axis=0) - exact) < 4 * error).all()
    assert (error / exact < 0.05).all()


def test_parts_inflections_and_typing_errors_are_one_thing() -> None:
    same = same_thing(
        [
            ("neural network",),
            ("graph neural network", "gnn"),
            ("modeling",),
            ("modelling",),
            ("gnns",),
            ("graph",),
        ]
    ).toarray()
    assert same[0, 1]
    assert same[1, 0]
    assert same[2, 3]
    assert same[1, 5]
    assert not same[0, 5]
    assert not same[0, 2]


def test_bridges_and_distance_tell_the_way() -> None:
    graph = graph_of(DOCUMENTS)
    assert [(NAMES[b.vertex], b.with_one, b.with_other, b.share) for b in bridges(graph, 2, 3)] == [
        ("loom", 2, 1, 1.0)
    ]
    assert bridges(graph, 0, 4) == []
    assert (distance(graph, 2, 3), distance(graph, 0, 4)) == (2, None)


def test_a_year_before_all_documents_has_an_empty_graph() -> None:
    graph = prepare(*mentions(DOCUMENTS), ids=NAMES, names=[(n,) for n in NAMES], as_of=1990)
    assert (len(graph), graph.n_open, list(open_blocks(graph))) == (0, 0, [])
    case = make_case(graph, outcome(graph, *mentions(DOCUMENTS)), np.random.default_rng(0))
    assert case.features.shape == (0, len(FEATURES))

"""Counting, the most cited tenth, concentration, disruption and convergence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.domains.foresight.positions.answers import Convergence
from foretrack.domains.foresight.positions.convergence import class_pairs, converge
from foretrack.domains.foresight.positions.disruption import cd_index
from foretrack.domains.foresight.positions.shares import Naming, concentration, top_cited


def naming(pairs: set[tuple[int, int]], n_documents: int, n_parties: int) -> Naming:
    ordered = sorted(pairs)
    return Naming(
        np.array([d for d, _ in ordered], dtype=np.int64), np.array([p for _, p in ordered], dtype=np.int64),
        n_documents, n_parties,
    )  # fmt: skip


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 4)), min_size=1))
def test_fractional_credit_is_one_a_document_and_full_credit_one_a_party(pairs: set[tuple[int, int]]) -> None:
    found = naming(pairs, 8, 5)

    assert found.credit("fractional").sum() == pytest.approx(found.n_naming)
    assert found.credit("full").sum() == len(pairs)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), min_size=1, max_size=60),
)
def test_the_most_cited_tenth_is_a_tenth_of_each_cell_that_is_cited_enough(
    documents: list[tuple[int, int]],
) -> None:
    citations = np.array([c for c, _ in documents], dtype=float)
    cells = np.array([cell for _, cell in documents])

    value = top_cited(citations, cells)

    assert ((value >= 0) & (value <= 1)).all()
    assert (value[citations == 0] == 0).all()
    for cell in set(cells.tolist()):
        here = cells == cell
        n, n_cited = here.sum(), (citations[here] > 0).sum()
        if n_cited >= 0.1 * n:
            assert value[here].sum() == pytest.approx(0.1 * n)
        # Who is cited more never counts less.
        assert (np.diff(value[here][np.argsort(citations[here])]) >= -1e-12).all()


def test_the_tenth_by_hand() -> None:
    # 20 documents: the first is cited 9 times, three 5 times: 2 wanted, 1 certain, 1 shared by three.
    citations = np.array([9.0, 5, 5, 5] + [1.0] * 16)

    assert top_cited(citations, np.zeros(20, int))[:5] == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])


def test_concentration_by_hand() -> None:
    assert concentration(np.array([6.0, 3.0, 1.0])) == pytest.approx(0.36 + 0.09 + 0.01)


def test_disruption_is_bounded_and_nan_without_later_documents() -> None:
    found = cd_index(np.array([5, 0, 0]), np.array([0, 5, 0]), np.array([0, 0, 0]))

    assert found[:2].tolist() == [1.0, -1.0]
    assert np.isnan(found[2])


def changed(recent: list[tuple[int, int]], before: list[tuple[int, int]], *, draws: int = 300) -> Convergence:
    pairs = [*recent, *before]
    documents = np.repeat(np.arange(len(pairs)), 2)
    classes = np.array([c for pair in pairs for c in pair])
    is_recent = np.arange(len(pairs)) < len(recent)
    return converge("cpc", documents, classes, is_recent, np.random.default_rng(2), draws=draws)


def test_convergence_sees_new_pairs_and_not_the_size_of_a_window() -> None:
    same = [(0, 1), (0, 2)] * 40
    rng = np.random.default_rng(2)
    spread = [(int(rng.integers(6)), 6 + int(rng.integers(5))) for _ in range(400)]

    wider = changed(spread, same)
    equal = changed(spread, spread[::6])

    # Two equal pairs are 1 bit; thirty equal ones nearly log2(30) = 4.9 bits, less for a sample of forty.
    assert wider.entropy_before == pytest.approx(1, abs=0.03)
    assert wider.change is not None
    assert 3 < wider.change < 4
    assert equal.change_low is not None
    assert equal.change_high is not None
    assert equal.change_low < 0 < equal.change_high
    assert (wider.n_documents, wider.n_before, wider.co_class_share) == (400, 80, 1.0)


def test_too_few_documents_give_no_change() -> None:
    found = changed([(0, 1)] * 29, [(0, 1)] * 90, draws=20)

    assert (found.change, found.n_documents) == (None, 29)


def test_a_catalogue_of_classes_is_not_paired_without_end() -> None:
    documents, pairs = class_pairs(np.zeros(200, int), np.arange(200))

    assert len(documents) == len(pairs) == 20 * 19 // 2

"""The map of technologies: near what belongs near, the same every time, and recognised a year later."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from foretrack.domains.foresight.maps.layout import lay_out, turned
from foretrack.domains.foresight.maps.quality import quality


def groups(n_groups: int, size: int, seed: int = 3) -> tuple[csr_array, np.ndarray]:
    """Links of invented technologies in groups along a ring, and how far they are apart in truth."""
    rng = np.random.default_rng(seed)
    n = n_groups * size
    angle = np.repeat(np.arange(n_groups), size) * 2 * np.pi / n_groups
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * 4 + rng.normal(0, 0.4, (n, 2))
    far = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    near = np.argsort(far, axis=1)[:, 1:9]
    rows = np.repeat(np.arange(n), 8)
    weights = np.exp(-far[rows, near.ravel()])
    return csr_array((weights, (rows, near.ravel())), shape=(n, n)), far


def test_the_map_is_better_than_the_main_axes_and_than_chance() -> None:
    weights, far = groups(6, 12)

    found = quality(far, lay_out(weights))

    dense = weights.maximum(weights.T).toarray()
    axes, sizes, _ = np.linalg.svd(dense - dense.mean(axis=0))
    by_axes = quality(far, axes[:, :2] * sizes[:2])
    by_chance = quality(far, np.random.default_rng(1).random((len(far), 2)))
    assert found is not None
    assert by_axes is not None
    assert by_chance is not None
    assert found.trustworthiness > 0.95
    assert found.trustworthiness > by_axes.trustworthiness + 0.05
    assert found.continuity > by_axes.continuity
    assert 0.4 < by_chance.trustworthiness < 0.6


def test_the_same_links_give_the_same_map() -> None:
    weights, _ = groups(4, 9)

    assert np.array_equal(lay_out(weights), lay_out(weights))


def test_a_year_later_places_are_recognised() -> None:
    weights, _ = groups(5, 10)
    later, far = groups(5, 10, seed=4)  # the same groups, other links within them
    before = lay_out(weights)

    held, alone = lay_out(later, before), lay_out(later)
    alone = turned(alone, before, np.full(len(before), True))

    assert np.median(np.hypot(*(held - before).T)) < 0.7 * np.median(np.hypot(*(alone - before).T))
    kept = quality(far, held)
    assert kept is not None
    assert kept.trustworthiness > 0.9


def test_what_is_new_comes_near_what_it_is_studied_with() -> None:
    weights, _ = groups(5, 10)
    before = lay_out(weights)
    before[7] = np.nan

    at = lay_out(weights, before)

    away = np.hypot(*(at - at[7]).T)
    own = [n for n in range(10) if n != 7]
    assert np.isfinite(at).all()
    assert away[own].mean() < 0.5 * away[10:].mean()


def test_what_has_no_link_stays_in_the_picture() -> None:
    weights, _ = groups(4, 9)
    dense = weights.toarray()
    dense[5, :] = dense[:, 5] = 0
    dense[20, :] = dense[:, 20] = 0

    at = lay_out(csr_array(dense))

    assert np.hypot(*at.T).max() < 6


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7])
def test_few_technologies_and_none_have_places_of_their_own(n: int) -> None:
    at = lay_out(csr_array((n, n)))

    assert at.shape == (n, 2)
    assert np.isfinite(at).all()
    assert len({tuple(point) for point in np.round(at, 6).tolist()}) == n


def test_quality_needs_enough_points() -> None:
    assert quality(np.zeros((12, 12)), np.zeros((12, 2))) is None

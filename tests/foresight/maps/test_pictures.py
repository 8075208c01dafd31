"""Names and points of pictures never lie over each other."""

from __future__ import annotations

from itertools import combinations
from math import atan2, hypot, pi

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from foretrack.domains.foresight.maps.grouping import group
from foretrack.domains.foresight.maps.labelling import Spot, place_labels, text_width
from foretrack.domains.foresight.maps.radar import HOLE, place_points, ring_radii

TEXTS = st.text("abc 图网", min_size=1, max_size=20)
SPOTS = st.lists(st.builds(Spot, st.floats(0, 300), st.floats(0, 200), st.floats(2, 20), TEXTS), max_size=25)


@given(SPOTS)
def test_no_name_lies_over_another_or_outside(spots: list[Spot]) -> None:
    boxes = []
    for label in place_labels(spots, 300, 200, size=10):
        wide = text_width(label.text, 10)
        left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
        assert left >= 0
        assert left + wide <= 300
        boxes.append((left, label.y - 8.5, left + wide, label.y + 3))

    assert not [
        (a, b)
        for a, b in combinations(boxes, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=90))
def test_every_point_of_a_radar_lies_in_its_cell_and_apart_from_the_others(
    cells: list[tuple[int, int]],
) -> None:
    found = place_points(cells, 5, 4)

    radii = (HOLE, *ring_radii(4))
    for (segment, ring), place in zip(cells, found.places, strict=True):
        turn = (atan2(place.y, place.x) + pi / 2) % (2 * pi) / (2 * pi)
        assert int(turn * 5) == segment
        assert radii[ring] < hypot(place.x, place.y) < radii[ring + 1]
    for a, b in combinations(found.places, 2):
        assert hypot(a.x - b.x, a.y - b.y) > 0.8 * found.nearest


def test_groups_hold_what_is_linked_and_leave_out_what_is_alone() -> None:
    weights = np.zeros((9, 9))
    for members in ((0, 1, 2), (3, 4, 5, 6)):
        for a, b in combinations(members, 2):
            weights[a, b] = 1.0

    assert group(csr_array(weights)).tolist() == [1, 1, 1, 0, 0, 0, 0, -1, -1]
    assert group(csr_array((3, 3))).tolist() == [-1, -1, -1]

"""What the best assignment is measured against: by hand from the best pair down, and by lot."""

from __future__ import annotations

import numpy as np

from foretrack.review.assigning.solving import Float, Int, Yes


def assign_greedily(fit: Float, allowed: Yes, *, needed: Int, most: Int) -> Yes:
    """Pairs taken from the greatest fit down, as long as the submission needs one and the reviewer has room.

    It may come out short where the best assignment does not.

    >>> import numpy as np
    >>> fit = np.array([[.9, .8], [.8, .1]])
    >>> assign_greedily(fit, np.ones((2, 2), dtype=bool), needed=np.array([1, 1]), most=np.array([1, 1])).astype(int)
    array([[1, 0],
           [0, 1]])
    """
    left, room = needed.tolist(), most.tolist()
    chosen = np.zeros_like(allowed)
    rows, columns = np.nonzero(allowed)
    best = np.argsort(-fit[rows, columns], kind="stable")
    for s, r in zip(rows[best].tolist(), columns[best].tolist(), strict=True):
        if left[s] and room[r]:
            chosen[s, r] = True
            left[s] -= 1
            room[r] -= 1
    return chosen


def assign_by_lot(allowed: Yes, *, needed: Int, most: Int, chance: np.random.Generator) -> Yes:
    """For one submission after the other, in an order drawn by lot, reviewers drawn by lot among those allowed with room.

    >>> import numpy as np
    >>> drawn = assign_by_lot(np.ones((4, 3), dtype=bool), needed=np.full(4, 2), most=np.full(3, 3),
    ...                       chance=np.random.default_rng(1))
    >>> drawn.sum(axis=1).tolist(), bool((drawn.sum(axis=0) <= 3).all())
    ([2, 2, 2, 2], True)
    """
    room = most.copy()
    chosen = np.zeros_like(allowed)
    for s in chance.permutation(len(allowed)):
        may = np.flatnonzero(allowed[s] & (room > 0))
        taken = chance.permutation(may)[: needed[s]]
        chosen[s, taken] = True
        room[taken] -= 1
    return chosen

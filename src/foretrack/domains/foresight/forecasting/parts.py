"""What a forecast is made of, in parts that a person can follow: features of one kind are told together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

Part: TypeAlias = Literal["size", "trend", "peak", "age", "burst", "surroundings", "members", "alike"]
PARTS: tuple[Part, ...] = get_args(Part)
"""size: how many documents; trend: how the share moved; peak: how far it is from what extreme growth asks for; age: how
new; burst: bursts and emergence score; surroundings: neighbours, venues and countries; members: concepts of a
technology; alike: the same for all."""

_BEGINNINGS: tuple[tuple[str, Part], ...] = (
    ("log_n_peak", "peak"), ("log_now_of_peak", "peak"), ("log_2_of_peak", "peak"), ("log_second_of_peak", "peak"),
    ("log_required", "peak"), ("log_n", "size"), ("log_share", "size"), ("n_words", "size"),
    ("rate_above_near", "surroundings"),
    ("rate", "trend"), ("slope", "trend"), ("up_", "trend"), ("acceleration", "trend"), ("rises", "trend"),
    ("volatility", "trend"), ("biggest_rise", "trend"), ("surprise", "trend"), ("momentum", "trend"),
    ("vitality", "trend"), ("outlook", "peak"), ("standing", "peak"), ("hurdle", "peak"), ("since_peak", "peak"),
    ("p_pass", "peak"), ("novelty", "age"), ("age", "age"), ("years_used", "age"), ("mean_age", "age"),
    ("base_share", "age"), ("burst", "burst"), ("e_score", "burst"), ("near_", "surroundings"),
    ("degree", "surroundings"),
    ("coherence", "surroundings"), ("venues", "surroundings"), ("countries", "surroundings"), ("members_", "members"),
    ("best_", "members"), ("n_members", "members"), ("closeness", "members"), ("separation", "members"),
    ("persistence", "members"), ("born", "age"), ("alike", "alike"),
)  # fmt: skip


def part_of(feature: str) -> Part:
    """Part that a feature is told with; ValueError for one that belongs nowhere.

    >>> part_of("slope_8"), part_of("log_n_peak"), part_of("log_n_3")
    ('trend', 'peak', 'size')
    """
    for beginning, part in _BEGINNINGS:
        if feature.startswith(beginning):
            return part
    raise ValueError(f"the feature {feature!r} belongs to no part")


def by_part(names: Sequence[str], contributions: Float) -> Float:
    """Contributions summed by part: (n_units, len(PARTS)).

    >>> by_part(("slope_8", "rate", "alike"), np.array([[1.0, 2, 5]])).tolist()
    [[0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0]]
    """
    summed = np.zeros((len(contributions), len(PARTS)))
    for column, name in enumerate(names):
        summed[:, PARTS.index(part_of(name))] += contributions[:, column]
    return summed

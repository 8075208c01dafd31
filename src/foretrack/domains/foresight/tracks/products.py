"""Which family of iconic products a text names: by the lexicon alone, since products are named or they are not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretrack.domains.foresight.tracks.lexicon import LexiconMatcher
from foretrack.packs.shapes import NONE, Product

WEAK_TERMS = 3
"""So many weak terms count like one strong one."""


def product_of(texts: Sequence[str], products: Sequence[Product]) -> list[str]:
    """Per text the id of the family with the most evidence, or `none`; the first of equals.

    >>> from foretrack.packs.loading import choose_pack, load_packs
    >>> product_of(["Dexterous hands for humanoid robots", "量子比特的纠错", "Convex optimisation"],
    ...            choose_pack(load_packs(), "cn-future-industries-2024").products)
    ['humanoid-robots', 'quantum-computers', 'none']
    """
    if not products:
        return [NONE] * len(texts)
    found = LexiconMatcher(products).match(texts)
    score = found.strong + found.weak / WEAK_TERMS - found.negative
    best = np.argmax(score, axis=1)
    # Later terms weigh less (LATE), so a single strong term deep in a text is .6.
    return [products[j].id if score[i, j] >= 0.6 else NONE for i, j in enumerate(best)]

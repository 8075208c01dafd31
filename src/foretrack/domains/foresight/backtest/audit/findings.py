"""What an audit can find, and its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Leak: TypeAlias = Literal[
    "vocabulary",
    "communities",
    "features",
    "random split",
    "scaling",
    "thresholds",
    "immature labels",
    "coverage break",
    "embedding cut-off",
    "citation totals",
    "later classes",
    "chance",
]
"""`chance`: a second run with the same past said something else, so nothing can be proved of it."""
LEAKS: tuple[Leak, ...] = get_args(Leak)
Weight: TypeAlias = Literal["leak", "mark"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which an origin of a backtest could know, or be misjudged by, what came later."""

    leak: Leak
    weight: Weight
    """`leak`: the scores cannot be believed; `mark`: they can, and this must be shown beside them."""
    year: int
    """The test origin."""
    unit: str
    """`concept`, `technology`, or `all`."""
    subject: str
    """What leaks: a method, `units`, a source, a library."""
    said: str
    """One sentence with the numbers."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at and what was found."""

    clean: bool
    """No finding that makes the scores unbelievable."""
    fits: int
    """Fits whose training rows and labels were checked one by one."""
    rerun: tuple[int, ...]
    """Test origins at which every method forecast again with all that came later replaced by noise."""
    rederived: tuple[int, ...]
    """Origins that were made again from the documents of their own past alone and compared byte for byte."""
    marked: tuple[int, ...]
    """Test origins with a break of coverage within their labels."""
    findings: tuple[Finding, ...]

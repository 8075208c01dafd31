"""Tables that tell nothing of one party: small counts and sums that one deal makes up are hidden, and so is what gives
them away by subtraction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a cell may be shown."""

    least: int
    """Deals."""
    dominant: float
    """Share of a sum from which on one deal makes it up."""


@dataclass(frozen=True, slots=True)
class Cell:
    """So many deals, and their amounts in one currency where a sum is asked for."""

    n: int
    amounts: tuple[Decimal, ...] = ()
    known: int = 0
    """Deals among them that stand in public anyway: whoever subtracts them sees the rest."""

    @property
    def total(self) -> Decimal:
        """The sum of the amounts."""
        return sum(self.amounts, Decimal(0))

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.n + other.n, (*self.amounts, *other.amounts), self.known + other.known)

    def tells(self, limits: Limits) -> bool:
        """Whether it would tell of one deal: there are too few, or too few beside those that are public anyway, or one
        makes up nearly all of the sum.

        The last is the dominance rule for one unit (Hundepool et al. 2012, Statistical Disclosure Control,
        doi:10.1002/9781118348239, ch. 4).

        >>> limits = Limits(least=3, dominant=.85)
        >>> Cell(2).tells(limits), Cell(3).tells(limits)
        (True, False)
        >>> one, others = Decimal(85), (Decimal(10), Decimal(5))
        >>> Cell(3, (one, *others)).tells(limits), Cell(3, (one + 1, *others)).tells(limits)
        (False, True)
        >>> Cell(4, known=2).tells(limits), Cell(4, known=4).tells(limits), Cell(4, known=1).tells(limits)
        (True, False, False)
        """
        if self.n < limits.least or 0 < self.n - self.known < limits.least:
            return True
        return bool(self.amounts) and float(max(self.amounts)) > limits.dominant * float(self.total)


def hidden(cells: Mapping[str, Cell], limits: Limits) -> frozenset[str]:
    """Names of the cells that are not shown, when the sum of all of them is shown too.

    Beside those that tell of one deal the smallest others are hidden, until at least two are and what is hidden does not
    tell of one deal when it is taken together: it can be found by subtraction.

    >>> limits = Limits(least=3, dominant=1)
    >>> sorted(hidden({"a": Cell(9), "b": Cell(4), "c": Cell(1)}, limits))
    ['b', 'c']
    >>> sorted(hidden({"a": Cell(9), "b": Cell(2), "c": Cell(2)}, limits)), sorted(hidden({"a": Cell(3)}, limits))
    (['b', 'c'], [])
    """
    found = {name for name, cell in cells.items() if cell.tells(limits)}
    rest = sorted((name for name in cells if name not in found), key=lambda name: (cells[name].n, name))
    while found and rest and (len(found) < 2 or together(cells[name] for name in found).tells(limits)):
        found.add(rest.pop(0))
    return frozenset(found)


def together(cells: Iterable[Cell]) -> Cell:
    """All cells as one.

    >>> together([Cell(1), Cell(2, known=1)])
    Cell(n=3, amounts=(), known=1)
    """
    return sum(cells, Cell(0))


def band_of(amount: Decimal, edges: tuple[float, ...]) -> tuple[float | None, float | None]:
    """Between which edges an amount lies: from the first, below the second; None where there is no edge.

    >>> band_of(Decimal(100), (100, 1000)), band_of(Decimal("99.99"), (100, 1000)), band_of(Decimal(1000), (100, 1000))
    ((100, 1000), (None, 100), (1000, None))
    """
    low = [edge for edge in edges if amount >= Decimal(str(edge))]
    high = [edge for edge in edges if amount < Decimal(str(edge))]
    return max(low, default=None), min(high, default=None)

"""A long list whose entries are made when somebody asks for them, and kept by nobody."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar, overload

T = TypeVar("T")


class Made(Sequence[T]):
    """`n` entries; the one at a place is made each time it is asked for.

    >>> squares = Made(4, lambda place: place * place)
    >>> len(squares), squares[3], list(squares), list(squares[:2])
    (4, 9, [0, 1, 4, 9], [0, 1])
    """

    def __init__(self, n: int, make: Callable[[int], T]) -> None:
        self._n, self._make = n, make

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        places = range(self._n)[place]
        if isinstance(places, int):
            return self._make(places)
        return Made(len(places), lambda n: self._make(places[n]))

    def __iter__(self) -> Iterator[T]:
        return map(self._make, range(self._n))


def chained(parts: Sequence[Sequence[T]]) -> Sequence[T]:
    """The entries of all parts, one after the other.

    >>> list(chained([Made(2, str), [], ["a"]])), chained([[1, 2], [3]])[2]
    (['0', '1', 'a'], 3)
    """
    starts = list(accumulate((len(part) for part in parts), initial=0))

    def entry(place: int) -> T:
        number = bisect_right(starts, place) - 1
        return parts[number][place - starts[number]]

    return Made(starts[-1], entry)

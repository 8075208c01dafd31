"""What can go wrong, by whose turn it is.

    ForetrackError
    ├── InputError      yours: a file, an option or a pack is not usable        exit 2
    ├── SourceError     a source broke its promise (bad archive, bad answer)    exit 3
    ├── OutsideError    disk, network, another process; `retryable` says if     exit 4
    ├── EvidenceError   the question is fine, the data cannot answer it         exit 5
    └── HouseError      ours: a bug, please report                              exit 1

A message says what happened (with the value), what was expected, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar


class ForetrackError(Exception):
    """Any error that Foretrack raises on purpose.

    >>> str(InputError("no year 3120", expected="a year from 1500 to next year", do="check the column"))
    'no year 3120. Expected: a year from 1500 to next year. To do: check the column.'
    """

    exit_code: ClassVar[int] = 1
    retryable: bool = False

    def __init__(self, what: str, *, expected: str = "", do: str = "") -> None:
        self.what = what.rstrip(".")
        self.expected = expected.rstrip(".")
        self.do = do.rstrip(".")
        super().__init__(what, expected, do)

    def __str__(self) -> str:
        parts = [f"{self.what}."]
        if self.expected:
            parts.append(f"Expected: {self.expected}.")
        if self.do:
            parts.append(f"To do: {self.do}.")
        return " ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.expected, self.do, self.__dict__))


def _rebuild(
    cls: type[ForetrackError], what: str, expected: str, do: str, state: dict[str, object]
) -> ForetrackError:
    error = cls(what, expected=expected, do=do)
    error.__dict__.update(state)
    return error


class InputError(ForetrackError):
    """Something the user gave cannot be used; the user can mend it."""

    exit_code = 2


class SourceError(ForetrackError):
    """A file or service is not what its format promises (truncated archive, XML bomb, bad answer)."""

    exit_code = 3


class OutsideError(ForetrackError):
    """The outside world failed: disk full, network down, another process writes."""

    exit_code = 4

    def __init__(self, what: str, *, expected: str = "", do: str = "", retryable: bool = False) -> None:
        super().__init__(what, expected=expected, do=do)
        self.retryable = retryable


class EvidenceError(ForetrackError):
    """The data cannot answer: not enough evidence, and what would be needed."""

    exit_code = 5


class HouseError(ForetrackError):
    """A bug of ours."""

    exit_code = 1

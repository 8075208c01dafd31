"""How a job is declared: a function, how often it is tried, and what is promised when a worker dies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from foretrack.foundation.errors import ForetrackError, HouseError
from foretrack.registry.registry import Registry

LONGEST_WAIT = 6 * 3600


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a job is run."""

    most_attempts: int = 8
    """After so many it has failed, and waits for a person."""
    first_wait: float = 10
    """Seconds before the second attempt; each further wait is three times as long, up to six hours."""
    seconds: float = 1800
    """A run that takes longer is broken off, and counts as an attempt."""
    whole: bool = False
    """The run and the mark that it is done are one transaction: whatever it writes into the database is written exactly
    once. Without it a job is run at least once: what it did before its worker died, it does again."""

    def wait(self, attempt: int, task: str) -> float:
        """Seconds until the next attempt, a fifth more or less for each task so that they do not all come at once.

        >>> [round(Terms().wait(n, "a")) for n in (1, 2, 3, 20)]
        [9, 34, 84, 24532]
        """
        spread = int.from_bytes(hashlib.sha256(f"{task}:{attempt}".encode()).digest()[:4], "big") / 2**32
        return float(min(self.first_wait * 3 ** min(attempt - 1, 20), LONGEST_WAIT) * (0.8 + 0.4 * spread))


@dataclass(frozen=True, slots=True)
class Run:
    """What a job is given beside its arguments."""

    registry: Registry
    task: str
    """Identifier of the task; the same in every attempt, so it can name what is sent."""
    attempt: int
    last: bool
    """No further attempt follows when this one fails."""


class HopelessError(ForetrackError):
    """Raised by a job that would fail in the same way again: it is not tried another time."""


TERMS: dict[str, Terms] = {}
"""Terms of every declared job, by the path of its function; filled by `job`."""


def job(terms: Terms = Terms()) -> Callable[[Callable[..., None]], Any]:
    """Declares a function `(run, *arguments) -> None` as a job.

    Arguments must be JSON. The function has to bear being run again, unless its terms say `whole`.
    """

    def declare(function: Callable[..., None]) -> Any:
        from django_tasks import task

        if "<locals>" in function.__qualname__:
            raise HouseError(f"the job {function.__qualname__} is no function of a module")
        made = task()(function)
        TERMS[made.module_path] = terms
        return made

    return declare

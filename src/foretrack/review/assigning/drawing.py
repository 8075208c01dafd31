"""A pool of reviewers drawn at random so that anyone can draw it again with `sha256sum` alone.

Whoever draws cannot steer the draw when the list of candidates is fixed before the seed is known, and the seed comes
from outside (a lottery, a public beacon): the procedure of RFC 3797 (Eastlake 2004, doi:10.17487/RFC3797) with SHA-256.
"""

from __future__ import annotations

import hashlib
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from foretrack.foundation.errors import InputError

Fate: TypeAlias = Literal["drawn", "not reached", "stratum full", "organisation full"]
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be drawn. `key` is what is hashed and published, so no name where names are not public."""

    key: str
    stratum: str = ""
    """A direction or a region; empty for a draw without strata."""
    organisation: str = ""
    """Empty where not known: then no limit per organisation applies."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A candidate's place in the order, and what became of it."""

    digest: str
    """SHA-256 of `seed:key` in UTF-8, 64 hexadecimal digits: the order is theirs."""
    candidate: Candidate
    fate: Fate


@dataclass(frozen=True, slots=True)
class Draw:
    """What is published of a draw."""

    seed: str
    drawn: tuple[str, ...]
    """Keys in the order in which they were drawn."""
    order: tuple[Ticket, ...]
    """Every candidate in the order of the digests."""
    wanted: Mapping[str, int]
    """How many per stratum; one entry with an empty name without strata."""
    short: Mapping[str, int]
    """How many are missing, by stratum; empty when the draw is whole."""
    list_digest: str
    """SHA-256 over the sorted keys, one a line: published before the seed is known, it proves that the list was fixed."""

    def check(self) -> str:
        """A line for a POSIX shell that prints the order again from the file `candidates.txt`, one key a line.

        The first `len(drawn)` lines are those drawn when there are no strata and no limits; otherwise whoever checks
        walks down and passes over whom `fate` passes over.

        >>> print(draw_pool([Candidate("a"), Candidate("b")], 1, "7").check())  # doctest: +ELLIPSIS
        while IFS= read -r key; do printf '%s  %s\\n' "$(printf '%s:%s' 7 "$key" | sha256sum ...
        """
        seed = shlex.quote(self.seed)
        digest = f"printf '%s:%s' {seed} \"$key\" | sha256sum | cut -c1-64"
        return (
            f'while IFS= read -r key; do printf \'%s  %s\\n\' "$({digest})" "$key"; done < candidates.txt '
            "| LC_ALL=C sort"
        )


def list_digest(keys: Sequence[str]) -> str:
    """SHA-256 over the sorted keys, each followed by a line feed: `LC_ALL=C sort candidates.txt | sha256sum`.

    >>> list_digest(["b", "a"]) == hashlib.sha256(b"a\\nb\\n").hexdigest()
    True
    """
    lines = sorted(key.encode() for key in keys)
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def draw_pool(
    candidates: Sequence[Candidate],
    size: int | Mapping[str, int],
    seed: str,
    *,
    most_per_organisation: int | None = None,
    partial: bool = False,
) -> Draw:
    """The first candidates in the order of SHA-256(`seed:key`), passing over those whose stratum or organisation is full.

    The same candidates, in any order, with the same seed give the same draw.

    Args:
        size: how many, at least one; or how many of each stratum.
        seed: any text on one line; it is published.
        most_per_organisation: how many of one organisation at most, over all strata.
        partial: a draw that comes out short is given back with `short`, where otherwise it is an error.

    Raises:
        InputError: a key that is empty, has a line break or comes twice; an unknown stratum; too few candidates.

    >>> draw = draw_pool([Candidate("e1"), Candidate("e2"), Candidate("e3")], 2, "2026-03-02 beacon 4711")
    >>> draw.drawn
    ('e1', 'e3')
    >>> draw.order[0].digest[:16]      # printf '%s' '2026-03-02 beacon 4711:e1' | sha256sum
    '8e46f3e295afd2cd'
    """
    _check(candidates, seed)
    strata = {candidate.stratum for candidate in candidates}
    wanted = dict(sorted(size.items())) if isinstance(size, Mapping) else {"": size}
    for stratum, n in wanted.items():
        if n < 1:
            raise InputError.of(
                "a pool of {n}", expected="at least one reviewer", do="ask for at least one", n=n
            )
        if isinstance(size, Mapping) and stratum not in strata:
            raise InputError.of(
                "no candidate is of the stratum {stratum!r}", expected="one of {known}",
                do="correct the name, or add candidates", stratum=stratum,
                known=", ".join(sorted(strata)[:_MOST_SHOWN]) or "-",
            )  # fmt: skip
    room = dict(wanted)
    taken: Counter[str] = Counter()
    order = []
    for digest, _, candidate in sorted(
        (hashlib.sha256(f"{seed}:{c.key}".encode()).hexdigest(), c.key.encode(), c) for c in candidates
    ):
        stratum = candidate.stratum if isinstance(size, Mapping) else ""
        fate: Fate = "drawn"
        if stratum not in wanted or not any(room.values()):
            fate = "not reached"
        elif not room[stratum]:
            fate = "stratum full"
        elif (
            candidate.organisation
            and most_per_organisation is not None
            and taken[candidate.organisation] >= most_per_organisation
        ):
            fate = "organisation full"
        if fate == "drawn":
            room[stratum] -= 1
            taken[candidate.organisation] += 1
        order.append(Ticket(digest, candidate, fate))
    short = {stratum: n for stratum, n in room.items() if n}
    if short and not partial:
        raise InputError.of(
            "the pool comes out short: {short}", expected="{n} who may be drawn",
            do="add candidates, ask for fewer, or allow more of one organisation",
            short=", ".join(f"{stratum or '*'} −{n}" for stratum, n in short.items()), n=sum(wanted.values()),
        )  # fmt: skip
    return Draw(
        seed=seed,
        drawn=tuple(ticket.candidate.key for ticket in order if ticket.fate == "drawn"),
        order=tuple(order),
        wanted=wanted,
        short=short,
        list_digest=list_digest([candidate.key for candidate in candidates]),
    )


def _check(candidates: Sequence[Candidate], seed: str) -> None:
    if not seed.strip() or len(seed.splitlines()) != 1 or "\0" in seed:
        raise InputError.of(
            "the seed {seed!r} cannot be published as one line", expected="one line of text",
            do="write the seed, with its day and where it comes from", seed=seed[:80],
        )  # fmt: skip
    seen: set[str] = set()
    for candidate in candidates:
        key = candidate.key
        if not key.strip() or len(key.splitlines()) != 1 or "\0" in key:
            raise InputError.of(
                "the key {key!r} cannot stand on one line", expected="one line of text for each candidate",
                do="correct the key", key=key[:80],
            )  # fmt: skip
        if key in seen:
            raise InputError.of(
                "{name!r} is given twice", expected="each candidate once", do="leave the second one out",
                name=key[:80],
            )  # fmt: skip
        seen.add(key)

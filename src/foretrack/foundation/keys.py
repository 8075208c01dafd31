"""Keys of records: 26 characters that sort by the moment they were made, and that nobody can guess."""

from __future__ import annotations

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_key(moment: datetime, chance: int | None = None) -> str:
    """A ULID (github.com/ulid/spec): 48 bits of milliseconds since 1970 and 80 bits of chance, in Crockford's base 32.

    >>> from foretrack.foundation.clock import fixed_clock
    >>> new_key(fixed_clock("2026-03-01")(), 0)
    '01KJKB3Q000000000000000000'
    """
    number = (int(moment.timestamp() * 1000) << 80) | (secrets.randbits(80) if chance is None else chance)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))

"""Commitments to values: a digest that stays true when the value itself has been erased.

A revision's digest is not taken over its values but over one commitment per value, each made with a secret salt. To erase
a value, it and its salt are deleted; its commitment stays, so the digest, and every link of the chain above it, still
checks, while nobody can find the value by trying: 16 bytes of salt are gone.

The construction is a hash-based commitment, SHA-256(salt || value), hiding and binding under the usual assumptions
(Halevi and Micali 1996, doi:10.1007/3-540-68697-5_16). One master salt a revision is stored; the salt of a field is
HMAC-SHA256(master, field), so that a hundred thousand revisions do not store a million salts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

SALT_BYTES = 16
# Made once: an import spells a million values.
_ONE_SPELLING = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode


def canonical(value: Any) -> bytes:
    """One spelling for one JSON value: sorted keys, no spaces, UTF-8; NaN is refused.

    >>> canonical({"b": 1, "a": "电"}).decode()
    '{"a":"电","b":1}'
    """
    return _ONE_SPELLING(value).encode()


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def field_salt(master: bytes, name: str) -> bytes:
    """The salt of one field."""
    return hmac.digest(master, name.encode(), "sha256")[:SALT_BYTES]


def commit(salt: bytes, value: Any) -> str:
    """The commitment to a value.

    >>> commit(b"0" * 16, "x") == commit(b"0" * 16, "x"), commit(b"0" * 16, "x") == commit(b"1" * 16, "x")
    (True, False)
    """
    return sha256(salt + canonical(value))


@dataclass(frozen=True, slots=True)
class Sealed:
    """Values with what is needed to check them, as it is stored."""

    values: Mapping[str, Any]
    salts: Mapping[str, str]
    """Hexadecimal: {"*": master}, or one salt a field once something was erased."""
    erased: Mapping[str, str]
    """Field to commitment, for the values that are gone."""

    def commitments(self) -> dict[str, str]:
        """Field to commitment, of what is there and of what was erased."""
        made = {name: commit(self._salt(name), value) for name, value in self.values.items()}
        return {**made, **self.erased}

    def _salt(self, name: str) -> bytes:
        if "*" in self.salts:
            return field_salt(bytes.fromhex(self.salts["*"]), name)
        return bytes.fromhex(self.salts[name])

    def without(self, names: Iterable[str]) -> Sealed:
        """The same with values erased: gone with their salts, their commitments kept.

        >>> whole = seal({"name": "Ada", "n": 1}, b"0" * 16)
        >>> less = whole.without(["name"])
        >>> less.values, less.commitments() == whole.commitments(), "name" in less.salts
        ({'n': 1}, True, False)
        """
        gone = {name for name in names if name in self.values}
        if not gone:
            return self
        kept = {name: value for name, value in self.values.items() if name not in gone}
        return replace(
            self,
            values=kept,
            salts={name: self._salt(name).hex() for name in kept},
            erased={**self.erased, **{name: commit(self._salt(name), self.values[name]) for name in gone}},
        )


def seal(values: Mapping[str, Any], master: bytes) -> Sealed:
    """Values sealed under a fresh master salt (16 random bytes from the caller)."""
    return Sealed(values, {"*": master.hex()}, {})

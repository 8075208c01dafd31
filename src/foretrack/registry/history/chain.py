"""Digests of revisions and the chained log: pure functions from what is stored to what it must hash to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.foundation.sentences import Sentence
from foretrack.registry.history.commitment import canonical, sha256

FIRST = "0" * 64
"""What the first entry has for the hash of the one before."""


def revision_digest(
    *, record: str, kind: str, number: int, at: str, by: str, act: str, status: str, before: str,
    commitments: Mapping[str, str],
) -> str:  # fmt: skip
    """SHA-256 over everything that a revision says, its values by their commitments.

    Args:
        at: UTC timestamp in microseconds as written by `moment`.
        before: digest of the record's revision before, empty for the first.
    """
    return sha256(
        canonical(
            {
                "record": record, "kind": kind, "number": number, "at": at, "by": by, "act": act, "status": status,
                "before": before, "commitments": dict(commitments),
            }
        )
    )  # fmt: skip


def entry_hash(
    *, number: int, at: str, actor: str, role: str, via: str, act: str, subject: str, details: Mapping[str, Any],
    commitments: Mapping[str, str], before: str,
) -> str:  # fmt: skip
    """SHA-256 over one entry of the audit log and the hash of the entry before it."""
    return sha256(
        canonical(
            {
                "number": number, "at": at, "actor": actor, "role": role, "via": via, "act": act, "subject": subject,
                "details": dict(details), "commitments": dict(commitments), "before": before,
            }
        )
    )  # fmt: skip


def digest_of_digests(digests: Iterable[str]) -> str:
    """One SHA-256 over many digests in their order: how one entry of the log covers a whole import.

    >>> digest_of_digests(["aa", "bb"]) == digest_of_digests(["bb", "aa"])
    False
    """
    return sha256("\n".join(digests).encode())


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the history that does not check."""

    where: str
    """`entry 7`, `record KEY`, `record KEY revision 2` or `file SHA-256`: names, the same in every language."""
    what: Sentence

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"

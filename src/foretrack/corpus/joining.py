"""Joins a batch of records to the documents that are there: which are new, which are another record of one.

Everything that the decision needs is handed in, so it is pure but for the loading of candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from foretrack.corpus.columns import Provenance, StoredDocument
from foretrack.corpus.identity import (
    content_key,
    dois_conflict,
    hash_key,
    holds_key,
    identity_keys,
    key_rank,
    record_key,
    same_document,
)
from foretrack.corpus.keyindex import NO_DOCUMENT, Hashes, KeyIndex
from foretrack.corpus.languages import with_language
from foretrack.corpus.merging import merge, unite
from foretrack.records.document import Document


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record on its way in."""

    document: Document
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record. Kept, or else merged."""

    kept: bool = False
    revised: bool = False
    """It replaced an earlier version of the same record of the same source."""
    retracted: bool = False
    """It marked a document that was active before."""
    note: str | None = None
    """Why it was kept apart from a document with which it shares an identifier."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The answer for one batch."""

    outcomes: list[Outcome]
    """One per record, in order."""
    documents: list[StoredDocument]
    superseded: list[tuple[str, int, str]]
    keys: tuple[Hashes, Hashes]


@dataclass(eq=False, slots=True)
class _Entry:
    """A document while a batch is being joined."""

    stored: StoredDocument
    before: list[tuple[str, int]] = field(default_factory=list)
    """(id, revision) of the rows on disk that it replaces if it changes."""
    changed: bool = False
    joined: bool = False
    """More than one record of it is known, so that its name may have to change."""
    part_of: _Entry | None = None

    def root(self) -> _Entry:
        entry = self
        while entry.part_of is not None:
            entry = entry.part_of
        return entry


class Joiner:
    """Keeps the key index of a corpus while batches come in.

    `load` returns stored documents by their present ids. `hashed` is the hash of keys: 64 bits, unless a
    test wants collisions; whatever it is, a shared hash is only a hint and is checked on the documents.
    """

    def __init__(
        self,
        index: KeyIndex,
        aliases: dict[str, str],
        load: Callable[[Sequence[str]], list[StoredDocument]],
        hashed: Callable[[str], int] = hash_key,
    ) -> None:
        self._index = index
        self._aliases = {int(old, 16): int(new, 16) for old, new in aliases.items()}
        self._load = load
        self._hashed = hashed

    def _present(self, target: int) -> int:
        while target in self._aliases:
            target = self._aliases[target]
        return target

    def join(self, batch: Sequence[Incoming]) -> Joined:
        """What the batch adds and changes. The caller commits it, then calls `committed`."""
        return _Batch(batch, self._index, self._present, self._load, self._hashed).joined()

    def committed(self, joined: Joined, keys: tuple[Hashes, Hashes]) -> None:
        """Take over what a commit has made durable: `joined`, with all keys that were written beside it."""
        self._index.add(*keys)
        for _, _, became in joined.superseded:
            self._aliases.pop(int(became, 16), None)
        for old, _, became in joined.superseded:
            if old != became:
                self._aliases[int(old, 16)] = int(became, 16)

    def unknown(self, hashes: Sequence[int]) -> set[int]:
        """Those of `hashes` that are not in the index."""
        return set(hashes) - self._index.find(hashes).keys()


class _Batch:
    def __init__(
        self,
        batch: Sequence[Incoming],
        index: KeyIndex,
        present: Callable[[int], int],
        load: Callable[[Sequence[str]], list[StoredDocument]],
        hashed: Callable[[str], int],
    ) -> None:
        self.batch, self.index, self.present, self.hashed = batch, index, present, hashed
        self.keys = [identity_keys(r.document) for r in batch]
        self.hashes = [[hashed(key) for key in keys] for keys in self.keys]
        self.contents = [content_key(r.document) for r in batch]
        flat = [h for hashes in self.hashes for h in hashes] + self.contents
        self.known = {h: present(t) for h, t in index.find(flat).items() if t != NO_DOCUMENT}
        self.is_known = [self._seen_before(i) for i in range(len(batch))]
        self.entries: dict[int, _Entry] = {}
        self._load_candidates(load)
        self.local: dict[int, _Entry] = {}
        self.local_contents: dict[int, _Entry] = {}
        self.taken: set[int] = set()

    def _seen_before(self, i: int) -> bool:
        """The very same record is here: its content leads where one of its keys leads too."""
        target = self.known.get(self.contents[i])
        return target is not None and any(self.known.get(h) == target for h in self.hashes[i])

    def _load_candidates(self, load: Callable[[Sequence[str]], list[StoredDocument]]) -> None:
        wanted = {
            self.known[h]
            for hashes, seen in zip(self.hashes, self.is_known, strict=True)
            if not seen
            for h in hashes
            if h in self.known
        }
        for stored in load([f"{target:016x}" for target in sorted(wanted)]) if wanted else ():
            before = [(stored.document_id, stored.revision)]
            self.entries[int(stored.document_id, 16)] = _Entry(stored, before)

    def joined(self) -> Joined:
        outcomes = [self._join(i) for i in range(len(self.batch))]
        entries = [e for e in self._entries() if e.changed]
        self._look_up_names(entries)
        documents, superseded = [], []
        final: dict[int, int] = {}
        for entry in entries:
            stored = self._named(entry)
            documents.append(stored)
            superseded += [(old, revision, stored.document_id) for old, revision in entry.before]
            final[id(entry)] = int(stored.document_id, 16)
        hashes, targets = [], []
        for h, entry in [*self.local.items(), *self.local_contents.items()]:
            root = entry.root()
            hashes.append(h)
            targets.append(final.get(id(root), int(root.stored.document_id, 16)))
        keys = (np.array(hashes, np.uint64), np.array(targets, np.uint64))
        return Joined(outcomes, documents, superseded, keys)

    def _entries(self) -> Iterable[_Entry]:
        every = [*self.entries.values(), *self.local.values()]
        return {id(e): e for e in every if e.part_of is None}.values()

    def _join(self, i: int) -> Outcome:
        if self.is_known[i]:
            return Outcome()
        record, content = self.batch[i], self.contents[i]
        found, foreign, refused = self._candidates(i)
        twin = self.local_contents.get(content)
        if twin is not None and twin.root() in found:
            return Outcome()
        document = with_language(record.document)
        if found:
            outcome = self._merge(found, document, record.origin)
            entry = found[0].root()
        else:
            entry = _Entry(self._first(i, document, record.origin), changed=True)
            outcome = Outcome(kept=True, note=refused)
        for h in self.hashes[i]:
            if h not in foreign:
                self.local[h] = entry
        self.local.setdefault(int(entry.stored.document_id, 16), entry)
        self.local_contents[content] = entry
        return outcome

    def _candidates(self, i: int) -> tuple[list[_Entry], set[int], str | None]:
        """Documents of which record `i` is another record, strongest key first.

        Then the keys that go on leading to documents from which it is kept apart, and a sentence why.
        """
        document = self.batch[i].document
        found: list[_Entry] = []
        foreign: set[int] = set()
        refused = None
        for key, h in zip(self.keys[i], self.hashes[i], strict=True):
            entry = self.local.get(h) or self.entries.get(self.known.get(h, NO_DOCUMENT))
            if entry is None:
                continue
            entry = entry.root()
            stored = entry.stored
            if entry in found:
                continue
            title_only = key.startswith("title:")
            if not holds_key(key, stored.document, _records(stored)):
                foreign.add(h)
            elif not same_document(key, document, stored.document):
                foreign.add(h)
                if not title_only:
                    refused = f"{key!r} also belongs to {stored.document.title[:80]!r}: kept apart"
            elif title_only and any(dois_conflict(f.stored.document, stored.document) for f in found):
                foreign.add(h)
            else:
                found.append(entry)
        return found, foreign, refused

    def _merge(self, found: list[_Entry], document: Document, origin: Provenance) -> Outcome:
        first = found[0]
        was_active = first.stored.document.status == "active"
        for other in found[1:]:
            was_active = was_active and other.stored.document.status == "active"
            first.stored = unite(first.stored, other.stored)
            first.before += other.before
            first.changed = True
            other.part_of = first
        merged, effect = merge(first.stored, document, origin)
        first.stored = merged
        first.changed = first.changed or effect != "stale"
        first.joined = True
        retracted = was_active and merged.document.status != "active"
        return Outcome(revised=effect == "revised", retracted=retracted)

    def _first(self, i: int, document: Document, origin: Provenance) -> StoredDocument:
        keys = sorted(self.keys[i], key=key_rank)
        free = (self.hashed(k) for k in chain(keys, self._spare_names(i)))
        document_id = next(
            h for h in free if h not in self.known and h not in self.local and h not in self.taken
        )
        self.taken.add(document_id)
        return StoredDocument(f"{document_id:016x}", 0, document, (origin,))

    def _spare_names(self, i: int) -> Iterable[str]:
        """Names for a document whose keys all lead to others already."""
        return (f"content:{self.contents[i]:016x}:{n}" for n in range(1 << 20))

    def _look_up_names(self, entries: Iterable[_Entry]) -> None:
        """Learn where the strongest keys of changed documents lead; not all of them came in this batch."""
        best = {self.hashed(_names(e.stored)[0]) for e in entries if e.before} - self.known.keys()
        for h, target in self.index.find(sorted(best)).items():
            self.known[h] = self.present(target)

    def _is_ours(self, h: int, entry: _Entry) -> bool:
        """A key that leads to this document or nowhere."""
        if h in self.local:
            return self.local[h].root() is entry
        return h not in self.known or f"{self.known[h]:016x}" in {old for old, _ in entry.before}

    def _named(self, entry: _Entry) -> StoredDocument:
        """The row to write: named by its strongest key, its revision counted up."""
        stored = entry.stored
        if not entry.joined:
            return StoredDocument(stored.document_id, 1, stored.document, stored.provenance)
        ranked = _names(stored)
        present = int(stored.document_id, 16)
        best = self.hashed(ranked[0])
        named_by = next((k for k in ranked if self.hashed(k) == present), None)
        stronger = key_rank(ranked[0]) < key_rank(named_by) if named_by else key_rank(ranked[0])[0] < 7
        if best != present and stronger and best not in self.taken and self._is_ours(best, entry):
            self.taken.add(best)
            stored = replace(stored, document_id=f"{best:016x}")
        return replace(stored, revision=stored.revision + 1)


def _names(stored: StoredDocument) -> list[str]:
    """All keys of a document, the strongest first."""
    keys = {*identity_keys(stored.document), *(record_key(s, i) for s, i in _records(stored))}
    return sorted(keys, key=key_rank)


def _records(stored: StoredDocument) -> set[tuple[str, str]]:
    """(source, number) of every record of a document that has a number."""
    return {(p.source, p.source_id) for p in stored.provenance if p.source_id}

"""Recomputes the whole history and says what does not check, naming the record and the revision."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

from foretrack.foundation.errors import InputError
from foretrack.foundation.progress import Progress, silent
from foretrack.foundation.sentences import Sentence
from foretrack.registry.actions.attachments import place
from foretrack.registry.actions.cards import character, facets_of, figures_of, folded
from foretrack.registry.actions.log import hash_of
from foretrack.registry.actions.writing import (
    audience_of,
    facet_rows,
    identifier_rows,
    pointer_rows,
    titles,
)
from foretrack.registry.declaring.fields import VISIBILITIES
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.history.chain import FIRST, Finding, digest_of_digests, revision_digest
from foretrack.registry.history.commitment import Sealed
from foretrack.registry.models import (
    Attachment,
    AuditEntry,
    AuditHead,
    Card,
    Facet,
    FacetCode,
    Figure,
    Identifier,
    Merge,
    Pointer,
    Record,
    Revision,
)
from foretrack.registry.registry import Registry

PIECE = 2000
Row = TypeVar("Row")


@dataclass(slots=True)
class Checked:
    """What was looked at, and what does not check."""

    records: int = 0
    revisions: int = 0
    entries: int = 0
    files: int = 0
    findings: list[Finding] = field(default_factory=list)


def check_history(registry: Registry, *, files: bool = True, progress: Progress = silent) -> Checked:
    """Everything that the history claims about itself, recomputed from what is stored at one moment.

    The chain of the log and its head; that every revision is covered by the entry that it names; every revision's digest
    and its link to the one before; that the row of each record is what its last revision says; that facets, links,
    identifiers and merges are what the bodies say; and that attached files have the content that they had.

    Args:
        files: also read every attached file.

    Whoever can write the database can rewrite it whole, log included. What cannot be rewritten unnoticed is a digest that
    somebody else has written down: `head` of the log in a backup's manifest, or in a published list.
    """
    checked = Checked()
    with steady_view():
        _check_log(checked, progress)
        _check_records(registry, checked, progress)
        _check_merges(checked)
        if files:
            _check_files(registry, checked, progress)
    return checked


@contextmanager
def steady_view() -> Iterator[None]:
    """All reading inside sees the database at one moment, and no writer waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not atomic(): that would take the lock of the writers (transaction_mode IMMEDIATE).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


class _Groups(Generic[Row]):
    """Rows that come sorted by a key, given out key by key beside another sorted stream."""

    def __init__(self, rows: Iterable[tuple[int, Row]]) -> None:
        self._rows = iter(rows)
        self._next = next(self._rows, None)
        self.strays: list[int] = []

    def take(self, key: int) -> list[Row]:
        """Rows with the key; what comes before it belongs to nothing and is remembered."""
        while self._next is not None and self._next[0] < key:
            self.strays.append(self._next[0])
            self._next = next(self._rows, None)
        found = []
        while self._next is not None and self._next[0] == key:
            found.append(self._next[1])
            self._next = next(self._rows, None)
        return found

    def rest(self) -> list[int]:
        """Keys that nobody asked for."""
        while self._next is not None:
            self.strays.append(self._next[0])
            self._next = next(self._rows, None)
        return sorted(set(self.strays))


def _check_log(checked: Checked, progress: Progress) -> None:
    def wrong(number: int, what: str, **values: object) -> None:
        checked.findings.append(Finding(f"entry {number}", Sentence(what, values)))

    covered = Revision.objects.order_by("entry", "pk").values_list(
        "entry", "record__key", "number", "digest", "by"
    )
    groups = _Groups((row[0], row[1:]) for row in covered.iterator(chunk_size=PIECE))
    number, before = 0, FIRST
    total = AuditEntry.objects.count()
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=PIECE):
        number += 1
        if entry.number != number:
            wrong(number, "is missing: the next one there is {next}", next=entry.number)
            number = entry.number
        elif entry.before != before:
            wrong(number, "does not follow from the entry before it: one of the two was changed")
        if (_hash_or_none(entry)) != entry.hash:
            wrong(number, "was changed: it does not hash to what was written with it")
        before = entry.hash
        _check_cover(checked, entry, groups.take(entry.number))
        if number % PIECE == 0:
            progress("checking the log", number, total)
    checked.entries = total
    for stray in groups.rest():
        wrong(stray, "is not there, and revisions say that it covers them")
    head = AuditHead.objects.first()
    if (head.number, head.hash) != (number, before) if head else number:
        wrong(
            head.number if head else 0, "should be the last one, and {last} is: entries were cut off or added by hand",
            last=number,
        )  # fmt: skip


def _hash_or_none(entry: AuditEntry) -> str | None:
    try:
        return hash_of(entry)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None  # salts or texts of another shape: changed, whatever they hashed to


def _check_cover(checked: Checked, entry: AuditEntry, rows: list[tuple[str, int, str, str]]) -> None:
    said = entry.details
    for key, number, _, by in rows:
        if by != entry.actor:
            checked.findings.append(
                Finding(
                    f"record {key} revision {number}",
                    Sentence("names another actor than entry {entry} of the log", {"entry": entry.number}),
                )
            )
    if "revision" in said and "digest" in said:
        right = [(entry.subject, said["revision"], said["digest"])]
        if [(f"record:{key}", number, digest) for key, number, digest, _ in rows] == right:
            return
    elif "revisions" in said and "digest" in said:
        if len(rows) == said["revisions"] and digest_of_digests(row[2] for row in rows) == said["digest"]:
            return
    elif not rows:
        return
    told = ", ".join(f"{key} revision {number}" for key, number, _, _ in rows[:5])
    checked.findings.append(
        Finding(
            f"entry {entry.number}",
            Sentence(
                "does not cover the revisions that name it ({n}: {revisions})",
                {"n": len(rows), "revisions": told + (", ..." if len(rows) > 5 else "") or "-"},
            ),
        )
    )


_REVISION = (
    "number", "at", "by", "act", "status", "values", "salts", "erased", "before", "digest",
)  # fmt: skip


def _check_records(registry: Registry, checked: Checked, progress: Progress) -> None:
    def groups(rows: Any, *columns: str, order: str = "record_id") -> _Groups[tuple[Any, ...]]:
        found = rows.order_by(*dict.fromkeys(("record_id", order))).values_list("record_id", *columns)
        return _Groups((row[0], row[1:]) for row in found.iterator(chunk_size=PIECE))

    revisions = groups(Revision.objects, *_REVISION, order="number")
    facets = groups(Facet.objects, "name", "value", "audience")
    pointers = groups(Pointer.objects, "field", "unit", "target", "audience")
    identifiers = groups(Identifier.objects, "scheme", "value", "alive")
    figures = groups(Figure.objects, "name", "value", "audience")
    cards = groups(Card.objects, *_CARD)
    known = FacetCode.objects.values_list("kind", "name", "value", "number")
    codes = {(kind, name, value): character(n) for kind, name, value, n in known.iterator(chunk_size=PIECE)}
    total = Record.objects.count()
    for record in Record.objects.order_by("pk").iterator(chunk_size=PIECE):
        checked.records += 1
        where = f"record {record.key}"
        last = _check_revisions(checked, record, revisions.take(record.pk))
        try:
            kind = registry.kinds.get(record.kind)
            kind.state(record.status)
        except InputError as error:
            checked.findings.append(Finding(where, error.sentences[0]))
            kind = None
        derived = tuple(stream.take(record.pk) for stream in (facets, pointers, identifiers, figures, cards))
        if kind is not None:
            if last is not None:
                _check_row(checked, kind, record, last)
            _check_derived(checked, kind, record, derived, codes)
        if checked.records % PIECE == 0:
            progress("checking the records", checked.records, total)
    for name, stream in (
        ("revisions", revisions), ("facets", facets), ("links", pointers), ("identifiers", identifiers),
        ("figures", figures), ("card", cards),
    ):  # fmt: skip
        for stray in stream.rest():
            checked.findings.append(
                Finding(
                    f"record number {stray}",
                    Sentence("is gone, and its {what} are there", {"what": Sentence(name)}),
                )
            )


def _check_revisions(checked: Checked, record: Record, rows: list[tuple[Any, ...]]) -> dict[str, Any] | None:
    """The last revision; every one before it is recomputed and has to follow from the one before."""
    before = ""
    last = None
    for at, row in enumerate(rows, 1):
        checked.revisions += 1
        said = dict(zip(_REVISION, row, strict=True))
        where = f"record {record.key} revision {said['number']}"
        if said["number"] != at:
            checked.findings.append(
                Finding(f"record {record.key}", Sentence("has no revision {number}", {"number": at}))
            )
            return said if said["number"] == record.revision else None
        if said["before"] != before:
            checked.findings.append(Finding(where, Sentence("does not follow from the revision before it")))
        if _digest_or_none(record, said) != said["digest"]:
            checked.findings.append(
                Finding(where, Sentence("was changed: it does not hash to what was written with it"))
            )
        before, last = said["digest"], said
    if last is None:
        checked.findings.append(Finding(f"record {record.key}", Sentence("has no revision at all")))
    elif last["number"] < record.revision:
        checked.findings.append(
            Finding(f"record {record.key}", Sentence("has no revision {number}", {"number": record.revision}))
        )
        return None
    return last


def _digest_or_none(record: Record, said: dict[str, Any]) -> str | None:
    try:
        commitments = Sealed(said["values"], said["salts"], said["erased"]).commitments()
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return revision_digest(
        record=record.key, kind=record.kind, number=said["number"], at=said["at"], by=said["by"], act=said["act"],
        status=said["status"], before=said["before"], commitments=commitments,
    )  # fmt: skip


def _check_row(checked: Checked, kind: Kind, record: Record, last: dict[str, Any]) -> None:
    values = last["values"]
    body = {name: value for name, value in values.items() if not name.startswith("@")}
    right = {
        "revision": last["number"], "digest": last["digest"], "status": last["status"], "body": body,
        "visibility": values.get("@visibility"), "audience": record.audience,
    }  # fmt: skip
    if "@provenance" in values:
        right["provenance"] = values["@provenance"]
    if right["visibility"] in ("public", "partner", "private"):
        right["audience"] = audience_of(kind.state(record.status), right["visibility"])
    right["title_en"], right["title_zh"] = titles(kind, body)
    right["region"] = body.get(kind.region) if kind.region else None
    if kind.name == "organisation":
        right["organisation"] = record.key
    else:
        right["organisation"] = body.get(kind.organisation) if kind.organisation else None
    wrong = [name for name, value in right.items() if getattr(record, name) != value]
    fields = sorted(n for n in {*record.body, *body} if record.body.get(n) != body.get(n))
    if wrong:
        checked.findings.append(
            Finding(
                f"record {record.key} revision {last['number']}",
                Sentence(
                    "is not what the record says now: {columns} differ",
                    {"columns": ", ".join([n for n in wrong if n != "body"] + fields)},
                ),
            )
        )


def _check_derived(
    checked: Checked, kind: Kind, record: Record, derived: tuple[list[tuple[Any, ...]], ...],
    codes: Mapping[tuple[str, str, str], str],
) -> None:  # fmt: skip
    for name, stored, right in (
        ("facets", derived[0], facet_rows(kind, record)),
        ("links", derived[1], pointer_rows(kind, record)),
        ("identifiers", derived[2], identifier_rows(kind, record)),
        ("figures", derived[3], [] if record.merged_into_id else figures_of(kind, record)),
        ("card", derived[4], _card(kind, record, codes)),
    ):
        there: Counter[Hashable] = Counter(stored)
        should: Counter[Hashable] = Counter(right)
        if there != should:
            checked.findings.append(
                Finding(
                    f"record {record.key}",
                    Sentence(
                        "its {what} are not those of its fields: {missing} missing, {more} too many",
                        {
                            "what": Sentence(name),
                            "missing": (should - there).total(),
                            "more": (there - should).total(),
                        },
                    ),
                )
            )


_CARD = (
    "kind", "audience", "organisation", "region", "created_by", "updated_at", "due_on", "name_en", "name_zh",
    "public_codes", "partner_codes", "private_codes",
)  # fmt: skip


def _card(kind: Kind, record: Record, codes: Mapping[tuple[str, str, str], str]) -> list[tuple[Any, ...]]:
    if record.merged_into_id is not None:
        return []
    facets = facets_of(kind, record)
    return [
        (
            kind.name, record.audience, record.organisation, record.region, record.created_by, record.updated_at,
            record.due_on, folded(record.title_en), folded(record.title_zh),
            *("".join(codes.get((kind.name, *value), "?") for value in facets[circle]) for circle in VISIBILITIES),
        )
    ]  # fmt: skip


def _check_merges(checked: Checked) -> None:
    """Who leads to whom is not part of a revision: the log says it, and the row has to agree."""
    said: dict[str, str | None] = {}
    acts = AuditEntry.objects.filter(act__in=("merge", "unmerge")).order_by("number")
    for entry in acts.iterator(chunk_size=PIECE):
        said[entry.subject.removeprefix("record:")] = (
            entry.details.get("into") if entry.act == "merge" else None
        )
    rows = Record.objects.filter(merged_into__isnull=False).values_list("key", "merged_into__key")
    there = dict(rows.iterator(chunk_size=PIECE))
    running = dict(
        Merge.objects.filter(undone_at=None)
        .values_list("absorbed__key", "survivor__key")
        .iterator(chunk_size=PIECE)
    )
    for key in sorted({*said, *there, *running}):
        if not said.get(key) == there.get(key) == running.get(key):
            checked.findings.append(
                Finding(
                    f"record {key}",
                    Sentence(
                        "leads to {there}, and the log says {said}",
                        {"there": there.get(key) or "-", "said": said.get(key) or "-"},
                    ),
                )
            )


def _check_files(registry: Registry, checked: Checked, progress: Progress) -> None:
    rows = (
        Attachment.objects.filter(erased_at=None)
        .order_by("sha256", "pk")
        .values_list("sha256", "size", "record__key", "name")
    )
    total = rows.values("sha256").distinct().count()
    last = ""
    for sha256, size, key, name in rows.iterator(chunk_size=PIECE):
        if sha256 == last:
            continue
        last = sha256
        checked.files += 1
        path = place(registry.attachments, sha256)
        what = None
        if not path.is_file():
            what = "the file {name!r} of record {key} is not on the disk"
        elif path.stat().st_size != size or _sha256_of(path) != sha256:
            what = "the file {name!r} of record {key} was changed on the disk"
        if what:
            checked.findings.append(Finding(f"file {sha256}", Sentence(what, {"name": name, "key": key})))
        progress("reading the files", checked.files, total)


def _sha256_of(path: Any) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Files of records: taken in, handed out, taken off, and swept when nothing names them any more.

The content lies under its SHA-256 in the attachments folder, so the same file twice is there once. It is in place before
the transaction that names it ends, and removed only after the one that forgets it: whatever happens in between, no record
names a file that is not there.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from foretrack.corpus.atomic import TEMPORARY_SUFFIX, Checkpoint, disk_errors, fsync_folder, no_checkpoint
from foretrack.foundation.errors import InputError, OutsideError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError, may, refusal, require, visible
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import find_record, may_edit, page_of, subject_of
from foretrack.registry.actions.records import check_revision, no_file
from foretrack.registry.actions.writing import Draft, covering, unfold, write
from foretrack.registry.answers import AttachedFile, RecordPage
from foretrack.registry.declaring.fields import File, Json, Visibility
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.files.content import check_declared, media_type_of
from foretrack.registry.files.names import checked_name, disposition, extension
from foretrack.registry.models import Attachment, Record
from foretrack.registry.registry import Registry

PIECE = 1 << 20
ABANDONED_SECONDS = 3600
"""A file under a temporary name that nobody has written to for so long was left by a process that died."""


def attach(
    registry: Registry, actor: Actor, key: str, field: str, content: BinaryIO, name: str, *, revision: int,
    checkpoint: Checkpoint = no_checkpoint,
) -> RecordPage:  # fmt: skip
    """Takes a file into a field of a record (beside those that are there where the field holds several).

    Args:
        content: read to its end, or to where it becomes too long; nothing is kept of a file that is refused.
        name: as the person calls it.
        revision: the one that the actor read.

    InputError for a file that is too long, of a type that the field does not declare, or not what its name says;
    OutsideError when the disk is full, and nothing half-done then.
    """
    kind, record, circle = find_record(registry, actor, key)
    declared = _checked(actor, kind, record, circle, field)
    check_revision(record, revision)
    called = checked_name(name)
    with _taken_in(registry.attachments, content, declared.max_bytes) as (temporary, sha256, size):
        with temporary.open("rb") as file:
            media_type = media_type_of(file, size, extension(called))
        check_declared(media_type, extension(called), declared.media_types)
        checkpoint("checked")
        with transaction.atomic():
            head = take_number()
            kind, record, circle = find_record(registry, actor, key)
            declared = _checked(actor, kind, record, circle, field)
            check_revision(record, revision)
            body = _with_file(declared, record.body, sha256)
            # Inside the transaction and always, even where the same content lies there: the sweep waits for its end.
            put_in_place(registry.attachments, temporary, sha256)
            checkpoint("in place")
            if not Attachment.objects.filter(
                record=record, field=field, sha256=sha256, erased_at=None
            ).exists():
                Attachment.objects.create(
                    record=record, field=field, sha256=sha256, name=called, media_type=media_type, size=size,
                    at=registry.now(), by=actor.key,
                )  # fmt: skip
            unfold(
                kind, record, Draft(body, record.status, record.visibility, record.provenance), registry.now()
            )
            revisions = write(registry, actor, [(kind, record)], "attach", head.number + 1)
            log(
                registry, actor, "attach", f"record:{record.key}",
                details={
                    "kind": kind.name, "field": field, "size": size, "media_type": media_type, **covering(revisions),
                },
                head=head,
            )  # fmt: skip
            checkpoint("written")
    return page_of(registry, actor, kind, record, circle)


def detach(
    registry: Registry, actor: Actor, key: str, field: str, sha256: str, *, revision: int
) -> RecordPage:
    """Takes a file out of a field. It stays readable in the record's history; only an erasure removes it."""
    with transaction.atomic():
        head = take_number()
        kind, record, circle = find_record(registry, actor, key)
        declared = _checked(actor, kind, record, circle, field)
        check_revision(record, revision)
        held = declared.facet_values(record.body.get(field))
        if sha256 not in held:
            raise no_file(sha256)
        left = [value for value in held if value != sha256]
        body = {name: value for name, value in record.body.items() if name != field}
        if left:
            body[field] = left
        unfold(kind, record, Draft(body, record.status, record.visibility, record.provenance), registry.now())
        revisions = write(registry, actor, [(kind, record)], "detach", head.number + 1)
        log(
            registry, actor, "detach", f"record:{record.key}",
            details={"kind": kind.name, "field": field, **covering(revisions)}, head=head,
        )  # fmt: skip
    return page_of(registry, actor, kind, record, circle)


def files_of(registry: Registry, actor: Actor, key: str) -> tuple[AttachedFile, ...]:
    """Files that a record has now, in the order of its fields, as far as the actor may see the fields."""
    kind, record, circle = find_record(registry, actor, key)
    found = []
    for f in kind.fields:
        if isinstance(f, File) and _may_see(actor, kind, record, circle, f):
            held = f.facet_values(record.body.get(f.name))
            rows = Attachment.objects.filter(record=record, field=f.name, erased_at=None, sha256__in=held)
            by_hash = {row.sha256: row for row in rows}
            found += [_answer(registry, record, by_hash[sha]) for sha in held if sha in by_hash]
    return tuple(found)


def read(registry: Registry, actor: Actor, key: str, sha256: str) -> AttachedFile:
    """A file of a record, for whoever may see the field that holds it.

    One that was taken off is still handed to whoever sees the record's private part, whose history shows it.
    InputError when there is none that the actor may see; OutsideError when the content has gone from the disk.
    """
    kind, record, circle = find_record(registry, actor, key, follow=False)
    for row in Attachment.objects.filter(record=record, sha256=sha256.lower(), erased_at=None).order_by("pk"):
        f = kind.by_name.get(row.field)
        if not isinstance(f, File) or not _may_see(actor, kind, record, circle, f):
            continue
        if row.sha256 in f.facet_values(record.body.get(f.name)) or circle == "private":
            return _whole(registry, record, row)
    raise no_file(sha256)


def handed(registry: Registry, record: Record, sha256: str) -> AttachedFile:
    """A file of a record, with no question asked: the caller has decided who may read it. Errors as of `read`."""
    row = Attachment.objects.filter(record=record, sha256=sha256, erased_at=None).order_by("pk").first()
    if row is None:
        raise no_file(sha256)
    return _whole(registry, record, row)


def _whole(registry: Registry, record: Record, row: Attachment) -> AttachedFile:
    answer = _answer(registry, record, row)
    path = Path(answer.path)
    if not path.is_file() or path.stat().st_size != row.size:
        raise OutsideError.of(
            "the content of the file {sha256} is not on the disk", expected="the file as it was attached",
            do="put it back from a backup; `foretrack doctor` lists all that are missing", sha256=row.sha256,
        )  # fmt: skip
    return answer


def _answer(registry: Registry, record: Record, row: Attachment) -> AttachedFile:
    return AttachedFile(
        record.key, row.field, row.sha256, row.name, row.media_type, row.size,
        str(place(registry.attachments, row.sha256)), safe_headers(row.name, row.media_type, row.size, row.sha256),
    )  # fmt: skip


def safe_headers(name: str, media_type: str, size: int, sha256: str) -> Mapping[str, str]:
    """HTTP headers under which nothing in the file can run in the site's name."""
    text = media_type.startswith("text/")
    return {
        "Content-Type": f"{media_type}; charset=utf-8" if text else media_type,
        "Content-Length": str(size),
        "Content-Disposition": disposition(name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{sha256}"',
    }


def _may_see(actor: Actor, kind: Kind, record: Record, circle: Visibility, f: File) -> bool:
    personal = (
        not f.personal or f.visibility == "public" or may(actor, "read personal", subject_of(kind, record))
    )
    return visible(f.visibility, circle) and personal


def _checked(actor: Actor, kind: Kind, record: Record, circle: Visibility, field: str) -> File:
    declared = kind.field(field)
    if not isinstance(declared, File):
        raise InputError.of(
            "{field} of the kind {kind} holds no file", expected="one of {fields}", do="name another field",
            field=field, kind=kind.name,
            fields=", ".join(f.name for f in kind.fields if isinstance(f, File)) or "(none)",
        )  # fmt: skip
    subject = subject_of(kind, record)
    require(actor, "attach", subject)
    if not may_edit(actor, kind, record, subject):
        if may(actor, "edit", subject):
            raise InputError.of(
                "a {kind} that is {status!r} can no longer be changed", expected="a state that allows it",
                do="make a transition first, if one leads back", kind=kind.name, status=record.status,
            )  # fmt: skip
        raise refusal(actor, "edit this record")
    if not _may_see(actor, kind, record, circle, declared):
        raise AccessError.of(
                "you may not change {fields}", expected="fields that you may see", do="leave them out", fields=field,
            )  # fmt: skip
    return declared


def _with_file(declared: File, body: Mapping[str, Json], sha256: str) -> dict[str, Json]:
    if not declared.many:
        return {**body, declared.name: sha256}
    held = [value for value in body.get(declared.name) or () if value != sha256]
    if len(held) >= declared.most:
        raise InputError.of(
            "{n} files",
            expected="at most {most}",
            do="take one off first",
            n=len(held) + 1,
            most=declared.most,
        )
    return {**body, declared.name: [*held, sha256]}


def place(folder: Path, sha256: str) -> Path:
    """Where the content with a hash lies."""
    return folder / sha256[:2] / sha256


@contextmanager
def _taken_in(folder: Path, content: BinaryIO, most: int) -> Iterator[tuple[Path, str, int]]:
    """The content in a temporary file, which is gone afterwards unless it was put in place; its SHA-256 and size."""
    temporary = folder / f".{secrets.token_hex(12)}{TEMPORARY_SUFFIX}"
    digest, size = hashlib.sha256(), 0
    try:
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as file:
                while piece := content.read(PIECE):
                    size += len(piece)
                    if size > most:
                        raise InputError.of(
                            "the file is larger than {most} MB", expected="at most {most} MB",
                            do="make it smaller, for instance by fewer or smaller pictures",
                            most=f"{most / 1024**2:g}",
                        )  # fmt: skip
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        yield temporary, digest.hexdigest(), size
    finally:
        temporary.unlink(missing_ok=True)


def put_in_place(folder: Path, temporary: Path, sha256: str) -> None:
    """Renames a whole, durable file to the place of its hash; OutsideError when the disk refuses."""
    final = place(folder, sha256)
    with disk_errors(final):
        final.parent.mkdir(exist_ok=True)
        temporary.replace(final)
        fsync_folder(final.parent)
        fsync_folder(folder)


def forget_files(registry: Registry, record: Record, fields: Sequence[str]) -> int:
    """Forgets the files of some fields, for an erasure: rows lose name and hash, content goes once nothing names it.

    Runs inside the caller's transaction; the content is removed when that has ended well.
    """
    rows = list(Attachment.objects.filter(record=record, field__in=fields, erased_at=None))
    hashes = {row.sha256 for row in rows}
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).update(
        name="", sha256="", size=0, erased_at=registry.now()
    )
    if hashes:
        transaction.on_commit(lambda: _remove_unnamed(registry, hashes))
    return len(rows)


def _remove_unnamed(registry: Registry, hashes: set[str]) -> None:
    with transaction.atomic():
        take_number()  # so that nobody attaches the same content while it goes
        named = set(
            Attachment.objects.filter(sha256__in=hashes, erased_at=None).values_list("sha256", flat=True)
        )
        for sha256 in hashes - named:
            _overwrite(place(registry.attachments, sha256))


def _overwrite(path: Path) -> None:
    with disk_errors(path):
        path.unlink(missing_ok=True)


def strays(registry: Registry) -> tuple[Path, ...]:
    """Content that no record names, and temporary files that nobody has written to for an hour.

    They are left by a process that was killed, or by a transaction that failed, between the file and its record.
    """
    found = []
    for path in sorted(registry.attachments.glob(f".*{TEMPORARY_SUFFIX}")):
        if registry.now().timestamp() - path.stat().st_mtime > ABANDONED_SECONDS:
            found.append(path)
    for folder in sorted(p for p in registry.attachments.glob("??") if p.is_dir()):
        there = {path.name for path in folder.iterdir()}
        named = Attachment.objects.filter(sha256__in=there, erased_at=None).values_list("sha256", flat=True)
        found += [folder / name for name in sorted(there - set(named))]
    return tuple(found)


def sweep(registry: Registry) -> tuple[str, ...]:
    """Names of the files that were removed: `strays`, while nobody can attach one of them again."""
    with transaction.atomic():
        take_number()
        found = strays(registry)
        for path in found:
            path.unlink(missing_ok=True)
    return tuple(path.name for path in found)

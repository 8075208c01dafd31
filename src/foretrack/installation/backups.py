"""Backups of an installation: one compressed archive with a manifest of hashes, made while people go on working.

The database is copied as it stands at one moment (SQLite's backup API, or pg_dump in one snapshot), then the files that
it names; those never change, so copy and files belong together. The archive is written under a temporary name and renamed
when all is in it. Not in it: corpus, results and vectors (their own folders, copied like any other), sessions, the
cache, and unless asked for the secret key.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, cast

from foretrack.corpus.atomic import TEMPORARY_SUFFIX, Checkpoint, disk_errors, fsync_folder, no_checkpoint
from foretrack.foundation.clock import Clock, system_clock
from foretrack.foundation.errors import InputError, OutsideError
from foretrack.foundation.progress import Progress, silent
from foretrack.installation.django import database
from foretrack.installation.opening import SETTINGS_FILE, configure, installation_of
from foretrack.installation.reading import DATABASE_FILE, DATABASE_VARIABLE, SECRET_FILE, Installation

FORMAT = 1
MANIFEST = "manifest.json"
POSTGRESQL_FILE = "registry.pgdump"
PASSING = ("django_session", "accounts_cache")
"""Tables whose rows are not copied: whoever holds a session's key is logged in."""
_NAME = re.compile(
    rf"{re.escape(DATABASE_FILE)}|{re.escape(POSTGRESQL_FILE)}|{re.escape(SETTINGS_FILE)}|{re.escape(SECRET_FILE)}"
    r"|attachments/[0-9a-f]{2}/[0-9a-f]{64}|packs/[^\x00]+"
)
_TRIES = 3
_ABANDONED_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    file: str
    size: int
    made_at: str
    foretrack: str
    database: str
    """`sqlite` or `postgresql`: it can be restored only into the same."""
    records: int
    files: int
    """Attached files."""
    log_number: int
    log_hash: str
    """The head of the audit log: written down elsewhere, it shows later that nobody rewrote the log."""
    missing: tuple[str, ...]
    """SHA-256 of attached files that were not on the disk."""
    secret_key: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    workspace: str
    made_at: str
    foretrack: str
    records: int
    files: int
    put_aside: str
    """Folder with what was there before; empty where nothing was."""


def default_name(installation: Installation, prefix: str = "", clock: Clock = system_clock) -> Path:
    """Where a backup goes when nobody says: `backups/` in the workspace, named by the moment."""
    return installation.workspace / "backups" / f"{prefix}{clock().strftime('%Y%m%d-%H%M%S')}.tar.zst"


def back_up(
    installation: Installation, target: Path, *, with_secret_key: bool = False, clock: Clock = system_clock,
    progress: Progress = silent, checkpoint: Checkpoint = no_checkpoint,
) -> Backup:  # fmt: skip
    """Writes a backup to a file that is not there yet, readable by its owner only.

    InputError when the file exists or there is no registry; OutsideError when the disk is full or pg_dump fails: then no
    file is there.
    """
    if target.exists():
        raise InputError.of(
            "{file} exists already", expected="a new file", do="name another one, or remove it", file=target
        )
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target.parent, clock)
    made_at = clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    copy = target.with_name(f".{target.name}.{os.getpid()}.copy{TEMPORARY_SUFFIX}")
    passing = target.with_name(f".{target.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        for attempt in range(_TRIES):
            progress("copying the database", attempt, None)
            copied = _copy_database(installation, copy)
            checkpoint("copied")
            missing = tuple(s for s in copied.hashes if not _attached(installation, s).is_file())
            # A file that went since was erased since: a copy that still has its record must not be kept.
            if not missing or attempt == _TRIES - 1:
                break
        backup = Backup(
            file=str(target), size=0, made_at=made_at, foretrack=metadata.version("foretrack"),
            database="postgresql" if installation.database else "sqlite", records=copied.records,
            files=len(copied.hashes) - len(missing), log_number=copied.log_number, log_hash=copied.log_hash,
            missing=missing, secret_key=with_secret_key,
        )  # fmt: skip
        with disk_errors(target):
            descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                _pack(
                    installation, out, copy, [h for h in copied.hashes if h not in missing], backup, progress
                )
                checkpoint("packed")
                out.flush()
                os.fsync(out.fileno())
            size = passing.stat().st_size
            passing.replace(target)
            fsync_folder(target.parent)
    finally:
        copy.unlink(missing_ok=True)
        passing.unlink(missing_ok=True)
    return replace(backup, size=size)


def _remove_abandoned(folder: Path, clock: Clock) -> None:
    """What a backup that was killed left behind a day ago or earlier: a copy of the database must not lie around."""
    for path in folder.glob(f".*.tar.zst.*{TEMPORARY_SUFFIX}"):
        if clock().timestamp() - path.stat().st_mtime > _ABANDONED_SECONDS:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Copied:
    records: int
    log_number: int
    log_hash: str
    hashes: tuple[str, ...]


def _attached(installation: Installation, sha256: str) -> Path:
    return installation.attachments / sha256[:2] / sha256


def _copy_database(installation: Installation, copy: Path) -> _Copied:
    copy.unlink(missing_ok=True)
    if installation.database:
        return _copy_postgresql(installation, copy)
    if not installation.database_file.is_file():
        raise InputError.of(
            "{workspace} has no registry yet", expected="a workspace with {file}",
            do="begin one, for instance with `foretrack user add`", workspace=installation.workspace, file=DATABASE_FILE,
        )  # fmt: skip
    with disk_errors(copy):
        try:
            return _copy_sqlite(installation.database_file, copy)
        except sqlite3.Error as error:
            if "full" in str(error):
                raise OSError(28, "No space left on device") from error
            raise OutsideError.of(
                "{file} cannot be copied: {error}", expected="a whole database that may be read",
                do="look at it with `foretrack doctor`", file=installation.database_file, error=str(error),
            ) from error  # fmt: skip


def _copy_sqlite(source: Path, copy: Path) -> _Copied:
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    there = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=60)
    here = sqlite3.connect(copy, isolation_level=None)
    try:
        # All pages in one step: one read transaction, which in WAL mode keeps no writer waiting.
        there.backup(here, pages=-1)
        here.execute("PRAGMA journal_mode=DELETE")
        here.execute("PRAGMA secure_delete=ON")
        tables = {name for (name,) in here.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in PASSING:
            if table in tables:
                here.execute(f'DELETE FROM "{table}"')
        if (found := here.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(found)
        return _counted(lambda query: here.execute(query).fetchall())
    finally:
        here.close()
        there.close()


def _counted(ask: Any) -> _Copied:
    head = ask("SELECT number, hash FROM registry_audithead ORDER BY id LIMIT 1")
    hashes = ask(
        "SELECT DISTINCT sha256 FROM registry_attachment WHERE erased_at IS NULL AND sha256 <> '' ORDER BY sha256"
    )
    return _Copied(
        records=ask("SELECT COUNT(*) FROM registry_record")[0][0],
        log_number=head[0][0] if head else 0,
        log_hash=head[0][1] if head else "",
        hashes=tuple(row[0] for row in hashes),
    )


def _copy_postgresql(installation: Installation, copy: Path) -> _Copied:
    configure(installation)
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchone()

        def ask(query: str) -> list[Any]:
            cursor.execute(query)
            return cast("list[Any]", cursor.fetchall())

        counted = _counted(ask)
        _run_postgresql(
            installation, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}",
            *(f"--exclude-table-data={table}" for table in PASSING), f"--file={copy}",
        )  # fmt: skip
    copy.chmod(0o600)
    return counted


def _run_postgresql(installation: Installation, program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL against the installation's database; OutsideError with what it said."""
    found = shutil.which(program)
    if found is None:
        raise OutsideError.of(
            "{program} is not installed", expected="PostgreSQL's own programs on the PATH",
            do="install the package postgresql-client of the server's version", program=program,
        )  # fmt: skip
    where = database(installation)
    environment = {**os.environ, "PGPASSWORD": where["PASSWORD"]} if where["PASSWORD"] else dict(os.environ)
    options = [
        f"--{name}={where[key]}"
        for name, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER"))
        if where[key]
    ]
    done = subprocess.run(
        [found, *options, f"--dbname={where['NAME']}", "--no-password", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise OutsideError.of(
            "{program} failed: {said}", expected="a server of the same or an older version that can be reached",
            do="mend what it says and run the same command again", program=program,
            said=next((line for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr.strip()[:300]),
        )  # fmt: skip


class _Hashed:
    """A file that is read and hashed at once, since an archive takes each file in one go."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _pack(
    installation: Installation,
    out: BinaryIO,
    copy: Path,
    hashes: Sequence[str],
    backup: Backup,
    progress: Progress,
) -> None:
    import zstandard

    packed: list[Packed] = []
    with (
        zstandard.ZstdCompressor(level=6).stream_writer(out, closefd=False) as pressed,
        tarfile.open(fileobj=pressed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):

        def add(name: str, file: BinaryIO, size: int) -> None:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = size, 0o600
            hashed = _Hashed(file)
            archive.addfile(entry, cast("Any", hashed))
            packed.append(Packed(name, size, hashed.digest.hexdigest()))

        def add_file(name: str, path: Path) -> None:
            with path.open("rb") as file:
                add(name, file, os.fstat(file.fileno()).st_size)

        add_file(POSTGRESQL_FILE if installation.database else DATABASE_FILE, copy)
        names = [SETTINGS_FILE, *([SECRET_FILE] if backup.secret_key else [])]
        for name in names:
            if (path := installation.workspace / name).is_file():
                content = path.read_bytes()
                add(name, io.BytesIO(content), len(content))
        for path in sorted(p for p in installation.packs.rglob("*") if p.is_file() and not p.is_symlink()):
            content = path.read_bytes()
            add(f"packs/{path.relative_to(installation.packs).as_posix()}", io.BytesIO(content), len(content))
        for n, sha256 in enumerate(hashes, 1):
            add_file(f"attachments/{sha256[:2]}/{sha256}", _attached(installation, sha256))
            progress("packing the files", n, len(hashes))
        said = {"format": FORMAT, **asdict(backup), "contents": [asdict(one) for one in packed]}
        del said["file"], said["size"]
        content = json.dumps(said, ensure_ascii=False, indent=1).encode()
        # Last, so that an archive that was cut off has none.
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))


def restore(
    file: Path, workspace: Path, environment: Mapping[str, str], *, overwrite: bool = False, clock: Clock = system_clock,
    progress: Progress = silent,
) -> Restored:  # fmt: skip
    """Puts a backup into a workspace, which may be a new folder.

    Everything is unpacked beside and compared with the manifest first; only then is anything moved to its place, the
    database last. A registry that is there is put aside with --overwrite, never removed; a PostgreSQL database must be
    empty, or is replaced in one transaction. Stop the site and the workers before.

    InputError for a file that is no backup, is damaged, or is of another kind of database; and where there is a registry.
    """
    if not file.is_file():
        raise InputError.of("there is no file {file}", expected="a backup", do="check the name", file=file)
    with disk_errors(workspace):
        workspace.mkdir(parents=True, exist_ok=True)
    unpacked = workspace / f".restore.{os.getpid()}{TEMPORARY_SUFFIX}"
    try:
        manifest = _unpack(file, unpacked, progress)
        installation = _checked_target(unpacked, workspace, environment, manifest, overwrite)
        stamp = clock().strftime("%Y%m%d-%H%M%S")
        aside = _put_in_place(unpacked, workspace, manifest, workspace / f"before-restore-{stamp}")
        if manifest["database"] == "postgresql":
            _restore_postgresql(installation, unpacked / POSTGRESQL_FILE, overwrite)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return Restored(
        workspace=str(workspace), made_at=manifest["made_at"], foretrack=manifest["foretrack"],
        records=manifest["records"], files=manifest["files"], put_aside=aside,
    )  # fmt: skip


def _damaged(file: Path, why: str) -> InputError:
    return InputError.of(
        "{file} is no whole backup: {why}", expected="a file that `foretrack backup` wrote",
        do="take another copy of it", file=file, why=why,
    )  # fmt: skip


def _unpack(file: Path, folder: Path, progress: Progress) -> dict[str, Any]:
    import zstandard

    found: dict[str, Packed] = {}
    manifest: dict[str, Any] | None = None
    with disk_errors(folder), file.open("rb") as source:
        folder.mkdir(mode=0o700)
        try:
            with (
                zstandard.ZstdDecompressor().stream_reader(source) as opened,
                tarfile.open(fileobj=opened, mode="r|") as archive,
            ):
                for n, entry in enumerate(archive):
                    progress("unpacking", n, None)
                    content = archive.extractfile(entry) if entry.isreg() else None
                    if content is None or manifest is not None or entry.name in found:
                        raise _damaged(file, f"{entry.name!r} does not belong there")
                    if entry.name == MANIFEST:
                        manifest = json.loads(content.read())
                        continue
                    if not _NAME.fullmatch(entry.name) or ".." in entry.name.split("/") or "\\" in entry.name:
                        raise _damaged(file, f"{entry.name!r} does not belong there")
                    found[entry.name] = _unpack_one(content, folder / entry.name, entry.name)
        except (zstandard.ZstdError, tarfile.TarError, EOFError, ValueError) as error:
            raise _damaged(file, str(error).splitlines()[0] if str(error) else "it is cut off") from error
    if manifest is None:
        raise _damaged(file, "it is cut off")
    if manifest.get("format") != FORMAT:
        raise InputError.of(
            "{file} has the format {format}", expected="the format {known}", do="restore it with a newer Foretrack",
            file=file, format=manifest.get("format"), known=FORMAT,
        )  # fmt: skip
    told = {one["name"]: Packed(**one) for one in manifest["contents"]}
    if told != found:
        wrong = next(name for name in sorted({*told, *found}) if told.get(name) != found.get(name))
        raise _damaged(file, f"{wrong!r} is not what the manifest says")
    return manifest


def _unpack_one(content: Any, path: Path, name: str) -> Packed:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while piece := content.read(1 << 20):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return Packed(name, size, digest.hexdigest())


def _checked_target(
    unpacked: Path,
    workspace: Path,
    environment: Mapping[str, str],
    manifest: Mapping[str, Any],
    overwrite: bool,
) -> Installation:
    own = workspace / SETTINGS_FILE
    if not own.is_file():
        # The settings in the backup may name the database from which it came, which a restore elsewhere never touches.
        if manifest["database"] == "postgresql" and not environment.get(DATABASE_VARIABLE):
            raise InputError.of(
                "nothing says into which database the backup shall go", expected="{variable}, or a foretrack.toml there",
                do="set {variable} to the address of an empty database", variable=DATABASE_VARIABLE,
            )  # fmt: skip
        installation = installation_of(unpacked, environment)
        installation = replace(installation, workspace=workspace)
    else:
        installation = installation_of(workspace, environment)
    kind = "postgresql" if installation.database else "sqlite"
    if kind != manifest["database"]:
        raise InputError.of(
            "the backup is of {there}, and the workspace uses {here}", expected="the same kind of database",
            do="change [registry] database in foretrack.toml", there=manifest["database"], here=kind,
        )  # fmt: skip
    if kind == "sqlite" and installation.database_file.exists():
        if not overwrite:
            raise InputError.of(
                "{workspace} has a registry already", expected="a workspace without one",
                do="restore into another folder, or add --overwrite", workspace=workspace,
            )  # fmt: skip
        with _nobody_writes(installation.database_file):
            pass
    return installation


@contextmanager
def _nobody_writes(path: Path) -> Iterator[None]:
    connection = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
        # Into the file itself, so that it is whole when it is put aside without its write-ahead log.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield
    except sqlite3.OperationalError as error:
        raise OutsideError.of(
            "somebody writes to {file}", expected="a registry that nobody uses", do="stop the site and the workers first",
            file=path, 
        ) from error  # fmt: skip
    finally:
        connection.close()


def _put_in_place(unpacked: Path, workspace: Path, manifest: Mapping[str, Any], aside: Path) -> str:
    """Moves what was unpacked to its place; what stood there is moved aside. The database comes last."""

    def put(name: str) -> None:
        there = workspace / name
        if there.exists():
            kept = aside / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            there.replace(kept)
        there.parent.mkdir(parents=True, exist_ok=True)
        (unpacked / name).replace(there)

    with disk_errors(workspace):
        names = [one["name"] for one in manifest["contents"]]
        for name in names:
            if name.startswith("attachments/"):
                # The content is the same wherever it lies under its hash.
                wanted = not _same(unpacked / name, workspace / name)
            elif name == SETTINGS_FILE:
                wanted = not (workspace / name).exists()
            else:
                wanted = name.startswith("packs/") or name == SECRET_FILE
            if wanted:
                put(name)
        if DATABASE_FILE in names:
            for suffix in ("-wal", "-shm", "-journal"):
                if (beside := workspace / f"{DATABASE_FILE}{suffix}").exists():
                    aside.mkdir(parents=True, exist_ok=True)
                    beside.replace(aside / beside.name)
            put(DATABASE_FILE)
        fsync_folder(workspace)
    return str(aside) if aside.exists() else ""


def _same(one: Path, other: Path) -> bool:
    if not other.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as mine, other.open("rb") as theirs:
        return hashlib.file_digest(mine, "sha256").digest() == hashlib.file_digest(theirs, "sha256").digest()


def _restore_postgresql(installation: Installation, copy: Path, overwrite: bool) -> None:
    configure(installation)
    from django.db import connection

    there = connection.introspection.table_names()
    connection.close()
    if there and not overwrite:
        raise InputError.of(
            "the database has {n} tables already", expected="an empty database",
            do="make a new one, or add --overwrite", n=len(there),
        )  # fmt: skip
    clean = ["--clean", "--if-exists"] if there else []
    _run_postgresql(
        installation, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", *clean,
        str(copy),
    )  # fmt: skip

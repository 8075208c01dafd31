"""Backups made while somebody writes, put back elsewhere; and files that are no backup."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest
import zstandard
from tests.faults.conftest import BEGIN, ROOT, run

from foretrack.foundation.errors import InputError, OutsideError
from foretrack.installation.backups import MANIFEST, back_up, restore
from foretrack.installation.opening import installation_of

FILL = """
from io import BytesIO
from foretrack.packs.shapes import Bilingual
from foretrack.registry.actions.attachments import attach
from foretrack.registry.declaring.fields import File, Text
from foretrack.registry.declaring.kind import Kind, State
label = Bilingual("Note", "笔记")
registry.kinds.add(Kind(name="invented-note", label=label, plural=label, fields=(
    Text(name="title", label=label), File(name="paper", label=label)), states=(State(name="open", label=label),)))
def note(n):
    key = create(registry, OPERATOR, "invented-note", {"title": f"Note {n}"}).key
    attach(registry, OPERATOR, key, "paper", BytesIO(b"Invented words %d." % n), f"{n}.txt", revision=1)
    return key
"""

LOOP = (
    FILL
    + """
stop, n = Path(sys.argv[2]), 0
while not stop.exists():
    note(n)
    n += 1
    if n == 20:
        (workspace / "busy").touch()
print(n)
"""
)

LOOK = (
    FILL
    + """
checked = check_history(registry)
print(json.dumps({
    "findings": [str(f) for f in checked.findings], "files": checked.files, "records": checked.records,
    "digests": list(Revision.objects.order_by("record__key", "number").values_list("digest", flat=True)),
    "log": list(AuditEntry.objects.order_by("number").values_list("hash", flat=True)),
}))
"""
)


def look(workspace: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(LOOK, workspace))
    return found


@pytest.fixture
def filled(workspace: Path) -> Path:
    run(FILL + "for n in range(5):\n    note(n)\n", workspace)
    pack = workspace / "packs" / "invented"
    pack.mkdir(parents=True)
    (pack / "note.txt").write_text("Invented.", encoding="utf-8")
    return workspace


def test_a_backup_made_while_somebody_writes_is_one_moment_and_checks_elsewhere(
    workspace: Path, tmp_path: Path
) -> None:
    stop = tmp_path / "stop"
    writer = subprocess.Popen(
        [sys.executable, "-c", BEGIN + LOOP, str(workspace), str(stop)], cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        waited = time.monotonic() + 60
        while not (workspace / "busy").exists() and time.monotonic() < waited:
            time.sleep(0.05)
        made = back_up(installation_of(workspace, {}), tmp_path / "b.tar.zst")
    finally:
        stop.touch()
        printed, _ = writer.communicate(timeout=60)
    assert int(printed) > made.records > 0

    done = restore(tmp_path / "b.tar.zst", tmp_path / "elsewhere", {})
    there, here = look(tmp_path / "elsewhere"), look(workspace)

    assert there["findings"] == here["findings"] == []
    assert (done.records, done.files) == (there["records"], there["files"])
    assert there["log"] == here["log"][: made.log_number]
    assert there["log"][-1] == made.log_hash
    assert set(there["digests"]) <= set(here["digests"])
    assert made.missing == ()


def test_what_lies_in_a_backup_and_who_may_read_it(filled: Path, tmp_path: Path) -> None:
    installation = installation_of(filled, {})
    made = back_up(installation, tmp_path / "b.tar.zst")

    names = members(tmp_path / "b.tar.zst")
    assert names[0] == "registry.sqlite3"
    assert names[-1] == MANIFEST
    assert {"foretrack.toml", "packs/invented/note.txt"} < set(names)
    assert "secret.key" not in names
    assert sum(name.startswith("attachments/") for name in names) == made.files == 5
    assert stat.S_IMODE((tmp_path / "b.tar.zst").stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.tar.zst", "workspace"]
    back_up(installation, tmp_path / "key.tar.zst", with_secret_key=True)
    assert "secret.key" in members(tmp_path / "key.tar.zst")
    with pytest.raises(InputError, match="exists already"):
        back_up(installation, tmp_path / "b.tar.zst")


def members(file: Path) -> list[str]:
    with zstandard.open(file, "rb") as opened, tarfile.open(fileobj=opened, mode="r|") as archive:
        return [entry.name for entry in archive]


def test_a_registry_that_is_there_is_put_aside_and_never_lost(filled: Path, tmp_path: Path) -> None:
    back_up(installation_of(filled, {}), tmp_path / "b.tar.zst")
    before = look(filled)
    run(FILL + "for n in range(5, 9):\n    note(n)\n", filled)
    later = look(filled)

    with pytest.raises(InputError, match="has a registry already"):
        restore(tmp_path / "b.tar.zst", filled, {})
    assert look(filled) == later
    done = restore(tmp_path / "b.tar.zst", filled, {}, overwrite=True)

    assert look(filled) == before
    kept = tmp_path / "kept"
    shutil.copytree(filled, kept)
    for path in kept.glob("registry.sqlite3*"):
        path.unlink()
    shutil.copytree(done.put_aside, kept, dirs_exist_ok=True)
    assert look(kept)["log"] == later["log"]


def test_damaged_and_hostile_archives_change_nothing(filled: Path, tmp_path: Path) -> None:
    back_up(installation_of(filled, {}), tmp_path / "b.tar.zst")
    whole = (tmp_path / "b.tar.zst").read_bytes()

    def packed(*entries: tuple[str, bytes, bytes]) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for name, content, kind in entries:
                entry = tarfile.TarInfo(name)
                entry.size, entry.type = len(content), kind
                entry.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
                archive.addfile(entry, io.BytesIO(content))
        return zstandard.compress(out.getvalue())

    manifest = json.dumps({"format": 1, "contents": []}).encode()
    middle = len(whole) // 2
    for content in (
        b"", b"no archive", whole[:middle], whole[:-20], whole[:middle] + b"\0" * 8 + whole[middle + 8 :],
        packed(), packed((MANIFEST, b"{", tarfile.REGTYPE)), packed(("../outside", b"x", tarfile.REGTYPE)),
        packed(("packs/../../outside", b"x", tarfile.REGTYPE)), packed(("/etc/outside", b"x", tarfile.REGTYPE)),
        packed(("packs/link", b"", tarfile.SYMTYPE)),
        packed(("registry.sqlite3", b"x", tarfile.REGTYPE), (MANIFEST, manifest, tarfile.REGTYPE)),
        packed((MANIFEST, manifest, tarfile.REGTYPE), ("foretrack.toml", b"x", tarfile.REGTYPE)),
    ):  # fmt: skip
        bad = tmp_path / "bad.tar.zst"
        bad.write_bytes(content)
        with pytest.raises(InputError, match="no whole backup"):
            restore(bad, tmp_path / "new", {})
        assert list((tmp_path / "new").iterdir()) == []
    assert not (tmp_path / "outside").exists()
    bad.write_bytes(packed((MANIFEST, b'{"format": 2, "contents": []}', tarfile.REGTYPE)))
    with pytest.raises(InputError, match="format 2"):
        restore(bad, tmp_path / "new", {})


def test_a_backup_that_is_killed_leaves_no_file_that_looks_like_one(filled: Path, tmp_path: Path) -> None:
    for step in ("copied", "packed"):

        def dies(at: str, step: str = step) -> None:
            if at == step:
                os.kill(os.getpid(), signal.SIGKILL)

        target = tmp_path / f"{step}.tar.zst"
        child = os.fork()
        if child == 0:
            back_up(installation_of(filled, {}), target, checkpoint=dies)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert not target.exists()
        left = [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]
        assert left
        for path in left:
            os.utime(path, (0, 0))
        back_up(installation_of(filled, {}), target)
        assert not any(path.name.endswith(".tmp") for path in tmp_path.iterdir())


def test_a_file_that_is_not_on_the_disk_is_named(filled: Path, tmp_path: Path) -> None:
    gone = next(path for path in (filled / "attachments").rglob("*") if path.is_file())
    gone.unlink()

    assert back_up(installation_of(filled, {}), tmp_path / "b.tar.zst").missing == (gone.name,)
    assert restore(tmp_path / "b.tar.zst", tmp_path / "new", {}).files == 4
    assert [gone.name in finding for finding in look(tmp_path / "new")["findings"]] == [True]


def test_sessions_are_not_copied(filled: Path, tmp_path: Path) -> None:
    run(
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "session = SessionStore()\nsession['a'] = 'b'\nsession.save()\n",
        filled,
    )
    back_up(installation_of(filled, {}), tmp_path / "b.tar.zst")
    restore(tmp_path / "b.tar.zst", tmp_path / "new", {})

    count = "from django.contrib.sessions.models import Session\nprint(Session.objects.count())"
    assert run(count, filled).strip() == "1"
    assert run(count, tmp_path / "new").strip() == "0"


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="needs root on Linux to mount a tiny disk"
)
def test_a_full_disk_leaves_no_backup(filled: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a tmpfs here: {mounted.stderr.strip()}")
    try:
        with pytest.raises(OutsideError, match="disk is full"):
            back_up(installation_of(filled, {}), disk / "b.tar.zst")
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_registry_that_somebody_writes_to_is_not_replaced(filled: Path, tmp_path: Path) -> None:
    import sqlite3

    back_up(installation_of(filled, {}), tmp_path / "b.tar.zst")
    writer = sqlite3.connect(filled / "registry.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(OutsideError, match="somebody writes"):
            restore(tmp_path / "b.tar.zst", filled, {}, overwrite=True)
    finally:
        writer.close()

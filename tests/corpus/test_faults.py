"""Killed at any moment, on a full disk, beside another process: nothing is lost, doubled or half."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.corpus.conftest import column, read, row

from foretrack.corpus.columns import DOCUMENTS
from foretrack.corpus.manifest import Manifest
from foretrack.corpus.store import Changes, Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import ingest
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import OutsideError, SourceError

# Forks for every step a child that ingests and kills itself just before that step, until a child gets through.
INGEST_AND_DIE = """
import os, signal, sys
import duckdb, pandas  # before forking, so that no child has to
from pathlib import Path
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import ingest
from foretrack.foundation.clock import fixed_clock
from tests.corpus.conftest import read
step, status = 0, -9
while status == -9:
    step += 1
    child = os.fork()
    if child == 0:
        left = [step]
        def checkpoint(name):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        workspace = Workspace.create(Path(sys.argv[1]) / f"w{step}")
        ingest(workspace, [Path(sys.argv[2])], clock=fixed_clock("2026-01-01"), read=read, batch=5,
               checkpoint=checkpoint)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status)
"""


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(root), str(root / "src")])}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=root,
    )


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    return path


def contents(workspace: Workspace) -> list[dict[str, Any]]:
    """All that a view says. How often a document was revised depends on where batches end, so not that."""
    columns = [name for name in DOCUMENTS.names if name != "revision"]
    return [r for b in Corpus(workspace.corpus_dir).as_of(2100).batches(columns) for r in b.to_pylist()]


def visible(workspace: Workspace) -> str:
    """Hash of all bytes that a view of the corpus reads: equal bytes, equal view."""
    corpus, said = Corpus(workspace.corpus_dir), hashlib.sha256()
    manifest = corpus.manifest()
    for kind in ("documents", "superseded"):
        for part in manifest.parts[kind]:
            said.update(kind.encode() + (corpus.parts_directory / part.name).read_bytes())
    return said.hexdigest()


def ids_of(rows: list[dict[str, Any]]) -> set[str]:
    return {str(r["document_id"]) for r in rows}


ROWS = [row(n % 6, abstract=f"Version {n}") for n in range(8)] + [{"bad": "no title"}, row(9)]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and fork are of Unix: run these tests there")
def test_killed_at_any_step_the_next_run_completes(tmp_path: Path) -> None:
    path = write(tmp_path / "f.jsonl", ROWS)
    output, problem = run(INGEST_AND_DIE, tmp_path, path).communicate()
    assert not problem
    statuses = [int(line) for line in output.split()]
    assert statuses[-1] == 0
    assert set(statuses[:-1]) == {-9}
    assert len(statuses) > 20
    expected = contents(Workspace.open(tmp_path / f"w{len(statuses)}"))
    assert len(expected) == 7
    partly = 0
    views: dict[str, list[dict[str, Any]]] = {}

    def seen_in(workspace: Workspace) -> list[dict[str, Any]]:
        # Many steps lead to the same bytes; a view of them takes longer than all else here.
        at = visible(workspace)
        if at not in views:
            views[at] = contents(workspace)
        return views[at]

    for step in range(1, len(statuses)):
        killed = Workspace.open(tmp_path / f"w{step}")
        before = seen_in(killed)
        partly += 0 < len(before) < len(expected)
        assert ids_of(before) <= ids_of(expected)
        total = ingest(killed, [path], clock=fixed_clock("2026-01-01"), read=read, batch=5).total
        assert (total["read"], total["rejected"]) == (len(ROWS), 1)
        assert total["kept"] == len(expected) - len(before)
        assert seen_in(killed) == expected
        assert Corpus(killed.corpus_dir).check() == []
        assert Corpus(killed.corpus_dir).table("rejected").num_rows == 1
    assert partly


def test_a_full_disk_is_told_and_the_snapshot_is_intact(
    take: Callable[..., Any], workspace: Workspace
) -> None:
    take([row(1), row(2)])
    corpus = Corpus(workspace.corpus_dir)
    before = corpus.snapshot()
    steps: list[str] = []
    take([row(3)], checkpoint=steps.append)
    after = corpus.snapshot()
    for n in range(1, len(steps) + 1):
        left = [n]

        def checkpoint(step: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, "No space left on device")

        rows = [row(100 + n)]
        with pytest.raises(OutsideError, match="disk is full") as caught:
            take(rows, checkpoint=checkpoint)
        assert caught.value.retryable
        visible = corpus.snapshot() != after
        assert corpus.check() == [] or not visible
        # Only when the pointer had moved already is the document there; in each case the next run says so.
        total = take(rows).total
        assert (total["kept"], total["merged"]) == ((0, 1) if visible else (1, 0))
        after = corpus.snapshot()
        assert corpus.check() == []
    assert before != after
    assert corpus.as_of(2100).n_documents == 3 + len(steps)


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="needs root on Linux to mount a tiny disk"
)
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a tmpfs here: {mounted.stderr.strip()}")
    try:
        workspace = Workspace.create(disk / "workspace")
        small = write(tmp_path / "small.jsonl", [row(1)])
        ingest(workspace, [small], clock=fixed_clock("2026-01-01"), read=read)
        before = contents(workspace)
        rows = [
            row(n, abstract="".join(chr(0x4E00 + (n * i * i) % 20000) for i in range(300)))
            for n in range(2, 3000)
        ]
        large = write(tmp_path / "large.jsonl", rows)
        with pytest.raises(OutsideError, match="disk is full"):
            ingest(workspace, [large], clock=fixed_clock("2026-01-01"), read=read)
        assert contents(workspace) == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)


WRITE_IN_A_LOOP = """
import json, sys, time
from pathlib import Path
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import ingest
from foretrack.foundation.clock import fixed_clock
from tests.corpus.conftest import read, row
workspace, n = Workspace.open(Path(sys.argv[1])), 0
while not Path(sys.argv[2]).exists():
    n += 1
    path = Path(sys.argv[1]).parent / "loop.jsonl"
    path.write_text(json.dumps(row(1000 + n)) + "\\n" + json.dumps(row(1, abstract=f"Version {n}")))
    ingest(workspace, [path], clock=fixed_clock("2026-01-01"), read=read)
    time.sleep(0.3)
print(n)
"""


@pytest.mark.slow
def test_one_writes_while_another_reads(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    ingest(workspace, [write(tmp_path / "f.jsonl", [row(1)])], clock=fixed_clock("2026-01-01"), read=read)
    stop = tmp_path / "stop"
    process = run(WRITE_IN_A_LOOP, workspace.root, stop)
    corpus = Corpus(workspace.corpus_dir)
    seen = 1
    reads = 0
    # Opening the parts is what races with the writer; a whole view is dearer, so it is every fourth read.
    while reads < 120 or seen <= 3:
        reads += 1
        manifest = corpus.manifest()
        paths = [corpus.parts_directory / part.name for part in manifest.parts["documents"]]
        found = [
            i for path in paths for i in pq.read_table(path, columns=["source_id"])["source_id"].to_pylist()
        ]
        replaced = corpus.table("superseded", manifest).num_rows
        assert found.count("I1") == replaced + 1, "as many revisions as were replaced, and the latest"
        if reads % 4 == 0:
            documents = column(corpus.as_of(2100), "source_id")
            assert documents.count("I1") == 1, "the latest revision, once"
            assert len(documents) >= seen
            seen = len(documents)
    stop.touch()
    output, problem = process.communicate()
    assert not problem
    assert corpus.as_of(2100).n_documents == int(output) + 1
    assert seen > 3, "the other process wrote meanwhile"


HOLD = """
import sys
from pathlib import Path
from foretrack.corpus.store import Corpus
with Corpus(Path(sys.argv[1])).writer():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_is_refused_by_name(workspace: Workspace) -> None:
    process = run(HOLD, workspace.corpus_dir)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        with (
            pytest.raises(OutsideError, match=f"process {process.pid} on") as caught,
            Corpus(workspace.corpus_dir).writer(),
        ):
            pass
        assert caught.value.retryable
        with pytest.raises(OutsideError):
            Corpus(workspace.corpus_dir).clean()
    finally:
        process.kill()
        process.communicate()
    with Corpus(workspace.corpus_dir).writer() as writer:
        assert writer.commit(Changes()) == Manifest().snapshot


def test_what_a_killed_writer_left_is_found_and_removed(
    take: Callable[..., Any], workspace: Workspace
) -> None:
    take([row(1)])
    corpus = Corpus(workspace.corpus_dir)
    left = [
        corpus.parts_directory / ".documents-000002.parquet.1.tmp",
        corpus.parts_directory / "documents-000002.parquet",
        corpus.directory / "manifest-000002.json",
    ]
    for path in left:
        path.write_bytes(b"half")
    assert len(corpus.check()) == 3
    assert sorted(corpus.clean()) == sorted(left)
    assert corpus.check() == []
    assert corpus.as_of(2100).n_documents == 1


def test_damage_is_found(take: Callable[..., Any], workspace: Workspace) -> None:
    take([row(1)])
    corpus = Corpus(workspace.corpus_dir)
    documents = corpus.parts_directory / "documents-000001.parquet"
    documents.write_bytes(documents.read_bytes()[:100])
    keys = corpus.parts_directory / "keys-000001.parquet"
    keys.unlink()
    said = " ".join(corpus.check())
    assert "documents-000001.parquet has 100 bytes instead of" in said
    assert "keys-000001.parquet is missing" in said
    (corpus.directory / "CURRENT").write_text("manifest-000001.json")
    (corpus.directory / "manifest-000001.json").write_text("{")
    with pytest.raises(SourceError, match="damaged"):
        corpus.snapshot()

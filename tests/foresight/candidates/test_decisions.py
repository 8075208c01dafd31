"""What people decide about candidates of invented corpora: kept, signed, safe on disk, and never undone by a machine."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console
from tests.foresight.corpora import OF_THE_NEW_SOURCE, RISING, STEADY, made, planted

from foretrack.cli.main import run
from foretrack.corpus.lock import writer_lock
from foretrack.corpus.results import ResultStore
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.candidates import (
    Person,
    candidates,
    changes,
    decide,
    history,
    issue,
    mend,
    open_issue,
)
from foretrack.domains.foresight.actions.decisions_file import DecisionsFile
from foretrack.domains.foresight.actions.doctor import Finding, examine
from foretrack.domains.foresight.actions.results import Scan, open_scan
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.domains.foresight.actions.signing import key_file, make_signer, open_signer
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.candidates.candidate import (
    STAGES,
    TRANSITIONS,
    Candidate,
    list_from,
    moves_from,
)
from foretrack.domains.foresight.doors.candidate_pages import WIDE, diff_parts, list_parts, page_parts
from foretrack.domains.foresight.doors.speech import speak
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import EvidenceError, InputError, OutsideError, SourceError

CLOCK = fixed_clock("2026-01-01")
ANN, BO = Person("Ann"), Person("Bo")
HOSTILE = "two\nlines, =cmd|' /C calc'!A0 [red]x[/red] \x1b[31m \u202e 中文 \u0085 end"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scan, Scan]:
    """The planted world as of 2017 and 2020, made once."""
    root = tmp_path_factory.mktemp("candidates") / "w"
    workspace = made(root, planted(first=2008, per_year=36))
    scans = [
        scan(workspace, ScanRequest(as_of=year, packs=(), threads=1), clock=CLOCK) for year in (2017, 2020)
    ]
    return root, scans[0], scans[1]


@pytest.fixture
def world(scanned: tuple[Path, Scan, Scan], tmp_path: Path) -> tuple[Workspace, Scan, Scan]:
    """A workspace of its own that borrows the stored scans."""
    root, before, after = scanned
    workspace = Workspace.create(tmp_path / "w")
    workspace.results_dir.rmdir()
    workspace.results_dir.symlink_to(root / "results")
    return workspace, before, after


def line_of(workspace: Workspace, found: Scan, label: str) -> Candidate:
    return next(item for item in candidates(workspace, found).items if item.label == label)


def findings(workspace: Workspace, subject: str) -> list[Finding]:
    return [f for f in examine(workspace.root) if f.subject == subject]


class TestProposing:
    def test_a_machine_proposes_with_reasons_numbers_and_documents(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        workspace, _, now = world
        line = line_of(workspace, now, RISING)
        assert (line.stage, line.looked, line.proposed) == ("signal", "nobody looked", "candidate")
        assert line.shown is not None
        sure = next(reason for reason in line.reasons if reason.code == "growth_sure")
        assert sure.low is not None
        assert sure.low > 0
        assert sure.value == line.shown.growth
        assert line.shown.evidence
        assert (line.decided_by, line.decision, line.shown_then) == (None, None, None)

    def test_what_stays_the_same_is_no_signal(self, world: tuple[Workspace, Scan, Scan]) -> None:
        labels = {item.label for item in candidates(world[0], world[2]).items}
        assert not labels & set(STEADY)
        assert RISING in labels

    def test_proposing_writes_nothing(self, world: tuple[Workspace, Scan, Scan]) -> None:
        candidates(world[0], world[2])
        assert not DecisionsFile.of(world[0]).folder.exists()
        assert findings(world[0], "decisions") == []

    def test_a_list_survives_json(self, world: tuple[Workspace, Scan, Scan]) -> None:
        found = candidates(world[0], world[2])
        assert list_from(json.loads(json.dumps(to_json(found)))) == found


class TestDeciding:
    def test_each_step_is_recorded_with_what_it_rested_on(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, _, now = world
        seen = line_of(workspace, now, RISING).shown
        decide(workspace, now, RISING, to="candidate", why="it grows", by=ANN, clock=CLOCK)
        decide(workspace, now, RISING, to="under assessment", why="panel asked", by=BO, clock=CLOCK)
        line = decide(workspace, now, RISING, to="shortlisted", why="panel agrees", by=ANN, clock=CLOCK)

        assert (line.stage, line.looked, line.decided_by, line.why) == (
            "shortlisted", "decided", "Ann", "panel agrees",
        )  # fmt: skip
        told = history(workspace, now, RISING).decisions
        assert [(e.n, e.who, e.at) for e in told] == [
            (1, "Ann", "2026-01-01T00:00:00Z"), (2, "Bo", "2026-01-01T00:00:00Z"), (3, "Ann", "2026-01-01T00:00:00Z"),
        ]  # fmt: skip
        first = to_json(told[0])["body"]
        assert (first["basis"]["scan"], first["basis"]["snapshot"]) == (now.name, now.snapshot)
        assert first["shown"] == to_json(seen)

    def test_steps_cannot_be_skipped_and_the_possible_ones_are_said(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        with pytest.raises(InputError) as caught:
            decide(world[0], world[2], RISING, to="graduated", why="x", by=ANN, clock=CLOCK)
        assert caught.value.expected == "candidate or dropped"
        assert not DecisionsFile.of(world[0]).path.exists()
        assert not key_file(world[0], "Ann").exists()

    @pytest.mark.parametrize(("by", "why"), [("Ann", ""), ("Ann", "  \n"), ("", "x"), ("A" * 201, "x")])
    def test_a_name_and_a_reason_are_needed(
        self, world: tuple[Workspace, Scan, Scan], by: str, why: str
    ) -> None:
        with pytest.raises(InputError):
            decide(world[0], world[2], RISING, to="candidate", why=why, by=Person(by), clock=CLOCK)

    def test_from_every_open_stage_it_can_be_dropped_and_from_no_closed_one(self) -> None:
        for stage in STAGES:
            assert ("dropped" in moves_from(stage)) == (stage not in ("graduated", "dropped"))
        assert all(t.who == "person" for t in TRANSITIONS if t.before is not None)

    def test_a_dropped_one_is_reopened_by_a_new_decision_only(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        workspace, _, now = world
        decide(workspace, now, RISING, to="dropped", why="a fad", by=ANN, clock=CLOCK)

        line = line_of(workspace, now, RISING)
        assert (line.stage, line.proposed, line.decided_by) == ("dropped", "candidate", "Ann")

        again = decide(workspace, now, RISING, to="candidate", why="no fad", by=BO, clock=CLOCK)
        assert (again.stage, again.decision) == ("candidate", 2)
        assert len(history(workspace, now, RISING).decisions) == 2

    def test_unsure_is_neither_a_decision_nor_silence(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, _, now = world
        line = decide(workspace, now, RISING, to=None, why="needs a second look", by=ANN, clock=CLOCK)
        assert (line.stage, line.looked, line.proposed) == ("signal", "looked, unsure", "candidate")
        found = candidates(workspace, now)
        assert found.nobody_looked == sum(item.looked == "nobody looked" for item in found.items)
        assert found.nobody_looked == len(found.items) - 1

    def test_a_person_may_bring_in_what_no_machine_proposed(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        workspace, _, now = world
        line = decide(workspace, now, STEADY[0], to="candidate", why="we need it", by=ANN, clock=CLOCK)
        assert (line.stage, line.proposed) == ("candidate", None)
        with pytest.raises(InputError, match="is on no list yet"):
            decide(workspace, now, STEADY[1], to="dropped", why="x", by=ANN, clock=CLOCK)

    def test_a_machine_never_replaces_what_a_person_accepted(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        """Seen from an earlier year, in which the scan does not have it at all."""
        workspace, then, now = world
        decide(workspace, now, OF_THE_NEW_SOURCE, to="candidate", why="x", by=ANN, clock=CLOCK)

        line = line_of(workspace, then, OF_THE_NEW_SOURCE)

        assert (line.stage, line.looked, line.shown, line.matched_by) == ("candidate", "decided", None, None)
        assert [reason.code for reason in line.reasons] == ["not_in_scan"]
        assert line.shown_then is not None
        with pytest.raises(EvidenceError, match="no document"):
            decide(workspace, then, line.candidate, to="under assessment", why="x", by=ANN, clock=CLOCK)
        dropped = decide(workspace, then, line.candidate, to="dropped", why="gone", by=ANN, clock=CLOCK)
        assert dropped.stage == "dropped"

    def test_an_unknown_name_is_answered_with_near_ones(self, world: tuple[Workspace, Scan, Scan]) -> None:
        with pytest.raises(InputError, match="no concept"):
            decide(world[0], world[2], "phonon roter", to="candidate", why="x", by=ANN, clock=CLOCK)


class TestIssues:
    def test_an_issue_is_frozen_numbered_and_hashed(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, then, now = world
        decide(workspace, then, STEADY[0], to="candidate", why="x", by=ANN, clock=CLOCK)
        first = issue(workspace, then, why="autumn", by=ANN, clock=CLOCK)
        decide(workspace, now, STEADY[0], to="dropped", why="y", by=ANN, clock=CLOCK)
        second = issue(workspace, now, why="winter", by=BO, clock=CLOCK)

        assert (first.issue.number, second.issue.number, second.issue.previous) == (1, 2, first.digest)
        assert open_issue(workspace, 1).items[0].stage == "candidate"
        assert open_issue(workspace, 1) == first.issue.list
        path = Path(first.file)
        assert not path.stat().st_mode & stat.S_IWUSR
        path.chmod(0o644)
        path.write_text(path.read_text("utf-8").replace('"candidate"', '"shortlisted"'), "utf-8")
        with pytest.raises(SourceError, match="issue 1 was changed"):
            open_issue(workspace, 1)
        assert [(f.health, "issue 1" in f.said) for f in findings(workspace, "decisions")][-1] == (
            "broken",
            True,
        )
        path.unlink()
        assert "issue 1 is missing" in findings(workspace, "decisions")[-1].said
        with pytest.raises(InputError, match="no issue 7"):
            open_issue(workspace, 7)

    def test_a_diff_says_who_what_and_why(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, then, now = world
        decide(workspace, then, STEADY[0], to="candidate", why="x", by=ANN, clock=CLOCK)
        decide(workspace, then, STEADY[1], to="candidate", why="x", by=ANN, clock=CLOCK)
        issue(workspace, then, why="autumn", by=ANN, clock=CLOCK)
        decide(workspace, now, STEADY[0], to="under assessment", why="panel asked", by=BO, clock=CLOCK)

        found = changes(workspace, now)

        by_label = {change.label: change for change in found.changes}
        moved = by_label[STEADY[0]]
        assert (moved.change, moved.stage_before, moved.stage_after) == (
            "moved",
            "candidate",
            "under assessment",
        )
        said = {one.code: (one.before, one.after) for one in moved.because}
        assert said["decided_by"] == ("Ann", "Bo")
        assert said["why"] == ("x", "panel asked")
        entered = by_label[RISING]
        assert (entered.change, entered.stage_after) == ("entered", "signal")
        assert {"reason_came", "growth", "n_recent"} <= {one.code for one in entered.because}
        evidence = by_label[STEADY[1]]
        assert evidence.change == "evidence"
        numbers = {one.code: (one.before, one.after) for one in evidence.because}
        was, is_now = (s.items([s.row_of(STEADY[1])])[0] for s in (then, now))
        assert numbers["rank"] == (was.rank, is_now.rank)
        assert numbers["n_recent"] == (was.measures.n_recent, is_now.measures.n_recent)
        assert (found.basis_before.as_of, found.basis_after.as_of) == (2017, 2020)

    def test_between_two_issues_and_backwards(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, then, now = world
        decide(workspace, now, STEADY[0], to="candidate", why="x", by=ANN, clock=CLOCK)
        issue(workspace, now, why="a", by=ANN, clock=CLOCK)
        issue(workspace, now, why="b", by=ANN, clock=CLOCK)
        assert changes(workspace, now, issues=[1, 2]).changes == ()
        assert changes(workspace, now).changes == ()
        back = {change.label: change for change in changes(workspace, then).changes}
        assert (back[RISING].change, back[RISING].stage_after) == ("left", None)
        assert {one.code for one in back[RISING].because} & {"state", "not_in_scan", "not_enough_evidence"}
        assert back[STEADY[0]].change == "evidence"
        with pytest.raises(InputError):
            changes(workspace, now, issues=[1, 1])

    def test_a_list_that_was_never_issued_cannot_be_compared(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        with pytest.raises(EvidenceError, match="no issue"):
            changes(world[0], world[2])

    def test_the_scan_of_an_issue_may_be_gone(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, then, now = world
        decide(workspace, then, STEADY[0], to="candidate", why="x", by=ANN, clock=CLOCK)
        issue(workspace, then, why="a", by=ANN, clock=CLOCK)
        workspace.results_dir.unlink()
        workspace.results_dir.mkdir()
        entered = next(c for c in changes(workspace, now).changes if c.label == RISING)
        assert "scan_gone" in {one.code for one in entered.because}

    def test_nothing_is_not_issued(self, world: tuple[Workspace, Scan, Scan], tmp_path: Path) -> None:
        quiet = made(tmp_path / "quiet", planted(first=2008, last=2014, per_year=30, new_source_from=None))
        found = scan(quiet, ScanRequest(as_of=2010, packs=(), threads=1), clock=CLOCK)
        assert candidates(quiet, found).items == ()
        with pytest.raises(EvidenceError, match="nothing to issue"):
            issue(quiet, found, why="x", by=ANN, clock=CLOCK)


class TestKeys:
    def test_a_key_is_its_owners_only(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, _, now = world
        decide(workspace, now, RISING, to="candidate", why="x", by=ANN, clock=CLOCK)
        path = key_file(workspace, "Ann")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert workspace.results_dir not in path.parents
        assert b"PRIVATE" not in DecisionsFile.of(workspace).path.read_bytes()
        assert {f.health for f in findings(workspace, "keys")} == set()
        path.chmod(0o644)
        assert [f.health for f in findings(workspace, "keys")] == ["notice"]

    def test_a_passphrase_is_needed_where_there_is_one(self, tmp_path: Path) -> None:
        path = tmp_path / "k.pem"
        made_key = make_signer(path, "open sesame")
        assert open_signer(path, "open sesame").public_key == made_key.public_key
        for wrong in (None, "open"):
            with pytest.raises(InputError, match="passphrase" if wrong is None else "cannot be opened"):
                open_signer(path, wrong)
        plain_key = tmp_path / "p.pem"
        make_signer(plain_key)
        with pytest.raises(InputError, match="has no passphrase"):
            open_signer(plain_key, "x")
        with pytest.raises(InputError, match="there already"):
            make_signer(path)

    @pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff" * 40])
    def test_what_is_no_key_is_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "k.pem"
        path.write_bytes(content)
        with pytest.raises(InputError, match="cannot be opened"):
            open_signer(path)

    def test_nobody_signs_in_anothers_name(self, world: tuple[Workspace, Scan, Scan], tmp_path: Path) -> None:
        workspace, _, now = world
        decide(workspace, now, RISING, to="candidate", why="x", by=ANN, clock=CLOCK)
        own = tmp_path / "mallory.pem"
        make_signer(own)
        with pytest.raises(InputError, match="is not the key that ANN"):
            decide(workspace, now, RISING, to="dropped", why="x", by=Person("ANN ", key=own), clock=CLOCK)
        anns = key_file(workspace, "Ann")
        with pytest.raises(InputError, match="is the key of Ann"):
            decide(workspace, now, RISING, to="dropped", why="x", by=Person("Cy", key=anns), clock=CLOCK)

    def test_a_file_rewritten_with_new_keys_is_noticed_by_the_kept_ones(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        workspace, _, now = world
        decide(workspace, now, RISING, to="candidate", why="x", by=ANN, clock=CLOCK)
        path = key_file(workspace, "Ann")
        path.unlink()
        make_signer(path)
        assert [(f.subject, f.health) for f in findings(workspace, "keys")] == [("keys", "broken")]


class TestFile:
    def test_a_changed_line_stops_everything_and_is_named(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, _, now = world
        for label in (RISING, STEADY[0], STEADY[1]):
            decide(workspace, now, label, to="candidate", why="good", by=ANN, clock=CLOCK)
        path = DecisionsFile.of(workspace).path
        lines = path.read_bytes().split(b"\n")
        lines[1] = lines[1].replace(b"good", b"evil")
        path.write_bytes(b"\n".join(lines))

        said = [f for f in findings(workspace, "decisions") if f.health == "broken"]

        assert len(said) == 1
        assert "line 2 was changed" in said[0].said
        for attempt in (
            lambda: candidates(workspace, now),
            lambda: decide(workspace, now, RISING, to="dropped", why="x", by=ANN, clock=CLOCK),
            lambda: mend(workspace, clock=CLOCK),
        ):
            with pytest.raises(SourceError, match="line 2 was changed"):
                attempt()
        assert run(["--workspace", str(workspace.root), "--quiet", "doctor"]) == 3

    def test_a_full_disk_adds_nothing(
        self, world: tuple[Workspace, Scan, Scan], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        workspace, _, now = world
        decide(workspace, now, RISING, to="candidate", why="x", by=ANN, clock=CLOCK)
        before = DecisionsFile.of(workspace).path.read_bytes()
        write, written = os.write, []

        def full(descriptor: int, content: bytes) -> int:
            written.append(len(content))
            if len(written) > 1:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(descriptor, content[: len(content) // 2])

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(OutsideError, match="disk is full") as caught:
            decide(workspace, now, RISING, to="dropped", why="y", by=ANN, clock=CLOCK)
        monkeypatch.undo()

        assert caught.value.retryable
        assert DecisionsFile.of(workspace).path.read_bytes() == before
        assert decide(workspace, now, RISING, to="dropped", why="y", by=ANN, clock=CLOCK).decision == 2

    def test_a_second_writer_is_told_and_readers_are_not_disturbed(
        self, world: tuple[Workspace, Scan, Scan]
    ) -> None:
        workspace, _, now = world
        with writer_lock(DecisionsFile.of(workspace).folder / "lock"):
            assert candidates(workspace, now).items
            with pytest.raises(OutsideError, match="another process is writing"):
                decide(workspace, now, RISING, to="candidate", why="x", by=ANN, clock=CLOCK)

    def test_killed_at_any_moment_nothing_is_lost(self, world: tuple[Workspace, Scan, Scan]) -> None:
        """A child that is killed just before each step of its second decision."""
        workspace, _, now = world
        decide(workspace, now, RISING, to="candidate", why="x", by=ANN, clock=CLOCK)
        code = f"""
import os, signal, shutil
from pathlib import Path
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.candidates import Person, decide
from foretrack.domains.foresight.actions.results import open_scan
from foretrack.foundation.clock import fixed_clock
import foretrack.domains.foresight.actions.signing as s
for number, step in enumerate(["write line", "half a line", "write head", "written"]):
    root = Path({str(workspace.root)!r}).parent / f"killed-{{number}}"
    shutil.copytree({str(workspace.root)!r}, root, symlinks=True)
    child = os.fork()
    if child == 0:
        def checkpoint(name):
            if name == step:
                os.kill(os.getpid(), signal.SIGKILL)
        found = open_scan(Workspace(root), {now.name!r})
        decide(Workspace(root), found, {RISING!r}, to="dropped", why="y", by=Person("Ann"),
               clock=fixed_clock("2026-01-01"), checkpoint=checkpoint)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["-9"] * 4

        for number, (lines, torn) in enumerate([(1, False), (1, True), (2, False), (2, False)]):
            left = Workspace(workspace.root.parent / f"killed-{number}")
            journal = DecisionsFile.of(left).read()
            assert (len(journal.entries), bool(journal.torn), journal.broken) == (lines, torn, ())
            assert {f.health for f in findings(left, "decisions")} <= {"well", "notice"}
            assert candidates(left, now).n_decisions == lines
            if torn:
                with pytest.raises(SourceError, match="foretrack candidates mend"):
                    decide(left, now, RISING, to="dropped", why="y", by=ANN, clock=CLOCK)
                aside = mend(left, clock=CLOCK)
                assert aside is not None
                assert aside.read_bytes() == journal.torn
            wanted = "dropped" if lines == 1 else "candidate"
            assert decide(left, now, RISING, to=wanted, why="z", by=ANN, clock=CLOCK).decision == lines + 1
            assert DecisionsFile.of(left).read().problems == ()

    def test_a_line_that_lacks_only_its_end_is_completed(self, world: tuple[Workspace, Scan, Scan]) -> None:
        workspace, _, now = world
        decide(workspace, now, RISING, to="candidate", why="x", by=ANN, clock=CLOCK)
        file = DecisionsFile.of(workspace)
        head = file.head_path.read_bytes()
        decide(workspace, now, RISING, to="dropped", why="y", by=ANN, clock=CLOCK)
        file.head_path.write_bytes(head)
        file.path.write_bytes(file.path.read_bytes()[:-1])

        assert mend(workspace, clock=CLOCK) is None
        assert [e.n for e in file.trusted().entries] == [1, 2]
        assert list(file.folder.glob("torn*")) == []


class TestTechnologies:
    @pytest.fixture
    def with_technologies(
        self, world: tuple[Workspace, Scan, Scan], tmp_path: Path
    ) -> tuple[Workspace, Scan]:
        """The scan of 2020 with two invented technologies and forecasts, stored beside a copy of the others."""
        workspace, _, now = world
        workspace.results_dir.unlink()
        workspace.results_dir.mkdir()
        tables = {name: now.stored.table(name) for name in now.stored.manifest["tables"]}
        common = {"label_zh": None, "born": 2015, "n_documents": 60, "n_recent": 40, "novelty": 0.6}
        growing = {"growth": 0.3, "growth_low": 0.2, "growth_high": 0.4, "p_eg3": 0.6, "p_dbl3": 0.3}
        steady = {"growth": 0.0, "growth_low": -0.1, "growth_high": 0.1, "p_eg3": 0.01, "p_dbl3": 0.01}
        tables["technologies"] = pa.Table.from_pylist(
            [
                {"technology": "2015-router", "label": "routers", "label_en": "routers", "rank": 1, "stage": "growing"}
                | common | growing,
                {"technology": "2011-plough", "label": "ploughs", "label_en": "ploughs", "rank": 2, "stage": "mature"}
                | common | steady,
            ]
        )  # fmt: skip
        tables["technology_documents"] = pa.table(
            {
                "technology": pa.array([0, 0, 0, 1], pa.int32()),
                "document": pa.array([5, 7, 9, 11], pa.int32()),
            }
        )
        manifest = {key: value for key, value in now.stored.manifest.items() if key != "tables"}
        ResultStore(workspace.results_dir).write(
            "2020-invented", tables, manifest, created={"created_at": "2026"}
        )
        return workspace, open_scan(workspace, "2020-invented")

    def test_they_are_proposed_and_decided_as_concepts_are(
        self, with_technologies: tuple[Workspace, Scan]
    ) -> None:
        workspace, found = with_technologies
        listed = {item.candidate: item for item in candidates(workspace, found).items}
        line = listed["technology:2015-router"]
        assert (line.unit, line.proposed, "technology:2011-plough" in listed) == (
            "technology",
            "candidate",
            False,
        )
        assert line.shown is not None
        documents = found.stored.table("documents")["document_id"].to_pylist()
        assert set(line.shown.evidence) == {documents[5], documents[7], documents[9]}
        assert [r.code for r in line.reasons] == ["growing", "growth_sure", "new", "high_rank"]
        frozen = issue(workspace, found, why="x", by=ANN, clock=CLOCK)
        assert line in frozen.issue.list.items
        decided = decide(workspace, found, "2015-router", to="candidate", why="x", by=ANN, clock=CLOCK)
        assert (decided.candidate, decided.stage) == ("technology:2015-router", "candidate")
        again = decide(workspace, found, "technology:2015-router", to="dropped", why="y", by=ANN, clock=CLOCK)
        assert again.decision == 3
        assert [c.candidate for c in changes(workspace, found).changes] == ["technology:2015-router"]
        say = speak("zh")
        shown = drawn([*list_parts(candidates(workspace, found), 9, say)], WIDE + 20)
        assert "[技术]" in shown

    def test_one_that_the_scan_lost_stays(
        self, with_technologies: tuple[Workspace, Scan], world: tuple[Workspace, Scan, Scan]
    ) -> None:
        workspace, found = with_technologies
        decide(workspace, found, "2015-router", to="candidate", why="x", by=ANN, clock=CLOCK)
        line = next(i for i in candidates(workspace, world[2]).items if i.unit == "technology")
        assert (line.stage, line.shown, line.matched_by) == ("candidate", None, None)


def drawn(parts: list[object], width: int) -> str:
    out = Console(width=width, file=io.StringIO(), markup=False, emoji=False, highlight=False)
    for part in parts:
        out.print(part)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [36, WIDE + 20])
def test_hostile_text_is_kept_and_shown_harmless(
    world: tuple[Workspace, Scan, Scan], language: str, width: int
) -> None:
    workspace, _, now = world
    say = speak(language)
    mallory = Person("M\x1b]0;x\x07 [bold]\u202e")
    issue(workspace, now, why="x", by=ANN, clock=CLOCK)
    decide(workspace, now, RISING, to="candidate", why=HOSTILE, by=mallory, clock=CLOCK)

    page = history(workspace, now, RISING)
    assert page.item.why == HOSTILE
    shown = drawn(
        [
            *list_parts(candidates(workspace, now), 3, say),
            *page_parts(page, say),
            *diff_parts(changes(workspace, now), say),
        ],
        width,
    )

    assert not set(shown) & set("\x1b\x07\u202e\u0085")
    assert "[red]" in shown
    assert max(map(len, shown.splitlines())) <= width
    if language == "zh":
        assert "候选" in shown
        assert "nobody looked" not in shown


def test_a_spreadsheet_gets_no_formula(
    world: tuple[Workspace, Scan, Scan], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    workspace, _, now = world
    decide(workspace, now, RISING, to="candidate", why="=1+1", by=Person("@Ann"), clock=CLOCK)
    words = ["--workspace", str(workspace.root), "--quiet", "candidates", "--scan", now.name]
    for made_by in (["--format", "csv"], ["--output", str(tmp_path / "list.csv")]):
        assert run([*words, *made_by]) == 0
    text = capfd.readouterr().out.split("\r\n\n")[0]
    for content in (text, (tmp_path / "list.csv").read_text("utf-8-sig")):
        row = next(iter(csv.DictReader(io.StringIO(content))))
        assert (row["why"], row["decided_by"], row["stage"]) == ("'=1+1", "'@Ann", "candidate")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["bake"], 2),
        (["show"], 2),
        (["list", "name"], 2),
        (["show", RISING, "--by", "Ann"], 2),
        (["decide", RISING, "--by", "Ann", "--why", "x"], 2),
        (["decide", RISING, "--to", "candidate", "--unsure", "--by", "Ann", "--why", "x"], 2),
        (["decide", RISING, "--to", "emerging", "--by", "Ann", "--why", "x"], 2),
        (["--stage", "signl"], 2),
        (["--top", "0"], 2),
        (["--limit", "-1"], 2),
        (["--format", "xlsx"], 2),
        (["--format", "pdf"], 2),
        (["--issue", "1"], 2),
        (["diff"], 5),
        (["diff", "--limit", "3"], 2),
        (["mend"], 0),
        (["--stage", "incubating"], 0),
    ],
)
def test_a_wrong_command_is_answered(
    world: tuple[Workspace, Scan, Scan], words: list[str], code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["--workspace", str(world[0].root), "--quiet", "candidates", *words]) == code
    said = capfd.readouterr()
    assert said.out or "Expected:" in said.err


def test_every_step_answers_in_json(
    world: tuple[Workspace, Scan, Scan], capfd: pytest.CaptureFixture[str]
) -> None:
    workspace, _, now = world

    def asked(*words: str) -> dict[str, object]:
        capfd.readouterr()
        assert run(["--workspace", str(workspace.root), "candidates", *words, "--json"]) == 0
        answer: dict[str, object] = json.loads(capfd.readouterr().out)
        return answer

    on = ("--scan", now.name)
    who = ("--by", "Ann", "--why", "x")
    line = asked("decide", RISING, "--to", "candidate", *who, *on)
    assert (line["stage"], set(line)) == ("candidate", documented("Candidate"))
    assert set(asked("issue", *who, *on)) == documented("`candidates issue`")
    assert asked("decide", RISING, "--unsure", *who, *on)["looked"] == "looked, unsure"
    changed = asked("diff", *on)
    assert set(changed) == documented("`candidates diff`")
    assert [c["change"] for c in changed["changes"]] == ["moved"]  # type: ignore[attr-defined]
    page = asked("show", RISING, *on)
    assert set(page) == documented("`candidates show`")
    assert len(page["decisions"]) == 2  # type: ignore[arg-type]
    listed = asked(*on)
    assert set(listed) == documented("`candidates`")
    assert set(listed["items"][0]) == documented("Candidate")  # type: ignore[index]
    assert asked("--issue", "1")["issue"] == 1
    assert asked("mend") == {"set_aside": None}


def documented(section: str) -> set[str]:
    """Keys that docs/guide/json.md gives for an answer."""
    text = (Path(__file__).parents[3] / "docs/guide/json.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, section
    return set(re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE))

"""A scan: the same bytes whatever the threads, nothing of the future in it, and no half results."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.foresight.corpora import (
    OF_THE_NEW_SOURCE,
    RISING,
    STEADY,
    add,
    bilingual,
    made,
    paper,
    planted,
)

from foretrack.corpus.results import ResultStore
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.emerging import emerging
from foretrack.domains.foresight.actions.results import Scan, find_scan, open_scan
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import EvidenceError, InputError, OutsideError
from foretrack.records.document import Document

CLOCK = fixed_clock("2026-01-01")


def scanned(workspace: Workspace, as_of: int | None = None, threads: int = 1, again: bool = False) -> Scan:
    """A scan without track labels, which have tests of their own."""
    return scan(workspace, ScanRequest(as_of=as_of, packs=(), threads=threads, again=again), clock=CLOCK)


def contents(result: Scan, *, snapshot: bool = True) -> dict[str, bytes]:
    """Bytes of the tables and of the manifest."""
    found = {path.name: path.read_bytes() for path in sorted(result.stored.folder.glob("*.parquet"))}
    manifest = dict(result.stored.manifest)
    if not snapshot:
        manifest.pop("snapshot")
    return found | {"manifest": json.dumps(manifest, sort_keys=True).encode()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Scan]:
    """The planted world and its scan as of the last year."""
    workspace = made(tmp_path_factory.mktemp("planted") / "w", planted())
    return workspace, scanned(workspace)


def rank_of(result: Scan, label: str) -> int | None:
    return result.items([result.row_of(label)])[0].rank


def test_the_planted_technology_ranks_first(world: tuple[Workspace, Scan]) -> None:
    first = emerging(world[1]).items[0]
    assert first.label == RISING
    assert first.state == "emerging"
    assert first.rank == 1


def test_a_source_that_starts_is_no_emerging_technology(world: tuple[Workspace, Scan]) -> None:
    item = world[1].items([world[1].row_of(OF_THE_NEW_SOURCE)])[0]
    assert item.measures.n_recent == 75
    assert item.state not in ("emerging", "growing")
    assert "one_source" in item.doubt
    assert item.measures.growth is not None
    assert abs(item.measures.growth) < 0.01
    assert item.rank is not None
    assert item.rank > 1


def test_steady_technologies_do_not_grow_when_a_source_starts(world: tuple[Workspace, Scan]) -> None:
    for label in STEADY:
        assert world[1].items([world[1].row_of(label)])[0].state in ("steady", "declining", "growing")
    states = [world[1].items([world[1].row_of(label)])[0].state for label in STEADY]
    assert states.count("growing") <= 1


def test_counts_are_those_of_the_documents(world: tuple[Workspace, Scan]) -> None:
    carriers = [d for d in planted() if RISING in (d.abstract or "")]
    item = world[1].items([world[1].row_of(RISING)])[0]
    assert item.measures.n_documents == len(carriers)
    assert item.measures.n_recent == sum(d.year > 2017 for d in carriers)
    assert item.measures.first_year == min(d.year for d in carriers)


def test_twice_and_with_two_threads_the_bytes_are_the_same(
    world: tuple[Workspace, Scan], tmp_path: Path
) -> None:
    workspace, first = world
    before = contents(first)
    again = scanned(workspace, threads=2, again=True)
    assert again.name == first.name
    assert contents(again) == before
    elsewhere = scanned(made(tmp_path / "w", planted()), threads=2)
    assert contents(elsewhere) == before


def test_the_order_of_ingest_does_not_change_the_bytes(world: tuple[Workspace, Scan], tmp_path: Path) -> None:
    other = scanned(made(tmp_path / "w", planted()[::-1]))
    assert contents(other, snapshot=False) == contents(world[1], snapshot=False)


def test_later_documents_change_nothing_as_of_an_earlier_year(tmp_path: Path) -> None:
    documents = planted()
    workspace = made(tmp_path / "w", [d for d in documents if d.year <= 2016])
    before = scanned(workspace, 2016)
    later = [d for d in documents if d.year > 2016]
    # The later documents bring new spellings, a new acronym, translations and many citations of old ones.
    cited = tuple(f"invented:I{n}" for n in range(0, 400, 3))
    later = [replace(d, references=cited) for d in later]
    later += bilingual()[7::10]
    import numpy as np

    rng = np.random.default_rng(1)
    later += [
        paper(
            90_000 + n,
            2019,
            rng,
            (f"{STEADY[0]}s (MPX)", "MPX", STEADY[1].replace(" ", "-")),
            keywords=("tidal loom",),
        )
        for n in range(40)
    ]
    later = [d for d in later if d.year > 2016]
    assert len(later) > 300
    add(workspace, later)
    after = scanned(workspace, 2016)
    assert after.name != before.name  # another snapshot, so asked anew
    assert contents(after, snapshot=False) == contents(before, snapshot=False)


def test_only_citations_dated_until_the_year_count(tmp_path: Path) -> None:
    import numpy as np

    def world(late: int) -> list[Document]:
        rng = np.random.default_rng(8)
        found = [
            paper(
                n,
                2008 + n // 30,
                rng,
                [STEADY[n % 6]],
                cited_by=999 * late,
                cited_by_year=((2014, n % 5), (2018, late * (n % 11))),
            )
            for n in range(240)
        ]
        return found

    one = scanned(made(tmp_path / "one", world(0)), 2015)
    two = scanned(made(tmp_path / "two", world(7)), 2015)
    assert one.concepts.equals(two.concepts)
    assert one.concepts["impact"].null_count < one.concepts.num_rows


def test_retracted_documents_are_not_counted(tmp_path: Path) -> None:
    documents = planted(new_source_from=None)
    carriers = [d for d in documents if RISING in (d.abstract or "")]
    withdrawn = {d.source_id for d in carriers[::2]}
    workspace = made(tmp_path / "w", documents)
    add(workspace, [replace(d, status="retracted", updated="2026-01-01") for d in carriers[::2]])
    result = scanned(workspace)
    item = result.items([result.row_of(RISING)])[0]
    assert item.measures.n_documents == len(carriers) - len(withdrawn)
    assert result.summary().n_documents == len(documents) - len(withdrawn)


def test_one_year_of_data_gives_no_claims(tmp_path: Path) -> None:
    result = scanned(made(tmp_path / "w", planted(first=2020, last=2020, new_source_from=None)))
    assert set(result.summary().states) - {s for s, n in result.summary().states.items() if not n} == {
        "not enough evidence"
    }
    assert emerging(result).items == ()
    assert any(note.startswith("not_enough_evidence") for note in result.summary().notes)


def test_years_without_documents_are_missing_not_zero(tmp_path: Path) -> None:
    gap = [d for d in planted(new_source_from=None) if d.year not in (2014, 2017, 2018)]
    result = scanned(made(tmp_path / "w", gap))
    assert "years_without_documents: 2014, 2017, 2018" in result.summary().notes
    for label in STEADY:
        assert result.items([result.row_of(label)])[0].state != "emerging"
    assert rank_of(result, RISING) == 1


def test_ten_documents_are_an_answer_or_a_clear_error(tmp_path: Path) -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    workspace = made(tmp_path / "w", [paper(n, 2015 + n % 6, rng, ["photonic crossbar"]) for n in range(10)])
    result = scanned(workspace)
    assert result.row_of("photonic crossbar") >= 0
    lonely = made(tmp_path / "v", [paper(n, 2020, rng) for n in range(3)])
    with pytest.raises(EvidenceError, match="needs a phrase"):
        scanned(lonely)


def test_an_empty_corpus_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no documents"):
        scanned(Workspace.create(tmp_path / "w"))


def test_a_year_before_the_first_document_is_a_clear_error(world: tuple[Workspace, Scan]) -> None:
    with pytest.raises(EvidenceError, match="1990"):
        scanned(world[0], 1990)


def test_where_the_corpus_doubles_every_year_steady_shares_do_not_grow(tmp_path: Path) -> None:
    import numpy as np

    rng = np.random.default_rng(6)
    documents = [
        paper(year * 1000 + n, year, rng, [STEADY[n % 6]])
        for year in range(2013, 2021)
        for n in range(6 * 2 ** (year - 2013))
    ]
    result = scanned(made(tmp_path / "w", documents))
    for label in STEADY:
        item = result.items([result.row_of(label)])[0]
        assert item.state == "steady"
        assert item.measures.growth is not None
        assert abs(item.measures.growth) < 0.02


def test_the_users_lists_overrule(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", planted(new_source_from=None))
    (workspace.root / "synonyms.txt").write_text(f"# mine\n{STEADY[0]} = {STEADY[1]}\n", encoding="utf-8")
    (workspace.root / "stop.txt").write_text(f"{RISING}\n", encoding="utf-8")
    result = scanned(workspace)
    assert result.row_of(STEADY[0]) == result.row_of(STEADY[1])
    with pytest.raises(InputError, match=RISING):
        result.row_of(RISING)
    (workspace.root / "synonyms.txt").write_text("only one\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        scanned(workspace)


def test_bilingual_records_give_one_concept_with_both_names(tmp_path: Path) -> None:
    result = scanned(made(tmp_path / "w", bilingual(200)))
    row = result.row_of("脑机接口")
    assert row == result.row_of("brain-computer interface")
    item = result.items([row])[0]
    assert item.label_zh == "脑机接口"
    assert item.label_en is not None
    assert item.label_en.replace("-", " ") == "brain computer interface"
    assert result.row_of("腦機接口") == row


SCAN_AND_DIE = """
import os, signal, sys
from pathlib import Path
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.foundation.clock import fixed_clock
import ibis, duckdb, rjieba, opencc
# Else each process would load these for itself, for half of its time.
import graspologic_native, ibis.backends.duckdb.converter, ibis.expr.types.groupby, ibis.formats.pyarrow, pandas
def run(root, last):
    steps = [0]
    def checkpoint(name):
        steps[0] += 1
        if steps[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
    scan(Workspace.open(Path(root)), ScanRequest(packs=(), threads=1), clock=fixed_clock("2026-01-01"),
         checkpoint=checkpoint)
    return steps[0]
# One process for each step, forked before anything is opened; the folder says at which step it dies.
for root in sys.argv[1:]:
    last = int(Path(root).name)
    child = os.fork()
    if child == 0:
        run(root, last)
        os._exit(7)
    _, status = os.waitpid(child, 0)
    print(last, "killed" if os.WIFSIGNALED(status) else "finished", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of Unix: run these tests there")
def test_killed_at_any_step_nothing_is_half_and_the_next_run_completes(tmp_path: Path) -> None:
    documents = planted(first=2016, last=2020, per_year=8, new_source_from=None)
    whole = scanned(made(tmp_path / "whole", documents))
    expected = contents(whole)
    steps = ["read", "look back", "mine", "measure", "forecast", "label", "write", "make folder"]
    steps += [f"write {name}" for name in sorted(whole.stored.manifest["tables"])] + ["rename", "renamed"]
    seen: list[str] = []
    scan(
        Workspace.open(tmp_path / "whole"),
        ScanRequest(packs=(), threads=1, again=True),
        clock=CLOCK,
        checkpoint=seen.append,
    )
    assert seen == steps[:-2]  # the stored result is there already, so nothing is renamed
    made(tmp_path / "1", documents)
    for number in range(2, len(steps) + 2):
        shutil.copytree(tmp_path / "1", tmp_path / str(number))
    roots = [tmp_path / str(number) for number in range(1, len(steps) + 2)]
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", SCAN_AND_DIE, *map(str, roots)],
        capture_output=True,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src")},
    )
    ends = dict(line.split() for line in run.stdout.splitlines())
    assert ends == {str(n): "killed" for n in range(1, len(steps) + 1)} | {str(len(steps) + 1): "finished"}, (
        run.stderr
    )
    for number, folder in enumerate(roots, 1):
        workspace = Workspace.open(folder)
        store = ResultStore(workspace.results_dir)
        there = store.list()
        # The result is there only if it was renamed before the kill, and then it is whole.
        assert len(there) == (number >= len(steps)), f"killed at {number}"
        for name in there:
            assert store.open(name).check() == []
        assert contents(scanned(workspace)) == expected
        assert store.leftovers() == ([] if there else store.leftovers())
    # A writer removes what a killed one left.
    scanned(Workspace.open(roots[8]), as_of=2019)
    assert ResultStore(Workspace.open(roots[8]).results_dir).leftovers() == []


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = made(tmp_path / "w", planted(first=2016, per_year=16, new_source_from=None))
    earlier = scanned(workspace, 2019)
    before = contents(earlier)
    written = [0]
    write_table = pq.write_table

    def full(*arguments: object, **options: object) -> None:
        written[0] += 1
        if written[0] == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_table(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(OutsideError, match="disk is full"):
        scanned(workspace)
    monkeypatch.undo()
    assert [p.name for p in workspace.results_dir.iterdir()] == [earlier.name]
    assert contents(open_scan(workspace, earlier.name)) == before
    assert scanned(workspace).as_of == 2020


def test_a_changed_table_is_noticed(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", planted(first=2016, per_year=16, new_source_from=None))
    result = scanned(workspace)
    assert result.stored.check() == []
    path = result.stored.folder / "totals.parquet"
    pq.write_table(result.stored.table("totals").slice(1), path)
    assert len(result.stored.check()) == 1
    assert "totals" in result.stored.check()[0]


def test_a_question_asked_before_is_answered_from_the_store(world: tuple[Workspace, Scan]) -> None:
    workspace, first = world
    called: list[str] = []
    again = scan(workspace, ScanRequest(packs=(), threads=1), clock=CLOCK, checkpoint=called.append)
    assert again.name == first.name
    assert called == []
    assert find_scan(workspace).as_of == 2020


def test_a_scan_that_was_never_made_is_a_clear_error(world: tuple[Workspace, Scan]) -> None:
    with pytest.raises(EvidenceError, match="1999"):
        find_scan(world[0], as_of=1999)
    with pytest.raises(InputError, match="no result"):
        open_scan(world[0], "../results")


def test_filters_restrict_a_scan(world: tuple[Workspace, Scan]) -> None:
    from foretrack.corpus.views import Filters

    only = scan(world[0], ScanRequest(packs=(), threads=1, filters=Filters(sources=("second",))), clock=CLOCK)
    assert only.summary().n_documents == 150
    assert only.row_of(OF_THE_NEW_SOURCE) >= 0
    assert only.name != world[1].name


def test_forms_hold_every_spelling_of_a_small_corpus(tmp_path: Path) -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    spelt = ["photonic crossbar"] * 9 + ["photonic crossbars"] * 6 + ["photonic-crossbar"] * 3
    documents = [paper(n, 2010 + n % 9, rng, [spelt[n]] if n < len(spelt) else ()) for n in range(180)]
    result = scanned(made(tmp_path / "w", documents))
    item = result.items([result.row_of("photonic crossbars")])[0]
    assert set(item.forms) == set(spelt)
    assert item.measures.n_documents == len(spelt)

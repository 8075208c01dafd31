"""Every record is kept, merged or rejected; nothing vanishes and nothing is doubled."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corpus.conftest import column, read, row

from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import FileReport, IngestReport, ingest
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import HouseError

Take = Callable[..., IngestReport]


def ids(workspace: Workspace) -> list[str]:
    return column(Corpus(workspace.corpus_dir).as_of(2100), "document_id")


def only(workspace: Workspace) -> Any:
    (found,) = Corpus(workspace.corpus_dir).documents(ids(workspace))
    return found


def counts(report: IngestReport) -> tuple[int, ...]:
    return tuple(report.total[n] for n in ("read", "kept", "merged", "rejected", "revised", "retracted"))


def test_new_records_are_kept_and_rejected_rows_are_stored(take: Take, workspace: Workspace) -> None:
    report = take([row(1), {"bad": "no title"}, row(2)])
    assert counts(report) == (3, 2, 0, 1, 0, 0)
    (rejected,) = Corpus(workspace.corpus_dir).table("rejected").to_pylist()
    assert (rejected["file"], rejected["position"], rejected["reason"]) == (
        "file-1.jsonl",
        "line 2",
        "no title",
    )


def test_the_same_bytes_again_change_nothing(take: Take, workspace: Workspace) -> None:
    rows = [row(1), row(2), {"bad": "no title"}]
    before = take(rows).snapshot
    report = take(rows)
    assert counts(report) == (3, 0, 2, 1, 0, 0)
    assert report.files[0].seen_before
    assert report.snapshot == before


def test_the_same_records_in_another_file_change_nothing(take: Take, workspace: Workspace) -> None:
    before = take([row(1), row(2), {"bad": "no title"}]).snapshot
    report = take([row(2), row(1)])
    assert counts(report) == (2, 0, 2, 0, 0, 0)
    assert report.snapshot == before
    assert Corpus(workspace.corpus_dir).table("rejected").num_rows == 1


def test_a_corrected_record_is_a_new_revision(take: Take, workspace: Workspace) -> None:
    take([row(1, abstract="First version.", venue="V")])
    report = take([row(1, abstract="Second version.")])
    assert counts(report) == (1, 0, 1, 0, 1, 0)
    stored = only(workspace)
    assert (stored.revision, stored.document.abstract, stored.document.venue) == (2, "Second version.", "V")
    assert len(stored.provenance) == 1


def test_an_older_version_does_not_replace_a_newer(take: Take, workspace: Workspace) -> None:
    take([row(1, abstract="New.", updated="2020-02-01")])
    report = take([row(1, abstract="Old.", updated="2019-12-01")])
    assert counts(report) == (1, 0, 1, 0, 0, 0)
    assert only(workspace).document.abstract == "New."
    assert only(workspace).revision == 1


def test_the_first_version_again_does_not_undo_the_second(take: Take, workspace: Workspace) -> None:
    take([row(1, abstract="First.")], [row(1, abstract="Second.")])
    report = take([row(1, abstract="First."), row(2)])
    assert report.total["revised"] == 0
    table = Corpus(workspace.corpus_dir).as_of(2100).table()
    assert table.filter(table.source_id == "I1").abstract.to_pyarrow().to_pylist() == ["Second."]


def test_another_source_fills_what_is_missing(take: Take, workspace: Workspace) -> None:
    take([row(1, doi="10.1000/x", keywords=["a"])])
    other = row(
        1, source="other", source_id="O9", doi="10.1000/x", abstract="Text.", keywords=["b"], authors=[]
    )
    report = take([other])
    assert counts(report) == (1, 0, 1, 0, 0, 0)
    stored = only(workspace)
    assert (stored.document.abstract, stored.document.keywords, stored.document.source) == (
        "Text.",
        ("a",),
        "invented",
    )
    assert [(p.source, p.source_id) for p in stored.provenance] == [("invented", "I1"), ("other", "O9")]


def test_a_retraction_from_any_source_marks_the_document(take: Take, workspace: Workspace) -> None:
    take([row(1, doi="10.1000/x"), row(2)])
    note = row(1, source="other", source_id="O1", doi="10.1000/x", status="retracted")
    report = take([note | {"title": "RETRACTED: " + note["title"]}])
    assert counts(report) == (1, 0, 1, 0, 0, 1)
    assert len(ids(workspace)) == 1
    take([row(1, doi="10.1000/x", abstract="Corrected.")])
    assert len(ids(workspace)) == 1, (
        "a later correction by a source that knows of no retraction keeps the mark"
    )


def test_a_file_that_breaks_stops_no_other(take: Take, workspace: Workspace) -> None:
    report = take([row(1), {"broken": True}, row(2)], [row(3)])
    assert counts(report) == (2, 2, 0, 0, 0, 0)
    assert report.exit_code == 3
    assert "cut off" in report.to_json()["files"][0]["error"]
    again = take([row(1), {"broken": True}, row(2)])
    assert counts(again) == (1, 0, 1, 0, 0, 0)


def test_a_path_that_is_not_there_is_told(workspace: Workspace, tmp_path: Path) -> None:
    report = ingest(workspace, [tmp_path / "nothing.csv"], clock=fixed_clock("2026-01-01"), read=read)
    assert report.exit_code == 2
    assert report.files[0].connector is None


def test_folders_are_walked_and_the_skipped_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "one.jsonl").write_text(json.dumps(row(1)))
    (folder / "two.jsonl").write_text(json.dumps(row(2)))
    for name in (".hidden", "picture.png", "README.txt"):
        (folder / name).write_text("not data")
    Workspace.create(folder / "workspace")
    report = ingest(workspace, [folder], clock=fixed_clock("2026-01-01"), read=read)
    assert [f.file for f in report.files] == ["two.jsonl", "one.jsonl"]
    assert report.skipped == {
        ".png files": 1,
        "files of a workspace": 1,
        "hidden files": 1,
        "notes about the data": 1,
    }


def test_a_batch_of_one_gives_the_same_corpus(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    rows = [row(n % 7, abstract=f"Version {n}") for n in range(20)]
    path.write_text("\n".join(json.dumps(r) for r in rows))
    found = []
    for batch in (1, 3, 1000):
        workspace = Workspace.create(tmp_path / f"w{batch}")
        report = ingest(workspace, [path], clock=fixed_clock("2026-01-01"), read=read, batch=batch)
        assert counts(report) == (20, 7, 13, 0, 13, 0)
        documents = Corpus(workspace.corpus_dir).documents(ids(workspace))
        found.append([(d.document_id, d.document) for d in documents])
    assert found[0] == found[1] == found[2]


def test_equal_files_give_equal_snapshots_at_any_time(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text("\n".join(json.dumps(row(n)) for n in range(5)))
    snapshots = set()
    for n, moment in enumerate(("2026-01-01", "2030-05-05")):
        workspace = Workspace.create(tmp_path / f"w{n}")
        snapshots.add(ingest(workspace, [path], clock=fixed_clock(moment), read=read).snapshot)
    assert len(snapshots) == 1


def test_documents_that_a_third_record_joins_become_one(take: Take, workspace: Workspace) -> None:
    take([row(1, doi="10.1000/x")], [row(2, source="b", source_id="B2")])
    former = ids(workspace)
    assert len(former) == 2
    bridge = row(2, source="b", source_id="B2", doi="10.1000/x", title=row(1)["title"])
    assert counts(take([bridge]))[:3] == (1, 0, 1)
    (present,) = ids(workspace)
    corpus = Corpus(workspace.corpus_dir)
    for old in former:
        stored = corpus.document(old)
        assert stored is not None
        assert stored.document_id == present


def test_a_doi_that_arrives_later_names_the_document_and_the_old_id_leads_to_it(
    take: Take, workspace: Workspace
) -> None:
    take([row(1)])
    (former,) = ids(workspace)
    take([row(1, doi="10.1000/x")])
    (present,) = ids(workspace)
    assert present != former
    stored = Corpus(workspace.corpus_dir).document(former)
    assert stored is not None
    assert (stored.document_id, stored.revision) == (present, 2)
    assert counts(take([row(1, abstract="More.")]))[:3] == (1, 0, 1)


def test_chapters_that_carry_the_doi_of_their_volume_stay_apart(take: Take, workspace: Workspace) -> None:
    one = row(1, doi="10.1000/volume", title="Perovskite cells under strong light")
    two = row(2, doi="10.1000/volume", title="A grammar of northern dialects")
    report = take([one, two])
    assert counts(report)[:3] == (2, 2, 0)
    assert "kept apart" in report.files[0].notes[0]
    assert len(ids(workspace)) == 2
    assert counts(take([two | {"abstract": "Text."}]))[:3] == (1, 0, 1)
    assert len(ids(workspace)) == 2


def test_row_numbers_of_two_tables_are_no_identity(take: Take, workspace: Workspace) -> None:
    take([row(1, source="file", source_id="1", title="Perovskite cells under strong light")])
    take([row(2, source="file", source_id="1", title="A grammar of northern dialects")])
    assert len(ids(workspace)) == 2


def test_a_report_that_loses_a_record_is_a_bug_of_ours() -> None:
    with pytest.raises(HouseError):
        FileReport("f", read=2, kept=1).check()


_works = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["a", "b", "file"]), st.booleans(), st.booleans()),
    min_size=1,
    max_size=12,
)


def _record(work: int, source: str, with_doi: bool, with_number: bool) -> dict[str, Any]:
    """One of many renderings of one of six invented works."""
    return row(
        work,
        source=source,
        source_id=f"{source}{work}" if with_number else "",
        **({"doi": f"10.1000/{work}"} if with_doi else {}),
    )


@settings(max_examples=40, deadline=None)
@given(works=_works, order=st.randoms(use_true_random=False), bad=st.integers(0, 3))
def test_the_order_of_files_changes_no_id_and_every_record_is_counted(
    tmp_path_factory: pytest.TempPathFactory, works: list[Any], order: Any, bad: int
) -> None:
    folder = tmp_path_factory.mktemp("order")
    paths = []
    for n, work in enumerate(works):
        path = folder / f"{n}.jsonl"
        rows = [_record(*work), *({"bad": f"reason {i}"} for i in range(bad))]
        path.write_text("\n".join(json.dumps(r) for r in rows))
        paths.append(path)
    shuffled = list(paths)
    order.shuffle(shuffled)
    found = []
    for name, files, batch in (("w1", paths, 1000), ("w2", shuffled, 1)):
        workspace = Workspace.create(folder / name)
        report = ingest(workspace, files, clock=fixed_clock("2026-01-01"), read=read, batch=batch)
        assert report.total["read"] == len(works) * (1 + bad)
        assert report.total["rejected"] == len(works) * bad
        found.append(ids(workspace))
    assert found[0] == found[1]
    assert len(found[0]) == len({work[0] for work in works})


def test_a_standard_is_known_by_its_designation(
    take: Callable[..., IngestReport], workspace: Workspace
) -> None:
    one = row(1, kind="standard", source="iso", ids=["std:ISO 99001:2013"], authors=[])
    two = row(2, kind="standard", source="relaton", ids=["std:ISO 99001:2013"], authors=[])
    total = take([one], [two]).total
    assert (total["kept"], total["merged"]) == (1, 1)


def test_ingest_leaves_the_search_for_cycles_as_it_was(take: Callable[..., IngestReport]) -> None:
    assert gc.isenabled()
    take([row(1)])
    assert gc.isenabled()
    gc.disable()
    try:
        take([row(2)])
        assert not gc.isenabled()
    finally:
        gc.enable()

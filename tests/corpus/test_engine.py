"""Where views are counted: on this machine or on a Spark Connect server, with the same documents."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import pytest
from tests.corpus.conftest import column, row
from tests.engines import THERE, address_of, sail_address, spark_address  # noqa: F401 - fixtures

from foretrack.corpus.atomic import stale_temporaries
from foretrack.corpus.engine import check_address, open_engine
from foretrack.corpus.store import Corpus
from foretrack.corpus.views import Filters
from foretrack.corpus.words import cutter
from foretrack.corpus.workspace import Workspace
from foretrack.foundation.errors import InputError, OutsideError

WORLD = [
    row(
        1,
        title="Graphene membranes for sea water",
        published="2010-05-01",
        countries=["CN"],
        keywords=["MEMS"],
    ),
    row(
        2,
        title="Brain-computer interfaces (BCI)",
        published="2012",
        countries=["US", "CN"],
        abstract="In brief.",
    ),
    row(
        3,
        title="脑机接口研究进展与展望分析",
        published="2014",
        keywords=["6G 通信", "神经网络"],
        language="zh",
    ),
    row(
        4,
        title="A patent on graphene",
        kind="patent",
        published="2016",
        organisations=[["Lake Institute", "FR"]],
    ),
    row(5, title="A withdrawn graphene study", published="2011", status="withdrawn"),
    row(
        6,
        title="A later study of graphenes",
        published="2020",
        abstract="Compares brain and computer; Web 3.0.",
    ),
    row(7, title="Études d'états", published="2013", organisations=[["Östra Lake", None], ["Second", "SE"]]),
]
FILTERS = (
    Filters(),
    Filters(query="graphene"),
    Filters(query='"brain computer" OR 脑机接口'),
    Filters(query="graph* NOT (patent OR sea)"),
    Filters(query="神经网络"),
    Filters(query='6g OR "web 3.0"'),
    Filters(query="états"),
    Filters(countries=("cn",)),
    Filters(countries=("FR", "SE")),
    Filters(organisations=("lake",)),
    Filters(organisations=("ÖSTRA",)),
    Filters(sources=("invented",), kinds=("patent",)),
    Filters(sources=("other",)),
    Filters(languages=("zh", "en"), query="interfaces"),
    Filters(document_ids=("0" * 16,)),
)
COLUMNS = ("document_id", "title", "year", "keywords", "organisations", "provenance", "abstract")


@pytest.fixture
def corpus(take: Callable[..., Any], workspace: Workspace) -> Corpus:
    take(WORLD[:4], WORLD[4:], [row(1, title="Graphene membranes for lake water", published="2010-05-01")])
    return Corpus(workspace.corpus_dir)


@pytest.fixture(params=THERE)
def address(request: pytest.FixtureRequest) -> str:
    return address_of(request.param, request)


def test_every_filter_chooses_the_same_documents_on_every_engine(corpus: Corpus, address: str) -> None:
    here = [tuple(column(corpus.as_of(2019, filters), "document_id")) for filters in FILTERS]
    assert len(set(here)) > 10
    there = Corpus(corpus.directory, address)
    views = [there.as_of(2019, filters) for filters in FILTERS]
    for tables in ([view.table() for view in views], [view.words() for view in views]):
        # All filters in one question: on a JVM each question takes seconds.
        marked = [table.select("document_id", of=ibis.literal(n)) for n, table in enumerate(tables)]
        found = views[0].engine.fetch(ibis.union(*marked)).to_pylist()
        assert [
            tuple(sorted(r["document_id"] for r in found if r["of"] == n)) for n in range(len(here))
        ] == here
    assert views[1].totals().to_pylist() == corpus.as_of(2019, FILTERS[1]).totals().to_pylist()


def test_documents_come_whole_from_every_engine(corpus: Corpus, address: str) -> None:
    one, other = (c.as_of().batches(COLUMNS) for c in (corpus, Corpus(corpus.directory, address)))
    assert Corpus(corpus.directory, address).as_of().n_documents == 6
    assert [r for b in other for r in b.to_pylist()] == [r for b in one for r in b.to_pylist()]
    assert Corpus(corpus.directory, address).counts(["kind", "has_abstract"]).to_pylist() == (
        corpus.counts(["kind", "has_abstract"]).to_pylist()
    )


def test_an_empty_corpus_is_empty_everywhere(workspace: Workspace, address: str) -> None:
    view = Corpus(workspace.corpus_dir, address).as_of(2020)
    assert view.n_documents == 0
    assert view.engine.fetch(view.words()).num_rows == 0


def test_an_engine_that_does_not_see_the_files_says_so(address: str, tmp_path: Path) -> None:
    engine = open_engine(address)
    with pytest.raises(OutsideError, match="cannot read"):
        engine.read([str(tmp_path / "nowhere" / "part.parquet")], "documents")


@pytest.mark.parametrize(
    "wrong",
    ["", "spark", "sc://", "sc://host", "sc://host:0", "sc://host:99999", "http://host:1", "sc://a b:1"],
)
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(InputError, match="FORETRACK_ENGINE"):
        check_address(wrong)


def test_an_address_where_nobody_answers_is_an_outside_error_at_once(corpus: Corpus) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"sc://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(OutsideError, match="no Spark Connect server answers") as told:
        Corpus(corpus.directory, nobody).as_of()
    assert told.value.retryable


def test_words_are_cut_once_and_again_when_they_are_gone(corpus: Corpus) -> None:
    def paths() -> dict[Path, int]:
        return {p: p.stat().st_mtime_ns for p in corpus.words_directory.rglob("*.parquet")}

    assert paths() == {}
    first = corpus.as_of().words().count().to_pyarrow().as_py()
    cut = paths()
    assert len(cut) == len(corpus.manifest().parts["documents"])
    corpus.as_of().words()
    assert paths() == cut
    for path in cut:
        path.unlink()
    assert corpus.as_of().words().count().to_pyarrow().as_py() == first == corpus.as_of().n_documents


def test_words_of_a_killed_writer_and_of_an_older_cutter_are_cleaned_away(corpus: Corpus) -> None:
    corpus.as_of().words()
    folder = corpus.words_directory / cutter()
    (folder / ".documents-000001.parquet.7.tmp").write_bytes(b"half")
    older = corpus.words_directory / "0123456789"
    older.mkdir()
    assert set(corpus.clean()) == {folder / ".documents-000001.parquet.7.tmp", older}
    assert stale_temporaries(folder) == []
    assert list(folder.glob("*.parquet"))
    assert not older.exists()

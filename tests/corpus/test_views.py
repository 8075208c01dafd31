"""The past cannot see the future, and filters say what they mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corpus.conftest import column, read, row

from foretrack.corpus.query import parse_query
from foretrack.corpus.store import Corpus
from foretrack.corpus.views import AsOfView, Filters
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import ingest
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import EvidenceError, InputError

COLUMNS = ("document_id", "title", "abstract", "year", "keywords")
WORLD = [
    row(1, title="Graphene membranes for sea water", published="2010-05-01", countries=["CN"]),
    row(2, title="Brain-computer interfaces", published="2012", countries=["US"], language="en"),
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
    row(6, title="A later study of graphenes", published="2020", abstract="Compares brain and computer."),
]


@pytest.fixture
def corpus(take: Callable[..., Any], workspace: Workspace) -> Corpus:
    take(WORLD)
    return Corpus(workspace.corpus_dir)


def numbers(view: AsOfView) -> list[str]:
    return sorted(column(view, "source_id"))


def test_a_view_has_the_active_documents_until_its_year(corpus: Corpus) -> None:
    view = corpus.as_of(2014)
    assert numbers(view) == ["I1", "I2", "I3"]
    assert view.n_documents == 3
    assert view.totals().to_pylist() == [
        {"year": y, "source": "invented", "kind": "paper", "n_documents": 1} for y in (2010, 2012, 2014)
    ]


def test_without_a_year_it_is_the_newest_present(corpus: Corpus) -> None:
    assert corpus.as_of().as_of == 2020


def test_an_empty_corpus_has_a_snapshot_but_no_newest_year(workspace: Workspace) -> None:
    corpus = Corpus(workspace.corpus_dir)
    assert len(corpus.snapshot()) == 16
    assert corpus.as_of(2020).n_documents == 0
    assert list(corpus.as_of(2020).batches(["title"])) == []
    with pytest.raises(EvidenceError):
        corpus.as_of()


def test_no_way_leads_from_a_view_to_later_documents(corpus: Corpus) -> None:
    view = corpus.as_of(2014)
    public = {name for name in dir(view) if not name.startswith("_")}
    named = {"as_of", "snapshot", "filters", "n_documents", "batches", "totals", "table", "words", "engine"}
    assert public == named
    assert {name for name in dir(view.engine) if not name.startswith("_")} == {
        "name", "rows_at_once", "counted_at_once", "read", "upload", "fetch"
    }  # fmt: skip
    assert view.words().year.max().to_pyarrow().as_py() == 2014
    assert view.table().year.max().to_pyarrow().as_py() == 2014
    assert set(view.totals()["year"].to_pylist()) == {2010, 2012, 2014}
    assert max(column(view, "year")) == 2014


def test_batches_come_in_the_order_of_ids_whatever_their_size(corpus: Corpus, monkeypatch: Any) -> None:
    whole = pa.Table.from_batches(corpus.as_of().batches(COLUMNS))
    ids = column(corpus.as_of(), "document_id")
    assert ids == sorted(ids) == whole["document_id"].to_pylist()
    monkeypatch.setattr("foretrack.corpus.engine.LocalEngine.rows_at_once", 2)
    small = list(corpus.as_of().batches(COLUMNS, size=1))
    assert all(b.num_rows == 1 for b in small)
    assert pa.Table.from_batches(small).equals(whole)


def test_a_column_that_is_not_there_is_told(corpus: Corpus) -> None:
    with pytest.raises(InputError, match="no column 'abstracts'"):
        next(corpus.as_of().batches(["abstracts"]))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(query="graphene"), ["I1", "I4"]),
        (Filters(query="graphene*"), ["I1", "I4", "I6"]),
        (Filters(query="GRAPHENE NOT patent"), ["I1"]),
        (Filters(query="brain computer"), ["I2", "I6"]),
        (Filters(query='"brain computer"'), ["I2"]),
        (Filters(query="brain-computer"), ["I2"]),
        (Filters(query="脑机接口 OR membranes"), ["I1", "I3"]),
        (Filters(query="(graphene OR brain) AND NOT (patent OR study)"), ["I1", "I2"]),
        (Filters(query="6g"), ["I3"]),
        (Filters(query="nothing"), []),
        (Filters(query="a.b|c"), []),
        (Filters(countries=("cn", "US")), ["I1", "I2"]),
        (Filters(countries=("FR",)), ["I4"]),
        (Filters(organisations=("lake",)), ["I4"]),
        (Filters(sources=("invented",), kinds=("patent",)), ["I4"]),
        (Filters(sources=("other",)), []),
        (Filters(languages=("zh",)), ["I3"]),
    ],
)
def test_filters(corpus: Corpus, filters: Filters, expected: list[str]) -> None:
    assert numbers(corpus.as_of(None, filters)) == expected


def test_filters_by_id(corpus: Corpus) -> None:
    wanted = column(corpus.as_of(2010), "document_id")
    assert numbers(corpus.as_of(2020, Filters(document_ids=tuple(wanted)))) == ["I1"]


@pytest.mark.parametrize("query", ["", '"open', "(a", "a)", "AND", "a OR", "NOT", "...", "()"])
def test_queries_that_make_no_sense_are_refused(query: str) -> None:
    with pytest.raises(InputError):
        Filters(query=query)


@given(st.text(max_size=30))
def test_any_query_is_understood_or_refused(text: str) -> None:
    try:
        meaning = parse_query(text)
    except InputError:
        return
    assert parse_query(text) == meaning


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(InputError, match="no document kind"):
        Filters(kinds=("papers",))


@settings(max_examples=25, deadline=None)
@given(years=st.lists(st.integers(2000, 2020), min_size=1, max_size=15), as_of=st.integers(2000, 2020))
def test_later_documents_change_nothing_before(
    tmp_path_factory: pytest.TempPathFactory, years: list[int], as_of: int
) -> None:
    folder = tmp_path_factory.mktemp("later")
    rows = [row(n, published=str(year)) for n, year in enumerate(years)]
    found = []
    for name, chosen in (("all", rows), ("early", [r for r in rows if int(r["published"]) <= as_of])):
        path = folder / f"{name}.jsonl"
        path.write_text("\n".join(json.dumps(r) for r in chosen))
        workspace = Workspace.create(folder / name)
        ingest(workspace, [path], clock=fixed_clock("2026-01-01"), read=read, batch=4)
        view = Corpus(workspace.corpus_dir).as_of(as_of)
        found.append(([b.to_pylist() for b in view.batches(COLUMNS)], view.totals().to_pylist()))
    assert found[0] == found[1]


def test_documents_come_back_as_they_went_in(corpus: Corpus, tmp_path: Path) -> None:
    wanted = column(corpus.as_of(2020, Filters(kinds=("patent",))), "document_id")
    (stored,) = corpus.documents(wanted)
    assert stored.document.organisations[0].name == "Lake Institute"
    assert stored.provenance[0].position == "line 4"
    assert corpus.document("0" * 16) is None

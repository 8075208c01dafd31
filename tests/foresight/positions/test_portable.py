"""The counting expressions compile for both engines, and DuckDB and Spark (Sail) give the same cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest
from tests.foresight.positions.worlds import document, institute, monopoly_world

from foretrack.corpus.columns import DOCUMENTS, StoredDocument, to_table
from foretrack.domains.foresight.counts import positions as counts
from foretrack.records.document import Organisation

# Of pandas 3, raised inside the Spark client.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

AS_OF = 2019
EXPRESSIONS: dict[str, Callable[[Any], Any]] = {
    "parties": counts.parties,
    "countries": counts.countries,
    "names": counts.names,
    "persons": counts.persons,
    "sole_countries": counts.sole_countries,
    "classes": counts.classes,
    "own_keys": counts.own_keys,
    "references": counts.references,
    "citations": lambda t: counts.citations(t, AS_OF),
    "disruption": lambda t: counts.disruption(
        t, t.filter(t.year <= AS_OF - 5).select("document_id", "year"), 5
    ),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("dialect", ["duckdb", "pyspark"])
def test_an_expression_compiles(name: str, dialect: str) -> None:
    table = ibis.table(ibis.Schema.from_pyarrow(DOCUMENTS), name="documents")

    sql = str(ibis.to_sql(EXPRESSIONS[name](table), dialect=dialect))

    assert "SELECT" in sql
    # Columns are never unnested in a SELECT list, where engines differ in how many rows they make.
    assert "\\w" not in sql


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world with the awkward cases: nothing in lists, no DOI, Chinese names, a person as applicant."""
    awkward = [
        document(9001, 2012, source_id="", doi="10.1000/x", authors=("Nobody, N. 甲",)),
        document(
            9002, 2013, [institute(1, "SE"), institute(1, "SE")], references=("doi:10.1000/x", "doi:none")
        ),
        document(
            9003,
            2014,
            [Organisation("NOBODY N 甲")],
            kind="patent",
            authors=("Nobody, N. 甲",),
            references=("patent:I9003", "invented:I9002"),
        ),
        document(
            9004, 2015, ids=("pmid:1",), classes=("odd",), references=("doi:10.1000/x", "invented:I9002")
        ),
    ]
    folder = tmp_path_factory.mktemp("parts")
    stored = [StoredDocument(f"{i:016x}", 1, d, ()) for i, d in enumerate([*monopoly_world(), *awkward])]
    pq.write_table(to_table(stored).drop_columns(["provenance"]), folder / "documents.parquet")
    return folder / "documents.parquet"


@pytest.fixture(scope="module")
def engines(parts: Path) -> Iterator[dict[str, Any]]:
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    spark = ibis.pyspark.connect(session)
    duck = ibis.duckdb.connect()
    yield {
        "duckdb": duck.read_parquet(parts, table_name="documents"),
        "spark": spark.read_parquet(parts, table_name="documents"),
    }
    session.stop()
    server.stop()


def cells(table: Any) -> list[tuple[Any, ...]]:
    rows = table.to_pyarrow().to_pylist()
    names = sorted(rows[0]) if rows else []
    return sorted((tuple(row[name] for name in names) for row in rows), key=repr)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_both_engines_give_the_same_cells(name: str, engines: dict[str, Any]) -> None:
    make = EXPRESSIONS[name]

    found = cells(make(engines["duckdb"]))

    assert len(found) >= 1
    assert cells(make(engines["spark"])) == found


def test_disruption_by_hand(engines: dict[str, Any]) -> None:
    # I9002 cites a DOI. I9003 cites I9002 alone, I9004 cites both, and nobody cites only the DOI.
    table = engines["duckdb"]
    focal = table.filter(table.source_id == "I9002").select("document_id", "year")

    found = counts.disruption(table, focal, 5).to_pyarrow().to_pylist()

    assert [(row["only_it"], row["both"], row["only_before"]) for row in found] == [(1, 1, 0)]


def test_citations_are_dated_to_the_as_of_year(engines: dict[str, Any]) -> None:
    table = engines["duckdb"]

    # Every document of the world was cited 500 times in 2021, and nothing of that is known in 2019 ...
    assert max(row["n_citations"] for row in counts.citations(table, 2019).to_pyarrow().to_pylist()) < 500
    # ... but in 2021.
    assert max(row["n_citations"] for row in counts.citations(table, 2021).to_pyarrow().to_pylist()) > 500


def test_disruption_equals_counting_one_by_one(engines: dict[str, Any]) -> None:
    papers = monopoly_world()
    name = {f"invented:I{i}": i for i in range(len(papers))}
    cites = [{name[key] for key in paper.references} for paper in papers]
    expected = {}
    for f, focal in enumerate(papers):
        if focal.year > AS_OF - 5 or not cites[f]:
            continue
        later = [i for i, paper in enumerate(papers) if focal.year < paper.year <= focal.year + 5]
        it, before = ({i for i in later if f in cites[i]}, {i for i in later if cites[f] & cites[i]})
        expected[f"{f:016x}"] = (len(it - before), len(it & before), len(before - it))

    rows = EXPRESSIONS["disruption"](engines["duckdb"]).to_pyarrow().to_pylist()

    found = {r["document_id"]: (r["only_it"], r["both"], r["only_before"]) for r in rows}
    assert {name: found[name] for name in expected} == expected
    assert sum(both for _, both, _ in expected.values()) > 0

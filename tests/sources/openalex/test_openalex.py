"""OpenAlex: the invented samples, field by field."""

from __future__ import annotations

from pathlib import Path

from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.catalogue import read
from foretrack.sources.openalex.works import abstract_of, document_of

SAMPLES = Path(__file__).parent / "samples"

WORK = Document(
    kind="paper",
    source="openalex",
    source_id="W9000000001",
    title="Invented: soft robots that fold like paper",
    published="2019-03-14",
    abstract="Robots fold and then fold again.",
    language="en",
    keywords=("Soft robotics",),
    doi="10.5555/invented.1",
    ids=("pmid:99000001",),
    subtype="article",
    authors=("Ada Invented", "Li Invented"),
    organisations=(
        Organisation("Example University", "NO", "ror:0invented"),
        Organisation("Example Institute", "CN"),
    ),
    countries=("NO", "CN"),
    venue="Journal of Invented Robotics",
    publisher="Invented Press",
    classes=("openalex-topic:T10191", "openalex-concept:C34413123"),
    references=("openalex:W9000000000",),
    cited_by=7,
    cited_by_year=((2020, 3), (2021, 4)),
    updated="2024-01-02",
    url="https://doi.org/10.5555/invented.1",
    licence="cc-by",
)


def sample(name: str) -> list[Parsed | Rejected]:
    ((_, connector, records),) = ((n, c, list(r)) for n, c, r in read(SAMPLES / name))
    assert connector.name.startswith("openalex-")
    return records


def test_an_api_answer() -> None:
    first, second, third = sample("openalex-json.json")
    assert first == Parsed("record 1", WORK)
    assert isinstance(second, Parsed)
    assert second.document.status == "retracted"
    assert isinstance(third, Rejected)
    assert (third.position, third.reason) == ("record 3", "year 2999; expected 1500 to 2100")


def test_snapshot_lines() -> None:
    first, second, third = sample("openalex-json-snapshot.jsonl")
    assert first == Parsed("line 1", WORK)
    assert isinstance(second, Rejected)
    assert second.position == "line 2"
    assert isinstance(third, Parsed)
    assert third.position == "line 3"


def test_website_export() -> None:
    first, second = sample("openalex-csv.csv")
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="openalex",
        source_id="W9000000011",
        title="Invented: tethered kites for power",
        published="2018-06-07",
        abstract="Kites pull a rope.",
        language="en",
        keywords=("Kites", "Wind power"),
        doi="10.5555/invented.11",
        subtype="article",
        authors=("Ada Invented", "Li Invented"),
        organisations=(Organisation("Example University"), Organisation("Example Institute")),
        countries=("NO", "CN"),
        venue="Journal of Invented Energy",
        publisher="Invented Press",
        classes=("openalex-topic:T10001",),
        cited_by=3,
        url="https://doi.org/10.5555/invented.11",
    )
    assert isinstance(second, Parsed)
    assert second.document.status == "retracted"
    (older,) = sample("openalex-csv-2023.csv")
    assert isinstance(older, Parsed)
    assert (older.document.venue, older.document.authors) == ("Journal of Invented Cells", ("Ada Invented",))
    assert older.document.references == ("openalex:W9000000000",)


def test_an_inverted_index_of_any_shape() -> None:
    assert abstract_of({"a": [10**12], "b": [0], "c": "x", "d": [None, "1"]}) == "b a"
    assert abstract_of({}) is None
    assert abstract_of(None) is None


def test_fields_of_the_wrong_type_do_no_harm() -> None:
    work = {name: [{"x": 1}] for name in ("id", "doi", "authorships", "topics", "primary_location", "ids")}
    found = document_of(
        "line 1", {**work, "title": "Invented", "publication_year": 2000, "counts_by_year": "x"}
    )
    assert isinstance(found, Parsed)
    assert found.document == Document("paper", "openalex", "", "Invented", "2000")

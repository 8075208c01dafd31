"""Lens exports: scholarly works and patents, families, missing values, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes, open_file
from foretrack.sources.lens import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
WORKS, PATENTS = CONNECTORS


def rows(connector: Connector, data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(connector.parse(open_bytes(raw, "x.csv"), ParseOptions()))


def sample(connector: Connector, name: str) -> tuple[list[Document], list[Rejected]]:
    with open_file(SAMPLES / name) as (opened,):
        found = list(connector.parse(opened, ParseOptions()))
    return [r.document for r in found if isinstance(r, Parsed)], [r for r in found if isinstance(r, Rejected)]


def test_work_fields() -> None:
    (first, second), rejected = sample(WORKS, "lens-works.csv")
    assert first == Document(
        kind="paper",
        source="lens",
        source_id="900-000-000-000-01X",
        title="Invented record: cyber risk of toasters",
        published="2020-11-22",
        abstract="This record is invented. It has two paragraphs.",
        keywords=("toaster", "risk"),
        doi="10.1000/toast.1",
        ids=("pmid:99000011", "pmcid:PMC9900011"),
        subtype="journal article",
        authors=("Ada Invented", "Bo Example"),
        venue="Invented systems",
        publisher="Invented Press",
        classes=("lens-field:Computer science", "lens-field:Toasters"),
        references=("lens:900-000-000-000-022", "lens:900-000-000-000-033"),
        cited_by=10,
        url="http://dx.doi.org/10.1000/toast.1",
        licence="cc-by",
    )
    assert (second.published, second.ids, second.doi) == ("2020", (), None)
    assert [(r.position, r.reason) for r in rejected] == [("row 4", "no title")]


def test_patent_fields() -> None:
    (first, second), rejected = sample(PATENTS, "lens-patents.csv")
    assert first == Document(
        kind="patent",
        source="lens",
        source_id="900-000-000-001-01X",
        title="Invented record: folding wing",
        published="2021-03-02",
        abstract="This record is invented.",
        family="lens:CN99000002A",
        ids=("patent:US9900001B2",),
        subtype="granted patent",
        authors=("ADA INVENTED", "BO EXAMPLE"),
        organisations=(Organisation("INVENTED WINGS INC"), Organisation("EXAMPLE UNIV")),
        venue="US",
        classes=("cpc:B64C39/02", "cpc:G05D1/10", "ipc:B64C3/38"),
        references=("doi:10.1000/wing.1",),
        cited_by=8,
        filed="2019-05-06",
        granted="2021-03-02",
        url="https://link.example/1",
    )
    assert (second.family, second.granted, second.subtype) == (first.family, None, "patent application")
    assert second.authors == ("张三", "李四")
    assert [(r.position, r.reason) for r in rejected] == [("row 4", "no publication date")]


def test_names_of_columns_with_underscores_and_no_document_type() -> None:
    text = "lens_id,title,jurisdiction,kind,publication_date,applicants\n1-1,T,US,B1,2015-01-02,A;;B\n"
    (only,) = rows(PATENTS, text)
    assert isinstance(only, Parsed)
    assert (only.document.subtype, only.document.granted) == ("granted patent", "2015-01-02")
    assert [o.name for o in only.document.organisations] == ["A", "B"]


def test_each_header_is_known_by_its_own_connector_only() -> None:
    for name, connector, other in (("lens-works.csv", WORKS, PATENTS), ("lens-patents.csv", PATENTS, WORKS)):
        text = (SAMPLES / name).read_text(encoding="utf-8")
        assert connector.detect(Sample(text.encode(), text, "x")) == 0.95
        assert other.detect(Sample(text.encode(), text, "x")) == 0


@pytest.mark.parametrize("year", ["", "0", "2999", "soon"])
def test_impossible_year_is_rejected(year: str) -> None:
    (only,) = rows(WORKS, f"Lens ID,Title,Publication Year\n1,T,{year}\n")
    assert isinstance(only, Rejected)


def test_wrong_table_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="Lens ID"):
        rows(WORKS, "a,b\n1,2\n")


CELLS = st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=5), max_size=8)


@given(CELLS)
@settings(max_examples=100, deadline=None)
def test_any_cells(cells: list[list[str]]) -> None:
    body = "\n".join(",".join(row) for row in cells)
    for connector, header in (
        (WORKS, "Lens ID,Title,Publication Year"),
        (PATENTS, "Lens ID,Title,Jurisdiction,Kind"),
    ):
        data = f"{header}\n{body}".encode("utf-8", "surrogatepass")
        try:
            found = rows(connector, data)
        except ForetrackError:
            continue
        assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)


@pytest.mark.parametrize(
    ("published", "filed", "expected"),
    [
        ("26/10/17", "29/05/15", ("2017-10-26", "2015-05-29")),
        ("05/10/17", "12/02/99", ("2017", "1999")),
        ("26/10/16", "", ("2017", None)),
    ],
    ids=["day-first", "either-way-round", "of-another-year"],
)
def test_short_dates_of_older_exports(published: str, filed: str, expected: tuple[str, str | None]) -> None:
    header = "lens_id,title,jurisdiction,kind,publication_date,publication_year,application_date\n"
    (only,) = rows(PATENTS, header + f"1-1,T,AU,A1,{published},2017,{filed}\n")
    assert isinstance(only, Parsed)
    assert (only.document.published, only.document.filed) == expected

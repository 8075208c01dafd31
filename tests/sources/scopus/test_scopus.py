"""Scopus exports: each field, headers of other years and languages, what breaks off, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes, open_file
from foretrack.sources.scopus import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
CSV, RIS, BIBTEX = CONNECTORS
HEADER = "Authors,Author(s) ID,Title,Year,Source title,Cited by,EID\n"


def rows(connector: Connector, data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(connector.parse(open_bytes(raw, "x"), ParseOptions()))


def sample(connector: Connector, name: str) -> tuple[list[Document], list[Rejected]]:
    with open_file(SAMPLES / name) as (opened,):
        found = list(connector.parse(opened, ParseOptions()))
    return [r.document for r in found if isinstance(r, Parsed)], [r for r in found if isinstance(r, Rejected)]


def test_csv_fields() -> None:
    (first, second), rejected = sample(CSV, "scopus-csv.csv")
    assert first == Document(
        kind="paper",
        source="scopus",
        source_id="2-s2.0-99000000001",
        title='Invented record: a "swarm" of boats',
        published="2024",
        abstract="This record is invented.",
        language="en",
        keywords=("boat swarm", "autonomy", "Ships", "Robots"),
        doi="10.1000/boat.1",
        ids=("pmid:99000002",),
        subtype="article",
        authors=("Gorse, Bin", "Wren, Lu"),
        organisations=(Organisation("Example University", "CN"), Organisation("Invented Boats Inc", "NO")),
        countries=("CN", "NO"),
        venue="Invented Naval Letters",
        publisher="Invented Press",
        references=("doi:10.1000/sail.2",),
        cited_by=5,
        url="https://www.scopus.com/inward/record.uri?eid=2-s2.0-99000000001&doi=10.1000%2fboat.1",
    )
    assert (second.status, second.authors, second.abstract, second.cited_by) == ("retracted", (), None, None)
    assert [(r.position, r.reason) for r in rejected] == [("row 4", "no title")]


def test_csv_of_the_chinese_interface() -> None:
    (only,), rejected = sample(CSV, "scopus-csv-zh.csv")
    assert not rejected
    assert (only.title, only.language, only.published) == ("虚构记录：低空无人机物流", "zh", "2023")
    assert only.authors == ("Li A.", "Wang B.")
    assert only.keywords == ("无人机", "物流", "Drones")
    assert (only.source_id, only.cited_by, only.countries) == ("2-s2.0-99000000011", 2, ("CN",))


def test_ris_fields() -> None:
    (first, last), rejected = sample(RIS, "scopus-ris.ris")
    assert first.authors == ("Heather, C.C.", "Moss, J.P.")
    assert first.organisations == (
        Organisation("Example University", "CH"),
        Organisation("Invented Gas Ltd", "GB"),
    )
    assert (first.source_id, first.cited_by, first.ids) == ("2-s2.0-99000000021", 26, ("pmid:99000003",))
    assert first.references == ("doi:10.1000/old.pipe",)
    assert (first.keywords, first.subtype, first.language) == (("hydrogen", "pipeline"), "article", "en")
    assert last.source_id == "2-s2.0-99000000023"
    assert [(r.position, r.reason) for r in rejected] == [("record 2, line 25", "no publication date")]


def test_bibtex_fields() -> None:
    (first, second), rejected = sample(BIBTEX, "scopus-bibtex.bib")
    assert not rejected
    assert first.title == "Invented record: DNA as a hard disk & more"
    assert first.authors == ("Fern, P.", "Ivy, T.", "Oak, A.")
    assert first.organisations == (
        Organisation("Example University", "PL"),
        Organisation("Invented Institute", "PL"),
    )
    assert first.abstract == "This record is invented. It has two lines."
    assert (first.source_id, first.cited_by, first.doi) == ("2-s2.0-99000000031", 4, "10.1000/dna.1")
    assert first.keywords == ("DNA storage", "archive", "Data storage")
    assert first.references == ("doi:10.1000/tape.1",)
    assert (second.source_id, second.cited_by, second.subtype) == (
        "2-s2.0-99000000032",
        1,
        "conference paper",
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_csv_in_other_encodings(encoding: str) -> None:
    text = (SAMPLES / "scopus-csv-zh.csv").read_text(encoding="utf-8")
    (only,) = rows(CSV, text.encode(encoding))
    assert isinstance(only, Parsed)
    assert only.document.title == "虚构记录：低空无人机物流"


def test_csv_with_semicolons_and_older_header_names() -> None:
    (only,) = rows(
        CSV,
        "Authors;Author Ids;Document Title;Year;Source title;Link;Cited by;EID\nLi A.;1;T;2001;J;;;2-s2.0-1",
    )
    assert isinstance(only, Parsed)
    assert only.document.title == "T"


def test_csv_row_with_a_cell_too_many_is_rejected() -> None:
    good, bad = rows(CSV, HEADER + "Li A.,1,T,2020,J,0,2-s2.0-1\nLi A.,1,T,2020,J,0,2-s2.0-1,extra\n")
    assert isinstance(good, Parsed)
    assert isinstance(bad, Rejected)
    assert bad.position == "row 3"


def test_csv_with_a_quote_never_closed_is_an_error_after_the_good_rows() -> None:
    found = CSV.parse(
        open_bytes((HEADER + 'Li A.,1,T,2020,J,0,2-s2.0-1\nLi A.,1,"T,2020\n').encode(), "x"), ParseOptions()
    )
    assert isinstance(next(found), Parsed)
    with pytest.raises(SourceError, match="row 3"):
        next(found)


def test_mixed_ris_is_not_taken_for_scopus() -> None:
    other = "TY  - JOUR\nTI  - Invented\nPY  - 2020\nDB  - Other\nER  - \n"
    text = (SAMPLES / "scopus-ris.ris").read_text(encoding="utf-8") + "\nER  - \n" + other
    assert RIS.detect(Sample(text.encode(), text, "x", complete=True)) == 0


def test_ris_record_cut_before_its_link_is_rejected() -> None:
    (only,) = rows(RIS, "TY  - JOUR\nTI  - Invented record that was cut\nPY  - 2020\nDB  - Scopus\n")
    assert isinstance(only, Rejected)
    assert "breaks off" in only.reason


def test_bibtex_record_cut_in_the_middle_is_rejected() -> None:
    text = (SAMPLES / "scopus-bibtex.bib").read_text(encoding="utf-8").split("url={")[0]
    (only,) = rows(BIBTEX, text)
    assert isinstance(only, Rejected)
    assert only.position == "record 1, line 4"


def test_file_without_records_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="TY"):
        rows(RIS, "nothing\n")
    with pytest.raises(InputError, match="Year"):
        rows(CSV, "a,b\n1,2\n")


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "TY  - JOUR",
                "ER  - ",
                "TI  - T",
                "PY  - 2020",
                "N1  - Cited By :",
                "AU  - ",
                "UR  - 2-s2.0-1",
                "@ARTICLE{K,",
                "title={T},",
                "year={2020},",
                "}",
                "author={",
                "source={Scopus},",
                HEADER.strip(),
                "Li A.,1,T,2020,J,0,2-s2.0-1",
                '"',
                ",,,,,,",
            ]
        ),
        st.text(max_size=30),
    ),
    max_size=30,
)


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_any_lines_give_records_rejections_or_one_clear_error(lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    for connector in CONNECTORS:
        assert 0 <= connector.detect(Sample(data, "\n".join(lines), "x")) <= 1
        try:
            found = rows(connector, data)
        except ForetrackError:
            continue
        assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)

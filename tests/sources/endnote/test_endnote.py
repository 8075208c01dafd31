"""EndNote XML: each field, styled text, entity attacks, files that break off, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.endnote import CONNECTORS
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes

SAMPLE = Path(__file__).parent / "samples" / "endnote-xml.xml"
(XML,) = CONNECTORS
RECORD = "<record><titles><title>{}</title></titles><dates><year>{}</year></dates></record>"


def rows(data: str | bytes, options: ParseOptions | None = None) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(XML.parse(open_bytes(raw, "x.xml"), options or ParseOptions()))


def library(*records: str) -> str:
    return f"<xml><records>{''.join(records)}</records></xml>"


def test_fields() -> None:
    first, second, third = rows(SAMPLE.read_bytes())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="endnote",
        source_id="medline:99000031",
        title="Invented record: bees & robots",
        published="2016-03-04",
        abstract="This record is invented.",
        language="en",
        keywords=("robotic bee", "pollination"),
        doi="10.1000/bee.1",
        ids=("pmid:99000031", "pmcid:PMC9900031"),
        subtype="journal-article",
        authors=("Thorn, Ada", "Reed, Bo"),
        organisations=(Organisation("Example University", "NO"), Organisation("Invented Institute", "FR")),
        countries=("NO", "FR"),
        venue="Invented Journal of Bees",
        url="https://x.example/bees",
    )
    assert isinstance(second, Parsed)
    chinese = second.document
    assert (chinese.title, chinese.keywords) == ("虚构记录：蜜蜂机器人", ("机器人", "蜜蜂"))
    assert (chinese.alt_language, chinese.alt_title) == ("en", "Invented record: robotic bees")
    assert (chinese.subtype, chinese.venue) == ("conference-paper", "虚构会议")
    assert isinstance(third, Rejected)
    assert third.position == "record 3, line 18"
    assert third.reason == "no publication date"
    assert third.excerpt


def test_reference_type_without_a_name_is_read_by_its_number() -> None:
    record = RECORD.format("Invented wing", 2020).replace("<titles>", "<ref-type>25</ref-type><titles>")
    (only,) = rows(library(record))
    assert isinstance(only, Parsed)
    assert only.document.kind == "patent"


def test_options_name_kind_and_source() -> None:
    (only,) = rows(library(RECORD.format("Invented", 2020)), ParseOptions(kind="standard", source="mine"))
    assert isinstance(only, Parsed)
    assert (only.document.kind, only.document.source) == ("standard", "mine")


def test_entity_expansion_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(SourceError, match="entity"):
        rows(bomb + library(RECORD.format("&b;", 2020)))


def test_file_that_breaks_off_gives_the_records_before() -> None:
    data = SAMPLE.read_bytes()
    cut = data[: data.index(b"<rec-number>3")]
    found = XML.parse(open_bytes(cut, "cut.xml"), ParseOptions())
    assert isinstance(next(found), Parsed)
    with pytest.raises(SourceError, match=r"cut\.xml"):
        list(found)


def test_encoding_declared_in_the_file() -> None:
    text = '<?xml version="1.0" encoding="GB18030"?>' + library(RECORD.format("虚构记录", 2020))
    (only,) = rows(text.encode("gb18030"))
    assert isinstance(only, Parsed)
    assert only.document.title == "虚构记录"


def test_library_without_records() -> None:
    with pytest.raises(InputError, match="no EndNote record"):
        rows(library())


def test_other_xml_is_not_taken_for_endnote() -> None:
    text = "<records><record><header/></record></records>"
    assert XML.detect(Sample(text.encode(), text, "x")) == 0


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=6)), max_size=6), st.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_any_texts_and_any_cut(records: list[tuple[str, str]], cut: int) -> None:
    data = library(*(RECORD.format(title, year) for title, year in records)).encode("utf-8", "surrogatepass")
    for piece in (data, data[:-cut] if cut else data):
        try:
            found = rows(piece)
        except ForetrackError:
            continue
        assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)

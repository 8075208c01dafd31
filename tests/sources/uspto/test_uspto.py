"""USPTO XML: values field by field, bulk files with broken members, hostile XML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.uspto import CONNECTORS
from foretrack.sources.uspto.splitting import pieces

SAMPLES = Path(__file__).parent / "samples"
(CONNECTOR,) = CONNECTORS


def read(data: bytes) -> list[Parsed | Rejected]:
    return list(CONNECTOR.parse(open_bytes(data, "sample.xml"), ParseOptions()))


def documents(name: str) -> list[Document]:
    rows = read((SAMPLES / name).read_bytes())
    assert not [row for row in rows if isinstance(row, Rejected)]
    return [row.document for row in rows if isinstance(row, Parsed)]


def test_grant_has_every_field() -> None:
    first = documents("grants-bulk.xml")[0]
    assert first == Document(
        kind="patent",
        source="uspto",
        source_id="US9876543B2",
        title="Wireless charging of a CO2-sensing drone",
        published="2019-02-05",
        abstract="A drone μ-sensor is charged in flight by a ground beam.",
        language="en",
        subtype="granted patent",
        authors=("Okafor, Ada M.", "Lindqvist, Per"),
        organisations=(Organisation("Halden Aerial Systems, Inc.", country="US"),),
        countries=("US",),
        venue="USPTO",
        classes=("cpc:B64C39/024", "cpc:H02J50/20", "ipc:B64C39/02"),
        references=("patent:US4993826A", "patent:US20150123456A1", "patent:EP0379828A2"),
        filed="2016-04-05",
        granted="2019-02-05",
        family="us-application:15123456",
    )


def test_design_without_abstract_does_not_get_a_claim_for_one() -> None:
    design = documents("grants-bulk.xml")[1]
    assert (design.source_id, design.subtype, design.abstract) == ("USD801234S1", "design", None)
    assert design.classes == ("locarno:12-07",)
    assert design.organisations == (Organisation("Feldmark 无人机 GmbH", country="DE"),)


def test_application_and_grant_of_one_invention_share_their_family() -> None:
    text = (SAMPLES / "application.xml").read_text(encoding="utf-8")
    (early,) = read(text.replace("16000111", "15123456").encode())
    assert isinstance(early, Parsed)
    assert early.document.family == documents("grants-bulk.xml")[0].family


def test_application_is_not_granted() -> None:
    (application,) = documents("application.xml")
    assert (application.source_id, application.subtype) == ("US20190012345A1", "application")
    assert (application.published, application.filed, application.granted) == (
        "2019-01-10",
        "2018-06-04",
        None,
    )


def test_red_book_reads_iso_entities_and_inid_codes() -> None:
    first, second = documents("redbook.xml")
    assert first == Document(
        kind="patent",
        source="uspto",
        source_id="US6500001B1",
        title="Lithium cell with μm layers",
        published="2002-12-31",
        abstract="A cell has layers of 5 μm.",
        language="en",
        subtype="granted patent",
        authors=("Roca, Ines",),
        organisations=(Organisation("Harbour Cells Corporation", country="US"),),
        countries=("US",),
        venue="USPTO",
        classes=("ipc:H01M10/44", "ipc:H02J7/00"),
        references=("patent:US4111111A",),
        filed="1999-10-04",
        granted="2002-12-31",
        family="us-application:09411146",
    )
    assert second.source_id == "US6500002B1"


def test_applications_of_2001() -> None:
    first, second = documents("applications-2001.xml")
    assert first == Document(
        kind="patent",
        source="uspto",
        source_id="US20010099001A1",
        title="Invented sample: conference server",
        published="2001-07-19",
        abstract="A server “joins” clients.",
        language="en",
        family="us-application:09777000",
        subtype="application",
        authors=("Okafor, Ada M.", "Lindqvist, Per"),
        organisations=(Organisation("Northfield AB", country="SE"),),
        countries=("SE",),
        venue="USPTO",
        classes=("ipc:G06F15/16", "ipc:H04L12/00"),
        filed="2001-02-05",
    )
    assert second.source_id == "US20010099002A1"


def test_assignee_without_address_book_in_2005() -> None:
    text = (SAMPLES / "application.xml").read_text(encoding="utf-8")
    old = "<assignees><assignee><orgname>Harbour Cells</orgname><role>02</role></assignee></assignees>"
    (row,) = read(text.replace("</us-parties>", "</us-parties>" + old).encode())
    assert isinstance(row, Parsed)
    assert Organisation("Harbour Cells") in row.document.organisations


def test_applicants_who_are_inventors_before_2013() -> None:
    data = (SAMPLES / "application.xml").read_text(encoding="utf-8")
    start, end = data.index("<us-parties>"), data.index("</us-parties>") + len("</us-parties>")
    old = (
        "<parties><applicants><applicant app-type='applicant-inventor'><addressbook>"
        "<last-name>Vega</last-name>"
        "<first-name>Lu</first-name><address><country>CN</country></address></addressbook></applicant>"
        "</applicants></parties>"
    )
    (row,) = read((data[:start] + old + data[end:]).encode())
    assert isinstance(row, Parsed)
    assert row.document.authors == ("Vega, Lu",)
    assert row.document.organisations == ()
    assert row.document.countries == ("CN",)


def test_old_ipc_in_fixed_columns() -> None:
    data = (SAMPLES / "application.xml").read_text(encoding="utf-8")
    start = data.index("<classifications-ipcr>")
    end = data.index("</classifications-cpc>") + len("</classifications-cpc>")
    old = "<classification-ipc><main-classification>B64C 3902</main-classification></classification-ipc>"
    (row,) = read((data[:start] + old + data[end:]).encode())
    assert isinstance(row, Parsed)
    assert row.document.classes == ("ipc:B64C39/02",)


def test_truncated_bulk_file_keeps_what_came_before() -> None:
    data = (SAMPLES / "grants-bulk.xml").read_bytes()
    first, second = read(data[: len(data) - 400])
    assert isinstance(first, Parsed)
    assert isinstance(second, Rejected)
    assert second.position == "record 2 (line 26)"
    assert "not well-formed" in second.reason


def test_broken_member_in_the_middle_does_not_hurt_its_neighbours() -> None:
    whole = (SAMPLES / "grants-bulk.xml").read_bytes()
    application = (SAMPLES / "application.xml").read_bytes()
    rows = read(application + whole[:900] + b"\n" + application)
    assert [type(row) for row in rows] == [Parsed, Rejected, Parsed]


def test_truncated_gzip_keeps_the_first_records_and_says_so() -> None:
    import gzip

    body = b"".join(
        (SAMPLES / "application.xml").read_bytes().replace(b"20190012345", b"2019%07d" % number)
        for number in range(400)
    )
    packed = gzip.compress(body)
    rows: list[Parsed | Rejected] = []
    with pytest.raises(SourceError):
        rows.extend(CONNECTOR.parse(open_bytes(packed[: len(packed) // 2]), ParseOptions()))
    # extend keeps what the generator yielded before it raised
    kept = CONNECTOR.parse(open_bytes(packed[: len(packed) // 2]), ParseOptions())
    assert isinstance(next(kept), Parsed)


def test_entity_expansion_is_refused() -> None:
    bomb = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 9))
    data = (SAMPLES / "application.xml").read_bytes()
    hostile = data.replace(b"[ ]>", b'[ <!ENTITY l0 "lol">' + bomb + b"]>").replace(
        b"Battery swap", b"&l8; swap"
    )
    (row,) = read(hostile)
    assert isinstance(row, Rejected)
    assert "entity" in row.reason


def test_external_entity_is_not_fetched() -> None:
    data = (SAMPLES / "application.xml").read_bytes()
    hostile = data.replace(b"[ ]>", b'[ <!ENTITY x SYSTEM "file:///etc/hostname"> ]>').replace(
        b"Battery swap", b"Battery &x;swap"
    )
    (row,) = read(hostile)
    assert isinstance(row, Parsed)
    assert row.document.title == "Battery swap station"


def test_sequence_listing_is_named_as_such() -> None:
    application = (SAMPLES / "application.xml").read_bytes()
    listing = b'<?xml version="1.0"?>\n<sequence-cwu id="S-00001"><publication-reference/></sequence-cwu>\n'
    first, second = read(application + listing)
    assert isinstance(first, Parsed)
    assert isinstance(second, Rejected)
    assert "sequence listing" in second.reason


@pytest.mark.parametrize(
    ("cut", "reason"),
    [
        (b"<doc-number>20190012345</doc-number>", "no publication number"),
        (b"Battery swap station", "no title"),
        (b"20190110", "no publication date"),
    ],
)
def test_patent_without_the_necessary_is_rejected(cut: bytes, reason: str) -> None:
    (row,) = read((SAMPLES / "application.xml").read_bytes().replace(cut, b""))
    assert isinstance(row, Rejected)
    assert reason in row.reason


def test_too_long_document_is_dropped_and_the_next_is_read() -> None:
    stream = [b"<?xml version='1'?>\n<a>"] + [b"x" * 100] * 50 + [b"</a>\n<?xml version='1'?>\n<b/>"]
    first, second = pieces(stream, limit=1000)
    assert (first.data, second.line) == (None, 3)
    assert second.data == b"<?xml version='1'?>\n<b/>"


@given(st.integers(1, 200))
def test_pieces_do_not_depend_on_the_chunks(size: int) -> None:
    data = (SAMPLES / "grants-bulk.xml").read_bytes()[:3000] + (SAMPLES / "redbook.xml").read_bytes()[:900]
    cut = [data[i : i + size] for i in range(0, len(data), size)]
    assert list(pieces(cut)) == list(pieces([data]))


@pytest.mark.parametrize(
    "start",
    [b"<!DOCTYPE a []>\n<us-patent-grant/>", b"<PATDOC >\n</PATDOC>", b"<patent-application-publication >\n"],
)
def test_files_without_declarations_are_cut_too(start: bytes) -> None:
    assert [piece.data for piece in pieces([start + b"\n" + start])] == [start + b"\n", start]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_never_raise_anything_but_our_errors(data: st.DataObject) -> None:
    body = bytearray(
        (
            SAMPLES / data.draw(st.sampled_from(["grants-bulk.xml", "redbook.xml", "applications-2001.xml"]))
        ).read_bytes()
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    try:
        rows = read(bytes(body))
    except ForetrackError:
        return
    assert all(isinstance(row, Parsed | Rejected) for row in rows)


@given(st.text(max_size=300))
def test_detection_never_raises(text: str) -> None:
    confidence = CONNECTOR.detect(Sample(head=text.encode("utf-8", "replace"), text=text, name="x"))
    assert 0 <= confidence <= 1

"""Relaton YAML: both spellings of the model, collections, indexes, hostile and broken YAML, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.relaton import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
(CONNECTOR,) = CONNECTORS
ITEM = "title: T\ndocid: {id: X 1, type: X}\ndate: {type: published, value: '2001'}\n"


def read(data: bytes | str) -> list[Parsed | Rejected]:
    body = data.encode() if isinstance(data, str) else data
    return list(CONNECTOR.parse(open_bytes(body, "sample.yaml"), ParseOptions()))


def documents(name: str) -> list[Document]:
    rows = read((SAMPLES / name).read_bytes())
    assert not [row for row in rows if isinstance(row, Rejected)]
    return [row.document for row in rows if isinstance(row, Parsed)]


def test_single_item_has_every_field() -> None:
    (item,) = documents("item-v1.yaml")
    assert item == Document(
        kind="standard",
        source="relaton",
        source_id="ISO/IEC 99001-5:2013",
        title="Invented sample — Coding of smells — Part 5: Exchange format",
        published="2013-04-26",
        abstract="This invented document specifies the exchange of smells.",
        language="en",
        keywords=("smell", "coding"),
        alt_language="fr",
        alt_title="Exemple inventé — Codage des odeurs — Partie 5: Format",
        alt_abstract="Ce document inventé spécifie les odeurs.",
        doi="10.9999/smell",
        ids=("std:ISO/IEC 99001-5:2013",),
        subtype="international-standard",
        organisations=(Organisation("ISO/IEC JTC 1/SC 999"),),
        venue="ISO/IEC",
        publisher="International Organization for Standardization; International Electrotechnical Commission",
        classes=("ics:35.040.30", "stage:95.99"),
        references=("std:ISO 88001:1999",),
        updated="2018-01-02",
        url="https://example.org/standard/99001.html",
    )


def test_concatenated_items_of_both_models() -> None:
    iec, itu, ieee = documents("concatenated.yaml")
    assert (iec.source_id, iec.published, iec.venue) == ("CISPR 99:2015", "2015-06-09", "CISPR")
    assert (iec.alt_language, iec.alt_title) == ("zh", "虚构样例 烤面包机")
    assert iec.organisations == (Organisation("CISPR/CIS/Z"),)
    assert (iec.classes, iec.status) == (("ics:33.100.10", "stage:revised"), "active")
    assert iec.url == "https://example.org/publication/99"
    assert (itu.source_id, itu.published, itu.subtype, itu.venue) == (
        "ITU-R XX.1-4",
        "2001-04",
        "recommendation",
        "ITU",
    )
    assert (ieee.published, ieee.classes) == ("1940", ("stage:superseded",))
    assert ieee.ids == ("std:AIEE 99-1940", "isbn:978-1-5044-0000-0")


def test_collection() -> None:
    protocol, note = documents("collection.yaml")
    assert (protocol.source_id, protocol.published) == ("RFC 99999", "2019-03")
    assert protocol.authors == ("A. M. Okafor", "Per Lindqvist")
    assert protocol.organisations == (Organisation("invented"),)
    assert (note.source_id, note.title, note.published) == (
        "W3C invented-note",
        "Invented sample of a note",
        "2020",
    )


def test_positions_are_lines_of_the_file() -> None:
    rows = read((SAMPLES / "concatenated.yaml").read_bytes())
    assert [row.position for row in rows] == ["record 1 (line 3)", "record 2 (line 53)", "record 3 (line 68)"]


@pytest.mark.parametrize("name", ["item-v1.yaml", "concatenated.yaml", "collection.yaml"])
def test_detection(name: str) -> None:
    assert CONNECTOR.detect(open_bytes((SAMPLES / name).read_bytes()).sample()) == 0.95


@pytest.mark.parametrize(
    "text", ['{"docid": 1, "title": 2}', "title: only\n", "<docid:\ntitle:>", "TY  - JOUR\nTI  - docid: x\n"]
)
def test_other_texts_are_not_detected(text: str) -> None:
    assert CONNECTOR.detect(Sample(b"", text, "x.yaml")) == 0.0


def test_index_is_refused_with_what_to_do() -> None:
    index = "---\n- :id: ITU-R F.2173-0\n  :file: data/itu-r-f-2173-0.yaml\n- :id: B\n  :file: data/b.yaml\n"
    assert CONNECTOR.detect(Sample(b"", index, "x")) == 0.9
    with pytest.raises(InputError, match="index") as caught:
        read(index)
    assert "data/" in caught.value.do


def test_work_in_progress_is_rejected_with_its_stage() -> None:
    (row,) = read("title: T\ndocid: {id: ISO/CD 1, type: ISO}\nstatus: {stage: '30', substage: '20'}\n")
    assert isinstance(row, Rejected)
    assert row.reason == "no publication date: ISO/CD 1 is work in progress (30.20)"


def test_etsi_names_the_month_in_the_identifier() -> None:
    (old, draft) = read(
        "title: T\ndocid: {id: ETSI ETR 999 ed.1 (1990-08), type: ETSI}\n---\n"
        "title: T\ndocid: {id: ISO/DIS 999:2024, type: ISO}\n"
    )
    assert isinstance(old, Parsed)
    assert old.document.published == "1990-08"
    assert isinstance(draft, Rejected)


def test_broken_item_does_not_hurt_its_neighbours() -> None:
    rows = read(ITEM + "---\ntitle: [unclosed\ndocid: x: y: z\n---\n" + ITEM)
    assert [type(row) for row in rows] == [Parsed, Rejected, Parsed]
    assert isinstance(rows[1], Rejected)
    assert rows[1].position == "record 2 (line 5)"
    assert "not valid YAML" in rows[1].reason


def test_broken_collection_keeps_what_came_before() -> None:
    whole = (SAMPLES / "collection.yaml").read_text()
    rows = CONNECTOR.parse(
        open_bytes((whole + "  - title: [\n   } broken\n").encode(), "c.yaml"), ParseOptions()
    )
    assert isinstance(next(rows), Parsed)
    assert isinstance(next(rows), Parsed)
    with pytest.raises(SourceError, match="line"):
        next(rows)


def test_aliases_cannot_multiply() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
    (row,) = read(bomb + "keyword: *i\n" + ITEM)
    assert isinstance(row, Parsed)


@pytest.mark.parametrize("nest", ["[" * 5000, "- " * 3000 + "x", "{a: " * 3000])
def test_deep_nesting_is_rejected(nest: str) -> None:
    (row,) = read(f"docid: 1\ntitle:\n  {nest}\n")
    assert isinstance(row, Rejected)
    assert "nested deeper" in row.reason or "not valid YAML" in row.reason


def test_scalar_and_empty_documents() -> None:
    rows = read("just text\n---\n---\n# remark\n" + ITEM)
    assert [type(row) for row in rows] == [Rejected, Parsed]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_fuzz(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["item-v1.yaml", "concatenated.yaml", "collection.yaml"]))
    body = bytearray((SAMPLES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    try:
        rows = read(bytes(body))
    except ForetrackError:
        return
    assert all(isinstance(row, Parsed | Rejected) for row in rows)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.text(max_size=8) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "content", "id", "value", "name", "language", "bibitem"]), inner
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(["title", "docid", "date", "contributor", "relation", "ext", "status", "keyword", "ics"]),
)
@example([{"type": [], "bibitem": {}}], "relation")
def test_any_shape_of_any_field(value: object, field: str) -> None:
    import yaml

    text = yaml.safe_dump({"title": "T", "date": {"type": "published", "value": "2001"}, field: value})
    assert all(isinstance(row, Parsed | Rejected) for row in read(text))

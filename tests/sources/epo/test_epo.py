"""EPO linked open data: the invented sample, and answers with one row per combination."""

from __future__ import annotations

import json
from pathlib import Path

from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.epo import CONNECTORS
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.opening import open_bytes, open_file

SAMPLE = Path(__file__).parent / "samples" / "epo-json.json"
(EPO,) = CONNECTORS


def test_fields() -> None:
    with open_file(SAMPLE) as (member,):
        application, grant, untitled = EPO.parse(member, ParseOptions())
    assert isinstance(application, Parsed)
    assert application.document == Document(
        kind="patent",
        source="epo",
        source_id="EP9900001A1",
        title="INVENTED DRONE WITH A TETHER",
        published="2018-05-09",
        abstract="A drone that is invented.",
        language="en",
        family="epo-application:EP99000010",
        ids=("epo-application:EP99000010",),
        subtype="application",
        authors=("Invented, Ada", "Invented, Bo"),
        organisations=(Organisation("Example GmbH", "DE"), Organisation("Example Ltd")),
        countries=("DE",),
        venue="European Patent Office",
        classes=("cpc:B64C39/022", "cpc:B64U10/60", "ipc:B64C39/02"),
        filed="2016-11-08",
        url="http://data.epo.org/linked-data/data/publication/EP/9900001/A1/-",
    )
    assert isinstance(grant, Parsed)
    assert (grant.document.granted, grant.document.family) == ("2020-07-01", application.document.family)
    assert isinstance(untitled, Rejected)
    assert (untitled.position, untitled.reason) == ("record 3", "no title")


def test_rows_of_one_publication_become_one_document() -> None:
    uri = "http://data.epo.org/linked-data/data/publication/EP/9900001/A1/-"
    base = {"publication": {"value": uri}, "title": {"value": "Invented"}, "date": {"value": "2018-01-01"}}
    rows = [base | {"cpc": {"value": code}} for code in ("B64C39/02", "G05D1/00", "B64C39/02")]
    data = json.dumps({"results": {"bindings": rows}}).encode()
    (found,) = EPO.parse(open_bytes(data), ParseOptions())
    assert isinstance(found, Parsed)
    assert found.document.classes == ("cpc:B64C39/02", "cpc:G05D1/00")


def test_an_empty_answer_has_one_row_without_values() -> None:
    (found,) = EPO.parse(open_bytes(b'{"results": {"bindings": [{}]}}'), ParseOptions())
    assert isinstance(found, Rejected)

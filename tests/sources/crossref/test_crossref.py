"""Crossref: the invented sample, field by field, and the envelopes it comes in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.catalogue import detect
from foretrack.sources.crossref import CONNECTORS
from foretrack.sources.crossref.works import document_of
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.opening import open_bytes, open_file

SAMPLE = Path(__file__).parent / "samples" / "crossref-json.json"
(CROSSREF,) = CONNECTORS


def records(data: bytes) -> list[Parsed | Rejected]:
    return list(CROSSREF.parse(open_bytes(data), ParseOptions()))


def test_fields() -> None:
    with open_file(SAMPLE) as (member,):
        work, retracted, grant, undated = CROSSREF.parse(member, ParseOptions())
    assert isinstance(work, Parsed)
    assert work.document == Document(
        kind="paper",
        source="crossref",
        source_id="10.5555/invented.31",
        title="Invented: glass that heals: A second look",
        published="2017-04",
        abstract="Aim: We heal glass & measure it.",
        language="en",
        doi="10.5555/invented.31",
        ids=("isbn:9780000000002",),
        subtype="journal-article",
        authors=("Invented, Ada", "The Glass Group"),
        organisations=(Organisation("Example University", None, "ror:0invented"),),
        venue="Journal of Invented Glass",
        publisher="Invented Press",
        classes=("crossref-subject:Ceramics",),
        references=("doi:10.5555/invented.1",),
        cited_by=9,
        updated="2021-02-03",
        url="http://dx.doi.org/10.5555/invented.31",
        licence="https://creativecommons.org/licenses/by/4.0/",
    )
    assert isinstance(retracted, Parsed)
    assert retracted.document.status == "retracted"
    assert isinstance(grant, Parsed)
    assert (grant.document.kind, grant.document.funding, grant.document.currency) == (
        "project",
        250000.0,
        "EUR",
    )
    assert grant.document.funder == "Invented Council"
    assert isinstance(undated, Rejected)
    assert (undated.position, undated.reason) == ("record 4", "no publication date")


def test_envelopes() -> None:
    works: list[dict[str, Any]] = json.loads(SAMPLE.read_bytes())["message"]["items"][:2]
    titles = ["Invented: glass that heals: A second look", "RETRACTED: Invented glass that did not heal"]
    single = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": works[0]}
    for value, expected in (
        (works, titles),
        ({"items": works}, titles),
        (single, titles[:1]),
        (works[0], titles[:1]),
    ):
        for indent in (None, 1):
            data = json.dumps(value, indent=indent).encode()
            assert detect(open_bytes(data).sample()) is CROSSREF
            assert [r.document.title for r in records(data) if isinstance(r, Parsed)] == expected
    lines = "\n".join(json.dumps(work) for work in works).encode()
    assert [r.position for r in records(lines)] == ["line 1", "line 2"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"updated-by": [{"type": "retraction"}]}, "retracted"),
        ({"updated-by": [{"type": "withdrawal"}]}, "withdrawn"),
        ({"updated-by": [{"type": "correction"}]}, "active"),
        ({"title": ["[Retracted] Invented"]}, "retracted"),
        ({"title": ["Withdrawn: Invented"]}, "withdrawn"),
        ({"title": ["Retracted neutrinos are an invention"]}, "active"),
        ({"update-to": [{"type": "retraction", "DOI": "10.5555/x"}]}, "active"),
    ],
)
def test_status(fields: dict[str, Any], status: str) -> None:
    found = document_of("record 1", {"title": ["Invented"], "issued": {"date-parts": [[2000]]}, **fields})
    assert isinstance(found, Parsed)
    assert found.document.status == status


def test_han_names_are_written_together() -> None:
    author = [{"family": "虚", "given": "构"}]
    found = document_of("r", {"title": ["虚构"], "issued": {"date-parts": [[2000]]}, "author": author})
    assert isinstance(found, Parsed)
    assert found.document.authors == ("虚构",)

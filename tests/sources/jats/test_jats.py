"""JATS: the invented sample, field by field."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.records.document import Document, Organisation, Parsed
from foretrack.sources.jats import CONNECTORS
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.opening import open_bytes, open_file

SAMPLE = Path(__file__).parent / "samples" / "jats-xml.xml"
(JATS,) = CONNECTORS


def test_fields() -> None:
    with open_file(SAMPLE) as (member,):
        (found,) = JATS.parse(member, ParseOptions())
    assert isinstance(found, Parsed)
    assert found.document == Document(
        kind="paper",
        source="jats",
        source_id="10.5555/invented.61",
        title="虚构：海上浮式光伏",
        published="2020-08-09",
        abstract="目的: 这是虚构的摘要。",
        language="zh",
        keywords=("浮式光伏",),
        alt_language="en",
        alt_title="Invented: floating photovoltaics at sea",
        alt_abstract="An invented abstract with E.",
        alt_keywords=("floating PV",),
        doi="10.5555/invented.61",
        ids=("pmcid:PMC9900061",),
        subtype="research-article",
        authors=("虚构",),
        organisations=(
            Organisation("Example University", "CN", "ror:0invented"),
            Organisation("Institute of Invention", "NO"),
        ),
        countries=("CN", "NO"),
        venue="虚构期刊",
        publisher="虚构出版社",
        classes=("jats-subject:Energy",),
        references=("doi:10.5555/invented.1",),
        status="retracted",
        url="https://doi.org/10.5555/Invented.61",
        licence="https://creativecommons.org/licenses/by/4.0/",
    )


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ('<pub-date pub-type="ppub"><year>2001</year></pub-date>', "2001"),
        ("<pub-date><string-date>May 2001</string-date></pub-date>", None),
        ('<pub-date iso-8601-date="2001-05-02"/>', "2001-05-02"),
        ("<pub-date><month>Spring</month><year>2001</year></pub-date>", "2001"),
        (
            '<pub-date pub-type="ppub"><year>2002</year></pub-date><pub-date date-type="pub">'
            "<day>3</day><month>4</month><year>2001</year></pub-date>",
            "2001-04-03",
        ),
    ],
)
def test_dates(dates: str, published: str | None) -> None:
    data = (
        "<pmc-articleset><article><front><article-meta><title-group><article-title>Invented</article-title>"
        f"</title-group>{dates}</article-meta></front></article></pmc-articleset>"
    )
    (found,) = JATS.parse(open_bytes(data.encode()), ParseOptions())
    assert (found.document.published if isinstance(found, Parsed) else None) == published

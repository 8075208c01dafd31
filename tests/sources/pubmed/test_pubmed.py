"""PubMed: the invented samples, field by field."""

from __future__ import annotations

from pathlib import Path

from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.opening import open_bytes, open_file
from foretrack.sources.pubmed import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
NBIB, XML = CONNECTORS


def test_medline_fields() -> None:
    with open_file(SAMPLES / "pubmed-nbib.nbib") as (member,):
        first, retracted, undated = NBIB.parse(member, ParseOptions())
    assert isinstance(first, Parsed)
    assert first.position == "line 2"
    assert first.document == Document(
        kind="paper",
        source="pubmed",
        source_id="99000041",
        title="Invented: a wound dressing that reports its own state",
        published="2020-03",
        abstract="BACKGROUND: This record is invented. METHODS: None were used.",
        language="en",
        keywords=("smart dressing", "wound care"),
        alt_language="zh",
        alt_title="虚构：会报告自身状态的伤口敷料",
        doi="10.5555/invented.41",
        ids=("pmid:99000041", "pmcid:PMC9900041"),
        subtype="review",
        authors=("Invented, Ada", "Li, Invented"),
        organisations=(Organisation("Example University", "NO"), Organisation("Example Institute", "CN")),
        countries=("NO", "CN"),
        venue="Journal of invented medicine",
        classes=("mesh:Bandages",),
        updated="2021-01-19",
        url="https://pubmed.ncbi.nlm.nih.gov/99000041/",
    )
    assert isinstance(retracted, Parsed)
    assert (retracted.document.status, retracted.document.title) == (
        "retracted",
        "Invented: a dressing that was retracted",
    )
    assert isinstance(undated, Rejected)
    assert (undated.position, undated.reason) == ("line 39", "no publication date")


def test_text_before_the_first_tag_is_rejected_with_its_line() -> None:
    data = b"Dear all,\nPMID- 99000001\nTI  - Invented\nDP  - 2000\n"
    first, second = NBIB.parse(open_bytes(data), ParseOptions())
    assert isinstance(first, Rejected)
    assert (first.position, first.excerpt) == ("line 1", "Dear all,")
    assert isinstance(second, Parsed)


def test_xml_fields() -> None:
    with open_file(SAMPLES / "pubmed-xml.xml") as (member,):
        first, untitled = XML.parse(member, ParseOptions())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="pubmed",
        source_id="99000051",
        title="Invented: H2O in new places",
        published="2018-05-17",
        abstract="AIM: This is invented. RESULT: None.",
        language="en",
        keywords=("invented water",),
        doi="10.5555/invented.51",
        ids=("pmid:99000051", "pmcid:PMC9900051"),
        subtype="review",
        authors=("Invented, Ada", "The Invented Group"),
        organisations=(Organisation("Example University", "NO"),),
        countries=("NO",),
        venue="Journal of invented medicine",
        classes=("mesh:Water",),
        references=("pmid:99000001",),
        status="retracted",
        updated="2022-04-10",
        url="https://pubmed.ncbi.nlm.nih.gov/99000051/",
    )
    assert isinstance(untitled, Rejected)
    assert untitled.reason == "no title"


def test_a_book_article() -> None:
    data = b"""<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>99000061</PMID>
    <Book><BookTitle>Invented handbook</BookTitle><PubDate><Year>2012</Year></PubDate></Book>
    <ArticleTitle>Invented chapter</ArticleTitle><Language>eng</Language>
    <Abstract><AbstractText>Invented.</AbstractText></Abstract></BookDocument></PubmedBookArticle></PubmedArticleSet>"""
    (found,) = XML.parse(open_bytes(data), ParseOptions())
    assert isinstance(found, Parsed)
    assert (found.document.title, found.document.published) == ("Invented chapter", "2012")
    assert found.document.abstract == "Invented."

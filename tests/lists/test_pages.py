"""HTML, linked data and Atom: text stays text, and programs that know the formats read what was meant."""

from __future__ import annotations

import json
import re
import time
import uuid
from datetime import date, datetime

import pytest
from lxml import etree, html
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, XSD
from tests.lists.issues import HOSTILE, SERIES, entry, hostile_issue, issue, second
from tests.lists.test_changes import both

from foretrack.foundation.canonical import digest
from foretrack.foundation.errors import InputError
from foretrack.lists.changes import diff
from foretrack.lists.issue import Issue, digest_of
from foretrack.lists.rendering.addresses import Addresses
from foretrack.lists.rendering.atom import ATOM, atom_of
from foretrack.lists.rendering.formats import FORMATS, file_of
from foretrack.lists.rendering.linked import linked_data_of
from foretrack.lists.rendering.page import page_of
from foretrack.lists.rendering.wording import visible

SITE = Addresses("https://lists.example.org")
# rdflib itself still uses what it has deprecated.
RDFLIB_WARNS = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
# rdflib knows the second version of DCAT; series are of the third.
DCAT3 = Namespace(str(DCAT))
SPDX = "http://spdx.org/rdf/terms#"


def text_of(page: str) -> str:
    return " ".join(map(str, html.fromstring(page.encode()).itertext()))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_text_is_shown_as_text(language: str) -> None:
    page = page_of(hostile_issue(), language, changes=diff(None, hostile_issue()))
    tree = html.fromstring(page.encode())
    shown = re.sub(r"\s+", " ", text_of(page))

    for text in HOSTILE:
        assert re.sub(r"\s+", " ", visible(text).replace("\r", "‹U+000D›")).strip() in shown
    tags = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "img", "iframe", "object", "b", "form", "base", "link"}
    for element in tree.iter():
        assert not [name for name in element.attrib if str(name).startswith("on")]
        assert element.get("href", "https://").startswith(("https://", "http://"))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page)


def test_a_page_speaks_one_language_and_shows_titles_in_both() -> None:
    first, after = both()
    chinese, english = (page_of(after, language, changes=diff(first, after)) for language in ("zh", "en"))

    assert '<html lang="zh-Hans">' in chinese
    assert "发布日期" in chinese
    assert "2025年7月15日" in chinese
    assert "研制单位撤回（代码 W1，2025年7月1日）" in text_of(chinese)
    assert "15 July 2025" in english
    for page in (chinese, english):
        assert "Glass battery" in text_of(page)
        assert "玻璃电池" in text_of(page)
        assert digest_of(after) in page
    assert not re.search("[\u4e00-\u9fff]", re.sub(r"(?s)<bdi>.*?</bdi>", "", english))


def test_a_page_loads_nothing_and_stands_alone() -> None:
    page = page_of(issue(entry(1)), files=[("invented-100-1.csv", "https://lists.example.org/x.csv")])

    assert "default-src 'none'" in page
    assert "@media print" in page
    assert "@import" not in page
    assert "src=" not in page.replace("default-src", "")
    assert '<a href="https://lists.example.org/x.csv">invented-100-1.csv</a>' in page


def test_an_issue_with_nothing_on_it_says_so() -> None:
    assert "Nothing stands on this issue." in page_of(issue())
    assert "本期没有在列项目。" in page_of(issue(), "zh")


def graph_of(made: Issue) -> Graph:
    files = tuple(file_of(made, ending) for ending in ("json", "csv"))
    return Graph().parse(data=linked_data_of(made, SITE, files), format="json-ld")


@RDFLIB_WARNS
def test_linked_data_says_series_issue_and_files_with_their_hashes() -> None:
    first = issue(entry(1))
    made = second(first, entry(1))
    graph = graph_of(made)
    here = URIRef("https://lists.example.org/lists/invented-100/2/")

    assert (here, RDF.type, DCAT.Dataset) in graph
    series = graph.value(here, DCAT3.inSeries)
    assert (series, RDF.type, DCAT3.DatasetSeries) in graph
    assert (series, DCTERMS.title, Literal("值得关注的虚构技术", lang="zh-Hans")) in graph
    assert graph.value(here, DCAT3.prev) == URIRef("https://lists.example.org/lists/invented-100/1/")
    assert graph.value(here, DCTERMS.issued) == Literal("2025-07-15", datatype=XSD.date)
    assert graph.value(here, DCTERMS.license) == URIRef("http://spdx.org/licenses/CC-BY-4.0")
    distributions = list(graph.objects(here, DCAT.distribution))
    assert len(distributions) == 2
    for one in distributions:
        assert (one, RDF.type, DCAT.Distribution) in graph
        checksum = graph.value(one, URIRef(SPDX + "checksum"))
        assert graph.value(checksum, URIRef(SPDX + "algorithm")) == URIRef(SPDX + "checksumAlgorithm_sha256")
        assert int(str(graph.value(one, DCAT.byteSize))) > 0
    offered = graph.value(URIRef(f"{here}invented-100-2.json"), URIRef(SPDX + "checksum"))
    assert graph.value(offered, URIRef(SPDX + "checksumValue")) == Literal(
        digest_of(made), datatype=XSD.hexBinary
    )


@RDFLIB_WARNS
def test_linked_data_with_hostile_text_reads_back() -> None:
    made = hostile_issue()
    titles = {str(title) for title in graph_of(made).objects(None, DCTERMS.title)}

    assert made.series.title.en in titles
    assert "@id" not in json.loads(linked_data_of(made, SITE))["@context"]


def tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def check_atom(content: bytes) -> etree._Element:
    """What RFC 4287, sections 4.1.1 and 4.1.2, asks of every file and entry."""
    root = etree.fromstring(content)
    assert root.tag == tag("feed")
    for element in (root, *root.findall(tag("entry"))):
        for name in ("id", "title", "updated"):
            assert len(element.findall(tag(name))) == 1
            assert element.findtext(tag(name))
        uuid.UUID(str(element.findtext(tag("id"))).removeprefix("urn:uuid:"))
        assert datetime.fromisoformat(str(element.findtext(tag("updated")))).tzinfo
        links = [(link.get("rel"), link.get("type")) for link in element.findall(tag("link"))]
        assert len(links) == len(set(links))
        assert ("alternate", "text/html") in links
    assert root.findtext(f"{tag('author')}/{tag('name')}")
    assert [link.get("rel") for link in root.findall(tag("link"))].count("self") == 1
    ids = [element.text for element in root.iter(tag("id"))]
    assert len(ids) == len(set(ids))
    return root


@pytest.mark.parametrize("language", ["en", "zh"])
def test_atom_names_the_newest_issue_first_with_its_changes(language: str) -> None:
    first, after = both()
    root = check_atom(atom_of(SERIES, [first, after], SITE, language, begun=date(2024, 1, 1)))

    entries = root.findall(tag("entry"))
    assert [one.findtext(tag("id")) for one in entries] == [f"urn:uuid:{after.uid}", f"urn:uuid:{first.uid}"]
    assert root.findtext(tag("updated")) == "2025-07-15T00:00:00Z"
    told = str(entries[0].findtext(tag("summary")))
    assert ("Withdrawn by its makers" if language == "en" else "研制单位撤回") in told
    assert digest_of(after) in told


def test_ids_in_atom_outlive_another_address_and_language() -> None:
    first, after = both()
    ids = [
        [one.text for one in check_atom(content).iter(tag("id"))]
        for content in (
            atom_of(SERIES, [first, after], SITE, begun=date(2024, 1, 1)),
            atom_of(
                SERIES, [first, after], Addresses("http://other.example/x/"), "zh", begun=date(2023, 1, 1)
            ),
        )
    ]

    assert ids[0] == ids[1]


def test_atom_of_no_issues_and_of_hostile_text_is_valid() -> None:
    assert check_atom(atom_of(SERIES, [], SITE, begun=date(2024, 1, 1))).find(tag("entry")) is None
    made = hostile_issue()
    root = check_atom(atom_of(made.series, [made], SITE, "zh", begun=date(2024, 1, 1)))
    assert root.findtext(tag("title")) == HOSTILE[8]


def test_only_the_latest_issues_are_named_and_gaps_are_refused() -> None:
    first, after = both()

    content = atom_of(SERIES, [first, after], SITE, begun=date(2024, 1, 1), at_most=1)
    assert len(check_atom(content).findall(tag("entry"))) == 1
    with pytest.raises(InputError, match="follows issue"):
        atom_of(SERIES, [after, first], SITE, begun=date(2024, 1, 1))


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "html", "jsonld"])
def test_every_format_gives_the_same_bytes_twice(ending: str) -> None:
    one, two = (file_of(hostile_issue(), ending, "zh", addresses=SITE) for _ in range(2))

    assert one == two
    assert one.media_type == FORMATS[ending].media_type
    assert digest(one.content) == digest(two.content)


def test_an_unknown_format_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="json, csv, xlsx, html, pdf, jsonld"):
        file_of(issue(), "docx")


def test_two_thousand_entries_take_seconds() -> None:
    made = issue(*(entry(n) for n in range(1, 2001)))
    begun = time.perf_counter()
    page_of(made, "zh", changes=diff(None, made))
    atom_of(SERIES, [made], SITE, begun=date(2024, 1, 1))
    linked_data_of(made, SITE, (file_of(made, "json"),))

    assert time.perf_counter() - begun < 10

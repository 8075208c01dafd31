"""When two records are the same document."""

from __future__ import annotations

from typing import Any

import pytest

from foretrack.corpus.columns import Provenance, StoredDocument, from_table, to_table
from foretrack.corpus.identity import (
    content_key,
    hash_key,
    identity_keys,
    is_generic,
    same_document,
    title_key,
)
from foretrack.corpus.joining import Incoming, Joiner
from foretrack.corpus.keyindex import KeyIndex
from foretrack.records.document import Document, Organisation

TITLE = "An invented study of imaginary materials"


def paper(**fields: Any) -> Document:
    given: dict[str, Any] = {
        "kind": "paper",
        "source": "a",
        "source_id": "",
        "title": TITLE,
        "published": "2016",
    }
    return Document(**(given | {"authors": ("Li, Wei",)} | fields))


def join(*documents: Document, hashed: Any = hash_key, batch: int = 100) -> list[StoredDocument]:
    """What is stored after the documents came in, one file each."""
    rows: dict[str, StoredDocument] = {}
    joiner = Joiner(KeyIndex(), {}, lambda ids: [rows[i] for i in ids], hashed)
    incoming = [
        Incoming(d, Provenance(f"f{n}", f"{n}", "line 1", "c", "t", d.source, d.source_id))
        for n, d in enumerate(documents)
    ]
    for at in range(0, len(incoming), batch):
        joined = joiner.join(incoming[at : at + batch])
        for old, revision, _ in joined.superseded:
            assert rows.pop(old).revision == revision
        for stored in joined.documents:
            assert stored.document_id not in rows
            rows[stored.document_id] = stored
        joiner.committed(joined, joined.keys)
    return list(rows.values())


@pytest.mark.parametrize(
    ("one", "other", "n"),
    [
        (paper(), paper(source="b"), 1),
        (paper(), paper(title="AN INVENTED STUDY, of imaginary: materials!", authors=("Wei Li",)), 1),
        (paper(), paper(published="2017"), 2),
        (paper(), paper(authors=("Zhao, Wei",)), 2),
        (paper(), paper(kind="patent"), 2),
        (paper(kind="patent"), paper(kind="patent", source="b"), 2),
        (paper(kind="standard"), paper(kind="standard", source="b"), 2),
        (paper(doi="10.1000/x"), paper(source="b", doi="10.1000/y"), 2),
        (paper(doi="10.1000/x"), paper(source="b", doi="10.48550/arxiv.1"), 1),
        (paper(doi="10.1000/x"), paper(source="b", doi="10.1000/y", subtype="preprint"), 1),
        (paper(doi="10.1000/x"), paper(doi="10.1000/x", published="2018", authors=()), 1),
        (paper(doi="10.1000/x"), paper(doi="10.1000/x", title="虚构材料的研究", authors=()), 1),
        (paper(doi="10.1000/x"), paper(doi="10.1000/x", title="Birds of the northern lakes"), 2),
        (paper(doi="10.1000/x"), paper(doi="10.1000/x", kind="patent"), 2),
        (paper(title="Editorial"), paper(title="Editorial", source="b"), 2),
        (
            paper(title="Message from the General Chairs"),
            paper(title="Message from the general chairs", source="b"),
            2,
        ),
        (paper(title="虚构材料脑机接口研究进展"), paper(title="虚构材料 脑机接口:研究进展", source="b"), 1),
        (paper(ids=("arxiv:1706.03762v1",)), paper(ids=("arxiv:1706.03762",), published="2019"), 1),
        (paper(ids=("isbn:123",)), paper(ids=("isbn:123",), published="2019"), 2),
        (
            paper(kind="patent", family="docdb:1"),
            paper(kind="patent", family="docdb:1", title="Ein Titel"),
            1,
        ),
        (
            paper(kind="patent", source_id="US1234567B2"),
            paper(kind="patent", source="b", source_id="US1234567B2"),
            1,
        ),
        (paper(source_id="1"), paper(source_id="1", title="Birds of the northern lakes"), 1),
        (paper(source_id="1", authors=()), paper(source_id="2", authors=()), 1),
    ],
)
def test_pairs(one: Document, other: Document, n: int) -> None:
    for documents in ((one, other), (other, one)):
        for batch in (1, 2):
            assert len(join(*documents, batch=batch)) == n


def test_the_id_is_the_hash_of_the_strongest_key() -> None:
    for batch in (1, 3):
        (stored,) = join(paper(source_id="1"), paper(source="b", doi="10.1000/x"), batch=batch)
        assert stored.document_id == f"{hash_key('doi:text:10.1000/x'):016x}"


def test_other_dois_go_on_leading_to_the_document() -> None:
    preprint, article = paper(doi="10.48550/arxiv.1", published="2015"), paper(source="b", doi="10.1000/x")
    bridge = paper(source="c", doi="10.48550/arxiv.1")
    (stored,) = join(
        preprint, bridge, article, preprint, paper(source="d", doi="10.48550/arxiv.1", venue="V")
    )
    assert stored.document.doi == "10.1000/x"
    assert "doi:10.48550/arxiv.1" in stored.document.ids
    assert stored.document.venue == "V"
    assert stored.document.published == "2015"


@pytest.mark.parametrize("batch", [1, 7, 100])
def test_colliding_hashes_join_nothing(batch: int) -> None:
    documents = [
        paper(
            source_id=f"{n}",
            doi=f"10.1000/{n}",
            title=f"{_word(n)} studied in the year of the {_word(n * 7)}",
        )
        for n in range(60)
    ]
    found = join(*documents, *documents, hashed=lambda key: hash_key(key) % 1024 + 1, batch=batch)
    assert sorted(s.document.doi or "" for s in found) == sorted(d.doi or "" for d in documents)
    assert len({s.document_id for s in found}) == len(documents)


def _word(n: int) -> str:
    return "".join(chr(97 + (hash_key(f"{n}") >> (5 * i)) % 26) for i in range(12))


def test_what_a_record_says_is_what_its_content_key_covers() -> None:
    assert content_key(paper()) == content_key(paper(abstract=None, keywords=()))
    assert content_key(paper()) != content_key(paper(abstract="A"))
    assert content_key(paper(cited_by=0)) != content_key(paper())


def test_a_record_without_any_key_is_its_content() -> None:
    nameless = paper(title="Notes")
    (key,) = identity_keys(nameless)
    assert key.startswith("content:")
    assert len(join(nameless, nameless, paper(title="Notes", abstract="Other."))) == 2


def test_generic_titles() -> None:
    generic = (
        "Preface",
        "Guest Editorial",
        "Table of Contents",
        "Introduction to the special issue",
        "目录",
    )
    assert all(is_generic(title_key(t)) for t in generic)
    assert not is_generic(title_key("Introduction to quantum networks"))


def test_patents_join_patents_only() -> None:
    assert not same_document("doi:text:10.1/x", paper(doi="10.1/x"), paper(kind="patent", doi="10.1/x"))


def test_every_field_comes_back_from_its_row() -> None:
    full = paper(
        source_id="1", abstract="A", language="en", keywords=("k",), alt_language="zh", alt_title="题", alt_abstract="文",
        alt_keywords=("词",), doi="10.1/x", family="docdb:1", ids=("pmid:1",), subtype="review",
        organisations=(Organisation("O", "CN", "ror:1"), Organisation("P")), countries=("CN",), venue="V", publisher="P",
        classes=("ipc:A",), references=("doi:10.1/y",), cited_by=3, cited_by_year=((2017, 1), (2018, 2)), filed="2015",
        granted="2016-02", funding=1.5, currency="EUR", funder="F", status="retracted", updated="2020", url="u",
        licence="l",
    )  # fmt: skip
    stored = StoredDocument("0" * 16, 3, full, (Provenance("f", "s", "line 1", "c", "t", "a", "1"),))
    plain = StoredDocument("1" * 16, 1, paper(), ())
    assert from_table(to_table([stored, plain])) == [stored, plain]

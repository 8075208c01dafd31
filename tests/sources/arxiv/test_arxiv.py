"""arXiv: the invented samples, field by field."""

from __future__ import annotations

from pathlib import Path

from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.catalogue import read

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> list[Parsed | Rejected]:
    ((_, connector, records),) = ((n, c, list(r)) for n, c, r in read(SAMPLES / name))
    assert name.startswith(connector.name)
    return records


def test_the_feed_of_the_api() -> None:
    first, withdrawn, error = sample("arxiv-atom.xml")
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="arxiv",
        source_id="9901.00071",
        title="Invented: very small engines",
        published="2019-01-01",
        abstract="An engine that is invented & small.",
        language="en",
        doi="10.5555/invented.71",
        ids=("arxiv:9901.00071",),
        subtype="preprint",
        authors=("Ada Invented", "Li Invented"),
        organisations=(Organisation("Example University"),),
        venue="arXiv",
        classes=("arxiv:cs.RO", "arxiv:physics.app-ph"),
        updated="2019-02-02",
        url="http://arxiv.org/abs/9901.00071v2",
    )
    assert isinstance(withdrawn, Parsed)
    assert (withdrawn.document.status, withdrawn.document.source_id) == ("withdrawn", "invented-ph/9901072")
    assert isinstance(error, Rejected)
    assert error.reason == "the API reports an error: incorrect id format"


def test_oai_records() -> None:
    first, deleted, raw = sample("arxiv-oai.xml")
    assert isinstance(first, Parsed)
    assert (first.document.published, first.document.authors) == ("2017-03-04", ("Ada Invented",))
    assert isinstance(deleted, Rejected)
    assert isinstance(raw, Parsed)
    assert (raw.document.published, raw.document.updated) == ("2007-04-02", "2007-07-24")
    assert raw.document.authors == ("A. Invented", "B. Invented", "C. Invented")


def test_snapshot_lines() -> None:
    first, half = sample("arxiv-json.jsonl")
    assert isinstance(first, Parsed)
    assert (first.document.title, first.document.published) == ("Invented: metal foams", "2007-04-02")
    assert first.document.authors == ("Ada Invented", "Bo Invented")
    assert isinstance(half, Rejected)
    assert half.position == "line 2"

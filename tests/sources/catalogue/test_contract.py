"""The contract every connector keeps, run over all of them with the invented samples of their folders.

A sample lies in `tests/sources/<source>/samples/`. If its name begins with the name of a connector, that
connector must be the surest of it; otherwise any connector of that source.
"""

from __future__ import annotations

import gzip
import importlib
import random  # noqa: TID251
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError
from foretrack.records.document import KINDS, Document, Parsed, Rejected
from foretrack.sources.catalogue import connectors, detect, judged, read
from foretrack.sources.kit.building import as_doi, country_code
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes, open_file

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(p for p in ROOT.glob("*/samples/*") if p.is_file() and not p.name.startswith("."))
ALL = connectors()
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
MUTATIONS = 25
NASTY = (b'"', b"<", b"{", b"[", b"\n\n", b"]]>", b"\\ud800", b"&x;", b"-", b": ")


def _id(path: Path) -> str:
    return f"{path.parts[-3]}/{path.name}"


def _own(path: Path) -> tuple[Connector, ...]:
    source = importlib.import_module(f"foretrack.sources.{path.parts[-3]}")  # noqa: TID251
    found: tuple[Connector, ...] = source.CONNECTORS
    return found


def _sample(path: Path) -> Sample:
    with open_file(path) as members:
        return members[0].sample()


def _records(path: Path) -> list[Parsed | Rejected]:
    found = []
    for _, _, records in read(path):
        found += list(records)
    return found


def test_every_connector_has_a_sample_it_is_surest_of() -> None:
    found = {detect(_sample(path)).name for path in SAMPLES}
    assert {connector.name for connector in ALL} - found == set()


@pytest.mark.parametrize("path", SAMPLES, ids=_id)
def test_detection_by_content(path: Path) -> None:
    sample = _sample(path)
    anonymous = replace(sample, name="download")
    best, second = judged(anonymous)[:2]
    own = {connector.name for connector in _own(path)}
    assert best.connector.name in own
    assert best.confidence > second.confidence or second.connector.name in own
    named = [name for name in own if path.name.startswith(name)]
    assert best.connector.name in (named or own)


@pytest.mark.parametrize("path", SAMPLES, ids=_id)
def test_records_are_parsed_or_rejected(path: Path) -> None:
    connector = detect(_sample(path))
    records = _records(path)
    assert any(isinstance(record, Parsed) for record in records)
    positions = [record.position for record in records]
    assert all(positions)
    assert len(set(positions)) == len(positions)
    for record in records:
        if isinstance(record, Rejected):
            assert record.reason
            assert len(record.excerpt) <= 200
        else:
            _check(record.document, connector)
    assert _records(path) == records


def _check(document: Document, connector: Connector) -> None:
    assert document.kind in KINDS
    assert document.kind in connector.kinds
    assert DATE.fullmatch(document.published)
    assert 1500 <= document.year <= 2100
    for date in (document.filed, document.granted, document.updated):
        assert date is None or DATE.fullmatch(date)
    assert document.doi is None or document.doi == as_doi(document.doi)
    assert all(country_code(code) == code for code in document.countries)
    assert all(o.country is None or o.country in document.countries for o in document.organisations)
    years = [year for year, _ in document.cited_by_year]
    assert years == sorted(set(years))
    for prefixed in (*document.ids, *document.classes, *document.references):
        assert re.match(r"[a-z][a-z0-9-]*:\S", prefixed), prefixed
    for text in _texts(document):
        assert text == unicodedata.normalize("NFC", " ".join(text.split()))
        assert text
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


def _texts(document: Document) -> Iterator[str]:
    for name in Document.__slots__:
        value = getattr(document, name)
        values = value if isinstance(value, tuple) else (value,)
        for entry in values:
            if isinstance(entry, str) and name != "source_id":
                yield entry
            elif hasattr(entry, "name"):
                yield entry.name


@pytest.mark.parametrize("path", SAMPLES, ids=_id)
def test_parsing_is_lazy(path: Path) -> None:
    with open_file(path) as (member,):
        records = detect(member.sample()).parse(member, ParseOptions())
        assert iter(records) is records


@pytest.mark.parametrize("path", SAMPLES, ids=_id)
def test_compressed_files_say_the_same(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    (tmp_path / f"{path.name}.gz").write_bytes(gzip.compress(data))
    (tmp_path / f"{path.name}.zst").write_bytes(zstandard.compress(data))
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"folder/{path.name}", data)
    # Identifiers of tables without a source begin with the file's name, so only titles are compared.
    plain = _titles(_records(path))
    for packed in sorted(tmp_path.iterdir()):
        assert _titles(_records(packed)) == plain


def _titles(records: list[Parsed | Rejected]) -> list[str]:
    return [r.document.title if isinstance(r, Parsed) else r.reason for r in records]


@pytest.mark.parametrize("connector", ALL, ids=lambda c: c.name)
@given(data=st.binary(max_size=400))
@settings(max_examples=30, deadline=None)
def test_random_bytes_raise_nothing_of_their_own(connector: Connector, data: bytes) -> None:
    _survives(connector, data)


@pytest.mark.parametrize("connector", ALL, ids=lambda c: c.name)
@given(text=st.text(max_size=300))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_text_raises_nothing_of_its_own(connector: Connector, text: str) -> None:
    _survives(connector, text.encode("utf-8", "surrogatepass"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=_id)
def test_mutated_samples_raise_nothing_of_their_own(path: Path) -> None:
    data = path.read_bytes()
    for connector in _own(path):
        dice = random.Random(f"{path.name} {connector.name}")
        for _ in range(MUTATIONS):
            _survives(connector, _mutated(data, dice))


def _mutated(data: bytes, dice: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(found) + 1)
        end = min(len(found), at + dice.randint(1, 60))
        match dice.randrange(7):
            case 0:
                del found[at:end]
            case 1:
                found[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 8)))
            case 2:
                found[at:at] = found[at:end]
            case 3:
                del found[at:]
            case 4:
                found[at:end] = b"\x00" * (end - at)
            case 5:
                found[at:at] = dice.choice(NASTY)
            case _:
                found[at:end] = bytes(reversed(found[at:end]))
        if not found:
            break
    return bytes(found)


def _survives(connector: Connector, data: bytes) -> None:
    member = open_bytes(data, "mutated")
    try:
        sample = member.sample()
    except ForetrackError:
        sample = Sample(head=data, text=None, name="mutated", complete=True)
    assert 0 <= connector.detect(sample) <= 1
    try:
        for record in connector.parse(member, ParseOptions()):
            assert isinstance(record, Parsed | Rejected)
            if isinstance(record, Parsed):
                _check(record.document, connector)
    except ForetrackError:
        pass
    finally:
        member.close()

"""Deliverables of ISO as documents: title and scope in English, the French title beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from foretrack.foundation.errors import SourceError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.iso.detection import is_header, refuse_beside
from foretrack.sources.kit.building import reject, split_list, try_document
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.jsonstream import json_records
from foretrack.sources.kit.tables import csv_records, delimiter_of, first_rows, folded

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_EXPECTED = "the columns id, deliverableType, reference, title.en, publicationDate, currentStage"
_TYPES = {
    "is": "international standard",
    "ts": "technical specification",
    "tr": "technical report",
    "pas": "publicly available specification",
    "iwa": "international workshop agreement",
    "guide": "guide",
    "r": "recommendation",
    "isp": "international standardized profile",
    "tta": "technology trends assessment",
}
_SUPPLEMENTS = {"amd": "amendment", "cor": "corrigendum", "add": "addendum", "suppl": "supplement"}
_BODIES = frozenset(
    {"ISO", "IEC", "IEEE", "ASTM", "SAE", "CIE", "IDF", "OIML", "HL7", "ITU", "CISPR", "IULTCS"}
)
_BATCH = 2000


def parse_jsonl(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every deliverable of a JSON lines file or list. InputError for the list of committees."""
    first = True
    for found in json_records(file, []):
        if isinstance(found, Rejected):
            yield found
            continue
        position, record = found
        cells = flattened(record)
        if first:
            refuse_beside(file.name, cells.keys())
            first = False
        yield _parsed(position, cells)


def parse_csv(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every deliverable of a CSV file. InputError for the lists of committees and classes."""
    for _, line in islice(file.lines(), 1):
        for names in first_rows(line, delimiter_of(line), 1):
            refuse_beside(file.name, [folded(name) for name in names])
    for record in csv_records(file, is_header, _EXPECTED):
        if isinstance(record, Rejected):
            yield record
        else:
            yield _parsed(record.position, record.cells)


def parse_parquet(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every deliverable of a Parquet file, in batches. SourceError when the file is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(file.local_path()) as table:
            refuse_beside(file.name, [name.lower() for name in table.schema_arrow.names])
            for batch in table.iter_batches(batch_size=_BATCH):
                for record in batch.to_pylist():
                    number += 1
                    yield _parsed(f"row {number}", flattened(record))
    except (pa.ArrowException, OSError) as error:
        raise SourceError(
            f"{file.name}: the Parquet file cannot be read after row {number} ({error})",
            expected="a complete Parquet file",
            do="download it again",
        ) from error


def flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with nested members as `title.en`, names in lower case.

    >>> flattened({"id": 1, "title": {"en": "A"}, "icsCode": ["35.020"]})
    {'id': 1, 'title.en': 'A', 'icscode': ['35.020']}
    """
    cells: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            cells.update({f"{name}.{inner}".lower(): entry for inner, entry in value.items()})
        else:
            cells[name.lower()] = value
    return cells


def _parsed(position: str, cells: Mapping[str, Any]) -> Parsed | Rejected:
    stage = stage_code(cells.get("currentstage"))
    reference = _text(cells.get("reference"))
    if not _text(cells.get("publicationdate")):
        at = f"stage {stage}" if stage else "no stage"
        return reject(
            position, f"no publication date: {reference} is a project in progress ({at})", dict(cells)
        )
    english, french = _text(cells.get("title.en")), _text(cells.get("title.fr"))
    kind = _text(cells.get("deliverabletype")).lower()
    supplement = _text(cells.get("supplementtype")).lower()
    number = _text(cells.get("id"))
    return try_document(
        position,
        raw=dict(cells),
        kind="standard",
        source="iso",
        source_id=number or reference,
        title=english or french,
        published=_text(cells.get("publicationdate")),
        abstract=_text(cells.get("scope.en")) or (None if english else _text(cells.get("scope.fr"))),
        language="en" if english else "fr",
        alt_language="fr",
        alt_title=french if english else None,
        ids=tuple(f"std:{one}" for one in (reference,) if one),
        subtype=_SUPPLEMENTS.get(supplement, supplement) or _TYPES.get(kind, kind),
        organisations=split_list(cells.get("ownercommittee")),
        venue=body_of(reference),
        publisher="International Organization for Standardization",
        classes=(*ics_codes(cells.get("icscode")), *((f"stage:{stage}",) if stage else ())),
        references=predecessors(cells.get("replaces")),
        url=f"https://www.iso.org/standard/{number}.html" if number.isdigit() else None,
    )


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return "" if text.lower() in ("none", "null", "nan") else text


def stage_code(value: Any) -> str:
    """A harmonised stage code as ISO prints it; "" when there is none.

    >>> stage_code(9599), stage_code("60.60"), stage_code(None)
    ('95.99', '60.60', '')
    """
    digits = re.sub(r"\D", "", _text(value))
    return f"{digits[:2]}.{digits[2:]}" if len(digits) == 4 else ""


def ics_codes(value: Any) -> tuple[str, ...]:
    """`ics:35.040.30` for each code in a list or in a cell, however it is written.

    >>> ics_codes(["35.040.30"]), ics_codes("['01.040.35', '35.020']"), ics_codes(None)
    (('ics:35.040.30',), ('ics:01.040.35', 'ics:35.020'), ())
    """
    found = re.findall(r"(?<![\d.])\d{2}(?:\.\d{3}(?:\.\d{2})?)?(?![\d.])", _text(value))
    return tuple(dict.fromkeys(f"ics:{code}" for code in found))


def predecessors(value: Any) -> tuple[str, ...]:
    """The replaced deliverables: `iso:` for ISO's numbers, `std:` where a reference is printed.

    >>> predecessors([880001]), predecessors("880001,880002"), predecessors("ISO 99001:2013"), predecessors(None)
    (('iso:880001',), ('iso:880001', 'iso:880002'), ('std:ISO 99001:2013',), ())
    """
    entries = value if isinstance(value, list) else re.split(r"[,;]", _text(value).strip("[]"))
    named = [_text(entry).strip(" '\"") for entry in entries]
    return tuple(f"iso:{name}" if name.isdecimal() else f"std:{name}" for name in named if name)


def body_of(reference: str) -> str:
    """The standards bodies in a reference.

    >>> body_of("ISO/IEC TR 29110-1:2016"), body_of("ISO/TS 14812:2025"), body_of("IWA 4:2009")
    ('ISO/IEC', 'ISO', 'ISO')
    """
    found = [name for name in re.split(r"[/\s]", reference.split(":")[0]) if name in _BODIES]
    return "/".join(dict.fromkeys(found)) or "ISO"

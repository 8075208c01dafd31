"""How ISO's files are recognised: deliverables, and the lists of committees and ICS that are no documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from foretrack.foundation.errors import InputError
from foretrack.sources.kit.connector import Sample
from foretrack.sources.kit.firstrows import PARQUET
from foretrack.sources.kit.tables import header_in

_DELIVERABLE = {"deliverabletype", "reference", "currentstage"}


def is_header(names: Sequence[str]) -> bool:
    """Whether folded column or member names are those of the deliverables."""
    return set(names) >= _DELIVERABLE


def beside(names: Collection[str]) -> str | None:
    """What an ISO list other than the deliverables holds, by its folded names; None if it is none."""
    found = set(names)
    if "deliverabletype" in found:
        return None
    if {"reference", "secretariat"} <= found or {"reference", "childrenid"} <= found:
        return "technical committees"
    if {"identifier", "parent"} <= found and found & {"titleen", "title.en"}:
        return "classes of the ICS"
    return None


def refuse_beside(file_name: str, names: Collection[str]) -> None:
    """Raises InputError for a list of committees or classes."""
    what = beside(names)
    if what:
        raise InputError(
            f"{file_name} holds {what}, no documents",
            expected="the deliverables metadata of ISO Open Data",
            do="ingest iso_deliverables_metadata as JSONL, CSV or Parquet",
        )


def detect_jsonl(sample: Sample) -> float:
    """1 for deliverables, .9 for the other lists of ISO Open Data, whose error says what they are."""
    text = (sample.text or "").lstrip("\ufeff \t\n")
    if not text.startswith(("{", "[")):
        return 0.0
    names = {name.lower() for name in re.findall(r'"([\w.]+)"\s*:', text)}
    if is_header(list(names)):
        return 1.0
    if beside(names) == "technical committees" and re.search(r'"reference"\s*:\s*"ISO', text):
        return 0.9
    return 0.0


def detect_csv(sample: Sample) -> float:
    """1 for deliverables, .9 for the other lists of ISO Open Data."""
    if sample.text is None:
        return 0.0
    if header_in(sample.text, is_header):
        return 1.0
    if header_in(sample.text, lambda names: beside(names) is not None):
        return 0.9 if "ISO" in sample.text or "titleEn" in sample.text else 0.0
    return 0.0


def detect_parquet(sample: Sample) -> float:
    """1 for a Parquet file with the columns of the deliverables."""
    if not sample.head.startswith(PARQUET):
        return 0.0
    return 1.0 if any(is_header([name.lower() for name in names]) for names in sample.rows) else 0.0

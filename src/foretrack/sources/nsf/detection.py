"""How the NSF's three formats are recognised by their field names."""

from __future__ import annotations

from collections.abc import Sequence

from foretrack.sources.kit.connector import Sample
from foretrack.sources.kit.tables import header_in

_COLUMNS = {"awardnumber", "title", "nsforganization", "startdate"}
_API_FIELDS = ('"awardeeName"', '"fundsObligatedAmt"', '"piFirstName"', '"abstractText"', '"fundProgramName"')


def is_header(names: Sequence[str]) -> bool:
    """Whether folded column names are those of the award search."""
    return set(names) >= _COLUMNS


def detect_csv(sample: Sample) -> float:
    """.95 for the columns of the award search's export."""
    return 0.95 if sample.text is not None and header_in(sample.text, is_header) else 0.0


def detect_xml(sample: Sample) -> float:
    """1 for `<rootTag>` around an award, .9 for the award alone."""
    text = sample.text or ""
    if "<AwardTitle" not in text and not ("<rootTag" in text and "<Award>" in text):
        return 0.0
    return 1.0 if "<rootTag" in text else 0.9


def detect_json(sample: Sample) -> float:
    """1 for the fields of the yearly downloads, .95 for an answer of the award API."""
    text = (sample.text or "").lstrip("\ufeff \t\n")
    if not text.startswith(("{", "[")):
        return 0.0
    if '"awd_id"' in text and ('"awd_titl_txt"' in text or '"awd_eff_date"' in text):
        return 1.0
    return 0.95 if '"award"' in text and sum(field in text for field in _API_FIELDS) >= 2 else 0.0

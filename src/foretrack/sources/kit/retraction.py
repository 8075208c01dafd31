"""Whether a record is retracted or withdrawn: what its source says, or what the publisher wrote into the title."""

from __future__ import annotations

import re

from foretrack.records.document import Status

_SORT = r"(?: article| paper| publication| chapter)?"
_END = r"\s*(?:[:：\]】)）]|[-–—]\s)"
_RETRACTED = re.compile(
    rf"^\W*(?:retracted{_SORT}|已?撤稿){_END}"
    # Web of Science: "On drones (Retracted article. See vol. 2, pg. 3, 2019)".
    rf"|\((?:this (?:article|paper) has been )?retracted{_SORT}(?:[.,:;][^()]*| (?:in|on|see)\b[^()]*)?\)\s*$",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(rf"^\W*(?:withdrawn|removed){_SORT}{_END}", re.IGNORECASE)


def status_of(title: str | None, *, retracted: bool = False, withdrawn: bool = False) -> Status:
    """`retracted` or `withdrawn` when the record (`retracted`, `withdrawn`) or the title says so, else `active`.

    A work about retractions, and a notice that retracts another work, are active.

    >>> [status_of(t) for t in ("RETRACTED ARTICLE: On drones", "撤稿：论无人机", "On drones (Retracted paper)")]
    ['retracted', 'retracted', 'retracted']
    >>> [status_of(t) for t in ("[Withdrawn] On drones", "On retracted articles", "Retracted-state drones")]
    ['withdrawn', 'active', 'active']
    >>> status_of("On drones", retracted=True), status_of("On drones (retracted landing gear)")
    ('retracted', 'active')
    """
    said = title or ""
    if not _hinted(said):
        # Nearly every title: the patterns are slow, and this runs for each.
        said = ""
    if retracted or _RETRACTED.search(said):
        return "retracted"
    return "withdrawn" if withdrawn or _WITHDRAWN.search(said) else "active"


def _hinted(title: str) -> bool:
    lower = title.lower()
    return "retracted" in lower or "withdrawn" in lower or "removed" in lower or "撤稿" in lower

"""What matching knows of a need or an offer, whether it came from the registry or from a table of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from foretrack.registry.declaring.sides import SideName


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One side of a match. Holds nothing that is not public: whatever enters here can be seen in a reason.

    A value that nobody stated is empty or None; a filter lets it pass and says so.
    """

    key: str
    side: SideName
    kind: str = ""
    """Kind of record; empty for a row of a table."""
    title: str
    texts: tuple[str, ...] = ()
    """Paragraphs, the most telling first, each in one language or both."""
    language: str = ""
    """`en` or `zh`, by the letters of the text where nobody said it."""
    tracks: frozenset[str] = frozenset()
    """Entries of a taxonomy, such as `cn-future-industries-2024/humanoid-robots`, or any codes of a table."""
    maturity: tuple[int, int] | None = None
    """Lowest and highest level, 1 to 9; an offer has one level, twice."""
    cooperation: frozenset[str] = frozenset()
    partner_types: frozenset[str] = frozenset()
    """Sorts of organisation wanted as partner."""
    sort_of: str = ""
    """Sort of the own organisation, compared with `partner_types` of the other side."""
    region: str = ""
    """Code of the own region, such as CN-33."""
    partner_regions: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    until: date | None = None
    """The last day on which it may be matched."""
    flags: frozenset[str] = frozenset()
    """Safety flags of an offer, or those that a need accepts."""
    organisation: str = ""
    evidence: Mapping[str, int] = field(default_factory=dict)
    """What speaks for the organisation being able to: sort of evidence (`patent`, `case`, `deal`, `list`) to count."""

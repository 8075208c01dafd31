"""A Web of Science record, whichever of the three exports it comes from: values by two-letter tag."""

from __future__ import annotations

from dataclasses import dataclass, field

LISTS = frozenset({"AU", "AF", "BA", "BF", "CA", "C1", "CR"})
"""Tags with one value per line; in the tab-delimited export, separated by `; `."""


LONGEST_RECORD = 8_000_000
"""Characters. More in one record means that the marks between records are missing."""


@dataclass(slots=True)
class WosRecord:
    """The values of one record by tag, and where it stands in the file."""

    position: str
    tags: dict[str, list[str]] = field(default_factory=dict)
    """Tag -> values; tags outside `LISTS` have one value, wrapped lines joined by a space."""
    complete: bool = True
    """False when the file ends before the record does."""
    oversize: bool = False
    """True when the record was too long to be one; what came after the limit is not kept."""

    @property
    def excerpt(self) -> str:
        """The first 200 characters: tags and values."""
        return " | ".join(f"{tag} {'; '.join(values)}" for tag, values in self.tags.items())[:200]

    def all(self, *tags: str) -> list[str]:
        """The values of the first of these tags that has any."""
        for tag in tags:
            values = [value.strip() for value in self.tags.get(tag, ()) if value.strip()]
            if values:
                return values
        return []

    def first(self, *tags: str) -> str:
        """The first value among these tags, or an empty string."""
        return next(iter(self.all(*tags)), "")

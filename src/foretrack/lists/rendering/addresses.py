"""Where issues and their files stand on a site: one rule for pages, linked data and Atom."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from foretrack.lists.issue import Issue, Series


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses below a site's own.

    >>> Addresses("https://lists.example.org/").series_atom("future-100", "zh")
    'https://lists.example.org/lists/future-100/atom.zh.xml'
    """

    site: str
    """With http or https; a slash at its end does not matter."""

    def series(self, series: Series) -> str:
        """The page of a series."""
        return f"{self.site.rstrip('/')}/lists/{quote(series.id)}/"

    def series_atom(self, series_id: str, language: str) -> str:
        """The Atom file of a series in one language."""
        return f"{self.site.rstrip('/')}/lists/{quote(series_id)}/atom.{language}.xml"

    def issue(self, series: Series, number: int) -> str:
        """The page of an issue."""
        return f"{self.series(series)}{number}/"

    def file(self, issue: Issue, name: str) -> str:
        """A file of an issue."""
        return f"{self.issue(issue.series, issue.number)}{quote(name)}"


def file_name(issue: Issue, ending: str, language: str = "") -> str:
    """The name of a file of an issue, with the language where it is written in one.

    `future-100-3.json`, `future-100-3.zh.pdf`.
    """
    return f"{issue.series.id}-{issue.number}{f'.{language}' if language else ''}.{ending}"

"""Fetches works from the Crossref REST API by cursor."""

from __future__ import annotations

from collections.abc import Mapping

from foretrack.foundation.errors import SourceError
from foretrack.sources.kit.http import Manners
from foretrack.sources.kit.jsonstream import at, load
from foretrack.sources.kit.paging import Page, Search

BASE_URL = "https://api.crossref.org"
PAGE_SIZE = 200


class CrossrefPager:
    """Pages of `/works`. With an address (`mail`) requests go to the polite pool."""

    first = "*"
    ending = "json"

    def __init__(
        self,
        search: Search,
        *,
        mail: str | None = None,
        key: str | None = None,
        base_url: str | None = None,
        page_size: int = PAGE_SIZE,
        manners: Manners | None = None,
    ) -> None:
        self._search = search
        self._mail = mail
        self._base = (base_url or BASE_URL).rstrip("/")
        self._page_size = min(page_size, PAGE_SIZE)
        self.manners = manners or Manners(pause=0.5)

    def request(self, cursor: str) -> tuple[str, Mapping[str, str]]:
        """Address and parameters of the page at `cursor`."""
        filters = []
        if self._search.from_year:
            filters.append(f"from-pub-date:{self._search.from_year:04d}-01-01")
        if self._search.to_year:
            filters.append(f"until-pub-date:{self._search.to_year:04d}-12-31")
        params = {
            "query.bibliographic": self._search.words,
            "rows": str(self._page_size),
            "sort": "score",
            "order": "desc",
            "cursor": cursor,
        }
        for name, value in (("filter", ",".join(filters)), ("mailto", self._mail)):
            if value:
                params[name] = value
        return f"{self._base}/works", params

    def page(self, body: bytes, cursor: str) -> Page:
        """Counts and next cursor of an answer. Crossref repeats the cursor for ever: an empty page ends."""
        try:
            answer = load(body.decode("utf-8"))
        except ValueError as error:
            raise _no_page(f"no JSON ({error})") from error
        found, total = at(answer, "message", "items"), at(answer, "message", "total-results")
        if not isinstance(found, list):
            raise _no_page(f"no items: {body[:100]!r}")
        following = at(answer, "message", "next-cursor")
        return Page(
            records=len(found),
            total=total if isinstance(total, int) else None,
            next=following if isinstance(following, str) and len(found) >= self._page_size else None,
        )


def _no_page(why: str) -> SourceError:
    return SourceError(
        f"Crossref answered with {why}",
        expected="a page with `message.items`",
        do="run the same command again; it goes on where it stopped",
    )

"""Fetches works from the OpenAlex API by cursor."""

from __future__ import annotations

from collections.abc import Mapping

from foretrack.foundation.errors import SourceError
from foretrack.sources.kit.http import Manners
from foretrack.sources.kit.jsonstream import at, load
from foretrack.sources.kit.paging import Page, Search

BASE_URL = "https://api.openalex.org"
PAGE_SIZE = 200


class OpenAlexPager:
    """Pages of `/works`. The service wants an address (`mail`) or, for much use, a key."""

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
        self._key = key
        self._base = (base_url or BASE_URL).rstrip("/")
        self._page_size = min(page_size, PAGE_SIZE)
        self.manners = manners or Manners(pause=0.2)

    def request(self, cursor: str) -> tuple[str, Mapping[str, str]]:
        """Address and parameters of the page at `cursor`."""
        filters = []
        if self._search.from_year:
            filters.append(f"from_publication_date:{self._search.from_year:04d}-01-01")
        if self._search.to_year:
            filters.append(f"to_publication_date:{self._search.to_year:04d}-12-31")
        params = {"search": self._search.words, "per-page": str(self._page_size), "cursor": cursor}
        for name, value in (("filter", ",".join(filters)), ("mailto", self._mail), ("api_key", self._key)):
            if value:
                params[name] = value
        return f"{self._base}/works", params

    def page(self, body: bytes, cursor: str) -> Page:
        """Counts and next cursor of an answer."""
        try:
            answer = load(body.decode("utf-8"))
        except ValueError as error:
            raise _no_page(f"no JSON ({error})") from error
        results, total = at(answer, "results"), at(answer, "meta", "count")
        if not isinstance(results, list):
            raise _no_page(f"no results: {body[:100]!r}")
        following = at(answer, "meta", "next_cursor")
        return Page(
            records=len(results),
            total=total if isinstance(total, int) else None,
            next=following if isinstance(following, str) and following and following != cursor else None,
        )


def _no_page(why: str) -> SourceError:
    return SourceError(
        f"OpenAlex answered with {why}",
        expected="a page with `results` and `meta`",
        do="run the same command again; it goes on where it stopped",
    )

"""Fetches records from the arXiv API, oldest first, three seconds apart as arXiv asks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from foretrack.foundation.errors import SourceError
from foretrack.sources.kit.http import Manners
from foretrack.sources.kit.paging import Page, Search

BASE_URL = "https://export.arxiv.org"
PAGE_SIZE = 200
_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


class ArxivPager:
    """Pages of `/api/query`; the cursor is the number of records before the page."""

    first = "0"
    ending = "xml"

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
        self._base = (base_url or BASE_URL).rstrip("/")
        self._page_size = min(page_size, PAGE_SIZE)
        self.manners = manners or Manners(pause=3.0, accept="application/atom+xml")

    def request(self, cursor: str) -> tuple[str, Mapping[str, str]]:
        """Address and parameters of the page at `cursor`."""
        words = re.sub(r'[":()\[\]]+', " ", self._search.words).split()
        query = f'all:"{" ".join(words)}"'
        if self._search.from_year or self._search.to_year:
            start = f"{self._search.from_year or 1991:04d}01010000"
            end = f"{self._search.to_year or 9999:04d}12312359"
            query += f" AND submittedDate:[{start} TO {end}]"
        return f"{self._base}/api/query", {
            "search_query": query,
            "start": cursor,
            "max_results": str(self._page_size),
            "sortBy": "submittedDate",
            "sortOrder": "ascending",
        }

    def page(self, body: bytes, cursor: str) -> Page:
        """Counts and next start of a feed. arXiv now and then answers with an empty page in the middle,
        which counts as a failure."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            feed = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise _no_page(f"no XML ({error})") from error
        if feed.tag != f"{_ATOM}feed":
            raise _no_page(f"{feed.tag!r}")
        entries = feed.findall(f"{_ATOM}entry")
        said = (feed.findtext(f"{_OPENSEARCH}totalResults") or "").strip()
        total = int(said) if said.isdecimal() else None
        start = int(cursor)
        if len(entries) == 1 and "/api/errors" in (entries[0].findtext(f"{_ATOM}id") or ""):
            raise _no_page(f"an error: {(entries[0].findtext(f'{_ATOM}summary') or '').strip()[:200]}")
        if not entries and total is not None and start < total:
            raise _no_page(f"an empty page at {start} of {total}")
        end = start + len(entries)
        return Page(
            records=len(entries),
            total=total,
            next=str(end) if entries and (total is None or end < total) else None,
        )


def _no_page(why: str) -> SourceError:
    return SourceError(
        f"arXiv answered with {why}",
        expected="an Atom feed with entries",
        do="run the same command again; it goes on where it stopped",
    )

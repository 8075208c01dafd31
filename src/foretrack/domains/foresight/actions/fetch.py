"""Fetch a search from a service into the workspace, as raw pages that `ingest` reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from foretrack.foundation.errors import InputError
from foretrack.sources.arxiv.fetch import ArxivPager
from foretrack.sources.crossref.fetch import CrossrefPager
from foretrack.sources.epo.fetch import EpoPager
from foretrack.sources.kit.building import FIRST_YEAR, LATEST_YEAR
from foretrack.sources.kit.http import Http, Manners
from foretrack.sources.kit.paging import FetchReport, Pager, Search, download
from foretrack.sources.openalex.fetch import OpenAlexPager

__all__ = ["SERVICES", "FetchReport", "fetch"]


class NewPager(Protocol):
    """Makes a service's pager."""

    def __call__(
        self,
        search: Search,
        *,
        mail: str | None,
        key: str | None,
        base_url: str | None,
        page_size: int,
        manners: Manners | None,
    ) -> Pager: ...


SERVICES: dict[str, NewPager] = {
    "arxiv": ArxivPager,
    "crossref": CrossrefPager,
    "epo": EpoPager,
    "openalex": OpenAlexPager,
}
"""Source name -> its pager."""
LARGEST_PAGE = 1000


def _silent(done: int, total: int | None) -> None:
    """Says nothing."""


def fetch(
    workspace_root: Path,
    source: str,
    *,
    search: str,
    from_year: int | None = None,
    to_year: int | None = None,
    mail: str | None = None,
    key: str | None = None,
    limit: int | None = None,
    base_url: str | None = None,
    progress: Callable[[int, int | None], None] = _silent,
    manners: Manners | None = None,
) -> FetchReport:
    """Saves the records that `source` has for `search` under `<workspace>/fetched/<source>/<search>/`.

    `source` is a key of `SERVICES`. Years are of publication, both included. `mail` is the address that
    polite users leave; `key` a service's API key. `limit` is a number of records (the last page may
    bring more). `base_url` replaces the service's address. `progress(done, total)` counts records.
    A stopped run is continued by the same call; a complete one stays as it is until its folder is
    removed. InputError for unusable arguments, OutsideError (retryable) when network or disk fail.
    """
    new_pager = SERVICES.get(source)
    if new_pager is None:
        raise InputError(
            f"no service is called {source!r}",
            expected=f"one of {', '.join(SERVICES)}",
            do="export a file from the other database and ingest it",
        )
    wanted = _search(search, from_year, to_year)
    if limit is not None and limit < 1:
        raise InputError(f"a limit of {limit} records", expected="1 or more", do="correct --limit")
    if mail is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail):
        raise InputError(f"{mail!r} is no mail address", expected="name@example.org", do="correct --mail")
    if base_url is not None and not re.match(r"https?://[^/\s]", base_url):
        raise InputError(f"{base_url!r} is no address", expected="https://...", do="correct --base-url")
    pager = new_pager(
        wanted,
        mail=mail,
        key=key,
        base_url=base_url,
        page_size=min(limit or LARGEST_PAGE, LARGEST_PAGE),
        manners=manners,
    )
    folder = Path(workspace_root) / "fetched" / source / wanted.slug
    with Http(pager.manners, mail=mail) as http:
        return download(
            pager, folder, source=source, search=wanted, http=http, limit=limit, progress=progress
        )


def _search(words: str, from_year: int | None, to_year: int | None) -> Search:
    if not words.strip():
        raise InputError("nothing to search for", expected="words", do='write --search "solid-state battery"')
    for year in (from_year, to_year):
        if year is not None and not FIRST_YEAR <= year <= LATEST_YEAR:
            raise InputError(
                f"year {year}", expected=f"{FIRST_YEAR} to {LATEST_YEAR}", do="correct --from or --to"
            )
    if from_year is not None and to_year is not None and from_year > to_year:
        raise InputError(
            f"from {from_year} to {to_year}",
            expected="a span that goes forward",
            do="exchange --from and --to",
        )
    return Search(" ".join(words.split()), from_year, to_year)

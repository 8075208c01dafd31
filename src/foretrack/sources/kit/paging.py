"""Downloads a search page by page into a folder, and goes on where a stopped run ended.

The folder holds the pages as the service gave them (`page-00001.json`) and `.fetch.json` with what was
asked and the cursor of the next page. A page gets its name only when it is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from foretrack.foundation.errors import InputError, OutsideError, SourceError
from foretrack.sources.kit.http import Http, Manners

STATE = ".fetch.json"
ATTEMPTS = 3
"""How often a page is asked for whose answer is no page."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for."""

    words: str
    from_year: int | None = None
    to_year: int | None = None

    @property
    def slug(self) -> str:
        """A folder name of the words and years, with a hash so that no two searches share one.

        >>> Search("Brain-computer interface", 2015).slug
        'brain-computer-interface-2015-aa405a8a'
        """
        words = re.sub(r"\W+", "-", self.words.casefold()).strip("-_")[:40].strip("-")
        years = "-".join(str(year) for year in (self.from_year, self.to_year) if year)
        seed = json.dumps([self.words, self.from_year, self.to_year], ensure_ascii=False)
        digest = hashlib.sha256(seed.encode()).hexdigest()[:8]
        return "-".join(part for part in (words, years, digest) if part)


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer says about the paging."""

    records: int
    total: int | None
    next: str | None
    """Cursor of the next page; None after the last."""


class Pager(Protocol):
    """How one service is asked for pages."""

    first: str
    """Cursor of the first page."""
    ending: str
    """File name ending of a page: `json`, `xml`."""
    manners: Manners

    def request(self, cursor: str) -> tuple[str, Mapping[str, str]]:
        """(address, parameters) of the page at `cursor`."""
        ...

    def page(self, body: bytes, cursor: str) -> Page:
        """What the answer says. SourceError if it is no page; it is then asked for again."""
        ...


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch brought."""

    source: str
    folder: Path
    pages: int
    """Pages in the folder now."""
    records: int
    """Records in these pages."""
    total: int | None
    """How many the service has, if it says."""
    complete: bool
    """False when the limit ended the run before the service did."""
    new_pages: int
    """Pages that this run brought."""

    def to_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "source": self.source,
            "folder": str(self.folder),
            "pages": self.pages,
            "records": self.records,
            "total": self.total,
            "complete": self.complete,
            "new_pages": self.new_pages,
        }


def download(
    pager: Pager,
    folder: Path,
    *,
    source: str,
    search: Search,
    http: Http,
    limit: int | None = None,
    progress: Callable[[int, int | None], None],
) -> FetchReport:
    """Fetches pages into `folder` until the service has no more or `limit` records are there.

    Continues a stopped run. A complete one is left as it is. OutsideError (retryable) when network or
    disk fail; what was fetched stays.
    """
    asked = {"source": source, "search": search.words, "from": search.from_year, "to": search.to_year}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        state = _state(folder, asked, pager.first)
        before = state["pages"]
        while state["cursor"] is not None and (limit is None or state["records"] < limit):
            progress(state["records"], _aim(state["total"], limit))
            number = state["pages"] + 1
            body, page = _page(pager, http, state["cursor"])
            if page.records:
                _write(folder / f"page-{number:05d}.{pager.ending}", body)
                state["pages"] = number
            state["records"] += page.records
            state["total"] = page.total if page.total is not None else state["total"]
            state["cursor"] = page.next if page.records else None
            _write(folder / STATE, json.dumps(state, ensure_ascii=False, indent=1).encode())
        progress(state["records"], _aim(state["total"], limit))
    except OSError as error:
        raise OutsideError(
            f"{folder}: cannot be written ({error})",
            expected="room on the disk",
            do="free space and run the same command again; it goes on where it stopped",
            retryable=True,
        ) from error
    return FetchReport(
        source=source,
        folder=folder,
        pages=state["pages"],
        records=state["records"],
        total=state["total"],
        complete=state["cursor"] is None,
        new_pages=state["pages"] - before,
    )


def _aim(total: int | None, limit: int | None) -> int | None:
    return limit if total is None else total if limit is None else min(total, limit)


def _page(pager: Pager, http: Http, cursor: str) -> tuple[bytes, Page]:
    url, params = pager.request(cursor)
    for attempt in range(1, ATTEMPTS + 1):
        body = http.get(url, params)
        try:
            return body, pager.page(body, cursor)
        except SourceError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the loop returns or raises")


def _state(folder: Path, asked: Mapping[str, Any], first: str) -> dict[str, Any]:
    """The state that a stopped run left, or that of the beginning; half-written files are removed."""
    for part in folder.glob(".*.part"):
        part.unlink()
    path = folder / STATE
    if not path.exists():
        return {"asked": dict(asked), "cursor": first, "pages": 0, "records": 0, "total": None}
    try:
        state: dict[str, Any] = json.loads(path.read_bytes())
        sound = (
            state["asked"] == dict(asked)
            and isinstance(state["pages"], int)
            and isinstance(state["records"], int)
            and isinstance(state["cursor"], str | None)
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is damaged ({error})",
            expected="the state of a fetch",
            do="remove the folder and fetch anew",
        ) from error
    if not sound:
        raise InputError(
            f"{path} belongs to another search",
            expected=json.dumps(dict(asked), ensure_ascii=False),
            do="remove the folder and fetch anew",
        )
    state.setdefault("total", None)
    return state


def _write(path: Path, body: bytes) -> None:
    """The file whole or not at all."""
    # Hidden, so that an ingest of the folder passes over what a killed run left.
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise

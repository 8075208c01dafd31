"""Which stored scan a page reads: the newest of the whole corpus, of a year (`?as-of=`), or one by name (`?scan=`).

A stored scan never changes, so that a process keeps those that it has opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from foretrack.corpus.results import ResultStore, StoredResult
from foretrack.corpus.workspace import SETTINGS_FILE, Workspace
from foretrack.domains.foresight.actions.browsing import Browser
from foretrack.domains.foresight.actions.compare import compare
from foretrack.domains.foresight.actions.position_groups import yearly_documents_of_track
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technologies import StoredTechnologies
from foretrack.domains.foresight.answers import Change, SeriesPoint
from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.web.workspace import workspace_root

AS_OF, SCAN = "as-of", "scan"
"""Names in the address."""
KEPT = 12
"""Scans that a process keeps open; one of a million documents holds about 200 MB once its lists were read."""
KNOWN = 1024
"""Scans of which a process keeps in mind what was asked, so that pages can choose among them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan, and the other years that can be read."""

    workspace: Workspace
    scan: Scan
    years: tuple[int, ...]
    """As-of years with a stored scan of the whole corpus, ascending."""
    named: bool
    """Whether the address names this very scan."""

    @property
    def held(self) -> dict[str, str]:
        """What links of the page must carry on in their query so that the reader stays with this scan."""
        if self.named:
            return {SCAN: self.scan.name}
        return {AS_OF: str(self.scan.as_of)} if self.years and self.scan.as_of != self.years[-1] else {}

    @property
    def held_query(self) -> str:
        """The same as it stands behind an address: `?as-of=2020`, or empty."""
        return f"?{urlencode(self.held)}" if self.held else ""

    @property
    def browser(self) -> Browser:
        """The columns by which the list of concepts is browsed."""
        return _browser(self.workspace.results_dir, self.scan.name)

    @property
    def technologies(self) -> StoredTechnologies:
        """The technologies of the scan; EvidenceError when it was stored without any."""
        return _technologies(self.workspace.results_dir, self.scan.name)

    def of_year(self, year: int) -> Scan | None:
        """The scan of the whole corpus that is read as of another year."""
        chosen = [scan for scan in whole_scans(self.workspace) if scan.as_of == year]
        return opened(self.workspace.results_dir, max(chosen, key=_made_at).name) if chosen else None


def read(given: Mapping[str, str]) -> Reading:
    """The scan that an address asks for.

    EvidenceError when nothing was scanned yet, NotThereError for a scan or year that was not; InputError for a year
    that is no number.
    """
    workspace = lookout_workspace()
    whole = whole_scans(workspace)
    years = tuple(sorted({scan.as_of for scan in whole}))
    if name := given.get(SCAN, ""):
        try:
            return Reading(workspace, opened(workspace.results_dir, name), years, named=True)
        except InputError as error:
            raise NotThereError.of(
                "no scan is stored under this name", do="follow a link of the page"
            ) from error
    if not whole:
        raise nothing_scanned()
    asked = given.get(AS_OF, "")
    if not asked:
        newest = max(whole, key=lambda scan: (scan.as_of, _made_at(scan)))
        return Reading(workspace, opened(workspace.results_dir, newest.name), years, named=False)
    if not is_year(asked):
        raise InputError.of(
            "{found!r} is no year", expected="a year such as {year}", found=asked[:20], year=years[-1]
        )
    chosen = [scan for scan in whole if scan.as_of == int(asked)]
    if not chosen:
        raise NotThereError.of(
            "nothing was scanned as of {year}", expected="one of {years}", do="run `foretrack scan --as-of {year}`",
            year=asked, years=", ".join(map(str, years)),
        )  # fmt: skip
    latest = max(chosen, key=_made_at)
    return Reading(workspace, opened(workspace.results_dir, latest.name), years, named=False)


def nothing_scanned() -> EvidenceError:
    """What every page of the lookout says in a workspace without a scan."""
    return EvidenceError.of(
        "nothing was scanned yet", expected="a corpus and a stored scan",
        do="run `foretrack ingest FILES` and `foretrack scan` in the workspace",
    )  # fmt: skip


def lookout_workspace() -> Workspace:
    """The workspace that the site stands on."""
    root = workspace_root()
    if not (root / SETTINGS_FILE).is_file():
        raise nothing_scanned()
    return Workspace.open(root)


def stored_scans(workspace: Workspace) -> Sequence[Scan]:
    """Every stored scan; their tables are not kept open."""
    folder = workspace.results_dir
    return [Scan(_known(folder, name)) for name in ResultStore(folder).list()]


def is_year(text: str) -> bool:
    """Whether a text in an address can be a year.

    >>> is_year("2020"), is_year("20"), is_year("２０２０")
    (True, False, False)
    """
    return text.isascii() and text.isdecimal() and len(text) == 4


def whole_scans(workspace: Workspace) -> Sequence[Scan]:
    """The stored scans that no filter or track narrowed; their tables are not kept open."""
    return [
        scan for scan in stored_scans(workspace)
        if not any(scan.stored.manifest["filters"].values()) and not scan.stored.manifest.get("tracks")
    ]  # fmt: skip


def of_years(reading: Reading) -> list[tuple[int, Scan]]:
    """The newest stored scan of each year, ascending; the last of them where there are more than a process keeps."""
    found = []
    for year in reading.years[-KEPT:]:
        scan = reading.scan if year == reading.scan.as_of else reading.of_year(year)
        if scan is not None:
            found.append((year, scan))
    return found


def compared(reading: Reading) -> Scan | None:
    """The scan of the nearest earlier year, with which a page says what changed; None where there is none."""
    earlier = [year for year in reading.years if year < reading.scan.as_of]
    return reading.of_year(earlier[-1]) if earlier else None


def changes_between(reading: Reading, before: Scan) -> tuple[Change, ...]:
    """What changed in the first ranks since another scan; nothing where one of them ranks nothing."""
    return _changes(reading.workspace.results_dir, before.name, reading.scan.name)


def track_years(reading: Reading, track: str) -> tuple[SeriesPoint, ...]:
    """Documents of each year on a track; nothing where no concept is on it with a probability of one half or more."""
    return _track_years(reading.workspace.results_dir, reading.scan.name, track)


def partial_year(scan: Scan) -> int | None:
    """The as-of year where the scan noted that the corpus does not hold all of it."""
    noted = any(str(note).startswith("partial_last_year") for note in scan.stored.manifest["notes"])
    return scan.as_of if noted else None


def _made_at(scan: Scan) -> str:
    return str(scan.stored.created.get("created_at", ""))


def row_called(scan: Scan, concept: str) -> int | None:
    """The row of the concept with an identifier; None for none. Spellings are not looked at."""
    import pyarrow.compute as pc

    row = pc.index(scan.concepts["concept"], concept).as_py()
    return row if row >= 0 else None


def technologies_of(scan: Scan) -> StoredTechnologies | None:
    """The technologies of a scan; None where it was stored without any."""
    if "technologies" not in scan.stored.manifest["tables"]:
        return None
    return _technologies(scan.stored.folder.parent, scan.name)


@lru_cache(maxsize=KNOWN)
def _known(folder: Path, name: str) -> StoredResult:
    return ResultStore(folder).open(name)


@lru_cache(maxsize=KEPT)
def _technologies(folder: Path, name: str) -> StoredTechnologies:
    return StoredTechnologies(opened(folder, name))


@lru_cache(maxsize=KEPT)
def opened(folder: Path, name: str) -> Scan:
    """A stored scan, read once in a process."""
    return Scan(ResultStore(folder).open(name))


@lru_cache(maxsize=KEPT)
def _browser(folder: Path, name: str) -> Browser:
    return Browser(opened(folder, name))


@lru_cache(maxsize=KNOWN)
def _changes(folder: Path, before: str, after: str) -> tuple[Change, ...]:
    try:
        return compare(opened(folder, before), opened(folder, after)).changes
    except EvidenceError:
        return ()


@lru_cache(maxsize=KNOWN)
def _track_years(folder: Path, name: str, track: str) -> tuple[SeriesPoint, ...]:
    try:
        return yearly_documents_of_track(opened(folder, name), track)
    except (EvidenceError, InputError):
        return ()

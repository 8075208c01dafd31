"""Which stored scan a page reads: the newest of the whole corpus, of a year (`?as-of=`), or one by name (`?scan=`).

A stored scan never changes, so that a process keeps those that it has opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from foretrack.corpus.results import ResultStore
from foretrack.corpus.workspace import SETTINGS_FILE, Workspace
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technologies import StoredTechnologies
from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.web.workspace import workspace_root

AS_OF, SCAN = "as-of", "scan"
"""Names in the address."""
KEPT = 8
"""Scans that a process keeps open; one of a million documents holds about 200 MB once its lists were read."""


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
        return {AS_OF: str(self.scan.as_of)} if self.scan.as_of != self.years[-1] else {}


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
        return Reading(workspace, newest, years, named=False)
    if not (asked.isascii() and asked.isdecimal() and len(asked) == 4):
        raise InputError.of(
            "{found!r} is no year", expected="a year such as {year}", found=asked[:20], year=years[-1]
        )
    chosen = [scan for scan in whole if scan.as_of == int(asked)]
    if not chosen:
        raise NotThereError.of(
            "nothing was scanned as of {year}", expected="one of {years}", do="run `foretrack scan --as-of {year}`",
            year=asked, years=", ".join(map(str, years)),
        )  # fmt: skip
    return Reading(workspace, max(chosen, key=_made_at), years, named=False)


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


def whole_scans(workspace: Workspace) -> Sequence[Scan]:
    """The stored scans that no filter narrowed."""
    scans = [opened(workspace.results_dir, name) for name in ResultStore(workspace.results_dir).list()]
    return [scan for scan in scans if not any(scan.stored.manifest["filters"].values())]


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


@lru_cache(maxsize=KEPT)
def _technologies(folder: Path, name: str) -> StoredTechnologies:
    return StoredTechnologies(opened(folder, name))


@lru_cache(maxsize=KEPT)
def opened(folder: Path, name: str) -> Scan:
    """A stored scan, read once in a process."""
    return Scan(ResultStore(folder).open(name))

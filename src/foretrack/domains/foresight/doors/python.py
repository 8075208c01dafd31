"""The lookout for programs and notebooks: `foretrack.open(folder)` gives a `Lookout`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foretrack.domains.foresight.answers import Comparison, ConceptPage, EmergingList, Explanation

if TYPE_CHECKING:
    import pandas as pd

    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import Scan
    from foretrack.records.document import Kind


class Lookout:
    """One workspace and what can be asked of it. Lists come as pandas data frames, pages as answers.

    The attributes `as_of`, `snapshot`, `method`, `scan`, `n_ranked` and `n_not_enough_evidence` of a list
    are in the frame's `attrs`.
    """

    def __init__(self, folder: str | Path, engine: str | None = None) -> None:
        """Opens the workspace in `folder`; a folder that is new or empty becomes one.

        `engine` is the Spark Connect server that counts (`sc://host:port`); None counts on this machine.
        Raises InputError if the folder holds other things.
        """
        from foretrack.corpus.workspace import Workspace

        self.engine = engine
        self.workspace: Workspace = Workspace.create(Path(folder))

    def __repr__(self) -> str:
        return f"foretrack.open({str(self.workspace.root)!r})"

    def ingest(
        self,
        *paths: str | Path,
        format: str = "auto",
        columns: Mapping[str, str] | None = None,
        kind: Kind | None = None,
        source: str | None = None,
        language: str | None = None,
        sheet: str | None = None,
    ) -> pd.DataFrame:
        """Reads files and folders into the corpus: one row per file with what became of its records.

        Columns: `file`, `connector`, `read`, `kept`, `merged`, `rejected`, `revised`, `retracted`, `error`
        (a sentence or None). `columns` maps fields to the columns of a table of one's own.
        """
        import pandas as pd

        from foretrack.domains.foresight.actions.ingest import COUNTS, ingest
        from foretrack.foundation.clock import system_clock
        from foretrack.sources.kit.connector import ParseOptions

        options = ParseOptions(
            mapping=columns or {}, kind=kind, source=source, language=language, sheet=sheet
        )
        report = ingest(
            self.workspace, [Path(path) for path in paths], clock=system_clock, format=format, options=options
        )
        rows = [{"error": None, **file.to_json()} for file in report.files]
        return pd.DataFrame(rows, columns=["file", "connector", *COUNTS, "error"])

    def scan(
        self,
        as_of: int | None = None,
        *,
        query: str | None = None,
        countries: Sequence[str] = (),
        organisations: Sequence[str] = (),
        sources: Sequence[str] = (),
        kinds: Sequence[str] = (),
        languages: Sequence[str] = (),
        tracks: Sequence[str] = (),
    ) -> pd.DataFrame:
        """The ranked concepts as of a year (the newest if None), scanned now unless that was done before.

        One row per ranked concept, the first rank first; columns as in `foretrack emerging --format csv`.
        Raises EvidenceError when no document fits.
        """
        from foretrack.corpus.views import Filters
        from foretrack.domains.foresight.actions.emerging import emerging
        from foretrack.domains.foresight.actions.scan import ScanRequest, scan

        filters = Filters(
            query=query,
            countries=tuple(countries),
            organisations=tuple(organisations),
            sources=tuple(sources),
            kinds=tuple(kinds),
            languages=tuple(languages),
        )
        request = ScanRequest(as_of=as_of, filters=filters, tracks=tuple(tracks), engine=self.engine)
        return as_frame(emerging(scan(self.workspace, request)))

    def emerging(
        self,
        as_of: int | None = None,
        *,
        track: str | None = None,
        state: str | None = None,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The list of the newest stored scan (of that year), or of one track or state of it."""
        from foretrack.domains.foresight.actions.emerging import emerging

        return as_frame(emerging(self._scan(as_of), track=track, state=state, limit=limit))

    def show(self, concept: str, as_of: int | None = None) -> ConceptPage:
        """Series, spellings, neighbours and evidence of a concept, by identifier or spelling."""
        from foretrack.domains.foresight.actions.show import show

        return show(self.workspace, self._scan(as_of), concept)

    def explain(self, concept: str, as_of: int | None = None) -> Explanation:
        """A concept's score and state, down to the identifiers of the documents that were counted."""
        from foretrack.domains.foresight.actions.show import explain

        return explain(self._scan(as_of), concept)

    def compare(self, before: int, after: int, *, top: int = 50) -> Comparison:
        """What entered, rose, fell and left the first `top` ranks between two years."""
        from foretrack.domains.foresight.actions.compare import compare

        return compare(self._scan(before), self._scan(after), top=top)

    def report(self, output: str | Path, as_of: int | None = None, *, language: str = "en") -> Path:
        """Writes the self-contained HTML report and gives its path. Raises OutsideError if it cannot."""
        from foretrack.domains.foresight.doors.commands.publishing import report_page
        from foretrack.domains.foresight.doors.speech import speak
        from foretrack.terminal.export import write_text

        scan = self._scan(as_of)
        command = f"foretrack.open(...).report({str(Path(output).name)!r}, as_of={scan.as_of})"
        write_text(Path(output), report_page(self.workspace, scan, speak(language), command=command))
        return Path(output)

    def _scan(self, as_of: int | None) -> Scan:
        from foretrack.domains.foresight.actions.results import find_scan
        from foretrack.foundation.errors import EvidenceError

        try:
            return find_scan(self.workspace, as_of=as_of)
        except EvidenceError:
            from foretrack.domains.foresight.actions.scan import ScanRequest, scan

            return scan(self.workspace, ScanRequest(as_of=as_of, engine=self.engine))


def as_frame(listing: EmergingList) -> pd.DataFrame:
    """A list as a data frame with the columns of `listing.COLUMNS`; where it comes from is in `attrs`."""
    import pandas as pd

    from foretrack.domains.foresight.doors.listing import COLUMNS, row_of

    frame = pd.DataFrame([row_of(item) for item in listing.items], columns=list(COLUMNS))
    told = ("scan", "as_of", "method", "snapshot", "track", "n_ranked", "n_not_enough_evidence")
    frame.attrs = {name: getattr(listing, name) for name in told}
    return frame

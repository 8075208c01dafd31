"""The lookout for programs and notebooks: `foretrack.open(folder)` gives a `Lookout`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foretrack.domains.foresight.answers import Comparison, ConceptPage, EmergingList, Explanation

if TYPE_CHECKING:
    import pandas as pd

    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import Scan
    from foretrack.domains.foresight.actions.scoreboard import Scoreboard
    from foretrack.domains.foresight.positions.answers import By
    from foretrack.domains.foresight.technologies.answers import TechnologyPage
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

    def technologies(
        self,
        as_of: int | None = None,
        *,
        track: str | None = None,
        stage: str | None = None,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The technologies as of a year, or those of one track or life-cycle stage.

        One row per technology, the first rank first; columns as in `foretrack technologies --format csv`.
        """
        from foretrack.domains.foresight.actions.technologies import technologies
        from foretrack.domains.foresight.doors.technology_pages import COLUMNS, row_of

        found = technologies(self._scan(as_of), track=track, stage=stage, limit=limit)
        told = (
            "scan",
            "as_of",
            "method",
            "snapshot",
            "track",
            "stage",
            "n_technologies",
            "n_not_enough_evidence",
        )
        return _frame(found, COLUMNS, [row_of(item) for item in found.items], told)

    def technology(self, name: str, as_of: int | None = None) -> TechnologyPage:
        """Concepts, series, neighbours, events and evidence of a technology, by identifier, label or concept."""
        from foretrack.domains.foresight.actions.technologies import technology

        return technology(self.workspace, self._scan(as_of), name)

    def positions(
        self,
        as_of: int | None = None,
        *,
        track: str | None = None,
        technology: str | None = None,
        concept: str | None = None,
        by: By = "country",
        fractional: bool = True,
        blocs: Sequence[str] = (),
        top: int = 20,
        years: int | None = None,
    ) -> pd.DataFrame:
        """Who leads in the corpus, or in one track, technology or concept: one row per party, the first rank first.

        Columns as in `foretrack positions --format csv`; in `attrs` also `risk` (a `MonopolyRisk`), `disruption`,
        `convergence`, `concentration` and `notes`. Raises InputError when more than one group is named.
        """
        from foretrack.domains.foresight.actions.positions import PositionRequest, positions
        from foretrack.domains.foresight.doors.position_pages import COLUMNS, row_of
        from foretrack.domains.foresight.positions.answers import GroupKind
        from foretrack.foundation.errors import InputError

        groups: tuple[tuple[GroupKind, str | None], ...] = (
            ("track", track), ("technology", technology), ("concept", concept),
        )  # fmt: skip
        asked = [(kind, name) for kind, name in groups if name is not None]
        if len(asked) > 1:
            raise InputError(
                f"{' and '.join(kind for kind, _ in asked)} together", expected="one of them", do="ask twice"
            )
        kind, name = asked[0] if asked else ("corpus", "")
        request = PositionRequest(
            kind=kind, name=name, by=by, counting="fractional" if fractional else "full", blocs=tuple(blocs), top=top,
            years=years, as_of=as_of, engine=self.engine,
        )  # fmt: skip
        found = positions(self.workspace, request, self._scan(as_of) if asked else None)
        told = (
            "as_of", "method", "snapshot", "group", "by", "counting", "n_documents", "n_naming", "n_parties",
            "concentration", "risk", "disruption", "convergence", "notes",
        )  # fmt: skip
        return _frame(found, COLUMNS, [row_of(item) for item in found.items], told)

    def links(
        self,
        as_of: int | None = None,
        *,
        concept: str | None = None,
        track: str | None = None,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """Pairs of concepts that no document joins yet, the likeliest to be studied together first.

        Columns as in `foretrack links --format csv`. Raises EvidenceError when there is too little to learn from.
        """
        from foretrack.domains.foresight.actions.links import links
        from foretrack.domains.foresight.doors.link_pages import COLUMNS, row_of

        found = links(self.workspace, self._scan(as_of), concept=concept, track=track, limit=limit)
        told = ("as_of", "method", "snapshot", "horizon", "learnt_from", "n_concepts", "n_open", "n_scored")
        return _frame(found, COLUMNS, [row_of(item) for item in found.items], told)

    def candidates(self, as_of: int | None = None, *, top: int | None = None) -> pd.DataFrame:
        """What was decided about, and the signals among the first `top` ranks that nobody has looked at.

        Columns as in `foretrack candidates --format csv`.
        """
        from foretrack.domains.foresight.actions.candidates import candidates
        from foretrack.domains.foresight.candidates.proposing import TOP
        from foretrack.domains.foresight.doors.candidate_pages import COLUMNS, row_of

        found = candidates(self.workspace, self._scan(as_of), top=TOP if top is None else top)
        return _frame(found, COLUMNS, [row_of(item) for item in found.items], ("basis", "top", "n_decisions"))

    def backtest(self, origins: tuple[int, int] | None = None, *, also: Sequence[str] = ()) -> dict[str, Any]:
        """Forecasts of past years judged by what came: the JSON of `foretrack backtest`, stored for the scoreboard.

        `origins` are the first and the last year to forecast from, None the ten newest that can be judged; `also`
        names slow methods (`auto-ets`, `auto-theta`, `dynamic-topics`). Raises EvidenceError with what is needed.
        """
        from foretrack.domains.foresight.actions.backtest import BacktestRequest, backtest, parse_origins

        years = None if origins is None else parse_origins(f"{origins[0]}:{origins[1]}")
        return backtest(self.workspace, BacktestRequest(origins=years, also=tuple(also))).answer

    def scoreboard(self) -> Scoreboard:
        """All stored backtests, the newest first. Raises EvidenceError when nothing was judged yet."""
        from foretrack.domains.foresight.actions.scoreboard import scoreboard

        return scoreboard(self.workspace)

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
    from foretrack.domains.foresight.doors.listing import COLUMNS, row_of

    told = ("scan", "as_of", "method", "snapshot", "track", "n_ranked", "n_not_enough_evidence")
    return _frame(listing, COLUMNS, [row_of(item) for item in listing.items], told)


def _frame(
    answer: object, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], told: Sequence[str]
) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=list(columns))
    frame.attrs = {name: getattr(answer, name) for name in told}
    return frame

"""The lookout for programs and notebooks: `foretrack.open(folder)` gives a `Lookout`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from foretrack.corpus.workspace import Workspace
    from foretrack.records.document import Kind


class Lookout:
    """One workspace and what can be asked of it. Lists come as pandas data frames, pages as answers."""

    def __init__(self, folder: str | Path) -> None:
        """Opens the workspace in `folder`; a folder that is new or empty becomes one.

        Raises InputError if the folder holds other things.
        """
        from foretrack.corpus.workspace import Workspace

        self.workspace: Workspace = Workspace.create(Path(folder))

    def __repr__(self) -> str:
        return f"Lookout({str(self.workspace.root)!r})"

    def ingest(
        self,
        *paths: str | Path,
        format: str = "auto",
        columns: dict[str, str] | None = None,
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

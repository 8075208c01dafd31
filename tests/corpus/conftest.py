"""An invented world: files that are lists of records, and a reader for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from foretrack.corpus.views import AsOfView
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import IngestReport, ingest
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions

CONNECTOR = Connector(
    "invented-jsonl", "Invented", ("paper",), "Invented.", lambda s: 0.0, lambda f, o: iter(())
)


def read(
    path: Path, format: str, options: ParseOptions
) -> Iterator[tuple[str, Connector, Iterator[Parsed | Rejected]]]:
    """Invented files: one JSON object a line, the fields of a document; `bad` rejects, `broken` breaks the file."""
    yield path.name, CONNECTOR, _records(path)


def _records(path: Path) -> Iterator[Parsed | Rejected]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        row: dict[str, Any] = json.loads(line)
        if "broken" in row:
            raise SourceError(f"{path.name} is cut off", expected="more", do="fetch it again")
        if "bad" in row:
            yield Rejected(f"line {number}", row["bad"], line[:200])
            continue
        row = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
        row["organisations"] = tuple(Organisation(*o) for o in row.get("organisations", ()))
        yield Parsed(f"line {number}", Document(**row))


def column(view: AsOfView, name: str) -> list[Any]:
    """One column of a whole view, in its order."""
    return [value for batch in view.batches([name]) for value in batch.column(0).to_pylist()]


def row(number: int, **fields: Any) -> dict[str, Any]:
    """An invented paper. Different numbers are different papers."""
    invented = {
        "kind": "paper",
        "source": "invented",
        "source_id": f"I{number}",
        "title": f"An invented study number {number} of imaginary materials",
        "published": str(2000 + number % 20),
        "authors": [f"Author{number}, A."],
        "language": "en",
    }
    return invented | fields


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "workspace")


@pytest.fixture
def take(tmp_path: Path, workspace: Workspace) -> Callable[..., IngestReport]:
    """Ingest lists of rows, each as one invented file."""
    folder = tmp_path / "files"
    folder.mkdir()
    written = [0]

    def take(*files: Sequence[dict[str, Any]], **options: Any) -> IngestReport:
        paths = []
        for rows in files:
            written[0] += 1
            path = folder / f"file-{written[0]}.jsonl"
            path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
            paths.append(path)
        return ingest(workspace, paths, clock=fixed_clock("2026-01-01"), read=read, **options)

    return take

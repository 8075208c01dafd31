"""A scan that finds nothing says what was asked and what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.corpus.views import Filters
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import ingest
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.foundation.clock import system_clock
from foretrack.foundation.errors import EvidenceError


def workspace(folder: Path) -> Workspace:
    rows = [f"Invented glider {n},{2010 + n % 8}" for n in range(30)]
    table = folder / "invented.csv"
    table.write_text("\n".join(["title,year", *rows]), encoding="utf-8")
    made = Workspace.create(folder / "ws")
    ingest(made, [table], clock=system_clock)
    return made


def test_nothing_passes_the_filters(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    with pytest.raises(EvidenceError) as caught:
        scan(made, ScanRequest(filters=Filters(query="zeppelin", countries=("XX",))))
    said = str(caught.value)
    assert "query zeppelin" in said
    assert "countries XX" in said
    assert "documents of 2010 to 2017" in said


def test_nothing_is_that_old(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"1900 or before.*2010 to 2017"):
        scan(workspace(tmp_path), ScanRequest(as_of=1900))

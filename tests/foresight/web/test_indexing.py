"""The worker puts a new scan into the index of search, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.doors import indexing
from foretrack.installation.opening import configured_installation, registry_of
from foretrack.jobs.declaring import Run
from foretrack.jobs.schedule import PLANS
from foretrack.search.actions.naming import named


def test_the_newest_scan_can_be_found_after_the_job_and_is_put_in_once(
    db: None, workspace: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FORETRACK = replace(configured_installation(), workspace=workspace.root)
    run = Run(registry_of(settings.FORETRACK), "t", 1, last=False)
    (workspace.root / "cache" / indexing.MARK).unlink(missing_ok=True)
    indexing.index_newest.func(run)

    assert named([("concept", "echo-memory")])["concept", "echo-memory"].title("en") == "echo memory"

    def again(*given: object, **more: object) -> None:
        raise AssertionError("it stands there already")

    monkeypatch.setattr("foretrack.search.actions.indexing.reindex", again)
    indexing.index_newest.func(run)


def test_an_index_that_was_lost_is_filled_again(db: None, workspace: Workspace, settings: Any) -> None:
    """The mark lies beside the workspace, the index in the database: one may be restored without the other."""
    settings.FORETRACK = replace(configured_installation(), workspace=workspace.root)
    (workspace.root / "cache").mkdir(exist_ok=True)
    (workspace.root / "cache" / indexing.MARK).write_text("2020-forecast-1-whatever", encoding="utf-8")
    indexing.index_newest.func(Run(registry_of(settings.FORETRACK), "t", 1, last=False))

    assert ("concept", "echo-memory") in named([("concept", "echo-memory")])


def test_the_worker_knows_of_it() -> None:
    assert any(plan.work is indexing.index_newest for plan in PLANS.values())

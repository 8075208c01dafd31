"""The lookout's pages over HTTP, on an invented workspace that is scanned once: as of two years, and a larger scan with
forecasts and hostile names that is written by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pytest
from django.test import Client
from tests.once import once_in_a_run
from tests.site.filling import look_out

from foretrack.accounts.models import Account, RoleGrant
from foretrack.corpus.results import ResultStore
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.doors.web import waiting
from foretrack.installation.opening import configured_installation, registry_of

SCRIPT = "<script>document.title='taken'</script>"
LONG = "固态电池与先进储能" * 34
FORESEEN = "foreseen-by-hand"
MANY = 2_000
"""Concepts of the scan that is written by hand."""

Get: TypeAlias = Callable[..., Any]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Scanned as of 2017 and 2020; and by hand, named, with forecasts, many concepts and hostile names."""

    def make(folder: Path) -> None:
        made = Workspace.create(folder / "workspace")
        look_out(made.root)
        foresee(ResultStore(made.results_dir), newest(made))

    once = once_in_a_run(tmp_path_factory, "lookout", make) / "workspace"
    # Pages keep what they computed beside it, so each worker has its own.
    own = tmp_path_factory.mktemp("lookout") / "workspace"
    shutil.copytree(once, own)
    return Workspace.open(own)


def newest(workspace: Workspace) -> Scan:
    """The scan of the whole corpus as of its last year."""
    store = ResultStore(workspace.results_dir)
    name = next(n for n in store.list() if n.startswith("2020-forecast"))
    return Scan(store.open(name))


def foresee(store: ResultStore, scan: Scan) -> None:
    """Writes a scan as of 2020 as if a corpus of many concepts had been learnt from; filtered, so that none reads it
    unasked."""
    tables = {name: scan.stored.table(name) for name in scan.stored.manifest["tables"]}
    few = tables["concepts"].num_rows
    numbers = [n % few for n in range(MANY)]
    concepts = tables["concepts"].take(pa.array(numbers))
    columns: dict[str, list[Any]] = {
        "concept": [f"{c}-{n}" for n, c in enumerate(concepts["concept"].to_pylist())],
        "label": [f"{c} {n}" for n, c in enumerate(concepts["label"].to_pylist())],
        "label_en": [None] * MANY,
        "label_zh": [None] * MANY,
        "rank": list(range(1, MANY + 1)),
        "p_eg3": [1 - n / MANY for n in range(MANY)],
        "p_dbl3": [0.5 - n / (2 * MANY) for n in range(MANY)],
        "forms": [[f"form {n}"] for n in range(MANY)],
        "quantiles": [
            [
                {"year": 2020 + h, **{f"q{q:02}": q / 1000 for q in (5, 10, 25, 50, 75, 90, 95)}}
                for h in range(1, 6)
            ]
        ] * MANY,
        "told": [[{"part": "size", "adds": 1.5}, {"part": "alike", "adds": -0.5}]] * MANY,
    }  # fmt: skip
    columns["label"][0], columns["label_zh"][0], columns["forms"][0] = SCRIPT, LONG, [SCRIPT, LONG]
    columns["concept"][0] = "hostile"
    for name, values in columns.items():
        place = concepts.column_names.index(name)
        concepts = concepts.set_column(place, name, pa.array(values, concepts.schema.field(name).type))
    manifest = {k: v for k, v in scan.stored.manifest.items() if k != "tables"}
    manifest |= {"filters": {"query": "by hand"}, "n_concepts": MANY}
    store.write(FORESEEN, tables | {"concepts": concepts}, manifest)


@pytest.fixture
def lookout(db: None, settings: Any, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The site, standing on that workspace."""
    monkeypatch.setattr(waiting, "FOR_DATA", 60)  # how busy the machine is, is not what is tested
    settings.FORETRACK = replace(configured_installation(), workspace=workspace.root)
    registry_of(settings.FORETRACK)
    return workspace


@pytest.fixture
def bare(db: None, settings: Any, tmp_path: Path) -> Workspace:
    """The site on a workspace in which nothing was scanned."""
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path / "bare")
    registry_of(settings.FORETRACK)
    return Workspace.create(tmp_path / "bare")


@pytest.fixture
def get(db: None) -> Get:
    """Asks for a page: `get("concepts/", language="zh-hans", role="officer")`; `get(".json")` is the overview's data."""

    def ask(path: str, *, language: str = "en", role: str = "") -> Any:
        client = Client(raise_request_exception=False)
        if role:
            account = Account.objects.create_user(
                f"{role}@example.org", "an invented phrase", name="Invented"
            )
            RoleGrant.objects.create(
                account=account,
                role=role,
                regions=["*"],
                given_by="OPERATOR",
                given_at="2026-01-01T00:00:00Z",
            )
            client.force_login(account)
        return client.get(f"/{language}/lookout{'' if path.startswith('.') else '/'}{path}")

    return ask


@pytest.fixture(scope="session")
def scan(workspace: Workspace) -> Scan:
    """The scan that pages read unasked."""
    return newest(workspace)

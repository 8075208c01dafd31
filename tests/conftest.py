"""What every test shares: no deadlines for examples, the order of files, and the closing lines of a run."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tests.once import once_in_a_run

# No deadline for an example: how long one takes depends on what was imported before it and on who else uses
# the machine, and absolute times are never asserted here.
settings.register_profile("foretrack", deadline=None)
settings.load_profile("foretrack")

PACKAGE = Path(__file__).parents[1] / "src" / "foretrack"


@pytest.fixture(scope="session")
def scanned_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the invented sample, scanned as of 2019 and 2022: to read, or to copy."""

    def make(folder: Path) -> None:
        from foretrack.cli.main import run

        with resources.as_file(resources.files("foretrack.samples") / "mini") as mini:
            for words in (["ingest", str(mini)], ["scan", "--as-of", "2019"], ["scan"]):
                assert run(["--workspace", str(folder / "workspace"), "--quiet", *words]) == 0

    return once_in_a_run(tmp_path_factory, "sample", make) / "workspace"


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """An SQLite file with every table and no record: to copy into a workspace as `registry.sqlite3` before it is opened.

    Some seventy migrations take seconds of each new database; a copy takes none.
    """

    def make(folder: Path) -> None:
        from django.core.management import call_command
        from django.db import DEFAULT_DB_ALIAS, connections
        from django.db.backends.sqlite3.base import DatabaseWrapper

        from foretrack.installation.django import database, django_settings
        from foretrack.installation.opening import configured_installation

        known = connections[DEFAULT_DB_ALIAS]
        own = replace(configured_installation(), workspace=folder, database="")
        connections[DEFAULT_DB_ALIAS] = DatabaseWrapper(
            {**known.settings_dict, **database(own)}, DEFAULT_DB_ALIAS
        )
        try:
            with django_db_blocker.unblock():
                call_command("migrate", verbosity=0, interactive=False)
                call_command(
                    "createcachetable", django_settings(own)["CACHES"]["default"]["LOCATION"], verbosity=0
                )
        finally:
            connections[DEFAULT_DB_ALIAS].close()
            connections[DEFAULT_DB_ALIAS] = known

    return once_in_a_run(tmp_path_factory, "tables", make) / "registry.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tables: Path) -> None:
    """The database in memory begins with those tables, and `migrate` finds all of them there."""
    import sqlite3

    from django.db.backends.signals import connection_created

    def fill(connection: Any, **_: Any) -> None:
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            connection_created.disconnect(fill)
            with closing(sqlite3.connect(tables)) as made:
                made.backup(connection.connection)

    connection_created.connect(fill, weak=False)


N_SLOWEST = 10


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a test marked slow come first: a worker that begins one last leaves the other without work."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints where the time went, so that whoever made a file slow sees it; and how many modules there are, so that a
    folder that went missing is noticed."""
    seconds: dict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    slowest = [
        (name, spent)
        for name, spent in sorted(seconds.items(), key=lambda one: -one[1])[:N_SLOWEST]
        if spent >= 1
    ]
    if slowest:
        whole = sum(seconds.values())
        terminalreporter.section(f"slowest files, of {whole:.0f} s in all")
        for name, spent in slowest:
            terminalreporter.write_line(f"{spent:7.1f} s {name}")
    modules = len(list(PACKAGE.rglob("*.py")))
    rooms = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    terminalreporter.write_line(f"{modules} modules in {len(rooms)} rooms: {', '.join(rooms)}")

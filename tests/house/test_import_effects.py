"""Importing does nothing, and thinking rooms load no library that reaches outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

OUTSIDE = (
    "duckdb",
    "httpx",
    "ibis",
    "jinja2",
    "rich",
    "sqlite3",
    "typer",
    "openpyxl",
    "foretrack.corpus",
    "foretrack.sources",
)
"""What no thinking room may have loaded once all its modules are imported."""

PURE = ("foundation", "records", "language", "packs", "rules", "domains/foresight")

IMPORT_ALL = """
import json, sys
effects = []
def watch(event, arguments):
    written = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if written and not str(arguments[0]).endswith((".pyc", "null")) and ".pyc." not in str(arguments[0]):
        effects.append(f"{event} {arguments[0]}")
    if event in {"socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.mkdir"}:
        if "__pycache__" not in str(arguments[0]):
            effects.append(f"{event} {arguments[0]}")
sys.addaudithook(watch)
import importlib
names = json.loads(sys.argv[1])
if any(name.endswith(".models") for name in names):  # tables need a configured Django before they can be imported
    import django
    from django.conf import settings
    from foretrack.installation.django import django_settings
    from foretrack.installation.opening import installation_of
    from pathlib import Path
    settings.configure(**django_settings(installation_of(Path("no-such-workspace"), {}, made=False)))
    django.setup()
for name in names:
    importlib.import_module(name)
print(json.dumps({"modules": sorted(sys.modules), "effects": effects}))
"""


def imported(names: list[str]) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", IMPORT_ALL, json.dumps(names)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def modules_of(package: Path, room: str) -> list[str]:
    names = []
    for path in sorted((package / room).rglob("*.py")):
        inside = path.relative_to(package.parent).with_suffix("").parts
        if {"doors", "actions"} & set(inside):
            continue
        names.append(".".join(part for part in inside if part != "__init__"))
    return names


@pytest.mark.parametrize("room", PURE)
def test_a_thinking_room_loads_nothing_that_reaches_outside(package: Path, room: str) -> None:
    modules = modules_of(package, room)

    loaded = imported(modules)["modules"]

    assert set(modules) <= set(loaded)
    assert [
        name for name in loaded if name.startswith(tuple(f"{o}." for o in OUTSIDE)) or name in OUTSIDE
    ] == []


def test_importing_every_module_writes_nothing_and_calls_nobody(package: Path) -> None:
    names = [
        ".".join(
            part for part in path.relative_to(package.parent).with_suffix("").parts if part != "__init__"
        )
        for path in sorted(package.rglob("*.py"))
    ]

    assert imported(names)["effects"] == []


def test_the_program_starts_without_heavy_libraries() -> None:
    """`foretrack --help` must be quick, so commands import what they need when they run."""
    loaded = set(imported(["foretrack.cli.program"])["modules"])

    heavy = {
        "pandas",
        "sklearn",
        "scipy",
        "duckdb",
        "ibis",
        "pyarrow",
        "numpy",
        "lxml",
        "httpx",
        "django",
        "allauth",
    }
    assert not loaded & heavy

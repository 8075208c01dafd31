"""The floor plan holds, and covers every room and every module there is."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest


def contracts(root: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(root / ".importlinter", encoding="utf-8")
    return parser


def lines(parser: configparser.ConfigParser, contract: str, key: str) -> list[str]:
    return parser[f"importlinter:contract:{contract}"][key].split()


@pytest.fixture(scope="module")
def linted(root: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_contract_is_kept(linted: str) -> None:
    assert ", 0 broken." in linted


def test_the_linter_sees_every_module(package: Path) -> None:
    """A folder without `__init__.py` is invisible to the contracts; here it would be missing."""
    seen = grimp.build_graph("foretrack", cache_dir=None).modules
    modules = {
        ".".join(
            part for part in path.relative_to(package.parent).with_suffix("").parts if part != "__init__"
        )
        for path in package.rglob("*.py")
    }

    assert seen == modules


def test_the_stairs_name_every_room(root: Path, package: Path) -> None:
    named = {word for word in lines(contracts(root), "stairs", "layers") if word not in {"|", ":"}}
    rooms = {path.name for path in package.iterdir() if (path / "__init__.py").is_file()}

    assert named == rooms


def test_the_purity_contract_names_every_thinking_part_of_a_domain(root: Path, package: Path) -> None:
    # Counting may use Ibis, which no thinking room may; beside that it is held to the same.
    named = [name for kind in ("pure", "portable") for name in lines(contracts(root), kind, "source_modules")]
    pure = {name.removeprefix("foretrack.domains.*.") for name in named if ".domains." in name}
    parts = {
        path.stem
        for domain in (package / "domains").iterdir()
        if domain.is_dir()
        for path in domain.iterdir()
        if path.name not in {"doors", "actions", "starter", "__init__.py", "__pycache__"}
        if path.suffix == ".py" or (path / "__init__.py").is_file()
        if not (path / "models.py").is_file()  # what owns tables knows Django, and thinks nothing
    }

    assert pure == parts


def test_no_exception_to_a_contract_is_without_a_reason(root: Path) -> None:
    """`ignore_imports` may hold only what the kit, the catalogue and the front door are."""
    parser = contracts(root)
    ignored = {
        line
        for section in parser.sections()
        for line in parser[section].get("ignore_imports", "").splitlines()
    }

    assert ignored - {""} == {
        "foretrack.sources.** -> foretrack.sources.kit.**",
        "foretrack.sources.catalogue -> foretrack.sources.**",
        "foretrack -> foretrack.domains.foresight.doors.python",
    }


def test_rooms_take_only_the_version_from_the_root(package: Path) -> None:
    """The contracts overlook what the root opens, so no room may go through it."""
    takers = [
        f"{path.relative_to(package)}: {line}"
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(?:import foretrack$|from foretrack import (?!__version__$))", line)
    ]

    assert takers == []

"""Every folder with code is a package with a door sign, and none has a name without a subject."""

from __future__ import annotations

import ast
from pathlib import Path

FORBIDDEN_NAMES = {
    "utils", "util", "helpers", "helper", "common", "misc", "core", "base", "lib", "manager", "processor",
    "handler", "handlers", "service", "services",
}  # fmt: skip


def test_every_folder_with_code_is_a_package(package: Path) -> None:
    folders = {path.parent for path in package.rglob("*.py")}
    above = {parent for folder in folders for parent in folder.parents if package in parent.parents}
    bare = sorted(str(f.relative_to(package)) for f in folders | above if not (f / "__init__.py").is_file())

    assert bare == []


def test_every_package_has_a_door_sign(package: Path) -> None:
    unsigned = [
        str(path.relative_to(package))
        for path in package.rglob("__init__.py")
        if len((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]) < 20
    ]

    assert unsigned == []


def test_every_module_says_what_it_is(package: Path) -> None:
    silent = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_no_name_without_a_subject(package: Path) -> None:
    nameless = [
        str(p.relative_to(package)) for p in package.rglob("*") if p.stem.strip("_") in FORBIDDEN_NAMES
    ]

    assert nameless == []


def test_every_data_file_is_beside_code_that_can_read_it(package: Path) -> None:
    """The wheel holds whole packages only, so data outside of them would be missing after installation."""
    homeless = [
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.is_file()
        and not any(
            (up / "__init__.py").is_file() for up in path.parents if package in up.parents or up == package
        )
    ]

    assert homeless == []

"""What is in the repository is fit to be public and true to the program."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".yml",
    ".yaml",
    ".sh",
    ".cfg",
    ".ini",
    ".csv",
    ".json",
    ".po",
    ".j2",
    "",
}

# Written in two halves, so that this file does not find itself.
FORBIDDEN = {
    "an address of a package index": r"(?:index|pypi)\.(?:org|python\.org)/"
    + r"simple|--(?:extra-)?index-"
    + r"url[= ]\S",
    "a path of somebody's machine": r"(?<![\w.])/(?:ro" + r"ot|wo" + r"rk|home/\w+|Use" + r"rs/\w+)/",
    "a private key": "-----BEGIN [A-Z ]*PRIV" + "ATE KEY",
    "a token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16}|xox[bp]-[0-9]{8,})",
}


@pytest.fixture(scope="module")
def texts(tracked: list[Path]) -> dict[Path, str]:
    found = {}
    for path in tracked:
        if path.suffix in TEXT:
            found[path] = path.read_text(encoding="utf-8", errors="replace")
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str, texts: dict[Path, str]) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [f"{path.name}: {hit[0]}" for path, text in texts.items() for hit in pattern.finditer(text)]

    assert found == []


def test_nothing_is_left_to_do(texts: dict[Path, str]) -> None:
    """A thing to do later is an issue; the code names its number."""
    pattern = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?!\(#\d+\))")
    left = [
        f"{path.name}: {hit[0]}"
        for path, text in texts.items()
        if path.suffix == ".py"
        for hit in pattern.finditer(text)
    ]

    assert left == []


def test_requirements_are_pinned_by_hash(root: Path) -> None:
    for path in (root / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8").replace("\\\n", "")
        pins = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
        assert pins, path.name
        assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_pins_cover_the_declared_dependencies(root: Path) -> None:
    """A dependency added to pyproject without `make pins` would be missing on a new machine."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        "base": project["dependencies"],
        "dev": [*project["dependencies"], *project["optional-dependencies"]["dev"]],
    }
    for name, wanted in declared.items():
        pinned = set(
            re.findall(
                r"^([a-z0-9-]+)==", (root / f"requirements/{name}.txt").read_text("utf-8"), re.MULTILINE
            )
        )
        names = {re.split(r"[\[<>=! ]", line)[0].lower().replace("_", "-") for line in wanted}
        assert names <= pinned, name


def test_the_changelog_has_the_version(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert f"## {project['version']}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere(root: Path) -> None:
    import foretrack

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert foretrack.__version__ == project["version"]


def test_links_between_documents_lead_somewhere(root: Path, tracked: list[Path]) -> None:
    lost = []
    for page in (path for path in tracked if path.suffix == ".md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                lost.append(f"{page.relative_to(root)}: {target}")

    assert lost == []


def test_files_that_documents_name_exist(root: Path, package: Path, tracked: list[Path]) -> None:
    """Paths in backquotes from the repository's root or the package's are paths that exist."""
    lost = []
    for page in (path for path in tracked if path.suffix == ".md"):
        for name in re.findall(
            r"`((?:docs|src|tests|benchmarks|requirements)/[\w./-]+)`", page.read_text("utf-8")
        ):
            if not (root / name).exists() and "<" not in name:
                lost.append(f"{page.relative_to(root)}: {name}")

    assert lost == []


def test_the_readme_fits_one_screen(root: Path) -> None:
    assert len((root / "README.md").read_text(encoding="utf-8").splitlines()) <= 60


def test_what_the_readme_tells_to_type_exists(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^make ([a-z]+)", readme, re.MULTILINE))

    assert {"demo", "test"} <= targets
    for target in targets:
        subprocess.run(["make", "--dry-run", target], cwd=root, capture_output=True, check=True)


def test_ci_calls_what_the_readme_tells(root: Path) -> None:
    ci = (root / ".ci/run").read_text(encoding="utf-8")

    assert "make test" in ci
    assert "make demo" in ci
    assert ci.index("make test") < ci.index("make demo")

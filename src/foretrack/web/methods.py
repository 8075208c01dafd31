"""The method pages (`docs/methods/`) as they come with the program: formulas, worked examples, known failures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import foretrack.web


@cache
def method_pages() -> Mapping[str, str]:
    """Name to text (Markdown), by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(_folder().glob("*.md"))}


def title_of(text: str) -> str:
    """The first heading of a page.

    >>> title_of("# Links\\n\\nText")
    'Links'
    """
    return next((line.lstrip("# ") for line in text.splitlines() if line.startswith("# ")), "")


def _folder() -> Path:
    """Beside this module once installed (pyproject puts them there); in a source tree where they are written."""
    here = Path(foretrack.web.__file__).parent
    installed = here / "methods"
    return installed if installed.is_dir() else here.parents[2] / "docs" / "methods"

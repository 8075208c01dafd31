"""Every sentence that a page of the site may say is spoken in Chinese, and no template says one past the catalogue."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from foretrack.foundation.messages import read_po
from foretrack.web.speech import Words

DOUBLE = r"\"((?:[^\"\\]|\\.)*)\""


def templates(package: Path) -> list[Path]:
    return sorted(path for folder in package.rglob("templates") for path in folder.rglob("*.html"))


def page_code(package: Path) -> list[Path]:
    """The modules that say something on a page."""
    rooms = (*package.glob("*/doors/web"), *package.glob("domains/*/doors/web"))
    folders = (package / "site", package / "web", package / "api", package / "accounts/doors", *rooms)
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def said_in_templates(package: Path) -> set[str]:
    found: set[str] = set()
    for path in templates(package):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(rf"{{%\s*(?:say|dated)\s+{DOUBLE}", text))
    return found


def said_in_code(package: Path) -> set[str]:
    """Calls of say(), and the tables of words (in capitals) whose values are said."""
    found: set[str] = set()
    for path in page_code(package):
        text = path.read_text(encoding="utf-8")
        for match in re.findall(rf"\bsay\(\s*((?:{DOUBLE}\s*)+)", text):
            found.add("".join(re.findall(DOUBLE, match[0])))
        for template in re.findall(r"(?:Error|ConflictError)\.of\(\s*((?:.|\n)*?)\n\s*\)", text):
            head = re.split(r"\b(?!expected|do)\w+=(?!=)", template)[0]
            found |= {t for t in re.findall(DOUBLE, head) if not re.fullmatch(r"\{\w+\}", t)}
    return found


def words_of_tables() -> set[str]:
    from foretrack.site import navigation
    from foretrack.site.pages import (
        alerts,
        duplicates,
        history,
        imports,
        packs,
        profile,
        search,
        targets,
    )
    from foretrack.site.panels import PANELS
    from foretrack.site.rooms import ROOMS
    from foretrack.web import failures, values

    parts = (*PANELS, *(part for room in ROOMS for part in (*room.PANELS, *room.FRONT)))
    places = {place.address: place.text for place in (*navigation.PLACES, *navigation.MORE)}
    tables: tuple[Mapping[Any, str], ...] = (
        failures.TITLES, history.ACTS, packs.PARTS, packs.STANDING_WORDS,
        packs.MECHANISM_WORDS, profile.ROLE_WORDS, profile.SCOPE_WORDS, values.CONFIDENCE,
        places, {part.name: part.title for part in parts},
        search.ORDERS, search.UNITS, search.FACETS, search.WAYS, search.LANGUAGE_WORDS,
        search.NOTES, alerts.STATUS_WORDS, imports.ACTS, imports.CIRCLES,
        targets.STANDINGS, targets.RATINGS, duplicates.JUDGED, duplicates.SIGNS, duplicates.LEVELS,
    )  # fmt: skip
    return {word for table in (*tables, *tables_of_pages()) for word in table.values() if word}


def tables_of_pages() -> list[Words]:
    """Every table that a page module declares as `Words`."""
    import foretrack

    home = Path(foretrack.__file__).parent
    modules = [
        importlib.import_module(  # noqa: TID251 - looks at what pages declare
            ".".join(("foretrack", *path.relative_to(home).with_suffix("").parts))
        )
        for path in page_code(home)
        if path.name != "__init__.py"
    ]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Words)]


@pytest.fixture(scope="module")
def chinese(package: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in package.rglob("locale/zh.po"):
        found |= {m: t for m, t in read_po(path.read_text(encoding="utf-8")).items() if t}
    return found


def test_every_sentence_of_a_page_is_spoken_in_chinese(package: Path, chinese: dict[str, str]) -> None:
    wanted = said_in_templates(package) | said_in_code(package) | words_of_tables()
    assert len(wanted) > 150

    assert sorted(sentence for sentence in wanted if not chinese.get(sentence)) == []


def test_the_catalogue_of_the_site_holds_nothing_that_no_page_says(package: Path) -> None:
    wanted = said_in_templates(package) | said_in_code(package) | words_of_tables()
    helps = (package / "site/doors/commands").rglob("*.py")
    wanted |= {
        text for path in helps for text in re.findall(DOUBLE, path.read_text(encoding="utf-8"))
    } | {line.strip(' "') for path in (package / "site/doors/commands").rglob("*.py")
         for line in path.read_text(encoding="utf-8").splitlines()}  # fmt: skip
    own = read_po((package / "site/locale/zh.po").read_text(encoding="utf-8"))

    assert sorted(set(own) - wanted) == []


class Texts(HTMLParser):
    """Collects what stands between the tags and in the attributes that people hear or read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            value or "" for name, value in attrs if name in ("title", "aria-label", "placeholder", "alt")
        ]


NO_SENTENCE = {
    "Foretrack",
    "",
    "CSV",
    "SVG",
    "PNG",
    "Excel",
    "JSON",
    "English",
    "BibTeX",
    "CSL JSON",
    "JSON LD",
}
"""Names are the same in every language."""


def test_no_template_says_a_word_past_the_catalogue(package: Path) -> None:
    strangers = []
    for path in templates(package):
        text = path.read_text(encoding="utf-8")
        # An element whose name is chosen by the template is some element; what else the template does is no text.
        text = re.sub(r"<(/?){%.*?%}(?=>| class)", r"<\1i", text)
        text = re.sub(r"{% block main_class %}.*?{% endblock %}", "", text)
        bare = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
        texts = Texts()
        texts.feed(bare)
        for text in texts.found:
            words = " ".join(re.findall(r"[A-Za-z]{2,}", text))
            if words not in NO_SENTENCE:
                strangers.append(f"{path.name}: {words}")

    assert strangers == []


def test_no_template_holds_a_script_or_a_style(package: Path) -> None:
    """The content-security policy would refuse them, and stored text could reach them."""
    bad = [
        f"{path.name}: {found}"
        for path in templates(package)
        for found in re.findall(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|\|safe\b|{%\s*autoescape off",
            path.read_text(encoding="utf-8"),
        )
    ]

    assert bad == []

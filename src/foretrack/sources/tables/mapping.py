"""Which column is which field: what the user said, else what the column is called in five languages."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources

from foretrack.foundation.errors import InputError
from foretrack.records.document import Document
from foretrack.sources.kit.connector import ParseOptions

PIECES = ("year", "month", "cpc", "ipc", "ics", "clc", "pmid", "arxiv", "isbn", "issn", "committee")
"""Names that a user may map beside the fields of `Document`: parts of a date, class codes, identifiers."""
TRANSLATED = ("title", "abstract", "keywords")
_FIELDS = frozenset(Document.__slots__) | frozenset(PIECES)
_SIGNS = {
    "patent": ("cpc", "ipc", "family", "filed", "granted"),
    "standard": ("ics", "committee"),
    "project": ("funding",),
}
_PATENT_NUMBERS = frozenset(
    {"publication number", "patent number", "公开号", "公开 公告 号", "公开公告号", "专利号"}
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Field (or piece, or `title@zh`) -> the columns that may hold it, the best one first."""

    of: Mapping[str, tuple[str, ...]]

    def __contains__(self, field: str) -> bool:
        return bool(self.of.get(field))

    @property
    def needed(self) -> list[str]:
        """All columns that are read."""
        return list(dict.fromkeys(column for columns in self.of.values() for column in columns))

    @property
    def kind(self) -> str:
        """The kind of document that the columns speak for: class codes, funding, ... else paper."""
        for kind, signs in _SIGNS.items():
            if any(sign in self for sign in signs):
                return kind
        identifiers = {plain(column) for column in self.of.get("source_id", ())}
        return "patent" if identifiers & _PATENT_NUMBERS else "paper"


def plain(name: object) -> str:
    """A column name as it is compared: lower case, full-width forms folded, punctuation as one space.

    >>> plain("Publication_Year"), plain("公开（公告）日"), plain("Author(s)"), plain("abstractNote")
    ('publication year', '公开 公告 日', 'author s', 'abstractnote')
    """
    text = unicodedata.normalize("NFKC", str(name)).casefold()
    return re.sub(r"[\s_\-./:()\[\]{}'’,;#*\ufeff]+", " ", text).strip()


@functools.cache
def known_names() -> Mapping[str, tuple[str, ...]]:
    """Field -> the plain column names that mean it, the best one first."""
    text = resources.files(__package__).joinpath("columns.csv").read_text(encoding="utf-8")
    return {
        row["field"]: tuple(dict.fromkeys(plain(name) for name in row["names"].split("|")))
        for row in csv.DictReader(text.splitlines())
    }


def guessed(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Field -> columns for all column names that are known.

    >>> guessed(["Titel", "Jahr", "x"])
    {'title': ('Titel',), 'year': ('Jahr',)}
    """
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain(name), name)
    found = {
        field: tuple(by_plain[known] for known in meanings if known in by_plain)
        for field, meanings in known_names().items()
    }
    return {field: columns for field, columns in found.items() if columns}


def is_enough(found: Mapping[str, Sequence[str]]) -> bool:
    """True when there is a title and a date."""
    has_title = any(found.get(field) for field in ("title", "title@en", "title@zh"))
    return has_title and any(found.get(field) for field in ("published", "year", "granted"))


def resolve(names: Sequence[str], options: ParseOptions, *, file_name: str) -> Columns:
    """The columns of a table's fields: the mapping's, and for fields it does not name the guessed ones.

    A field mapped to nothing (`--map abstract=`) is left out. InputError, with the columns that there
    are, for an unknown field or column, and when no title or no date is found.
    """
    mapped = _mapped(names, options.mapping, file_name)
    taken = {column for columns in mapped.values() for column in columns}
    found = {
        field: columns
        for field, all_of in guessed(name for name in names if name not in taken).items()
        if field not in mapped and (columns := all_of) and not _overruled(field, mapped)
    }
    found.update({field: columns for field, columns in mapped.items() if columns})
    if "published" not in found and "year" not in found and "granted" in found:
        # A grant is published on its day.
        found["published"] = found["granted"]
    if not is_enough(found):
        missing = [
            word
            for word, fields in (
                ("title", ("title", "title@en", "title@zh")),
                ("year", ("published", "year")),
            )
            if not any(found.get(field) for field in fields)
        ]
        raise InputError(
            f"{file_name}: no {' and no '.join(missing)} column among {_listed(names)}",
            expected="a column with the title and one with the year or date",
            do="say which columns they are: " + " ".join(f"--map {word}=COLUMN" for word in missing),
        )
    return Columns(found)


def _overruled(field: str, mapped: Mapping[str, object]) -> bool:
    """A mapped date or title silences the guesses for its other spellings."""
    if field in ("published", "year", "month"):
        return "published" in mapped or "year" in mapped
    return field.partition("@")[0] in mapped and "@" in field


def _mapped(names: Sequence[str], mapping: Mapping[str, str], file_name: str) -> dict[str, tuple[str, ...]]:
    by_plain = {plain(name): name for name in reversed(names)}
    found: dict[str, tuple[str, ...]] = {}
    for given, wanted in mapping.items():
        field = re.sub(r"_(zh|en)$", r"@\1", given)
        if field not in _FIELDS and field.partition("@")[0] not in TRANSLATED:
            near = get_close_matches(field, _FIELDS, n=1)
            raise InputError(
                f"--map {field}={wanted}: no field is called {field!r}",
                expected=f"one of {', '.join(sorted(_FIELDS))}",
                do=f"write --map {near[0]}={wanted}" if near else "correct the field",
            )
        if not wanted:
            found[field] = ()
            continue
        column = wanted if wanted in names else by_plain.get(plain(wanted))
        if column is None:
            near = get_close_matches(wanted, names, n=1)
            raise InputError(
                f"{file_name}: no column is called {wanted!r}",
                expected=f"one of {_listed(names)}",
                do=f"write --map {field}={near[0]}" if near else "correct --map",
            )
        found[field] = (column,)
    return found


def _listed(names: Sequence[str]) -> str:
    shown = [repr(str(name)[:60]) for name in names if str(name).strip()]
    more = f" and {len(shown) - 40} more" if len(shown) > 40 else ""
    return ", ".join(shown[:40]) + more if shown else "no columns"

"""A row of any table, its values text or lists or numbers, as a document."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from foretrack.records.document import KINDS, Parsed, Rejected
from foretrack.sources.kit.building import (
    BadValue,
    as_date,
    as_doi,
    is_chinese,
    language_by_script,
    language_tag,
    reject,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.cleaning import clean_text, is_placeholder
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.jsonstream import load
from foretrack.sources.kit.patents import class_codes, read_publication
from foretrack.sources.kit.retraction import status_of
from foretrack.sources.tables.mapping import TRANSLATED, Columns, plain

_GLOBAL = re.compile(r"[a-z][a-z0-9.+-]*:\S+|[A-Z]{2}\s?[\d/ -]{5,}.*|.*[A-Za-z].*\d.*|\S{16,}", re.DOTALL)
_PATENT = re.compile(r"[A-Z]{2}[ -]?[DPRE]{0,2}[\d/, -]{5,20}[A-Z]?\d?$")
_AS_THEY_ARE = ("doi", "cited_by", "filed", "granted", "funding", "updated")
_TEXTS_OF_ONE = ("subtype", "venue", "publisher", "currency", "funder", "url", "licence")
_ID_PREFIXES = ("pmid", "arxiv", "isbn")
_NAME_KEYS = ("name", "display_name", "full_name", "title", "value", "text", "label", "term")


class RowReader:
    """Turns rows (column -> value) into documents under one set of columns."""

    def __init__(self, columns: Columns, options: ParseOptions, file_name: str) -> None:
        self._columns = columns
        self._options = options
        self._stem = PurePosixPath(file_name).name.split(".")[0]
        self._has_classes = any(f in columns for f in ("cpc", "ipc", "ics", "clc", "classes"))
        self._variants = [
            (field, tag) for field in TRANSLATED for tag in ("zh", "en") if f"{field}@{tag}" in columns
        ]
        self._kind = options.kind or columns.kind
        self._fields = tuple(columns.of.items())
        self._as_they_are = tuple(f for f in _AS_THEY_ARE if f in columns)
        self._texts_of_one = tuple(f for f in _TEXTS_OF_ONE if f in columns)
        self._has_ids = any(prefix in columns for prefix in _ID_PREFIXES)

    def document(self, position: str, row: Mapping[str, Any]) -> Parsed | Rejected:
        """The document of one row, or the row rejected."""
        try:
            return self._document(position, row)
        except BadValue as error:
            return reject(position, str(error), self._excerpt(row))

    def _document(self, position: str, row: Mapping[str, Any]) -> Parsed | Rejected:
        values: dict[str, Any] = {}
        for field, columns in self._fields:
            for column in columns:
                value = _there(row.get(column))
                if value is not None:
                    values[field] = value
                    break
        one = values.get
        # Most tables have a few of the fields, and this runs for every row: what is missing is not handed on.
        fields: dict[str, Any] = {name: values[name] for name in self._as_they_are if name in values}
        fields.update({name: _text(values[name]) for name in self._texts_of_one if name in values})
        language, texts = self._texts(one)
        other = {"zh": "en", "en": "zh"}.get(language or "", "")
        fields["title"] = texts["title", language]
        fields["abstract"] = texts["abstract", language]
        if (keywords := texts["keywords", language]) is not None:
            fields["keywords"] = parts_of(keywords, commas=True)
        if other and self._variants:
            fields["alt_language"] = other
            fields["alt_title"] = texts.get(("title", other))
            fields["alt_abstract"] = texts.get(("abstract", other))
            fields["alt_keywords"] = parts_of(texts.get(("keywords", other)), commas=True)
        if "countries" in values:
            fields["countries"] = parts_of(values["countries"], commas=True)
        if "authors" in values:
            fields["authors"] = names_of(values["authors"])
        if "organisations" in values or "committee" in values:
            fields["organisations"] = (*parts_of(one("organisations")), *parts_of(one("committee")))
        if "references" in values:
            fields["references"] = references_of(values["references"])
        if "cited_by_year" in values:
            fields["cited_by_year"] = _by_year(values["cited_by_year"])
        title = fields["title"]
        said = _status(values["status"]) if "status" in values else "active"
        return try_document(
            position,
            raw=lambda: self._excerpt(row),
            kind=self._kind_of(one("kind")),
            source=self._options.source or "file",
            source_id=self._source_id(one("source_id")),
            published=self._published(row),
            language=language,
            family=self._family(one("family")),
            ids=self._ids(one),
            classes=self._classes(one),
            status=status_of(title) if said == "active" and isinstance(title, str) else said,
            **fields,
        )

    def _texts(self, one: Any) -> tuple[str | None, dict[tuple[str, str | None], Any]]:
        """(main language, {(field, language): value}): columns such as `abstract_zh` sorted by language."""
        if not self._variants:
            return self._plain_texts(one)
        variants = {(name, tag): one(f"{name}@{tag}") for name, tag in self._variants}
        title = one("title")
        tag = self._options.language or language_tag(one("language"))
        if tag is None and title is None:
            tag = next((t for t in ("zh", "en") if variants.get(("title", t)) is not None), None)
        has_variants = any(value is not None for value in variants.values())
        if tag is None and isinstance(title, str) and (has_variants or is_chinese(title)):
            tag = {"zh": "zh", "latin": "en"}.get(language_by_script(title) or "")
        texts: dict[tuple[str, str | None], Any] = {}
        for field in TRANSLATED:
            main = one(field)
            chosen = main if main is not None else variants.get((field, tag or ""))
            if chosen is None and tag is None:
                chosen = variants.get((field, "en"), variants.get((field, "zh")))
            texts[field, tag] = chosen
            other = {"zh": "en", "en": "zh"}.get(tag or "")
            if other:
                texts[field, other] = variants.get((field, other))
        return tag, texts

    def _plain_texts(self, one: Any) -> tuple[str | None, dict[tuple[str, str | None], Any]]:
        """`_texts` of a table whose columns do not say their language."""
        title = one("title")
        tag = self._options.language or language_tag(one("language"))
        if tag is None and isinstance(title, str) and not title.isascii() and is_chinese(title):
            tag = "zh"
        return tag, {(field, tag): one(field) for field in TRANSLATED}

    def _published(self, row: Mapping[str, Any]) -> Any:
        """The best date that can be read; the first one that is there, for its reason, if none can."""
        seen: list[Any] = []
        year_columns = self._columns.of.get("year", ())
        for column in (*self._columns.of.get("published", ()), *year_columns):
            value = _there(row.get(column))
            if value is None:
                continue
            seen.append(value)
            try:
                date = as_date(value)
            except BadValue:
                continue
            month = next((_there(row.get(c)) for c in self._columns.of.get("month", ())), None)
            if column in year_columns and month is not None and len(date) == 4:
                try:
                    return as_date(
                        f"{date} {month}" if not str(month)[:2].strip().isdecimal() else (date, month)
                    )
                except BadValue:
                    return date
            return date
        return seen[0] if seen else None

    def _kind_of(self, said: Any) -> str:
        text = (_text(said) or "").lower()
        return text if text in KINDS and self._options.kind is None else self._kind

    def _source_id(self, value: Any) -> str:
        """The row's own identifier. A bare number means nothing outside its file, so the file's name goes
        before it, unless the user named the source."""
        text = clean_text(value) or ""
        if not text:
            return ""
        publication = read_publication(text) if self._kind == "patent" else None
        if publication:
            return publication[1]
        if self._options.source or _GLOBAL.fullmatch(text):
            return text
        return f"{self._stem}:{text}"

    def _family(self, value: Any) -> str | None:
        text = clean_text(value)
        if text is None or len(text) > 100:
            return None
        return text if ":" in text else f"docdb:{text}" if text.isdecimal() else f"family:{text}"

    def _ids(self, one: Any) -> tuple[str, ...]:
        found: list[str] = []
        if not self._has_ids:
            return ()
        for prefix in _ID_PREFIXES:
            given = one(prefix)
            parts = () if given is None else parts_of(given, commas=True)
            found += [f"{prefix}:{part}" for part in parts if ":" not in part]
        return unique(found)

    def _classes(self, one: Any) -> list[str]:
        found: list[str] = []
        if not self._has_classes:
            return found
        for scheme in ("cpc", "ipc"):
            found += class_codes(scheme, parts_of(one(scheme), commas=True))
        for scheme in ("ics", "clc"):
            found += [f"{scheme}:{code}" for code in parts_of(one(scheme), commas=True)]
        return [*found, *parts_of(one("classes"))]

    def _excerpt(self, row: Mapping[str, Any]) -> str:
        shown = (row.get(column) for column in self._columns.needed)
        return " | ".join(str(value)[:80] for value in shown if _there(value) is not None)


def _there(value: Any) -> Any:
    """The value, or None for what tables write where there is nothing."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, str):
        text = value.strip()
        return None if not text or is_placeholder(text) else text
    return None if isinstance(value, list | tuple | dict) and not value else value


def _text(value: Any) -> str | None:
    """One text: of a list its parts, joined."""
    if isinstance(value, list | tuple | dict):
        return "; ".join(parts_of(value)) or None
    return clean_text(value)


def listed(value: Any) -> list[Any] | None:
    """The list that a value is or, as text, spells (JSON or Python notation); None if it is none.

    >>> listed('["a", "b"]'), listed("['a', 'b']"), listed("a; b")
    (['a', 'b'], ['a', 'b'], None)
    """
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str) or not value.startswith("[") or not value.endswith("]"):
        return None
    try:
        found = load(value)
    except ValueError:
        try:
            found = ast.literal_eval(value) if len(value) < 100_000 else None
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return found if isinstance(found, list) else None


def parts_of(value: Any, *, commas: bool = False) -> tuple[str, ...]:
    """The parts of a list cell: a list, JSON or Python notation, or text parted by `;`, `|`, `；` or, with
    `commas` and in the absence of these, by `,`, `，` and `、`.

    >>> parts_of("a; b"), parts_of("a, b", commas=True), parts_of([{"name": "X"}, "Y"]), parts_of("A;;B")
    (('a', 'b'), ('a', 'b'), ('X', 'Y'), ('A', 'B'))
    """
    if value is None:
        return ()
    entries = listed(value)
    if entries is not None:
        if all(isinstance(entry, str) for entry in entries):
            return split_list(entries)
        return unique(clean_text(_entry(entry)) for entry in entries)
    if isinstance(value, dict):
        return unique((clean_text(_entry(value)),))
    text = value if isinstance(value, str) else clean_text(value) or ""
    if re.search(r"[;|；\n]", re.sub(r"&\w+;", "", text)):
        return split_list(text, ";|；\n")
    return split_list(text, ",，、" if commas else "；")


def names_of(value: Any) -> list[str]:
    """Persons of a cell. Commas part them only where no part is a lone surname or initial.

    >>> names_of("Ada One, Ben Two"), names_of("One, A.; Two, B."), names_of("One, A.")
    (['Ada One', 'Ben Two'], ['One, A.', 'Two, B.'], ['One, A.'])
    """
    if isinstance(value, str) and listed(value) is None:
        if re.search(r"[;|；\n]", re.sub(r"&\w+;", "", value)):
            return [part.strip() for part in re.split(r"[;|；\n]", value) if part.strip()]
        if " and " in value:
            return [part.strip(" ,") for part in re.split(r"\s+and\s+", value) if part.strip(" ,")]
        parts = [part.strip() for part in re.split("[,，、]", value) if part.strip()]
        alone = all(" " in part or is_chinese(part) for part in parts)
        return parts if len(parts) > 1 and alone else [value]
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return list(dict.fromkeys(value))
    return list(parts_of(value))


def _entry(entry: Any) -> Any:
    """The name in an entry of a list of objects."""
    if not isinstance(entry, dict):
        return entry
    if entry.get("cpc_class") and entry.get("cpc_subclass"):
        return f"{entry['cpc_class']}{entry['cpc_subclass']}"
    if entry.get("given") and entry.get("family"):
        return f"{entry['family']}, {entry['given']}"
    return next((entry[key] for key in _NAME_KEYS if isinstance(entry.get(key), str)), None)


def references_of(value: Any) -> list[str]:
    """The identifiers among the references of a cell, with prefix; free text is no identifier.

    >>> references_of("10.1000/A; US1234567B2; openalex:W12; Smith 1999")
    ['doi:10.1000/a', 'patent:US1234567B2', 'openalex:W12']
    """
    found = []
    for part in parts_of(value, commas=False):
        publication = read_publication(part) if _PATENT.match(part) else None
        if re.fullmatch(r"(?:doi|openalex|pmid|arxiv|patent|isbn|lens):\S+", part):
            found.append(part)
        elif doi := as_doi(part):
            found.append(f"doi:{doi}")
        elif match := re.search(r"openalex\.org/(W\d+)$", part):
            found.append(f"openalex:{match.group(1)}")
        elif publication:
            found.append(f"patent:{publication[1]}")
    return found


def _by_year(value: Any) -> list[tuple[Any, Any]]:
    """[(year, count)] of a list of objects or pairs, or of an object year -> count."""
    if isinstance(value, str):
        try:
            value = load(value)
        except ValueError:
            return []
    if isinstance(value, dict):
        return list(value.items())
    found = []
    for entry in value if isinstance(value, list | tuple) else ():
        if isinstance(entry, dict):
            found.append((entry.get("year"), entry.get("cited_by_count", entry.get("count"))))
        elif isinstance(entry, list | tuple) and len(entry) == 2:
            found.append((entry[0], entry[1]))
    return found


def _status(value: Any) -> str:
    said = plain(value) if value is not None else ""
    if said in ("true", "1", "yes", "retracted", "y", "ja", "oui", "sí", "是"):
        return "retracted"
    return "withdrawn" if said == "withdrawn" else "active"

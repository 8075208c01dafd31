"""Finds the bibliographic items of Relaton files and turns each into a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from foretrack.foundation.errors import InputError, SourceError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import reject, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.relaton.bibitem import NotPublished, item_fields
from foretrack.sources.relaton.yamlitems import Lines, items

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_IDENTIFIER = re.compile(r"^[ \t]*(?:- +)?(?:docid|docidentifier):", re.MULTILINE)
_TITLE = re.compile(r"^[ \t]*(?:- +)?title:", re.MULTILINE)
_INDEX = re.compile(r"^- +:?id:.*\n(?:[ \t]+.*\n)*?[ \t]+:?file: *\S+\.ya?ml\s*$", re.MULTILINE)


def detect(sample: Sample) -> float:
    """.95 for YAML with Relaton's identifiers and titles, .9 for an index, so that its error can say so."""
    text = (sample.text or "").lstrip("\ufeff \t\n")
    if not text or (text[0] in "{[<@%" and not text.startswith("%YAML")):
        return 0.0
    if _IDENTIFIER.search(text) and _TITLE.search(text):
        return 0.95
    return 0.9 if _INDEX.search(text) else 0.0


def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every item of the file: single items, `---` between them, lists, and collections with `items`.

    A single item that is no YAML is rejected and the next one read; where a list breaks off, SourceError
    is raised after the items before. InputError for an index, which names files and has no titles.
    """
    lines = Lines(file)
    number = 0
    while lines.next_document():
        inside = 0
        try:
            for line, value in items(lines):
                number += 1
                inside += 1
                if number == 1:
                    _refuse_index(file.name, value)
                yield _parsed(f"record {number} (line {line})", value)
        except ValueError as error:
            if inside:
                raise SourceError(
                    f"{file.name}: {_readable(error)}",
                    expected="YAML to the end of the collection",
                    do="look at that line, or download the file again",
                ) from error
            number += 1
            yield reject(f"record {number} (line {lines.begins})", _readable(error))
        lines.skip_document()


def _readable(error: ValueError) -> str:
    if isinstance(error, UnicodeError):
        return "bytes that are no text in the file's encoding"
    return str(error)


def _refuse_index(name: str, value: Any) -> None:
    if isinstance(value, dict) and {key.lstrip(":") for key in value} == {"id", "file"}:
        raise InputError(
            f"{name} is an index: it names files, and has no titles",
            expected="the YAML files of the items",
            do="ingest the folder data/ of the same Relaton repository",
        )


def _parsed(position: str, value: Any) -> Parsed | Rejected:
    if isinstance(value, dict) and isinstance(value.get("bibitem"), dict):
        value = value["bibitem"]
    if not isinstance(value, dict):
        return reject(
            position, f"a YAML {type(value).__name__}. Expected: an item with title and docid", value
        )
    try:
        fields = item_fields(value)
    except NotPublished as error:
        return reject(position, str(error), value)
    return try_document(position, raw=value, source="relaton", **fields)

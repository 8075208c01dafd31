"""BibTeX and BibLaTeX files of any source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from foretrack.foundation.errors import InputError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.bibtex.documents import document
from foretrack.sources.bibtex.reading import entries
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile

_ENTRY = re.compile(r"^\s{0,8}@\s*([A-Za-z]+)\s*[{(]\s*[^\s,={}]*\s*,", re.MULTILINE)
_STRING = re.compile(r"^\s{0,8}@\s*(?:string|preamble|comment)\s*[{(]", re.MULTILINE | re.IGNORECASE)
_FIELD = re.compile(r"\b(?:title|author|year|date)\s*=\s*[{\"\w]", re.IGNORECASE)


def _detect(sample: Sample) -> float:
    text = sample.text or ""
    if _ENTRY.search(text) and _FIELD.search(text):
        return 0.5
    return 0.4 if _STRING.search(text) and not sample.complete else 0.0


def _parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    none = True
    for entry in entries(file.lines()):
        none = False
        yield document(entry, options)
    if none:
        raise InputError(
            f"{file.name}: no BibTeX entry found",
            expected="entries such as @article{key, title = {...}, year = {2020}}",
            do="check the file, or name its format with --format",
        )


CONNECTORS = (
    Connector(
        name="bibtex",
        title="BibTeX, any source",
        kinds=("paper", "patent", "standard"),
        licence="Unknown: each record keeps the terms of the database it was taken from.",
        detect=_detect,
        parse=_parse,
    ),
)

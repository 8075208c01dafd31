"""EndNote: XML export of a library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from foretrack.foundation.errors import InputError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.endnote.documents import document
from foretrack.sources.kit.building import BadValue, reject
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.markup import elements, raw_excerpt
from foretrack.sources.kit.opening import OpenedFile

_RECORDS = re.compile(r"<xml\b[^>]*>\s*<records\b|<records\b[^>]*>\s*<record\b")
_MARK = re.compile(r"<ref-type\b|<source-app\b[^>]*EndNote|<contributors>\s*<authors>")


def _detect(sample: Sample) -> float:
    # UTF-16 and the like are decoded in `text`; the bytes serve when that failed.
    text = sample.text or sample.head[:4096].decode("latin-1")
    return 0.95 if _RECORDS.search(text) and _MARK.search(text) else 0.0


def _parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    count = 0
    for count, (line, element) in enumerate(elements(file, ("record",)), start=1):
        position = f"record {count}, line {line}"
        try:
            yield document(element, position, options)
        except BadValue as error:
            yield reject(position, str(error), raw_excerpt(element))
    if not count:
        raise InputError(
            f"{file.name}: no EndNote record found",
            expected="<record> elements inside <records>",
            do="check the file, or name its format with --format",
        )


CONNECTORS = (
    Connector(
        name="endnote-xml",
        title="EndNote, XML",
        kinds=("paper", "patent", "standard", "policy", "news", "project"),
        licence="A personal library: each record keeps the terms of the database it was taken from.",
        detect=_detect,
        parse=_parse,
    ),
)

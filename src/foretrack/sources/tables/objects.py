"""JSON of any origin: a list of objects, objects in an answer, or one object a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.jsonstream import json_records
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.tables.mapping import guessed, is_enough, resolve
from foretrack.sources.tables.row import RowReader

_PATHS = (("results",), ("items",), ("data",), ("records",), ("documents",), ("rows",), ("message", "items"))
LOOKED_AT = 100
"""Objects whose keys together are the table's columns."""


def detect_json(sample: Sample) -> float:
    """.45 for objects with title and date keys, .32 for any JSON, else 0."""
    text = (sample.text or "").lstrip()
    if not re.match(r"[\[{]\s*[\[{\"\]}]", text):
        return 0.0
    keys = set(re.findall(r'"([^"\\]{1,80})"\s*:', text))
    return 0.45 if is_enough(guessed(keys)) else 0.32


def parse_json(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every object as a document."""
    records = json_records(file, _PATHS)
    ahead: list[tuple[str, dict[str, Any]] | Rejected] = list(islice(records, LOOKED_AT))
    names = dict.fromkeys(key for entry in ahead if not isinstance(entry, Rejected) for key in entry[1])
    if not names:
        yield from (entry for entry in chain(ahead, records) if isinstance(entry, Rejected))
        return
    reader = RowReader(resolve(list(names), options, file_name=file.name), options, file.name)
    for entry in chain(ahead, records):
        yield entry if isinstance(entry, Rejected) else reader.document(*entry)

"""RIS files of any database or reference manager."""

from __future__ import annotations

from collections.abc import Iterator

from foretrack.foundation.errors import InputError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.ris.documents import document
from foretrack.sources.ris.reading import records, tag_and_value


def _detect(sample: Sample) -> float:
    """.5 when the first tagged line is a type of reference; .4 when only other RIS fields are seen."""
    tags = [pair[0] for line in (sample.text or "").split("\n")[:400] if (pair := tag_and_value(line))]
    if not tags or len(tags) < 3:
        return 0.5 if tags[:1] == ["TY"] else 0.0
    if "TY" in tags[:3]:
        return 0.5
    return 0.4 if {"ER", "AU"} <= set(tags) and {"TI", "T1"} & set(tags) else 0.0


def _parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    none = True
    for record in records(file.lines()):
        none = False
        yield document(record, options)
    if none:
        raise InputError(
            f"{file.name}: no RIS record found",
            expected="records that begin with `TY  - ` and end with `ER  - `",
            do="check the file, or name its format with --format",
        )


CONNECTORS = (
    Connector(
        name="ris",
        title="RIS, any source",
        kinds=("paper", "patent", "standard", "policy", "news", "project"),
        licence="Unknown: each record keeps the terms of the database it was taken from.",
        detect=_detect,
        parse=_parse,
    ),
)

"""Web of Science: plain text, tab-delimited and BibTeX exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from foretrack.foundation.errors import InputError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.wos.bibtex import bibtex_records
from foretrack.sources.wos.documents import document
from foretrack.sources.wos.plain import plain_records
from foretrack.sources.wos.record import WosRecord
from foretrack.sources.wos.table import header_of, table_records

_LICENCE = "Records belong to Clarivate: use within the subscription, no redistribution of texts."

_FILE_HEAD = re.compile(r"\AFN (?:Clarivate|Thomson|ISI\b|Web of)", re.IGNORECASE)
_PLAIN = re.compile(r"^PT [JBSPC]$", re.MULTILINE)
_TAGGED = re.compile(r"^(?:AU|TI|SO|UT) \S", re.MULTILINE)
_BIB = re.compile(r"^@\w+\s*\{\s*(?:WOS|ISI|MEDLINE|CSCD|KJD|RSCI|SCIELO|BCI|CCC|INSPEC):", re.MULTILINE)
_BIB_ID = re.compile(r"^Unique-ID\s*=\s*\{+(?:WOS|ISI):", re.MULTILINE)


def _detect_plain(sample: Sample) -> float:
    text = (sample.text or "").lstrip("\ufeff\n ")
    if _PLAIN.search(text) is None or len(set(_TAGGED.findall(text))) < 2:
        return 0.0
    return 1.0 if _FILE_HEAD.match(text) else 0.9


def _detect_table(sample: Sample) -> float:
    text = (sample.text or "").lstrip("\ufeff\n ")
    return 1.0 if header_of(text.partition("\n")[0]) else 0.0


def _detect_bibtex(sample: Sample) -> float:
    text = sample.text or ""
    return 1.0 if _BIB.search(text) or _BIB_ID.search(text) else 0.0


def _parser(
    read: Callable[[Iterable[tuple[int, str]]], Iterator[WosRecord | Rejected]], expected: str
) -> Callable[[OpenedFile, ParseOptions], Iterator[Parsed | Rejected]]:
    def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
        none = True
        for record in read(file.lines()):
            none = False
            yield record if isinstance(record, Rejected) else document(record)
        if none:
            raise InputError(
                f"{file.name}: no Web of Science record found",
                expected=expected,
                do="check the file, or name its format with --format",
            )

    return parse


CONNECTORS = (
    Connector(
        name="wos-plain",
        title="Web of Science, plain text",
        kinds=("paper", "patent"),
        licence=_LICENCE,
        detect=_detect_plain,
        parse=_parser(plain_records, "records that begin with PT and end with ER"),
    ),
    Connector(
        name="wos-tab",
        title="Web of Science, tab-delimited",
        kinds=("paper", "patent"),
        licence=_LICENCE,
        detect=_detect_table,
        parse=_parser(
            table_records, "a header row of two-letter tags with TI, SO, PY and UT, and rows below it"
        ),
    ),
    Connector(
        name="wos-bibtex",
        title="Web of Science, BibTeX",
        kinds=("paper",),
        licence=_LICENCE,
        detect=_detect_bibtex,
        parse=_parser(bibtex_records, "entries such as @article{ WOS:..."),
    ),
)

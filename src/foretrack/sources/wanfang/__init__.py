"""Wanfang Data: NoteExpress and RefWorks exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from foretrack.foundation.errors import InputError
from foretrack.records.document import Kind, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.fieldmarks import MarkedRecord
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.wanfang.documents import document
from foretrack.sources.wanfang.reading import noteexpress_records, refworks_records

_LICENCE = "Records belong to Wanfang and the journals: use within the subscription, no redistribution."
_KINDS: tuple[Kind, ...] = ("paper", "patent", "standard", "news")

_NOTEEXPRESS = re.compile(r"^\ufeff?\{Reference Type\}\s*[:：]", re.MULTILINE)
_NOTEEXPRESS_MARK = re.compile(
    r"^\{Database Provider\}\s*[:：].*(?:万方|wanfang)|^\{URL\}\s*[:：].*wanfangdata",
    re.MULTILINE | re.IGNORECASE,
)
_REFWORKS = re.compile(r"^\ufeff?RT [A-Z]", re.MULTILINE)
_REFWORKS_MARK = re.compile(
    r"^D[SB] .*(?:万方|wanfang)|^(?:LK|UL) .*wanfangdata", re.MULTILINE | re.IGNORECASE
)


def _detect_noteexpress(sample: Sample) -> float:
    text = sample.text or ""
    if not _NOTEEXPRESS.search(text):
        return 0.0
    return 0.95 if _NOTEEXPRESS_MARK.search(text) else 0.4


def _detect_refworks(sample: Sample) -> float:
    text = sample.text or ""
    return 0.95 if _REFWORKS.search(text) and _REFWORKS_MARK.search(text) else 0.0


def _parser(
    read: Callable[[Iterable[tuple[int, str]]], Iterator[MarkedRecord]], expected: str
) -> Callable[[OpenedFile, ParseOptions], Iterator[Parsed | Rejected]]:
    def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
        none = True
        for record in read(file.lines()):
            none = False
            yield document(record)
        if none:
            raise InputError(
                f"{file.name}: no Wanfang record found",
                expected=expected,
                do="check the file, or name its format with --format",
            )

    return parse


CONNECTORS = (
    Connector(
        name="wanfang-noteexpress",
        title="Wanfang Data, NoteExpress",
        kinds=_KINDS,
        licence=_LICENCE,
        detect=_detect_noteexpress,
        parse=_parser(noteexpress_records, "records that begin with {Reference Type}"),
    ),
    Connector(
        name="wanfang-refworks",
        title="Wanfang Data, RefWorks",
        kinds=_KINDS,
        licence=_LICENCE,
        detect=_detect_refworks,
        parse=_parser(refworks_records, "records that begin with RT"),
    ),
)

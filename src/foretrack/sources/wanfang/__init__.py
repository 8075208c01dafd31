"""Wanfang Data: NoteExpress and RefWorks exports."""

from __future__ import annotations

import re

from foretrack.records.document import Kind
from foretrack.sources.kit.connector import Connector, Sample
from foretrack.sources.kit.fieldmarks import parser_of
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


CONNECTORS = (
    Connector(
        name="wanfang-noteexpress",
        title="Wanfang Data, NoteExpress",
        kinds=_KINDS,
        licence=_LICENCE,
        detect=_detect_noteexpress,
        parse=parser_of("Wanfang", noteexpress_records, document, "records that begin with {Reference Type}"),
    ),
    Connector(
        name="wanfang-refworks",
        title="Wanfang Data, RefWorks",
        kinds=_KINDS,
        licence=_LICENCE,
        detect=_detect_refworks,
        parse=parser_of("Wanfang", refworks_records, document, "records that begin with RT"),
    ),
)

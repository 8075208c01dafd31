"""CNKI: NoteExpress, E-Study and RefWorks exports."""

from __future__ import annotations

import re

from foretrack.records.document import Kind
from foretrack.sources.cnki.documents import document
from foretrack.sources.cnki.reading import estudy_records, noteexpress_records, refworks_records
from foretrack.sources.kit.connector import Connector, Sample
from foretrack.sources.kit.fieldmarks import parser_of

_LICENCE = "Records belong to CNKI and the journals: use within the subscription, no redistribution of texts."
_KINDS: tuple[Kind, ...] = ("paper", "patent", "standard", "news")

_NOTEEXPRESS = re.compile(r"^\ufeff?\{Reference Type\}\s*[:：]", re.MULTILINE)
_PROVIDER = re.compile(
    r"^\{Database Provider\}\s*[:：]\s*(?:CNKI|中国知网|.*知网)", re.MULTILINE | re.IGNORECASE
)
_OTHER_PROVIDER = re.compile(
    r"^\{Database Provider\}\s*[:：]\s*\S|^\{URL\}.*wanfangdata", re.MULTILINE | re.IGNORECASE
)
_ESTUDY = re.compile(r"^\ufeff?DataType\s?[:：]\s*\d", re.MULTILINE)
_ESTUDY_TITLE = re.compile(r"^Title-题名\s?[:：]", re.MULTILINE)
_REFWORKS = re.compile(r"^\ufeff?RT [A-Z]", re.MULTILINE)
_REFWORKS_TITLE = re.compile(r"^T1 \S", re.MULTILINE)
_REFWORKS_MARK = re.compile(r"^DS (?:CNKI|.*知网)|^(?:LK|UL) \S*cnki\.", re.MULTILINE | re.IGNORECASE)
_REFWORKS_OTHER = re.compile(r"^DS \S|^(?:LK|UL) \S*wanfangdata", re.MULTILINE | re.IGNORECASE)


def _detect_noteexpress(sample: Sample) -> float:
    text = sample.text or ""
    if not _NOTEEXPRESS.search(text):
        return 0.0
    if _PROVIDER.search(text):
        return 0.95
    return 0.45 if _OTHER_PROVIDER.search(text) else 0.6


def _detect_estudy(sample: Sample) -> float:
    text = sample.text or ""
    return 0.95 if _ESTUDY.search(text) and _ESTUDY_TITLE.search(text) else 0.0


def _detect_refworks(sample: Sample) -> float:
    text = sample.text or ""
    if not (_REFWORKS.search(text) and _REFWORKS_TITLE.search(text)):
        return 0.0
    if _REFWORKS_MARK.search(text):
        return 0.95
    return 0.45 if _REFWORKS_OTHER.search(text) else 0.6


CONNECTORS = (
    Connector(
        name="cnki-noteexpress",
        title="CNKI, NoteExpress",
        kinds=_KINDS,
        licence=_LICENCE,
        detect=_detect_noteexpress,
        parse=parser_of("CNKI", noteexpress_records, document, "records that begin with {Reference Type}"),
    ),
    Connector(
        name="cnki-estudy",
        title="CNKI, E-Study",
        kinds=_KINDS,
        licence=_LICENCE,
        detect=_detect_estudy,
        parse=parser_of("CNKI", estudy_records, document, "records that begin with DataType"),
    ),
    Connector(
        name="cnki-refworks",
        title="CNKI, RefWorks",
        kinds=_KINDS,
        licence=_LICENCE,
        detect=_detect_refworks,
        parse=parser_of("CNKI", refworks_records, document, "records that begin with RT"),
    ),
)

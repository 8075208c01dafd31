"""Finds the patents of a USPTO file and turns each into a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import reject, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.markup import local_name
from foretrack.sources.uspto.earlyapplications import early_application_fields
from foretrack.sources.uspto.fragments import parse_xml
from foretrack.sources.uspto.redbook import redbook_fields
from foretrack.sources.uspto.splitting import Piece, pieces
from foretrack.sources.uspto.version4 import version4_fields

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_ATTACHMENTS = {"sequence-cwu": "a sequence listing that belongs to a patent, no document of its own"}


_ROOTS = ("<us-patent-grant", "<us-patent-application", "<patent-application-publication")


def detect(sample: Sample) -> float:
    """1 for the root elements that only the USPTO uses, else 0."""
    if sample.text is None or "<" not in sample.text[:2000]:
        return 0.0
    if any(root in sample.text for root in _ROOTS):
        return 1.0
    return 0.95 if "<PATDOC" in sample.text or "<sequence-cwu" in sample.text else 0.0


def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every patent of the file; documents that are broken or cut off are rejected, the others kept."""
    for piece in pieces(file.chunks()):
        yield _parsed(piece)


def _parsed(piece: Piece) -> Parsed | Rejected:
    if piece.data is None:
        return reject(piece.position, "longer than 256 MB. Expected: one patent; a file is perhaps damaged")
    raw = piece.data[:2000].decode("utf-8", "replace")
    try:
        root = parse_xml(piece.data.strip())
        fields = _fields(root)
    except ValueError as error:
        return reject(piece.position, str(error), raw)
    return try_document(piece.position, raw=raw, source="uspto", kind="patent", venue="USPTO", **fields)


def _fields(root: etree._Element) -> dict[str, Any]:
    name = local_name(root)
    if name in ("us-patent-grant", "us-patent-application"):
        return version4_fields(root)
    if name == "PATDOC":
        return redbook_fields(root)
    if name == "patent-application-publication":
        return early_application_fields(root)
    raise ValueError(_ATTACHMENTS.get(name, f"root element <{name}>. Expected: us-patent-grant or PATDOC"))

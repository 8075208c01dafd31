"""What a document says after one more record of it. Pure; the rules in prose: docs/guide/corpus.md."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Literal, TypeAlias

from foretrack.corpus.columns import Provenance, StoredDocument
from foretrack.corpus.identity import dois, families, is_preprint_doi
from foretrack.records.document import Document

Effect: TypeAlias = Literal["revised", "filled", "stale", "same"]
"""`revised`: a newer version of a record that was here; `filled`: another record of the document, whether or
not it added something; `stale`: an older version of a record that was here; `same`: nothing new at all."""

_OWN = frozenset({"kind", "source", "source_id", "status", "doi", "ids", "published"})
_FILLED = tuple(f.name for f in fields(Document) if f.name not in _OWN)
_TEXT_IN_ANOTHER_LANGUAGE = (
    ("alt_language", "language"),
    ("alt_title", "title"),
    ("alt_abstract", "abstract"),
    ("alt_keywords", "keywords"),
)
LONGER = 1.2
"""Another source's abstract replaces ours if it is this many times as long: ours was cut."""


def merge(stored: StoredDocument, incoming: Document, origin: Provenance) -> tuple[StoredDocument, Effect]:
    """The document with one more record, and what that record did to it.

    The revision is counted up once a caller decides to write it, not here.
    """
    at = next((i for i, p in enumerate(stored.provenance) if _same_record(p, origin)), None)
    if at is None:
        document = _filled(stored.document, incoming)
        return replace(stored, document=document, provenance=(*stored.provenance, origin)), "filled"
    ours = stored.document
    if (ours.source, ours.source_id) != (incoming.source, incoming.source_id):
        document, effect = _filled(ours, incoming), "revised"
    elif _is_older(incoming.updated, ours.updated):
        return stored, "stale"
    else:
        document, effect = _revised(ours, incoming, alone=len(stored.provenance) == 1), "revised"
    provenance = (*stored.provenance[:at], origin, *stored.provenance[at + 1 :])
    return replace(stored, document=document, provenance=provenance), effect  # type: ignore[return-value]


def unite(first: StoredDocument, second: StoredDocument) -> StoredDocument:
    """Two documents that a third record shows to be one; `first` is what the other only completes."""
    known = {(p.source, p.source_id, p.sha256, p.position) for p in first.provenance}
    more = [p for p in second.provenance if (p.source, p.source_id, p.sha256, p.position) not in known]
    return replace(
        first,
        revision=max(first.revision, second.revision),
        document=_filled(first.document, second.document),
        provenance=(*first.provenance, *more),
    )


def _same_record(a: Provenance, b: Provenance) -> bool:
    """One record at two times. Without a number it takes two files: in one it is a repetition."""
    if (a.source, a.source_id) != (b.source, b.source_id):
        return False
    return bool(a.source_id) or a.sha256 != b.sha256


def _is_older(incoming: str | None, stored: str | None) -> bool:
    """True if both dates are known and the incoming one is the earlier, at the precision that both have.

    >>> _is_older("2019-12-31", "2020"), _is_older("2020-01", "2020-01-05"), _is_older(None, "2020")
    (True, False, False)
    """
    if not incoming or not stored:
        return False
    precision = min(len(incoming), len(stored))
    return incoming[:precision] < stored[:precision]


def _revised(ours: Document, newer: Document, *, alone: bool) -> Document:
    """`newer` where it says something, `ours` where it is silent."""
    values: dict[str, Any] = {
        f.name: getattr(ours, f.name)
        for f in fields(Document)
        if getattr(newer, f.name) is None or getattr(newer, f.name) == ()
    }
    # A single source may take its own retraction mark back; once another source is part of it, we cannot
    # know whose mark it is, and the mark stays.
    if not alone:
        values["status"] = _status(ours, newer)
    values["doi"], values["ids"] = _identifiers(newer, ours)
    return replace(newer, **values)


def _filled(ours: Document, other: Document) -> Document:
    """`ours`, with what only `other` says."""
    values: dict[str, Any] = {}
    if _languages_differ(ours, other):
        if not ours.alt_title and not ours.alt_abstract:
            values |= {to: getattr(other, name) for to, name in _TEXT_IN_ANOTHER_LANGUAGE}
        missing = [n for n in _FILLED if n not in {"abstract", "keywords", "language", "title"}]
    else:
        missing = list(_FILLED)
        if ours.abstract and other.abstract and len(other.abstract) > LONGER * len(ours.abstract):
            values["abstract"] = other.abstract
    for name in missing:
        if name not in values and getattr(ours, name) in (None, ()):
            values[name] = getattr(other, name)
    values["status"] = _status(ours, other)
    values["published"] = _published(ours, other)
    values["doi"], values["ids"] = _identifiers(ours, other)
    return replace(ours, **values)


def _languages_differ(ours: Document, other: Document) -> bool:
    return bool(ours.language and other.language and ours.language != other.language)


def _status(ours: Document, other: Document) -> str:
    return ours.status if ours.status != "active" else other.status


def _published(ours: Document, other: Document) -> str:
    """The earlier date for members of a family and versions of a text; else ours, made more precise."""
    versions = ours.kind == "patent" or _is_preprint(ours) != _is_preprint(other)
    if versions and other.published[:4] != ours.published[:4]:
        return min(ours.published, other.published)
    return other.published if other.published.startswith(ours.published) else ours.published


def _is_preprint(document: Document) -> bool:
    return document.subtype == "preprint" or bool(document.doi and is_preprint_doi(document.doi))


def _identifiers(ours: Document, other: Document) -> tuple[str | None, tuple[str, ...]]:
    """The DOI to show, a publisher's before a preprint's, and all other identifiers."""
    all_dois = list(dict.fromkeys([*dois(ours), *dois(other)]))
    best = next((d for d in all_dois if not is_preprint_doi(d)), all_dois[0] if all_dois else None)
    plain = [i for i in (*ours.ids, *other.ids) if not i.startswith(("doi:", "family:"))]
    more = [f"doi:{d}" for d in all_dois if d != best]
    more += [f"family:{f}" for f in (*families(ours), *families(other)) if f != (ours.family or other.family)]
    return best, tuple(dict.fromkeys([*plain, *more]))

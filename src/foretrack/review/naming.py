"""What records of a call are called, and every name under which a blind reviewer could know who applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from foretrack.registry.actions.reading import records_with, title_of
from foretrack.registry.declaring.fields import Email, ExternalId, Web
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.blinding import names_of

NAMED = ("organisation", "person")
"""Kinds of record whose names identify."""


def told_titles(keys: Iterable[str], language: str) -> Mapping[str, str]:
    """Record to what it is called, told to whoever was let into a call.

    Unlike `registry.actions.links.titles_of` it hides nothing: who takes part in a call is known to whoever may ask.
    """
    return {key: title_of(record, language) for key, record in records_with(keys).items()}


def hidden_names(registry: Registry, submissions: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    """Submission to what must not be read in it: titles and other names, in both languages, of the leading organisation,
    of partners, and of the organisations and people that the submitted record points at."""
    subjects = records_with(str(one.body["subject"]) for one in submissions)
    named: dict[str, set[str]] = {}
    for one in submissions:
        body = one.body
        subject = subjects.get(str(body["subject"]))
        keys = {str(body["organisation"]), *map(str, body.get("partners") or ())}
        if subject is not None:
            keys |= {target for _, _, target in registry.kinds.get(subject.kind).points(subject.body)}
        named[one.key] = keys
    known = records_with(key for keys in named.values() for key in keys if ":" not in key)
    return {
        submission: names_of(
            text for key in sorted(keys) if (r := known.get(key)) and r.kind in NAMED for text in _texts(registry, r)
        )
        for submission, keys in named.items()
    }  # fmt: skip


def _texts(registry: Registry, record: Record) -> Iterable[str]:
    """What tells who a record is: titles, other names, identifiers, addresses, and the people who stand for it."""
    yield from (title for title in (record.title_en, record.title_zh) if title)
    for f in registry.kinds.get(record.kind).fields:
        tells = f.weight == "title" or f.name == "other_names" or f.personal
        if f.name in record.body and (tells or isinstance(f, Email | ExternalId | Web)):
            value = record.body[f.name]
            for one in value if f.many else [value]:
                yield from map(str, one.values() if isinstance(one, Mapping) else [one])

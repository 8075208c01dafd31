"""What a harvester gets: public offers, needs and achievements as they stand now, and tombstones of those that were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from foretrack.domains.exchange.actions.copies import PROFILES
from foretrack.domains.exchange.formats.network import to_network, to_xml
from foretrack.domains.exchange.formats.oai import Asked, Item, ProtocolError, token_of
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.reading import visible_values
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record, Revision
from foretrack.registry.models.record import PUBLIC
from foretrack.registry.registry import Registry

KINDS = ("offer", "need", "achievement")
PART = 100
"""Records of one answer."""
_LOOKED_AT = 300
_TEXTS = ("summary", "description", "advantages", "requirements")


def sets_of(registry: Registry) -> tuple[tuple[str, str], ...]:
    """(setSpec, setName) of each kind."""
    return tuple((name, registry.kinds.get(name).plural.en) for name in KINDS if name in registry.kinds.kinds)


def earliest(registry: Registry) -> str:
    """A moment before which nothing was public: that of the first record, or now."""
    first = Record.objects.filter(kind__in=KINDS).order_by("pk").values_list("created_at", flat=True).first()
    return _stamp(first or registry.now())


def harvest(
    registry: Registry, asked: Asked, domain: str, address: Mapping[str, str]
) -> tuple[list[Item], str | None]:
    """A part of what was asked for, and the token of the next part (empty: this was the last, None: there is but one).

    Args:
        domain: of the repository, in the identifiers.
        address: kind to the beginning of its records' addresses.

    ProtocolError where nothing is there.
    """
    rows = Record.objects.filter(kind__in=(asked.set,) if asked.set else KINDS)
    if asked.prefix == "ft_profile":
        rows = rows.filter(kind__in=PROFILES)
    if asked.since:
        rows = rows.filter(updated_at__gte=_moment(asked.since))
    if asked.until:
        rows = rows.filter(updated_at__lt=_moment(asked.until, up=True))
    after, exhausted = asked.after, False
    items: list[Item] = []
    while len(items) < PART and not exhausted:
        part = rows
        if after is not None:
            place = datetime.fromisoformat(after[0])
            part = part.filter(updated_at__gte=place).exclude(updated_at=place, pk__lte=after[1])
        some = list(part.order_by("updated_at", "pk")[:_LOOKED_AT])
        exhausted = len(some) < _LOOKED_AT
        was = _ever_public(registry, some)
        for record in some:
            if len(items) == PART:
                exhausted = False
                break
            after = (record.updated_at.astimezone(UTC).isoformat(timespec="microseconds"), record.pk)
            if record.pk in was:
                items.append(_item(registry, record, domain, address))
    if not items and asked.after is None:
        raise ProtocolError("noRecordsMatch", "nothing is there")
    if exhausted or after is None:
        return items, None if asked.after is None else ""
    return items, token_of(asked, after, asked.cursor + len(items))


def one_item(registry: Registry, identifier: str, domain: str, address: Mapping[str, str]) -> Item:
    """The record with an identifier; ProtocolError where none ever was public."""
    record = None
    if identifier.startswith(f"oai:{domain}:"):
        record = Record.objects.filter(key=identifier.rpartition(":")[2], kind__in=KINDS).first()
    if record is None or record.pk not in _ever_public(registry, [record]):
        raise ProtocolError("idDoesNotExist", "there is no such record")
    return _item(registry, record, domain, address)


def _stands(registry: Registry, record: Record) -> bool:
    """Whether everybody may see a record now."""
    if record.audience != PUBLIC or record.merged_into_id is not None:
        return False
    last = record.body.get("valid_until") if record.status == "published" else None
    return last is None or last >= registry.now().date().isoformat()


def _ever_public(registry: Registry, records: Sequence[Record]) -> set[int]:
    """Numbers of the records that everybody may see, or that everybody could see once."""
    found = {record.pk for record in records if _stands(registry, record)}
    for name in KINDS:
        hidden = [record.pk for record in records if record.kind == name and record.pk not in found]
        if not hidden:
            continue
        states = [state.name for state in registry.kinds.get(name).states if state.public]
        public: Mapping[str, Any] = {"values__@visibility": "public"}
        rows = Revision.objects.filter(record_id__in=hidden, status__in=states, **public)
        found |= set(rows.values_list("record_id", flat=True).distinct())
    return found


def _item(registry: Registry, record: Record, domain: str, address: Mapping[str, str]) -> Item:
    identifier, stamp = f"oai:{domain}:{record.key}", _stamp(record.updated_at)
    if not _stands(registry, record):
        return Item(identifier, stamp, (record.kind,), deleted=True)
    kind = registry.kinds.get(record.kind)
    values = visible_values(kind, record.body, "public", personal=False)
    page = f"{address[record.kind]}{record.key}/"
    profile = None
    if record.kind in PROFILES:
        profile = to_xml(to_network(record.kind, values, record.key, page))
    return Item(
        identifier, stamp, (record.kind,), dc=_dublin_core(kind, record, values, page), profile=profile
    )


def _dublin_core(
    kind: Kind, record: Record, values: Mapping[str, Any], page: str
) -> tuple[tuple[str, str, str], ...]:
    told: list[tuple[str, str, str]] = [("title", *pair) for pair in _pairs(values.get("title"))]
    owner = values.get("organisation")
    told += [("creator", "", title) for title in titles_of(VISITOR, [owner] if owner else []).values()]
    known = PACK_TERMS("tracks")
    for track in values.get("tracks") or ():
        label = known.get(track)
        told += [("subject", lang, text) for lang in ("en", "zh") if label and (text := label.text(lang))]
    told += [("subject", "", word) for word in values.get("keywords") or ()]
    told += [("description", *pair) for name in _TEXTS for pair in _pairs(values.get(name))]
    told.append(("date", "", record.state_since.astimezone(UTC).date().isoformat()))
    told.append(("type", "en", kind.label.en))
    told += [("identifier", "", page), ("identifier", "", record.key)]
    languages = sorted({language for name in ("title", *_TEXTS) for language, _ in _pairs(values.get(name))})
    told += [("language", "", language) for language in languages]
    told += [("relation", "", one) for name in ("patents", "standards") for one in values.get(name) or ()]
    told += [("coverage", "", values["region"])] if values.get("region") else []
    return tuple(told)


def _pairs(value: Any) -> list[tuple[str, str]]:
    return (
        [(language, text) for language, text in value.items() if text] if isinstance(value, Mapping) else []
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str, *, up: bool = False) -> datetime:
    """The moment that a stamp names; ProtocolError for a day that does not exist.

    Args:
        up: the beginning of the next second, so that fractions of the named one are taken in.
    """
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        return datetime.fromtimestamp(at.timestamp() + 1, UTC) if up else at
    except (ValueError, OverflowError):
        raise ProtocolError("badArgument", "from or until is no moment") from None

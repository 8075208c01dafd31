"""From records as they stand to the entries of an issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from foretrack.foundation.errors import InputError
from foretrack.lists.issue import Entry, Evidence, Facet, Field, FieldType, Removal, Value
from foretrack.lists.models import ListSeries
from foretrack.packs.loading import load_packs
from foretrack.packs.positions import load_position_rules
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring import fields as declared
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.registry.models.record import PUBLIC

REMOVAL_CODES: Mapping[str, Bilingual] = {
    "expired": Bilingual("Its validity has ended", "有效期已满"),
    "not recognised": Bilingual("No longer recognised in the registry", "登记状态已不符合"),
    "not matching": Bilingual("No longer matches what the list is about", "已不属于本名单范围"),
    "merged": Bilingual("Found to be the same as another entry", "与另一条目为同一对象"),
    "withdrawn": Bilingual("Withdrawn by its owner", "主体自行撤回"),
    "no longer qualifies": Bilingual("No longer meets the conditions", "不再符合条件"),
    "false statement": Bilingual("Rested on a false statement", "存在虚假陈述"),
    "violation": Bilingual("A serious violation was found", "存在严重违法违规"),
    "error": Bilingual("Had been listed by mistake", "误列"),
}
"""Why a record leaves a list."""
FOUND_BY_PROGRAM = ("expired", "not recognised", "not matching", "merged")
"""Those that nobody has to give."""

_TYPES: Mapping[str, FieldType] = {
    "bilingual": "bilingual", "choice": "bilingual", "term": "bilingual", "link": "bilingual", "yes_no": "boolean",
    "day": "date", "web": "link", "rows": "bilingual",
}  # fmt: skip
UNLISTABLE = ("file", "email")


@dataclass(frozen=True, slots=True)
class Basket:
    """What the entries of one issue are made with."""

    series: ListSeries
    kind: Kind
    today: date

    def fields(self) -> tuple[Field, ...]:
        """The fields that the issue declares."""
        found = []
        for name in self.series.fields:
            f = self.kind.field(name)
            unit = f.unit.text("en") if isinstance(f, declared.Number) else ""
            found.append(Field(name, f.label, self._type(f), unit))
        return tuple(found)

    @staticmethod
    def _type(f: declared.Field) -> FieldType:
        if isinstance(f, declared.Number) and not f.many:
            return "integer" if f.whole else "number"
        kind = _TYPES.get(f.type, "text")
        if f.many and kind != "bilingual":
            return "many"
        return kind

    def entry(
        self, record: Record, before: Entry | None, names: Mapping[str, Bilingual], *, renewed: bool
    ) -> Entry:
        """What the issue says of a record; validity goes on from the issue before unless it is renewed."""
        tracks = record.body.get("tracks") or record.body.get("track") or []
        track = tracks if isinstance(tracks, str) else next(iter(tracks), None)
        direction = direction_of(track) if track else None
        region = record.region
        valid_from = before.valid_from if before and not renewed else self.today
        valid_to = before.valid_to if before and not renewed else None
        if self.series.months_valid and (renewed or before is None):
            valid_to = after_months(self.today, self.series.months_valid)
        return Entry(
            record=record.key, revision=record.revision, revision_digest=record.digest, position=1,
            title=Bilingual(record.title_en, record.title_zh if record.title_zh != record.title_en else ""),
            values={name: self._value(name, record.body, names) for name in self.series.fields},
            direction=Facet(direction, _label("directions", direction)) if direction else None,
            region=Facet(region, regions().get(region, Bilingual())) if region else None,
            track=Facet(track, _label("tracks", track)) if track else None,
            valid_from=valid_from, valid_to=valid_to, evidence=_evidence(self.kind, record.body),
        )  # fmt: skip

    def _value(self, name: str, body: Mapping[str, Json], names: Mapping[str, Bilingual]) -> Value:
        f = self.kind.by_name[name]
        value = body.get(name)
        if value is None:
            return ""
        kind = self._type(f)
        if kind == "bilingual":
            parts = [self._both(f, one, names) for one in (value if f.many else [value])]
            return Bilingual("; ".join(p.text("en") for p in parts), "；".join(p.text("zh") for p in parts))
        if kind == "many":
            return tuple(" ".join(f.show_one(one, "en").split()) for one in value)
        if kind == "date":
            return date.fromisoformat(value)
        if kind in ("integer", "number", "boolean", "link"):
            return value  # type: ignore[no-any-return]
        return f.show(value, "en")

    @staticmethod
    def _both(f: declared.Field, value: Json, names: Mapping[str, Bilingual]) -> Bilingual:
        if isinstance(f, declared.Link):
            return names.get(value, Bilingual(value))
        return Bilingual(f.show_one(value, "en"), f.show_one(value, "zh"))


def regions() -> Mapping[str, Bilingual]:
    """Region code to name, from the packs."""
    return load_position_rules(PACK_TERMS.paths).regions


def direction_of(track: str) -> str | None:
    """The direction (`pack/id`) that a track (`pack/id`) belongs to; None for one that no pack knows."""
    for pack in load_packs(PACK_TERMS.paths):
        for one in pack.tracks:
            if pack.full_id(one.id) == track:
                return pack.full_id(one.direction)
    return None


def _label(part: str, name: str) -> Bilingual:
    return PACK_TERMS(part).get(name, Bilingual())


def _evidence(kind: Kind, body: Mapping[str, Json]) -> tuple[Evidence, ...]:
    """What a reader may look at: public identifiers, web pages, and what the lookout found."""
    found = []
    for f in kind.fields:
        if f.visibility != "public" or f.name not in body:
            continue
        values = body[f.name] if f.many else [body[f.name]]
        if isinstance(f, declared.ExternalId) and not f.personal:
            found += [Evidence("".join(f"{f.scheme}:{value}".split())) for value in values]
        elif isinstance(f, declared.Web) and f.many:
            found += [Evidence(value, value) for value in values]
        elif isinstance(f, declared.Link):
            found += [Evidence("-".join(value.split())) for value in values if ":" in value]
    return tuple(dict.fromkeys(found))


def after_months(day: date, months: int) -> date:
    """The last day of so many months that begin on a day.

    >>> after_months(date(2026, 3, 1), 36), after_months(date(2026, 1, 31), 1)
    (datetime.date(2029, 2, 28), datetime.date(2026, 2, 27))
    """
    from calendar import monthrange
    from datetime import timedelta

    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1])) - timedelta(days=1)


def listable(kind: Kind, series: ListSeries, record: Record) -> str:
    """Why a record may not stand on a list now, as a code of `REMOVAL_CODES`; empty when it may.

    Only what everybody may see can be listed.
    """
    if record.merged_into_id is not None:
        return "merged"
    if not kind.state(record.status).listable or record.audience != PUBLIC:
        return "not recognised"
    for name, wanted in series.filters.items():
        f = kind.by_name[name]
        if not set(f.facet_values(record.body.get(name))) & set(wanted):
            return "not matching"
    return ""


def removed(entry: Entry, code: str, on: date, reason: Bilingual | None = None) -> Entry:
    """An entry taken off the list, with the reason."""
    return replace(entry, status="removed", removal=Removal(code, reason or REMOVAL_CODES[code], on))


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Listed entries by direction and title, then the removed ones; positions from 1."""
    ordered = sorted(
        entries,
        key=lambda e: (
            e.status != "listed", e.direction.id if e.direction else "~", e.title.text("en").casefold(), e.record,
        ),
    )  # fmt: skip
    return tuple(replace(entry, position=position) for position, entry in enumerate(ordered, start=1))


def checked_fields(kind: Kind, names: Iterable[str]) -> list[str]:
    """Names of fields that an issue may tell; InputError for one that is not public, personal, or no value to print."""
    found = []
    for name in names:
        f = kind.field(name)
        if f.visibility != "public" or f.personal or f.type in UNLISTABLE:
            raise InputError.of(
                "the field {name} cannot be listed", name=name,
                expected="a public field without personal data", do="leave it out",
            )  # fmt: skip
        if name not in (kind.title, "region"):
            found.append(name)
    return list(dict.fromkeys(found))

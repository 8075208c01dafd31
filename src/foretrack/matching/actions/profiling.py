"""Records of the registry as matching knows them: made of the public fields that their kind's side names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, cast

from foretrack.language.embedding.centring import script_language
from foretrack.matching.profiles import Profile
from foretrack.registry.access.permission import visible
from foretrack.registry.declaring.fields import BilingualText, Json
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.sides import Side, SideName
from foretrack.registry.models import Record
from foretrack.registry.models.record import PUBLIC

SORTS = {
    "company": "company", "small-company": "company", "large-company": "company", "university": "university",
    "institute": "institute", "hospital": "hospital", "agency": "agency", "investor": "investor",
    "service body": "service-body", "service-body": "service-body",
}  # fmt: skip
"""Sort of an organisation, as its record or a wish names it, to the word in which the two are compared.

How large a company is its record does not say, so that a wish for a small one is met by any."""


def may_be_matched(kind: Kind, record: Record) -> bool:
    """Whether a record stands where everybody sees it, and its kind is matched; the last day is for the list to see."""
    side = kind.side
    return (
        side is not None
        and record.merged_into_id is None
        and record.audience == PUBLIC
        and record.status in side.states
    )


def profile_of(
    kind: Kind, record: Record, *, sort_of: str = "", evidence: Mapping[str, int] | None = None
) -> Profile:
    """What matching knows of a record, in whatever state: nothing that is not public, and no personal data.

    Args:
        sort_of: of its organisation, as that record says.
    """
    side = cast(Side, kind.side)
    body = {
        name: record.body[name]
        for name in (kind.title, *side.fields)
        if name in record.body and visible(kind.by_name[name].visibility, "public") and not kind.by_name[name].personal
    }  # fmt: skip
    titles = _texts(kind, kind.title, body)
    texts = tuple(dict.fromkeys(text for name in side.texts for text in _texts(kind, name, body)))
    lowest, highest = _number(body.get(side.maturity)), _number(body.get(side.maturity_to))
    if side.side == "offer":
        highest = lowest
    maturity = None if lowest is None and highest is None else (lowest or 1, highest or 9)
    until = body.get(side.until)
    return Profile(
        key=record.key, side=side.side, kind=kind.name, title=" / ".join(titles) or record.key, texts=texts,
        language=script_language(" ".join((*titles, *texts))), tracks=_set(body.get(side.tracks)), maturity=maturity,
        cooperation=_set(body.get(side.cooperation)),
        partner_types=frozenset(SORTS.get(one, one) for one in _set(body.get(side.partner_types))),
        sort_of=SORTS.get(sort_of, ""), region=record.region or "", partner_regions=_set(body.get(side.partner_regions)),
        languages=frozenset(one.lower() for one in _set(body.get(side.languages))),
        until=date.fromisoformat(until) if until else None, flags=_set(body.get(side.flags)),
        organisation=record.organisation or "", evidence=dict(evidence or {}),
    )  # fmt: skip


def wording_of(profile: Profile) -> str:
    """Digest of the words that are compared."""
    said = json.dumps([profile.title, *profile.texts], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def to_json(profile: Profile) -> dict[str, Any]:
    """A profile as it is kept; what nobody stated is left out."""
    said = {}
    for name, value in asdict(profile).items():
        if isinstance(value, frozenset):
            value = sorted(value)
        if isinstance(value, date):
            value = value.isoformat()
        if value not in (None, "", [], (), {}):
            said[name] = list(value) if isinstance(value, tuple) else value
    return said


_SETS = frozenset(f.name for f in fields(Profile) if str(f.type).startswith("frozenset"))


def from_json(said: Mapping[str, Any]) -> Profile:
    """The profile that was kept so.

    >>> one = Profile(key="K", side="need", title="t", tracks=frozenset({"p/a"}), maturity=(3, 9), until=date(2026, 1, 2))
    >>> from_json(to_json(one)) == one
    True
    """
    given: dict[str, Any] = {name: frozenset(v) if name in _SETS else v for name, v in said.items()}
    for name in ("texts", "maturity"):
        if name in given:
            given[name] = tuple(given[name])
    if "until" in given:
        given["until"] = date.fromisoformat(given["until"])
    given["side"] = cast(SideName, given["side"])
    return Profile(**given)


def _texts(kind: Kind, name: str, body: Mapping[str, Json]) -> tuple[str, ...]:
    if name not in body:
        return ()
    field, value = kind.by_name[name], body[name]
    if isinstance(field, BilingualText):
        return tuple(dict.fromkeys(text for text in (value.get("en"), value.get("zh")) if text))
    return tuple(dict.fromkeys(text for _, text in field.texts(value) if text))


def _set(value: Json) -> frozenset[str]:
    if value is None or value == "":
        return frozenset()
    return frozenset(str(one) for one in (value if isinstance(value, list) else [value]))


def _number(value: Json) -> int | None:
    return None if value is None else int(float(value))

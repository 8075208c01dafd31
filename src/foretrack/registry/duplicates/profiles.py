"""What is compared of a record: its names folded, its identifiers, where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from foretrack.language.chinese import has_han
from foretrack.language.organisations import fold_name
from foretrack.registry.declaring.fields import BilingualText, ExternalId, Field, Json, Text, Web
from foretrack.registry.declaring.kind import Kind


@dataclass(frozen=True, slots=True)
class Profile:
    """One record, as far as duplicates are concerned."""

    latin: tuple[str, ...]
    """Folded names in Latin and other alphabets, the title first."""
    han: tuple[str, ...]
    """Folded names in Chinese characters, simplified and without spaces."""
    families: frozenset[str]
    """Families of the legal forms in its names: `english`, `german`, `chinese`, ..."""
    identifiers: frozenset[tuple[str, str]]
    hosts: frozenset[str]
    country: str
    region: str
    organisation: str


def name_fields(kind: Kind) -> tuple[Field, ...]:
    """Fields that hold names: the title, and short texts called `...names`."""
    return tuple(
        f
        for f in kind.fields
        if isinstance(f, Text | BilingualText) and (f.name == kind.title or f.name.endswith("names"))
    )


def naming_fields(kind: Kind) -> tuple[str, ...]:
    """Names of the fields whose change asks again about a pair that somebody has judged."""
    return (
        *(f.name for f in name_fields(kind)),
        *(f.name for f in kind.fields if isinstance(f, ExternalId)),
    )


def profile_of(kind: Kind, body: Mapping[str, Json]) -> Profile:
    """The profile of a record's body.

    Reads names, identifiers, web addresses, a field `country`, and what the kind declares as region and organisation.
    """
    latin, han, families = [], [], set()
    for f in name_fields(kind):
        for text in _texts(body.get(f.name)):
            folded = fold_name(text)
            if folded.family:
                families.add(folded.family)
            if has_han(text):
                han.append(folded.key.replace(" ", ""))
            else:
                latin.append(folded.key)
    return Profile(
        latin=tuple(dict.fromkeys(name for name in latin if name)),
        han=tuple(dict.fromkeys(name for name in han if name)),
        families=frozenset(families),
        identifiers=frozenset(
            (f.scheme, value)
            for f in kind.fields
            if isinstance(f, ExternalId)
            for value in f.facet_values(body.get(f.name))
        ),
        hosts=frozenset(
            host
            for f in kind.fields
            if isinstance(f, Web)
            for value in f.facet_values(body.get(f.name))
            if (host := _host(value))
        ),
        country=str(body.get("country") or "").upper(),
        region=str(body.get(kind.region) or "") if kind.region else "",
        organisation=str(body.get(kind.organisation) or "") if kind.organisation else "",
    )


def _texts(value: Json) -> list[str]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [text for one in values for text in (one.values() if isinstance(one, Mapping) else [str(one)])]


def _host(address: str) -> str:
    host = (urlsplit(address).hostname or "").rstrip(".")
    return host.removeprefix("www.")

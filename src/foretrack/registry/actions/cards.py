"""Writes the cards of records: their facets as one character each, and the numbers that they are sorted by.

A table of a hundred thousand records is filtered and counted in one scan over these characters, in some ten milliseconds,
always from what is stored and never from a memory of it (docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Max

from foretrack.foundation.errors import HouseError
from foretrack.registry.actions.adding import add_rows
from foretrack.registry.declaring.fields import VISIBILITIES, Day, Number, Visibility
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Card, FacetCode, Figure, Record
from foretrack.registry.models.record import VALUE

FIRST_CODE = 0x100
"""Below it lie the letters that LIKE folds and the mark between two cards."""
_SURROGATES = range(0xD800, 0xE000)
MOST_CODES = 0x110000 - FIRST_CODE - len(_SURROGATES)


def character(number: int) -> str:
    """The character that stands for the facet value with this number.

    >>> character(0), ord(character(0xD800 - 0x100)) == 0xE000
    ('Ā', True)
    """
    code = FIRST_CODE + number
    return chr(code + len(_SURROGATES) if code >= _SURROGATES.start else code)


def number_of(code: int) -> int:
    """The number for which a character stands, by its code point.

    >>> [number_of(ord(character(n))) for n in (0, 0xD6FF, 0xD700, 5)]
    [0, 55039, 55040, 5]
    """
    return code - FIRST_CODE - (len(_SURROGATES) if code >= _SURROGATES.stop else 0)


def folded(title: str) -> str:
    """A title as it is sorted and looked for."""
    return title.casefold()[:300]


_CARD = (
    "record_id", "kind", "audience", "organisation", "region", "created_by", "updated_at", "due_on", "name_en", "name_zh",
    "public_codes", "partner_codes", "private_codes",
)  # fmt: skip


def add_cards(
    writes: Sequence[tuple[Kind, Record]], facets: Sequence[Mapping[Visibility, Sequence[tuple[str, str]]]]
) -> None:
    """Adds the cards and figures of records that have none yet. Runs inside the transaction of their writing.

    Args:
        facets: `facets_of` each record; it is not looked at for those that were merged into another.
    """
    living = [
        (kind, record, f)
        for (kind, record), f in zip(writes, facets, strict=True)
        if record.merged_into_id is None
    ]
    wanted: dict[str, dict[tuple[str, str], None]] = {}
    for kind, _, by_visibility in living:
        known = wanted.setdefault(kind.name, {})
        for values in by_visibility.values():
            known.update(dict.fromkeys(values))
    codes = {kind: codes_of(kind, values) for kind, values in wanted.items()}
    add_rows(
        Card,
        _CARD,
        (
            (
                record.pk, kind.name, record.audience, record.organisation, record.region, record.created_by,
                record.updated_at, record.due_on, folded(record.title_en), folded(record.title_zh),
                *("".join(codes[kind.name][v] for v in by_visibility[circle]) for circle in VISIBILITIES),
            )
            for kind, record, by_visibility in living
        ),
    )  # fmt: skip
    add_rows(
        Figure,
        ("record_id", "kind", "name", "value", "audience"),
        [
            (record.pk, kind.name, name, value, audience)
            for kind, record, _ in living
            for name, value, audience in figures_of(kind, record)
        ],
    )


def facets_of(kind: Kind, record: Record) -> dict[Visibility, list[tuple[str, str]]]:
    """(facet, value) pairs of a record by the visibility of the field; the state is a public one."""
    made: dict[Visibility, list[tuple[str, str]]] = {circle: [] for circle in VISIBILITIES}
    made["public"].append(("status", record.status))
    for f in kind.facets:
        values = dict.fromkeys(value[:VALUE] for value in f.facet_values(record.body.get(f.name)))
        made[f.visibility] += [(f.name, value) for value in values]
    return made


def figures_of(kind: Kind, record: Record) -> list[tuple[str, float, int]]:
    """(field, number, audience) of the single numbers and days of a record."""
    made = []
    for f in kind.fields:
        value = record.body.get(f.name)
        if value is not None and not f.many and isinstance(f, Number | Day):
            number = float(date.fromisoformat(value).toordinal()) if isinstance(f, Day) else float(value)
            made.append((f.name, number, max(record.audience, VISIBILITIES.index(f.visibility))))
    return made


def codes_of(kind: str, values: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """Facet value to its character; values that had none get one.

    Numbers are given out by whoever holds the head of the audit log, one writer after another, so none is given twice.
    """
    wanted = dict.fromkeys(values)
    known = known_codes(kind, wanted)
    new = [value for value in wanted if value not in known]
    if new:
        last = FacetCode.objects.filter(kind=kind).aggregate(last=Max("number"))["last"]
        first = 0 if last is None else last + 1
        if first + len(new) > MOST_CODES:
            raise HouseError(f"the facets of {kind} have more than {MOST_CODES} values together")
        made = {value: first + i for i, value in enumerate(new)}
        add_rows(FacetCode, ("kind", "name", "value", "number"), [(kind, *v, n) for v, n in made.items()])
        known.update(made)
    return {value: character(number) for value, number in known.items()}


def known_codes(kind: str, values: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The numbers of those values that have one."""
    wanted = set(values)
    by_name: dict[str, list[str]] = {}
    for name, value in wanted:
        by_name.setdefault(name, []).append(value)
    found: dict[tuple[str, str], int] = {}
    for name, some in by_name.items():
        for start in range(0, len(some), 500):
            rows = FacetCode.objects.filter(kind=kind, name=name, value__in=some[start : start + 500])
            found.update(((name, value), number) for value, number in rows.values_list("value", "number"))
    return found

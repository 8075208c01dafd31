"""What speaks for an organisation being able to do what it offers: counted from records and lists that everybody sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Max, QuerySet

from foretrack.lists.models import ListedEntry, ListIssue
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Record
from foretrack.registry.models.record import PUBLIC
from foretrack.registry.registry import Registry

COUNTED = ("case", "achievement", "deal")
"""Kinds of which the records of an organisation are counted, under their own name."""
PATENTS = "patents"
"""Public field of any kind whose values are counted once each, as `patent`."""


def counts(kind: Kind) -> bool:
    """Whether a change of a record of the kind may change what speaks for its organisation."""
    return kind.name in COUNTED or _names_patents(kind)


def evidence_of(registry: Registry, organisations: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
    """Organisation to sort of evidence (`case`, `achievement`, `deal`, `patent`, `list`) to count; zeros are left out."""
    wanted = sorted(set(organisations) - {""})
    found: dict[str, dict[str, int]] = {one: {} for one in wanted}
    for start in range(0, len(wanted), 300):
        some = wanted[start : start + 300]
        for name in COUNTED:
            if name in registry.kinds.kinds:
                kind = registry.kinds.get(name)
                rows = _seen(kind, some).values_list("organisation", flat=True)
                for organisation in rows:
                    _add(found[str(organisation)], name)
        patents: dict[str, set[str]] = {}
        for kind in registry.kinds:
            if _names_patents(kind):
                held = _seen(kind, some).filter(body__has_key=PATENTS)
                for organisation, values in held.values_list("organisation", f"body__{PATENTS}"):
                    patents.setdefault(str(organisation), set()).update(map(str, values or ()))
        for organisation, numbers in patents.items():
            if numbers:
                found[organisation]["patent"] = len(numbers)
    _count_entries(found, wanted)
    return found


def _count_entries(found: dict[str, dict[str, int]], wanted: list[str]) -> None:
    latest = ListIssue.objects.values("series").annotate(last=Max("pk")).values_list("last", flat=True)
    issues = list(latest)
    if not issues:
        return
    for start in range(0, len(wanted), 300):
        own = Record.objects.filter(organisation__in=wanted[start : start + 300], audience=PUBLIC)
        of = dict(own.values_list("key", "organisation"))
        for part in range(0, len(of), 500):
            keys = list(of)[part : part + 500]
            entries = ListedEntry.objects.filter(issue__in=issues, record__in=keys, listed=True)
            for record in entries.values_list("record", flat=True):
                _add(found[str(of[record])], "list")


def _seen(kind: Kind, organisations: list[str]) -> QuerySet[Record]:
    states = [s.name for s in kind.states if s.listable] or [s.name for s in kind.states if s.public]
    return Record.objects.filter(
        kind=kind.name, organisation__in=organisations, audience=PUBLIC, merged_into=None, status__in=states
    )


def _names_patents(kind: Kind) -> bool:
    declared = kind.by_name.get(PATENTS)
    return declared is not None and declared.visibility == "public" and kind.organisation is not None


def _add(to: dict[str, int], name: str) -> None:
    to[name] = to.get(name, 0) + 1

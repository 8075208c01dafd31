"""Figures of enterprises in the registry: kept from an assessment, and read back as a ladder asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.domains.enterprises.blocks import Asked
from foretrack.domains.enterprises.kinds.figures import ENTERPRISE_FIGURES, MEASURED, OTHER, PERCENT
from foretrack.domains.enterprises.levels import LevelAnswer, level_of, read_figures
from foretrack.foundation.errors import InputError
from foretrack.packs.rule_shapes import Value
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import seen_whole, title_of
from foretrack.registry.actions.records import create, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Year:
    """One year's figures of an enterprise, and where it stands with them."""

    key: str
    title: str
    status: str
    year: int
    values: Mapping[str, Value]
    answer: LevelAnswer | None
    problems: tuple[tuple[str, InputError], ...]


def figures_in(asked: Asked, body: Mapping[str, Any]) -> dict[str, str]:
    """The figures of a record that a ladder asks for, as text that its indicators understand."""
    found = {}
    for f in MEASURED:
        name = f.name.replace("_", "-")
        if name in asked.indicators and body.get(f.name) is not None:
            found[name] = f"{body[f.name]:.15g}" + ("%" if f.unit == PERCENT else "")
    for line in body.get(OTHER) or ():
        name, _, value = (part.strip() for part in line.partition("="))
        if name in asked.indicators:
            found[name] = value
    return found


def body_of(asked: Asked, values: Mapping[str, Value]) -> dict[str, Any]:
    """Figures as fields of a record: a share in per cent; what has no field of its own among the others."""
    fields = {f.name.replace("_", "-"): f for f in MEASURED}
    body: dict[str, Any] = {}
    others = []
    for name, value in values.items():
        if name in fields and isinstance(value, int | float) and not isinstance(value, bool):
            share = asked.indicators[name].type == "share"
            body[fields[name].name] = round(value * 100, 9) if share else value
        else:
            said = ("yes" if value else "no") if isinstance(value, bool) else f"{value}"
            others.append(f"{name}={said}")
    return {**body, **({OTHER: others} if others else {})}


def keep_figures(
    registry: Registry, actor: Actor, asked: Asked, values: Mapping[str, Value], *, organisation: str, year: int
) -> RecordPage:  # fmt: skip
    """A draft of figures of an enterprise from an assessment; private, and not yet declared to be true.

    Errors as `create`.
    """
    firm = show(registry, actor, organisation)
    title = {"en": f"{firm.title}, {year}"}
    return create(
        registry, actor, ENTERPRISE_FIGURES.name,
        {
            "title": title, "organisation": firm.key, "region": firm.region, "year": year, "basis": "self-declared",
            **body_of(asked, values),
        },
        visibility="private",
    )  # fmt: skip


def read_kept(registry: Registry, actor: Actor, asked: Asked, key: str) -> dict[str, str]:
    """Kept figures, as a form asks for them; NotThereError where the actor may not see the record."""
    return figures_in(asked, show(registry, actor, key).values)


def years_of(registry: Registry, actor: Actor, asked: Asked, organisation: str) -> tuple[Year, ...]:
    """Every year of figures of an enterprise that the actor may see whole, the oldest first, each assessed."""
    rows = Record.objects.filter(
        seen_whole(actor), kind=ENTERPRISE_FIGURES.name, organisation=organisation, merged_into=None
    ).exclude(status="withdrawn")
    found = []
    for record in rows.order_by("pk"):
        values, wrong = read_figures(asked.indicators, figures_in(asked, record.body))
        problems, answer = list(wrong.items()), None
        if not problems:
            try:
                answer = level_of(asked.steps, values)
            except InputError as error:
                problems.append(("", error))
        found.append(
            Year(
                record.key, title_of(record, actor.language), record.status,
                int(record.body.get("year") or 0), values, answer, tuple(problems),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.year, one.key)))

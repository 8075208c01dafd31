"""Beginning a call from a template: its limits are filled in, and what the measure left open is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.packs.describing import describe_value
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create
from foretrack.registry.declaring.bodies import incomplete
from foretrack.registry.declaring.fields import Json
from foretrack.registry.registry import Registry
from foretrack.review.kinds import CALL
from foretrack.review.templates import Template, template_called, templates


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A sort of thing that calls of a template ask for."""

    category: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template as whoever begins a call sees it."""

    template: str
    """`pack/template`."""
    label: Bilingual
    measure: Bilingual
    """Title of its pack."""
    document_number: str
    valid_from: str
    valid_to: str | None
    in_force: bool
    """Today."""
    values: Mapping[str, Any]
    """Field of a call to what the measure says."""
    unknown: Bilingual
    """What the measure sets and could not be read: to be filled in by hand. Empty where nothing is missing."""
    note: Bilingual
    categories: tuple[CategoryLine, ...]
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A call that was begun from a template."""

    call: str
    revision: int
    template: TemplateLine
    filled: tuple[str, ...]
    """Fields that the template filled."""
    missing: tuple[str, ...]
    """Fields that must be filled before the call can be published."""


def all_templates(registry: Registry) -> tuple[TemplateLine, ...]:
    """Every template of the installed packs; public, as packs are."""
    return tuple(_line(registry, one) for one in templates())


def begin_call(
    registry: Registry, actor: Actor, template: str, values: Mapping[str, Json], *, visibility: str = "public"
) -> Begun:
    """A call as a draft: what the template says, and over it what is given.

    Stricter values may be given; laxer ones are refused when the call is published. InputError for a template that is not
    known or not in force today, InvalidRecord for values that do not fit, AccessError for whoever may make no call.
    """
    found = template_called(template, registry.now().date())
    filled = {name: value for name, value in found.template.values.items() if name not in values}
    given = {**filled, **values, "based_on": found.name}
    page = create(registry, actor, CALL.name, given, visibility=visibility)
    lacking = dict.fromkeys(problem.field for problem in incomplete(CALL, page.values) if problem.field)
    return Begun(page.key, page.revision, _line(registry, found), tuple(sorted(filled)), tuple(lacking))


def _line(registry: Registry, one: Template) -> TemplateLine:
    template, pack = one.template, one.pack
    titles = {source.id: source.title for source in pack.sources}
    return TemplateLine(
        template=one.name, label=template.label, measure=pack.title, document_number=pack.document_number or "",
        valid_from=one.since, valid_to=template.valid_to or pack.valid_to, in_force=one.holds(registry.now().date()),
        values=describe_value(template.values), unknown=template.unknown, note=template.note,
        categories=tuple(CategoryLine(pack.full_id(c.id), c.label) for c in template.categories),
        sources=tuple(titles.get(name, name) for name in template.source), confidence=template.confidence,
    )  # fmt: skip

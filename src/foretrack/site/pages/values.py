"""What links of records point at, by name: for pages that show values of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.links import titles_of
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.kind import Kind
from foretrack.search.actions.naming import named
from foretrack.web.values import FieldLine, lines_with


def titles_for(actor: Actor, keys: Iterable[str]) -> Mapping[str, str]:
    """What links point at to what it is called: records that the actor may see, and things of the lookout."""
    wanted = list(dict.fromkeys(keys))
    things = [(unit, name) for key in wanted if ":" in key for unit, name in [key.split(":", 1)]]
    found = {f"{unit}:{key}": one.title(actor.language) for (unit, key), one in named(things).items()}
    return {**found, **titles_of(actor, wanted)}


def lines_of(actor: Actor, kind: Kind, page: RecordPage) -> tuple[FieldLine, ...]:
    """The filled fields of a record as far as the actor sees them."""
    titles = titles_for(actor, [key for _, _, key in kind.points(page.values)])
    return lines_with(kind, page.values, actor.language, titles, page.provenance)

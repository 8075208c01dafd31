"""Fields that nobody types: they follow from the record that another field points at."""

from __future__ import annotations

from collections.abc import Mapping

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.bodies import InvalidRecord, Problem
from foretrack.registry.declaring.fields import Json, Spoken
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Record


def followed(kind: Kind, body: Mapping[str, Json], given: Mapping[str, Json]) -> dict[str, Json]:
    """The body with every field that follows from a linked record as that record says today.

    Args:
        given: what somebody gave just now: InvalidRecord where it says something else of such a field.
    """
    made = dict(body)
    problems: list[Problem] = []
    there: dict[str, tuple[str | None, str | None]] = {}
    for follow in kind.follows:
        key = body.get(follow.link)
        if key is not None and key not in there:
            row = Record.objects.filter(key=key).values_list("organisation", "region").first()
            there[key] = (None, None) if row is None else row
        organisation, region = there.get(key, (None, None)) if key is not None else (None, None)
        value = organisation if follow.what == "organisation" else region
        said = given.get(follow.field)
        if said is not None and said != value:
            problems.append(
                Problem(
                    follow.field,
                    InputError.of(
                        "{field} follows from {link}", expected="nothing, or what stands there", do="leave it out",
                        field=Spoken.of(kind.by_name[follow.field].label),
                        link=Spoken.of(kind.by_name[follow.link].label),
                    ),
                )
            )  # fmt: skip
        if value is None:
            made.pop(follow.field, None)
        else:
            made[follow.field] = value
    if problems:
        raise InvalidRecord.with_problems(problems)
    return made

"""Raw values to the body of a record: every field read, everything that is wrong said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Kind


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; the field is empty where the body as a whole is wrong."""

    field: str
    error: InputError


class InvalidRecord(InputError):
    """One or more fields cannot be used."""

    def __init__(self, kind: str, problems: Sequence[Problem]) -> None:
        self.kind = kind
        self.problems = tuple(problems)
        first = self.problems[0]
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        place = f"{first.field}: " if first.field else ""
        super().__init__(f"{place}{first.error.what}{more}", expected=first.error.expected, do=first.error.do)

    def __reduce__(self) -> tuple[object, ...]:
        return (InvalidRecord, (self.kind, self.problems))


def read_fields(kind: Kind, raw: Mapping[str, Json]) -> dict[str, Json]:
    """The values that `raw` gives, read; a field given as empty comes back as None.

    Raises InvalidRecord naming every field that is unknown or wrong.
    """
    values: dict[str, Json] = {}
    problems: list[Problem] = []
    for name, given in raw.items():
        try:
            values[name] = kind.field(name).read(given)
        except InputError as error:
            problems.append(Problem(name, error))
    if problems:
        raise InvalidRecord(kind.name, problems)
    return values


def changed_body(body: Mapping[str, Json], changes: Mapping[str, Json]) -> dict[str, Json]:
    """The body with changes made; None takes a value out.

    >>> changed_body({"a": 1, "b": 2}, {"b": None, "c": 3})
    {'a': 1, 'c': 3}
    """
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def incomplete(kind: Kind, body: Mapping[str, Json], needs: Sequence[str] = ()) -> list[Problem]:
    """Required fields, and those in `needs`, that the body lacks, and what the kind's own checks say."""
    missing = [
        Problem(
            f.name, InputError(f"{f.label.en} is missing", expected="a value", do=f"such as {f.example()}")
        )
        for f in kind.fields
        if (f.required or f.name in needs) and f.name not in body
    ]
    return missing + [Problem("", error) for check in kind.checks for error in check(body)]


def check_complete(kind: Kind, body: Mapping[str, Json], needs: Sequence[str] = ()) -> None:
    """Raises InvalidRecord when the body may not leave its draft."""
    problems = incomplete(kind, body, needs)
    if problems:
        raise InvalidRecord(kind.name, problems)


def changed_fields(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[str, ...]:
    """Names of the fields in which two bodies differ, sorted.

    >>> changed_fields({"a": 1, "b": 2}, {"a": 1, "c": 3})
    ('b', 'c')
    """
    return tuple(sorted(n for n in {*before, *after} if before.get(n) != after.get(n)))

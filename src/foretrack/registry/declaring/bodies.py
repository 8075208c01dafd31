"""Raw values to the body of a record: every field read, everything that is wrong said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.declaring.fields import Json, Spoken
from foretrack.registry.declaring.kind import Kind


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; the field is empty where the body as a whole is wrong."""

    field: str
    error: InputError


class InvalidRecord(InputError):
    """One or more fields cannot be used; `problems` names each."""

    problems: tuple[Problem, ...] = ()

    @classmethod
    def with_problems(cls, problems: Sequence[Problem]) -> InvalidRecord:
        """The error that tells the first problem and carries all."""
        what, expected, do = problems[0].error.sentences
        if problems[0].field:
            what = Sentence("{field}: {what}", {"field": problems[0].field, "what": what})
        if len(problems) > 1:
            what = Sentence("{what} (and {n} more)", {"what": what, "n": len(problems) - 1})
        error = cls.said(what, expected=expected, do=do)
        error.problems = tuple(problems)
        return error


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
        raise InvalidRecord.with_problems(problems)
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
            f.name,
            InputError.of(
                "{label} is missing",
                expected="a value",
                do="write it like this: {example}",
                label=Spoken.of(f.label),
                example=f.example(),
            ),
        )
        for f in kind.fields
        if (f.required or f.name in needs) and f.name not in body
    ]
    return missing + [
        problem
        for check in kind.checks
        for error in check(body)
        for problem in (error.problems if isinstance(error, InvalidRecord) else (Problem("", error),))
    ]


def check_complete(kind: Kind, body: Mapping[str, Json], needs: Sequence[str] = ()) -> None:
    """Raises InvalidRecord when the body may not leave its draft."""
    problems = incomplete(kind, body, needs)
    if problems:
        raise InvalidRecord.with_problems(problems)


def changed_fields(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[str, ...]:
    """Names of the fields in which two bodies differ, sorted.

    >>> changed_fields({"a": 1, "b": 2}, {"a": 1, "c": 3})
    ('b', 'c')
    """
    return tuple(sorted(n for n in {*before, *after} if before.get(n) != after.get(n)))

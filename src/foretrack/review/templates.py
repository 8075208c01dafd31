"""Templates of calls out of the installed packs: what a call that follows one begins with, and where it is laxer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from foretrack.foundation.errors import InputError
from foretrack.packs.call_templates import CallTemplate
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Pack
from foretrack.registry.declaring.bodies import Problem
from foretrack.registry.declaring.fields import Json, Spoken
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.review.kinds import BLIND, CALL

AT_MOST = ("per_applicant", "partners_most", "years_most", "quota", "selected_most")
"""Numbers of a call that may be lower than those of its template, never higher and never left out."""
ASKED_FOR = ("third_party_test", "recommended")
"""What a call must ask for where its template does."""
THE_SAME = ("of_kind", "rule")
"""What a call takes from its template as it is. The list series is the installation's own: a template proposes one."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template with the pack that it is of."""

    pack: Pack
    template: CallTemplate

    @property
    def name(self) -> str:
        """`pack/template`."""
        return self.pack.full_id(self.template.id)

    @property
    def since(self) -> str:
        """The first day on which it holds, by itself or as its pack does."""
        return self.template.valid_from or self.pack.valid_from or ""

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        said = day.isoformat()
        until = self.template.valid_to or self.pack.valid_to
        return self.since <= said and (until is None or said <= until)


def templates() -> tuple[Template, ...]:
    """Every template of the installed packs, in the order of the packs."""
    return tuple(Template(pack, one) for pack in load_packs(PACK_TERMS.paths) for one in pack.calls)


def template_called(name: str, day: date) -> Template:
    """The template called `pack/template`, in force on a day. InputError where there is none, or it is not in force."""
    known = {one.name: one for one in templates()}
    if name not in known:
        raise InputError.of(
            "there is no call template {name!r}", name=name[:80], expected="one of {known}",
            known=", ".join(known) or "-", do="look at `foretrack call templates`, or leave it empty",
        )  # fmt: skip
    found = known[name]
    if not found.holds(day):
        raise InputError.of(
            "the call template {name} is not in force on {day}", name=name, day=day.isoformat(),
            expected="a day from {first} to {last}", first=found.since,
            last=found.template.valid_to or found.pack.valid_to or "-", do="choose another template, or leave it empty",
        )  # fmt: skip
    return found


def laxer(found: Template, body: Mapping[str, Json]) -> tuple[Problem, ...]:
    """Where a call asks for less, or allows more, than the template that it says it follows; empty where nowhere.

    A call may be stricter: a lower limit, fewer tracks, a demand of its own, more stages, more reviewers.
    """
    wanted = found.template.values
    return (
        *_numbers(found, wanted, body), *_asked_for(found, wanted, body), *_same(found, wanted, body),
        *_stages(found, wanted, body),
    )  # fmt: skip


def _wrong(found: Template, name: str, given: object, expected: str, **values: object) -> Problem:
    error = InputError.of(
        "{label} is {given}, laxer than the template {template} of {since}",
        label=Spoken.of(CALL.by_name[name].label), given="-" if given in (None, "", [], ()) else given,
        template=found.name, since=found.since, expected=expected,
        do="make the call as strict as its template, or take the template off it", **values,
    )  # fmt: skip
    return Problem(name, error)


def _numbers(found: Template, wanted: Mapping[str, Any], body: Mapping[str, Json]) -> Iterator[Problem]:
    for name in AT_MOST:
        most, given = wanted.get(name), body.get(name)
        if most is not None and (given is None or given > most):
            yield _wrong(found, name, given, "at most {most}", most=most)
    quota = wanted.get("quota")
    for row in body.get("quotas") or () if quota is not None else ():
        if row["places"] > quota:
            yield _wrong(found, "quotas", f"{row['body']}: {row['places']}", "at most {most}", most=quota)
    per = body.get("selected_per")
    if "selected_most" in wanted and per is not None and per != wanted.get("selected_per"):
        # A limit of the whole call is stricter than the same limit in each part; other parts cannot be compared.
        yield _wrong(found, "selected_per", per, "{said}, or empty", said=wanted.get("selected_per") or "-")


def _asked_for(found: Template, wanted: Mapping[str, Any], body: Mapping[str, Json]) -> Iterator[Problem]:
    for name in ASKED_FOR:
        if wanted.get(name) and not body.get(name):
            yield _wrong(found, name, body.get(name), "yes")


def _same(found: Template, wanted: Mapping[str, Any], body: Mapping[str, Json]) -> Iterator[Problem]:
    for name in THE_SAME:
        if wanted.get(name) and body.get(name) != wanted[name]:
            yield _wrong(found, name, body.get(name), "{said}", said=wanted[name])
    tracks = set(wanted.get("tracks") or ())
    given = set(body.get("tracks") or ())
    if tracks and (not given or given - tracks):
        strange = ", ".join(sorted(given - tracks)[:4])
        yield _wrong(found, "tracks", strange, "some of {said}", said=", ".join(sorted(tracks)[:12]))


def _stages(found: Template, wanted: Mapping[str, Any], body: Mapping[str, Json]) -> Iterator[Problem]:
    asked: Sequence[Mapping[str, Any]] = wanted.get("stages") or ()
    given = body.get("stages") or ()
    if len(given) < len(asked):
        yield _wrong(found, "stages", len(given), "{n} or more", n=len(asked))
        return
    for number, (one, other) in enumerate(zip(asked, given, strict=False), start=1):
        if one.get("mode") == BLIND and other["mode"] != BLIND:
            yield _wrong(found, "stages", f"{number}: {other['mode']}", "a blind stage")
        if other["reviewers"] < one.get("reviewers", 0):
            yield _wrong(
                found, "stages", f"{number}: {other['reviewers']}", "{n} or more", n=one["reviewers"]
            )

"""When a participant has time and whom he or she wishes to meet; who asks to meet him or her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foretrack.domains.exchange.actions.exhibitions import (
    TAKES_PART,
    mine,
    names_of,
    participations,
    timetable_of,
)
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import records_with, visible_to
from foretrack.registry.actions.records import edit
from foretrack.registry.registry import Registry, moment


@dataclass(frozen=True, slots=True)
class Other:
    """Another participant, as this one sees it: the weight of the own wish, and whether the other asked."""

    key: str
    title: str
    side: str
    shows: Mapping[str, str]
    weight: int
    """0: no wish; -1: refused."""
    asks: bool


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one participant told."""

    participation: str
    exhibition: str
    revision: int
    away: tuple[str, ...]
    others: tuple[Other, ...]
    """Those who ask and wait for an answer first, then own wishes, then by name."""


def wishes(registry: Registry, actor: Actor, key: str) -> Wishes:
    """The wishes and slots of a participation, for its owner and whoever runs the exhibition.

    That another one asks for a meeting is told; how much he or she wishes it, and whom else, is not.
    """
    record = mine(registry, actor, key)
    there = participations(record.body["exhibition"], TAKES_PART)
    seen = records_with([one.key for one in there], visible_to(actor))
    names = names_of(there, actor.language)
    weights = {row["whom"]: row["weight"] for row in record.body.get("wishes") or ()}
    refused = set(record.body.get("refused") or ())
    others = [
        Other(
            one.key, names[one.key], one.body["side"], one.body.get("shows") or {},
            -1 if one.key in refused else weights.get(one.key, 0),
            any(row["whom"] == record.key for row in one.body.get("wishes") or ()),
        )
        for one in there
        if one.key != record.key and one.key in seen
    ]  # fmt: skip
    others.sort(key=lambda one: (not (one.asks and one.weight == 0), -one.weight, one.title, one.key))
    return Wishes(
        record.key,
        record.body["exhibition"],
        record.revision,
        tuple(record.body.get("away") or ()),
        tuple(others),
    )


def tell_wishes(
    registry: Registry,
    actor: Actor,
    key: str,
    *,
    weights: Mapping[str, int],
    away: Sequence[str],
    revision: int,
) -> Wishes:
    """Keeps whom a participant wishes to meet and when there is no time.

    Args:
        weights: participation to 1, 2 or 3, 0 for no wish, -1 for a meeting that is refused; those left out stay.
        away: names of the slots without this participant.

    InputError for a slot or a participant that is not there; ConflictError where somebody changed it since.
    """
    record = mine(registry, actor, key)
    slots = timetable_of(record.body["exhibition"]).by_name
    for name in away:
        if name not in slots:
            raise InputError.of(
                "{slot!r} is no slot of the exhibition", slot=name[:40], expected="one of its slots",
                do="choose it on the page",
            )  # fmt: skip
    there = {one.key for one in participations(record.body["exhibition"], TAKES_PART)} - {record.key}
    for whom, weight in weights.items():
        if whom not in there or weight not in (-1, 0, 1, 2, 3):
            raise InputError.of(
                "a wish of weight {weight} to meet {whom}", weight=weight, whom=whom[:40],
                expected="another participant, and a weight from 1 to 3", do="choose it on the page",
            )  # fmt: skip
    before = {row["whom"]: row for row in record.body.get("wishes") or ()}
    told = {whom: row["weight"] for whom, row in before.items()} | dict(weights)
    now = moment(registry.now())
    rows = [
        {"whom": whom, "weight": weight, "asked_at": before.get(whom, {}).get("asked_at", now)}
        for whom, weight in told.items()
        if weight > 0
    ]
    refused = [one for one in record.body.get("refused") or () if weights.get(one, -1) == -1]
    refused += [whom for whom, weight in weights.items() if weight == -1 and whom not in refused]
    values = {"wishes": rows, "away": [name for name in slots if name in set(away)], "refused": refused}
    edit(registry, actor, record.key, values, revision=revision)
    return wishes(registry, actor, key)


def numbers_of_wishes(key: str) -> dict[str, int]:
    """Participation to the number of wishes it has told: for whoever runs the exhibition."""
    return {one.key: len(one.body.get("wishes") or ()) for one in participations(key, TAKES_PART)}

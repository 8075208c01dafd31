"""Invented evaluations for the demo and for tests: a recognised body, an achievement, a result, a claim that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from foretrack.foundation.clock import fixed_clock

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
SCALE = "trl-iso16290/trl"
REASON = "Sample decision, invented"
SHOWN: Mapping[str, tuple[str, str]] = {
    "1/report": ("Invented paper on friction of looms", "Annex 1"),
    "2/concept": ("Invented concept of a quiet loom", "Annex 2"),
    "2/need": ("Letters of two invented weaving mills", "Annex 3"),
    "3/functions": ("List of three functions", "Annex 2"),
    "3/proof": ("Bench results of each function", "Annex 4"),
    "4/breadboard": ("Drawings of the bench set-up", "Annex 5"),
    "4/laboratory-test": ("Noise measured in the invented laboratory", "Annex 6"),
    "5/environment": ("Description of the hall of a mill", "Annex 7"),
    "5/environment-test": ("A week in that hall, 14 March", "Annex 8"),
}
REFUSED = "5/environment-test"


@dataclass(frozen=True, slots=True)
class Side:
    """An organisation and somebody who manages it."""

    organisation: str
    region: str
    actor: Actor


def sample_evaluations(
    registry: Registry, *, officer: Actor, second: Actor, maker: Side, assessor: Side
) -> dict[str, str]:
    """Makes them through the actions that people use, each on a day before today; name to key."""
    from foretrack.registry.actions.records import create, move, show

    def at(days: int) -> Registry:
        day = registry.now().date() + timedelta(days=days)
        return replace(registry, clock=fixed_clock(datetime.combine(day, time(10)).isoformat()))

    def go(days: int, actor: Actor, key: str, name: str, **values: Any) -> None:
        now = at(days)
        move(now, actor, key, name, revision=show(now, officer, key).revision, reason=REASON, values=values)

    def make(days: int, side: Side, kind: str, title: tuple[str, str], values: Mapping[str, Any]) -> str:
        shared = {
            "title": {"en": title[0], "zh": title[1]}, "organisation": side.organisation, "region": side.region,
            "tracks": [TRACK],
        }  # fmt: skip
        return create(at(days), side.actor, kind, {**shared, **values}).key

    def recognise(days: int, key: str) -> None:
        go(days, officer, key, "announce")
        go(days + 20, second, key, "recognise")

    body = make(
        -300, assessor, "service-body", ("Invented Assessors of Results", "虚构成果评价中心"),
        {"services": ["evaluation", "transfer"], "cases": 12, "staff": 9,
         "about": {"en": "Evaluates invented results.", "zh": "评价虚构成果。"}},
    )  # fmt: skip
    go(-300, assessor.actor, body, "submit")
    recognise(-299, body)
    achievement = make(
        -90, maker, "achievement", ("Invented quiet loom", "虚构静音织机"),
        {"sort_of": "applied", "maturity": 5,
         "summary": {"en": "An invented loom that makes no noise.", "zh": "一种虚构的静音织机。"},
         "description": {"en": "Invented for samples only.", "zh": "仅用于示例。"}},
    )  # fmt: skip
    go(-90, maker.actor, achievement, "submit")
    go(-89, officer, achievement, "release")

    def evaluation(days: int, title: tuple[str, str], level: str, items: tuple[str, ...], **more: Any) -> str:
        key = make(
            days, maker, "evaluation", title,
            {"achievement": achievement, "sort_of": "applied", "evaluated_by": body, "purpose": "transfer",
             "claimed": [{"level": f"{SCALE}/{level}"}],
             "evidence": [
                 {"item": f"{SCALE}/{one}", "proof": SHOWN[one][0], "document": SHOWN[one][1]} for one in items
             ], **more},
        )  # fmt: skip
        go(days, maker.actor, key, "submit")
        return key

    first = evaluation(
        -70, ("Invented evaluation of the quiet loom", "虚构静音织机成果评价"), "5", tuple(SHOWN)
    )
    go(
        -60, assessor.actor, first, "report",
        assessed=[
            {"item": f"{SCALE}/{one}", "accepted": one != REFUSED,
             **({"why": "The hall was empty that week"} if one == REFUSED else {})}
            for one in SHOWN
        ],
        reached=[{"level": f"{SCALE}/4"}],
        conclusion={
            "en": "It works on the bench; the week in the hall shows nothing yet.",
            "zh": "台架试验成立；车间试验尚不能证明。",
        },
        dissent={
            "en": "One of the panel would have accepted the week in the hall.",
            "zh": "一位专家认为可采信车间试验。",
        },
        valid_until=(registry.now().date() + timedelta(days=600)).isoformat(),
    )  # fmt: skip
    recognise(-55, first)
    claim = evaluation(
        -5,
        ("Invented second evaluation of the quiet loom", "虚构静音织机再评价"),
        "5",
        tuple(SHOWN),
        previous=first,
    )
    return {"service_body": body, "achievement": achievement, "evaluation": first, "claim": claim}

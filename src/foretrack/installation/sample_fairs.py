"""Two invented exhibitions: one that takes registrations, and one on its day, with meetings held and told of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from foretrack.foundation.clock import fixed_clock

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
_PARTS = (
    ("exhibitor", "Invented grippers", "虚构柔性夹爪", "Grippers for soft goods.", "面向柔性物料的夹爪。"),
    ("visitor", "Invented bakery", "虚构烘焙厂", "Looks for a way to lift fresh bread.", "寻求鲜面包搬运方案。"),
    ("exhibitor", "Invented quiet drives", "虚构静音驱动", "Drives for bedrooms.", "适用于卧室的静音驱动器。"),
    ("visitor", "Invented night hospital", "虚构夜间医院", "Carts must not wake anybody.", "要求推车夜间不扰人。"),
    ("exhibitor", "Invented eyes", "虚构工业视觉", "Cameras that see glass.", "可识别玻璃的相机。"),
    ("visitor", "Invented bottle works", "虚构玻璃瓶厂", "Loses one bottle in fifty.", "瓶体破损率为五十分之一。"),
)  # fmt: skip
_WISHES = ((1, 0, 3), (1, 2, 1), (3, 2, 3), (3, 4, 1), (5, 4, 3), (5, 0, 2), (0, 1, 2), (2, 3, 3))
"""(who, whom, weight), by their places among the participants."""


def _nothing(made: int) -> None:
    pass


def sample_fairs(
    registry: Registry,
    *,
    officer: Actor,
    issuer: str,
    firms: Sequence[tuple[str, str, Actor]],
    told: Callable[[int], None] = _nothing,
) -> dict[str, str]:
    """Makes both; names to keys of the exhibitions, of a participation and of one of its meetings.

    Args:
        firms: (key, region, somebody who manages it); each takes part more than once where they are few.
        told: is told how many records were made.
    """
    from foretrack.domains.exchange.actions.attending import agenda, arrive, desk, sit
    from foretrack.domains.exchange.actions.concluding import tell_outcome
    from foretrack.domains.exchange.actions.exhibitions import schedule_of
    from foretrack.domains.exchange.actions.scheduling import make_proposal, publish
    from foretrack.domains.exchange.actions.wishing import tell_wishes
    from foretrack.registry.actions.records import create, move
    from foretrack.registry.models import Record

    today = registry.now().date()

    def at(days: int) -> Registry:
        moment = datetime.combine(today + timedelta(days=days), time(1))
        return replace(registry, clock=fixed_clock(moment.isoformat()))

    def go(days: int, actor: Actor, key: str, *steps: str, **values: Any) -> None:
        for step in steps:
            revision = Record.objects.values_list("revision", flat=True).get(key=key)
            move(at(days), actor, key, step, revision=revision, values=values)

    def event(days: int, en: str, zh: str) -> str:
        values = {
            "title": {"en": en, "zh": zh}, "organisation": issuer, "region": "CN-33", "tracks": [TRACK],
            "about": {
                "en": "Invented. Those who make robots meet those who have work for them.",
                "zh": "虚构示例：机器人研制单位与应用单位面对面洽谈。",
            },
            "purpose": "achievements", "form": "place", "place": "Invented Hall, Hangzhou", "timezone": "Asia/Shanghai",
            "days": [{"day": (today + timedelta(days=days)).isoformat(), "begins": "09:00", "ends": "11:30"}],
            "breaks": [{"begins": "10:00", "ends": "10:30"}], "slot_minutes": 30,
            "halls": [{"hall": "A", "tables": 3}], "most_meetings": 3, "capacity": 60,
            "registration_from": (today + timedelta(days=days - 40)).isoformat(),
            "registration_until": (today + timedelta(days=days - 2)).isoformat(),
        }  # fmt: skip
        key = create(at(days - 45), officer, "exhibition", values).key
        go(days - 41, officer, key, "announce", "open")
        return key

    coming = event(30, "Invented spring fair for robots", "虚构机器人春季对接会")
    now = event(0, "Invented robot fair", "虚构机器人成果对接会")
    parts: list[tuple[str, Actor]] = []
    for n, (side, en, zh, shows, shows_zh) in enumerate(_PARTS):
        firm, _, who = firms[n % len(firms)]
        values = {
            "title": {"en": en, "zh": zh}, "organisation": firm, "exhibition": now, "side": side, "tracks": [TRACK],
            "shows": {"en": shows, "zh": shows_zh}, "person": "Invented Person", "languages": ["zh", "en"],
        }  # fmt: skip
        key = create(at(-20), who, "participation", values).key
        go(-20, who, key, "register")
        go(-15, officer, key, "confirm", **({"stand": f"A-{n + 1}"} if side == "exhibitor" else {}))
        parts.append((key, who))
    for n, (key, who) in enumerate(parts):
        weights = {parts[whom][0]: weight for by, whom, weight in _WISHES if by == n}
        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        tell_wishes(at(-10), who, key, weights=weights, away=[], revision=revision)
    make_proposal(at(-5), now, mend=False)
    schedule = schedule_of(now)
    assert schedule is not None
    publish(at(-5), officer, now, revision=schedule.revision)
    go(-5, officer, now, "schedule")
    go(0, officer, now, "begin")
    lines = desk(registry, officer, now)
    for line in lines.people[:4]:
        arrive(at(0), officer, now, code=line.code)
    first = lines.tables[0]
    for side in (first.first, first.second):
        sit(at(0), officer, now, meeting=first.code, who=side)
    owner = dict(parts)[first.first]
    tell_outcome(
        at(0), owner, first.first, meeting=first.code,
        values={"result": "trial", "satisfaction": 5, "next_step": {"en": "Invented trial", "zh": "虚构：春季试用"}},
    )  # fmt: skip
    told(2 + 2 * len(parts) + 2)
    part = parts[1][0]
    meeting = agenda(registry, parts[1][1], part).appointments[-1]
    return {"fair": now, "coming_fair": coming, "part": part, "meeting": meeting.code}

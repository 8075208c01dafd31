"""What a task, a bid, a competition or an entry must meet to move, whichever door it is moved through.

What a kind's own declaration cannot say stands here: what follows from another record, or from the template of a pack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from foretrack.domains.missions.kinds.bids import AT_WORK, BID, CHOSEN, TESTED
from foretrack.domains.missions.kinds.competitions import COMPETITION, COMPETITION_ENTRY
from foretrack.domains.missions.kinds.tasks import MISSION_TASK
from foretrack.domains.missions.testing import Line, compare, years_later
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.review.templates import Template, template_called


def on_moving(
    kind: Kind, record: Record, transition: Transition, body: Mapping[str, Json], registry: Registry, **_: Any
) -> None:
    """Refuses a move that another record or a template does not allow."""
    at = (kind.name, transition.name)
    if at in _CHECKS:
        _CHECKS[at](record, body)


def bids_of(task: str, states: tuple[str, ...] = ()) -> list[Record]:
    """Bids for a task, in the order in which they were made."""
    found = _pointing("task", task, BID.name)
    return [one for one in found if not states or one.status in states]


def entries_of(competition: str) -> list[Record]:
    """Recognised entries of a competition, in the order in which they were made."""
    return [
        one for one in _pointing("competition", competition, COMPETITION_ENTRY.name) if one.status == "recognised"
    ]  # fmt: skip


def _pointing(field: str, target: str, kind: str) -> list[Record]:
    keys = Pointer.objects.filter(field=field, unit="record", target=target, record__kind=kind)
    return list(Record.objects.filter(pk__in=keys.values("record_id"), merged_into=None).order_by("pk"))


def task_of(body: Mapping[str, Json]) -> Record:
    """The task of a bid; it is always there, since no record is ever deleted."""
    return Record.objects.get(key=body["task"])


def lines_of(task: Mapping[str, Json], bid: Mapping[str, Json]) -> tuple[Line, ...]:
    """What a task wants, a bid promises and a test measured."""
    return compare(task.get("measures") or (), bid.get("promised") or (), bid.get("measured") or ())


def _template_of(task: Mapping[str, Json]) -> Template | None:
    name = task.get("based_on")
    return template_called(str(name), date.fromisoformat(task["listed_on"])) if name else None


# ---- a task


def _may_be_listed(record: Record, body: Mapping[str, Json]) -> None:
    found = _template_of(body)
    if found is None:
        return
    for name, entries in (("category", found.template.categories), ("direction", found.template.directions)):
        known = [found.pack.full_id(one.id) for one in entries]
        if known and body[name] not in known:
            raise InputError.of(
                "{value} is not in the template {template}", value=body[name], template=found.name,
                expected="one of {known}", known=", ".join(known), do="correct it, or take the template off the task",
            )  # fmt: skip
    most = found.template.values.get("years_most")
    first, last = date.fromisoformat(body["listed_on"]), date.fromisoformat(body["done_by"])
    if most is not None and last > years_later(first, most):
        raise InputError.of(
            "the work ends on {last}, more than {most} years after the day of the list", last=last.isoformat(), most=most,
            expected="{day} or earlier, as the template {template} of {since} says",
            day=years_later(first, most).isoformat(), template=found.name, since=found.since, do="set an earlier day",
        )  # fmt: skip


def _may_be_awarded(record: Record, body: Mapping[str, Json]) -> None:
    if not bids_of(record.key, CHOSEN):
        raise EvidenceError.of(
            "no bid for the task has been recognised",
            expected="one or more",
            do="decide about the bids first",
        )


def _may_be_tested(record: Record, body: Mapping[str, Json]) -> None:
    waiting = bids_of(record.key, AT_WORK)
    if waiting:
        raise EvidenceError.of(
            "{n} bids are not tested yet", n=len(waiting), expected="a test passed or not passed for each",
            do="record the test of {key}", key=waiting[0].key,
        )  # fmt: skip
    if not bids_of(record.key, TESTED):
        raise EvidenceError.of("no bid was tested", expected="one or more", do="close the task instead")


# ---- a bid


def _may_bid(record: Record, body: Mapping[str, Json]) -> None:
    task = task_of(body)
    if task.status != "published":
        raise EvidenceError.of(
            "the task is {state!r}", state=task.status, expected="a task that is on the list",
            do="wait until it is published, or choose another one",
        )  # fmt: skip
    if body["direction"] != task.body["direction"]:
        raise InputError.of(
            "the bid names another direction than its task", expected="{direction}", direction=task.body["direction"],
            do="correct the direction",
        )  # fmt: skip
    found = _template_of(task.body)
    most = found.template.values.get("partners_most") if found else None
    partners = len(body.get("partners") or ())
    if most is not None and partners > most:
        raise InputError.of(
            "{n} partners", n=partners, expected="at most {most} beside the leading organisation", most=most,
            do="take some out",
        )  # fmt: skip
    last = date.fromisoformat(task.body["done_by"])
    ends = years_later(date.fromisoformat(task.body["listed_on"]), int(body["years"]) - 1)
    if ends >= last:
        raise InputError.of(
            "{n} years of work", n=body["years"], expected="no more than the task gives, which ends on {last}",
            last=last.isoformat(), do="correct the years",
        )  # fmt: skip
    for row in body.get("milestones") or ():
        if row["due"] > task.body["done_by"]:
            raise InputError.of(
                "the milestone {name} is due on {due}, after the end of the task", name=row["milestone"], due=row["due"],
                expected="{last} or earlier", last=task.body["done_by"], do="correct the day",
            )  # fmt: skip
    short = next(
        (line for line in lines_of(task.body, body) if line.wanted is not None and not line.enough), None
    )
    if short is not None:
        raise InputError.of(
            "{measure}: promised {promised}", measure=short.measure,
            promised="-" if short.promised is None else f"{short.promised:g}", expected="{sense} {wanted} {unit}",
            sense=Sentence(short.sense), wanted=f"{short.wanted:g}", unit=short.unit,
            do="promise what the task wants, in its unit, or choose another task",
        )  # fmt: skip


def _may_test(record: Record, body: Mapping[str, Json]) -> None:
    """The tester is no party, nor owns one, nor is owned by one."""
    tester = str(body["tested_by"])
    parties = {str(body["organisation"]), *map(str, body.get("partners") or ())}
    parents = Pointer.objects.filter(field="parent", unit="record", record__kind="organisation")
    owned = set(
        parents.filter(record__key__in=[tester, *parties], target__in=[tester, *parties]).values_list(
            "record__key", "target"
        )
    )
    tied = next(((one, other) for one, other in sorted(owned) if tester in (one, other)), None)
    if tied is not None:
        raise InputError.of(
            "{tester} and one of those who bid belong together", tester=tester, expected="a third party",
            do="name another tester",
        )  # fmt: skip


def _may_pass(record: Record, body: Mapping[str, Json]) -> None:
    _may_test(record, body)
    task = task_of(body).body
    if not task["listed_on"] <= body["tested_on"] <= task["done_by"]:
        raise InputError.of(
            "tested on {day}", day=body["tested_on"], expected="a day from {first} to {last}", first=task["listed_on"],
            last=task["done_by"], do="correct the day, or record that the test was not passed",
        )  # fmt: skip
    for line in lines_of(task, body):
        if not line.met:
            limit = line.promised if line.promised is not None else line.wanted
            raise EvidenceError.of(
                "{measure}: measured {measured}", measure=line.measure,
                measured="-" if line.measured is None else f"{line.measured:g}", expected="{sense} {limit} {unit}",
                sense=Sentence(line.sense), limit=f"{limit:g}", unit=line.unit,
                do="give what was measured, or record that the test was not passed",
            )  # fmt: skip


def _may_win(record: Record, body: Mapping[str, Json]) -> None:
    task = task_of(body)
    most = task.body.get("winners_most")
    if most is None:
        raise InputError.of(
            "the task does not say how many win", expected="a number of winners",
            do="say it by the transition `limit` of {key}", key=task.key,
        )  # fmt: skip
    won = len([one for one in bids_of(task.key, ("won",)) if one.pk != record.pk])
    if won >= most:
        raise InputError.of(
            "{n} bids have won already",
            n=won,
            expected="at most {most}",
            most=most,
            do="name no other winner",
        )


# ---- a competition


def _may_be_judged(record: Record, body: Mapping[str, Json]) -> None:
    without = [one for one in entries_of(record.key) if not one.body.get("rank")]
    if without:
        raise EvidenceError.of(
            "{n} entries have no rank", n=len(without), expected="a rank for each entry that was selected",
            do="give {key} its rank", key=without[0].key,
        )  # fmt: skip


def _may_enter(record: Record, body: Mapping[str, Json]) -> None:
    competition = Record.objects.get(key=body["competition"])
    if competition.status != "announced":
        raise EvidenceError.of(
            "the competition is {state!r}", state=competition.status, expected="a competition that is announced",
            do="wait until it is, or choose another one",
        )  # fmt: skip
    tracks = set(competition.body.get("tracks") or ())
    if tracks and not tracks & set(body["tracks"]):
        raise InputError.of(
            "none of the tracks of the entry is in the competition", expected="one of {known}",
            known=", ".join(sorted(tracks)), do="correct its tracks, or choose another competition",
        )  # fmt: skip


def _may_be_placed(record: Record, body: Mapping[str, Json]) -> None:
    competition = Record.objects.get(key=body["competition"])
    if competition.status != "announced":
        raise EvidenceError.of(
            "the competition is {state!r}", state=competition.status, expected="a competition without results yet",
            do="leave the ranks as they were published",
        )  # fmt: skip
    others = [one for one in entries_of(competition.key) if one.pk != record.pk]
    same = [
        one for one in others
        if one.body.get("rank") == body["rank"] and one.body["group"] == body["group"]
    ]  # fmt: skip
    if same:
        raise InputError.of(
            "rank {rank} is taken by {key}", rank=body["rank"], key=same[0].key, expected="a rank of its own",
            do="give another one",
        )  # fmt: skip
    prize = body.get("prize")
    if prize:
        places = {row["prize"]: row["places"] for row in competition.body.get("prizes") or ()}
        if prize not in places:
            raise InputError.of(
                "there is no prize {prize!r}", prize=prize, expected="one of {known}", known=", ".join(places) or "-",
                do="correct it, or leave it empty",
            )  # fmt: skip
        given = sum(1 for one in others if one.body.get("prize") == prize)
        if given >= places[prize]:
            raise InputError.of(
                "{n} entries have the prize {prize} already", n=given, prize=prize, expected="at most {most}",
                most=places[prize], do="give another prize",
            )  # fmt: skip


_CHECKS: Mapping[tuple[str, str], Callable[[Record, Mapping[str, Json]], None]] = {
    (MISSION_TASK.name, "publish"): _may_be_listed, (MISSION_TASK.name, "award"): _may_be_awarded,
    (MISSION_TASK.name, "test"): _may_be_tested, (BID.name, "submit"): _may_bid, (BID.name, "test"): _may_test,
    (BID.name, "pass"): _may_pass, (BID.name, "win"): _may_win, (COMPETITION.name, "judge"): _may_be_judged,
    (COMPETITION_ENTRY.name, "submit"): _may_enter, (COMPETITION_ENTRY.name, "place"): _may_be_placed,
}  # fmt: skip


def listen() -> None:
    """Lets missions hear what moves, and lets rules hear of ranks in competitions."""
    from foretrack.domains.missions.actions.results import results_of
    from foretrack.registry.signals import moving
    from foretrack.review.eligibility import RESULTS

    moving.connect(on_moving, dispatch_uid="missions.on_moving")
    RESULTS.add(results_of)

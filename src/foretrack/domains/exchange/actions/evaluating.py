"""What an evaluation must meet to move, and what moves with it: the readiness level of the achievement and its offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from foretrack.accounts.actors import OPERATOR
from foretrack.domains.exchange.kinds.achievements import SORTS
from foretrack.domains.exchange.kinds.bodies import SERVICE_BODY
from foretrack.domains.exchange.kinds.evaluations import (
    CURRENT,
    EVALUATION,
    PAST,
    accepted_only_what_was_given,
    reached_only_what_is_proved,
)
from foretrack.domains.exchange.kinds.profiles import OFFER
from foretrack.domains.exchange.scales import known_scales, levels_in
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.actions.records import edit, move
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.declaring.fields import Json, Spoken
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.review.calls import Call
from foretrack.review.kinds import SUBMISSION
from foretrack.review.ties import owners

SYSTEM = replace(OPERATOR, via="system")


def on_moving(
    kind: Kind, record: Record, transition: Transition, body: Mapping[str, Json], registry: Registry, **_: Any
) -> None:
    """Refuses a move that the achievement, the body or the evidence does not allow."""
    check = _CHECKS.get((kind.name, transition.name))
    if check is not None:
        check(registry, record, body)


def on_moved(record: Record, transition: Transition, registry: Registry, **_: Any) -> None:
    """Lets the achievement follow a result that was recognised or removed, and puts the earlier evaluation aside."""
    if record.kind != EVALUATION.name:
        return
    if transition.name == "recognise":
        earlier = Record.objects.filter(
            key=record.body.get("previous"), status__in=(CURRENT, "lapsed")
        ).first()
        if earlier is not None:
            move(
                registry, SYSTEM, earlier.key, "supersede", revision=earlier.revision,
                reason=f"evaluation {record.key}",
            )  # fmt: skip
        apply_result(registry, record)
    elif transition.name == "remove":
        take_back(registry, record)


def evaluations_of(achievement: str, states: tuple[str, ...] = ()) -> list[Record]:
    """Evaluations of an achievement, the newest first, with no question asked: the caller decides who may."""
    keys = Pointer.objects.filter(
        field="achievement", unit="record", target=achievement, record__kind=EVALUATION.name
    )
    found = Record.objects.filter(pk__in=keys.values("record_id"), merged_into=None).order_by("-pk")
    return [one for one in found if not states or one.status in states]


def readiness_from(body: Mapping[str, Json]) -> int | None:
    """The readiness level that an evaluation gives; None where its scales say nothing of readiness, or nothing was
    reached on them. Of several scales the lowest counts."""
    known = known_scales()
    levels = [
        known[name].counts_as(level)
        for name, level in levels_in(body.get("reached")).items()
        if name in known
    ]
    return min((one for one in levels if one is not None), default=None)


def judges_readiness(body: Mapping[str, Json]) -> bool:
    """Whether one of the scales on which something is claimed says anything of readiness."""
    known = known_scales()
    return any(
        known[name].counts_as(known[name].scheme.concepts[-1].id) is not None
        for name in levels_in(body.get("claimed"))
        if name in known
    )


def apply_result(registry: Registry, evaluation: Record) -> None:
    """Gives the achievement the readiness level that was reached, up or down, and the applicant's offers of it where the
    applicant agreed. What reached nothing loses its level. Each change names the evaluation as its reason and source."""
    if judges_readiness(evaluation.body):
        _follow(registry, evaluation, readiness_from(evaluation.body), f"evaluation {evaluation.key}")


def take_back(registry: Registry, evaluation: Record) -> None:
    """After a removal: the level of the newest evaluation that still stands, or none, unless somebody has changed it."""
    if not judges_readiness(evaluation.body):
        return
    standing = next((one for one in evaluations_of(evaluation.body["achievement"], (CURRENT,))), None)
    level = readiness_from(standing.body) if standing is not None else None
    _follow(
        registry, evaluation, level, f"evaluation {evaluation.key} was removed",
        only_from=readiness_from(evaluation.body), source=standing,
    )  # fmt: skip


def _follow(
    registry: Registry, evaluation: Record, level: int | None, reason: str, *, only_from: int | None = None,
    source: Record | None = None,
) -> None:  # fmt: skip
    achievement = Record.objects.get(key=evaluation.body["achievement"])
    shown = [achievement]
    if evaluation.body.get("carry"):
        shown += offers_of(achievement.key, str(evaluation.organisation))
    named = source or evaluation
    said = {
        "source": f"evaluation {named.key}",
        "url": f"/record/{named.key}/",
        "date": registry.now().date().isoformat(),
    }
    for record in shown:
        before = record.body.get("maturity")
        if (
            before == level
            or not _changeable(registry, record)
            or (only_from is not None and before != only_from)
        ):
            continue
        told = f"{reason}: {before or '-'} → {level or '-'}"
        try:
            edit(
                registry, SYSTEM, record.key, {"maturity": level}, revision=record.revision, reason=told,
                provenance={"maturity": said},
            )  # fmt: skip
        except InvalidRecord:
            # The level contradicts what else the offer says (its stage): its owner has to mend it, and `behind` names it.
            if record.kind != OFFER.name:
                raise


def behind(evaluation: Record) -> list[Record]:
    """Public offers that should show the level of a current evaluation and do not, because it contradicts them."""
    if (
        evaluation.status != CURRENT
        or not evaluation.body.get("carry")
        or not judges_readiness(evaluation.body)
    ):
        return []
    level = readiness_from(evaluation.body)
    every = offers_of(str(evaluation.body["achievement"]), str(evaluation.organisation))
    return [one for one in every if one.status == "published" and one.body.get("maturity") != level]


def offers_of(achievement: str, organisation: str) -> list[Record]:
    """Offers of an achievement by the same organisation: nobody else's follow."""
    keys = Pointer.objects.filter(
        field="achievement", unit="record", target=achievement, record__kind=OFFER.name
    )
    rows = Record.objects.filter(pk__in=keys.values("record_id"), organisation=organisation, merged_into=None)
    return list(rows.order_by("pk"))


def _changeable(registry: Registry, record: Record) -> bool:
    return registry.kinds.get(record.kind).state(record.status).editable


# ---- what must hold


def _may_be_handed_in(registry: Registry, record: Record, body: Mapping[str, Json]) -> None:
    achievement = Record.objects.get(key=body["achievement"])
    if achievement.organisation != body["organisation"]:
        raise InputError.of(
            "{key} belongs to another organisation", key=achievement.key, expected="an achievement of the applicant",
            do="let its owner apply",
        )  # fmt: skip
    if achievement.status == "withdrawn":
        raise InputError.of(
            "the achievement {key} was withdrawn", key=achievement.key, expected="one that still stands",
            do="choose another one",
        )  # fmt: skip
    if achievement.body.get("sort_of") != body["sort_of"]:
        raise InputError.of(
            "the evaluation names another sort of result than {key}", key=achievement.key, expected="{sort}",
            sort=Spoken.of(SORTS[achievement.body["sort_of"]]), do="correct the sort of result",
        )  # fmt: skip
    _body_may(registry, body)
    key = body.get("previous")
    if key:
        earlier = Record.objects.get(key=key)
        if earlier.body.get("achievement") != achievement.key or earlier.status not in (CURRENT, *PAST):
            raise InputError.of(
                "{key} is no finished evaluation of the same achievement", key=key,
                expected="an evaluation that was recognised", do="name another one, or leave it empty",
            )  # fmt: skip
    running = [one for one in evaluations_of(achievement.key, ("submitted", "notice")) if one.pk != record.pk]
    if running:
        raise InputError.of(
            "the achievement is being evaluated already, in {key}", key=running[0].key,
            expected="one evaluation at a time", do="wait for its end, or withdraw it",
        )  # fmt: skip


def _body_may(registry: Registry, body: Mapping[str, Json]) -> None:
    """The body is recognised for evaluation today, and has nothing to do with the applicant."""
    found = Record.objects.get(key=body["evaluated_by"])
    if found.status != "recognised" or "evaluation" not in (found.body.get("services") or ()):
        raise EvidenceError.of(
            "{key} is not recognised for the evaluation of achievements today", key=found.key,
            expected="a recognised body that offers it", do="choose one from the register of bodies",
        )  # fmt: skip
    one, other = str(body["organisation"]), str(found.organisation)
    ties = {(tie.owner, tie.owned) for tie in owners(registry)}
    if one == other or (one, other) in ties or (other, one) in ties:
        raise InputError.of(
            "the applicant and the evaluation body belong together", expected="a body of a third party",
            do="choose another body",
        )  # fmt: skip


def _may_be_found(registry: Registry, record: Record, body: Mapping[str, Json]) -> None:
    _body_may(registry, body)
    for problems in (accepted_only_what_was_given(body), reached_only_what_is_proved(body)):
        if problems:
            raise problems[0]
    if str(body["valid_until"]) <= registry.now().date().isoformat():
        raise InputError.of(
            "the result would be valid until {day}", day=body["valid_until"], expected="a day that is still to come",
            do="give a later day",
        )  # fmt: skip


def _may_be_announced(registry: Registry, record: Record, body: Mapping[str, Json]) -> None:
    if not body.get("assessed") or not body.get("verdict"):
        raise EvidenceError.of(
            "nobody has recorded what the panel found", expected="evidence judged line by line, and the levels reached",
            do="record it on the page of {key}", key=record.key,
        )  # fmt: skip
    _may_be_found(registry, record, body)


def _may_be_recognised(registry: Registry, record: Record, body: Mapping[str, Json]) -> None:
    achievement = Record.objects.get(key=body["achievement"])
    if achievement.status == "submitted":
        raise EvidenceError.of(
            "the achievement {key} is being looked at for the release hall", key=achievement.key,
            expected="one that is released or a draft",
            do="release or return it first; its level changes with this result",
        )  # fmt: skip


def _fits_the_sheet(registry: Registry, record: Record, body: Mapping[str, Json]) -> None:
    """An evaluation goes to a call whose sheets weigh the values as its sort of result asks."""
    subject = Record.objects.filter(key=body.get("subject"), kind=EVALUATION.name).first()
    if subject is None:
        return
    call = Call(Record.objects.get(key=body["call"]))
    for stage in call.stages:
        sheet = stage.rubric.rpartition("/")[2]
        if sheet in SORTS and sheet != subject.body.get("sort_of"):
            raise InputError.of(
                "the call judges by the score sheet {sheet}", sheet=Spoken.of(SORTS[sheet]),
                expected="a call for {sort}", sort=Spoken.of(SORTS[str(subject.body.get("sort_of"))]),
                do="hand it in to the call of its sort of result",
            )  # fmt: skip


def _may_object(registry: Registry, record: Record, body: Mapping[str, Json]) -> None:
    before = record.body.get("objection")
    if body.get("objection") == before and before:
        raise InputError.of(
            "the same objection was decided already", expected="something new", do="say what was not considered",
        )  # fmt: skip


_Check = Callable[[Registry, Record, Mapping[str, Json]], None]
_CHECKS: Mapping[tuple[str, str], _Check] = {
    (EVALUATION.name, "submit"): _may_be_handed_in, (EVALUATION.name, "assess"): _may_be_found,
    (EVALUATION.name, "report"): _may_be_found, (EVALUATION.name, "announce"): _may_be_announced,
    (EVALUATION.name, "recognise"): _may_be_recognised, (SUBMISSION.name, "submit"): _fits_the_sheet,
    (SERVICE_BODY.name, "object"): _may_object,
}  # fmt: skip


def listen() -> None:
    """Lets evaluations hear what moves."""
    from foretrack.registry.signals import moved, moving

    moving.connect(on_moving, dispatch_uid="exchange.evaluating.on_moving")
    moved.connect(on_moved, dispatch_uid="exchange.evaluating.on_moved")

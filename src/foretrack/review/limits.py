"""How many may be selected: in the whole call, or in each direction, track, region or recommending body."""

from __future__ import annotations

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.calls import Call, submissions_of

SELECTED = ("notice", "selected", "rechecking")


def group_of(call: Call, submission: Record) -> str:
    """What the submission is counted under; empty where everything is counted together."""
    per = call.body.get("selected_per")
    if per == "region":
        return submission.region or ""
    if per == "body":
        return str(submission.body.get("recommended_by") or "")
    track = next(iter(submission.body.get("tracks") or ()), "")
    if per == "track":
        return str(track)
    if per == "direction":
        own = submission.body.get("direction")
        label = PACK_TERMS("call_directions").get(own) if own else PACK_TERMS.groups("tracks").get(track)
        return label.en if label else ""
    return ""


def check_limit(registry: Registry, call: Call, submission: Record) -> None:
    """InputError when the group of a submission has no place left."""
    most = call.body.get("selected_most")
    if most is None:
        return
    group = group_of(call, submission)
    taken = sum(
        1
        for one in submissions_of(call, SELECTED)
        if one.pk != submission.pk and group_of(call, one) == group
    )
    if taken >= most:
        raise InputError.of(
            "{n} submissions are selected already in {group}" if group else "{n} submissions are selected already",
            n=taken, group=group, expected="at most {most}", most=most, do="decline another one first",
        )  # fmt: skip

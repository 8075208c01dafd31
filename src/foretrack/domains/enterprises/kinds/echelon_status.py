"""The status of an enterprise in an echelon: applied for, looked at from level to level, recognised, renewed, lapsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from foretrack.domains.enterprises.ladders import echelon_of, echelon_terms, months_valid
from foretrack.foundation.days import add_months
from foretrack.foundation.errors import InputError
from foretrack.packs.ladders import LEVELS, Level
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Day,
    File,
    Json,
    Link,
    Number,
    Term,
    Text,
    YesNo,
)
from foretrack.registry.declaring.kind import Check, Kind, State, Transition
from foretrack.registry.declaring.workflows import CORRECTION, NOTICE, OWNERS, REVIEW

HELD = ("recognised", "recheck")
"""States in which an enterprise holds the status."""


def _handed_in(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """An applicant does not say for itself how long the status shall last."""
    return {"valid_from": None, "valid_until": None, "renewed": None}


def _recognised(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """From when to when a status lasts that begins today, as the ladder of its echelon says."""
    begins = date.fromisoformat(body["valid_from"]) if body.get("valid_from") else today
    _, echelon = echelon_of(body["echelon"])
    ends = add_months(begins, months_valid(echelon)) - timedelta(days=1)
    return {"valid_from": begins.isoformat(), "valid_until": ends.isoformat()}


def _renewed(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """How long a status lasts that is renewed: as long again, counted from its end."""
    _, echelon = echelon_of(body["echelon"])
    next_day = date.fromisoformat(body["valid_until"]) + timedelta(days=1)
    ends = add_months(next_day, months_valid(echelon)) - timedelta(days=1)
    return {"valid_until": ends.isoformat(), "renewed": int(body.get("renewed") or 0) + 1}


def _guard(level: Level, *, onward: bool) -> Check:
    """What stands against announcing an application at a level, which only the last of its echelon's chain does; or
    against handing it on to a level, which the chain has to reach."""

    def stands_against(body: Mapping[str, Json]) -> Sequence[InputError]:
        try:
            _, echelon = echelon_of(body["echelon"])
        except InputError as error:  # its pack is gone
            return (error,)
        decided = LEVELS.index(echelon.decided_by)
        if decided >= LEVELS.index(level) if onward else decided == LEVELS.index(level):
            return ()
        refused = InputError.of(
            "the echelon {echelon} is decided at the level {level}", expected="the way of its ladder",
            do="choose another transition", echelon=echelon.id, level=echelon.decided_by,
        )  # fmt: skip
        return (refused,)

    return stands_against


def check_status(body: Mapping[str, Json]) -> Sequence[InputError]:
    """What is wrong with a status as a whole: it ends before it begins, or nobody says that it is true."""
    found = []
    first, last = body.get("valid_from"), body.get("valid_until")
    if first and last and last < first:
        found.append(
            InputError.of(
                "the status ends on {last}, before it begins", expected="{first} or later", do="swap the days",
                first=first, last=last,
            )
        )  # fmt: skip
    if body.get("truthful") is False:
        found.append(
            InputError.of(
                "the application is not declared to be true", expected="the declaration of truth",
                do="read it and say yes",
            )
        )  # fmt: skip
    return found


_FIELDS = (
    BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
    Link(name="organisation", label=Bilingual("Enterprise", "企业"), to=("organisation",), required=True),
    Text(
        name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True, required=True,
        weight="none", help=Bilingual("Code such as CN-33 or DE-BY.", "地区代码，例如 CN-33、DE-BY。"),
    ),
    Term(
        name="echelon", label=Bilingual("Echelon", "梯队"), part="echelons", terms=echelon_terms, facet=True,
        required=True,
    ),
    Day(
        name="assessed_on", label=Bilingual("Assessed on", "自评日期"), visibility="private",
        help=Bilingual("The day whose rules were asked.", "自评所依据规则的日期。"),
    ),
    Number(name="score", label=Bilingual("Points in the self-assessment", "自评得分"), low=0, visibility="private"),
    Link(
        name="figures", label=Bilingual("Figures", "指标数据"), to=("enterprise-figures",), visibility="private"
    ),
    YesNo(
        name="truthful", label=Bilingual("Everything said here is true", "所填内容真实"), visibility="private",
        help=Bilingual(
            "Whoever declares something untrue loses the status.", "申报不实的，取消称号。"
        ),
    ),
    File(name="proofs", label=Bilingual("Documents of proof", "证明材料"), many=True, most=10, visibility="private"),
    Day(
        name="valid_from", label=Bilingual("Valid from", "有效期起"),
        help=Bilingual("Left empty, it begins on the day of the recognition.", "留空则自认定之日起算。"),
    ),
    Day(
        name="valid_until", label=Bilingual("Valid until", "有效期止"),
        help=Bilingual("Left empty, it follows from the ladder.", "留空则按梯度规定的有效期推算。"),
    ),
    Number(name="renewed", label=Bilingual("Times renewed", "复核次数"), low=0, whole=True),
)  # fmt: skip

_STATES = (
    State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
    State(name="submitted", label=Bilingual("City check", "市级审核"), editable=False, due=REVIEW),
    State(
        name="returned", label=Bilingual("Returned for correction", "退回修改"), draft=True, due=CORRECTION
    ),
    State(name="province-review", label=Bilingual("Province review", "省级评审"), editable=False, due=REVIEW),
    State(name="ministry-review", label=Bilingual("Ministry review", "部级评审"), editable=False, due=REVIEW),
    State(
        name="notice", label=Bilingual("Public notice", "公示中"), public=True, editable=False, notice=NOTICE
    ),
    State(
        name="recognised", label=Bilingual("Recognised", "已认定"), public=True, editable=False, listable=True
    ),
    State(
        name="recheck", label=Bilingual("Re-check due", "待复核"), public=True, editable=False, listable=True,
        due_field="valid_until",
    ),
    State(name="declined", label=Bilingual("Declined", "未通过"), editable=False, closed=True),
    State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    State(name="lapsed", label=Bilingual("Lapsed", "已失效"), public=True, editable=False, closed=True),
    State(name="removed", label=Bilingual("Removed", "已移除"), public=True, editable=False, closed=True),
)  # fmt: skip

_TRANSITIONS = (
    Transition(
        name="submit", label=Bilingual("Submit", "提交"), before=("draft", "returned"), after="submitted", who=OWNERS,
        needs=("truthful",), fills=_handed_in,
    ),
    Transition(
        name="return", label=Bilingual("Return for correction", "退回修改"),
        before=("submitted", "province-review", "ministry-review"), after="returned", who=("officer",), reason=True,
    ),
    Transition(
        name="pass-city", label=Bilingual("Pass the city check", "市级审核通过"), before=("submitted",),
        after="province-review", who=("officer",), level="city", reason=True, by_another=True,
        guards=(_guard("province", onward=True),),
    ),
    Transition(
        name="recommend", label=Bilingual("Recommend to the ministry", "推荐至部级"), before=("province-review",),
        after="ministry-review", who=("officer",), level="province", reason=True, by_another=True,
        guards=(_guard("ministry", onward=True),),
    ),
    Transition(
        name="announce-city", label=Bilingual("Announce publicly (city)", "公示（市级）"), before=("submitted",),
        after="notice", who=("officer",), level="city", reason=True, by_another=True,
        guards=(_guard("city", onward=False),),
    ),
    Transition(
        name="announce", label=Bilingual("Announce publicly (province)", "公示（省级）"), before=("province-review",),
        after="notice", who=("officer",), level="province", reason=True, by_another=True,
        guards=(_guard("province", onward=False),),
    ),
    Transition(
        name="announce-ministry", label=Bilingual("Announce publicly (ministry)", "公示（部级）"),
        before=("ministry-review",), after="notice", who=("officer",), level="ministry", reason=True, by_another=True,
        guards=(_guard("ministry", onward=False),),
    ),
    Transition(
        name="recognise", label=Bilingual("Recognise", "认定"), before=("notice",), after="recognised",
        who=("officer",), reason=True, by_another=True, after_notice=True, fills=_recognised,
    ),
    Transition(
        name="decline", label=Bilingual("Decline", "不予通过"),
        before=("submitted", "province-review", "ministry-review", "notice"), after="declined", who=("officer",),
        reason=True, by_another=True,
    ),
    Transition(
        name="withdraw", label=Bilingual("Withdraw", "撤回"),
        before=("draft", "submitted", "returned", "province-review", "ministry-review", "notice"),
        after="withdrawn", who=OWNERS,
    ),
    Transition(
        name="ask-recheck", label=Bilingual("Open the re-check", "启动复核"), before=("recognised",), after="recheck",
        who=("administrator",),
    ),
    Transition(
        name="renew", label=Bilingual("Renew after the re-check", "复核通过"), before=("recheck",), after="recognised",
        who=("officer",), reason=True, by_another=True, fills=_renewed,
    ),
    Transition(
        name="lapse", label=Bilingual("Lapse", "失效"), before=HELD, after="lapsed", who=("officer", "administrator"),
        reason=True,
    ),
    Transition(
        name="remove", label=Bilingual("Remove", "移除"), before=HELD, after="removed", who=("officer",), reason=True,
    ),
)  # fmt: skip

ECHELON_STATUS = Kind(
    name="echelon-status",
    label=Bilingual("Status in an echelon", "梯队称号"),
    plural=Bilingual("Statuses in echelons", "梯队称号"),
    help=Bilingual(
        "An enterprise applies for an echelon, is looked at level by level, recognised for some years, and re-checked.",
        "企业申报梯队称号，逐级审核、认定，在有效期内持有，到期复核。",
    ),
    organisation="organisation",
    region="region",
    fields=_FIELDS,
    checks=(check_status,),
    states=_STATES,
    transitions=_TRANSITIONS,
    clauses=("E1",),
    columns=("title", "organisation", "echelon", "region", "valid_until"),
)

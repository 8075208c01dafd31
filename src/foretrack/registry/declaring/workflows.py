"""Workflows that many kinds share, so that "select and publish" is declared once."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Field, File, Link, Term, Web
from foretrack.registry.declaring.kind import Role, State, Transition

OWNERS: tuple[Role, ...] = ("member", "manager")
NOTICE = "public-notice"
REVIEW = "review"
CORRECTION = "correction"
"""Names of durations that a pack gives in working days."""

SELECTION_STATES = (
    State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
    State(name="submitted", label=Bilingual("Submitted", "已提交"), editable=False, due=REVIEW),
    State(
        name="returned", label=Bilingual("Returned for correction", "退回修改"), draft=True, due=CORRECTION
    ),
    State(
        name="notice", label=Bilingual("Public notice", "公示中"), public=True, editable=False, notice=NOTICE
    ),
    State(
        name="recognised", label=Bilingual("Recognised", "已认定"), public=True, editable=False, listable=True
    ),
    State(name="declined", label=Bilingual("Declined", "未通过"), editable=False, closed=True),
    State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    State(name="removed", label=Bilingual("Removed", "已移除"), public=True, editable=False, closed=True),
)
"""From an organisation's draft to something that may be listed, and out again with a reason."""

SELECTION_TRANSITIONS = (
    Transition(
        name="submit", label=Bilingual("Submit", "提交"), before=("draft", "returned"), after="submitted", who=OWNERS,
    ),
    Transition(
        name="return", label=Bilingual("Return for correction", "退回修改"), before=("submitted",), after="returned",
        who=("officer",), reason=True,
    ),
    Transition(
        name="announce", label=Bilingual("Announce publicly", "公示"), before=("submitted",), after="notice",
        who=("officer",), reason=True, by_another=True,
    ),
    Transition(
        name="recognise", label=Bilingual("Recognise", "认定"), before=("notice",), after="recognised",
        who=("officer",), reason=True, by_another=True, after_notice=True,
    ),
    Transition(
        name="decline", label=Bilingual("Decline", "不予通过"), before=("submitted", "notice"), after="declined",
        who=("officer",), reason=True, by_another=True,
    ),
    Transition(
        name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "submitted", "returned", "notice"),
        after="withdrawn", who=OWNERS,
    ),
    Transition(
        name="remove", label=Bilingual("Remove", "移除"), before=("recognised",), after="removed",
        who=("officer",), reason=True,
    ),
)  # fmt: skip


def usual_fields(*, owner: Bilingual, owner_help: Bilingual = Bilingual()) -> tuple[Field, ...]:
    """Title, owner, region and tracks: with what nearly every kind that is selected begins.

    Args:
        owner: what the organisation is to the record ("Maker", "Operator").
    """
    from foretrack.registry.declaring.fields import Text

    return (
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=owner, help=owner_help, to=("organisation",), required=True),
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33",
            facet=True, required=True, weight="none",
            help=Bilingual("Code such as CN-33 or DE-BY.", "地区代码，例如 CN-33、DE-BY。"),
        ),
        Term(
            name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True, required=True, most=5
        ),
    )  # fmt: skip


def evidence_fields() -> tuple[Field, ...]:
    """What a reader can look at to believe the record."""
    return (
        Link(name="technologies", label=Bilingual("Technologies", "相关技术"), to=("technology",), many=True),
        Link(
            name="signals", label=Bilingual("What the lookout found", "瞭望站线索"), many=True,
            to=("lookout:concept", "lookout:technology", "lookout:document"),
        ),
        Web(name="pages", label=Bilingual("Web pages", "相关网页"), many=True, most=10),
        File(
            name="proofs", label=Bilingual("Documents of proof", "证明材料"), many=True, most=10, visibility="private",
        ),
    )  # fmt: skip

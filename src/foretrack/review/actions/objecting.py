"""Objections against what was announced, and their answers: nothing is confirmed while one waits."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require_scope
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import title_of
from foretrack.registry.declaring.fields import Email, clean_text
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry, moment
from foretrack.review.actions.deciding import MOST_TEXT, uphold_removes
from foretrack.review.answers import ObjectionLine
from foretrack.review.calls import call_of, find_submission, in_charge, run_call
from foretrack.review.models import Objection
from foretrack.review.naming import told_titles

GROUNDS: Mapping[str, Bilingual] = {
    "false statement": Bilingual("Something handed in is not true", "申报内容不实"),
    "not eligible": Bilingual("It does not meet the conditions", "不符合申报条件"),
    "rights": Bilingual("It infringes somebody's rights", "侵犯他人权利"),
    "procedure": Bilingual("The procedure was not kept", "评审程序不当"),
    "conflict of interest": Bilingual("A reviewer had an interest", "评审人员应回避未回避"),
    "other": Bilingual("Something else", "其他"),
}
MOST_WAITING = 50
"""Objections against one submission that may wait at once: a flood shall not stop a call."""


def object_to(
    registry: Registry, actor: Actor, submission: str, *, grounds: str, text: str, contact: str = ""
) -> ObjectionLine:
    """Objects to a submission while its public notice runs: anybody, with an account or with an address for the answer.

    EvidenceError when no notice runs; InputError without grounds, text, or a way to answer.
    """
    require_scope(actor, "write", "object")
    if grounds not in GROUNDS:
        raise InputError.of(
            "{grounds!r} are no grounds", grounds=grounds[:40], expected="one of {known}", known=", ".join(GROUNDS),
            do="choose one",
        )  # fmt: skip
    said = clean_text(text)
    if not said or len(said) > MOST_TEXT:
        raise InputError.of(
            "an objection of {n} characters", n=len(said), expected="1 to {most}, with the facts", most=MOST_TEXT,
            do="say what is wrong and how that can be seen",
        )  # fmt: skip
    address = clean_text(contact)
    if not actor.key and not address:
        raise InputError.of(
            "there is no way to answer you", expected="an e-mail address, or somebody who has logged in",
            do="give an address; only officers in charge see it",
        )  # fmt: skip
    if address:
        _EMAIL.read_one(address)
    with transaction.atomic():
        head = take_number()
        record = find_submission(submission)
        today = registry.now().date()
        if record.status != "notice" or record.notice_until is None or today > record.notice_until:
            raise EvidenceError.of(
                "no public notice runs for {key}", key=record.key, expected="a submission that is announced",
                do="write to the body that issued the call",
            )  # fmt: skip
        if Objection.objects.filter(submission=record.key, answered_at=None).count() >= MOST_WAITING:
            raise InputError.of(
                "{n} objections wait already", n=MOST_WAITING, expected="fewer", do="wait for their answers"
            )
        row = Objection.objects.create(
            call=record.body["call"], submission=record.key, by=actor.key, contact=address, grounds=grounds, text=said,
            at=registry.now(),
        )  # fmt: skip
        log(
            registry, actor, "object", f"record:{record.key}", details={"objection": row.pk, "grounds": grounds},
            reason=said, head=head,
        )  # fmt: skip
    return line_of(row, told_titles([row.submission], actor.language), whole=True)


_EMAIL = Email(name="contact", label=Bilingual("Address", "联系方式"), visibility="private")


def answer(registry: Registry, actor: Actor, objection: int, *, upheld: bool, text: str) -> ObjectionLine:
    """Answers an objection with reasons, once. One that is upheld takes the submission out of the notice.

    Four eyes: whoever objected does not answer.
    """
    said = clean_text(text)
    if not said or len(said) > MOST_TEXT:
        raise InputError.of(
            "an answer of {n} characters",
            n=len(said),
            expected="1 to {most}",
            most=MOST_TEXT,
            do="give the reasons",
        )
    with transaction.atomic():
        head = take_number()
        row = Objection.objects.filter(pk=objection).first()
        if row is None:
            raise InputError.of(
                "there is no objection {n}", n=objection, expected="the number of one", do="look at the call"
            )
        run_call(registry, actor, row.call)
        if row.answered_at is not None or (row.by and row.by == actor.key):
            raise InputError.of(
                "the objection is answered already" if row.answered_at else "you objected yourself",
                expected="an objection of somebody else that waits", do="let another officer look at it",
            )  # fmt: skip
        row.answer, row.upheld, row.answered_by, row.answered_at = said, upheld, actor.key, registry.now()
        row.save(update_fields=["answer", "upheld", "answered_by", "answered_at"])
        log(
            registry, actor, "answer objection", f"record:{row.submission}",
            details={"objection": row.pk, "upheld": upheld}, reason=said, head=head,
        )  # fmt: skip
        if upheld:
            uphold_removes(registry, actor, row, said)
    return line_of(row, told_titles([row.submission], actor.language), whole=True)


def objections_of(registry: Registry, actor: Actor, call_key: str) -> tuple[ObjectionLine, ...]:
    """Every objection of a call, those that wait first, for whoever runs it."""
    call = run_call(registry, actor, call_key)
    rows = list(Objection.objects.filter(call=call.key).order_by("pk"))
    titles = told_titles((row.submission for row in rows), actor.language)
    return tuple(
        line_of(row, titles, whole=True) for row in sorted(rows, key=lambda row: row.answered_at is not None)
    )


def objections_to(actor: Actor, submission: Record) -> tuple[ObjectionLine, ...]:
    """The objections against a submission: in full for officers in charge, the own ones for whoever objected; the
    applicant reads grounds and text, not who objected; everybody else sees that there are some and what came of them."""
    whole = in_charge(actor, call_of(submission))
    whole = whole or submission.organisation in actor.organisations
    rows = Objection.objects.filter(submission=submission.key).order_by("pk")
    titles = {submission.key: title_of(submission, actor.language)}
    return tuple(line_of(row, titles, whole=whole or bool(actor.key and row.by == actor.key)) for row in rows)


def line_of(row: Objection, titles: Mapping[str, str], *, whole: bool) -> ObjectionLine:
    """An objection as an answer; never who objected."""
    return ObjectionLine(
        objection=row.pk, submission=row.submission, title=titles.get(row.submission, row.submission),
        grounds=row.grounds, text=row.text if whole else "", at=moment(row.at), upheld=row.upheld,
        answer=row.answer if whole else "", answered_at=moment(row.answered_at) if row.answered_at else None,
    )  # fmt: skip

"""The report on an evaluation, gathered from its revisions, the packs and the review that judged it.

It is made of what everybody may read, so that every reader gets the same one: private and personal fields, who sent which
sheet, and words between reviewers and office never enter it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import mean, stdev
from typing import Any

from foretrack.domains.exchange.kinds.achievements import SORTS
from foretrack.domains.exchange.kinds.evaluations import EVALUATION, PURPOSES, VERDICTS, compared
from foretrack.domains.exchange.maturity.readiness import parted
from foretrack.domains.exchange.reports.shape import Core, Item, Named, Panel, Report, ScalePart, Value
from foretrack.domains.exchange.scales import Scale, level_of, scale_called, scale_of
from foretrack.foundation.errors import NotThereError
from foretrack.packs.loading import load_packs
from foretrack.packs.rubrics import Rubric
from foretrack.packs.shapes import Bilingual, Pack
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import find_record, visible_values
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Pointer, Record, Revision
from foretrack.registry.registry import Registry
from foretrack.review.actions.reviewers import names_of
from foretrack.review.calls import Call, Stage
from foretrack.review.figures import figures_of
from foretrack.review.kinds import SUBMISSION, TOLD
from foretrack.review.models import Decision, Entry, Sheet
from foretrack.review.rubrics import rubric_called
from foretrack.review.stages import last_sheets

FOUND = ("move:assess", "move:report")
"""Acts by which what a panel found was recorded."""


def report_on(registry: Registry, actor: Actor, key: str) -> Report:
    """The report on an evaluation, for whoever may see it.

    NotThereError while nobody has announced what was found: a result that may still change has no report.
    """
    kind, record, _ = find_record(registry, actor, key)
    state = kind.state(record.status)
    if kind.name != EVALUATION.name or not state.public:
        raise NotThereError.of(
            "{key} has no report", key=record.key, expected="an evaluation whose result was announced",
            do="wait for the public notice",
        )  # fmt: skip
    said = _revision(record, ("move:recognise",)) or _last(record)
    body = visible_values(kind, said.values, "public", personal=False)
    core = Core(
        evaluation=_named(record, said), achievement=_pointed(body["achievement"], said),
        body=_pointed(body["evaluated_by"], said), applicant=_title(Record.objects.get(key=body["organisation"])),
        sort=SORTS[body["sort_of"]], purpose=PURPOSES[body["purpose"]], verdict=body["verdict"],
        verdict_label=VERDICTS[body["verdict"]], conclusion=_text(body.get("conclusion")),
        dissent=_text(body.get("dissent")), found_on=_day(_revision(record, FOUND)),
        recognised_on=_day(_revision(record, ("move:recognise",))), valid_until=body["valid_until"],
        by_packs=tuple(body.get("by_packs") or ()), previous=str(body.get("previous") or ""),
        scales=tuple(_scale(name, body) for name in compared(body)), panels=tuple(_panels(record)),
    )  # fmt: skip
    return Report(core, record.status, state.label, _replaced_by(record))


def _last(record: Record) -> Revision:
    return Revision.objects.get(record=record, number=record.revision)


def _revision(record: Record, acts: tuple[str, ...]) -> Revision | None:
    """The last revision that was made by one of the acts."""
    return Revision.objects.filter(record=record, act__in=acts).order_by("-number").first()


def _day(revision: Revision | None) -> str:
    return revision.at[:10] if revision is not None else ""


def _title(record: Record) -> Bilingual:
    return Bilingual(record.title_en, record.title_zh)


def _text(value: Json) -> Bilingual:
    said: Mapping[str, str] = value or {}
    return Bilingual(said.get("en", ""), said.get("zh", ""))


def _named(record: Record, revision: Revision) -> Named:
    return Named(record.key, _title(record), revision.number, revision.digest)


def _pointed(key: str, at: Revision) -> Named:
    """A record as it stood when the evaluation did: its last revision up to that moment."""
    record = Record.objects.get(key=key)
    then = (
        Revision.objects.filter(record=record, at__lte=at.at, entry__lte=at.entry).order_by("-number").first()
    )
    return _named(record, then or _last(record))


def _replaced_by(record: Record) -> str:
    if record.status != "superseded":
        return ""
    keys = Pointer.objects.filter(
        field="previous", unit="record", target=record.key, record__kind=EVALUATION.name
    )
    found = Record.objects.filter(
        pk__in=keys.values("record_id"), status__in=("recognised", "lapsed", "superseded")
    )
    return next(iter(found.order_by("pk").values_list("key", flat=True)), "")


# ---- scales


def _scale(name: str, body: Mapping[str, Json]) -> ScalePart:
    scale, one = scale_called(name), compared(body)[name]
    following = one.by_panel.following
    return ScalePart(
        scale=name, label=scale.scheme.label, version=scale.version, confidence=scale.scheme.confidence,
        claimed=str(one.claimed), claimed_label=scale.level(str(one.claimed)).label, reached=one.reached,
        reached_label=scale.level(one.reached).label if one.reached is not None else Bilingual(),
        proved=one.by_panel.reached, standing=one.standing,
        market=one.reached in parted(scale.scheme, scale.walk)[1], counts_as=scale.counts_as(one.reached),
        missing=tuple(check.label for check in following.missing) if following else (),
        following=following.level if following else "", items=tuple(_items(name, scale, body)),
    )  # fmt: skip


def _items(name: str, scale: Scale, body: Mapping[str, Json]) -> Iterable[Item]:
    judged = {row["item"]: row for row in body.get("assessed") or ()}
    order = [
        f"{name}/{level.id}/{check.id}" for level in scale.scheme.concepts for check in level.checklist
    ]  # fmt: skip
    rows = [row for row in body.get("evidence") or () if scale_of(row["item"]) == name]
    for row in sorted(rows, key=lambda one: order.index(one["item"]) if one["item"] in order else len(order)):
        level, check = level_of(row["item"]), row["item"].split("/")[3]
        label = next((one.label for one in scale.level(level).checklist if one.id == check), Bilingual(check))
        found = judged.get(row["item"])
        yield Item(
            row["item"], level, label, row["proof"], row.get("document", ""),
            bool(found.get("accepted")) if found else None, (found or {}).get("why", ""),
        )  # fmt: skip


# ---- the review


def _panels(evaluation: Record) -> Iterable[Panel]:
    """Stages of the last call that decided about it, with what the sheets say; none where no call did, or while what was
    decided is not told."""
    entry = Entry.objects.filter(subject=evaluation.key).order_by("-pk").first()
    submission = Record.objects.filter(key=entry.submission, kind=SUBMISSION.name).first() if entry else None
    if submission is None or submission.status not in TOLD:
        return
    call = Call(Record.objects.get(key=submission.body["call"]))
    for stage in call.stages:
        every = last_sheets(call, stage.number)
        sheets = [one for one in every.values() if one.task.submission == submission.key]
        if sheets:
            yield _panel(call, stage, submission, sheets, figures_of(every))


def _panel(call: Call, stage: Stage, submission: Record, sheets: list[Sheet], figures: Any) -> Panel:
    rubric, pack = rubric_called(stage.rubric), _pack_of(stage.rubric)
    decision = Decision.objects.filter(submission=submission.key, stage=stage.number).order_by("-pk").first()
    totals = [one.total for one in sheets]
    names = () if stage.blind else tuple(sorted(names_of(one.task.reviewer for one in sheets).values()))
    figure = figures.of.get(submission.key)
    return Panel(
        call=call.key, call_title=_title(call.record), stage=stage.number, name=stage.name, blind=stage.blind,
        sheets=len(sheets), names=names, sheet=stage.rubric, sheet_label=rubric.label,
        version=f"{pack.id} {pack.version}", confidence=rubric.confidence, values=tuple(_values(rubric, sheets)),
        total=_rounded(mean(totals)), total_spread=_spread(totals),
        corrected=_rounded(figure.corrected) if figure is not None else None,
        agreement=_rounded(figures.alpha), agreement_low=_rounded(figures.alpha_low),
        agreement_high=_rounded(figures.alpha_high), outcome=decision.outcome if decision else "",
        dissented=bool(decision and decision.dissent),
    )  # fmt: skip


def _pack_of(rubric: str) -> Pack:
    return next(pack for pack in load_packs(PACK_TERMS.paths) if pack.id == rubric.partition("/")[0])


def _values(rubric: Rubric, sheets: list[Sheet]) -> Iterable[Value]:
    for one in rubric.criteria:
        marks = [float(sheet.scores[one.id]) for sheet in sheets if one.id in sheet.scores]
        if marks:
            yield Value(
                one.id,
                one.label,
                one.weight,
                one.most,
                _rounded(mean(marks)),
                _spread(marks),
                min(marks),
                max(marks),
            )


def _spread(marks: list[float]) -> float | None:
    return _rounded(stdev(marks)) if len(marks) > 1 else None


def _rounded(value: Any) -> Any:
    """To four digits, so that the order of an addition never changes a digest."""
    return None if value is None else round(float(value), 4)

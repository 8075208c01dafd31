"""The page of one task: what was handed in beside the score sheet, kept while it is filled in; then the discussion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foretrack.accounts.actions.drafts import Draft, FormName, drop_draft
from foretrack.accounts.doors.keeping import DISCARD, Kept, discard, drafts_of, keep, only_shown
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.links import titles_of
from foretrack.review.actions.reviewing import (
    FOR_APPLICANT,
    FOR_OFFICERS,
    open_sheet,
    read_handed_in,
    remark,
    send_sheet,
    step_back,
)
from foretrack.review.answers import Criterion, HandedFile, OtherSheet, RemarkLine, SheetPage, TaskLine
from foretrack.review.models import Task
from foretrack.web.addresses import address, named_in_address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, lines
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak
from foretrack.web.values import FieldLine, lines_with

MOST_RADIOS = 10
"""A scale of more points is filled in as a number."""
SCORE, COMMENT, VERSION, SECONDS = "score-", "comment-", "version", "seconds"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a number of points means."""

    points: int
    text: str


@dataclass(frozen=True, slots=True)
class CriterionBox:
    """One criterion with what stands in its box."""

    id: str
    name: str
    """Of the box."""
    label: str
    question: str
    weight: float
    """Share of the total, in per cent."""
    most: int
    radios: tuple[str, ...]
    """Points to choose from; empty where they are typed."""
    anchors: tuple[Anchor, ...]
    value: str
    wrong: str


@dataclass(frozen=True, slots=True)
class CommentBox:
    """A comment with what stands in its box."""

    name: str
    label: str
    help: str
    text: str


@dataclass(frozen=True, slots=True)
class OtherMark:
    """What the others gave for a criterion, in the order of their sheets."""

    label: str
    most: int
    own: float | None
    points: tuple[float | None, ...]


@dataclass(frozen=True)
class TaskPage(Page):
    """One task."""

    template: ClassVar[str] = "review/sheet.html"

    task: TaskLine
    kind: str
    fields: tuple[FieldLine, ...]
    left_out: tuple[str, ...]
    """Labels of the fields that the reviewer does not see."""
    files: tuple[HandedFile, ...]
    mine: bool
    writable: bool
    """Whether a sheet may be sent now."""
    criteria: tuple[CriterionBox, ...]
    comments: tuple[CommentBox, ...]
    version: int
    total: str
    problems: tuple[str, ...]
    others: tuple[OtherSheet, ...]
    marks: tuple[OtherMark, ...]
    remarks: tuple[RemarkLine, ...]
    submission: str
    kept: Kept


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, task: int) -> HttpResponse:
    """One task; sent, its sheet is checked and kept."""
    with named_in_address():
        found = open_sheet(request.registry, request.actor, task)
    name = _form_name(task)
    draft, going_on = drafts_of(request, name)
    values, status = _held(found), 200
    problems: tuple[str, ...] = ()
    wrong: dict[str, str] = {}
    if request.method == "POST":
        values = {box: request.POST.get(box, "") for box in _boxes(found)}
        status = 403
        if not only_shown(request):
            problems, wrong, status = _send(request, found, values)
            if not problems:
                drop_draft(request.actor, name)
                messages.success(
                    request, say("Your sheet was sent. It may be changed until the stage is decided.")
                )
                return HttpResponseRedirect(address("review", task))
            with named_in_address():  # somebody may have sent another version, or the stage was decided
                found = open_sheet(request.registry, request.actor, task)
    elif draft and going_on:
        values |= _drafted(found, draft)
    return render(
        request, _page(request, found, values, problems, wrong, Kept.of(request, address("keep review", task), draft)),
        status=status,
    )  # fmt: skip


@require_POST
def keep_sheet(request: Request, task: int) -> HttpResponse:
    """Keeps, or discards, what stands in the sheet so far."""
    if not request.actor.key:
        raise refusal(request.actor, "act as a reviewer")
    name, back = _form_name(task), address("review", task)
    if DISCARD in request.POST:
        return discard(request, name, back)
    with named_in_address():
        found = open_sheet(request.registry, request.actor, task)
    boxes = {box: {box: request.POST.getlist(box)} for box in _boxes(found) if box in request.POST}
    return keep(request, name, found.version, boxes, back)


@require_safe
def handed_file(request: Request, task: int, sha256: str) -> HttpResponseBase:
    """A file of what was handed in: saved, never opened inside the site."""
    with named_in_address():
        found = read_handed_in(request.registry, request.actor, task, sha256)
    answer = FileResponse(open(found.path, "rb"))  # noqa: SIM115 - the answer closes it when it was sent
    for header, value in found.headers.items():
        answer.headers[header] = value
    return answer


@require_POST
def say_something(request: Request, task: int) -> HttpResponse:
    """Adds a remark to the discussion of what the task is about."""
    with named_in_address():
        open_sheet(request.registry, request.actor, task)
    about = Task.objects.get(pk=task)
    try:
        remark(request.registry, request.actor, about.submission, about.stage, request.POST.get("text", ""))
    except InputError as error:
        messages.error(request, error.told(speak(page_language())))
    else:
        messages.success(request, say("Your remark was added."))
    return HttpResponseRedirect(f"{address('review', task)}#discussion")


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: Request, task: int) -> HttpResponse:
    """Gives a task back: because of a conflict of interest, or because it cannot be done."""
    with named_in_address():
        found = open_sheet(request.registry, request.actor, task)
    why = {
        "conflict": say("I have a conflict of interest"), "time": say("I cannot do it by the last day"),
        "field": say("It is outside what I know"),
    }  # fmt: skip
    boxes = {
        "why": choice(say("Why"), why, initial=request.GET.get("why", "")),
        "reason": lines(
            say("In a few words"),
            say("Needed for a conflict. Officers in charge read it; applicants and other reviewers do not."),
            most=1000,
        ),
    }
    at = {"no reason": "reason"}
    form = Asked(boxes, at, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        chosen = form.text("why")
        said = form.text("reason") or ("" if chosen == "conflict" else why[chosen])
        try:
            step_back(request.registry, request.actor, task, conflict=chosen == "conflict", reason=said)
        except InputError as error:
            form.refuse(error)
        else:
            drop_draft(request.actor, _form_name(task))
            messages.success(request, say("The task was given back; somebody else will be asked."))
            return HttpResponseRedirect(address("reviews"))
    return ask(
        request,
        AskPage(
            say("Give the task back"), _heading(found.task),
            (Crumb(address("reviews"), say("My reviews")), Crumb(address("review", task), _heading(found.task))), form,
            say("Give it back"), address("review", task),
            (
                say("Somebody else will be asked in your place; nothing is held against you."),
                say("A conflict holds for later stages of the same call too."),
            ),
            say("You will not see this submission any more."),
        ),
    )  # fmt: skip


def _form_name(task: int) -> FormName:
    row = Task.objects.filter(pk=task).values_list("submission", flat=True).first()
    return FormName("submission", row or "", task=task)


def _heading(task: TaskLine) -> str:
    return f"{task.code} {task.title}" if task.blind else task.title


def _boxes(found: SheetPage) -> tuple[str, ...]:
    return (
        *(f"{SCORE}{one.id}" for one in found.criteria),
        f"{COMMENT}{FOR_APPLICANT}",
        f"{COMMENT}{FOR_OFFICERS}",
    )


def _held(found: SheetPage) -> dict[str, str]:
    """What the sheet that was sent last says, as boxes."""
    scores = {f"{SCORE}{name}": f"{points:g}" for name, points in found.scores.items()}
    return scores | {f"{COMMENT}{name}": text for name, text in found.comments.items()}


def _drafted(found: SheetPage, draft: Draft) -> dict[str, str]:
    kept: MultiValueDict[str, str] = MultiValueDict(
        {box: list(typed) for boxes in draft.values.values() for box, typed in boxes.items()}
    )
    return {box: typed[-1] for box in _boxes(found) if (typed := kept.getlist(box))}


def _send(
    request: Request, found: SheetPage, values: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str], int]:
    """Sends the sheet: what is wrong with it as a whole, criterion to what is wrong there, and the status."""
    wrong: dict[str, str] = {}
    scores: dict[str, float] = {}
    for one in found.criteria:
        typed = values[f"{SCORE}{one.id}"].strip().replace(",", ".")
        try:
            scores[one.id] = float(typed)
            fits = 0 <= scores[one.id] <= one.most
        except ValueError:
            fits = False
        if not fits:
            wrong[one.id] = (
                say("No points yet.")
                if not typed
                else say("A number from 0 to {most} is needed.", most=one.most)
            )
    if wrong:
        labels = (one.label.text(page_language()) for one in found.criteria if one.id in wrong)
        comma = "、" if page_language() == "zh" else ", "
        said = say("Not sent: these criteria have no points that count: {names}.", names=comma.join(labels))
        return (said,), wrong, 400
    told = speak(page_language())
    comments = {name: values[f"{COMMENT}{name}"] for name in (FOR_APPLICANT, FOR_OFFICERS)}
    try:
        send_sheet(
            request.registry, request.actor, found.task.task, scores, version=_whole(request, VERSION) or 0,
            comments=comments, seconds=_whole(request, SECONDS),
        )  # fmt: skip
    except InputError as error:
        return (error.told(told),), {}, 400
    except EvidenceError as error:
        return (error.told(told),), {}, 409
    return (), {}, 200


def _whole(request: Request, name: str) -> int | None:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 8 else None


def _page(
    request: Request, found: SheetPage, values: Mapping[str, str], problems: tuple[str, ...], wrong: Mapping[str, str],
    kept: Kept,
) -> TaskPage:  # fmt: skip
    language = page_language()
    kind = request.registry.kinds.get(found.kind)
    # In a blind stage nothing leads to other records; what is shown there holds no links.
    titles = titles_of(request.actor, [key for _, _, key in kind.points(found.values)])
    whole = sum(one.weight for one in found.criteria)
    own = found.scores
    return TaskPage(
        task=found.task, kind=kind.label.text(language), fields=lines_with(kind, found.values, language, titles),
        left_out=tuple(kind.by_name[name].label.text(language) for name in found.left_out_fields), files=found.files,
        mine=found.mine, writable=found.mine and found.task.state in ("open", "done") and not found.late,
        criteria=tuple(_box(one, whole, values, wrong, language) for one in found.criteria),
        comments=(
            CommentBox(
                f"{COMMENT}{FOR_APPLICANT}", say("Comment for the applicant"),
                say("Handed on with the decision, without your name: what is good, what is missing, what to mend."),
                values.get(f"{COMMENT}{FOR_APPLICANT}", ""),
            ),
            CommentBox(
                f"{COMMENT}{FOR_OFFICERS}", say("Comment for officers and the other reviewers"),
                say("Never handed on to the applicant."), values.get(f"{COMMENT}{FOR_OFFICERS}", ""),
            ),
        ),
        version=found.version, total=_total(found, values), problems=problems, others=found.others,
        marks=tuple(
            OtherMark(
                one.label.text(language), one.most, own.get(one.id), tuple(o.scores.get(one.id) for o in found.others)
            )
            for one in found.criteria
        ) if found.others else (),
        remarks=found.remarks, submission=found.submission, kept=kept,
    )  # fmt: skip


def _box(
    one: Criterion, whole: float, values: Mapping[str, str], wrong: Mapping[str, str], language: str
) -> CriterionBox:
    value = values.get(f"{SCORE}{one.id}", "")
    row = one.most <= MOST_RADIOS and (not value or value in map(str, range(one.most + 1)))

    def text(said: Bilingual) -> str:
        return said.text(language)

    return CriterionBox(
        id=one.id, name=f"{SCORE}{one.id}", label=text(one.label), question=text(one.question),
        weight=100 * one.weight / whole, most=one.most,
        radios=tuple(map(str, range(one.most + 1))) if row else (),
        anchors=tuple(Anchor(points, text(said)) for points, said in sorted(one.anchors.items())),
        value=value, wrong=wrong.get(one.id, ""),
    )  # fmt: skip


def _total(found: SheetPage, values: Mapping[str, str]) -> str:
    """The total of what stands in the sheet; empty as long as it is not whole."""
    whole = share = 0.0
    for one in found.criteria:
        try:
            share += one.weight * float(values.get(f"{SCORE}{one.id}", "")) / one.most
        except ValueError:
            return ""
        whole += one.weight
    return f"{100 * share / whole:.1f}"

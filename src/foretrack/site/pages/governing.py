"""What is done about a record beside changing and moving it: reviewers, undoing a merge, erasing personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.accounts.actions.finding import find_reviewers
from foretrack.accounts.names import names_of
from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.actions.erasing import ErasurePlan, erase, plan_erasure
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.merging import absorbed_by, unmerge
from foretrack.registry.actions.records import assign, assigned_to, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.kind import Kind
from foretrack.site.pages.history import who
from foretrack.web.addresses import address, named_in_address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, line, reason, several, yes
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who was asked to review a record."""

    key: str
    name: str
    by: str
    at: str


@dataclass(frozen=True)
class ReviewersPage(Page):
    """Who reviews a record."""

    template: ClassVar[str] = "foretrack/reviewers.html"

    record: RecordPage
    kind_name: str
    kind_plural: str
    reviewers: tuple[Reviewer, ...]
    form: Asked
    none_left: bool


def _way(request: Request, key: str, kind: Kind, title: str) -> tuple[Crumb, ...]:
    return (
        Crumb(address("records"), say("Records")),
        Crumb(address("kind", kind.name), kind.plural.text(request.actor.language)),
        Crumb(address("record", key), title),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reviewers(request: Request, key: str) -> HttpResponse:
    """Who reviews a record; asks somebody, or ends that."""
    registry, actor = request.registry, request.actor
    record = show(registry, actor, key)
    now = assigned_to(registry, actor, key)
    kind = registry.kinds.get(record.kind)
    there = {one.reviewer for one in now}
    free = {one.key: one.name for one in find_reviewers(actor) if one.key not in there}
    boxes: dict[str, forms.Field] = {"reviewer": choice(say("Who shall review it?"), free)}
    sent = request.method == "POST"
    ends = request.POST.get("end", "")
    form = Asked(boxes, data=request.POST if sent and not ends else None)
    if ends:
        assign(registry, actor, key, ends[:26], ended=True)
        messages.success(request, say("The review has ended for this person."))
        return HttpResponseRedirect(address("reviewers", key))
    if sent and form.is_valid():
        try:
            assign(registry, actor, key, form.text("reviewer"))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("Asked to review it; the record is among that person's tasks."))
            return HttpResponseRedirect(address("reviewers", key))
    names = names_of(actor, [key for one in now for key in (one.reviewer, one.by)])
    page = ReviewersPage(
        record=record, kind_name=kind.name, kind_plural=kind.plural.text(actor.language),
        reviewers=tuple(
            Reviewer(one.reviewer, who(actor, names, one.reviewer), who(actor, names, one.by), one.at) for one in now
        ),
        form=form, none_left=not free,
    )  # fmt: skip
    return render(request, page, status=400 if form.is_bound and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def undo_merge(request: Request, key: str) -> HttpResponse:
    """Takes two records apart again; the key is that of the one that was absorbed."""
    registry, actor = request.registry, request.actor
    survivor = show(registry, actor, key)
    gone = next((one for one in absorbed_by(registry, actor, survivor.key) if one.key == key), None)
    if gone is None:
        raise NotThereError.of(
            "the record {key} is not merged into another", expected="the key of the record that was absorbed",
            do="look at its history", key=key,
        )  # fmt: skip
    kind = registry.kinds.get(survivor.kind)
    form = Asked(
        {"reason": reason()}, {"a reason of {n} characters": "reason"},
        data=request.POST if request.method == "POST" else None
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            done = unmerge(registry, actor, key, reason=form.text("reason"))
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(request, say("Both records stand by themselves again."))
            if done.not_restored:
                labels = ", ".join(
                    kind.by_name[name].label.text(actor.language) for name in done.not_restored
                )
                messages.warning(
                    request, say("Erased in between and not brought back: {fields}", fields=labels)
                )
            return HttpResponseRedirect(address("record", key))
    return ask(
        request,
        AskPage(
            say("Undo the merge"), f"{gone.title} → {survivor.title}",
            _way(request, survivor.key, kind, survivor.title), form, say("Undo the merge"),
            address("record", survivor.key),
            (
                say("{title} stands by itself again, with what it had before.", title=gone.title),
                say("What the other took from it goes back to what stood there; its other changes since stay."),
                say("The merge and its undoing both stay in the history of both."),
            ),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def erase_record(request: Request, key: str) -> HttpResponse:
    """Erases personal data of a record: first what and why, then what goes, what remains, and whether it is meant."""
    registry, actor = request.registry, request.actor
    if not may(actor, "erase"):
        raise refusal(actor, "erase")
    with named_in_address():
        outline = plan_erasure(registry, actor, key)
    kind = registry.kinds.get(outline.kind)
    title = titles_of(actor, [key]).get(key, key)
    way = _way(request, key, kind, title)[: 3 if title != key else 2]
    labels = {f.name: f.label.text(actor.language) for f in kind.fields}
    boxes: dict[str, forms.Field] = {
        "fields": several(
            say("Fields"), {name: labels[name] for name in outline.held},
            say("Those that hold personal data are ticked."),
            initial=[f.name for f in kind.fields if f.personal and f.name in outline.held],
        ),
        "texts": yes(say("Also the reasons in the audit log that were given about it: people write names into them")),
        "reason": reason(say("On whose request, such as a number; it must hold no personal data itself.")),
    }  # fmt: skip
    form = Asked(
        boxes,
        {"a reason of {n} characters": "reason"},
        data=request.POST if request.method == "POST" else None,
    )
    back = address("record", key) if title != key else address("kind", kind.name)
    if form.is_bound and form.is_valid():
        fields, texts = list(form.cleaned_data["fields"]), bool(form.cleaned_data["texts"])
        if not fields and not texts:
            form.add_error("fields", say("Choose at least one field."))
        else:
            plan = plan_erasure(registry, actor, key, fields=fields, texts=texts)
            sure = request.POST.get("sure")
            if sure is not None and sure.strip().upper() == key[-6:]:
                erase(registry, actor, key, fields=fields, texts=texts, reason=form.text("reason"))
                messages.success(
                    request, say("Erased. What remains says that it was decided, not about whom.")
                )
                return HttpResponseRedirect(back)
            return _confirm(request, kind, plan, form, labels, way, back, wrong=sure is not None)
    return ask(
        request,
        AskPage(
            say("Erase personal data"), say("Step 1 of 2: what, and why. Nothing is erased yet."), way, form,
            say("Show what would go and what remains"), back,
        ),
    )  # fmt: skip


def _confirm(
    request: Request, kind: Kind, plan: ErasurePlan, given: Asked, labels: dict[str, str], way: tuple[Crumb, ...],
    back: str, *, wrong: bool,
) -> HttpResponse:  # fmt: skip
    chosen = list(given.cleaned_data["fields"])
    end = plan.key[-6:]
    boxes: dict[str, forms.Field] = {
        "fields": forms.MultipleChoiceField(
            choices=[(name, name) for name in chosen], initial=chosen, widget=forms.MultipleHiddenInput
        ),
        "texts": forms.BooleanField(
            initial=given.cleaned_data["texts"], widget=forms.HiddenInput, required=False
        ),
        "reason": forms.CharField(initial=given.text("reason"), widget=forms.HiddenInput),
        "sure": line(
            say("To be sure: type {text}", text=end), say("The end of the record's key."), needed=True, most=6
        ),
    }
    form = Asked(boxes)
    named = say("; ").join(labels[name] for name in chosen)
    points = [
        say("Gone for good: {fields} — in {n} revisions, {files} files.", fields=named or "–", n=plan.revisions,
            files=plan.files),
    ]  # fmt: skip
    if len(plan.records) > 1:
        points.append(say("Also in the {n} records that were merged with it.", n=len(plan.records) - 1))
    if given.cleaned_data["texts"]:
        points.append(say("Gone for good: {n} reasons in the audit log.", n=plan.texts))
    points += [
        say("Drafts of its forms go too, whoever wrote them."),
        say(
            "What remains: that there was a value, every decision with its day and hash, who decided, and this erasure."
        ),
        say("What remains: issues of lists that were published; personal fields never enter them."),
        say("Backups hold it until they are made anew."),
    ]
    page = AskPage(
        say("Erase personal data"), say("Step 2 of 2: what goes and what remains."), way, form,
        say("Erase for good"), back,
        tuple(points), say("This cannot be undone."), final=True,
    )  # fmt: skip
    if wrong:
        messages.error(
            request, say("These are not the last six characters of the record's key; nothing was erased.")
        )
    return ask(request, page, status=400 if wrong else 200)

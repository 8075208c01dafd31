"""The page of one record, and moving it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.accounts.actions.drafts import FormName, drop_draft
from foretrack.accounts.doors.keeping import Kept, drafts_of, only_shown
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.access.permission import Subject as Acted
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.actions.attachments import files_of
from foretrack.registry.actions.merging import absorbed_by
from foretrack.registry.actions.records import move, show
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.answers import Absorbed, AttachedFile, Move, RecordPage
from foretrack.registry.declaring.kind import Kind
from foretrack.site.forms.declared import REASON, RecordForm, move_form
from foretrack.site.forms.keeping import fill
from foretrack.site.pages.forms import lookups_for
from foretrack.site.pages.values import lines_of
from foretrack.web.addresses import address
from foretrack.web.panels import Subject
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak
from foretrack.web.values import FieldLine, Said, show_said


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the kind, on the way that records go."""

    label: str
    here: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that the record has."""

    file: AttachedFile
    field: str


@dataclass(frozen=True)
class RecordView(Page):
    """One record."""

    template: ClassVar[str] = "foretrack/record.html"

    record: RecordPage
    kind: str
    kind_plural: str
    kind_name: str
    fields: tuple[FieldLine, ...]
    empty: tuple[str, ...]
    """Labels of fields that are not filled."""
    said: Said | None
    steps: tuple[Step, ...]
    subject: Subject
    files: tuple[FileLine, ...]
    may_audit: bool
    may_assign: bool
    may_erase: bool
    absorbed: tuple[Absorbed, ...]
    """Records that were merged into it, of those whose merge the reader may undo."""


@dataclass(frozen=True)
class MovePage(Page):
    """A transition, and what must be given for it."""

    template: ClassVar[str] = "foretrack/move.html"

    record: RecordPage
    kind_name: str
    kind_plural: str
    move: Move
    after: str
    missing: tuple[str, ...]
    """Labels of fields that are needed and that the actor may not fill in here."""
    form: RecordForm
    conflict: bool
    kept: Kept


@dataclass(frozen=True)
class MissedMovePage(Page):
    """A transition that somebody else's act has made impossible; what was written is handed back."""

    template: ClassVar[str] = "foretrack/missed_move.html"

    record: RecordPage
    kind_name: str
    kind_plural: str
    label: str
    reason: str
    discard: str
    """Where a draft of the step is discarded; empty where there is none."""


def names_of(kind: Kind, found: RecordPage) -> tuple[str, ...]:
    """Every name of a record that the actor may see: its title and what else weighs like a title, in every language."""
    named = [
        f for f in kind.fields if f.name in found.values and (f.name == kind.title or f.weight == "title")
    ]
    return tuple(dict.fromkeys(text for f in named for _, text in f.texts(found.values[f.name])))


@require_safe
def record(request: Request, key: str) -> HttpResponse:
    """One record, as far as the actor may see it; a merged one leads to the other."""
    registry, actor = request.registry, request.actor
    found = show(registry, actor, key)
    if found.key != key:
        return HttpResponseRedirect(address("record", found.key))
    kind, language = registry.kinds.get(found.kind), actor.language
    return render(
        request,
        RecordView(
            record=found, kind=kind.label.text(language), kind_plural=kind.plural.text(language),
            kind_name=kind.name, fields=lines_of(actor, kind, found),
            empty=tuple(
                f.label.text(language)
                for f in kind.fields
                if found.circle == "private" and f.name not in found.values and not found.hidden
            ),
            said=show_said(found.provenance.get("*")),
            steps=tuple(Step(s.label.text(language), s.name == found.status, s.closed) for s in kind.states),
            subject=Subject("record", found.key, found.title, names_of(kind, found), values={"record": found}),
            files=tuple(
                FileLine(one, kind.by_name[one.field].label.text(language))
                for one in files_of(registry, actor, key)
            ),
            may_audit=may(actor, "read audit"),
            may_assign=may(
                actor, "assign", Acted(kind=kind.name, organisation=found.organisation, region=found.region)
            ),
            may_erase=may(actor, "erase"), absorbed=absorbed_by(registry, actor, key),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def move_record(request: Request, key: str, transition: str) -> HttpResponse:
    """What a transition needs; sent, it is made."""
    registry, actor = request.registry, request.actor
    if request.method == "POST" and not actor.key:
        raise refusal(actor, "decide")
    found = show(registry, actor, key)
    kind = registry.kinds.get(found.kind)
    step = kind.transition(transition)
    tell = speak(page_language())
    name = FormName(kind.name, key, transition)
    draft, going_on = drafts_of(request, name)
    possible = next((m for m in found.moves if m.name == transition), None)
    if possible is None:
        if request.method == "POST" or draft:
            written = "\n".join(draft.values.get(REASON, {}).get(REASON, ())) if draft else ""
            return render(
                request,
                MissedMovePage(
                    found, kind.name, kind.plural.text(actor.language), step.label.text(actor.language),
                    (request.POST.get(REASON) or written)[:5000],
                    address("keep move", key, transition) if draft else "",
                ),
                status=409,
            )  # fmt: skip
        raise InputError.of(
            "{step} is not possible now: the record is {state}", expected="a step that the record's page offers",
            do="go back to the record and load its page again", step=step.label.text(actor.language),
            state=found.status_label,
        )  # fmt: skip
    lookups = lookups_for(request)
    status, conflict = 200, False
    if request.method == "POST":
        form = move_form(kind, tell, found, step, data=request.POST, lookups=lookups)
        status = 403 if only_shown(request) else 400
        if not only_shown(request) and form.is_valid():
            try:
                moved = move(
                    registry, actor, key, transition, revision=form.revision, reason=form.reason, values=form.changes
                )  # fmt: skip
            except ConflictError:
                # Upon the newest revision, with what was written: to look at the record again and then decide.
                status, conflict = 409, True
                again = move_form(kind, tell, found, step, lookups=lookups)
                again.initial.update({**form.changes, "record-reason": form.reason})
                form = again
            except (InputError, EvidenceError) as error:
                if isinstance(error, EvidenceError):
                    status = 409
                    form.add_error(None, error.told(tell))
                else:
                    form.refuse(error)
            else:
                drop_draft(actor, name)
                messages.success(request, say("Done: it is now {state}.", state=moved.status_label))
                return HttpResponseRedirect(address("record", key))
    else:
        form = move_form(kind, tell, found, step, lookups=lookups)
        if draft and going_on:
            fill(form, draft.values)
            conflict = draft.revision != found.revision
    return render(
        request,
        MovePage(
            record=found, kind_name=kind.name, kind_plural=kind.plural.text(actor.language), move=possible,
            after=kind.state(possible.after).label.text(actor.language),
            missing=tuple(
                f.label.text(actor.language)
                for f in kind.fields
                if (f.required or f.name in possible.needs) and f.name not in found.values
                and f.name not in form.fields and f.name in found.changeable
            ),
            form=form, conflict=conflict, kept=Kept.of(request, address("keep move", key, transition), draft),
        ),
        status=status,
    )  # fmt: skip

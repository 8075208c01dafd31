"""Making and changing a record: the form of its kind, its draft, and what happens when two people change one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from foretrack.accounts.actions.drafts import Draft, FormName, drop_draft
from foretrack.accounts.doors.keeping import Kept, drafts_of, only_shown
from foretrack.foundation.errors import InputError, OutsideError
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.attachments import attach, files_of
from foretrack.registry.actions.history import past
from foretrack.registry.actions.linking import with_more
from foretrack.registry.actions.links import linkable
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.answers import AttachedFile, RecordPage
from foretrack.registry.declaring.fields import Json, Link
from foretrack.registry.declaring.kind import Kind
from foretrack.site.forms.beforehand import beforehand
from foretrack.site.forms.declared import REVISION, DeclaredField, Lookups, RecordForm, form_of
from foretrack.site.forms.keeping import data_of, fill
from foretrack.site.pages.values import titles_for
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, aid_for
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak
from foretrack.web.values import Part, show_value


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that this form changes, beside what somebody else made of the record meanwhile."""

    label: str
    before: tuple[Part, ...]
    theirs: tuple[Part, ...]
    mine: tuple[Part, ...]
    both: bool
    """Both changed it: somebody has to choose."""


@dataclass(frozen=True)
class FormPage(Page):
    """The form of a record."""

    template: ClassVar[str] = "foretrack/edit.html"

    kind_name: str
    kind: str
    kind_plural: str
    help: str
    form: RecordForm
    record: RecordPage | None
    files: tuple[AttachedFile, ...]
    clashes: tuple[Clash, ...]
    conflict: bool
    kept: Kept
    aid: str
    """Where a room says something of what stands in the form; empty where none does."""
    aid_title: str


@dataclass(frozen=True)
class AidPart(Page):
    """What a room says of what stands in a form: a part of its page."""

    template: ClassVar[str] = "foretrack/aid.html"

    said: Fragment


def lookups_for(request: Request) -> Lookups:
    """Suggestions for link fields: records that the actor may see."""

    def suggest(link: Link, keys: object) -> list[tuple[str, str]]:
        held = [str(key) for key in keys] if isinstance(keys, list | tuple) else []
        found = dict(linkable(request.actor, link.kinds))
        return list({**titles_for(request.actor, held), **found}.items())

    return Lookups(suggest=suggest)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, kind: str) -> HttpResponse:
    """Makes a record; the query of the address may fill the form in beforehand."""
    declared, actor = request.registry.kinds.get(kind), request.actor
    if not may_create_somewhere(actor, declared):
        raise refusal(actor, "create a record of this kind")
    tell, name = speak(page_language()), FormName(declared.name)
    if request.method != "POST":
        draft, going_on = drafts_of(request, name)
        values = beforehand(declared, request.GET)
        form = form_of(declared, tell, values=values, lookups=lookups_for(request))
        if draft and going_on:
            fill(form, draft.values)
        return _form(request, declared, form, draft=draft)
    form = form_of(declared, tell, data=request.POST, files=request.FILES, lookups=lookups_for(request))
    if only_shown(request):
        return _form(request, declared, form, status=403)
    if form.is_valid():
        try:
            made = create(request.registry, actor, declared.name, form.changes, visibility=form.visibility)
        except InputError as error:
            form.refuse(error)
        else:
            drop_draft(actor, name)
            problem = _attach_all(request, made, form)
            messages.success(request, say("The record was made."))
            if problem:
                messages.error(request, problem)
                return HttpResponseRedirect(address("edit", made.key))
            return HttpResponseRedirect(address("record", made.key))
    return _form(request, declared, form, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, key: str) -> HttpResponse:
    """Changes a record; when somebody else did so meanwhile, both versions are shown and nothing is lost."""
    registry, actor = request.registry, request.actor
    if (
        request.method == "POST" and not actor.key
    ):  # not "there is no such record": whoever wrote this could see it
        raise refusal(actor, "edit this record")
    record = show(registry, actor, key)
    if record.key != key:
        return HttpResponseRedirect(address("edit", record.key))
    kind = registry.kinds.get(record.kind)
    if not record.may_edit:
        if not actor.key:
            raise refusal(actor, "edit this record")
        raise InputError.of(
            "this record cannot be changed by you now: it is {state}", expected="a record that is open for changes",
            do="go back to it and see what you may do", state=record.status_label,
        )  # fmt: skip
    tell, name = speak(page_language()), FormName(kind.name, key)
    if request.method != "POST":
        draft, going_on = drafts_of(request, name)
        if draft and going_on:
            return _go_on(request, kind, record, draft)
        more = {n: value for n, value in beforehand(kind, request.GET).items() if n in record.changeable}
        values = with_more(kind, record.values, more) if more else None
        form = form_of(kind, tell, page=record, values=values, lookups=lookups_for(request))
        return _form(request, kind, form, record, draft=draft)
    form = form_of(
        kind, tell, page=record, data=request.POST, files=request.FILES, lookups=lookups_for(request)
    )
    if only_shown(request):
        return _form(request, kind, form, record, status=403)
    if form.is_valid():
        try:
            saved = edit(
                registry, actor, key, form.changes, revision=form.revision, visibility=form.visibility,
                reason=form.reason,
            )  # fmt: skip
        except ConflictError:
            return _conflict(request, kind, form, show(registry, actor, key))
        except InputError as error:
            form.refuse(error)
        else:
            drop_draft(actor, name)
            problem = _attach_all(request, saved, form)
            if problem:
                messages.error(request, problem)
                return HttpResponseRedirect(address("edit", key))
            messages.success(request, say("Saved."))
            return HttpResponseRedirect(address("record", key))
    return _form(request, kind, form, record, status=400)


def _form(
    request: Request, kind: Kind, form: RecordForm, record: RecordPage | None = None, *, status: int = 200,
    clashes: tuple[Clash, ...] = (), conflict: bool = False, draft: Draft | None = None,
) -> HttpResponse:  # fmt: skip
    language = request.actor.language
    where = address("keep edit", record.key) if record else address("keep new", kind.name)
    helped = aid_for(kind.name)
    page = FormPage(
        kind_name=kind.name, kind=kind.label.text(language), kind_plural=kind.plural.text(language),
        help=kind.help.text(language), form=form, record=record,
        files=files_of(request.registry, request.actor, record.key) if record else (), clashes=clashes, conflict=conflict,
        kept=Kept.of(request, where, draft), aid=address("form aid", kind.name) if helped else "",
        aid_title=say(helped.title) if helped else "",
    )  # fmt: skip
    return render(request, page, status=status)


@require_POST
def aid(request: Request, kind: str) -> HttpResponse:
    """What a room says of what stands in a form of a kind; nothing is written or kept."""
    declared, helped = request.registry.kinds.get(kind), aid_for(kind)
    if helped is None or not may_create_somewhere(request.actor, declared):
        raise refusal(request.actor, "create a record of this kind")
    form = form_of(declared, speak(page_language()), data=request.POST, lookups=lookups_for(request))
    form.is_valid()
    read = form.cleaned_data
    values = {f.name: read[f.name] for f in declared.fields if read.get(f.name) not in (None, "", [], {})}
    return render(request, AidPart(helped.load(request, declared.name, values)))


def _attach_all(request: Request, record: RecordPage, form: RecordForm) -> str:
    """Attaches what was sent with the form; what went wrong, or nothing. The rest of the record is saved either way."""
    page = record
    for name, sent in form.uploads.items():
        for one in sent:
            try:
                page = attach(
                    request.registry, request.actor, page.key, name, cast(BinaryIO, one.file), str(one.name),
                    revision=page.revision,
                )  # fmt: skip
            except (InputError, OutsideError) as error:
                return say(
                    "The record was saved, but not the file {name}: {problem}",
                    name=str(one.name)[:80],
                    problem=error.told(speak(page_language())),
                )
    return ""


def _go_on(request: Request, kind: Kind, record: RecordPage, draft: Draft) -> HttpResponse:
    """The form with what was kept of it; beside what others made of the record, where they changed it since."""
    tell, lookups = speak(page_language()), lookups_for(request)
    if draft.revision == record.revision:
        form = form_of(kind, tell, page=record, lookups=lookups)
        fill(form, draft.values)
        return _form(request, kind, form, record, draft=draft)
    data = data_of(draft.values)
    data[REVISION] = str(draft.revision)
    typed = form_of(kind, tell, page=record, data=data, lookups=lookups)
    typed.is_valid()
    for name in set(typed.fields) - set(draft.values) - {REVISION}:
        typed.cleaned_data.pop(name, None)
    return _conflict(request, kind, typed, record, draft)


def _conflict(
    request: Request, kind: Kind, form: RecordForm, now: RecordPage, draft: Draft | None = None
) -> HttpResponse:
    """The form again, upon the newest revision: what the person changed stands in it, the rest is as others left it."""
    base: Mapping[str, Json] = past(request.registry, request.actor, now.key, form.revision).values
    mine = {
        name: value
        for name, value in form.cleaned_data.items()
        if isinstance(box := form.fields.get(name), DeclaredField)
        and not form.files.get(name)
        and box.declared.type != "file"
        and value != base.get(name)
    }
    again = form_of(kind, form.say, page=now, lookups=lookups_for(request))
    again.initial.update(mine)
    again.initial.update({"record-reason": form.reason, "record-visibility": form.visibility})
    if draft:  # what cannot be read is no change yet, and is not lost either
        fill(again, draft.values, only=form.errors)
    language = request.actor.language
    keys = [key for values in (base, now.values, mine) for _, _, key in kind.points(values)]
    titles = titles_for(request.actor, keys)

    def shown(name: str, values: Mapping[str, Json]) -> tuple[Part, ...]:
        value = values.get(name)
        return () if value is None else show_value(kind.by_name[name], value, language, titles)

    touched = [
        f.name
        for f in kind.fields
        if (f.name in mine or now.values.get(f.name) != base.get(f.name)) and f.name in now.changeable
    ]
    clashes = tuple(
        Clash(
            kind.by_name[name].label.text(language), shown(name, base), shown(name, now.values),
            shown(name, mine if name in mine else now.values),
            name in mine and now.values.get(name) not in (base.get(name), mine[name]),
        )
        for name in touched
    )  # fmt: skip
    return _form(
        request, kind, again, now, status=200 if draft else 409, clashes=clashes, conflict=True, draft=draft
    )

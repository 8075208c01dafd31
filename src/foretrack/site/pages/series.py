"""Series of lists: declaring one, changing what later issues say, and any two issues beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.lists.actions.entries import UNLISTABLE
from foretrack.lists.actions.reading import changes, issues
from foretrack.lists.actions.series import SeriesPage, change_series, declare_series
from foretrack.lists.changes import name_of, summary
from foretrack.lists.rendering.wording import Wording, wording
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.permission import require
from foretrack.registry.actions.links import titles_of
from foretrack.registry.declaring import fields as declared
from foretrack.registry.declaring.kind import Kind
from foretrack.site.pages.lists import SeriesLine, find_page, series_line
from foretrack.web import rendering
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, in_both, line, several
from foretrack.web.rendering import Page, Request
from foretrack.web.speech import say

AT = {
    "a series cannot be called {name}": "name", "there is a series {name} already": "name",
    "the {what} is missing": "{what}", "the field {name} cannot be listed": "fields",
    "the field {name} is no facet": "fields",
    "a validity of {n} months": "months", "records of the kind {kind} cannot be listed": "kind",
}  # fmt: skip
WHERE = "where-"
"""Before the name of a facet, in the name of its box."""
MOST_OPTIONS = 60
"""Values of a facet that are offered to choose; of one with more, codes are typed."""


def _listable(request: Request) -> dict[str, str]:
    return {
        kind.name: kind.plural.text(request.actor.language)
        for kind in request.registry.kinds
        if any(state.listable for state in kind.states) and not kind.by_name[kind.title].personal
    }


def _boxes(request: Request, kind: Kind, held: SeriesPage | None) -> dict[str, forms.Field]:
    language = request.actor.language

    def both(name: str) -> dict[str, str]:
        text: Bilingual | None = getattr(held, name, None)
        return {} if text is None else {"en": text.en, "zh": text.zh}

    tellable = {
        f.name: f.label.text(language)
        for f in kind.fields
        if f.visibility == "public" and not f.personal and f.type not in UNLISTABLE
        and f.name not in (kind.title, "region")
    }  # fmt: skip
    usual = [f.name for f in kind.table_columns if f.name in tellable and f.name != "tracks"]
    made: dict[str, forms.Field] = {
        **in_both("title", say("Title"), most=2000, initial=both("title")),
        **in_both("description", say("What the list is about"), rows=3, most=2000, initial=both("description")),
        **in_both("publisher", say("Published by"), most=2000, initial=both("publisher")),
        "licence": line(
            say("Licence"), say("SPDX name or address of the terms of use."),
            initial=held.licence if held else "CC-BY-4.0", needed=True,
        ),
        "fields": several(
            say("What an issue tells of each entry"), tellable, say("Title, region and track stand there anyway."),
            initial=list(held.fields) if held else usual,
        ),
        "months": forms.IntegerField(
            label=say("Valid for (months)"),
            help_text=say("How long an entry stands unless it is renewed; empty for no end."),
            required=False, initial=held.months_valid if held else None,
            error_messages={"invalid": say("This is no number.")},
        ),
        "clause": line(
            say("Clause"), say("Of the policy that the list serves, as pack/clause."),
            initial=held.clause if held else "",
            most=120,
        ),
    }  # fmt: skip
    for f in kind.facets:
        chosen = [str(value) for value in (held.filters.get(f.name, ()) if held else ())]
        label = say("Only those with: {facet}", facet=f.label.text(language))
        options = _options(f, language)
        if options and len(options) <= MOST_OPTIONS:
            made[f"{WHERE}{f.name}"] = several(label, options, initial=chosen)
        else:
            made[f"{WHERE}{f.name}"] = line(
                label, say("Codes with spaces between; empty for all."), initial=" ".join(chosen), most=2000
            )
    return made


def _options(f: declared.Field, language: str) -> dict[str, str]:
    labels: Any = (
        f.options
        if isinstance(f, declared.Choice)
        else f.terms(f.part) if isinstance(f, declared.Term) else {}
    )  # fmt: skip
    return {code: label.text(language) for code, label in labels.items()}


def _read(form: Asked) -> dict[str, Any]:
    filters = {}
    for name, value in form.cleaned_data.items():
        if name.startswith(WHERE):
            values = value if isinstance(value, list) else str(value or "").split()
            if values:
                filters[name.removeprefix(WHERE)] = values
    return {
        "title": form.both("title"), "description": form.both("description"), "publisher": form.both("publisher"),
        "licence": form.text("licence"), "fields": form.cleaned_data["fields"], "filters": filters,
        "months_valid": form.cleaned_data["months"], "clause": form.text("clause"),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: Request) -> HttpResponse:
    """Declares a series: first of which kind, then the rest."""
    require(request.actor, "declare series")
    kinds, sent = _listable(request), request.method == "POST"
    way = (Crumb(address("lists"), say("Lists")),)
    chosen = (request.POST if sent else request.GET).get("kind", "")
    if chosen not in kinds or (sent and "name" not in request.POST):
        form = Asked({"kind": choice(say("Kind"), kinds)}, AT, data=request.POST if sent else None)
        if sent and form.is_valid():
            return HttpResponseRedirect(f"{address('declare series')}?kind={form.text('kind')}")
        return ask(
            request,
            AskPage(
                say("Declare a list"),
                say("Of which kind are the records that it lists? That can never be changed."), way,
                form, say("Go on"), address("lists"),
            ),
        )  # fmt: skip
    kind = request.registry.kinds.get(chosen)
    boxes: dict[str, forms.Field] = {
        "kind": forms.CharField(initial=chosen, widget=forms.HiddenInput),
        "name": line(
            say("Name in addresses and files"),
            say("Small letters, digits and hyphens, such as iconic-products; it never changes."),
            most=80, needed=True,
        ),
        **_boxes(request, kind, None),
    }  # fmt: skip
    form = Asked(boxes, AT, data=request.POST if sent else None)
    if sent and form.is_valid():
        try:
            made = declare_series(
                request.registry, request.actor, form.text("name"), kind=chosen, **_read(form)
            )
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The list was declared; its first issue can be looked at now."))
            return HttpResponseRedirect(address("series", made.name))
    return ask(
        request, AskPage(say("Declare a list"), kinds[chosen], way, form, say("Declare it"), address("lists"))
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, name: str) -> HttpResponse:
    """Changes what later issues of a series say."""
    found = find_page(name)
    require(request.actor, "declare series")
    kind = request.registry.kinds.get(found.kind)
    form = Asked(_boxes(request, kind, found), AT, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            change_series(request.registry, request.actor, name, **_read(form))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("Saved; it holds from the next issue on."))
            return HttpResponseRedirect(address("series", name))
    title = found.title.text(request.actor.language)
    return ask(
        request,
        AskPage(
            say("Change the list"), title,
            (Crumb(address("lists"), say("Lists")), Crumb(address("series", name), title)), form, say("Save"),
            address("series", name), (say("Issues that were published stay as they are."),),
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiffEntry:
    """One entry that differs between two issues."""

    href: str
    title: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class IssueDiffPage(Page):
    """Two issues of a series beside each other."""

    template: ClassVar[str] = "foretrack/issue_diff.html"

    series: SeriesLine
    before: int
    after: int
    labels: tuple[tuple[int, str], ...]
    summary: str
    entered: tuple[DiffEntry, ...]
    left: tuple[DiffEntry, ...]
    changed: tuple[DiffEntry, ...]
    unchanged: int

    def as_table(self) -> tuple[list[str], list[dict[str, Any]]]:
        """One row for each entry that differs."""
        rows = [
            {"how": how, "title": one.title, "said": "; ".join(one.said)}
            for how, part in (("entered", self.entered), ("left", self.left), ("changed", self.changed))
            for one in part
        ]
        return ["how", "title", "said"], rows


@require_safe
def compare(request: Request, name: str) -> HttpResponse:
    """What differs between two issues: `?before=1&after=3`; without numbers, between the last two."""
    found = find_page(name)
    if found.issues < 2:
        raise NotThereError.of(
            "{name} has fewer than two issues",
            expected="two issues",
            do="look at the page of the list",
            name=name,
        )
    after = _number(request, "after") or found.issues
    before = _number(request, "before") or max(1, after - 1)
    difference, _, _ = changes(name, after, before)
    language = request.actor.language
    words = wording(language)
    keys = [
        one.record
        for one in (
            *difference.entered, *(left.entry for left in difference.left),
            *(changed.entry for changed in difference.changed)
        )
    ]  # fmt: skip
    seen = titles_of(request.actor, keys)

    def entry(key: str, title: Bilingual, said: tuple[str, ...]) -> DiffEntry:
        return DiffEntry(address("record", key) if key in seen else "", name_of(title, language), said)

    return rendering.render(
        request,
        IssueDiffPage(
            series=series_line(request, found), before=before, after=after,
            labels=tuple((one.number, one.label) for one in reversed(issues(name))),
            summary=words.sentence(summary(difference)),
            entered=tuple(entry(one.record, one.title, ()) for one in difference.entered),
            left=tuple(
                entry(one.entry.record, one.entry.title, (words.reason(one.removal),) if one.removal else ())
                for one in difference.left
            ),
            changed=tuple(
                entry(one.entry.record, one.entry.title, tuple(_said(words, change) for change in one.changes))
                for one in difference.changed
            ),
            unchanged=len(difference.unchanged),
        ),
    )  # fmt: skip


def _said(words: Wording, change: Any) -> str:
    return words.change(change)


def _number(request: Request, name: str) -> int:
    text = request.GET.get(name, "")
    if text and (not text.isdecimal() or len(text) > 9):
        raise InputError.of(
            "{name} is {found!r}",
            expected="a number",
            do="follow a link of the page",
            name=name,
            found=text[:20],
        )
    return int(text or 0)

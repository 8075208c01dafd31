"""A kind's form: boxes that fit its fields, labels and help in the reader's language, and errors from `Field.read`.

What a person types is read by the code that reads an import or an API call, so a form never accepts what they refuse.
Permission is not decided here: `RecordPage.changeable` says which fields the actor may see and change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import Messages
from foretrack.packs.shapes import Bilingual
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring import fields as declared
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.declaring.fields import VISIBILITIES, Field, Json
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.declaring.rows import InvalidRows, Rows
from foretrack.site.forms.tables import TableBoxes
from foretrack.site.forms.widgets import (
    Amount,
    Files,
    Lines,
    Lookup,
    LookupLines,
    ManyFiles,
    Pair,
    PairLines,
    Parts,
)

FEW = 12
"""So many options are shown as boxes to tick; more as a list to choose from."""
REVISION, VISIBILITY, REASON = "record-revision", "record-visibility", "record-reason"
"""Names of the form's own boxes; a hyphen stands in no field's name."""

Suggest = Callable[[declared.Link, Sequence[str]], Sequence[tuple[str, str]]]
"""(link field, keys that it holds) -> (key, title) pairs to suggest; the keys that it holds among them."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Where the suggestions of link fields come from."""

    address: Callable[[declared.Link], str] = field(default=lambda link: "")
    """Where a page may ask for more suggestions while somebody types; empty for nowhere."""
    suggest: Suggest = field(default=lambda link, keys: ())


class DeclaredField(forms.Field):
    """One field of a kind in a form."""

    def __init__(
        self,
        declared_field: Field,
        say: Messages,
        widget: forms.Widget,
        *,
        initial: Json = None,
        needed: bool = False,
    ) -> None:
        super().__init__(
            required=False,  # whether something is missing, the kind says: a draft may be incomplete
            label=declared_field.label.text(say.language), help_text=_help(declared_field, say),
            widget=widget, initial=initial,
        )  # fmt: skip
        self.declared, self.say, self.needed = declared_field, say, needed

    @property
    def confidential(self) -> bool:
        """Whether not everybody may read what is typed here: a browser shall not keep it beyond its page."""
        return self.declared.visibility != "public" or self.declared.personal or self.declared.type == "file"

    def clean(self, value: Any) -> Json:
        """The value to keep, None for nothing."""
        if isinstance(self.declared, declared.File):
            return self._file(value)
        try:
            read = self.declared.read(value)
        except InvalidRows as error:
            raise ValidationError(self._wrong_rows(error)) from error
        except InputError as error:
            raise ValidationError(error.told(self.say)) from error
        if read is None and self.needed:
            raise ValidationError(self.say("This is needed."))
        return read

    def _wrong_rows(self, error: InvalidRows) -> list[str]:
        """Every problem of a table with its place, told above it and again at the box."""
        assert isinstance(self.declared, Rows)
        assert isinstance(self.widget, TableBoxes)
        labels = {c.name: c.label for c in self.declared.columns}
        at: dict[tuple[int, str], list[str]] = {}
        for problem in error.problems:
            at.setdefault((problem.row, problem.column), []).append(problem.error.told(self.say))
        self.widget.wrong = at
        return [InvalidRows.with_problems([one], labels).told(self.say) for one in error.problems]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether what was typed means something else than what stood there."""
        if isinstance(self.declared, declared.File):
            return data is not None
        try:
            return bool(self.declared.read(data) != initial)
        except InputError:
            return True

    def _file(self, value: Any) -> Json:
        sent = value if isinstance(value, list) else [value]
        for one in sent:
            if isinstance(one, UploadedFile):
                self._check_file(one)
        if self.needed and value in (None, "") and not self.initial:
            raise ValidationError(self.say("This is needed."))
        return value

    def _check_file(self, sent: UploadedFile[Any]) -> None:
        assert isinstance(self.declared, declared.File)
        most = self.declared.max_bytes
        if (sent.size or 0) > most:
            raise ValidationError(
                self.say(
                    "{name} has {n} bytes; at most {most} are taken.",
                    name=str(sent.name)[:80],
                    n=sent.size,
                    most=most,
                )
            )
        if not sent.size:
            raise ValidationError(self.say("{name} is empty.", name=str(sent.name)[:80]))


class RecordForm(forms.Form):
    """The form of a record or of one step of its workflow; `changes` is what an action is given."""

    kind: Kind
    say: Messages

    def __init__(self, kind: Kind, say: Messages, made: Mapping[str, forms.Field], **given: Any) -> None:
        super().__init__(**given)
        self.kind, self.say = kind, say
        self.label_suffix = ""
        self.fields.update(made)

    @property
    def changes(self) -> dict[str, Json]:
        """Fields that somebody changed, as `create`, `edit` and `move` take them; files not among them."""
        return {
            name: self.cleaned_data[name]
            for name in self.changed_data
            if isinstance(box := self.fields[name], DeclaredField)
            and name in self.cleaned_data
            and (not isinstance(box.declared, declared.File) or self.cleaned_data[name] == "")
        }

    @property
    def uploads(self) -> dict[str, list[UploadedFile[Any]]]:
        """Files that were sent, by field: attach them first, then the field holds their hashes."""
        found: dict[str, list[UploadedFile[Any]]] = {}
        for name, box in self.fields.items():
            if isinstance(box, DeclaredField) and isinstance(box.declared, declared.File):
                value = self.cleaned_data.get(name)
                sent = [
                    one
                    for one in (value if isinstance(value, list) else [value])
                    if isinstance(one, UploadedFile)
                ]
                if sent:
                    found[name] = sent
        return found

    @property
    def revision(self) -> int:
        """The revision that the reader saw; 0 for a record that is being made."""
        return int(self.cleaned_data.get(REVISION) or 0)

    @property
    def visibility(self) -> str:
        """The circle that was chosen."""
        return str(self.cleaned_data.get(VISIBILITY) or VISIBILITIES[0])

    @property
    def reason(self) -> str:
        """The reason that was written."""
        return str(self.cleaned_data.get(REASON) or "")

    def refuse(self, error: Exception) -> None:
        """Shows what an action said at the boxes that it is about."""
        if isinstance(error, InvalidRecord) and error.problems:
            for problem in error.problems:
                name = problem.field if problem.field in self.fields else None
                name = REASON if problem.field == "reason" and REASON in self.fields else name
                self.add_error(name, problem.error.told(self.say))
        elif isinstance(error, InputError):
            self.add_error(None, error.told(self.say))
        else:
            raise error


def form_of(
    kind: Kind, say: Messages, *, page: RecordPage | None = None, values: Mapping[str, Json] | None = None,
    data: Any = None, files: Any = None, lookups: Lookups | None = None, prefix: str | None = None,
) -> RecordForm:  # fmt: skip
    """The form to make a record of a kind, or to change the one of `page`.

    Args:
        say: the reader's language, with the messages of `foretrack.site.forms` and `foretrack.registry.doors`.
        values: raw or kept values to begin with, instead of those of the record, such as a link that leads here gives.
        data, files: what was sent; then the form is bound, and `is_valid` reads it.
    """
    fresh = [f.name for f in kind.fields if f.name not in kind.following]
    names = fresh if page is None else list(page.changeable)
    initial = {**(page.values if page else {}), **_readable(kind, values or {})}
    made: dict[str, forms.Field] = {
        name: _box(
            kind.by_name[name], say, initial.get(name), lookups or Lookups(), needed=_needed(kind, page, name)
        )
        for name in names
    }
    made[VISIBILITY] = forms.ChoiceField(
        label=say("Who may see it"), choices=[(circle, say(_CIRCLES[circle])) for circle in VISIBILITIES],
        initial=page.visibility if page else VISIBILITIES[0], required=False,
    )  # fmt: skip
    if page is not None:
        made[REVISION] = forms.IntegerField(widget=forms.HiddenInput, initial=page.revision, min_value=1)
        made[REASON] = _reason(say, needed=False)
    return RecordForm(kind, say, made, data=data, files=files, prefix=prefix)


def move_form(
    kind: Kind, say: Messages, page: RecordPage, move: Transition, *, data: Any = None, files: Any = None,
    lookups: Lookups | None = None, prefix: str | None = None,
) -> RecordForm:  # fmt: skip
    """The form of one transition: what it needs and the record lacks yet, and the reason."""
    missing = [
        f.name
        for f in kind.fields
        if (f.name in move.needs or f.required)
        and page.values.get(f.name) is None
        and f.name in page.changeable
    ]
    made: dict[str, forms.Field] = {
        name: _box(
            kind.by_name[name], say, None, lookups or Lookups(), needed=not kind.state(move.after).draft
        )
        for name in missing
    }
    made[REVISION] = forms.IntegerField(widget=forms.HiddenInput, initial=page.revision, min_value=1)
    made[REASON] = _reason(say, needed=move.reason)
    return RecordForm(kind, say, made, data=data, files=files, prefix=prefix)


_CIRCLES = {
    "public": "Everybody, once it stands in a public state",
    "partner": "Partners: everybody who has logged in",
    "private": "Only the own organisation and whoever is in charge",
}


def _needed(kind: Kind, page: RecordPage | None, name: str) -> bool:
    state = kind.state(page.status) if page else kind.first_state
    return kind.by_name[name].required and not state.draft


def _readable(kind: Kind, values: Mapping[str, Json]) -> dict[str, Json]:
    """The values that can be read; a link that leads to a form may say anything."""
    kept: dict[str, Json] = {}
    for name, raw in values.items():
        if name in kind.by_name:
            try:
                kept[name] = kind.by_name[name].read(raw)
            except InputError:
                continue
    return kept


def _reason(say: Messages, *, needed: bool) -> forms.Field:
    return forms.CharField(
        label=say("Reason"), required=needed, max_length=5000, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": say("This is needed.")},
    )  # fmt: skip


def _help(f: Field, say: Messages) -> str:
    parts = [f.help.text(say.language)]
    if isinstance(f, declared.Number):
        parts.append(f.unit.text(say.language))
    if isinstance(f, Rows):
        parts.append(say("At most {most} rows; a row that is left empty is not kept.", most=f.most))
    elif f.many and not isinstance(f, declared.Choice | declared.Term | declared.File):
        parts.append(say("One a line."))
    if isinstance(f, declared.ExternalId):
        parts.append(say("Such as {example}", example=f.example()))
    if f.visibility != "public":
        parts.append(say("Not public."))
    return " ".join(part for part in parts if part)


def _box(f: Field, say: Messages, initial: Json, lookups: Lookups, *, needed: bool) -> DeclaredField:
    widget = _many(f, say, initial, lookups) if f.many else _one(f, say, initial, lookups)
    if needed and not isinstance(widget, Parts | TableBoxes | forms.CheckboxSelectMultiple):
        widget.attrs["aria-required"] = "true"
    return DeclaredField(f, say, widget, initial=initial, needed=needed)


def _text(f: Field, attrs: Mapping[str, Any] | None = None) -> forms.Widget:
    most = getattr(f, "max_length", None)
    limits = {**({"maxlength": most} if most else {}), **(attrs or {})}
    lines = getattr(f, "lines", 1)
    return forms.Textarea({"rows": lines, **limits}) if lines > 1 else forms.TextInput(limits)


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def _one(f: Field, say: Messages, initial: Json, lookups: Lookups) -> forms.Widget:
    if isinstance(f, declared.BilingualText):
        return Pair(
            lambda language: _text(f, {"lang": language, "aria-label": _half_label(f, language, say)})
        )
    if isinstance(f, declared.Number):
        limits = {"min": f.low, "max": f.high, "step": 1 if f.whole else "any"}
        return forms.NumberInput({name: limit for name, limit in limits.items() if limit is not None})
    if isinstance(f, declared.Money):
        return Amount(
            {
                "amount": forms.TextInput({"inputmode": "decimal", "aria-label": _part_label(f, say("amount"), say)}),
                "currency": forms.Select(
                    {"aria-label": _part_label(f, say("currency"), say)}, choices=[(c, c) for c in f.currencies]
                ),
            }
        )  # fmt: skip
    if isinstance(f, declared.Day):
        return _day()
    if isinstance(f, declared.Period):
        first, last = _day(), _day()
        first.attrs["aria-label"] = _part_label(f, say("first day"), say)
        last.attrs["aria-label"] = _part_label(f, say("last day"), say)
        return Parts({"from": first, "to": last})
    if isinstance(f, declared.YesNo):
        return _YesNo(
            choices=[
                ("", say("not said")),
                *((w, f.show_one(w == "yes", say.language)) for w in ("yes", "no")),
            ]
        )
    if isinstance(f, declared.Choice | declared.Term):
        return forms.Select(choices=[("", say("choose")), *_options(f, say, [initial] if initial else [])])
    if isinstance(f, declared.Link):
        keys = [initial] if initial else []
        return Lookup(lookups.suggest(f, keys), _lookup_attrs(f, lookups))
    if isinstance(f, declared.File):
        return Files({"accept": ",".join(f.media_types)})
    if isinstance(f, declared.Web):
        return forms.URLInput({"placeholder": "https://", "maxlength": f.max_length})
    if isinstance(f, declared.Email):
        return forms.EmailInput({"maxlength": 254, "autocomplete": "off"})
    return _text(f)


class _YesNo(forms.Select):
    def format_value(self, value: Any) -> list[str]:
        return super().format_value({True: "yes", False: "no"}.get(value, value))


def _many(f: Field, say: Messages, initial: Json, lookups: Lookups) -> forms.Widget:
    if isinstance(f, Rows):
        return TableBoxes(f, say, lambda column, value: _one(column, say, value, lookups))
    if isinstance(f, declared.BilingualText):
        return PairLines(
            lambda language: forms.Textarea(
                {"rows": 3, "lang": language, "aria-label": _half_label(f, language, say)}
            )
        )
    if isinstance(f, declared.Choice | declared.Term):
        options = _options(f, say, initial or [])
        flat = sum(len(group[1]) if isinstance(group[1], list) else 1 for group in options)
        return (forms.CheckboxSelectMultiple if flat <= FEW else forms.SelectMultiple)(choices=options)
    if isinstance(f, declared.Link):
        return LookupLines(lookups.suggest(f, initial or []), _lookup_attrs(f, lookups))
    if isinstance(f, declared.File):
        return ManyFiles({"accept": ",".join(f.media_types)})
    return Lines(lambda one: str(f.cell_one(one)))


def _half_label(f: Field, language: str, say: Messages) -> str:
    return _part_label(f, {"en": say("English"), "zh": say("Chinese")}[language], say)


def _part_label(f: Field, part: str, say: Messages) -> str:
    return f"{f.label.text(say.language)}: {part}"


def _lookup_attrs(f: declared.Link, lookups: Lookups) -> dict[str, str]:
    address = lookups.address(f)
    attrs = {"autocomplete": "off", "data-to": " ".join(f.to)}
    return {**attrs, "data-lookup": address} if address else attrs


def _options(f: declared.Choice | declared.Term, say: Messages, kept: Sequence[str]) -> list[Any]:
    """Options with their labels; terms under the labels of their groups, and those kept that no pack has any more."""
    if isinstance(f, declared.Choice):
        labels: Mapping[str, Bilingual] = f.options
        groups: Mapping[str, Bilingual] = {}
    else:
        labels = f.terms(f.part)
        groups = f.groups()
    made: list[Any] = []
    under: dict[Bilingual, list[tuple[str, str]]] = {}
    for code, label in labels.items():
        option = (code, label.text(say.language))
        group = groups.get(code)
        if group is None:
            made.append(option)
        elif group in under:
            under[group].append(option)
        else:
            under[group] = [option]
            made.append((group.text(say.language), under[group]))
    return [*made, *((code, code) for code in kept if code not in labels)]

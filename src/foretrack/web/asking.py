"""Pages that ask for a few things and then do one: what it will do, and what an action refused beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse

from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError
from foretrack.foundation.messages import LANGUAGES
from foretrack.foundation.sentences import Sentence
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import TAGS, page_language, say, speak

FEW = 20
"""So many options are shown as boxes to tick."""


class Asked(forms.Form):
    """The boxes of such a page; whether what is in them will do, the action says."""

    def __init__(
        self, boxes: Mapping[str, forms.Field], at: Mapping[str, str] | None = None, **given: Any
    ) -> None:
        super().__init__(label_suffix="", **given)
        self.fields.update(boxes)
        self.at = dict(at or {})

    def refuse(self, error: ForetrackError) -> None:
        """Shows what an action said at the box that it is about; above all of them where it is about none."""
        if not isinstance(error, InputError | EvidenceError):
            raise error
        said = error.sentences[0]
        self.add_error(self._place(said), error.told(speak(page_language())))

    def _place(self, said: Sentence) -> str | None:
        place = self.at.get(said.template, "").format(**said.values)
        if place in self.fields:
            return place
        # Text in two languages that is missing is asked for in the language of the page.
        both = f"{place}-{page_language()}"
        return both if both in self.fields else None

    def text(self, name: str) -> str:
        """What was typed."""
        return str(self.cleaned_data.get(name) or "")

    def both(self, name: str) -> dict[str, str]:
        """What was typed in each language."""
        return {language: text for language in LANGUAGES if (text := self.text(f"{name}-{language}"))}


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page."""

    href: str
    text: str


@dataclass(frozen=True)
class AskPage(Page):
    """A page that asks for a few things."""

    template: ClassVar[str] = "foretrack/ask.html"

    title: str
    lead: str
    crumbs: tuple[Crumb, ...]
    form: Asked
    button: str
    back: str
    points: tuple[str, ...] = ()
    """What will happen, one sentence each."""
    warning: str = ""
    """Said above the button where it cannot be undone."""
    final: bool = False
    """It cannot be undone."""


def ask(request: Request, page: AskPage, *, status: int | None = None) -> HttpResponse:
    """The page as an answer: 400 where something in the form was wrong."""
    wrong = page.form.is_bound and bool(page.form.errors)
    return render(request, page, status=status or (400 if wrong else 200))


def line(
    label: str, help: str = "", *, most: int = 300, needed: bool = False, initial: str = ""
) -> forms.CharField:
    """A box for one line."""
    return forms.CharField(
        label=label,
        help_text=help,
        max_length=most,
        required=needed,
        initial=initial,
        error_messages=_words(),
    )


def lines(
    label: str, help: str = "", *, most: int = 5000, needed: bool = False, initial: str = "", rows: int = 3
) -> forms.CharField:
    """A box for several lines."""
    return forms.CharField(
        label=label, help_text=help, max_length=most, required=needed, initial=initial, error_messages=_words(),
        widget=forms.Textarea({"rows": rows}),
    )  # fmt: skip


def reason(help: str = "", *, needed: bool = True) -> forms.CharField:
    """The box for the reason, which the log keeps."""
    return lines(
        say("Reason"), help or say("It stands in the audit log, with your name and the time."), needed=needed
    )


def choice(
    label: str, options: Mapping[str, str] | list[tuple[str, Any]], help: str = "", *, initial: str = "",
    needed: bool = True
) -> forms.ChoiceField:  # fmt: skip
    """A box to choose one."""
    pairs = list(options.items()) if isinstance(options, Mapping) else options
    return forms.ChoiceField(
        label=label, help_text=help, choices=pairs, initial=initial, required=needed, error_messages=_words()
    )


def several(
    label: str, options: Mapping[str, str], help: str = "", *, initial: list[str] | None = None
) -> forms.Field:
    """Boxes to tick; a list to choose from where they are many."""
    widget = forms.CheckboxSelectMultiple() if len(options) <= FEW else forms.SelectMultiple()
    return forms.MultipleChoiceField(
        label=label, help_text=help, choices=list(options.items()), required=False, initial=initial or [],
        widget=widget, error_messages=_words(),
    )  # fmt: skip


def yes(label: str, help: str = "") -> forms.BooleanField:
    """One box to tick."""
    return forms.BooleanField(label=label, help_text=help, required=False)


def in_both(
    name: str, label: str, *, rows: int = 1, most: int = 300, initial: Mapping[str, str] | None = None
) -> dict[str, forms.Field]:  # fmt: skip
    """A box for each language of one text; one of them will do."""
    words = {"en": say("{label} in English", label=label), "zh": say("{label} in Chinese", label=label)}
    made: dict[str, forms.Field] = {}
    order = (page_language(), *(one for one in LANGUAGES if one != page_language()))
    for language in order:
        held = (initial or {}).get(language, "")
        box = (
            line(words[language], most=most, initial=held)
            if rows == 1
            else lines(words[language], most=most, initial=held, rows=rows)
        )
        box.widget.attrs["lang"] = TAGS[language]
        made[f"{name}-{language}"] = box
    return made


def _words() -> dict[str, str]:
    return {
        "required": say("This is needed."), "max_length": say("At most %(limit_value)d characters."),
        "invalid_choice": say("Choose one of those that are offered."),
        "invalid_list": say("Choose one of those that are offered."),
        "invalid": say("This cannot be read."),
    }  # fmt: skip

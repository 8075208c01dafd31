"""What stands in a form as a draft keeps it: the boxes of each declared field, as they were typed; never a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from foretrack.registry.declaring import fields as declared
from foretrack.site.forms.declared import REVISION, DeclaredField, RecordForm
from foretrack.site.forms.tables import TableBoxes
from foretrack.site.forms.widgets import Parts

Boxes = Mapping[str, Mapping[str, Sequence[str]]]


def boxes_of(form: RecordForm, data: MultiValueDict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Field to boxes to what was typed into them; what the form does not declare, and files, are left out."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, field in form.fields.items():
        if name == REVISION or is_file(field):
            continue
        if isinstance(field.widget, TableBoxes):
            boxes = field.widget.boxes(data, name)
        elif isinstance(field.widget, Parts):
            boxes = [f"{name}{part}" for part in field.widget.widgets_names]
        else:
            boxes = [name]
        typed = {box: [str(one) for one in data.getlist(box)] for box in boxes if box in data}
        # A browser sends nothing for boxes of which none is ticked; anything else that is missing was not there.
        if typed or isinstance(field.widget, forms.CheckboxSelectMultiple | forms.SelectMultiple):
            found[name] = typed
    return found


def data_of(values: Boxes) -> MultiValueDict[str, str]:
    """What a browser would have sent."""
    return MultiValueDict({box: list(typed) for boxes in values.values() for box, typed in boxes.items()})


def fill(form: RecordForm, values: Boxes, *, only: Collection[str] | None = None) -> None:
    """Puts what was typed into a form that nobody has sent, whether or not it can be read."""
    for name, boxes in values.items():
        field = form.fields.get(name)
        if field is not None and not is_file(field) and (only is None or name in only):
            typed = MultiValueDict({box: list(one) for box, one in boxes.items()})
            form.initial[name] = field.widget.value_from_datadict(typed, {}, name)


def is_file(field: forms.Field) -> bool:
    """Whether it takes files."""
    return isinstance(field, DeclaredField) and isinstance(field.declared, declared.File)

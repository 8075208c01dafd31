"""What people type into: boxes for every type of field, each giving the raw value that `Field.read` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foretrack.packs.shapes import LANGUAGES
from foretrack.registry.declaring.fields import Json

Data = Mapping[str, Any]


class Lines(forms.Textarea):
    """Several values, one a line."""

    def __init__(self, show: Callable[[Json], str], attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"rows": 3, **(attrs or {})})
        self.show = show

    def format_value(self, value: Any) -> str:
        if isinstance(value, str) or value is None:
            return value or ""
        return "\n".join(self.show(one) for one in value)

    def value_from_datadict(self, data: Data, files: Any, name: str) -> list[str] | None:
        if name not in data:
            return None
        return [line.strip() for line in str(data.get(name) or "").splitlines() if line.strip()]


class Parts(forms.MultiWidget):
    """Several boxes for one value that is an object: its parts by their names.

    Each box is called `FIELD-PART`; a hyphen stands in no field's name, so no other field's box can be called so.
    """

    def __init__(self, boxes: Mapping[str, forms.Widget], attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(boxes), dict(attrs or {}))
        self.parts = tuple(boxes)
        self.widgets_names = [f"-{part}" for part in boxes]

    def decompress(self, value: Any) -> list[Any]:
        return [value.get(part) if isinstance(value, Mapping) else None for part in self.parts]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        # What could not be read comes back as it was typed: a mapping, which Django would take for a list.
        return super().get_context(name, self.decompress(value), attrs)

    def value_from_datadict(self, data: Data, files: Any, name: str) -> Any:
        given = super().value_from_datadict(data, files, name)
        kept = {part: text for part, text in zip(self.parts, given, strict=True) if text}
        return kept or None


class Pair(Parts):
    """Text in English and Chinese."""

    def __init__(self, box: Callable[[str], forms.Widget]) -> None:
        super().__init__({language: box(language) for language in LANGUAGES})


class Amount(Parts):
    """An amount of money and its currency; the currency alone says nothing."""

    def value_from_datadict(self, data: Data, files: Any, name: str) -> Any:
        given = super().value_from_datadict(data, files, name)
        return given if given and given.get("amount", "").strip() else None


class PairLines(Pair):
    """Several texts in English and Chinese, one a line in either box; lines at the same place belong together."""

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            return [None] * len(self.parts)
        halves = ["\n".join(one.get(part, "") for one in value) for part in self.parts]
        return [half if half.strip() else "" for half in halves]

    def value_from_datadict(self, data: Data, files: Any, name: str) -> Any:
        given = Parts.value_from_datadict(self, data, files, name) or {}
        lines = {part: [line.strip() for line in text.splitlines()] for part, text in given.items()}
        longest = max((len(texts) for texts in lines.values()), default=0)
        made = [
            {part: texts[i] for part, texts in lines.items() if i < len(texts) and texts[i]}
            for i in range(longest)
        ]
        return [one for one in made if one] or None


class Lookup(forms.TextInput):
    """A key of another record, with suggestions as one types: `data-lookup` says where they come from."""

    def __init__(self, suggested: Sequence[tuple[str, str]], attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}))
        self.suggested = tuple(suggested)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id') or 'id_' + name}_list"
        box = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join(
            "", '<option value="{}">{}</option>', ((key, title) for key, title in self.suggested)
        )
        return format_html('{}<datalist id="{}">{}</datalist>', box, listed, options)


class LookupLines(Lines):
    """Keys of other records, one a line, each with its title behind a tab for the reader."""

    def __init__(self, suggested: Sequence[tuple[str, str]], attrs: Mapping[str, Any] | None = None) -> None:
        self.titles = dict(suggested)
        super().__init__(self._titled, attrs)

    def _titled(self, key: Json) -> str:
        title = self.titles.get(str(key))
        return f"{key}\t{title}" if title else str(key)

    def value_from_datadict(self, data: Data, files: Any, name: str) -> list[str] | None:
        lines = super().value_from_datadict(data, files, name)
        # "concept:ID" may hold spaces, a key of a record may not: only what stands behind a known key is a title.
        return None if lines is None else [self._key(line) for line in lines]

    def _key(self, line: str) -> str:
        line = line.partition("\t")[0].strip()
        first, _, behind = line.partition(" ")
        return first if behind and self.titles.get(first) == behind.strip() else line


class Files(forms.ClearableFileInput):
    """A file to attach; what is attached already is named."""

    allow_multiple_selected = False
    template_name = "django/forms/widgets/input.html"

    def value_from_datadict(self, data: Data, files: Any, name: str) -> Any:
        sent = files.get(name) if files is not None else None
        if sent is not None:
            return sent
        return "" if data.get(f"{name}-clear") else None

    def value_omitted_from_data(self, data: Data, files: Any, name: str) -> bool:
        return (files is None or name not in files) and not data.get(f"{name}-clear")


class ManyFiles(Files):
    """Several files to attach."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Data, files: Any, name: str) -> Any:
        sent = files.getlist(name) if isinstance(files, MultiValueDict) else []
        if sent:
            return sent
        return "" if data.get(f"{name}-clear") else None

"""A sentence with places to fill, which a door can say in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Say(Protocol):
    """Translates an English sentence and fills its places; `messages.Messages` is one."""

    def __call__(self, message: str, /, **values: object) -> str:
        """The sentence in the reader's language, `{name}` filled from `values`."""
        ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence and what fills its places. A value may be a sentence itself.

    >>> found = Sentence("the number {n}", {"n": 7})
    >>> str(Sentence("{key!r} is {found}", {"key": "title", "found": found}))
    "'title' is the number 7"
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def told(self, say: Say) -> str:
        """The sentence as `say` says it, in English where `say` has no translation.

        >>> from foretrack.foundation.messages import Messages
        >>> zh = Messages("zh", {"the number {n}": "数字 {n}", "{key!r} is {found}": "{key!r} 是{found}"})
        >>> Sentence("{key!r} is {found}", {"key": "title", "found": Sentence("the number {n}", {"n": 7})}).told(zh)
        "'title' 是数字 7"
        """
        values = {
            name: value.told(say) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return say(self.template, **values)

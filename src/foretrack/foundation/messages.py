"""Sentences in the reader's language, from gettext's PO text, without a compiled catalogue to go stale.

English is the message itself. A door keeps its translations in `locale/<language>.po` beside its code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from foretrack.foundation.errors import HouseError

LANGUAGES: tuple[str, ...] = ("en", "zh")
"""The languages in which Foretrack speaks."""

_LINE = re.compile(r'^(msgctxt|msgid|msgstr)?\s*(".*")$')


@dataclass(frozen=True, slots=True)
class Messages:
    """Translates a fixed English sentence and fills in its values."""

    language: str = "en"
    translations: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, message: str, /, **values: object) -> str:
        """The sentence in `language`, English where no translation is known, `{name}` filled from `values`.

        >>> say = Messages("zh", {"{n} documents": "{n} 篇文献"})
        >>> say("{n} documents", n=3), say("{n} rows", n=2)
        ('3 篇文献', '2 rows')
        """
        text = self.translations.get(message) or message
        return text.format(**values) if values else text


def read_po(text: str) -> dict[str, str]:
    """Message to translation, from the text of a PO file (no plural forms, no contexts).

    Raises HouseError with the line number when the text is not PO: translations ship with the package.

    >>> read_po('# note\\nmsgid "rank"\\nmsgstr "名次"\\n\\nmsgid "a "\\n"b"\\nmsgstr ""\\n"甲乙"\\n')
    {'rank': '名次', 'a b': '甲乙'}
    """
    found: dict[str, str] = {}
    parts: dict[str, str] = {}
    key = ""
    for number, raw in enumerate([*text.splitlines(), 'msgid ""'], start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None or match[1] == "msgctxt" or not (match[1] or key):
            raise HouseError(f"line {number} of a translation file is not PO: {line!r}")
        if match[1] == "msgid":
            if parts.get("msgid"):
                found[parts["msgid"]] = parts.get("msgstr", "")
            parts = {}
        key = match[1] or key
        parts[key] = parts.get(key, "") + _unquoted(match[2], number)
    return found


def _unquoted(quoted: str, number: int) -> str:
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError) as error:
        raise HouseError(f"line {number} of a translation file has a broken string: {quoted}") from error

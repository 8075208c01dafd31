"""Reads pack YAML into checked values; every complaint says where, what was expected and shows an example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import yaml

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.packs.shapes import CONFIDENCES, LANGUAGES, Bilingual, Confidence, Lexicon

MAX_BYTES = 8_000_000
MAX_DEPTH = 20
MAX_NUMBER = 10**15
"""Greater numbers lose their digits in arithmetic."""
_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_CLAUSE_ID = re.compile(r"[A-Za-z0-9]+(?:[-./][A-Za-z0-9]+)*")


class Mapped(dict[str, Any]):
    """A mapping that knows the lines of the file on which it and its keys stand."""

    line: int = 0
    lines: Mapping[str, int] = {}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe loader that refuses a key given twice: YAML itself would drop the first one silently."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key is not a word", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        result: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return result

    def construct_yaml_map(self, node: Any) -> Iterator[Mapped]:
        mapped = Mapped()
        yield mapped
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value if isinstance(key.value, str)}
        mapped.update(self.construct_mapping(node))
        mapped.line, mapped.lines = node.start_mark.line + 1, lines


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_yaml_map)


def read_yaml(path: Path) -> Mapped:
    """The mapping that a YAML file holds.

    Raises InputError when the file is missing, too large, not UTF-8 or not YAML, with line and column.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError.of(
                "{path} has {size} bytes",
                expected="at most {most} bytes per file of a pack",
                do="split it into several files listed under `files`",
                path=path, size=size, most=MAX_BYTES,
            )  # fmt: skip
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError.of(
            "{path} does not exist", expected="a file of the pack", do="check `files` in pack.yml", path=path
        ) from None
    except UnicodeDecodeError as error:
        raise InputError.of(
            "{path} is not UTF-8 (byte {byte})",
            expected="UTF-8 text",
            do="save the file as UTF-8",
            path=path,
            byte=error.start,
        ) from None
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        raise InputError.of(
            "{path} cannot be read: {reason}",
            expected="a readable file",
            do="check its name and permissions",
            path=path,
            reason=getattr(error, "strerror", None) or error,
        ) from None
    try:
        # Counted before it is built: libyaml builds nested values by recursion and would crash the process.
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise InputError.of(
                    "{path} is nested more than {most} levels deep",
                    expected="a few levels",
                    do="check its brackets",
                    path=path,
                    most=MAX_DEPTH,
                )
            if isinstance(event, yaml.AliasEvent):
                raise InputError.of(
                    "{path} repeats a part by an alias (*{anchor})",
                    expected="every part written out, since aliases can grow without end",
                    do="write that part out",
                    path=path,
                    anchor=event.anchor,
                )
        value = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error) or "cannot be parsed"
        where: object = path
        if mark:
            where = Sentence(
                "{path}, line {line}, column {column}",
                {"path": path, "line": mark.line + 1, "column": mark.column + 1},
            )
        raise InputError.of(
            "{where}: {problem}", expected="YAML", do="mend that line", where=where, problem=problem
        ) from None
    if not isinstance(value, Mapped):
        raise InputError.of(
            "{path} holds {found}",
            expected="a mapping",
            do="begin like this: `id: my-pack` on a line of its own",
            path=path,
            found=_kind(value),
        )
    return value


class Node:
    """A mapping inside a pack that knows where it stands."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise InputError.of(
                "{where}: found {found}",
                expected="a mapping",
                do="write `key: value` lines",
                where=where,
                found=_kind(value),
            )
        self.value: dict[str, Any] = value
        self.where = where

    def line(self, key: str | None = None) -> int | None:
        """The line of the file on which `key` stands, or the mapping itself; None where it is not known."""
        if not isinstance(self.value, Mapped):
            return None
        return self.value.lines.get(key or "", self.value.line) or None

    def fail(
        self, what: str, expected: str, example: str, *, at: str | None = None, **values: object
    ) -> InputError:
        """The error to raise about this place: sentences with places to fill, and an example as it is written.

        Args:
            at: the key that is wrong, for its line.
        """
        line = self.line(at)
        return InputError.said(
            Sentence(
                "{where}: {what}" if line is None else "{where} (line {line}): {what}",
                {"where": self.where, "line": line, "what": Sentence(what, values)},
            ),
            expected=Sentence(expected, values),
            do=Sentence("write it like this: {example}", {"example": example}),
        )

    def only(self, known: Iterable[str]) -> None:
        """Raises InputError when the mapping has a key that nothing reads."""
        known = tuple(known)
        for key in self.value:
            if key not in known:
                raise self.fail(
                    "unknown key {key!r}", "one of {known}", f"{known[0]}: ...",
                    at=key, key=key, known=", ".join(known),
                )  # fmt: skip

    def word(self, key: str, example: str, *, default: str | None = None) -> str:
        """The text under `key`; `default` when it is absent and a default is given."""
        value = self.value.get(key)
        if value is None:
            if default is not None and key not in self.value:
                return default
            raise self.fail("{key!r} is missing or empty", "text", f"{key}: {example}", at=key, key=key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(
                "{key!r} is {found}", "text", f'{key}: "{example}"', at=key, key=key, found=_kind(value)
            )
        return value.strip()

    def optional_word(self, key: str, example: str) -> str | None:
        """The text under `key`, or None when it is absent or null."""
        return None if self.value.get(key) is None else self.word(key, example)

    def identifier(self, example: str, *, clause: bool = False) -> str:
        """The `id`, checked for its characters."""
        value = self.word("id", example)
        if not (_CLAUSE_ID if clause else _ID).fullmatch(value) or value == "none":
            raise self.fail(
                "the id {id!r} cannot be used",
                "lower-case letters, digits and hyphens; `none` is reserved",
                f"id: {example}",
                at="id",
                id=value,
            )
        return value

    def choice(self, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
        """The text under `key`, one of `choices`."""
        value = self.word(key, choices[0], default=default)
        if value not in choices:
            raise self.fail(
                "{key!r} is {value!r}", "one of {known}", f"{key}: {choices[0]}",
                at=key, key=key, value=value, known=", ".join(choices),
            )  # fmt: skip
        return value

    def confidence(self, default: str = "k") -> Confidence:
        """The mark under `confidence`."""
        return cast(Confidence, self.choice("confidence", CONFIDENCES, default=default))

    def entry(self, example: str, *, clause: bool = False) -> dict[str, Any]:
        """What every entry of a pack has: id, label, clause, source, confidence."""
        return {
            "id": self.identifier(example, clause=clause),
            "label": self.bilingual("label", "{en: Solid-state batteries, zh: 固态电池}"),
            "clause": self.word("clause", "IV.1", default=""),
            "source": self.words("source", "S1"),
            "confidence": self.confidence(),
        }

    def date(self, key: str) -> str | None:
        """The ISO date under `key`, or None when it is null."""
        value = self.value.get(key)
        if value is None:
            return None
        text = str(value)
        if not is_date(text):
            raise self.fail(
                "{key!r} is {text!r}",
                "an ISO date or null",
                f'{key}: "2024-01-18"',
                at=key,
                key=key,
                text=text,
            )
        return text

    def day(self, key: str, meaning: str, example: str = "2024-01-18") -> str:
        """The ISO date under `key`, which must be there; `meaning` says what it is."""
        value = self.date(key)
        if value is None:
            raise self.fail("`{key}` is missing", meaning, f'{key}: "{example}"', key=key)
        return value

    def note(self) -> Bilingual:
        """What a reader must know, under `note`; empty when absent."""
        return self.bilingual("note", "{en: What a reader must know., zh: 读者须知。}", required=False)

    def period(self) -> tuple[str | None, str | None]:
        """`valid_from` and `valid_to`, both may be open; the first is not after the last."""
        first, last = self.date("valid_from"), self.date("valid_to")
        if first is not None and last is not None and last < first:
            raise self.fail(
                "`valid_to` {last} comes before `valid_from` {first}",
                "a first day and a last day, or null",
                'valid_to: "2026-01-16"',
                at="valid_to", first=first, last=last,
            )  # fmt: skip
        return first, last

    def number(self, key: str, example: str, *, default: float | None = None) -> float | None:
        """The finite number under `key`, or `default` when it is absent."""
        value = self.value.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_NUMBER:
            raise self.fail(
                "{key!r} is {value!r}", "a number", f"{key}: {example}", at=key, key=key, value=value
            )
        return value

    def whole(self, key: str, example: str, *, least: int = 0) -> int | None:
        """The whole number from `least` up under `key`, or None when it is absent."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_NUMBER:
            raise self.fail(
                "{key!r} is {value!r}", "a whole number from {least} up", f"{key}: {example}",
                at=key, key=key, value=value, least=least,
            )  # fmt: skip
        return value

    def yes(self, key: str, *, default: bool = False) -> bool:
        """The yes or no under `key`, or `default` when it is absent."""
        value = self.value.get(key, default)
        if not isinstance(value, bool):
            raise self.fail("{key!r} is {value!r}", "yes or no", f"{key}: yes", at=key, key=key, value=value)
        return value

    def words(self, key: str, example: str) -> tuple[str, ...]:
        """The list of texts under `key`, each once; empty when absent. A single text counts as a list of one."""
        value = self.value.get(key)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list):
            raise self.fail(
                "{key!r} is {found}", "a list of texts", f"{key}: [{example}]",
                at=key, key=key, found=_kind(value),
            )  # fmt: skip
        for item in items:
            if not isinstance(item, str) or not item.strip():
                raise self.fail(
                    "{key!r} holds {item!r}, {found}",
                    "texts only (put numbers, yes, no and dates in quotes)",
                    f'{key}: ["{example}"]',
                    at=key, key=key, item=item, found=_kind(item),
                )  # fmt: skip
        return tuple(dict.fromkeys(item.strip() for item in items))

    def node(self, key: str, example: str) -> Node:
        """The mapping under `key`."""
        if not isinstance(self.value.get(key), dict):
            raise self.fail(
                "{key!r} is {found}", "a mapping", f"{key}: {example}",
                at=key, key=key, found=_kind(self.value.get(key)),
            )  # fmt: skip
        return Node(self.value[key], f"{self.where}, {key}")

    def bilingual(self, key: str, example: str, *, required: bool = True) -> Bilingual:
        """The text in English, Chinese or both under `key`."""
        if not required and self.value.get(key) is None:
            return Bilingual()
        node = self.node(key, example)
        node.only(LANGUAGES)
        texts = {language: node.word(language, "...", default="") for language in LANGUAGES}
        if not any(texts.values()):
            raise self.fail(
                "{key!r} has neither `en` nor `zh`", "at least one of them", f"{key}: {example}",
                at=key, key=key,
            )  # fmt: skip
        return Bilingual(**texts)

    def bilinguals(self, key: str) -> tuple[Bilingual, ...]:
        """The list of bilingual texts under `key`."""
        example = "{en: Electronic skin, zh: 电子皮肤}"
        return tuple(
            Node({"text": item.value}, item.where).bilingual("text", example) for item in self.nodes(key)
        )

    def nodes(self, key: str) -> tuple[Node, ...]:
        """The list of mappings under `key`, each named by its id or position in messages."""
        value = self.value.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.fail(
                "{key!r} is {found}", "a list", f"{key}:\n  - id: ...", at=key, key=key, found=_kind(value)
            )
        found = []
        for position, item in enumerate(value, start=1):
            name = item.get("id") if isinstance(item, dict) else None
            found.append(Node(item, f"{self.where}, {key} {position}" + (f" ({name})" if name else "")))
        return tuple(found)

    def by_language(self, key: str, example: str) -> Mapping[str, tuple[str, ...]]:
        """Lists of texts per language under `key`; empty when absent."""
        if self.value.get(key) is None:
            return {}
        node = self.node(key, f"{{en: [{example}]}}")
        node.only(LANGUAGES)
        return {language: node.words(language, example) for language in node.value}

    def lexicon(self) -> Mapping[str, Lexicon]:
        """The lexicon per language; empty when absent."""
        if self.value.get("lexicon") is None:
            return {}
        node = self.node("lexicon", "{en: {strong: [solid state battery], weak: [electrolyte]}}")
        node.only(LANGUAGES)
        found = {}
        for language in node.value:
            part = node.node(language, "{strong: [...], weak: [...], negative: [...]}")
            part.only(("strong", "weak", "negative"))
            strong = part.words("strong", "solid state battery")
            found[language] = Lexicon(
                strong=strong,
                weak=tuple(term for term in part.words("weak", "electrolyte") if term not in strong),
                negative=part.words("negative", "battery of tests"),
            )
        return found


def is_date(text: str) -> bool:
    """Whether the text is a day of the calendar, written as ISO 8601.

    >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("20240229")
    (True, False, False)
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _kind(value: Any) -> Sentence:
    """What a value is, in words that can be translated."""
    if type(value) in (int, float):
        return Sentence("the number {value}", {"value": value})
    for kind, name in _KINDS.items():
        if isinstance(value, kind):
            return Sentence(name)
    return Sentence("a {type}", {"type": type(value).__name__})


_KINDS = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    bool: "a yes/no value",
    type(None): "nothing",
}

"""Reads pack YAML into checked values; every complaint says where, what was expected and shows an example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import LANGUAGES, Bilingual, Lexicon

MAX_BYTES = 8_000_000
MAX_DEPTH = 20
_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_CLAUSE_ID = re.compile(r"[A-Za-z0-9]+(?:[-./][A-Za-z0-9]+)*")


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


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds.

    Raises InputError when the file is missing, too large, not UTF-8 or not YAML, with line and column.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{path} has {path.stat().st_size} bytes",
                expected=f"at most {MAX_BYTES} bytes per file of a pack",
                do="split it into several files listed under `files`",
            )
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            f"{path} does not exist", expected="a file of the pack", do="check `files` in pack.yml"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not UTF-8 (byte {error.start})", expected="UTF-8 text", do="save the file as UTF-8"
        ) from None
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", expected="a readable file", do="check its permissions"
        ) from None
    try:
        # Counted before it is built: libyaml builds nested values by recursion and would crash the process.
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise InputError(
                    f"{path} is nested more than {MAX_DEPTH} levels deep",
                    expected="a few levels",
                    do="check its brackets",
                )
        value = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or "cannot be parsed"
        raise InputError(f"{where}: {problem}", expected="YAML", do="mend that line") from None
    if not isinstance(value, dict):
        raise InputError(
            f"{path} holds {_kind(value)}",
            expected="a mapping",
            do="begin like this: `id: my-pack` on a line of its own",
        )
    return value


class Node:
    """A mapping inside a pack that knows where it stands."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise InputError(
                f"{where}: found {_kind(value)}", expected="a mapping", do="write `key: value` lines"
            )
        self.value: dict[str, Any] = value
        self.where = where

    def fail(self, what: str, expected: str, example: str) -> InputError:
        """The error to raise about this place."""
        return InputError(f"{self.where}: {what}", expected=expected, do=f"write it like this: {example}")

    def only(self, known: Iterable[str]) -> None:
        """Raises InputError when the mapping has a key that nothing reads."""
        known = tuple(known)
        for key in self.value:
            if key not in known:
                raise self.fail(f"unknown key {key!r}", f"one of {', '.join(known)}", f"{known[0]}: ...")

    def word(self, key: str, example: str, *, default: str | None = None) -> str:
        """The text under `key`; `default` when it is absent and a default is given."""
        value = self.value.get(key)
        if value is None:
            if default is not None and key not in self.value:
                return default
            raise self.fail(f"{key!r} is missing or empty", "text", f"{key}: {example}")
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{key!r} is {_kind(value)}", "text", f'{key}: "{example}"')
        return value.strip()

    def optional_word(self, key: str, example: str) -> str | None:
        """The text under `key`, or None when it is absent or null."""
        return None if self.value.get(key) is None else self.word(key, example)

    def identifier(self, example: str, *, clause: bool = False) -> str:
        """The `id`, checked for its characters."""
        value = self.word("id", example)
        if not (_CLAUSE_ID if clause else _ID).fullmatch(value) or value == "none":
            raise self.fail(
                f"the id {value!r} cannot be used",
                "lower-case letters, digits and hyphens; `none` is reserved",
                f"id: {example}",
            )
        return value

    def choice(self, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
        """The text under `key`, one of `choices`."""
        value = self.word(key, choices[0], default=default)
        if value not in choices:
            raise self.fail(f"{key!r} is {value!r}", f"one of {', '.join(choices)}", f"{key}: {choices[0]}")
        return value

    def date(self, key: str) -> str | None:
        """The ISO date under `key`, or None when it is null."""
        value = self.value.get(key)
        if value is None:
            return None
        text = str(value)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise self.fail(f"{key!r} is {text!r}", "an ISO date or null", f'{key}: "2024-01-18"')
        return text

    def words(self, key: str, example: str) -> tuple[str, ...]:
        """The list of texts under `key`, each once; empty when absent. A single text counts as a list of one."""
        value = self.value.get(key)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list):
            raise self.fail(f"{key!r} is {_kind(value)}", "a list of texts", f"{key}: [{example}]")
        for item in items:
            if not isinstance(item, str) or not item.strip():
                raise self.fail(
                    f"{key!r} holds {item!r}, {_kind(item)}",
                    "texts only (put numbers, yes, no and dates in quotes)",
                    f'{key}: ["{example}"]',
                )
        return tuple(dict.fromkeys(item.strip() for item in items))

    def node(self, key: str, example: str) -> Node:
        """The mapping under `key`."""
        if not isinstance(self.value.get(key), dict):
            raise self.fail(f"{key!r} is {_kind(self.value.get(key))}", "a mapping", f"{key}: {example}")
        return Node(self.value[key], f"{self.where}, {key}")

    def bilingual(self, key: str, example: str, *, required: bool = True) -> Bilingual:
        """The text in English, Chinese or both under `key`."""
        if not required and self.value.get(key) is None:
            return Bilingual()
        node = self.node(key, example)
        node.only(LANGUAGES)
        texts = {language: node.word(language, "...", default="") for language in LANGUAGES}
        if not any(texts.values()):
            raise self.fail(f"{key!r} has neither `en` nor `zh`", "at least one of them", f"{key}: {example}")
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
            raise self.fail(f"{key!r} is {_kind(value)}", "a list", f"{key}:\n  - id: ...")
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


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", bool: "a yes/no value", type(None): "nothing"}
    if type(value) in (int, float):
        return f"the number {value}"
    return names.get(type(value), f"a {type(value).__name__}")

"""Items of a YAML file one at a time, from parser events, so that neither size nor nesting can hurt.

Every scalar stays text: `2015-06-09` is no date object and `no` no false. Aliases point to one object,
so that they cannot multiply.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import yaml
from yaml import events as yaml_events

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

DEPTH = 50


class Lines:
    """The lines of a file as one stream for each YAML document in it."""

    def __init__(self, file: OpenedFile) -> None:
        self._lines = file.lines()
        self._held: tuple[int, str] | None = next(self._lines, None)
        self.begins = 1
        """1-based line of the file where the current document begins."""

    def next_document(self) -> bool:
        """Goes to the next document; False at the end of the file."""
        while self._held is not None:
            number, line = self._held
            if line.strip() and not line.startswith(("---", "...", "#", "%")):
                self.begins = number
                return True
            if line.startswith("--- ") and line[4:].strip() and not line[4:].lstrip().startswith("#"):
                self._held = (number, line[4:])
                self.begins = number
                return True
            self._held = next(self._lines, None)
        return False

    def read(self, size: int = -1) -> str:
        """At least one more line of the current document, "" at its end; what the YAML parser calls."""
        taken: list[str] = []
        length = 0
        while self._held is not None and not self._held[1].startswith(("---", "...")):
            taken.append(self._held[1] + "\n")
            length += len(taken[-1])
            self._held = next(self._lines, None)
            if length >= max(size, 1):
                break
        return "".join(taken)

    def skip_document(self) -> None:
        """Leaves out what is left of the current document."""
        while self.read(1 << 16):
            pass


def items(lines: Lines) -> Iterator[tuple[int, Any]]:
    """(line, value) of each item of the current document.

    A sequence gives its entries, a mapping with `items` (also inside `root`) the entries of that
    sequence, any other mapping itself. Raises ValueError where the YAML is broken or nested too deep.
    """
    try:
        yield from _Composer(lines).items()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = lines.begins + mark.line if mark is not None else lines.begins
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__
        raise ValueError(f"not valid YAML at line {line}: {problem}") from error


class _Composer:
    def __init__(self, lines: Lines) -> None:
        self._begins = lines.begins
        self._events: Iterator[Any] = iter(yaml.parse(lines, Loader=_LOADER))
        self._anchors: dict[str, Any] = {}

    def items(self) -> Iterator[tuple[int, Any]]:
        for event in self._events:
            if isinstance(event, yaml_events.SequenceStartEvent):
                yield from self._entries()
            elif isinstance(event, yaml_events.MappingStartEvent):
                yield from self._from_mapping(event, 0)
            elif isinstance(event, yaml_events.ScalarEvent | yaml_events.AliasEvent):
                yield self._line(event), self._value(event, 0)

    def _line(self, event: Any) -> int:
        return self._begins + int(event.start_mark.line)

    def _entries(self) -> Iterator[tuple[int, Any]]:
        for event in self._events:
            if isinstance(event, yaml_events.SequenceEndEvent):
                return
            yield self._line(event), self._value(event, 1)

    def _from_mapping(self, start: Any, depth: int) -> Iterator[tuple[int, Any]]:
        whole: dict[str, Any] = {}
        found = False
        for event in self._events:
            if isinstance(event, yaml_events.MappingEndEvent):
                break
            key = self._value(event, depth + 1)
            value = next(self._events)
            if key == "items" and isinstance(value, yaml_events.SequenceStartEvent):
                found = True
                yield from self._entries()
            elif key == "root" and depth == 0 and isinstance(value, yaml_events.MappingStartEvent):
                found = True
                yield from self._from_mapping(value, 1)
            else:
                whole[str(key)] = self._value(value, depth + 1)
        if not found:
            yield self._line(start), whole

    def _value(self, event: Any, depth: int) -> Any:
        if depth > DEPTH:
            raise ValueError(f"nested deeper than {DEPTH} levels at line {self._line(event)}")
        if isinstance(event, yaml_events.AliasEvent):
            return self._anchors.get(event.anchor or "")
        value: Any
        if isinstance(event, yaml_events.ScalarEvent):
            plain = event.style is None and event.value in ("", "~", "null", "Null", "NULL")
            value = None if plain else event.value
        elif isinstance(event, yaml_events.SequenceStartEvent):
            value = []
            while not isinstance(inner := next(self._events), yaml_events.SequenceEndEvent):
                value.append(self._value(inner, depth + 1))
        else:
            value = {}
            while not isinstance(inner := next(self._events), yaml_events.MappingEndEvent):
                key = self._value(inner, depth + 1)
                value[str(key)] = self._value(next(self._events), depth + 1)
        if event.anchor:
            self._anchors[event.anchor] = value
        return value


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The parser in C where PyYAML was built with it; both give the same events."""

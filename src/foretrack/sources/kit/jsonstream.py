"""JSON records read as a stream: JSON lines, a list, or a list inside an answer; flat memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from foretrack.foundation.errors import InputError, SourceError
from foretrack.records.document import Rejected
from foretrack.sources.kit.building import reject
from foretrack.sources.kit.encoding import decoded

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_SPACE = " \t\r\n"
_STEP = 1 << 16


def json_records(
    file: OpenedFile, paths: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, dict[str, Any]] | Rejected]:
    """(position, object) for each record of a JSON file, or the row rejected.

    Read are: one object a line (a line that is no JSON is rejected, the next one goes on), a top-level
    list, one object, and objects that hold the records in a list at one of `paths`
    (`("results",)`, `("message", "items")`), also one such object a line.
    SourceError where a list breaks off, after the records before it.
    """
    if _is_lines(file):
        yield from _from_lines(file, paths)
    else:
        yield from _from_stream(file, paths)


def expand(value: Any, paths: Sequence[tuple[str, ...]]) -> list[Any] | None:
    """The list of records at the first of `paths` that leads to one, or None."""
    for path in paths:
        found = at(value, *path)
        if isinstance(found, list):
            return found
    return None


def at(value: Any, *path: str | int) -> Any:
    """The value along `path` through objects and lists, None where it breaks.

    >>> at({"a": [{"b": 1}]}, "a", 0, "b"), at({"a": None}, "a", "b")
    (1, None)
    """
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def items(value: Any) -> list[Any]:
    """`value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in `value` if it is a list, else none."""
    return [entry for entry in items(value) if isinstance(entry, dict)]


def text_in(value: Any, *path: str | int) -> str | None:
    """The string along `path` if there is one that is not blank."""
    found = at(value, *path)
    return found if isinstance(found, str) and found.strip() else None


def load(text: str) -> Any:
    """`json.loads` whose every failure is a ValueError (too deep and too long numbers too)."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _is_lines(file: OpenedFile) -> bool:
    """True when one of the first lines is a complete object by itself."""
    looked = 0
    for _, line in file.lines(cut=True):
        if not line.strip():
            continue
        looked += 1
        if looked == 1 and not line.lstrip().startswith("{"):
            return False
        if len(line) <= file.limits.line and line.startswith("{") and line.rstrip().endswith("}"):
            try:
                load(line)
            except ValueError:
                continue
            return True
        if looked > 3:
            return False
    return False


def _from_lines(
    file: OpenedFile, paths: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, dict[str, Any]] | Rejected]:
    for number, line in file.lines(cut=True):
        if not line.strip():
            continue
        if len(line) > file.limits.line:
            yield reject(f"line {number}", f"longer than {file.limits.line:,} characters", line[:200])
            continue
        try:
            value = load(line)
        except ValueError as error:
            yield reject(f"line {number}", f"not JSON ({error}); expected one object a line", line)
            continue
        found = expand(value, paths)
        if found is None:
            yield _checked(f"line {number}", value)
        else:
            for index, entry in enumerate(found, start=1):
                yield _checked(f"line {number} record {index}", entry)


def _checked(position: str, value: Any) -> tuple[str, dict[str, Any]] | Rejected:
    if isinstance(value, dict):
        return position, value
    return reject(position, f"a JSON {type(value).__name__}; expected an object", value)


def _from_stream(
    file: OpenedFile, paths: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, dict[str, Any]] | Rejected]:
    reader = _Reader(file)
    number = 0
    first = reader.peek()
    if first == "[":
        for value in reader.array():
            number += 1
            yield _checked(f"record {number}", value)
    elif first == "{":
        rest: dict[str, Any] = {}
        found = False
        for value, inside in reader.object_with(paths, rest):
            if inside:
                found = True
                number += 1
                yield _checked(f"record {number}", value)
        if not found:
            listed = expand(rest, paths)
            if listed is None:
                yield _checked("record 1", rest)
    else:
        raise InputError(
            f"{file.name}: begins with {first!r}, which is no JSON object or list",
            expected="JSON",
            do="check the file or name its --format",
        )
    if reader.peek():
        raise SourceError(
            f"{file.name}: more text after the end of the JSON value (after record {number})",
            expected="one JSON value, or one object a line",
            do="export the file again",
        )


class _Reader:
    """Takes JSON values off a growing and shrinking buffer."""

    def __init__(self, file: OpenedFile) -> None:
        self._file = file
        # Not by lines: a list of a million records may be a single line.
        self._pieces = decoded(file.chunks(), file.encoding(), name=file.name)
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().raw_decode

    def peek(self) -> str:
        """The next character that is no white space, "" at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _SPACE:
                    return self._buffer[self._at]
                self._at += 1
            if not self._more(_STEP):
                return ""

    def take(self, expected: str) -> str:
        found = self.peek()
        if not found or found not in expected:
            self._broken(f"{found!r} where one of {' '.join(expected)} should be" if found else "breaks off")
        self._at += 1
        return found

    def value(self) -> Any:
        self.peek()
        step = _STEP
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if not self._more(step):
                    self._broken(str(error))
            except (RecursionError, ValueError) as error:
                self._broken("nested too deeply" if isinstance(error, RecursionError) else str(error))
            else:
                # A number at the end of the buffer may go on.
                if end < len(self._buffer) or not self._more(step):
                    self._at = end
                    return value
            step *= 2

    def array(self) -> Iterator[Any]:
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.take(",]") == "]":
                return

    def object_with(
        self, paths: Sequence[tuple[str, ...]], rest: dict[str, Any]
    ) -> Iterator[tuple[Any, bool]]:
        """(entry, True) for the entries of a list at one of `paths`; other members are put into `rest`."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                self._broken(f"{key!r} where a member's name should be")
            self.take(":")
            deeper = [path[1:] for path in paths if path and path[0] == key]
            opening = self.peek()
            if opening == "[" and () in deeper:
                yield None, False
                for value in self.array():
                    yield value, True
                rest[key] = []
            elif opening == "{" and any(deeper):
                inner: dict[str, Any] = {}
                yield from self.object_with([path for path in deeper if path], inner)
                rest[key] = inner
            else:
                rest[key] = self.value()
            if self.take(",}") == "}":
                return

    def _more(self, size: int) -> bool:
        if self._ended:
            return False
        limit = self._file.limits.line
        if len(self._buffer) - self._at > limit:
            raise SourceError(
                f"{self._file.name}: one JSON value is longer than {limit:,} characters",
                expected="records within the limit",
                do="split the file, or write one record a line",
            )
        pieces = [self._buffer[self._at :]]
        had = 0
        while had < size:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            pieces.append(piece)
            had += len(piece)
        self._buffer = "".join(pieces)
        self._at = 0
        return had > 0

    def _broken(self, why: str) -> None:
        excerpt = self._buffer[self._at : self._at + 60]
        raise SourceError(
            f"{self._file.name}: not valid JSON ({why[:120]}) at {excerpt!r}",
            expected="JSON to the end of the file",
            do="export or download the file again",
        )

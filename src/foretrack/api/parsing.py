"""A JSON body read with suspicion: its size, its depth, its characters and its numbers are bounded."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from foretrack.foundation.errors import InputError
from foretrack.web.problems import MediaTypeError, TooLargeError

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 20
MOST_DIGITS = 18
"""Of a whole number: what a database can hold."""


def read_json(request: HttpRequest) -> Any:
    """The JSON of a body.

    MediaTypeError for a body that says to be something else, TooLargeError for a long one, InputError for what is no JSON
    (RFC 8259) in UTF-8, is nested too deeply, names a field twice or holds what no database can keep.
    """
    if request.content_type != "application/json":
        raise MediaTypeError.of(
            "the body is {found!r}", expected="Content-Type: application/json", do="send JSON and say so",
            found=(request.content_type or "-")[:60],
        )  # fmt: skip
    if len(request.body) > MOST_BYTES:
        raise TooLargeError.of(
            "the body has {n} bytes", expected="at most {most}", do="send less at once", n=len(request.body),
            most=MOST_BYTES,
        )  # fmt: skip
    try:
        value = json.loads(
            request.body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_whole,
        )
    except (ValueError, RecursionError) as error:
        raise _no_json() from error
    _check(value)
    return value


def _no_json() -> InputError:
    return InputError.of("the body is no JSON", expected="JSON in UTF-8", do="check it with a JSON tool")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise InputError.of("a field is named twice in one object", do="name it once")
    return made


def _constant(text: str) -> Any:
    raise InputError.of("{found} is no JSON", expected="a number", do="leave it out", found=text)


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise InputError.of(
            "a number of {n} digits", expected="at most {most}", do="write it as text", n=len(text), most=MOST_DIGITS
        )  # fmt: skip
    return int(text)


def _check(value: Any) -> None:
    """Raises InputError for what is nested too deeply, and for characters that cannot be kept."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise InputError.of(
                "the body is nested deeper than {most} levels", do="send it flatter", most=MOST_DEPTH
            )
        below: list[Any] = []
        for one in level:
            texts = (
                [*one, *one.values()] if isinstance(one, dict) else one if isinstance(one, list) else [one]
            )
            for text in texts:
                if isinstance(text, str) and _unkept(text):
                    raise InputError.of("the body holds a character that cannot be kept", do="leave it out")
                if isinstance(text, float) and text in (float("inf"), float("-inf")):
                    raise InputError.of("a number is larger than any that can be kept", do="correct it")
            if isinstance(one, dict):
                below += [v for v in one.values() if isinstance(v, dict | list)]
            elif isinstance(one, list):
                below += [v for v in one if isinstance(v, dict | list)]
        level = below


def _unkept(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair
        return True
    return "\0" in text

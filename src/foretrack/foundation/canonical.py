"""One spelling of a JSON value, so that equal values have equal bytes and one hash: RFC 8785 (JCS).

UTF-8 without byte order mark, no white space, keys in the order of their UTF-16 code units, numbers as ECMAScript writes
them, only what must be escaped is escaped. What JSON programs read differently is refused: NaN, infinities, whole numbers
beyond 2^53 - 1, half surrogates, keys that are not text.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from foretrack.foundation.errors import InputError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

LARGEST = 2**53 - 1
"""The largest whole number that every JSON program reads exactly."""


def canonical(value: Json) -> bytes:
    """The one byte string of a value. Raises InputError for what has none.

    >>> canonical({"b": [1.0, 1e21, True, None], "a": "锂\\n"}).decode()
    '{"a":"锂\\\\n","b":[1,1e+21,true,null]}'
    """
    parts: list[str] = []
    _write(value, parts)
    text = "".join(parts)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError.of(
            "a text has half of a character (U+{code})",
            expected="text of whole characters",
            do="type the text again",
            code=f"{ord(text[error.start]):04X}",
        ) from error


def digest(content: bytes) -> str:
    """SHA-256 of bytes in hexadecimal, as `sha256sum` prints it.

    >>> digest(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def _write(value: Json, parts: list[str]) -> None:
    if value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        parts.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            _refuse(value)
        parts.append(str(int(value)))
    elif isinstance(value, float):
        parts.append(ecmascript(value))
    elif isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                _refuse(key)
        parts.append("{")
        # Half surrogates are refused at the end; here they only must not break the sorting.
        for i, key in enumerate(sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))):
            parts.append(("," if i else "") + json.dumps(key, ensure_ascii=False) + ":")
            _write(value[key], parts)
        parts.append("}")
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        parts.append("[")
        for i, item in enumerate(value):
            if i:
                parts.append(",")
            _write(item, parts)
        parts.append("]")
    else:
        _refuse(value)


def ecmascript(number: float) -> str:
    """The number as ECMAScript prints it: the shortest digits that read back as the same double (ECMA-262, 6.1.6.1.20).

    >>> [ecmascript(x) for x in (-0.0, 1e20, 1e21, 1e-6, 1e-7, 0.1 + 0.2)]
    ['0', '100000000000000000000', '1e+21', '0.000001', '1e-7', '0.30000000000000004']
    """
    if not math.isfinite(number):
        _refuse(number)
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, power = f"{abs(number)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    part = "" if part == "0" else part
    digits = (whole + part).lstrip("0")
    # The decimal point stands after so many digits.
    point = len(whole) + int(power or 0) - (len(whole + part) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        text = digits + "0" * (point - len(digits))
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        text = f"{digits[0]}{rest}e{point - 1:+d}"
    return sign + text


def _refuse(value: object) -> None:
    raise InputError.of(
        "{value} cannot be written as JSON that every program reads alike",
        expected="text, true, false, null, lists, objects with text keys, and numbers from -{largest} to {largest}",
        do="write it as text",
        value=repr(value)[:80],
        largest=LARGEST,
    )

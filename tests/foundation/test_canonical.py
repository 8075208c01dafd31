"""Canonical JSON: the examples of RFC 8785, one spelling for equal values, and clear refusals."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.canonical import LARGEST, Json, canonical, digest, ecmascript
from foretrack.foundation.errors import InputError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=8,
)


def test_the_example_of_the_standard_gives_its_bytes() -> None:
    """RFC 8785, section 3.2.2 and 3.2.4."""
    value: Json = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_in_the_order_of_their_utf16_units() -> None:
    """RFC 8785, section 3.2.3: a character outside the basic plane comes before U+FB33."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(canonical(dict.fromkeys(keys)))) == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_numbers_are_written_as_the_standard_lists_them(bits: str, text: str) -> None:
    """RFC 8785, appendix B."""
    import struct

    assert ecmascript(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


@settings(max_examples=100)
@given(VALUES)
def test_what_is_written_reads_back_and_has_one_spelling(value: Any) -> None:
    content = canonical(value)

    # JSON has one sort of number; a large double without a fraction must be read as one.
    read = json.loads(
        content, parse_int=lambda digits: int(digits) if abs(int(digits)) <= LARGEST else float(digits)
    )
    assert canonical(read) == content
    assert read == value


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, LARGEST + 1, -LARGEST - 1, {1: 2}, {"a": {1, 2}}, b"x", "\ud800", {"\udc00": 1}],
)
def test_what_programs_read_differently_is_refused(value: Any) -> None:
    with pytest.raises(InputError) as caught:
        canonical([value])

    assert caught.value.expected


def test_a_hash_is_that_of_sha256sum() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

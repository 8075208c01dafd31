"""Check characters: what is right stays right, and any single wrong character is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.positions.worlds import CROCKFORD, ror

from foretrack.domains.foresight.positions.identifiers import is_lei, is_ror, is_uscc, read_identifier

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def lei(body: str) -> str:
    rest = int("".join(str(int(c, 36)) for c in body + "00")) % 97
    return f"{body}{98 - rest:02d}"


def uscc(body: str) -> str:
    total = sum(USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + USCC[-total % 31]


@given(st.integers(0, 32**6 - 1), st.integers(1, 8), st.sampled_from(CROCKFORD))
def test_a_ror_with_one_wrong_character_is_noticed(number: int, at: int, other: str) -> None:
    code = ror(number).removeprefix("ror:")
    assert is_ror(code)
    assert not is_ror(code[:at] + other + code[at + 1 :]) or code[at] == other


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18), st.data())
def test_a_lei_with_one_wrong_digit_is_noticed(body: str, data: st.DataObject) -> None:
    code = lei(body)
    digits = [i for i, c in enumerate(code) if c.isdigit()]
    at, other = data.draw(st.sampled_from(digits)), data.draw(st.sampled_from("0123456789"))
    assert is_lei(code)
    assert not is_lei(code[:at] + other + code[at + 1 :]) or code[at] == other


@given(st.text("0123456789", min_size=6, max_size=6), st.text(USCC, min_size=9, max_size=9), st.data())
def test_a_unified_credit_code_with_one_wrong_character_is_noticed(
    place: str, body: str, data: st.DataObject
) -> None:
    code = uscc("91" + place + body)
    at, other = data.draw(st.integers(8, 17)), data.draw(st.sampled_from(USCC))
    assert is_uscc(code)
    assert not is_uscc(code[:at] + other + code[at + 1 :]) or code[at] == other


def test_letters_that_the_standards_leave_out_are_refused() -> None:
    assert not is_ror("0il0ou123")
    assert not is_uscc("91110000I00037341L")


def test_a_credit_code_says_its_province() -> None:
    code = uscc("914403001" + "12345678")

    found = read_identifier(f"uscc:{code.lower()}")

    assert found is not None
    assert (str(found), found.region) == (f"uscc:{code}", "CN-44")


@pytest.mark.parametrize("text", ["", "ror:", "ror:0", "lei:x", "isni:0000", "03vek6s52", ":", "uscc:１１"])
def test_what_is_no_identifier_is_none(text: str) -> None:
    assert read_identifier(text) is None

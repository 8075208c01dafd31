"""Identifiers of organisations in documents: what is one, and which province it names."""

from __future__ import annotations

import pytest

from foretrack.domains.foresight.positions.identifiers import read_identifier
from foretrack.records.checkdigits import uscc_check


def test_a_credit_code_says_its_province() -> None:
    body = "914403001" + "12345678"
    code = body + uscc_check(body)

    found = read_identifier(f"uscc:{code.lower()}")

    assert found is not None
    assert (str(found), found.region) == (f"uscc:{code}", "CN-44")


@pytest.mark.parametrize("text", ["", "ror:", "ror:0", "lei:x", "isni:0000", "03vek6s52", ":", "uscc:１１"])
def test_what_is_no_identifier_is_none(text: str) -> None:
    assert read_identifier(text) is None

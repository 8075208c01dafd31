"""Amounts and dates: every way of writing them, and none guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.sources.kit.figures import american_date, amount_or_none, parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$1,234,567.00", 1234567.0),
        ("1.234.567,00", 1234567.0),
        ("1'234'567.50", 1234567.5),
        ("1 234 567,5", 1234567.5),
        ("1\u202f234\u00a0567", 1234567.0),
        ("EUR 2.499.998,75", 2499998.75),
        ("49722.125", 49722.125),
        ("0,5", 0.5),
        ("1.234", 1234.0),
        ("12,34", 12.34),
        ("¥300", 300.0),
    ],
)
def test_amounts(text: str, amount: float) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", ["-5", "(1,234)", "1,23,456.5", "1.2.3", "1,234,56", "12 apples", "1.2,3.4"])
def test_what_would_need_a_guess_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse_amount(text)
    assert amount_or_none(text) is None


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_american_and_european_writing_agree(whole: int, cents: int) -> None:
    american = f"{whole:,}.{cents:02d}"
    european = american.translate(str.maketrans(",.", ".,"))
    assert parse_amount(american) == parse_amount(european) == float(f"{whole}.{cents:02d}")


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    amount = amount_or_none(text)
    assert amount is None or amount >= 0
    assert american_date(text) == text or len(american_date(text)) == 10

"""Values as people give them, understood by the type of their indicator; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.packs.reading import is_date
from foretrack.packs.rule_shapes import ANSWERED, Indicator, Rule, Value

YES = ("yes", "true", "y", "是", "有")
NO = ("no", "false", "n", "否", "无")
MAX_NUMBER = 10**15


def checked_values(rule: Rule, given: Mapping[str, object]) -> dict[str, Value]:
    """Indicator -> value, of the values that were given; None and empty text are not given.

    Text is understood by the type: `5 %` of a share is 0.05 and of a number in % is 5; `yes` or `是` answers a
    question. InputError for an indicator that the rule does not know, and for a value that does not fit, with both.

    >>> from foretrack.packs.loading import load_packs
    >>> from foretrack.rules.choosing import choose_rule
    >>> rule = choose_rule(load_packs(), "innovative-sme", "2025-06-30")
    >>> checked_values(rule, {"main-share": "70%", "valid-title": "否", "debt-ratio": ""})
    {'main-share': 0.7, 'valid-title': False}
    """
    known = rule.known_indicators()
    found: dict[str, Value] = {}
    for name, value in given.items():
        if name not in known:
            raise unknown_indicator(rule, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        found[name] = checked_value(known[name], value)
    return found


def unknown_indicator(rule: Rule, name: str) -> InputError:
    """The error of an indicator that a rule does not know, with those that come near."""
    known = rule.known_indicators()
    near = get_close_matches(name, known, n=3, cutoff=0.5) or list(known)[:5]
    return InputError.of(
        "{rule} has no indicator {name!r}",
        expected="an indicator such as {near}",
        do="look at `foretrack pack template {rule}`",
        rule=rule.full_id,
        name=name,
        near=", ".join(near),
    )


def checked_value(indicator: Indicator, value: object) -> Value:
    """One value, understood by the type of its indicator. InputError that says what was expected."""
    if indicator.type in ANSWERED:
        return _answer(indicator, value)
    if indicator.type == "choice":
        return _choice(indicator, value)
    if indicator.type == "date":
        text = str(value).strip()
        if not is_date(text):
            raise _unfit(indicator, value, Sentence("an ISO date such as 2024-01-18"))
        return text
    return _number(indicator, value)


def _answer(indicator: Indicator, value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    if text not in (*YES, *NO):
        raise _unfit(indicator, value, Sentence("yes or no"))
    return text in YES


def _choice(indicator: Indicator, value: object) -> str:
    text = str(value).strip()
    for choice in indicator.choices:
        if (
            text in (choice.id, choice.label.en, choice.label.zh)
            or text.casefold() == choice.label.en.casefold()
        ):
            return choice.id
    ids = ", ".join(choice.id for choice in indicator.choices)
    raise _unfit(indicator, value, Sentence("one of {known}", {"known": ids}))


def _number(indicator: Indicator, value: object) -> float | int:
    whole = indicator.type == "count"
    expected = Sentence("a whole number" if whole else "a number, with a point for decimals and nothing else")
    if isinstance(value, bool):
        raise _unfit(indicator, value, expected)
    text = str(value).strip()
    percent = text.endswith(("%", "％"))
    try:
        number = Decimal(text.rstrip("%％ "))
    except InvalidOperation:
        raise _unfit(indicator, value, expected) from None
    if not number.is_finite() or abs(number) > MAX_NUMBER:
        raise _unfit(indicator, value, expected)
    if percent and indicator.type != "share" and indicator.unit != "%":
        raise _unfit(indicator, value, Sentence("a number without a percent sign"))
    if percent and indicator.type == "share":
        number /= 100
    if whole and number != number.to_integral_value():
        raise _unfit(indicator, value, expected)
    low, high = indicator.minimum, indicator.maximum
    found = int(number) if number == number.to_integral_value() else float(number)
    if (low is not None and found < low) or (high is not None and found > high):
        if indicator.type == "share":
            raise _unfit(
                indicator, value, Sentence("a share from 0 to 1, or with a percent sign from 0 to 100 %")
            )
        raise _unfit(
            indicator,
            value,
            Sentence(
                "a number from {low} to {high}",
                {"low": "-∞" if low is None else low, "high": "∞" if high is None else high},
            ),
        )
    return found


def _unfit(indicator: Indicator, value: object, expected: Sentence) -> InputError:
    return InputError.said(
        Sentence("{indicator} is {value!r}", {"indicator": indicator.id, "value": value}),
        expected=expected,
        do=Sentence("correct it, or leave it empty where it is not known"),
    )

"""Values of deals, services and catalogues as their pages tell them, and the boxes of facets beside a list."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from foretrack.registry.declaring.fields import Choice
from foretrack.registry.declaring.kind import Kind
from foretrack.web.speech import page_language, say


def option(kind: Kind, field: str, value: object) -> str:
    """The label of an option."""
    declared = kind.by_name[field]
    assert isinstance(declared, Choice)
    return declared.show_one(value, page_language()) if value else ""


def number(amount: Decimal | float) -> str:
    """An amount with marks between thousands and no cents that are nought.

    >>> number(Decimal("1250000.00")), number(99.5)
    ('1,250,000', '99.5')
    """
    text = f"{Decimal(str(amount)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Mapping[str, str] | None) -> str:
    """An amount with its currency in front."""
    return f"{value['currency']} {number(Decimal(value['amount']))}" if value else ""


def band_told(currency: str, low: float | None, high: float | None) -> str:
    """A band of amounts in words."""
    if low is None:
        return say("below {amount}", amount=f"{currency} {number(high or 0)}")
    if high is None:
        return say("{amount} or more", amount=f"{currency} {number(low)}")
    return say(
        "from {low} to below {high}", low=f"{currency} {number(low)}", high=f"{currency} {number(high)}"
    )

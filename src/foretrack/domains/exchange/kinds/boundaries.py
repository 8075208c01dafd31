"""Money never moves here: no account data may be typed into a text of a deal, an order or a policy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Check

_LABELLED = re.compile(
    r"(?:\bIBAN\b|\bSWIFT\b|\bBIC\b|\baccount\s*(?:no\b|number\b|nr\b|#)|\bacct\b|\bcard\s*(?:no\b|number\b)"
    r"|[账帐賬]\s*[号號户戶]|[开開]户行|银行卡|卡号|收款人|收款码)[^\n]{0,40}?(?:\d[ -]?){6,}",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b")
_DIGITS = re.compile(r"(?<![\dA-Za-z])\d(?:[ -]?\d){14,18}(?![\dA-Za-z])")
_CARDS = ("2", "3", "4", "5", "6")
"""First digits of bank cards: ISO/IEC 7812-1 gives 3 to 6 (and 2 since 2017) to those who issue them."""


def account_like(text: str) -> tuple[str, ...]:
    """What looks like the number of an account or of a bank card: a number behind such a word, an IBAN whose check digits
    are right (ISO 13616, modulo 97), or 15 to 19 digits of a card whose last digit is right (ISO/IEC 7812-1, Luhn).

    >>> account_like("Pay to GB82 WEST 1234 5698 7654 32, account no. 1234567")
    ('account no. 1234567', 'GB82 WEST 1234 5698 7654 32')
    >>> account_like("开户行：虚构银行，账号 6222 0000 0000 0008"), account_like("4111-1111-1111-1111")
    (('开户行:虚构银行,账号 6222 0000 0000 0008',), ('4111-1111-1111-1111',))
    >>> account_like("ISBN 9787111123456, 91330000MA27U0K12X, 2026-03-01, ¥1,200,000, GB/T 38031-2020")
    ()
    """
    plain = unicodedata.normalize("NFKC", text)
    found = [match[0].strip() for match in _LABELLED.finditer(plain)]
    found += [match[1] for match in _IBAN.finditer(plain) if _is_iban(match[1])]
    found += [match[0] for match in _DIGITS.finditer(plain) if _is_card(match[0])]
    kept: list[str] = []
    for one in found:
        if not any(one in other for other in kept):
            kept.append(one)
    return tuple(kept)


def _is_iban(text: str) -> bool:
    letters = text.replace(" ", "")
    if not 15 <= len(letters) <= 34:
        return False
    moved = letters[4:] + letters[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _is_card(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdigit()]
    if str(digits[0]) not in _CARDS:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def texts_in(value: Any) -> Iterator[str]:
    """Every text inside a value of a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def refuse_accounts(text: str) -> Sequence[InputError]:
    """The error for a text that holds account data; nothing of the number is repeated but its end."""
    return tuple(
        InputError.of(
            "a text holds what looks like the number of an account or a card, ending in {end!r}", end=one[-3:],
            expected="no account data: money never moves here", do="take it out, and send it to the other side yourself",
        )
        for one in account_like(text)[:1]
    )  # fmt: skip


def no_accounts(*apart: str) -> Check:
    """A check of a kind: no text of a body holds account data.

    Args:
        apart: fields that are not looked at, since they hold numbers of another sort (of a contract, of a file).
    """

    def check(body: Mapping[str, Json]) -> Sequence[InputError]:
        for name, value in body.items():
            if name not in apart:
                for text in texts_in(value):
                    if problems := refuse_accounts(text):
                        return problems
        return ()

    return check

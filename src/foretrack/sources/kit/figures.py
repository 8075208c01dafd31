"""Amounts of money and American dates as exports print them."""

from __future__ import annotations

import math
import re

_NUMBER = re.compile(r"\d[\d.,'\s\u00a0\u202f]*")
_SCIENTIFIC = re.compile(r"\d{1,15}(?:\.\d{1,15})?[eE]\+?\d{1,2}")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?")
_NOISE = re.compile(r"[$€£¥￥]|US\$|\b(?:USD|EUR|GBP|CNY|RMB)\b", re.IGNORECASE)


def parse_amount(text: str) -> float | None:
    """The amount in units of its currency; None if the cell is empty.

    Rule: where both `.` and `,` occur, the last one is the decimal mark. A single mark followed by
    exactly three digits groups thousands (money has no third decimal), unless the number before it
    is 0 or has more than three digits; a mark that occurs several times groups thousands.
    Raises ValueError on anything else, negative amounts included.

    >>> parse_amount("$1,234,567.00"), parse_amount("1.234.567,00"), parse_amount("2500000,5")
    (1234567.0, 1234567.0, 2500000.5)
    >>> parse_amount("1,234"), parse_amount("0.125"), parse_amount("1 234 567"), parse_amount(" ")
    (1234.0, 0.125, 1234567.0, None)
    """
    bare = _NOISE.sub("", text).strip()
    if not bare:
        return None
    if not _NUMBER.fullmatch(bare):
        raise ValueError(f"amount {text.strip()[:40]!r} is not a number")
    digits = re.sub(r"['\s\u00a0\u202f]", "", bare)
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    elif dots + commas == 1:
        mark = "." if dots else ","
        before, after = digits.split(mark)
        grouping = len(after) == 3 and len(before) <= 3 and before != "0"
        decimal = "" if grouping else mark
    else:
        decimal = ""
    whole, _, fraction = digits.partition(decimal) if decimal else (digits, "", "")
    if decimal and re.search(r"[.,]", fraction):
        raise ValueError(f"amount {text.strip()[:40]!r} has two decimal marks")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        # 12,34,567 and 1.23.4 are no way of writing that could be read without a guess.
        raise ValueError(f"amount {text.strip()[:40]!r} has groups that are not of three digits")
    return float("".join(groups) + ("." + fraction if fraction else ""))


def american_date(text: str) -> str:
    """A date of an American source, `10/01/2021`, as `2021-10-01`; any other text unchanged.

    `as_date` alone must not guess which of 03 and 04 is the month; here the source is known.

    >>> american_date("03/04/2016"), american_date("2016-03-04"), american_date("13/04/2016")
    ('2016-03-04', '2016-03-04', '13/04/2016')
    """
    match = _AMERICAN.fullmatch(text.strip())
    if match is None or not 1 <= int(match.group(1)) <= 12:
        return text
    return f"{match.group(3)}-{int(match.group(1)):02d}-{int(match.group(2)):02d}"


def amount_or_none(value: object) -> float | None:
    """`parse_amount` for a secondary value: numbers as they are, None when there is none to be read.

    >>> amount_or_none("€ 2.499.998,75"), amount_or_none(1200), amount_or_none("tbd"), amount_or_none(None)
    (2499998.75, 1200.0, None, None)
    >>> amount_or_none("1.5e6"), amount_or_none("NaN"), amount_or_none(-1)
    (1500000.0, None, None)
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return float(value) if 0 <= value < 2**63 else None
    if isinstance(value, float):
        return value if math.isfinite(value) and value >= 0 else None
    text = str(value)
    try:
        return float(text) if _SCIENTIFIC.fullmatch(text.strip()) else parse_amount(text)
    except ValueError:
        return None

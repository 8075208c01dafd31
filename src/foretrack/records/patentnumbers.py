"""Numbers of patent publications and applications in one spelling, whoever printed them."""

from __future__ import annotations

import re

_PUBLICATION = re.compile(
    r"([A-Z]{2})[ .-]*((?:[A-Z]{1,3}[ .]*)?[0-9](?:[0-9/, .-]*[0-9])?)[ .-]*(?:\(?([A-Z][0-9]?)\)?)?"
)
_JAPANESE = re.compile(r"(?:JP\s*)?(特開|特表|特許第?)\s*([昭平令])?\s*([0-9][0-9-]*)\s*号?")
_ERAS = {"昭": "S", "平": "H", "令": "R"}
_DIGITS_AT_MOST = 13


def publication_id(country: str, number: str, kind: str = "") -> str:
    """A publication as `US10123456B2`: country, number without punctuation, kind code.

    Padding is dropped, except that European numbers have seven digits as they are printed. International ones have a
    year of four digits and a serial of six whenever they appeared (WIPO ST.6), and US applications the
    seven-digit serial, both of which DOCDB shortens. A Korean number of an application loses its `10`, which its kind
    code says again.

    >>> publication_id("US", "09876543", "B1"), publication_id("us", "D0801234", "S1")
    ('US9876543B1', 'USD801234S1')
    >>> publication_id("US", "2005/0123456", "A1"), publication_id("US", "2005123456", "A1")
    ('US20050123456A1', 'US20050123456A1')
    >>> publication_id("EP", "0 379 828", "A2"), publication_id("EP", "379828")
    ('EP0379828A2', 'EP0379828')
    >>> publication_id("WO", "99/12345", "A1"), publication_id("WO", "03012345", "A1")
    ('WO1999012345A1', 'WO2003012345A1')
    >>> publication_id("KR", "10-2020-0123456", "A"), publication_id("KR", "10-2123456", "B1")
    ('KR20200123456A', 'KR102123456B1')
    """
    office, code = country.strip().upper(), kind.strip().upper()
    bare = re.sub(r"[^0-9A-Z]", "", number.upper())
    letters = len(bare) - len(bare.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    prefix, digits = bare[:letters], bare[letters:]
    if office == "WO" and not prefix:
        digits = _international(digits)
    elif not (office == "JP" and prefix):  # H05: the fifth year of an emperor
        digits = digits.lstrip("0")
    if office == "EP":
        digits = digits.zfill(7)
    if office == "US" and re.fullmatch(r"A[1-9]", code) and re.fullmatch(r"20\d{8}", digits):
        digits = f"{digits[:4]}0{digits[4:]}"
    if office == "KR" and re.fullmatch(r"[1234]0(?:19|20)\d{9}", digits):
        digits = digits[2:]
    return f"{office}{prefix}{digits}{code}"


def _international(digits: str) -> str:
    """Year of four digits and serial of six; other numbers as they are.

    Without punctuation, seven or eight digits begin with a year of two digits (until 2003), nine or ten with one of
    four. The Treaty's first publications are of 1978.
    """
    if len(digits) in (7, 8):
        year, serial = digits[:2], digits[2:]
        if year >= "78" or year <= "03":
            return f"{'19' if year >= '78' else '20'}{year}{serial.zfill(6)}"
    if len(digits) in (9, 10) and digits[:2] in ("19", "20"):
        return digits[:4] + digits[4:].zfill(6)
    return digits


def read_number(text: str) -> tuple[str, str] | None:
    """(office, normal form) of a printed publication number in upper case; None when it has not the form of one.

    >>> read_number("US 2019/0012345 A1"), read_number("特開平10-123456号公報".removesuffix("公報"))
    (('US', 'US20190012345A1'), ('JP', 'JPH10123456A'))
    >>> read_number("EP"), read_number("EP 12 B1 C1")
    (None, None)
    """
    japanese = _JAPANESE.fullmatch(text)
    if japanese:
        manner, era, number = japanese.groups()
        kind = "" if manner.startswith("特許") else "A"
        return "JP", publication_id("JP", _ERAS.get(era or "", "") + number, kind)
    match = _PUBLICATION.fullmatch(text)
    if match is None:
        return None
    country, number, kind = match[1], match[2], match[3] or ""
    found = publication_id(country, number, kind)
    digits = re.sub("[^0-9]", "", found.removesuffix(kind))
    # 2-digit numbers exist for the oldest patents; nothing is numbered nought.
    if not digits.strip("0") or len(digits) > _DIGITS_AT_MOST:
        return None
    return country, found


def printed_number(found: str) -> str:
    """A number in normal form with the spaces that a reader expects.

    >>> printed_number("US20190012345A1"), printed_number("WO2020123456A1"), printed_number("EP1234567")
    ('US 2019/0012345 A1', 'WO 2020/123456 A1', 'EP 1234567')
    """
    match = re.fullmatch(r"([A-Z]{2})([A-Z]*[0-9]+)([A-Z][0-9]?)?", found)
    if match is None:
        return found
    office, number, kind = match.groups()
    if (office == "US" and len(number) == 11) or (office == "WO" and len(number) == 10):
        number = f"{number[:4]}/{number[4:]}"
    return " ".join(part for part in (office, number, kind) if part)

"""References of standards in one spelling: international, European, national, of an industry or of a group."""

from __future__ import annotations

import re

_YEAR = r"(?:19[0-9]{2}|20[0-9]{2})"
_INTERNATIONAL = re.compile(
    r"(ISO/IEC/IEEE|ISO/IEC|ISO/IEEE|ISO/ASTM|ISO/CIE|ISO/SAE|ISO|IEC/IEEE|IEC)"
    r"[ /]?((?:TS|TR|PAS|GUIDE|IS) ?)?\s*"
    r"([0-9]{1,5}(?:-[0-9]{1,4}){0,3}?)"
    rf"(?:\s*[:-]\s*({_YEAR})(?:-[0-9]{{2}})?)?"
    rf"(?:\s*[/+]\s*(AMD|COR|ADD)\s*\.?\s*([0-9]{{1,2}})(?:\s*:\s*({_YEAR}))?)?"
)
_ITU = re.compile(
    r"(ITU-[TR])(?:\s+REC(?:OMMENDATION)?\.?)?\s+([A-Z]{1,3}\.[0-9]{1,5}(?:\.[0-9]{1,3}){0,3}(?:-[0-9]{1,2})?)"
    rf"(?:\s*\(\s*(?:(0[1-9]|1[0-2])/)?({_YEAR})\s*\))?"
)
_ETSI = re.compile(
    r"ETSI\s*(EN|ES|ETS|EG|TS|TR|GS|GR|SR)\s*((?:[A-Z0-9]{2,5}[- ])?[0-9]{3}(?:[ -]?[0-9]{3})?(?:-[0-9]{1,3}){0,3})"
    rf"(?:\s*V?\s*([0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{1,2}}))?(?:\s*\(\s*({_YEAR}-(?:0[1-9]|1[0-2]))\s*\))?"
)
_IEEE = re.compile(
    rf"IEEE(?:\s*STD\.?)?\s*([PC]?[0-9]{{1,5}}(?:\.[0-9]{{1,3}}[A-Z]{{0,2}}){{0,3}})(?:\s*[-:]\s*({_YEAR}))?"
)
_NUMBER_AND_YEAR = rf"\s*([0-9]{{1,6}}(?:\.[0-9]{{1,4}}){{0,3}})(?:\s*[-:]\s*({_YEAR}))?"
_GB = re.compile(r"GB\s*(?:/?\s*(T|Z))?" + _NUMBER_AND_YEAR)
_INDUSTRY = re.compile(r"([A-Z]{2})(?:\s*/\s*(T|Z))?" + _NUMBER_AND_YEAR)
_LOCAL = re.compile(r"DB\s*([0-9]{2}(?:[0-9]{2})?)\s*/\s*(?:(T)\s*)?" + _NUMBER_AND_YEAR.removeprefix(r"\s*"))
_GROUP = re.compile(
    rf"(T|Q)\s*/\s*([A-Z0-9]{{2,12}}?)\s+([A-Z0-9]{{1,12}}(?:[. -][0-9]{{1,5}}){{0,3}}?)\s*-\s*({_YEAR})"
)
_NOT_AN_INDUSTRY = frozenset({"GB", "DB", "IS", "IE", "EN", "BS", "CN", "US", "EP", "WO", "JP", "KR"})
"""What two letters before a number mean elsewhere."""


def read_reference(text: str) -> str | None:
    """The normal form of a reference in upper case with plain hyphens; None when it has no known form.

    >>> [read_reference(t) for t in ("ISO/IEC27001:2022", "ISO 9001-2015", "IEC TS 62600-1:2020", "ISO 10303-21")]
    ['ISO/IEC 27001:2022', 'ISO 9001:2015', 'IEC TS 62600-1:2020', 'ISO 10303-21']
    >>> [read_reference(t) for t in ("GB/T32100-2015", "GBT 1.1-2020", "YD/T 3628-2019", "DB11/T 1234-2020")]
    ['GB/T 32100-2015', 'GB/T 1.1-2020', 'YD/T 3628-2019', 'DB11/T 1234-2020']
    >>> [read_reference(t) for t in ("T/CSTM 00123-2020", "IEEE STD 802.11-2020", "ITU-T Y.3172 (06/2019)")]
    ['T/CSTM 00123-2020', 'IEEE 802.11-2020', 'ITU-T Y.3172 (06/2019)']
    >>> read_reference("ETSI TS 123501 V16.6.0 (2020-10)"), read_reference("GB/T"), read_reference("ISO 9001:1066")
    ('ETSI TS 123 501 V16.6.0 (2020-10)', None, None)
    """
    if match := _INTERNATIONAL.fullmatch(text):
        return _international(match)
    if match := _ITU.fullmatch(text):
        series, number, month, year = match.groups()
        when = f" ({month}/{year})" if month else f" ({year})" if year else ""
        return f"{series} {number}{when}"
    if match := _ETSI.fullmatch(text):
        return _etsi(match)
    if match := _IEEE.fullmatch(text):
        return f"IEEE {match[1]}" + _after("-", match[2])
    if match := _GB.fullmatch(text):
        return f"GB{_after('/', match[1])} {match[2]}{_after('-', match[3])}"
    if match := _LOCAL.fullmatch(text):
        return f"DB{match[1]}/{match[2] + ' ' if match[2] else ''}{match[3]}{_after('-', match[4])}"
    if match := _GROUP.fullmatch(text):
        number = re.sub(r"\s+", " ", match[3])
        return f"{match[1]}/{match[2]} {number}-{match[4]}"
    if (match := _INDUSTRY.fullmatch(text)) and match[1] not in _NOT_AN_INDUSTRY:
        return f"{match[1]}{_after('/', match[2])} {match[3]}{_after('-', match[4])}"
    return None


def _after(mark: str, part: str | None) -> str:
    return f"{mark}{part}" if part else ""


def _international(match: re.Match[str]) -> str:
    publisher, deliverable, number, year, change, n, changed = match.groups()
    kind = (deliverable or "").strip()
    between = " " if not kind else f"/{kind} " if publisher == "ISO" else f" {kind} "
    if kind in ("IS", "GUIDE"):
        between = " " if kind == "IS" else " Guide "
    amendment = f"/{change.capitalize()} {int(n)}{_after(':', changed)}" if change else ""
    return f"{publisher}{between}{number}{_after(':', year)}{amendment}"


def _etsi(match: re.Match[str]) -> str:
    kind, number, version, month = match.groups()
    plain = re.fullmatch(r"([0-9]{3})[ -]?([0-9]{3})((?:-[0-9]{1,3})*)", number)
    if plain:
        number = f"{plain[1]} {plain[2]}{plain[3]}"
    return f"ETSI {kind} {number}{f' V{version}' if version else ''}{f' ({month})' if month else ''}"

"""Publication numbers, kind codes and class symbols of patents, in one spelling for every source."""

from __future__ import annotations

import re
from collections.abc import Iterable

from foretrack.records.patentnumbers import publication_id

_PUBLICATION = re.compile(r"([A-Z]{2})[\s-]*([A-Z]{0,3}[\d/., -]*\d)[\s-]*([A-Z]\d{0,2})?", re.ASCII)
_SYMBOL = re.compile(r"([A-HY]\s*\d{2}\s*[A-Z])(?:\s*(\d{1,4})\s*/\s*(\d{2,6}))?", re.ASCII)

_US_KINDS = {
    "A": "granted patent",  # before 2001 the USPTO published grants only
    "B": "granted patent",
    "E": "reissue",
    "F": "reexamination certificate",
    "H": "statutory invention registration",
    "I": "reissue",
    "P": "plant patent",
    "S": "design",
}


def read_publication(text: str) -> tuple[str, str, str] | None:
    """(country, publication_id, kind) of a printed publication number, or None if it is none.

    >>> read_publication("US 2019/0012345 A1")
    ('US', 'US20190012345A1', 'A1')
    >>> read_publication("CN-104823452-A")
    ('CN', 'CN104823452A', 'A')
    >>> read_publication("EP1234567 (A1)"), read_publication("JPH05123456A")
    (('EP', 'EP1234567A1', 'A1'), ('JP', 'JPH05123456A', 'A'))
    >>> read_publication("drone") is None
    True
    """
    match = _PUBLICATION.fullmatch(re.sub(r"[()\[\]]", " ", text).strip().upper())
    if match is None:
        return None
    country, number, kind = match.group(1), match.group(2), match.group(3) or ""
    return country, publication_id(country, number, kind), kind


def kind_of(country: str, kind: str) -> str | None:
    """What a kind code means, in words; None when the code is missing or says nothing known.

    In the United States `A` without a digit is a grant (before 2001), `A1` an application. Elsewhere
    A is the application, B and C grants, U and Y utility models; EP and WO number search reports 3 and 4
    and corrections 8 and 9. China used C for grants until 2010.

    >>> kind_of("US", "B2"), kind_of("US", "A1"), kind_of("US", "A")
    ('granted patent', 'application', 'granted patent')
    >>> kind_of("CN", "A"), kind_of("CN", "B"), kind_of("CN", "U"), kind_of("EP", "A3")
    ('application', 'granted patent', 'utility model', 'search report')
    """
    code = kind.strip().upper()
    if not code:
        return None
    if country.upper() == "US":
        if code[0] == "A" and len(code) > 1:
            return "application"
        if code[0] == "P" and code in ("P1", "P4", "P9"):
            return "plant application"
        return _US_KINDS.get(code[0])
    if country.upper() in ("EP", "WO"):
        if code in ("A3", "A4"):
            return "search report"
        if code[1:] in ("8", "9"):
            return "correction"
    return {
        "A": "application",
        "B": "granted patent",
        "C": "granted patent",
        "U": "utility model",
        "Y": "utility model",
        "S": "design",
        "D": "design",
        "E": "reissue",
        "P": "plant patent",
        "T": "translation",
    }.get(code[0])


def is_grant(meaning: str | None) -> bool:
    """Whether a kind (in words) is published on the day of grant."""
    return meaning in ("granted patent", "reissue", "plant patent", "design")


def class_codes(scheme: str, symbols: Iterable[str]) -> tuple[str, ...]:
    """Class symbols as `cpc:B64C39/02`, each once, in order; what is no CPC or IPC symbol is left out.

    Remarks in brackets, as Espacenet prints them (`(EP,US)`, `(2013.01)`), are dropped.

    >>> class_codes("cpc", ["B64C  39/02 (2013.01)", "B64C39/02", "G06N 3/08 (EP,US)", "n/a"])
    ('cpc:B64C39/02', 'cpc:G06N3/08')
    >>> class_codes("ipc", ["H04L"])
    ('ipc:H04L',)
    """
    found: dict[str, None] = {}
    for symbol in symbols:
        match = _SYMBOL.match(symbol.strip().upper())
        if match is None:
            continue
        subclass = re.sub(r"\s", "", match.group(1))
        group = f"{int(match.group(2))}/{match.group(3)}" if match.group(2) else ""
        found[f"{scheme}:{subclass}{group}"] = None
    return tuple(found)


def symbols_in(text: str) -> list[str]:
    """Every CPC or IPC symbol in a cell, however they are separated.

    >>> symbols_in("B64C39/02 (2006.01)\\nG06N 3/08 (EP,US); H04L")
    ['B64C39/02', 'G06N 3/08', 'H04L']
    """
    return re.findall(r"\b[A-HY]\d{2}[A-Z](?:\s{0,3}\d{1,4}/\d{2,6})?(?![\w/])", text, re.ASCII)


_OFFICES = {
    "CN": "CNIPA",
    "DE": "DPMA",
    "EP": "EPO",
    "FR": "INPI",
    "GB": "UKIPO",
    "JP": "JPO",
    "KR": "KIPO",
    "RU": "Rospatent",
    "US": "USPTO",
    "WO": "WIPO",
}


def office(country: str) -> str:
    """The patent office behind the first two letters of a publication number.

    >>> office("CN"), office("BR")
    ('CNIPA', 'patent office BR')
    """
    return _OFFICES.get(country.upper(), f"patent office {country.upper()}")

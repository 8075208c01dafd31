"""External identifiers in one spelling each: what is accepted, how it is shown, where it leads.

`SCHEMES` names them. Foretrack asks no registry: a right check character says that an identifier was not mistyped, a
right form only that it could be one; `Scheme.checked_by` says which of the two a scheme has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NoReturn, TypeAlias
from urllib.parse import quote, unquote

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.records.checkdigits import (
    cn_application_check,
    ep_application_check,
    lei_check,
    orcid_check,
    ror_check,
    uscc_check,
)
from foretrack.records.patentnumbers import printed_number, read_number
from foretrack.records.standardnumbers import read_reference

CheckedBy: TypeAlias = Literal["check digit", "form"]

LONGEST = 300
"""No identifier is longer; a longer text is refused unread."""
_SHOWN = 80
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of identifier that a record can have."""

    name: str
    label_en: str
    label_zh: str
    example: str
    """In normal form."""
    checked_by: CheckedBy
    form: str
    """What it looks like, in English: a message for a door to translate."""


SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        scheme.name: scheme
        for scheme in (
            Scheme(
                "uscc",
                "Unified social credit code",
                "统一社会信用代码",
                "91110000600037341L",
                "check digit",
                "18 digits and capital letters without I, O, S, V, Z; characters 3 to 8 are digits",
            ),
            Scheme(
                "lei",
                "Legal entity identifier (LEI)",
                "法人识别编码（LEI）",
                "969500KSV493XWY0PS33",
                "check digit",
                "18 digits and letters, then two digits",
            ),
            Scheme(
                "orcid",
                "ORCID iD of a person",
                "ORCID 研究者标识",
                "0000-0002-1825-0097",
                "check digit",
                "16 digits in four groups, the last of which may be X",
            ),
            Scheme(
                "ror",
                "Research organisation (ROR)",
                "研究机构标识（ROR）",
                "03vek6s52",
                "check digit",
                "0, six digits or letters without i, l, o, u, then two digits",
            ),
            Scheme(
                "doi",
                "Digital object identifier (DOI)",
                "数字对象标识符（DOI）",
                "10.1000/182",
                "form",
                "10., a number, a slash and a name without spaces",
            ),
            Scheme(
                "patent",
                "Patent publication number",
                "专利公开（公告）号",
                "EP1234567A1",
                "form",
                "two letters of the office, a number and a kind code",
            ),
            Scheme(
                "application",
                "Patent application number",
                "专利申请号",
                "CN201980006158.0",
                "check digit",
                "two letters of the office and the number of the application, in China and Europe with check digit",
            ),
            Scheme(
                "standard",
                "Reference of a standard",
                "标准号",
                "GB/T 32100-2015",
                "form",
                "the reference as ISO, IEC, ITU, ETSI, IEEE, a GB, industry, local or group standard prints it",
            ),
            Scheme(
                "region",
                "Region of China (GB/T 2260)",
                "行政区划代码（GB/T 2260）",
                "440300",
                "form",
                "six digits of province, city and county, or the first two or four of them",
            ),
            Scheme(
                "country",
                "Country or area (ISO 3166-1)",
                "国家和地区代码（ISO 3166-1）",
                "CN",
                "form",
                "two letters that ISO 3166-1 has assigned",
            ),
            Scheme(
                "subdivision",
                "Subdivision of a country (ISO 3166-2)",
                "国家行政区划代码（ISO 3166-2）",
                "CN-GD",
                "form",
                "two letters that ISO 3166-1 has assigned, a hyphen, one to three letters or digits",
            ),
        )
    }
)

_ASSIGNED = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
YT ZA ZM ZW
"""
COUNTRIES = frozenset(_ASSIGNED.split())
"""The codes that ISO 3166-1 alpha-2 has assigned."""

OFFICES = COUNTRIES | {"EP", "WO", "EA", "AP", "OA", "GC", "EM", "IB", "XN", "EU", "DD", "SU", "CS", "YU"}
"""Who publishes patents: countries, former ones and regional offices (WIPO ST.3)."""


def normalise(scheme: str, text: str) -> str:
    """The identifier in the one spelling in which it is stored; prefixes and addresses of its scheme are taken off.

    Normalising twice changes nothing. Raises InputError for an unknown scheme, a text that has not the form, or a
    wrong check character; it says which one would be right if all others are.

    >>> normalise("orcid", "https://orcid.org/0000-0002-1825-0097"), normalise("doi", "DOI: 10.1000/ABC")
    ('0000-0002-1825-0097', '10.1000/abc')
    >>> normalise("patent", "US 2019/0012345 A1"), normalise("application", "ZL 2019 8 0006158.0")
    ('US20190012345A1', 'CN201980006158.0')
    >>> normalise("uscc", "91110000600037341K")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    foretrack.foundation.errors.InputError: '91110000600037341K' ... To do: the last character would be L if ...
    """
    read = _READERS.get(scheme)
    if read is None:
        raise InputError.of(
            "no identifier scheme {scheme!r}",
            expected="one of {known}",
            scheme=_cut(scheme),
            known=", ".join(SCHEMES),
        )
    if len(text) > LONGEST:
        _refuse(scheme, text)
    # DOIs may hold any character, and compatibility forms are different names there.
    plain = unicodedata.normalize("NFC" if scheme == "doi" else "NFKC", text).strip()
    if scheme != "doi":
        plain = plain.translate(_DASHES)
    found = read(_without_prefix(scheme, plain), text)
    if len(found) > LONGEST:
        _refuse(scheme, text)
    return found


def display(scheme: str, value: str) -> str:
    """An identifier in normal form as a reader expects it printed.

    >>> display("patent", "US20190012345A1"), display("lei", "969500KSV493XWY0PS33")
    ('US 2019/0012345 A1', '9695 00KS V493 XWY0 PS33')
    """
    if scheme == "patent":
        return printed_number(value)
    if scheme == "lei":
        return " ".join(value[i : i + 4] for i in range(0, len(value), 4))
    return value


def url(scheme: str, value: str) -> str | None:
    """The public page about an identifier in normal form; None where a scheme has none.

    >>> url("ror", "03vek6s52"), url("uscc", "91110000600037341L")
    ('https://ror.org/03vek6s52', None)
    """
    address = _ADDRESSES.get(scheme)
    return None if address is None else address + quote(value, safe="/:;()")


_ADDRESSES = {
    "lei": "https://search.gleif.org/#/record/",
    "orcid": "https://orcid.org/",
    "ror": "https://ror.org/",
    "doi": "https://doi.org/",
    "patent": "https://worldwide.espacenet.com/patent/search?q=pn%3D",
}

_PREFIXES = {
    "uscc": r"uscc\s*:",
    "lei": r"lei\s*:|https?://search\.gleif\.org/#/record/",
    "orcid": r"orcid(?:\s+id)?\s*:|(?:https?://)?(?:www\.)?orcid\.org/",
    "ror": r"ror\s*:|(?:https?://)?(?:www\.)?ror\.org/",
    "doi": r"doi\s*:",
    "patent": r"patent\s*:",
    "application": r"application\s*:",
    "standard": r"standard\s*:",
}
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)


def _without_prefix(scheme: str, text: str) -> str:
    prefix = _PREFIXES.get(scheme)
    if prefix is None:
        return text
    found = re.match(prefix, text, re.IGNORECASE)
    return text[found.end() :].strip() if found else text


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _refuse(scheme: str, text: str, do: Sentence | None = None) -> NoReturn:
    entry = SCHEMES[scheme]
    raise InputError.said(
        Sentence("{text!r} is no identifier of the scheme {scheme}", {"text": _cut(text), "scheme": scheme}),
        expected=Sentence(
            "{form}, such as {example}", {"form": Sentence(entry.form), "example": entry.example}
        ),
        do=do or Sentence("check it against where it was published"),
    )


def _wrong_check(scheme: str, text: str, right: str) -> NoReturn:
    template = (
        "the last character would be {right} if all others are right; check each of them"
        if len(right) == 1
        else "the last two characters would be {right} if all others are right; check each of them"
    )
    _refuse(scheme, text, Sentence(template, {"right": right}))


def _checked(scheme: str, form: str, check: Callable[[str], str], code: str, text: str) -> str:
    if not re.fullmatch(form, code):
        _refuse(scheme, text)
    length = 2 if scheme in ("lei", "ror") else 1
    right = check(code[:-length])
    if code[-length:] != right:
        _wrong_check(scheme, text, right)
    return code


def _squeezed(text: str) -> str:
    """Without spaces and hyphens, which people put in to read better."""
    return re.sub(r"[\s-]+", "", text) if text.isascii() else text


def _upper(text: str) -> str:
    # Outside ASCII, upper case can turn a letter into another one (ı into I).
    return text.upper() if text.isascii() else text


def _uscc(code: str, text: str) -> str:
    form = r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
    return _checked("uscc", form, uscc_check, _upper(_squeezed(code)), text)


def _lei(code: str, text: str) -> str:
    return _checked("lei", r"[0-9A-Z]{18}[0-9]{2}", lei_check, _upper(_squeezed(code)), text)


def _orcid(code: str, text: str) -> str:
    bare = _upper(_squeezed(code.rstrip("/")))
    _checked("orcid", r"[0-9]{15}[0-9X]", orcid_check, bare, text)
    return "-".join(bare[i : i + 4] for i in range(0, 16, 4))


def _ror(code: str, text: str) -> str:
    bare = code.rstrip("/")
    bare = bare.lower() if bare.isascii() else bare
    return _checked("ror", r"0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}", ror_check, bare, text)


def _doi(code: str, text: str) -> str:
    address = _DOI_ADDRESS.match(code)
    if address:
        code = unicodedata.normalize("NFC", unquote(code[address.end() :], errors="replace"))
    # ASCII letters of a DOI name are equal in either case, others are not (DOI Handbook, 2.4).
    bare = "".join(c.lower() if c.isascii() else c for c in code)
    if not re.fullmatch(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+", bare) or not bare.isprintable():
        _refuse("doi", text)
    return bare


def _patent(code: str, text: str) -> str:
    found = read_number(re.sub(r"\s+", " ", _upper(code)))
    if found is None or found[0] not in OFFICES:
        _refuse("patent", text)
    return found[1]


_OF_THE_TREATY = re.compile(r"PCT/?([A-Z]{2})((?:19|20)?[0-9]{2})/?([0-9]{5,6})")
_CHINESE = re.compile(
    r"(?:CN|ZL|CNZL)?((?:(?:19|20)[0-9]{2}[12389][0-9]{7})|(?:[0-9]{2}[12389][0-9]{5}))(\.?[0-9X])?"
)
_EUROPEAN = re.compile(r"EP([0-9]{8})(\.?[0-9])?")
_ELSEWHERE = re.compile(r"([A-Z]{2})([SHRT]?[0-9]{4,13}(?:\.[0-9X])?)")


def _application(code: str, text: str) -> str:
    bare = _upper(re.sub(r"[\s,()]+", "", re.sub("^(?:JP)?特願", "JP", code)))
    if treaty := _OF_THE_TREATY.fullmatch(bare):
        office, year, serial = treaty.groups()
        if office not in OFFICES:
            _refuse("application", text)
        if len(year) == 2:
            year = ("19" if year >= "78" else "20") + year
        return f"PCT/{office}{year}/{serial.zfill(6)}"
    bare = re.sub("[-/]", "", bare)
    if bare.startswith(("CN", "ZL")) or re.fullmatch(r"[0-9]{12}\.[0-9X]", bare):
        return _with_check("CN", _CHINESE, cn_application_check, bare, text)
    if bare.startswith("EP"):
        return _with_check("EP", _EUROPEAN, ep_application_check, bare, text)
    elsewhere = _ELSEWHERE.fullmatch(bare)
    if elsewhere is None or elsewhere[1] not in OFFICES or not re.search("[1-9]", elsewhere[2]):
        _refuse("application", text)
    return bare


def _with_check(office: str, form: re.Pattern[str], check: Callable[[str], str], bare: str, text: str) -> str:
    """Office, digits, point and check digit; many databases print the number without it, and it follows from the rest."""
    match = form.fullmatch(bare)
    if match is None:
        _refuse("application", text)
    right = check(match[1])
    given = (match[2] or "").lstrip(".")
    if given and given != right:
        _wrong_check("application", text, right)
    return f"{office}{match[1]}.{right}"


def _standard(code: str, text: str) -> str:
    found = read_reference(re.sub(r"\s+", " ", _upper(code)))
    if found is None:
        _refuse("standard", text)
    return found


def _region(code: str, text: str) -> str:
    match = re.fullmatch(r"([1-8][1-9]|50)(?:([0-9]{2})([0-9]{2})?)?", code.removeprefix("CN-"))
    if match is None:
        _refuse("region", text)
    province, city, county = match[1], match[2] or "00", match[3] or "00"
    if city == "00" and county != "00":
        _refuse("region", text)
    return province + city + county


def _country(code: str, text: str) -> str:
    found = _upper(code)
    if found not in COUNTRIES:
        _refuse("country", text)
    return found


def _subdivision(code: str, text: str) -> str:
    found = _upper(code)
    if not re.fullmatch(r"[A-Z]{2}-[0-9A-Z]{1,3}", found) or found[:2] not in COUNTRIES:
        _refuse("subdivision", text)
    return found


_READERS: Mapping[str, Callable[[str, str], str]] = {
    "uscc": _uscc,
    "lei": _lei,
    "orcid": _orcid,
    "ror": _ror,
    "doi": _doi,
    "patent": _patent,
    "application": _application,
    "standard": _standard,
    "region": _region,
    "country": _country,
    "subdivision": _subdivision,
}

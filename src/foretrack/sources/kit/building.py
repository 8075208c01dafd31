"""From raw values of any source to a clean document, or to a rejected row that says why.

`try_document` is what a connector calls for each record: it cleans text, reads dates, checks codes and
turns what cannot be used into `Rejected`. The single steps are public for what a format needs before.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from typing import Any, Literal, get_args

from foretrack.records.document import KINDS, Document, Organisation, Parsed, Rejected, Status
from foretrack.sources.kit.cleaning import BadValue, clean_abstract, clean_text, sound
from foretrack.sources.kit.dates import FIRST_YEAR, LATEST_YEAR, as_date, as_year, date_or_none
from foretrack.sources.kit.figures import amount_or_none

__all__ = [
    "FIRST_YEAR",
    "LATEST_YEAR",
    "BadValue",
    "as_date",
    "as_doi",
    "as_year",
    "clean_abstract",
    "clean_text",
    "country_code",
    "date_or_none",
    "excerpt_of",
    "is_chinese",
    "language_by_script",
    "language_tag",
    "person_name",
    "reject",
    "split_list",
    "try_document",
    "unique",
]

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]+")
_DOI_PREFIX = re.compile(r"^(?:https?://)?(?:dx\.)?(?:www\.)?doi\.org/|^doi\s*[:=]?\s*", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")

_LANGUAGES: Mapping[str, str] = {
    code: tag
    for tag, codes in {
        "en": "eng english 英文 英语 英 anglais englisch",
        "zh": "chi zho cmn chinese 中文 汉语 中 chinois chinesisch zh-cn zh-tw",
        "de": "ger deu german deutsch 德文 德语",
        "fr": "fre fra french français 法文 法语",
        "es": "spa spanish español 西班牙语",
        "pt": "por portuguese português",
        "it": "ita italian italiano",
        "ru": "rus russian 俄文 俄语",
        "ja": "jpn japanese 日文 日语",
        "ko": "kor korean 韩文 韩语",
        "nl": "dut nld dutch",
        "pl": "pol polish",
        "cs": "cze ces czech",
        "tr": "tur turkish",
        "uk": "ukr ukrainian",
        "ar": "ara arabic",
        "fa": "per fas persian",
        "sv": "swe swedish",
        "no": "nor norwegian nb nn",
        "da": "dan danish",
        "fi": "fin finnish",
        "hu": "hun hungarian",
        "ro": "rum ron romanian",
        "el": "gre ell greek",
        "he": "heb hebrew",
        "id": "ind indonesian",
        "hr": "hrv scr croatian",
        "sr": "srp scc serbian",
        "sl": "slv slovenian",
        "sk": "slo slk slovak",
        "bg": "bul bulgarian",
        "lt": "lit lithuanian",
        "lv": "lav latvian",
        "et": "est estonian",
        "vi": "vie vietnamese",
        "th": "tha thai",
        "ca": "cat catalan",
    }.items()
    for code in (*codes.split(), tag)
}

_FIELDS = frozenset(Document.__slots__)
_STATUSES: tuple[str, ...] = get_args(Status)


def as_doi(value: object) -> str | None:
    """The bare lower-case DOI in `value`, or None when there is none.

    >>> as_doi("https://doi.org/10.1000/ABC."), as_doi("DOI: 10.1000/x y"), as_doi("n/a")
    ('10.1000/abc', '10.1000/x', None)
    """
    if not isinstance(value, str):
        return None
    text = _DOI_PREFIX.sub("", value.strip()).strip()
    match = _DOI.match(text) or _DOI.search(text)
    return match.group(0).rstrip(".,;\"'").lower() if match else None


@functools.cache
def _countries() -> Mapping[str, str]:
    table: dict[str, str] = {}
    text = resources.files(__package__).joinpath("countries.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        names = [row["alpha2"], row["alpha3"], row["english"], row["chinese"], *row["other"].split("|")]
        table.update({_country_key(name): row["alpha2"] for name in names if name})
    return table


def _country_key(name: str) -> str:
    return re.sub(r"[\s.,()（）'’]+", " ", name).strip().casefold()


def country_code(value: object) -> str | None:
    """ISO 3166-1 alpha-2 code of a country given by code, English or Chinese name; None if unknown.

    >>> [country_code(x) for x in ("DEU", "Peoples R China", "韩国", "uk", "Atlantis")]
    ['DE', 'CN', 'KR', 'GB', None]
    """
    if not isinstance(value, str) or len(value) > 80:
        return None
    return _countries().get(_country_key(value))


def split_list(value: object, separators: str = ";") -> tuple[str, ...]:
    """The cleaned parts of a list in one cell, each once, in order. Sequences are taken as they are.

    >>> split_list("deep learning; ;robots;robots"), split_list(["a", "b"]), split_list("甲；乙", ";；")
    (('deep learning', 'robots'), ('a', 'b'), ('甲', '乙'))
    """
    if value is None or isinstance(value, Mapping):
        return ()
    if isinstance(value, str):
        # An entity's semicolon is no separator.
        text = clean_text(value) or "" if "&" in value else value
        return unique(clean_text(part) for part in re.split(f"[{re.escape(separators)}]", text))
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return unique(clean_text(part) for part in value)
    return unique((clean_text(value),))


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """The values that are there, each once, in order of first appearance.

    >>> unique(["b", None, "a", "", "b"])
    ('b', 'a')
    """
    return tuple(dict.fromkeys(value for value in values if value))


def person_name(family: str | None, given: str | None) -> str | None:
    """A person's name in one string: `Family, Given`; Han names are written together, as printed.

    >>> person_name("Curie", "Marie"), person_name("王", "小明"), person_name(None, "Plato")
    ('Curie, Marie', '王小明', 'Plato')
    """
    if family and given:
        together = _HAN.match(family) and _HAN.match(given)
        return f"{family}{given}" if together else f"{family}, {given}"
    return family or given


def language_tag(value: object) -> str | None:
    """BCP 47 primary tag of a language given by tag, ISO 639-2 code or name; None if unknown.

    >>> [language_tag(x) for x in ("eng", "Chinese", "zh-CN", "en_US", "Klingon", None)]
    ['en', 'zh', 'zh', 'en', None, None]
    """
    if not isinstance(value, str):
        return None
    key = value.strip().casefold()
    return _LANGUAGES.get(key) or _LANGUAGES.get(re.split("[-_]", key)[0])


def is_chinese(text: str | None) -> bool:
    """True when at least a third of the words of `text` are Han characters and none is kana or hangul.

    >>> is_chinese("基于BERT的文本分类"), is_chinese("The 易经 in translation and history")
    (True, False)
    """
    return text is not None and language_by_script(text) == "zh"


def language_by_script(text: str) -> Literal["zh", "ja", "ko", "latin"] | None:
    """What the script shows: `zh`, `ja`, `ko`, or `latin` (any language in Latin letters); None if neither.

    >>> [language_by_script(x) for x in ("Deep learning", "深度学习", "ディープ学習", "딥러닝", "1 + 1")]
    ['latin', 'zh', 'ja', 'ko', None]
    """
    if text.isascii():
        return "latin" if _LATIN.search(text) else None
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    if hangul > han and hangul >= latin:
        return "ko"
    if kana > 0.05 * (kana + han) and kana + han >= latin:
        return "ja"
    if han and 3 * han >= han + latin:
        return "zh"
    return "latin" if latin else None


def excerpt_of(raw: object) -> str:
    """The first 200 characters of a raw row, on one line, for recognition."""
    text = raw if isinstance(raw, str) else repr(raw)
    text = text[:400].encode("utf-8", "backslashreplace").decode("utf-8")
    return " ".join(text.split())[:200]


def reject(position: str, reason: str, raw: object = "") -> Rejected:
    """A rejected row with its excerpt."""
    return Rejected(position=position, reason=reason, excerpt=excerpt_of(raw) if raw != "" else "")


def try_document(
    position: str, *, raw: object = "", latest_year: int = LATEST_YEAR, **fields: Any
) -> Parsed | Rejected:
    """The document of raw `fields` (named as in `Document`), or the row rejected with its reason.

    Text is cleaned here, so raw values may be handed in; None and empty mean missing. `published` may be
    anything that `as_date` reads. `organisations` may hold `Organisation` or names. What makes a record
    unusable: no title, no or an impossible publication date, an unknown kind, or text with undecodable
    bytes. A bad secondary value (DOI, count, filing date) is left out instead.
    `raw` (or what it returns, if it is a function) is the excerpt of a rejected row; default: the title.
    """
    try:
        return Parsed(position, _document(fields, latest_year))
    except BadValue as error:
        if callable(raw):
            raw = raw()
        return reject(position, str(error), raw if raw != "" else fields.get("title") or "")


def _document(fields: Mapping[str, Any], latest_year: int) -> Document:
    if not _FIELDS.issuperset(fields):
        raise TypeError(f"no such field of a document: {sorted(fields.keys() - _FIELDS)}")
    kind = fields.get("kind")
    if kind not in KINDS:
        raise BadValue(f"unknown kind {kind!r}; expected one of {', '.join(KINDS)}")
    title = _text(fields.get("title"))
    if not title:
        raise BadValue("no title")
    published = as_date(fields.get("published"), latest_year=latest_year)
    status: Any = fields.get("status") or "active"
    if status not in _STATUSES:
        raise BadValue(f"unknown status {status!r}; expected one of {', '.join(_STATUSES)}")
    # Most fields are missing in most records, so only those that are there are looked at.
    made: dict[str, Any] = {
        name: _MAKERS[name](value) for name, value in fields.items() if value is not None and name in _MAKERS
    }
    for name in ("filed", "granted", "updated"):
        if fields.get(name) is not None:
            made[name] = date_or_none(fields[name], latest_year=latest_year)
    for name in ("cited_by", "funding"):
        if fields.get(name) is not None:
            made[name] = (as_count if name == "cited_by" else amount_or_none)(fields[name])
    made["source"] = made.get("source") or "file"
    made["source_id"] = made.get("source_id") or ""
    if "subtype" in made:
        made["subtype"] = (made["subtype"] or "").lower() or None
    if "countries" in made or made.get("organisations"):
        named = (country_code(c) for c in made.get("countries", ()))
        made["countries"] = unique([*named, *(o.country for o in made.get("organisations", ()))])
    if "currency" in made:
        made["currency"] = (
            (made["currency"] or "").upper() or None if made.get("funding") is not None else None
        )
    if made.get("alt_title") == title:
        made["alt_title"] = None
    if not (made.get("alt_title") or made.get("alt_abstract") or made.get("alt_keywords")):
        made.pop("alt_language", None)
    return Document(kind=kind, title=title, published=published, status=status, **made)


def _text(value: Any) -> str | None:
    return None if value is None else sound(clean_text(value))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_sound, split_list(value)))


def _abstract(value: Any) -> str | None:
    return sound(clean_abstract(value))


def _sound(text: str) -> str:
    sound(text)
    return text


def _names(value: Any) -> tuple[str, ...]:
    # Two authors may print the same name, so nothing is merged here.
    parts = re.split("[;；]", value) if isinstance(value, str) else items_of(value)
    return tuple(_sound(name) for name in (clean_text(part) for part in parts) if name)


def items_of(value: Any) -> Iterable[Any]:
    """The entries of a sequence; nothing for text, mappings and single values."""
    return value if isinstance(value, list | tuple) else ()


def _organisations(value: Any) -> tuple[Organisation, ...]:
    """Each organisation once by name; of several with one name, the first that has most filled in."""
    found: dict[str, Organisation] = {}
    for entry in split_list(value) if isinstance(value, str) else value or ():
        raw = entry if isinstance(entry, Organisation) else Organisation(name=entry)
        name = sound(clean_text(raw.name))
        if not name:
            continue
        old = found.get(name.casefold())
        found[name.casefold()] = Organisation(
            name=old.name if old else name,
            country=(old.country if old else None) or country_code(raw.country),
            id=(old.id if old else None) or sound(clean_text(raw.id)),
        )
    return tuple(found.values())


def as_count(value: object) -> int | None:
    """A whole number >= 0 (`"1,234"`, `12.0`, `3`), or None.

    >>> as_count("1,234"), as_count(12.0), as_count(-1), as_count("many")
    (1234, 12, None, None)
    """
    number = amount_or_none(value)
    return int(number) if number is not None and number == int(number) and number < 2**53 else None


def _by_year(value: Any) -> tuple[tuple[int, int], ...]:
    total: dict[int, int] = {}
    for year, count in value or ():
        good = as_count(count)
        try:
            when = as_year(year)
        except BadValue:
            continue
        if good is not None:
            total[when] = total.get(when, 0) + good
    return tuple(sorted(total.items()))


_MAKERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("source", "source_id", "family", "subtype", "venue", "publisher"), _text),
    **dict.fromkeys(("currency", "funder", "url", "licence", "alt_title"), _text),
    **dict.fromkeys(("keywords", "alt_keywords", "ids", "countries", "classes", "references"), _texts),
    **dict.fromkeys(("abstract", "alt_abstract"), _abstract),
    **dict.fromkeys(("language", "alt_language"), language_tag),
    "doi": as_doi,
    "authors": _names,
    "organisations": _organisations,
    "cited_by_year": _by_year,
}
"""How the value of a field is made; title, dates, numbers, kind and status are made by themselves."""

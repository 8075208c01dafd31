"""From a Wanfang record to a document: what each field means."""

from __future__ import annotations

import re
from collections.abc import Iterable

from foretrack.records.document import Kind, Parsed, Rejected
from foretrack.sources.kit.building import (
    BadValue,
    as_date,
    as_doi,
    clean_text,
    date_or_none,
    is_chinese,
    language_tag,
    reject,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.fieldmarks import LONGEST_RECORD, MarkedRecord
from foretrack.sources.kit.retraction import status_of

_ID = re.compile(r"[?&]id=([A-Za-z0-9.-]+)|wanfangdata\.com\.cn/\w+/([A-Za-z0-9]{6,})$", re.IGNORECASE)
_YEAR_IN_ID = re.compile(r"^[a-z-]+((?:19|20)\d{2})\d{5,}$", re.IGNORECASE)
_LEADING_POSTCODE = re.compile(r"^\d{6}\s*[,，]?\s*(?:[^\s,，]{2,8}[\s,，]+)?")
_TRAILING_POSTCODE = re.compile(r"[\s,，]+[^\s,，]{0,12}\d{6}$")
_TOWN = re.compile(r"^([^,，]+)[,，]\s*\S{2,3}(?:\s+\S{2,6})?$")
_CLASS = re.compile(r"(?<![A-Za-z0-9])[A-KN-VXZ][A-Z]?\d[\d.\-+/]*(?![A-Za-z])")

_KINDS: tuple[tuple[re.Pattern[str], Kind, str], ...] = (
    (re.compile(r"patent|专利", re.IGNORECASE), "patent", "patent"),
    (re.compile(r"standard|标准", re.IGNORECASE), "standard", "standard"),
    (re.compile(r"newspaper|报纸", re.IGNORECASE), "news", "newspaper-article"),
    (re.compile(r"thesis|dissertation|学位|硕士|博士", re.IGNORECASE), "paper", "thesis"),
    (re.compile(r"conference|proceeding|会议", re.IGNORECASE), "paper", "conference-paper"),
    (re.compile(r"journal|期刊|periodical", re.IGNORECASE), "paper", "journal-article"),
)


def document(record: MarkedRecord) -> Parsed | Rejected:
    """The document of a record from either export, or the reason why there is none."""
    try:
        return _document(record)
    except BadValue as error:
        return reject(record.position, str(error), record.excerpt)


def _document(record: MarkedRecord) -> Parsed | Rejected:
    if record.oversize:
        raise BadValue(f"longer than {LONGEST_RECORD:,} characters; expected the mark of the next record")
    title = clean_text(record.first("title")) or ""
    words = f"{record.first('type')} {record.first('work')}"
    kind, subtype = next(((k, s) for pattern, k, s in _KINDS if pattern.search(words)), ("paper", None))
    chinese = is_chinese(title)
    link = record.first("link")
    return try_document(
        record.position,
        raw=record.excerpt,
        kind=kind,
        source="wanfang",
        source_id=wanfang_id(link),
        title=title,
        published=published(record),
        abstract=record.first("abstract"),
        language="zh" if chinese else language_tag(record.first("language")),
        keywords=listed(record.all("keywords")),
        alt_language="en" if chinese else "zh",
        alt_title=record.first("alt title"),
        alt_abstract=record.first("alt abstract"),
        alt_keywords=listed(record.all("alt keywords")),
        doi=as_doi(record.first("doi")),
        subtype=subtype,
        authors=listed(record.all("author")),
        organisations=organisations(record.all("organ")),
        venue=record.first("venue"),
        publisher=record.first("publisher"),
        classes=unique(f"clc:{code}" for code in _CLASS.findall(record.first("clc"))),
        status=status_of(title),
        url=link,
    )


def wanfang_id(link: str) -> str:
    """Wanfang's own name of the article in a link, or an empty string.

    >>> wanfang_id("http://www.wanfangdata.com.cn/details/detail.do?_type=perio&id=abcd202001100")
    'abcd202001100'
    """
    match = _ID.search(link)
    return (match[1] or match[2]) if match else ""


def published(record: MarkedRecord) -> str:
    """The date when it agrees with the year, else the year, else the year in the identifier.

    >>> published(MarkedRecord("", {"year": ["2020"], "date": ["2020-03-01"]}))
    '2020-03-01'
    >>> published(MarkedRecord("", {"link": ["http://x.example/?id=abcd202001100"]}))
    '2020'
    """
    year = record.first("year")
    exact = date_or_none(record.first("date"))
    if year:
        return exact if exact and exact[:4] == as_date(year)[:4] else as_date(year)
    if exact:
        return exact
    match = _YEAR_IN_ID.match(wanfang_id(record.first("link")))
    if match:
        return as_date(match[1])
    raise BadValue("no year, no date, and no year in the link")


def listed(values: Iterable[str]) -> tuple[str, ...]:
    """The values of a repeated field, also where several stand in one.

    >>> listed(["学习", " 感知"]), listed(["学习；感知"]), listed(["学习，感知、控制"])
    (('学习', '感知'), ('学习', '感知'), ('学习', '感知', '控制'))
    """
    found = [part for value in values for part in split_list(value, ";；")]
    if len(found) == 1 and is_chinese(found[0]):
        return split_list(found[0], "，、,")
    return unique(found)


def organisations(values: Iterable[str]) -> tuple[str, ...]:
    """Organisations, each once, without the postcode and town that some journals print.

    >>> organisations(["220005,徐州市 甲大学附属医院肿瘤科", "甲大学附属医院肿瘤科", "乙研究所,北京 100000"])
    ('甲大学附属医院肿瘤科', '乙研究所')
    """
    found: list[str] = []
    for value in values:
        for name in split_list(value, ";；"):
            bare = _TRAILING_POSTCODE.sub("", _LEADING_POSTCODE.sub("", name))
            found.append(bare or name)
    return unique(_TOWN.sub(r"\1", name) for name in found)

"""From a CNKI record to a document: what each field means."""

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
    language_by_script,
    language_tag,
    reject,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.fieldmarks import LONGEST_RECORD, MarkedRecord
from foretrack.sources.kit.retraction import status_of

_FILE_NAME = re.compile(r"[?&](?:filename|filename1|id)=([A-Za-z0-9.]+)", re.IGNORECASE)
_FIRST_ONLINE = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{2}[0-9A-Z]$")
_IN_ISSUE = re.compile(r"^[A-Z0-9]{4}((?:19|20)\d{2})[0-9A-Z]{2}\d{3}$")
_URL_ID = re.compile(r"urlid/[^?#\s]*?\.((?:19|20)\d{2})(\d{2})(\d{2})\.\d{4}\.\d{3}")
_FULL_DATE = re.compile(r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2})?")
_LEAD_IN = re.compile(r"<正>\s*")
_CITATION = re.compile(r"~\(\[[\d,，\s–—~-]*\]\)|~\[[\d,，\s–—-]*\]")
_CLASS = re.compile(r"(?<![A-Za-z0-9])[A-KN-VXZ][A-Z]?\d[\d.\-+/]*(?![A-Za-z])")
_POSTAL = re.compile(r"\s+[^\s,，]*\d{6}\s*(?:[,，]\s*[^,，]*\d{6}\s*)*[,，.。]?$")
_FOOTNOTE = re.compile(r"[\[\]\d\s*,，①-⑳]+$")

_KINDS: tuple[tuple[re.Pattern[str], Kind, str], ...] = (
    (re.compile(r"专利|patent", re.IGNORECASE), "patent", "patent"),
    (re.compile(r"标准|standard", re.IGNORECASE), "standard", "standard"),
    (re.compile(r"报纸|newspaper", re.IGNORECASE), "news", "newspaper-article"),
    (re.compile(r"博士|doctor", re.IGNORECASE), "paper", "doctoral-thesis"),
    (re.compile(r"硕士|master", re.IGNORECASE), "paper", "masters-thesis"),
    (re.compile(r"thesis|dissertation|学位", re.IGNORECASE), "paper", "thesis"),
    (re.compile(r"会议|conference", re.IGNORECASE), "paper", "conference-paper"),
    (re.compile(r"期刊|journal|学术辑刊", re.IGNORECASE), "paper", "journal-article"),
)


def document(record: MarkedRecord) -> Parsed | Rejected:
    """The document of a record from any of the three exports, or the reason why there is none."""
    try:
        return _document(record)
    except BadValue as error:
        return reject(record.position, str(error), record.excerpt)


def _document(record: MarkedRecord) -> Parsed | Rejected:
    if record.oversize:
        raise BadValue(f"longer than {LONGEST_RECORD:,} characters; expected the mark of the next record")
    title = clean_text(record.first("title")) or ""
    kind, subtype = kind_of(f"{record.first('work')} {record.first('type')}")
    chinese = is_chinese(title)
    link = record.first("link")
    return try_document(
        record.position,
        raw=record.excerpt,
        kind=kind,
        source=source_of(record.first("database")),
        source_id=file_name(link),
        title=title,
        published=published(record),
        abstract=abstract(record.first("abstract")),
        language="zh" if chinese else language_tag(record.first("language").rstrip(";；")) or _latin(title),
        keywords=keywords(record.all("keywords")),
        alt_language="en" if chinese else "zh",
        alt_title=record.first("alt title"),
        alt_abstract=abstract(record.first("alt abstract")),
        alt_keywords=keywords(record.all("alt keywords")),
        doi=as_doi(record.first("doi")) or (as_doi(link) if "doi" in link.lower() else None),
        subtype=subtype,
        authors=names(record.all("author")),
        organisations=organisations(record.all("organ")),
        venue=record.first("venue"),
        publisher=record.first("publisher"),
        classes=unique(f"clc:{code}" for code in _CLASS.findall(record.first("clc"))),
        status=status_of(title),
        url=link,
    )


def source_of(database: str) -> str:
    """Short name of the database that the export names; these formats are used by others too.

    >>> source_of("CNKI"), source_of(""), source_of("维普资讯"), source_of("Other")
    ('cnki', 'cnki', 'vip', 'noteexpress')
    """
    name = database.lower()
    if not name or "cnki" in name or "知网" in name:
        return "cnki"
    if "万方" in name or "wanfang" in name:
        return "wanfang"
    return "vip" if "维普" in name or "vip" in name else "noteexpress"


def kind_of(words: str) -> tuple[Kind, str | None]:
    """Kind and subtype from what the export says about the type, in either language.

    >>> kind_of("Journal Article"), kind_of("报纸"), kind_of("")
    (('paper', 'journal-article'), ('news', 'newspaper-article'), ('paper', None))
    """
    for pattern, kind, subtype in _KINDS:
        if pattern.search(words):
            return kind, subtype
    return "paper", None


def published(record: MarkedRecord) -> str:
    """The publication time when it agrees with the year, else the year.

    Network-first articles have no year: then the publication time, a date in the issue field, in the
    link or in the notes counts, in this order. BadValue when there is none of them.

    >>> published(MarkedRecord("", {"year": ["2021"], "date": ["2021-01-18"]}))
    '2021-01-18'
    >>> published(MarkedRecord("", {"issue": ["2021-01-15 16:54"]}))
    '2021-01-15'
    >>> published(MarkedRecord("", {"link": ["https://x.example/?FileName=ABCD20210115003&DbName=D"]}))
    '2021-01-15'
    """
    year = record.first("year")
    exact = date_or_none(record.first("date"))
    if year:
        return exact if exact and exact[:4] == as_date(year)[:4] else as_date(year)
    if exact:
        return exact
    for text in (record.first("issue"), record.first("notes")):
        if match := _FULL_DATE.search(text):
            return as_date(re.sub(r"\s", "", match[0]))
    found = date_in_link(record.first("link"))
    if found:
        return found
    raise BadValue("no year, no publication time, and no date in issue, notes or link")


def date_in_link(link: str) -> str | None:
    """The date that a CNKI link bears: the day of a network-first article, the year of a printed one.

    >>> date_in_link("https://x.example/?FileName=ABCD202101034"), date_in_link("https://x.example/urlid/11.1.TN.20190123.1015.002")
    ('2021', '2019-01-23')
    """
    if match := _URL_ID.search(link):
        return date_or_none("-".join(match.groups()))
    name = file_name(link)
    if match := _FIRST_ONLINE.search(name):
        return date_or_none("-".join(match.groups()))
    if match := _IN_ISSUE.match(name.upper()):
        return date_or_none(match[1])
    return None


def file_name(link: str) -> str:
    """CNKI's own name of the article in a link (`ABCD202101034`), or an empty string.

    >>> file_name("https://x.example/detail.aspx?FileName=ABCD202101034&DbName=CJFQ")
    'ABCD202101034'
    """
    match = _FILE_NAME.search(link)
    return match[1] if match else ""


def abstract(text: str) -> str:
    """The abstract without `<正>` (taken from the body) and without citation marks (`~([1-3])`).

    >>> abstract("<正>前言 研究了CD4~+细胞~([1-3])。")
    '前言 研究了CD4+细胞。'
    """
    return re.sub(r"~(?=[+-])", "", _CITATION.sub("", _LEAD_IN.sub("", text)))


def keywords(values: Iterable[str]) -> tuple[str, ...]:
    """Keywords, whichever separator the export or the journal used.

    >>> keywords(["网络;;预测"]), keywords(["网络，预测、迁移"]), keywords(["deep learning; AI"])
    (('网络', '预测'), ('网络', '预测', '迁移'), ('deep learning', 'AI'))
    """
    found = [word for value in values for word in split_list(value, ";；")]
    if len(found) == 1 and is_chinese(found[0]):
        return split_list(found[0], "，、,")
    return unique(found)


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Authors in order, without footnote numbers.

    >>> names(["张三;李四[1,2];"]), names(["王五，赵六"]), names(["Li, An; Wu, Bo"])
    (('张三', '李四'), ('王五', '赵六'), ('Li, An', 'Wu, Bo'))
    """
    found = [name for value in values for name in split_list(value, ";；")]
    if len(found) == 1 and is_chinese(found[0]):
        found = list(split_list(found[0], ",，、"))
    return unique(_FOOTNOTE.sub("", name) for name in found)


def organisations(values: Iterable[str]) -> tuple[str, ...]:
    """Organisations, each once; older records join them by commas and put towns and postcodes behind.

    >>> organisations(["甲大学;乙研究所;"]), organisations(["甲大学,乙研究所 湖北武汉430074 ,湖北武汉430074"])
    (('甲大学', '乙研究所'), ('甲大学', '乙研究所'))
    """
    found: list[str] = []
    for value in values:
        for name in split_list(value, ";；"):
            bare = _POSTAL.sub("", name)
            found.extend(split_list(bare, ",，") if is_chinese(bare) else (bare,))
    return unique(found)


def _latin(title: str) -> str | None:
    """None lets ingest detect which Latin-script language it is."""
    script = language_by_script(title)
    return None if script == "latin" else script

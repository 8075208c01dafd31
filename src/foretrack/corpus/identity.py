"""When two records are the same document.

A record carries up to seven keys. Two records that share a key are candidates; `same_document` then
decides. docs/guide/corpus.md gives the rules in prose with the reason for each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import fields
from hashlib import blake2b
from operator import attrgetter

from rapidfuzz.fuzz import ratio, token_set_ratio

from foretrack.records.document import Document

PREPRINT_DOIS = (
    "10.48550/",  # arXiv
    "10.2139/ssrn",
    "10.1101/",  # bioRxiv, medRxiv
    "10.64898/",  # openRxiv
    "10.26434/",  # ChemRxiv
    "10.21203/",  # Research Square
    "10.20944/",  # Preprints.org
    "10.31219/",  # OSF
    "10.31234/",  # PsyArXiv
    "10.31235/",  # SocArXiv
    "10.36227/",  # TechRxiv
    "10.22541/",  # Authorea
    "10.12074/",  # ChinaXiv
)
TITLE_KINDS = frozenset({"paper", "policy", "news"})
"""Kinds that may merge by title. Patents, standards and projects repeat titles on purpose (continuations,
amendments, phases), so there only identifiers count."""
UNIQUE_IDS = ("pmid:", "arxiv:", "std:")
"""Prefixes in `Document.ids` that name one document everywhere. An ISBN names a volume, so it is not one."""
WEAK_SOURCE = "file"
"""The source of tables that do not say one: their row numbers repeat from table to table."""

LEAST_TITLE = 20
"""Shorter titles repeat by chance. A Chinese, Japanese or Korean character says as much as two letters."""
SIMILAR = 60.0
"""Titles at least this similar (0-100) may be two versions of one title."""

_NOT_LETTERS = re.compile(r"[\W_]+")
_NOT_ASCII_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}
_MARKED = re.compile(r"^\W*(retracted|withdrawn)( article| paper| chapter)?\s*[:\]）)-]\s*", re.IGNORECASE)
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")
_NUMBER = re.compile(r"[A-Z]{2}[A-Z]{0,2}\d{4,}[A-Z]\d?")
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,3}")
_GENERIC = re.compile(
    r"(guest|special issue)?(editorial(board|note|comment)?|preface|introduction|foreword|"
    r"tableofcontents|contents|frontmatter|backmatter|titlepage|copyright(notice)?|authorindex|subjectindex|"
    r"bookreviews?|(messages?|welcome|greetings)?(from|by)?the(general|program|programme|conference|technicalprogram)"
    r"(co)?chairs?|(list|index)of(reviewers|authors|participants)|(thanks|acknowledge?ments?)(to)?(our|the)?"
    r"reviewers|callforpapers|(publisherscorrection|authorcorrection|erratum|corrigendum|errata)|"
    r"(program|organizing|organising|steering)committee|inthisissue|announcements?|"
    r"introductiontothe(special|theme)issue|editorsintroduction|aboutthisissue)",
)
_GENERIC_CJK = frozenset(
    {"前言", "序言", "编者按", "卷首语", "目录", "征稿启事", "书评", "勘误", "更正", "声明", "编者的话"}
)


def hash_key(key: str) -> int:
    """64-bit hash of a key: an unsigned integer.

    >>> f"{hash_key('doi:10.1000/xyz'):016x}"
    '3ee519c6e3a76b4b'
    """
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def content_key(document: Document) -> int:
    """64-bit hash of all that a record says: equal for equal records, whatever file they came in.

    Fields that are missing are left out, so that a field added to `Document` later changes no hash.
    """
    pairs = zip(_FIELDS, _values(document), strict=True)
    return hash_key(repr([pair for pair in pairs if pair[1] is not None and pair[1] != ()]))


_FIELDS = tuple(f.name for f in fields(Document))
_values = attrgetter(*_FIELDS)


def title_key(title: str) -> str:
    """The title without case, punctuation, spaces, width variants and retraction mark.

    >>> title_key("RETRACTED: Deep  Learning—A Review"), title_key("脑机接口：综述（上）")
    ('deeplearningareview', '脑机接口综述上')
    """
    mark = _MARKED.match(title)
    bare = title[mark.end() :] if mark else title
    if bare.isascii():
        return bare.lower().translate(_NOT_ASCII_LETTERS)
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", bare).casefold())


def is_generic(key: str) -> bool:
    """True if a title key is too short or too common to tell documents apart.

    >>> [is_generic(title_key(t)) for t in ("Message from the General Chairs", "Attention is all you need")]
    [True, False]
    """
    length = len(key) if key.isascii() else len(key) + len(_CJK.findall(key))
    return length < LEAST_TITLE or _GENERIC.fullmatch(key) is not None or key in _GENERIC_CJK


def family_name(author: str) -> str:
    """The family name of an author as printed, folded; empty when there is none.

    >>> [family_name(a) for a in ("Müller, Jürgen", "Jürgen Müller", "Müller J", "J. Müller", "王小云")]
    ['muller', 'muller', 'muller', 'muller', '王小云']
    """
    name = unicodedata.normalize("NFKC", author).strip()
    if "," in name:
        family = name.split(",", 1)[0]
    elif _CJK.search(name):
        family = name
    else:
        words = name.split()
        while len(words) > 1 and _INITIALS.fullmatch(words[-1]):
            words.pop()
        family = words[-1] if words else ""
    if family.isascii():
        return family.lower().translate(_NOT_ASCII_LETTERS)
    decomposed = unicodedata.normalize("NFD", family.casefold())
    return _NOT_LETTERS.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))


def is_preprint_doi(doi: str) -> bool:
    """True for a DOI of a preprint server.

    >>> is_preprint_doi("10.48550/arxiv.1706.03762"), is_preprint_doi("10.1038/nature14539")
    (True, False)
    """
    return doi.startswith(PREPRINT_DOIS)


def dois(document: Document) -> tuple[str, ...]:
    """All DOIs of a document: its own and those that it took over from merged records."""
    own = (document.doi,) if document.doi else ()
    return own + tuple(i[4:] for i in document.ids if i.startswith("doi:") and i[4:] != document.doi)


def families(document: Document) -> tuple[str, ...]:
    """All patent families of a document: its own and those that it took over from merged records."""
    own = (document.family,) if document.family else ()
    return own + tuple(i[7:] for i in document.ids if i.startswith("family:") and i[7:] != document.family)


def record_key(source: str, source_id: str) -> str:
    """The key of one record of one source."""
    return f"record:{source}:{source_id}"


def identity_keys(document: Document) -> list[str]:
    """The keys of a record, strongest first; never empty.

    Strongest is what names the document everywhere: DOI of a publisher, DOI of a preprint server, patent
    family, patent number, PubMed and arXiv number; then the source's own number, then title, year and
    first author; a row number of a nameless table is last. A record with none of them is identified by
    its whole content.
    """
    keys: list[str] = []
    sort = "patent" if document.kind == "patent" else "text"
    keys += [f"doi:{sort}:{d}" for d in sorted(dois(document), key=lambda d: (is_preprint_doi(d), d))]
    if document.kind == "patent":
        keys += [f"family:{f}" for f in sorted(families(document))]
        if _NUMBER.fullmatch(document.source_id):
            keys.append(f"number:{document.source_id}")
    else:
        keys += sorted(_unversioned(i) for i in document.ids if i.startswith(UNIQUE_IDS))
    record = [record_key(document.source, document.source_id)] if document.source_id else []
    title = _title_identity(document)
    keys += [*title, *record] if document.source == WEAK_SOURCE else [*record, *title]
    return list(dict.fromkeys(keys)) or [f"content:{content_key(document):016x}"]


def _unversioned(identifier: str) -> str:
    return re.sub(r"v\d+$", "", identifier) if identifier.startswith("arxiv:") else identifier


def _title_identity(document: Document) -> list[str]:
    key = title_key(document.title)
    if document.kind not in TITLE_KINDS or is_generic(key):
        return []
    first = family_name(document.authors[0]) if document.authors else ""
    return [f"title:{document.kind}:{document.year}:{first}:{key}"]


_RANKS = {"family": 2, "number": 3, "pmid": 4, "std": 4, "arxiv": 5, "title": 7, "content": 9}


def key_rank(key: str) -> tuple[int, str]:
    """Sort order of the keys of several merged records: the least one names the document.

    >>> keys = ["title:paper:2016:li:x", "record:wos:1", "doi:text:10.48550/a", "doi:text:10.1/b"]
    >>> sorted(keys, key=key_rank)
    ['doi:text:10.1/b', 'doi:text:10.48550/a', 'record:wos:1', 'title:paper:2016:li:x']
    """
    sort, _, rest = key.partition(":")
    if sort == "doi":
        return (1 if is_preprint_doi(rest.partition(":")[2]) else 0, key)
    if sort == "record":
        return (8 if rest.startswith(f"{WEAK_SOURCE}:") else 6, key)
    return (_RANKS[sort], key)


def holds_key(key: str, document: Document, records: Collection[tuple[str, str]]) -> bool:
    """Whether a document really has a key, not only another key with the same hash.

    `records` are its (source, number) pairs. Title keys of earlier versions are not kept, so for a title
    it is enough that the titles are alike.
    """
    sort, _, rest = key.partition(":")
    match sort:
        case "record":
            return any(record_key(source, number) == key for source, number in records)
        case "number":
            return any(number == rest for _, number in records)
        case "title":
            return _similar(rest.rpartition(":")[2], document.title)
        case "content":
            return identity_keys(document)[0].startswith("content:")
        case _:
            return key in identity_keys(document)


def same_document(key: str, incoming: Document, stored: Document) -> bool:
    """Whether two documents that share `key` are one.

    Patents merge with patents only. A DOI is refused when nothing about the titles agrees (exports give
    the DOI of a volume to each of its chapters); a row number of a nameless table, unless title or DOI
    agree; a title, when both have a publisher's DOI and not the same.
    """
    if (incoming.kind == "patent") != (stored.kind == "patent"):
        return False
    sort = key.partition(":")[0]
    if sort == "title":
        return incoming.kind == stored.kind and not dois_conflict(incoming, stored)
    if sort == "doi":
        return titles_agree(incoming, stored)
    if sort == "record" and incoming.source == WEAK_SOURCE:
        shared = set(dois(incoming)) & set(dois(stored))
        return bool(shared) or (incoming.kind == stored.kind and titles_agree(incoming, stored))
    return True


def dois_conflict(a: Document, b: Document) -> bool:
    """True if both have a DOI, none in common, and neither is a preprint of the other."""
    ours, theirs = set(dois(a)), set(dois(b))
    if not ours or not theirs or ours & theirs:
        return False
    return not (_is_preprint(a) or _is_preprint(b))


def _is_preprint(document: Document) -> bool:
    return document.subtype == "preprint" or all(is_preprint_doi(d) for d in dois(document))


def titles_agree(a: Document, b: Document) -> bool:
    """True if two titles can be versions of one: similar, one within the other, or in different scripts."""
    ours = [t for t in (a.title, a.alt_title) if t]
    theirs = [t for t in (b.title, b.alt_title) if t]
    return any(_similar(x, y) for x in ours for y in theirs)


def _similar(a: str, b: str) -> bool:
    x, y = title_key(a), title_key(b)
    if not x or not y or bool(_CJK.search(x)) != bool(_CJK.search(y)):
        return True
    return x in y or y in x or ratio(x, y) >= SIMILAR or token_set_ratio(a.casefold(), b.casefold()) >= 90

"""The query language of filters: words, phrases, AND, OR, NOT, brackets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, TypeAlias

from foretrack.foundation.errors import InputError

TEXT_COLUMNS = ("title", "abstract", "alt_title", "alt_abstract")
LIST_COLUMNS = ("keywords", "alt_keywords")

_TOKEN = re.compile(r'\s*(?:(\(|\))|"([^"]*)"|“([^”]*)”|([^\s()"“”]+))')
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text that must occur: at word borders for alphabets, anywhere for Chinese, Japanese and Korean."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    inner: Query


@dataclass(frozen=True, slots=True)
class All:
    """What must hold together."""

    inner: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """What must hold at least once."""

    inner: tuple[Query, ...]


Query: TypeAlias = Phrase | Not | All | Either


def parse_query(text: str) -> Query:
    """The meaning of a query; InputError with the place when it cannot be understood.

    Words side by side must all occur. AND, OR, NOT are written in capitals; NOT binds closest, OR least.

    >>> parse_query("graphene 6G")
    All(inner=(Phrase(text='graphene', prefix=False), Phrase(text='6g', prefix=False)))
    >>> parse_query('NOT "solid state"')
    Not(inner=Phrase(text='solid state', prefix=False))
    """
    tokens = _tokens(text)
    parser = _Parser(tokens, text)
    query = parser.either()
    if parser.at < len(tokens):
        parser.fail("a closing bracket without an opening one")
    return query


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise InputError(
                f"the query {text!r} has a quotation mark that is not closed",
                expected='phrases as "solid state battery"',
                do="close the quotation mark",
            )
        at = match.end()
        bracket, quoted, curly, word = match.groups()
        if bracket:
            found.append(("bracket", bracket))
        elif word in {"AND", "OR", "NOT"}:
            found.append(("operator", word))
        else:
            found.append(("phrase", next(p for p in (quoted, curly, word) if p is not None)))
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], text: str) -> None:
        self.tokens, self.text, self.at = tokens, text, 0

    def fail(self, what: str) -> None:
        raise InputError(
            f"the query {self.text!r} has {what}",
            expected='words, "phrases", AND, OR, NOT and brackets',
            do="correct the query",
        )

    def next_is(self, kind: str, value: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == (kind, value)

    def either(self) -> Query:
        parts = [self.all()]
        while self.next_is("operator", "OR"):
            self.at += 1
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def all(self) -> Query:
        parts = [self.single()]
        while self.at < len(self.tokens):
            if self.next_is("operator", "AND"):
                self.at += 1
            elif self.next_is("operator", "OR") or self.next_is("bracket", ")"):
                break
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def single(self) -> Query:
        if self.at >= len(self.tokens):
            self.fail("nothing where a word or phrase must stand")
        kind, value = self.tokens[self.at]
        self.at += 1
        if (kind, value) == ("operator", "NOT"):
            return Not(self.single())
        if (kind, value) == ("bracket", "("):
            inner = self.either()
            if not self.next_is("bracket", ")"):
                self.fail("a bracket that is not closed")
            self.at += 1
            return inner
        words = " ".join(_fold(value).split())
        prefix = words.endswith("*")
        words = words.rstrip("*").strip()
        if kind != "phrase" or not re.search(r"[^\W_]", words):
            self.fail(f"{value!r} where a word or phrase must stand")
        return Phrase(words, prefix)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def to_condition(query: Query, table: Any) -> Any:
    """Ibis condition on a table of documents: true where `query` holds."""
    texts = [table[c].fill_null("") for c in TEXT_COLUMNS] + [
        table[c].join("\n").fill_null("") for c in LIST_COLUMNS
    ]
    text = texts[0]
    for more in texts[1:]:
        text = text + "\n" + more
    return _condition(query, text.lower())


def _condition(query: Query, text: Any) -> Any:
    match query:
        case Phrase():
            return _occurs(query, text)
        case Not(inner):
            return ~_condition(inner, text)
        case All(inner):
            condition = _condition(inner[0], text)
            for part in inner[1:]:
                condition = condition & _condition(part, text)
            return condition
        case Either(inner):
            condition = _condition(inner[0], text)
            for part in inner[1:]:
                condition = condition | _condition(part, text)
            return condition


def _occurs(phrase: Phrase, text: Any) -> Any:
    pattern = phrase_pattern(phrase)
    first = _pieces(phrase)[0]
    # The substring test is far cheaper than the pattern and drops nearly all documents.
    return text.contains(first) & text.re_search(pattern)


def _pieces(phrase: Phrase) -> list[str]:
    return [piece for piece in re.split(r"[\s\-]+", phrase.text) if piece]


def phrase_pattern(phrase: Phrase) -> str:
    r"""Regular expression (RE2 and Java) that finds `phrase` in lower-case text.

    >>> phrase_pattern(Phrase("6g"))
    '(^|[^\\p{L}\\p{N}])6g($|[^\\p{L}\\p{N}])'
    >>> phrase_pattern(Phrase("脑机接口"))
    '脑机接口'
    """
    words = [re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", word) for word in _pieces(phrase)]
    body = r"[\s\-]+".join(words)
    starts_cjk, ends_cjk = (bool(_CJK.match(c)) for c in (phrase.text[0], phrase.text[-1]))
    before = "" if starts_cjk else r"(^|[^\p{L}\p{N}])"
    after = "" if ends_cjk or phrase.prefix else r"($|[^\p{L}\p{N}])"
    return before + body + after

"""The types of field that a kind may declare: each reads a raw value, shows it, describes it and gives its facets.

A value is kept as plain JSON. Raw values come from JSON, a form or a cell of a spreadsheet, so text is accepted wherever
it can mean only one thing.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from foretrack.foundation.errors import HouseError, InputError
from foretrack.foundation.sentences import Say, Sentence
from foretrack.packs.shapes import LANGUAGES, Bilingual
from foretrack.registry.declaring.terms import PACK_TERMS

Json: TypeAlias = Any
"""A value that JSON can hold."""

Visibility: TypeAlias = Literal["public", "partner", "private"]
VISIBILITIES: tuple[Visibility, ...] = get_args(Visibility)
"""From the widest to the narrowest: everybody; partner bodies and officers; the own organisation and officers."""

Weight: TypeAlias = Literal["title", "body", "none"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Control characters; marks that turn the direction of what follows, which make text say one thing and show another
# (Trojan Source, 2021); halves of characters.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
SEPARATOR = ";"
"""Between several values in one cell of a spreadsheet; the full-width one counts too."""

ORGANISATION_FIELD, REGION_FIELD, BODY_FIELD = "organisation", "region", "body"


def clean_text(text: str) -> str:
    """Text as it is kept: NFC, one kind of line end, no control characters and no marks that turn its direction.

    >>> clean_text("a\\x00b\\r\\nc\\u202ed")
    'ab\\ncd'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Dropped first: what a character stood between may now be one.
    return unicodedata.normalize("NFC", _DROPPED.sub("", text)).strip()


def found(value: Json) -> str | Sentence:
    """A value as an error message shows it: short, on one line.

    >>> found("x" * 100)[:12], str(found(None))
    ("'xxxxxxxxxxx", 'nothing')
    """
    if value is None or value == "":
        return Sentence("nothing")
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True, slots=True)
class Spoken(Sentence):
    """A label as the filler of a sentence's place: in the language in which the sentence is told.

    >>> from foretrack.foundation.messages import Messages
    >>> unit = Spoken.of(Bilingual("people", "人"))
    >>> str(unit), unit.told(Messages("zh"))
    ('people', '人')
    """

    label: Bilingual = Bilingual()

    @classmethod
    def of(cls, label: Bilingual) -> Spoken:
        """The label, ready to fill a place."""
        return cls("", label=label)

    def __str__(self) -> str:
        return self.label.text("en")

    def told(self, say: Say) -> str:
        """The label in the language of `say`."""
        return self.label.text(getattr(say, "language", "en"))


def wrong(what: str, raw: Json, *, expected: str, do: str, **values: object) -> InputError:
    """The error about a raw value, which stands in the template `what` as `{value}`."""
    return InputError.of(what, expected=expected, do=do, value=found(raw), **values)


@dataclass(frozen=True, kw_only=True)
class Field:
    """What every field has. Kinds use the subclasses below."""

    type: ClassVar[str] = ""

    name: str
    """Lower-case letters, digits and underscores: the column's name in CSV and the key in JSON."""
    label: Bilingual
    help: Bilingual = Bilingual()
    required: bool = False
    """Must be given before a record leaves its draft."""
    visibility: Visibility = "public"
    """The widest circle that sees it; the record's own visibility narrows it further."""
    facet: bool = False
    """Records can be filtered and counted by it."""
    weight: Weight = "none"
    """How search takes its text."""
    personal: bool = False
    """Holds data about a person: `erase` redacts it."""
    many: bool = False
    """Holds a list of values."""
    most: int = 50
    """Values in the list at most."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise HouseError(f"the field name {self.name!r} is no name", expected="such as main_product")
        if not self.label.en or not self.label.zh:
            raise HouseError(f"the field {self.name!r} lacks a label in English or Chinese")

    def read(self, raw: Json) -> Json:
        """The value to keep, None for an empty one; InputError when `raw` is not one of this field's."""
        if self.many:
            return self._read_many(raw)
        if _empty(raw):
            return None
        return self.read_one(raw)

    def _read_many(self, raw: Json) -> Json:
        if _empty(raw):
            return None
        parts = split_cell(raw) if isinstance(raw, str) else raw
        if not isinstance(parts, Sequence) or isinstance(parts, bytes):
            parts = [parts]
        values: list[Json] = []
        for part in parts:
            value = None if _empty(part) else self.read_one(part)
            if value is not None and value not in values:
                values.append(value)
        if len(values) > self.most:
            raise InputError.of(
                "{n} values", expected="at most {most}", do="leave some out", n=len(values), most=self.most
            )
        return values or None

    def read_one(self, raw: Json) -> Json:
        """One value that is not empty."""
        raise NotImplementedError

    def show(self, value: Json, language: str = "en") -> str:
        """The value as text for a reader; empty for None."""
        if value is None:
            return ""
        if self.many:
            return ("；" if language == "zh" else "; ").join(self.show_one(v, language) for v in value)
        return self.show_one(value, language)

    def show_one(self, value: Json, language: str) -> str:
        return str(value)

    def cell(self, value: Json) -> str | int | float | None:
        """The value as one cell of a spreadsheet, which `read` takes back unchanged."""
        if value is None:
            return None
        if self.many:
            return "; ".join(escaped(str(self.cell_one(v))) for v in value)
        return self.cell_one(value)

    def cell_one(self, value: Json) -> str | int | float:
        return str(value)

    def schema(self) -> dict[str, Json]:
        """The value as JSON Schema 2020-12, without its label."""
        one = self.schema_one()
        return {"type": "array", "items": one, "maxItems": self.most} if self.many else one

    def schema_one(self) -> dict[str, Json]:
        raise NotImplementedError

    def facet_values(self, value: Json) -> tuple[str, ...]:
        """What the value is filtered and counted by."""
        if value is None:
            return ()
        return tuple(self.facet_of(v) for v in (value if self.many else [value]))

    def facet_of(self, value: Json) -> str:
        return str(value)

    def points(self, value: Json) -> tuple[tuple[Link, str], ...]:
        """The links in the value, each with what it points at."""
        return ()

    def texts(self, value: Json) -> tuple[tuple[str, str], ...]:
        """(language, text) pairs for search; the language is empty where it is not known."""
        if value is None or self.weight == "none":
            return ()
        return tuple(("", self.show_one(v, "en")) for v in (value if self.many else [value]))

    def example(self) -> str:
        """A value that `read` accepts, for templates and messages."""
        raise NotImplementedError


def _empty(raw: Json) -> bool:
    return (
        raw is None
        or (isinstance(raw, str) and not raw.strip())
        or (isinstance(raw, list | dict) and not raw)
    )


def split_cell(text: str, *, keep_places: bool = False) -> list[str]:
    """The values in one cell, separated by semicolons; a backslash keeps a semicolon inside a value.

    Args:
        keep_places: an empty value keeps its place.

    >>> split_cell("a; b；c\\\\;d;"), split_cell("a;;b", keep_places=True)
    (['a', 'b', 'c;d'], ['a', '', 'b'])
    """
    parts, current, kept = [], "", False
    for character in text:
        if kept:
            current, kept = current + character, False
        elif character == "\\":
            kept = True
        elif character in ";；":
            parts.append(current)
            current = ""
        else:
            current += character
    parts.append(current + ("\\" if kept else ""))
    return [part.strip() for part in parts if keep_places or part.strip()]


def escaped(text: str) -> str:
    """One value as `split_cell` takes it back from among others.

    >>> split_cell(escaped("a;b\\\\") + "; c")
    ['a;b\\\\', 'c']
    """
    return re.sub(r"[\\;；]", lambda mark: "\\" + mark[0], text)


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Text in one language or none (a name, a paragraph)."""

    type: ClassVar[str] = "text"
    max_length: int = 300
    """Characters."""
    lines: int = 1
    """Height of the box in a form; 1 for a single line."""
    weight: Weight = "body"
    sample: str = "Text"
    """A value that templates and messages show."""

    def read_one(self, raw: Json) -> Json:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise wrong(
                "{value} is no text",
                raw,
                expected="text",
                do="write it like this: {example}",
                example=self.example(),
            )
        return _bounded(clean_text(str(raw)), self.max_length, self.lines) or None

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "maxLength": self.max_length}

    def example(self) -> str:
        return self.sample[: self.max_length]


def _bounded(text: str, most: int, lines: int) -> str:
    if len(text) > most:
        raise InputError.of(
            "{n} characters", expected="at most {most}", do="shorten the text", n=len(text), most=most
        )
    return " ".join(text.split()) if lines == 1 else text


@dataclass(frozen=True, kw_only=True)
class BilingualText(Field):
    """Text in English, Chinese or both: {"en": ..., "zh": ...}."""

    type: ClassVar[str] = "bilingual"
    max_length: int = 300
    lines: int = 1
    weight: Weight = "body"

    def read_one(self, raw: Json) -> Json:
        if isinstance(raw, str):
            raw = {language_of(raw): raw}
        if not isinstance(raw, Mapping) or not set(raw) <= set(LANGUAGES):
            raise wrong(
                "{value} is no text in English or Chinese", raw,
                expected="text, or {shape}", do="give it under `en`, `zh` or both", shape='{"en": ..., "zh": ...}',
            )  # fmt: skip
        kept = {}
        for language in LANGUAGES:
            text = raw.get(language)
            if text is not None and not isinstance(text, str):
                raise wrong(
                    "`{language}` is {value}", text, expected="text", do="write text there", language=language
                )
            if text and (cleaned := _bounded(clean_text(text), self.max_length, self.lines)):
                kept[language] = cleaned
        return kept or None

    def show_one(self, value: Json, language: str) -> str:
        return Bilingual(value.get("en", ""), value.get("zh", "")).text(language)

    def cell_one(self, value: Json) -> str:
        raise HouseError("bilingual text takes one column per language", do="see declaring/columns.py")

    def schema_one(self) -> dict[str, Json]:
        text = {"type": "string", "maxLength": self.max_length}
        return {
            "type": "object",
            "properties": {"en": text, "zh": text},
            "additionalProperties": False,
            "minProperties": 1,
        }

    def facet_of(self, value: Json) -> str:
        return self.show_one(value, "en")

    def texts(self, value: Json) -> tuple[tuple[str, str], ...]:
        if value is None or self.weight == "none":
            return ()
        return tuple(pair for one in (value if self.many else [value]) for pair in one.items())

    def example(self) -> str:
        return "Text"[: self.max_length]


def language_of(text: str) -> str:
    """`zh` when the text holds a Han character, else `en`.

    >>> language_of("固态电池"), language_of("6G")
    ('zh', 'en')
    """
    return "zh" if re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", text) else "en"


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number with a unit and bounds."""

    type: ClassVar[str] = "number"
    unit: Bilingual = Bilingual()
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def read_one(self, raw: Json) -> Json:
        value = _number(raw)
        if value is None or not math.isfinite(value):
            raise self._wrong("{value} is no number", raw, "write it like this: {example}")
        if self.whole and value != int(value):
            raise self._wrong("{value} is no whole number", raw, "round it")
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise self._wrong("{value} is out of range", raw, "check the value and its unit")
        return int(value) if value == int(value) and abs(value) < 2**53 else value

    def _wrong(self, what: str, raw: Json, do: str) -> InputError:
        low = Sentence("") if self.low is None else Sentence(" from {low}", {"low": f"{self.low:g}"})
        high = Sentence("") if self.high is None else Sentence(" to {high}", {"high": f"{self.high:g}"})
        return wrong(
            what, raw, expected="{kind}{low}{high} ({unit})" if self.unit.text() else "{kind}{low}{high}", do=do,
            example=self.example(), low=low, high=high, unit=Spoken.of(self.unit),
            kind=Sentence("a whole number" if self.whole else "a number"),
        )  # fmt: skip

    def show_one(self, value: Json, language: str) -> str:
        text = f"{value:,}"
        unit = self.unit.text(language)
        return f"{text} {unit}" if unit else text

    def cell_one(self, value: Json) -> int | float:
        return value  # type: ignore[no-any-return]

    def schema_one(self) -> dict[str, Json]:
        bounds = {"minimum": self.low, "maximum": self.high}
        return {
            "type": "integer" if self.whole else "number",
            **{k: v for k, v in bounds.items() if v is not None},
        }

    def example(self) -> str:
        low, high = self.low, self.high
        return f"{low if low is not None else (min(high, 1) if high is not None else 1):g}"


def _number(raw: Json) -> float | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        try:
            return float(raw)
        except OverflowError:
            return None
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw).strip().replace(" ", "").replace("\u00a0", "")
        # A comma may only separate groups of three: "1,5" is one and a half to some readers and fifteen to others.
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        if re.fullmatch(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", text):
            return float(text)
    return None


@dataclass(frozen=True, kw_only=True)
class Money(Field):
    """An amount with its currency: {"amount": "1200.50", "currency": "CNY"}; the amount is text, so no cent is lost."""

    type: ClassVar[str] = "money"
    currencies: tuple[str, ...] = ("CNY", "EUR", "USD", "GBP", "JPY")
    """ISO 4217 codes; the first is meant where none is written."""

    def read_one(self, raw: Json) -> Json:
        if isinstance(raw, Mapping):
            amount, currency = raw.get("amount"), raw.get("currency", self.currencies[0])
            strange = set(raw) - {"amount", "currency"}
        else:
            text = unicodedata.normalize("NFKC", str(raw)).strip().upper()
            match = re.fullmatch(r"(?:([A-Z]{3})\s*)?([+-]?[\d,.]+)(?:\s*([A-Z]{3}))?", text)
            strange = set() if match else {"?"}
            amount = match[2] if match else None
            currency = ((match[1] or match[3]) if match else None) or self.currencies[0]
        value = None if isinstance(amount, bool) or strange else _decimal(amount)
        if value is None or currency not in self.currencies:
            raise wrong(
                "{value} is no amount of money", raw, expected="an amount and one of {known}",
                do="write it like this: {example}", known=", ".join(self.currencies), example=self.example(),
            )  # fmt: skip
        return {"amount": f"{value:f}", "currency": currency}

    def show_one(self, value: Json, language: str) -> str:
        return f"{value['currency']} {Decimal(value['amount']):,}"

    def cell_one(self, value: Json) -> str:
        return f"{value['amount']} {value['currency']}"

    def schema_one(self) -> dict[str, Json]:
        return {
            "type": "object",
            "properties": {
                "amount": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
                "currency": {"enum": list(self.currencies)},
            },
            "required": ["amount", "currency"],
            "additionalProperties": False,
        }

    def facet_of(self, value: Json) -> str:
        return str(value["currency"])

    def example(self) -> str:
        return f"1200.50 {self.currencies[0]}"


def _decimal(raw: Json) -> Decimal | None:
    text = str(raw).strip()
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,4})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A calendar day: "2026-03-01"."""

    type: ClassVar[str] = "day"

    def read_one(self, raw: Json) -> Json:
        return _day(raw)

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "format": "date"}

    def facet_of(self, value: Json) -> str:
        return str(value)[:4]

    def example(self) -> str:
        return "2026-03-01"


def _day(raw: Json) -> str:
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    match = re.fullmatch(
        r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[T ]00:00(?::00)?)?", text
    )
    try:
        if match is None:
            raise ValueError
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        raise wrong(
            "{value} is no day", raw, expected="year, month and day", do="write it like this: {example}",
            example="2026-03-01",
        ) from None  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Period(Field):
    """From one day to another, the second open or later: {"from": "2026-01-01", "to": null}."""

    type: ClassVar[str] = "period"

    def read_one(self, raw: Json) -> Json:
        if isinstance(raw, str) and "/" in raw:
            first, _, last = raw.partition("/")
            raw = {"from": first, "to": last.strip(". ") or None}
        if not isinstance(raw, Mapping) or not raw.get("from") or not set(raw) <= {"from", "to"}:
            raise wrong(
                "{value} is no period", raw, expected="two days", do="write it like this: {example}",
                example=self.example(),
            )  # fmt: skip
        first_day = _day(raw["from"])
        last_day = _day(raw["to"]) if raw.get("to") else None
        if last_day is not None and last_day < first_day:
            raise InputError.of(
                "the period ends on {last}, before it begins", expected="{first} or later", do="swap the days",
                first=first_day, last=last_day,
            )  # fmt: skip
        return {"from": first_day, "to": last_day}

    def show_one(self, value: Json, language: str) -> str:
        return f"{value['from']} – {value['to'] or ''}".rstrip()

    def cell_one(self, value: Json) -> str:
        return f"{value['from']}/{value['to'] or '..'}"

    def schema_one(self) -> dict[str, Json]:
        day = {"type": "string", "format": "date"}
        return {
            "type": "object",
            "properties": {"from": day, "to": {"anyOf": [day, {"type": "null"}]}},
            "required": ["from"],
            "additionalProperties": False,
        }

    def facet_of(self, value: Json) -> str:
        return str(value["from"])[:4]

    def example(self) -> str:
        return "2026-01-01/2026-12-31"


@dataclass(frozen=True, kw_only=True)
class YesNo(Field):
    """Yes, no, or not said."""

    type: ClassVar[str] = "yes_no"

    _WORDS: ClassVar[dict[str, bool]] = {
        "yes": True, "true": True, "1": True, "y": True, "是": True,
        "no": False, "false": False, "0": False, "n": False, "否": False,
    }  # fmt: skip

    def read_one(self, raw: Json) -> Json:
        if isinstance(raw, bool):
            return raw
        word = str(raw).strip().lower()
        if word not in self._WORDS:
            raise wrong("{value} is neither yes nor no", raw, expected="yes or no", do="write yes or no")
        return self._WORDS[word]

    def show_one(self, value: Json, language: str) -> str:
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")

    def cell_one(self, value: Json) -> str:
        return "yes" if value else "no"

    def schema_one(self) -> dict[str, Json]:
        return {"type": "boolean"}

    def facet_of(self, value: Json) -> str:
        return "yes" if value else "no"

    def example(self) -> str:
        return "yes"


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a few options, kept by its code; the label in either language is accepted too."""

    type: ClassVar[str] = "choice"
    options: Mapping[str, Bilingual]
    """Code to label, in the order shown."""

    def read_one(self, raw: Json) -> Json:
        text = str(raw).strip()
        if text in self.options:
            return text
        named = [c for c, label in self.options.items() if text.casefold() in (label.en.casefold(), label.zh)]
        if len(named) != 1:
            raise wrong(
                "{value} is none of the options", raw, expected="one of {known}", do="write it like this: {example}",
                known=", ".join(self.options), example=self.example(),
            )  # fmt: skip
        return named[0]

    def show_one(self, value: Json, language: str) -> str:
        label = self.options.get(value)
        return label.text(language) if label else str(value)

    def schema_one(self) -> dict[str, Json]:
        return {"enum": list(self.options)}

    def example(self) -> str:
        return next(iter(self.options))


Terms: TypeAlias = Callable[[str], Mapping[str, Bilingual]]
"""Gives the entries of a part of the installed packs: `tracks` -> {"pack/id": label}."""


@dataclass(frozen=True, kw_only=True)
class Term(Field):
    """An entry of a taxonomy of the installed packs, kept as `pack/id`: a track, a direction, a level of a scale."""

    type: ClassVar[str] = "term"
    part: str
    """`tracks`, `directions`, `products`, or the name of a scheme."""
    terms: Terms = PACK_TERMS
    """Asked each time, since packs are data that may be added while the program runs."""

    def read_one(self, raw: Json) -> Json:
        text = str(raw).strip()
        known = self.terms(self.part)
        if text in known:
            return text
        short = [full for full in known if full.rpartition("/")[2] == text]
        named = short or [
            f for f, label in known.items() if text.casefold() in (label.en.casefold(), label.zh)
        ]
        if len(named) == 1:
            return named[0]
        from difflib import get_close_matches

        near = named or get_close_matches(text, [f.rpartition("/")[2] for f in known], n=3, cutoff=0.5)
        raise wrong(
            "{value} is in several packs" if named else "{value} is not among the {part} of the packs", raw,
            expected="such as {near}" if known else "a pack that has any", do="look them up with `foretrack pack show`",
            part=self.part, near=", ".join(near or list(known)[:3]),
        )  # fmt: skip

    def show_one(self, value: Json, language: str) -> str:
        label = self.terms(self.part).get(value)
        return label.text(language) if label else str(value)

    def groups(self) -> Mapping[str, Bilingual]:
        """Entry to the label of its group (a track's direction), where the packs group them."""
        grouped = getattr(self.terms, "groups", None)
        return grouped(self.part) if grouped else {}

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "description": f"pack/id of the {self.part}"}

    def example(self) -> str:
        return next(iter(self.terms(self.part)), f"pack/{self.part}")


@dataclass(frozen=True, kw_only=True)
class ExternalId(Field):
    """An identifier that somebody else gave, checked by its scheme and kept in its normal form."""

    type: ClassVar[str] = "identifier"
    scheme: str
    """A name in `records/identifiers.py`."""
    unique: bool = True
    """Two living records of one kind may not bear the same one: the second is proposed as a duplicate."""

    def read_one(self, raw: Json) -> Json:
        from foretrack.records.identifiers import normalise

        return normalise(self.scheme, str(raw).strip())

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "description": f"identifier of the scheme {self.scheme}"}

    def example(self) -> str:
        from foretrack.records.identifiers import SCHEMES

        return SCHEMES[self.scheme].example


@dataclass(frozen=True, kw_only=True)
class Web(Field):
    """An address on the web, http or https only."""

    type: ClassVar[str] = "web"
    max_length: ClassVar[int] = 2000

    def read_one(self, raw: Json) -> Json:
        from urllib.parse import urlsplit

        text = clean_text(str(raw))
        try:
            parts = urlsplit(text)
            usable = (
                parts.scheme in ("http", "https")
                and "." in (parts.hostname or "")
                and "@" not in parts.netloc
            )
        except ValueError:
            usable = False
        if not usable or len(text) > self.max_length or re.search(r"[\s<>\"'`\\]", text):
            raise wrong(
                "{value} is no web address", raw, expected="http:// or https://", do="write it like this: {example}",
                example=self.example(),
            )  # fmt: skip
        return text

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": self.max_length}

    def example(self) -> str:
        return "https://example.org/page"


@dataclass(frozen=True, kw_only=True)
class Email(Field):
    """An e-mail address."""

    type: ClassVar[str] = "email"
    personal: bool = True

    def read_one(self, raw: Json) -> Json:
        text = clean_text(str(raw))
        if len(text) > 254 or not re.fullmatch(
            r"[^\s@<>\"(),:;\\]{1,64}@[^\s@<>\"(),:;\\.]+(\.[^\s@<>\"(),:;\\.]+)+", text
        ):
            raise wrong(
                "{value} is no e-mail address", raw, expected="name@domain", do="write it like this: {example}",
                example=self.example(),
            )  # fmt: skip
        return text

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "format": "email", "maxLength": 254}

    def example(self) -> str:
        return "name@example.org"


LOOKOUT_TARGETS = ("concept", "technology", "document")
"""What the lookout holds, that a record may point at by `concept:ID`."""

ANY_KIND = "*"
"""What a link is declared to point at when records of every kind will do."""

_RECORD_KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


@dataclass(frozen=True, kw_only=True)
class Link(Field):
    """A typed link to other records (by key) or to the lookout's concepts, technologies and documents (`concept:ID`)."""

    type: ClassVar[str] = "link"
    to: tuple[str, ...]
    """Kinds of record (`*`: any), or `concept`, `technology`, `document` of the lookout (written `lookout:concept`)."""

    def read_one(self, raw: Json) -> Json:
        text = clean_text(str(raw))
        unit, _, name = text.partition(":")
        if f"lookout:{unit}" in self.to and unit in LOOKOUT_TARGETS and name.strip():
            return _bounded(f"{unit}:{name.strip()}", 300, 1)
        if _RECORD_KEY.fullmatch(text.upper()) and any(not t.startswith("lookout:") for t in self.to):
            return text.upper()
        raise wrong(
            "{value} points nowhere", raw,
            expected="the key of a record, or of something of the lookout ({to})"
            if self._lookout() else "the key of a record ({to})",
            do="write it like this: {example}", to=", ".join(self.to), example=self.example(),
        )  # fmt: skip

    def points(self, value: Json) -> tuple[tuple[Link, str], ...]:
        return tuple((self, target) for target in self.facet_values(value))

    def _lookout(self) -> tuple[str, ...]:
        return tuple(t.removeprefix("lookout:") for t in self.to if t.startswith("lookout:"))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of record that it may point at."""
        return tuple(t for t in self.to if not t.startswith("lookout:"))

    def takes(self, kind: str) -> bool:
        """Whether it may point at records of a kind."""
        return kind in self.to or (ANY_KIND in self.to and not kind.startswith("lookout:"))

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "maxLength": 300, "description": f"points at {', '.join(self.to)}"}

    def example(self) -> str:
        return "01HZX3V9T8Q2M4N6P8R0S2T4V6" if self.kinds else f"{self._lookout()[0]}:large-language-model"


@dataclass(frozen=True, kw_only=True)
class File(Field):
    """An attached file, kept by the SHA-256 of its content."""

    type: ClassVar[str] = "file"
    media_types: tuple[str, ...] = ("application/pdf", "image/png", "image/jpeg", "text/csv", "text/plain")
    max_bytes: int = 10 * 1024 * 1024

    def read_one(self, raw: Json) -> Json:
        text = str(raw).strip().lower()
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise wrong(
                "{value} is no attachment",
                raw,
                expected="the SHA-256 of an uploaded file",
                do="upload the file first",
            )
        return text

    def show_one(self, value: Json, language: str) -> str:
        return str(value)[:12]

    def schema_one(self) -> dict[str, Json]:
        return {"type": "string", "pattern": "^[0-9a-f]{64}$"}

    def example(self) -> str:
        return "0" * 64

"""One issue of a list: what is frozen, the bytes that are hashed, and reading them back.

An issue holds no word of one language only and nothing that depends on who looks at it. Its bytes are canonical JSON
(`foundation/canonical.py`), its hash is SHA-256 of them, and each issue names the hash of the one before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NoReturn, TypeAlias, get_args
from uuid import UUID, uuid5

from foretrack.foundation.canonical import LARGEST, Json, canonical, digest
from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.foundation.sentences import Sentence
from foretrack.packs.shapes import Bilingual

FORMAT = 1
"""Changes when a reader of the bytes would have to change."""

FieldType: TypeAlias = Literal["text", "bilingual", "many", "integer", "number", "boolean", "date", "link"]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)

Value: TypeAlias = str | int | float | bool | date | Bilingual | tuple[str, ...]
"""`many` is a tuple of one-line texts, `link` an address with http or https."""

Status: TypeAlias = Literal["listed", "removed"]

FACETS = ("direction", "region", "track")

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_HASH = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"\\^`{|}]{1,2000}", re.IGNORECASE)
_TAKEN = frozenset(
    {"record", "revision", "revision_digest", "position", "status", "title", "evidence", *FACETS}
    | {"valid_from", "valid_to", "removed_on", "removal_code", "removal_reason"}
)
"""Columns that every table of an issue has, so no field may be called so."""


@dataclass(frozen=True, slots=True)
class Field:
    """A public field of the listed records, as it was declared when the issue was frozen."""

    key: str
    label: Bilingual
    type: FieldType = "text"
    unit: str = ""

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.key) or self.key in _TAKEN or self.key.endswith(("_en", "_zh")):
            _refuse(
                "no field can be called {key}",
                "small letters, digits, - and _, not ending with _en or _zh, and none of {taken}",
                key=repr(self.key),
                taken=", ".join(sorted(_TAKEN)),
            )
        if self.type not in FIELD_TYPES:
            _refuse(
                "field {key} has the type {type}",
                "one of {known}",
                key=self.key,
                type=repr(self.type),
                known=", ".join(FIELD_TYPES),
            )


@dataclass(frozen=True, slots=True)
class Facet:
    """A direction, region or track: its id and what it was called when the issue was frozen."""

    id: str
    label: Bilingual = field(default_factory=Bilingual)

    def __post_init__(self) -> None:
        if not self.id:
            _refuse("a direction, region or track has no id", "an id")


@dataclass(frozen=True, slots=True)
class Removal:
    """Why and since when a record no longer stands on the list."""

    code: str
    reason: Bilingual
    on: date


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document or record behind what an entry says."""

    id: str
    """`doi:10.1000/182`, `record:...`: without white space."""
    url: str = ""

    def __post_init__(self) -> None:
        if not self.id or re.search(r"\s", self.id):
            _refuse(
                "evidence has the id {id}",
                "an id without white space, such as {example}",
                id=repr(self.id),
                example="doi:10.1000/182",
            )
        if self.url and not _ADDRESS.fullmatch(self.url):
            _not_an_address(self.url)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an issue says of one record. An empty text is no value, so `values` never holds one."""

    record: str
    """The record's key, the same in every issue."""
    revision: int
    revision_digest: str
    """SHA-256 of the revision that was listed."""
    position: int
    title: Bilingual
    values: Mapping[str, Value] = field(default_factory=dict)
    direction: Facet | None = None
    region: Facet | None = None
    track: Facet | None = None
    status: Status = "listed"
    removal: Removal | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day of validity; None when no end was set."""
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        kept = {key: value for key, value in self.values.items() if value not in ("", (), Bilingual(), None)}
        object.__setattr__(self, "values", MappingProxyType(kept))
        if not self.record or self.record != self.record.strip() or not self.record.isprintable():
            _refuse(
                "a record has the key {key}", "printable text without spaces around it", key=repr(self.record)
            )
        if self.revision < 1 or self.position < 1:
            _refuse(
                "{record} has revision {revision} and position {position}",
                "numbers from 1",
                record=self.record,
                revision=self.revision,
                position=self.position,
            )
        if not _HASH.fullmatch(self.revision_digest):
            _no_hash(self.revision_digest)
        if not (self.title.en or self.title.zh):
            _refuse("{record} has no title", "a title in English or Chinese", record=self.record)
        if (self.status == "removed") != (self.removal is not None):
            _refuse(
                "{record} is {status}, and its reason of removal is {removal}",
                "a reason for each removed record and for no other",
                record=self.record,
                status=self.status,
                removal="given" if self.removal else "not given",
            )
        _in_order(self.record, self.valid_from, self.valid_to)

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled.
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return _entry, (told | {"values": dict(self.values)},)


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(**told)


@dataclass(frozen=True, slots=True)
class Series:
    """A list as a whole: what stays the same from issue to issue."""

    id: str
    """For addresses and file names: small letters, digits, hyphens."""
    uid: str
    """A UUID given once, from which those of the issues follow."""
    title: Bilingual
    description: Bilingual
    publisher: Bilingual
    licence: str
    """An SPDX identifier (`CC-BY-4.0`) or the address of the terms."""

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.id):
            _refuse(
                "a series has the id {id}",
                "small letters, digits, - and _, such as {example}",
                id=repr(self.id),
                example="future-industry-100",
            )
        try:
            UUID(self.uid)
        except ValueError:
            _refuse("series {id} has the UUID {uid}", "a UUID", id=self.id, uid=repr(self.uid))
        if not re.fullmatch(r"[A-Za-z0-9.+-]{1,80}", self.licence) and not _ADDRESS.fullmatch(self.licence):
            _refuse(
                "series {id} has the licence {licence}",
                "an SPDX identifier such as CC-BY-4.0, or an address",
                id=self.id,
                licence=repr(self.licence),
            )


@dataclass(frozen=True, slots=True)
class Basis:
    """The clause of a pack that asks for the list."""

    pack: str
    version: str
    clause: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One frozen issue. Making one checks it; nothing can be changed afterwards.

    Entries are kept in the order of their positions. Raises InputError for whatever would not be read back the same.
    """

    series: Series
    number: int
    label: str
    """How people call it: `2025-01`."""
    published_on: date
    as_of: date
    """The date whose knowledge is used."""
    fields: tuple[Field, ...]
    entries: tuple[Entry, ...]
    previous: str | None = None
    """Hash of the issue before; None for the first."""
    valid_from: date | None = None
    valid_to: date | None = None
    basis: Basis | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(self.fields))
        object.__setattr__(self, "entries", tuple(sorted(self.entries, key=lambda entry: entry.position)))
        if self.number < 1 or (self.number == 1) != (self.previous is None):
            _refuse(
                "issue {number} follows {previous}",
                "number 1 without a hash before it, or a higher number with one",
                number=self.number,
                previous=self.previous or "no other",
            )
        if self.previous is not None and not _HASH.fullmatch(self.previous):
            _no_hash(self.previous)
        if not self.label.strip() or len(self.label) > 100:
            _refuse(
                "issue {number} has the label {label}",
                "a text of 1 to 100 characters, such as 2025-01",
                number=self.number,
                label=repr(self.label[:100]),
            )
        _in_order(self.label, self.valid_from, self.valid_to)
        _once("field", [one.key for one in self.fields])
        _once("record", [entry.record for entry in self.entries])
        _once("position", [str(entry.position) for entry in self.entries])
        kinds = {one.key: one.type for one in self.fields}
        for entry in self.entries:
            for key, value in entry.values.items():
                _check(entry.record, key, value, kinds.get(key))
        content_of(self)  # refuses half characters and whatever else has no canonical form

    @property
    def listed(self) -> tuple[Entry, ...]:
        """The entries that stand on the list."""
        return tuple(entry for entry in self.entries if entry.status == "listed")

    @property
    def removed(self) -> tuple[Entry, ...]:
        """The entries that say why a record no longer stands on the list."""
        return tuple(entry for entry in self.entries if entry.status == "removed")

    @property
    def uid(self) -> str:
        """A UUID that follows from the series and the number alone (RFC 9562, version 5)."""
        return str(uuid5(UUID(self.series.uid), str(self.number)))


def content_of(issue: Issue) -> bytes:
    """The bytes that are hashed and offered for download as the JSON file: canonical JSON, no line break at the end."""
    return canonical(as_json(issue))


def digest_of(issue: Issue) -> str:
    """SHA-256 of `content_of`, as `sha256sum` prints it for the downloaded JSON file."""
    return digest(content_of(issue))


def as_json(issue: Issue) -> dict[str, Json]:
    """The issue as JSON values; what is empty or not set is left out."""
    series = issue.series
    told: dict[str, Json] = {
        "format": FORMAT,
        "series": {
            "id": series.id,
            "uid": series.uid,
            "title": _words(series.title),
            "description": _words(series.description),
            "publisher": _words(series.publisher),
            "licence": series.licence,
        },
        "number": issue.number,
        "label": issue.label,
        "published_on": issue.published_on.isoformat(),
        "as_of": issue.as_of.isoformat(),
        "fields": [_field(one) for one in issue.fields],
        "entries": [_told(entry) for entry in issue.entries],
    }
    return told | _set(
        previous=issue.previous,
        valid_from=_day(issue.valid_from),
        valid_to=_day(issue.valid_to),
        basis=None
        if issue.basis is None
        else {"pack": issue.basis.pack, "version": issue.basis.version, "clause": issue.basis.clause},
    )


def read_issue(content: bytes) -> Issue:
    """The issue that these bytes are. Raises InputError unless they are exactly what `content_of` gives for it.

    Whatever reads back has therefore one hash; a file that was saved anew by an editor is refused, not repaired.
    """
    try:
        told = json.loads(content)
        issue = _read(told)
        same = content_of(issue) == content
    except ForetrackError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError.of(
            "the file is no issue of a list ({error})",
            expected="the JSON file of an issue as it was published",
            do="download it again",
            error=f"{type(error).__name__}: {error}"[:200],
        ) from error
    if not same:
        _refuse("the file is not written as an issue is", "canonical JSON, byte for byte as it was published")
    return issue


def verify(content: bytes, expected: str) -> Issue:
    """The issue in these bytes, whose hash is the expected one. Raises InputError with both hashes when it is not."""
    found = digest(content)
    if found != expected.strip().lower():
        _refuse("the file has the hash {found}", "{hash}", found=found, hash=expected[:80])
    return read_issue(content)


def verify_chain(contents: Sequence[bytes]) -> tuple[Issue, ...]:
    """The issues of one series, numbered from 1, each naming the hash of the one before.

    Raises InputError at the first that does not fit: an issue is missing, was replaced, or belongs to another series.
    """
    issues: list[Issue] = []
    before: str | None = None
    for number, content in enumerate(contents, start=1):
        issue = read_issue(content)
        if (
            issue.number != number
            or issue.previous != before
            or issue.series.uid != (issues or [issue])[0].series.uid
        ):
            _refuse(
                "issue {found} of series {series} follows {previous}",
                "issue {number} of one series after {before}",
                found=issue.number,
                series=issue.series.id,
                previous=issue.previous or "no other",
                number=number,
                before=before or "no other",
            )
        issues.append(issue)
        before = digest(content)
    return tuple(issues)


def facets_of(entry: Entry) -> Iterator[tuple[str, Facet]]:
    """Name and value of the facets that an entry has, in the order of `FACETS`."""
    for name in FACETS:
        facet = getattr(entry, name)
        if facet is not None:
            yield name, facet


def value_as_json(value: Value) -> Json:
    """A value of a field as JSON: dates in ISO 8601, bilingual text as an object."""
    if isinstance(value, Bilingual):
        return _words(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _words(text: Bilingual) -> dict[str, Json]:
    return _set(en=text.en, zh=text.zh)


def _set(**values: Json) -> dict[str, Json]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _field(one: Field) -> dict[str, Json]:
    return _set(key=one.key, label=_words(one.label), type=one.type, unit=one.unit)


def _facet(facet: Facet | None) -> dict[str, Json] | None:
    return None if facet is None else {"id": facet.id, "label": _words(facet.label)}


def _told(entry: Entry) -> dict[str, Json]:
    removal = entry.removal
    told: dict[str, Json] = {
        "record": entry.record,
        "revision": entry.revision,
        "revision_digest": entry.revision_digest,
        "position": entry.position,
        "title": _words(entry.title),
        "status": entry.status,
        "values": {key: value_as_json(value) for key, value in entry.values.items()},
    }
    return told | _set(
        direction=_facet(entry.direction),
        region=_facet(entry.region),
        track=_facet(entry.track),
        removal=None
        if removal is None
        else {"code": removal.code, "reason": _words(removal.reason), "on": removal.on.isoformat()},
        valid_from=_day(entry.valid_from),
        valid_to=_day(entry.valid_to),
        evidence=[_set(id=one.id, url=one.url) for one in entry.evidence],
    )


def _read(told: Any) -> Issue:
    if told["format"] != FORMAT:
        _refuse(
            "the issue has the format {format}", "format {known}", format=repr(told["format"]), known=FORMAT
        )
    series = told["series"]
    fields = tuple(
        Field(one["key"], _read_words(one.get("label", {})), one["type"], _text(one.get("unit", "")))
        for one in told["fields"]
    )
    kinds = {one.key: one.type for one in fields}
    basis = told.get("basis")
    return Issue(
        series=Series(
            id=_text(series["id"]),
            uid=_text(series["uid"]),
            title=_read_words(series["title"]),
            description=_read_words(series["description"]),
            publisher=_read_words(series["publisher"]),
            licence=_text(series["licence"]),
        ),
        number=_count(told["number"]),
        label=_text(told["label"]),
        published_on=date.fromisoformat(told["published_on"]),
        as_of=date.fromisoformat(told["as_of"]),
        fields=fields,
        entries=tuple(_read_entry(entry, kinds) for entry in told["entries"]),
        previous=told.get("previous"),
        valid_from=_read_day(told.get("valid_from")),
        valid_to=_read_day(told.get("valid_to")),
        basis=None if basis is None else Basis(**{key: _text(part) for key, part in basis.items()}),
    )


def _read_entry(told: Any, kinds: Mapping[str, FieldType]) -> Entry:
    removal = told.get("removal")
    return Entry(
        record=_text(told["record"]),
        revision=_count(told["revision"]),
        revision_digest=told["revision_digest"],
        position=_count(told["position"]),
        title=_read_words(told["title"]),
        values={key: _read_value(value, kinds[key]) for key, value in told["values"].items()},
        direction=_read_facet(told.get("direction")),
        region=_read_facet(told.get("region")),
        track=_read_facet(told.get("track")),
        status=told["status"],
        removal=None
        if removal is None
        else Removal(
            _text(removal["code"]), _read_words(removal["reason"]), date.fromisoformat(removal["on"])
        ),
        valid_from=_read_day(told.get("valid_from")),
        valid_to=_read_day(told.get("valid_to")),
        evidence=tuple(Evidence(**one) for one in told.get("evidence", ())),
    )


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError(f"{told!r} is no text")
    return told


def _count(told: Any) -> int:
    if type(told) is not int:
        raise TypeError(f"{told!r} is no whole number")
    return told


def _read_words(told: Any) -> Bilingual:
    return Bilingual(**{language: _text(text) for language, text in told.items()})


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _read_facet(told: Any) -> Facet | None:
    return None if told is None else Facet(_text(told["id"]), _read_words(told["label"]))


def _read_value(value: Any, kind: FieldType) -> Value:
    match kind:
        case "bilingual":
            return _read_words(value)
        case "date":
            return date.fromisoformat(value)
        case "many":
            return tuple(value)
        case "number":
            # 3 and 3.0 are one number in JSON.
            return float(value)
    found: Value = value
    return found


def _check(record: str, key: str, value: Value, kind: FieldType | None) -> None:
    fits = False
    match kind:
        case "text":
            fits = isinstance(value, str)
        case "bilingual":
            fits = isinstance(value, Bilingual)
        case "many":
            fits = isinstance(value, tuple) and all(
                isinstance(one, str) and one and "\n" not in one and "\r" not in one for one in value
            )
        case "integer":
            fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST
        case "number":
            fits = isinstance(value, float) and value - value == 0  # neither NaN nor infinite
        case "boolean":
            fits = isinstance(value, bool)
        case "date":
            fits = type(value) is date
        case "link":
            if isinstance(value, str) and not _ADDRESS.fullmatch(value):
                _not_an_address(value)
            fits = isinstance(value, str)
        case None:
            _refuse(
                "{record} has a value for {key}",
                "only fields that the issue declares",
                record=record,
                key=key,
            )
    if not fits:
        _refuse(
            "field {key} of {record} is {value}",
            "a value of the type {type}",
            key=key,
            record=record,
            value=repr(value)[:80],
            type=kind,
        )


def _once(what: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            _refuse("the {sort} {name} comes twice", "each once", sort=Sentence(what), name=name)
        seen.add(name)


def _in_order(what: str, first: date | None, last: date | None) -> None:
    if first is not None and last is not None and first > last:
        _refuse(
            "{name} is valid from {first} to {last}",
            "a first day that is not after the last",
            name=what,
            first=first,
            last=last,
        )


def _not_an_address(text: str) -> NoReturn:
    _refuse("{text} is no address", "an address that begins with http:// or https://", text=repr(text[:200]))


def _no_hash(text: str) -> NoReturn:
    _refuse("{text} is no hash", "SHA-256 as 64 small hexadecimal digits", text=repr(text[:80]))


def _refuse(said: str, hoped: str, **values: object) -> NoReturn:
    raise InputError.said(Sentence(said, values), expected=Sentence(hoped, values))

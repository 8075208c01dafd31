"""What the exchange adds to the dossier of an offer or a need: what is vague in it, until when it holds, its copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from foretrack.domains.exchange.actions.checking import check_record, sort_of
from foretrack.domains.exchange.actions.copies import PROFILES
from foretrack.domains.exchange.quality.findings import Finding
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.kind import Kind
from foretrack.web.addresses import address
from foretrack.web.panels import About, Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import Words, page_language, say, speak

LANGUAGES = Words({"en": "English", "zh": "Chinese"})


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing to mend, in the reader's language."""

    check: str
    stops: bool
    field: str
    label: str
    language: str
    words: str
    why: str
    mend: str
    example: str


@dataclass(frozen=True)
class QualityFragment(Fragment):
    """What is vague in a profile, and how to mend it."""

    template: ClassVar[str] = "exchange/findings.html"

    findings: tuple[FindingLine, ...]
    stops: int


@dataclass(frozen=True)
class ValidityFragment(Fragment):
    """Until when a profile holds, and one click that renews it."""

    template: ClassVar[str] = "exchange/panels/validity.html"

    until: str
    over: bool
    days_left: int
    renew: str
    """Where it is renewed; empty for whoever may not."""
    reading: str
    """The page for outsiders."""


@dataclass(frozen=True)
class CopiesFragment(Fragment):
    """Where copies are looked for once somebody looks here."""

    template: ClassVar[str] = "exchange/panels/copies.html"

    address: str


def findings_told(kind: Kind, found: Sequence[Finding]) -> tuple[FindingLine, ...]:
    """Findings in the language of the page."""
    tell, language = speak(page_language()), page_language()
    return tuple(
        FindingLine(
            one.check, one.severity == "stop", one.field, kind.by_name[one.field].label.text(language),
            say(LANGUAGES[one.language]) if one.language else "", one.words, one.why.told(tell), one.mend.told(tell),
            one.example.told(tell),
        )
        for one in found
    )  # fmt: skip


def _page(subject: Subject, *, reading: bool = False) -> RecordPage | None:
    values = subject.values or {}
    page = values.get("record")
    if not isinstance(page, RecordPage) or (values.get("reading") and not reading):
        return None
    return page


def _quality(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject)
    if page is None or page.circle != "private" or sort_of(page.kind) is None:
        return None
    if page.status in ("withdrawn", "settled"):
        return None
    found = check_record(request.registry, page.kind, page.values)
    told = findings_told(request.registry.kinds.get(page.kind), found)
    return QualityFragment(told, sum(one.stops for one in told))


def _validity(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, reading=True)
    if page is None or page.kind not in PROFILES or "valid_until" not in page.values:
        return None
    may = any(move.name == "renew" for move in page.moves)
    if not may and (subject.values or {}).get("reading"):
        return None
    today = request.registry.now().date()
    until = page.values["valid_until"]
    left = (type(today).fromisoformat(until) - today).days
    return ValidityFragment(
        until,
        left < 0,
        left,
        address("renew profile", page.key) if may else "",
        address("profile of", page.key),
    )


def _copies(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject)
    if page is None or page.kind not in PROFILES or page.circle != "private":
        return None
    return CopiesFragment(address("profile copies", page.key))


RECORD: frozenset[About] = frozenset(("record",))
PANELS = (
    Panel("quality", "Before others read it", RECORD, _quality, order=3, wide=True),
    Panel("validity", "Validity", RECORD, _validity, order=4),
    Panel("copies", "Nearly the same", RECORD, _copies, order=8),
)

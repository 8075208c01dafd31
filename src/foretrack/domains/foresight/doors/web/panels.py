"""What the lookout adds to dossiers: to a record, what is known today of the findings that it points at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.domains.foresight.actions.watchable import STANDS
from foretrack.domains.foresight.doors.web.reading import Reading, read, row_called, technologies_of
from foretrack.foundation.errors import EvidenceError
from foretrack.registry.actions.pointing import RECORD, pointed_at
from foretrack.web.addresses import address_of_thing
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class Signal:
    """One finding of the lookout as it stands in the newest scan."""

    unit: str
    key: str
    href: str
    title: str
    sort: str
    """Concept or technology, in words."""
    standing: str
    """State or stage in words; empty for what the newest scan does not have."""
    rising: bool
    rank: int | None
    n_documents: int | None
    share: float | None
    """Of the documents of the last three years."""
    doubling: float | None
    """Probability that its share doubles within three years."""


@dataclass(frozen=True)
class SignalsFragment(Fragment):
    """What the newest scan knows of what a record points at."""

    template: ClassVar[str] = "lookout/panels/signals.html"

    as_of: int | None
    signals: tuple[Signal, ...]


def _load(request: Request, subject: Subject) -> Fragment | None:
    found = [one for one in pointed_at(request.registry, request.actor, subject.name) if one[0] != RECORD]
    if not found:
        return None
    try:
        reading = read({})
    except EvidenceError:  # the record keeps its links although nothing is scanned here yet
        return SignalsFragment(None, tuple(_absent(unit, key) for unit, key in found))
    return SignalsFragment(reading.scan.as_of, tuple(_signal(reading, unit, key) for unit, key in found))


def _signal(reading: Reading, unit: str, key: str) -> Signal:
    language = page_language()
    if unit == "concept" and (row := row_called(reading.scan, key)) is not None:
        item = reading.scan.items([row])[0]
        return Signal(
            unit, key, address_of_thing(unit, key), _title(item.label, item.label_en, item.label_zh), say("Concept"),
            STANDS[item.state].text(language), item.state in ("emerging", "growing"), item.rank,
            item.measures.n_documents, item.measures.share_recent, item.p_dbl3,
        )  # fmt: skip
    if unit == "technology" and (stored := technologies_of(reading.scan)) is not None:
        number = next((i for i, row in enumerate(stored.rows) if row["technology"] == key), None)
        if number is not None:
            one = stored.item(number)
            return Signal(
                unit, key, address_of_thing(unit, key), _title(one.label, one.label_en, one.label_zh),
                say("Technology"), STANDS[one.stage].text(language), one.stage in ("emerging", "growing"), one.rank,
                one.n_documents, one.share_recent, one.p_dbl3,
            )  # fmt: skip
    return _absent(unit, key)


def _absent(unit: str, key: str) -> Signal:
    from foretrack.search.actions.naming import named

    known = named([(unit, key)]).get((unit, key))
    title = known.title(page_language()) if known else key
    sort = {"concept": say("Concept"), "technology": say("Technology")}.get(unit, say("Document"))
    return Signal(unit, key, address_of_thing(unit, key), title, sort, "", False, None, None, None, None)


def _title(label: str, english: str | None, chinese: str | None) -> str:
    first, second = (chinese, english) if page_language() == "zh" else (english, chinese)
    return first or second or label


PANELS: tuple[Panel, ...] = (
    Panel("signals", "What the lookout knows of it", frozenset(("record",)), _load, order=5, wide=True),
)

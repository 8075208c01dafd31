"""What the lookout adds to dossiers: to a record, what is known today of the findings that it points at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.domains.foresight.actions.watchable import STANDS
from foretrack.domains.foresight.doors.web.naming import name_of
from foretrack.domains.foresight.doors.web.reading import Reading, read, row_called, technologies_of
from foretrack.foundation.errors import EvidenceError
from foretrack.registry.actions.pointing import RECORD, Found, findings_of
from foretrack.search.actions.naming import Named, named
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
    chance: float | None
    """Probability of extreme growth within three years; None without a forecast."""
    through: str
    """Title of the record through which the record points there; empty where it does so itself."""
    through_href: str


@dataclass(frozen=True)
class SignalsFragment(Fragment):
    """What the newest scan knows of what a record points at."""

    template: ClassVar[str] = "lookout/panels/signals.html"

    as_of: int | None
    signals: tuple[Signal, ...]


def _load(request: Request, subject: Subject) -> Fragment | None:
    found = findings_of(request.registry, request.actor, subject.name)
    if not found:
        return None
    try:
        reading = read({})
    except EvidenceError:  # the record keeps its links although nothing is scanned here yet
        reading = None
    told = [_signal(reading, one) if reading else None for one in found]
    names = named((one.unit, one.name) for one, signal in zip(found, told, strict=True) if signal is None)
    return SignalsFragment(
        reading.scan.as_of if reading else None,
        tuple(
            signal or _absent(one, names.get((one.unit, one.name)))
            for one, signal in zip(found, told, strict=True)
        ),
    )


def _signal(reading: Reading, found: Found) -> Signal | None:
    """The finding in a scan; None for one that the scan does not have."""
    language, unit, key = page_language(), found.unit, found.name
    between = (found.through_title, address_of_thing(RECORD, found.through) if found.through else "")
    if unit == "concept" and (row := row_called(reading.scan, key)) is not None:
        item = reading.scan.items([row])[0]
        return Signal(
            unit, key, address_of_thing(unit, key), name_of(item.label, item.label_en, item.label_zh)[0], say("Concept"),
            STANDS[item.state].text(language), item.state in ("emerging", "growing"), item.rank,
            item.measures.n_documents, item.measures.share_recent, item.p_eg3, *between,
        )  # fmt: skip
    if unit == "technology" and (stored := technologies_of(reading.scan)) is not None:
        number = next((i for i, row in enumerate(stored.rows) if row["technology"] == key), None)
        if number is not None:
            one = stored.item(number)
            return Signal(
                unit, key, address_of_thing(unit, key), name_of(one.label, one.label_en, one.label_zh)[0],
                say("Technology"), STANDS[one.stage].text(language), one.stage in ("emerging", "growing"), one.rank,
                one.n_documents, one.share_recent, one.p_eg3, *between,
            )  # fmt: skip
    return None


def _absent(found: Found, known: Named | None) -> Signal:
    unit, key = found.unit, found.name
    title = known.title(page_language()) if known else key
    sort = {"concept": say("Concept"), "technology": say("Technology")}.get(unit, say("Document"))
    return Signal(
        unit, key, address_of_thing(unit, key), title, sort, "", False, None, None, None, None, found.through_title,
        address_of_thing(RECORD, found.through) if found.through else "",
    )  # fmt: skip


PANELS: tuple[Panel, ...] = (
    Panel("signals", "What the lookout knows of it", frozenset(("record",)), _load, order=5, wide=True),
)

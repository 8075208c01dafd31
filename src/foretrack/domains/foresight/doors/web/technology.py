"""One technology: its stage with the tests behind it, its concepts, how it went, what became of it, and its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.actions.technologies import StoredTechnologies, technology_page
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.speech import STAGE_TESTS
from foretrack.domains.foresight.doors.web import words
from foretrack.domains.foresight.doors.web.as_of_control import AsOf, as_of_control
from foretrack.domains.foresight.doors.web.charts import share_chart, strata_chart
from foretrack.domains.foresight.doors.web.concept import (
    EVIDENCE,
    LeadersPage,
    Near,
    YearLine,
    boards,
    documents_of,
    moved,
    on_tracks,
    watch_address,
    year_lines,
)
from foretrack.domains.foresight.doors.web.policy import TrackLine, policy
from foretrack.domains.foresight.doors.web.reading import Reading, partial_year, read
from foretrack.domains.foresight.doors.web.sources import DocumentLine, document_lines
from foretrack.domains.foresight.doors.web.told import PER_CENT, between, share_text
from foretrack.domains.foresight.technologies.answers import TechnologyEvent
from foretrack.domains.foresight.technologies.answers import TechnologyPage as TechnologyAnswer
from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.web.addresses import address
from foretrack.web.charts import Chart
from foretrack.web.data import asked_form
from foretrack.web.panels import Subject
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

TEST_WORDS = Words(STAGE_TESTS)
CONCEPTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One concept of a technology."""

    href: str
    name: str
    state: str
    tone: str
    membership: float
    n_recent: int


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to a technology."""

    year: int
    what: str
    others: tuple[Near, ...]
    numbers: str


@dataclass(frozen=True, slots=True)
class TestLine:
    """One test that decided the stage."""

    text: str
    holds: bool


@dataclass(frozen=True)
class TechnologyPage(Page):
    """Everything that is known of a technology as of a year."""

    template: ClassVar[str] = "lookout/technology.html"

    as_of: AsOf
    technology: str
    name: str
    other: str
    stage: str
    tone: str
    tests: tuple[TestLine, ...]
    rank: int | None
    n_ranked: int
    born: int
    chance: str
    forecast: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    share: Chart
    sources: Chart | None
    concepts: tuple[MemberLine, ...]
    more_concepts: tuple[MemberLine, ...]
    events: tuple[EventLine, ...]
    came_from: tuple[Near, ...]
    neighbours: tuple[Near, ...]
    tracks: tuple[TrackLine, ...]
    p_no_track: float | None
    years: tuple[YearLine, ...]
    n_documents: int
    documents_href: str
    leaders_href: str
    evidence: tuple[DocumentLine, ...]
    watch: str
    subject: Subject
    answer: TechnologyAnswer

    def as_data(self) -> object:
        """The documented answer."""
        return to_json(self.answer)

    def as_table(self) -> tuple[Sequence[str], Sequence[dict[str, Any]]]:
        """The yearly series, whole and by source and kind."""
        names = ("year", "source", "kind", "n_documents", "n_total", "share")
        return names, [{name: getattr(point, name) for name in names} for point in self.answer.series]


@require_safe
def technology(request: Request, name: str) -> HttpResponseBase:
    """Everything known of one technology as of a year."""
    reading = read(request.GET)
    number = _number_of(reading, name)
    key = reading.technologies.rows[number]["technology"]
    if key != name and not asked_form(request):
        return moved(request, "technology", key)
    return render(request, _page(request, reading, number))


@require_safe
def technology_documents(request: Request, name: str) -> HttpResponse:
    """The documents of a technology, newest first; of one year where the address names it."""
    reading = read(request.GET)
    number = _number_of(reading, name)
    stored = reading.technologies
    key = stored.rows[number]["technology"]
    page = documents_of(
        request, reading, stored.documents_of(number), name=words.named(stored.item(number)),
        href=address("technology", key) + reading.held_query, here="technologies",
        years=year_lines(stored.series(number), address("technology documents", key) + reading.held_query),
    )  # fmt: skip
    return render(request, page)


@require_safe
def technology_leaders(request: Request, name: str) -> HttpResponse:
    """Who leads in a technology, by country and by organisation."""
    reading = read(request.GET)
    item = reading.technologies.item(_number_of(reading, name))
    href = address("technology", item.technology) + reading.held_query
    return render(
        request,
        LeadersPage(words.named(item), href, "technologies", boards(reading, "technology", item.technology)),
    )


def _number_of(reading: Reading, name: str) -> int:
    """The technology that bears a name; NotThereError with what became of it, or with the nearest ones, for none."""
    stored = reading.technologies
    try:
        return stored.number_of(name)
    except (InputError, EvidenceError) as error:
        past = stored.events.get(name, ())
        if past:
            last = past[-1]
            raise NotThereError.of(
                "{name} is no technology as of {year}: {event} in {when}", expected="a technology of that year",
                do="look at an earlier year, or at {others}", name=name[:80], year=reading.scan.as_of,
                event=say(words.EVENT_WORDS[last.event]), when=last.year, others=", ".join(last.others) or "-",
            ) from error  # fmt: skip
        raise NotThereError.of(
            "there is no technology {name!r} as of {year}", expected="a technology such as {near}",
            do="look it up in the list of technologies, or in the scan of another year",
            name=name[:80], year=reading.scan.as_of, near=", ".join(stored.near_names(name)) or "-",
        ) from error  # fmt: skip


def _page(request: Request, reading: Reading, number: int) -> TechnologyPage:
    scan, stored, query = reading.scan, reading.technologies, reading.held_query
    known = policy(reading.workspace)
    answer = technology_page(reading.workspace, stored, number, evidence=EVIDENCE)
    item = answer.item
    documents_href = address("technology documents", item.technology) + query
    lines = year_lines(answer.series, documents_href)
    by_year = {line.year: line.href for line in lines}
    members = tuple(
        MemberLine(
            address("concept", c.concept) + query, c.label, say(words.STATE_WORDS[c.state]), words.TONES.get(c.state, ""),
            c.membership, c.n_recent,
        )
        for c in answer.concepts
    )  # fmt: skip
    return TechnologyPage(
        as_of=as_of_control(request, reading), technology=item.technology, name=words.named(item),
        other=words.other_name(item), stage=say(words.STAGE_WORDS[item.stage]), tone=words.TONES.get(item.stage, ""),
        tests=tuple(
            TestLine(PER_CENT.sub("%", say(TEST_WORDS[t.test], value=f"{t.value:.3g}", bound=f"{t.bound:g}")), t.holds)
            for t in answer.stage_because
        ),
        rank=item.rank, n_ranked=sum(1 for row in stored.rows if row["rank"] is not None), born=item.born,
        chance=words.chance_in_words(item.p_eg3), forecast=_forecast(answer), facts=_facts(answer),
        share=share_chart(
            answer.series, item.quantiles, partial=partial_year(scan), link=lambda year: by_year.get(year, "")
        ),
        sources=strata_chart(answer.series, link=lambda year: by_year.get(year, "")), concepts=members[:CONCEPTS_SHOWN],
        more_concepts=members[CONCEPTS_SHOWN:],
        events=tuple(_event(event, stored, query) for event in reversed(answer.events)),
        came_from=_linked(item.came_from, stored, query),
        neighbours=tuple(
            Near(address("technology", n.technology) + query, n.label, say("{p} of their links", p=share_text(n.weight)))
            for n in answer.neighbours
        ),
        tracks=known.lines(item.tracks, query), p_no_track=item.p_no_track, years=lines, n_documents=item.n_documents,
        documents_href=documents_href, leaders_href=address("technology leaders", item.technology) + query,
        evidence=document_lines(answer.evidence), watch=watch_address(request, "technology", item.technology),
        subject=Subject(
            "technology", f"lookout:technology:{item.technology}", words.named(item),
            tuple(n for n in (item.label, item.label_en, item.label_zh) if n), on_tracks(item.tracks),
            {"answer": answer},
        ),
        answer=answer,
    )  # fmt: skip


def _forecast(answer: TechnologyAnswer) -> tuple[tuple[str, str], ...]:
    item = answer.item
    if item.p_eg3 is None:
        return ()
    told = [
        (say("Extreme growth within three years"), share_text(item.p_eg3)),
        (say("Doubling within three years"), share_text(item.p_dbl3 or 0.0)),
    ]
    told += [
        (say("Share expected in {year}", year=q.year), f"{share_text(q.q50)} ({between(q.q10, q.q90)})")
        for q in item.quantiles
    ]
    return tuple(told)


def _facts(answer: TechnologyAnswer) -> tuple[tuple[str, str], ...]:
    item = answer.item
    number = "{:.2f}".format
    return (
        (say("Documents"), say("{n}, of them {recent} recent", n=f"{item.n_documents:,}", recent=f"{item.n_recent:,}")),
        (say("Share of recent documents"), share_text(item.share_recent)),
        (say("Coherence"), number(item.coherence)),
        (say("Closeness"), number(item.closeness)),
        (say("Separation"), number(item.separation)),
        (say("Concepts kept from the year before"), "–" if item.persistence is None else share_text(item.persistence)),
        (say("Novelty"), number(item.novelty)),
    )  # fmt: skip


def _event(event: TechnologyEvent, stored: StoredTechnologies, query: str) -> EventLine:
    numbers = ""
    if event.n_before is not None and event.n_after is not None:
        numbers = say(
            "{before} → {after} documents", before=f"{event.n_before:,}", after=f"{event.n_after:,}"
        )
    elif event.n_after is not None:
        numbers = say("{n} documents", n=f"{event.n_after:,}")
    return EventLine(
        event.year, say(words.EVENT_WORDS[event.event]), _linked(event.others, stored, query), numbers
    )


def _linked(keys: Sequence[str], stored: StoredTechnologies, query: str) -> tuple[Near, ...]:
    """Technologies by their identifiers; those that are gone have no page in this year."""
    found = []
    for key in keys:
        number = stored.numbers.get(key)
        href = address("technology", key) + query if number is not None else ""
        found.append(Near(href, words.named(stored.item(number)) if number is not None else key, ""))
    return tuple(found)

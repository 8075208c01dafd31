"""What the domain adds to the dossier of a record: answers, measures against what was wanted, rounds, citation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.domains.scenarios.actions.growing import ways_to_grow
from foretrack.domains.scenarios.actions.library import KIND as CASE
from foretrack.domains.scenarios.actions.library import similar_cases
from foretrack.domains.scenarios.actions.opportunities import chain_of, measured_against, responses_to
from foretrack.domains.scenarios.doors.web.case import AlikeCase, alike_told, cited_of
from foretrack.domains.scenarios.doors.web.telling import Wanted, money, told
from foretrack.packs.shapes import Bilingual
from foretrack.records.citing import as_bibtex, as_text
from foretrack.registry.access.permission import Subject as Acted
from foretrack.registry.access.permission import may_create
from foretrack.registry.actions.judging import field_of, judge
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordPage
from foretrack.rules.answers import ConditionResult
from foretrack.web.addresses import address
from foretrack.web.naming import in_words
from foretrack.web.panels import About, Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import Words, page_language, say

STANDINGS = Words({"met": "met", "not met": "not met", "undecided": "not answered yet"})


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer to an opportunity."""

    href: str
    title: str
    who: str
    status: str
    price: str
    promised: tuple[Wanted, ...]
    measured: tuple[Wanted, ...]


@dataclass(frozen=True)
class AnswersFragment(Fragment):
    """The answers to an opportunity that the reader may see."""

    template: ClassVar[str] = "scenarios/panels/answers.html"

    answers: tuple[AnswerLine, ...]
    answer: str
    """Where to answer; empty for whoever may not."""


@dataclass(frozen=True)
class MeasuresFragment(Fragment):
    """A response against the measures of success."""

    template: ClassVar[str] = "scenarios/panels/measures.html"

    promised: tuple[Wanted, ...]
    measured: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class GrowWay:
    """What may be made of it."""

    to: str
    label: str


@dataclass(frozen=True)
class GrowFragment(Fragment):
    """One click from a pilot to a scenario, and from there to a case."""

    template: ClassVar[str] = "scenarios/panels/grow.html"

    address: str
    ways: tuple[GrowWay, ...]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round of a product."""

    href: str
    title: str
    here: bool
    status: str
    built: str
    finding: str
    fix: str


@dataclass(frozen=True)
class RoundsFragment(Fragment):
    """The chain of iterations."""

    template: ClassVar[str] = "scenarios/panels/rounds.html"

    rounds: tuple[RoundLine, ...]


@dataclass(frozen=True)
class CiteFragment(Fragment):
    """How a case is cited."""

    template: ClassVar[str] = "scenarios/panels/cite.html"

    key: str
    href: str
    citation: str
    bibtex: str


@dataclass(frozen=True)
class AlikeFragment(Fragment):
    """Cases that are like it."""

    template: ClassVar[str] = "scenarios/panels/alike.html"

    alike: tuple[AlikeCase, ...]


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One condition of a rule."""

    label: str
    standing: str
    good: bool
    bad: bool
    confidence: str


@dataclass(frozen=True)
class RuleFragment(Fragment):
    """How a record stands to the rule that it must meet."""

    template: ClassVar[str] = "scenarios/panels/rule.html"

    label: str
    href: str
    outcome: str
    good: bool
    lines: tuple[CriterionLine, ...]


def _page(subject: Subject, *kinds: str) -> RecordPage | None:
    page = (subject.values or {}).get("record")
    return page if isinstance(page, RecordPage) and page.kind in kinds else None


def _answers(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "opportunity")
    if page is None:
        return None
    found = responses_to(request.registry, request.actor, page)
    titles = titles_of(request.actor, [one.page.values.get("organisation", "") for one in found])
    may = page.status == "published" and may_create_somewhere(
        request.actor, request.registry.kinds.get("response")
    )
    where = f"{address('new', 'response')}?opportunity={page.key}" if may else ""
    if not found and not where:
        return None
    return AnswersFragment(
        tuple(
            AnswerLine(
                address("record", one.page.key), one.page.title, titles.get(one.page.values.get("organisation", ""), ""),
                one.page.status_label, money(one.page.values.get("price")), told(one.promised), told(one.measured),
            )
            for one in found
        ),
        where,
    )  # fmt: skip


def _measures(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "response")
    found = measured_against(request.registry, request.actor, page) if page else None
    if found is None or not found.promised:
        return None
    given = page.values if page else {}
    return MeasuresFragment(
        told(found.promised) if "promised" in given else (),
        told(found.measured) if "results" in given else (),
    )


def _grow(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "opportunity", "scenario")
    if page is None:
        return None
    kinds = request.registry.kinds
    ways = []
    for to in ways_to_grow(page):
        on = Acted(kind=to, organisation=page.organisation, region=page.region, created_by=request.actor.key)
        if may_create(request.actor, kinds.get(to), on):
            ways.append(GrowWay(to, kinds.get(to).label.text(page_language())))
    return GrowFragment(address("grow", page.key), tuple(ways)) if ways else None


def _rounds(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "iteration")
    if page is None:
        return None
    return RoundsFragment(
        tuple(
            RoundLine(
                address("record", one.page.key), one.page.title, one.here, one.page.status_label,
                in_words(one.page.values.get("built")), in_words(one.page.values.get("finding")),
                in_words(one.page.values.get("fix")),
            )
            for one in chain_of(request.registry, request.actor, page)
        )
    )  # fmt: skip


def _cite(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, CASE)
    if page is None or page.status != "recognised":
        return None
    cited = cited_of(request, page)
    return CiteFragment(page.key, address("case", page.key), as_text(cited), as_bibtex(cited))


def _alike(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, CASE)
    found = similar_cases(request.registry, request.actor, page) if page else ()
    return AlikeFragment(alike_told(request, found)) if found else None


def _rule(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, CASE, "sandbox-request")
    if page is None:
        return None
    kind = request.registry.kinds.get(page.kind)
    series = next((move.rule for move in kind.transitions if move.rule), "")
    answer = judge(kind, series, page.values, request.registry.now().date())
    wanted: list[tuple[ConditionResult, bool]] = [(one, True) for one in answer.gate.parts or (answer.gate,)]
    wanted += [(one, False) for one in answer.exclusions]
    pack, _, entry = answer.rule.partition("/")
    return RuleFragment(
        answer.label.text(page_language()), address("pack entry", pack, entry), say(STANDINGS[answer.outcome]),
        answer.outcome == "met",
        tuple(
            CriterionLine(
                _label(kind.by_name[field_of(one.name)].label if field_of(one.name) in kind.by_name else one.label),
                say(STANDINGS[one.standing]), one.standing == ("met" if good else "not met"),
                one.standing == ("not met" if good else "met"), one.confidence,
            )
            for one, good in wanted
        ),
    )  # fmt: skip


def _label(label: Bilingual) -> str:
    return label.text(page_language())


RECORD: frozenset[About] = frozenset(("record",))
PANELS = (
    Panel("answers", "Answers", RECORD, _answers, order=5, wide=True),
    Panel("against-measures", "Against the measures of success", RECORD, _measures, order=5, wide=True),
    Panel("grow", "What becomes of it", RECORD, _grow, order=4),
    Panel("rounds", "Rounds of the product", RECORD, _rounds, order=6, wide=True),
    Panel("entry-rule", "Rule that must be met", RECORD, _rule, order=7),
    Panel("cite", "How to cite it", RECORD, _cite, order=8),
    Panel("alike", "Similar cases", RECORD, _alike, order=9),
)

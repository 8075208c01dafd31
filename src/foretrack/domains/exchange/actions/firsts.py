"""First sets: whether one is first by the rules of the packs, which entries of the catalogue it is like, who reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from foretrack.domains.exchange.kinds.firsts import FIRST_SET, GUIDANCE_ENTRY, SORTS
from foretrack.domains.exchange.reckoning.likeness import named_in
from foretrack.domains.exchange.reckoning.parameters import Line, against, overall
from foretrack.foundation.errors import EvidenceError, NotThereError
from foretrack.packs.rule_shapes import Rule
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.judging import answer_in, rule_on
from foretrack.registry.actions.pointing import RECORD, pointing_to
from foretrack.registry.actions.records import show
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.fields import Json
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.rules.answers import Assessment
from foretrack.rules.assessing import assess
from foretrack.search.actions.records import UNIT, seen_by
from foretrack.search.actions.searching import search
from foretrack.search.words import sequence

FIRST, EXIT = "first-{sort}", "first-{sort}-exit"
"""Series of the rules that say what is first, and when no longer."""
MOST_LIKE = 5
MOST_ENTRIES = 5000
"""Entries in force whose names are looked at."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a product is first, and why."""

    entry: RecordPage | None
    """The entry that the product names."""
    parameters: tuple[Line, ...]
    answer: Assessment | None
    """None where the packs hold no rule that decides anything."""
    unknown: str
    """Why nothing is decided; empty where a rule decides."""
    leaves: Assessment | None
    """The rule by which it is no longer first."""


def entry_holds(entry: Record | None, sort_of: object, on: date) -> bool | None:
    """Whether an entry is in force on a day and of the sort; None where none is named."""
    if entry is None:
        return None
    last = entry.body.get("valid_until")
    begun = str(entry.body["valid_from"]) <= on.isoformat()
    return (
        entry.status == "in-force" and begun and (not last or on.isoformat() <= str(last))
        and entry.body.get("sort_of") == sort_of
    )  # fmt: skip


def known_of(body: Mapping[str, Json], on: date) -> dict[str, object]:
    """Indicator to what follows from the records, beside the fields of the product itself."""
    key = body.get("entry")
    entry = Record.objects.filter(key=str(key)).first() if key else None
    listed = entry_holds(entry, body.get("sort_of"), on)
    found: dict[str, object] = {} if listed is None else {"listed": listed}
    if entry is not None:
        reached = overall(against(entry.body.get("parameters") or (), body.get("parameters") or ()))
        found |= {} if reached is None else {"parameters-reached": reached}
    return found


def judged(series: str, body: Mapping[str, Json], on: date) -> Assessment:
    """How a product stands to a rule. EvidenceError where the rule is an empty template or none is in force."""
    rule: Rule = rule_on(series, on)
    given = {name: answer_in(FIRST_SET, body, name) for name in rule.known_indicators()}
    own = {name: value for name, value in given.items() if value is not None}
    known = {name: value for name, value in known_of(body, on).items() if name in rule.known_indicators()}
    return assess(rule, {**own, **known}, on=on.isoformat())


def attempt(series: str, body: Mapping[str, Json], on: date) -> tuple[Assessment | None, str]:
    """The answer of a rule, or why it gives none."""
    try:
        return judged(series, body, on), ""
    except EvidenceError as error:
        return None, error.what


def eligibility(registry: Registry, actor: Actor, key: str) -> Eligibility:
    """Whether a product is first as of today; NotThereError for what is no first set that the actor may see."""
    page = show_first(registry, actor, key)
    return eligibility_of(registry, actor, page)


def show_first(registry: Registry, actor: Actor, key: str) -> RecordPage:
    """One product as the actor may see it."""
    page = show(registry, actor, key)
    if page.kind != FIRST_SET.name:
        raise NotThereError.of(
            "there is no first set {key!r} that you may see", expected="the key of a first set",
            do="look at the catalogue", key=key[:40],
        )  # fmt: skip
    return page


def eligibility_of(registry: Registry, actor: Actor, page: RecordPage) -> Eligibility:
    """The same for a page that is there already."""
    on = registry.now().date()
    sort_of = str(page.values.get("sort_of", ""))
    entry = None
    if page.values.get("entry"):
        try:
            entry = show(registry, actor, page.values["entry"])
        except NotThereError:
            entry = None
    lines = against(
        (entry.values.get("parameters") or ()) if entry else (), page.values.get("parameters") or ()
    )
    if sort_of not in SORTS:
        return Eligibility(entry, lines, None, "", None)
    answer, unknown = attempt(FIRST.format(sort=sort_of), page.values, on)
    leaves, _ = attempt(EXIT.format(sort=sort_of), page.values, on)
    return Eligibility(entry, lines, answer, unknown, leaves)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a product may belong to."""

    key: str
    code: str
    title: str
    catalogue: str
    why: str
    """`code`, `words` or `meaning`."""
    parameters: tuple[Line, ...]
    reached: bool | None


def entries_like(
    registry: Registry, actor: Actor, page: RecordPage, *, code: str = ""
) -> tuple[Candidate, ...]:
    """Entries in force of the sort of a product that it may belong to: that of a code, then those that
    words and meaning of title and summary find. The entry that it names already is left out."""
    sort_of, own = str(page.values.get("sort_of", "")), page.values.get("entry")
    found: dict[str, str] = {}
    if code.strip():
        rows = Record.objects.filter(kind=GUIDANCE_ENTRY.name, status="in-force", body__code=code.strip())
        found |= dict.fromkeys(rows.values_list("key", flat=True)[:MOST_LIKE], "code")
    texts = [text for name in ("title", "summary") for text in (page.values.get(name) or {}).values()]
    rows = Record.objects.filter(
        kind=GUIDANCE_ENTRY.name, status="in-force", body__sort_of=sort_of, merged_into=None
    )
    names: dict[str, list[str]] = {}
    for key, title in rows.order_by("pk").values_list("key", "body__title")[:MOST_ENTRIES]:
        names |= {f"{key} {language}": sequence(text) for language, text in title.items()}
    for name in named_in([word for text in texts for word in sequence(text)], names):
        found.setdefault(name.partition(" ")[0], "words")
    if texts:
        hits = search(
            " ".join(texts)[:300], viewer=seen_by(actor), units=[UNIT], limit=3 * MOST_LIKE,
            filters={"kind": (GUIDANCE_ENTRY.name,), "status": ("in-force",)},
        ).hits  # fmt: skip
        for hit in hits:
            found.setdefault(hit.key, "meaning" if hit.why.way == "meaning" else "words")
    made = []
    for key, why in found.items():
        try:
            entry = show(registry, actor, key)
        except NotThereError:
            continue
        if entry.values.get("sort_of") != sort_of or key == own:
            continue
        lines = against(entry.values.get("parameters") or (), page.values.get("parameters") or ())
        made.append(
            Candidate(
                key, str(entry.values["code"]), entry.title, str(entry.values["catalogue"]), why, lines, overall(lines)
            )
        )  # fmt: skip
    return tuple(made[:MOST_LIKE])


@dataclass(frozen=True, slots=True)
class Uses:
    """What users reported of a product, as far as the actor may see it."""

    pages: tuple[RecordPage, ...]
    hours: float
    faults: int


def uses_of(registry: Registry, actor: Actor, key: str) -> Uses:
    """Reports of use that the actor may see; drafts of the own organisation are among the pages, not in the sums."""
    pointing = pointing_to(registry, actor, [(RECORD, key)])
    pages = [
        show(registry, actor, one.key)
        for one in pointing
        if one.kind == "first-set-use" and one.field == "first_set"
    ]
    counted: list[dict[str, Any]] = [dict(page.values) for page in pages if page.status == "reported"]
    return Uses(
        tuple(pages), sum(float(one.get("hours", 0)) for one in counted),
        sum(int(one.get("faults", 0)) for one in counted),
    )  # fmt: skip

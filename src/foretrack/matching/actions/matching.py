"""The best matches of one need or offer, each explained, as far as whoever asks may see.

Everything in a list is made of public fields. What the own organisation did with it (looked, judged, wrote) is told to
nobody else, and what is shown to the own organisation is noted: feedback is learned from it, place by place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import OperationalError, transaction
from django.db.models import Sum

from foretrack.foundation.errors import InputError
from foretrack.language.embedding.choosing import stored_means
from foretrack.language.embedding.port import Embedder
from foretrack.matching.actions.holding import OTHER, Held, held, kept_as, prepared_of
from foretrack.matching.actions.interests import between
from foretrack.matching.actions.profiling import from_json, may_be_matched, profile_of, wording_of
from foretrack.matching.actions.weighing import weights_in_force
from foretrack.matching.answers import FilterLine, MatchLine, MatchList, SentencePair
from foretrack.matching.echoes import echo
from foretrack.matching.engine.prepared import Prepared, prepare, words_of
from foretrack.matching.engine.ranking import Match, rank
from foretrack.matching.engine.weights import Weights
from foretrack.matching.models import Meaning, Shelved, Suggestion
from foretrack.matching.settings import Settings, settings_on
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import find_record, records_with, title_of, visible_to
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.registry.waiting import impatient
from foretrack.search.actions.embedding import model

BELOW = 10
"""Places below the list from which the one that is kept for little-shown records is filled."""
SPARE = 3
"""Places below it from which those are filled that only repeat; each is explained, which costs time."""


def matches_for(
    registry: Registry, actor: Actor, key: str, *, most: int | None = None, note: bool = False
) -> MatchList:
    """The best matches of a need or offer among the other side, best first.

    Args:
        most: entries at most; as the packs say where it is not given.
        note: the list is shown to the actor: of the own organisation it is noted down who was shown at which place.

    NotThereError for a record that the actor may not see; InputError for one of a kind that is not matched.
    """
    kind, record, _ = find_record(registry, actor, key)
    if kind.side is None:
        raise InputError.of(
            "{kind} is not matched", kind=kind.name, expected="a need or an offer",
            do="look at its kind: only those with a side are matched",
        )  # fmt: skip
    settings = settings_on(registry.now().date())
    embedder, own = model(), record.organisation is not None and record.organisation in actor.organisations
    now = held(embedder)
    n = min(most, 50) if most is not None else settings.length
    found = listed(registry, now, kind, record, embedder, n, settings, exploring=own)
    lines = _lines(registry, actor, found, now)
    if own:
        if note:
            note_shown(registry, record.key, kind.side.side, found, lines)
        lines = _with_states(registry, actor, record.key, lines)
    state = kind.state(record.status)
    return MatchList(
        record.key, kind.name, title_of(record, actor.language), kind.side.side, state.label.text(actor.language),
        may_be_matched(kind, record), own, lines, found.n_shelf, found.n_passed, embedder.name if embedder else "",
        sum(key in now.shelves[OTHER[kind.side.side]] for key in now.bare), found.weights.name,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A list before it is told: matches in their order, and what is special about some of them."""

    asking: Prepared
    matches: tuple[Match, ...]
    weights: Weights
    n_shelf: int
    n_passed: int
    explored: frozenset[str]
    echoes: Mapping[str, str]


def listed(
    registry: Registry, now: Held, kind: Kind, record: Record, embedder: Embedder | None, n: int, settings: Settings, *,
    exploring: bool = False, weights: Weights | None = None,
) -> Listed:  # fmt: skip
    """The list of a record by the weights in force, or others: without what says nothing of its own, with the place that
    is kept for records which were shown little."""
    in_force = weights or weights_in_force()
    asking = asking_of(kind, record, embedder)
    shelf, today = now.shelves[OTHER[asking.profile.side]], registry.now().date()
    # Text of its own costs nothing to a real answer; what only repeats goes behind all others.
    more = BELOW if exploring else SPARE
    found = rank(asking, shelf, today=today, n=n + more, weights=in_force, diverse=True)
    echoes = {m.key: said for m in found.matches if (said := echo(asking.words, words_of(m.profile)))}
    ordered = [m for m in found.matches if m.key not in echoes] + [
        m for m in found.matches if m.key in echoes
    ]
    places = round(settings.exploring * n) if exploring else 0
    below = [m for m in ordered[n:] if m.key not in echoes]
    drawn = _little_shown(below, record.key, today, places) if places and below else []
    return Listed(
        asking, (*ordered[: n - len(drawn)], *drawn), in_force, found.n_shelf, found.n_passed,
        frozenset(m.key for m in drawn), echoes,
    )  # fmt: skip


def asking_of(kind: Kind, record: Record, embedder: Embedder | None) -> Prepared:
    """A record ready to be compared: by the meaning that was kept of it, or made now where there is none."""
    profile = profile_of(kind, record)
    row = Shelved.objects.filter(record=record.key, gone=False).first()
    if row is not None:
        profile = from_json(row.profile)
        kept = Meaning.objects.filter(
            shelved=row, model=kept_as(embedder), wording=wording_of(profile)
        ).first()
        if kept is not None:
            return prepared_of(profile, kept)
    return prepare([profile], embedder, stored_means(embedder.name) if embedder else {})[0]


def shares_of(match: Match, weights: Weights) -> dict[str, float]:
    """Part to its value between 0 and 1, before it was weighted."""
    total = sum(weights.of(part) for part in match.parts)
    return {
        part: round(value * total / weights.of(part), 6) if weights.of(part) else 0.0
        for part, value in match.parts.items()
    }


def note_shown(registry: Registry, key: str, side: str, found: Listed, lines: Sequence[MatchLine]) -> None:
    """Notes who was shown at which place; where a long import writes just now, this once goes unnoted."""
    now = registry.now()
    by_key = {m.key: m for m in found.matches}
    fresh = [
        Suggestion(
            record=key, other=line.key, side=side, score=line.score, parts=shares_of(by_key[line.key], found.weights),
            rank=line.rank, exploring=line.exploring, weights=found.weights.name, made_at=now, shown=1, shown_at=now,
        )
        for line in lines
    ]  # fmt: skip
    try:
        with impatient(), transaction.atomic():
            there = {
                one.other: one
                for one in Suggestion.objects.filter(record=key, other__in=[one.other for one in fresh])
            }
            changed = []
            for one in fresh:
                known = there.get(one.other)
                if known is None or known.judgement:
                    continue  # what was judged keeps the place at which it was
                known.shown, known.shown_at = known.shown + 1, known.shown_at or now
                for name in ("score", "parts", "rank", "exploring", "weights"):
                    setattr(known, name, getattr(one, name))
                changed.append(known)
            Suggestion.objects.bulk_create([o for o in fresh if o.other not in there], ignore_conflicts=True)
            Suggestion.objects.bulk_update(
                changed, ["shown", "shown_at", "score", "parts", "rank", "exploring", "weights"]
            )
    except OperationalError:
        return


def _lines(registry: Registry, actor: Actor, found: Listed, now: Held) -> tuple[MatchLine, ...]:
    """Matches in words. Asked of the registry once more, so that nothing is told that was hidden a moment ago."""
    rows = {
        row.key: row
        for row in records_with([m.key for m in found.matches]).values()
        if may_be_matched(registry.kinds.get(row.kind), row)
    }
    owners = _names(actor, {row.organisation for row in rows.values() if row.organisation})
    made: list[MatchLine] = []
    for match in found.matches:
        row = rows.get(match.key)
        if row is None:
            continue
        why, own = match.explained, found.asking.profile
        need, offer = (own, match.profile) if own.side == "need" else (match.profile, own)
        made.append(
            MatchLine(
                match.key, row.kind, title_of(row, actor.language), row.organisation or "",
                owners.get(row.organisation or "", ""), row.region or "", len(made) + 1, round(match.score, 4),
                {part: round(value, 4) for part, value in match.parts.items()},
                tuple(SentencePair(one.need.of(need), one.offer.of(offer), one.similarity) for one in why.met),
                why.words, why.tracks,
                tuple(FilterLine(one.name, one.outcome, one.need, one.offer) for one in why.checks),
                tuple(one.of(need) for one in why.missing), why.n_sentences, why.n_met, dict(why.evidence),
                match.key in found.explored, found.echoes.get(match.key, ""), match.key in now.bare,
            )
        )  # fmt: skip
    return tuple(made)


def _with_states(
    registry: Registry, actor: Actor, key: str, lines: Sequence[MatchLine]
) -> tuple[MatchLine, ...]:
    known = {
        one.other: one
        for one in Suggestion.objects.filter(record=key, other__in=[line.key for line in lines])
    }
    interests = between([(key, line.key) for line in lines])
    told = []
    for line in lines:
        interest, said = interests.get((key, line.key)), known.get(line.key)
        state = "new" if said is None or said.viewed_at is None else "viewed"
        if said is not None and said.judgement == "not relevant":
            state = said.judgement
        told.append(
            replace(line, state=interest.status, interest=interest.key)
            if interest
            else replace(line, state=state)
        )
    return tuple(told)


def _names(actor: Actor, keys: Iterable[str]) -> dict[str, str]:
    rows = Record.objects.filter(visible_to(actor), key__in=sorted(set(keys))).distinct()
    return {row.key: title_of(row, actor.language) for row in rows}


def _little_shown(matches: Sequence[Match], key: str, today: date, most: int) -> list[Match]:
    """Those that were shown least so far; among equals a draw that changes from week to week and can be repeated."""
    shown = dict(
        Suggestion.objects.filter(other__in=[m.key for m in matches])
        .values_list("other")
        .annotate(n=Sum("shown"))
        .values_list("other", "n")
    )
    week = "{}-{}".format(*today.isocalendar()[:2])

    def drawn(match: Match) -> bytes:
        return hashlib.blake2b(f"{key}\0{match.key}\0{week}".encode(), digest_size=8).digest()

    return sorted(matches, key=lambda m: (shown.get(m.key) or 0, drawn(m)))[:most]

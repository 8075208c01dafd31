"""Standing matches: what is new on the shelf is matched by itself, and owners are told, of each pair once."""

from __future__ import annotations

from collections.abc import Sequence

from foretrack.matching.actions.holding import held
from foretrack.matching.actions.matching import listed, shares_of
from foretrack.matching.actions.meanings import make_meanings
from foretrack.matching.engine.ranking import Match
from foretrack.matching.models import Shelved, Suggestion
from foretrack.matching.settings import Settings, settings_on
from foretrack.registry.declaring.sides import SideName
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.search.actions.embedding import model


def meet_records(registry: Registry, keys: Sequence[str]) -> int:
    """How many suggestions were added for records that are new on the shelf, or say something else than before."""
    embedder, settings = model(), settings_on(registry.now().date())
    make_meanings(embedder, keys)
    added = 0
    for record in Record.objects.filter(key__in=list(keys)).order_by("pk"):
        row = Shelved.objects.filter(record=record.key, gone=False).first()
        if row is None:
            continue  # it has left again
        found = listed(
            registry,
            held(embedder),
            registry.kinds.get(record.kind),
            record,
            embedder,
            settings.standing_most,
            settings,
        )
        good = [
            m for m in found.matches if m.key not in found.echoes and tells(m, settings, meant=bool(embedder))
        ]
        for rank, match in enumerate(good, 1):
            shares = shares_of(match, found.weights)
            added += _suggest(
                registry, record.key, match.key, row.side, rank, match, shares, found.weights.name
            )
            back = Suggestion.objects.filter(record=match.key, score__gt=match.score).count() + 1
            other: SideName = match.profile.side
            added += _suggest(registry, match.key, record.key, other, back, match, shares, found.weights.name)
    return added


def tells(match: Match, settings: Settings, *, meant: bool) -> bool:
    """Whether a match is good enough to be told unasked: its score, and one pair of sentences that is near in meaning.

    Scores are relative to what else stands on the shelf; the nearness of two sentences is not, and keeps the best of a
    bad lot from being sent to anybody. Where there are no meanings, the shared words of a sentence stand in for it.
    """
    nearest = max((one.similarity for one in match.explained.met), default=0.0)
    return match.score >= settings.standing_score and nearest >= settings.standing_similarity


def _suggest(
    registry: Registry,
    record: str,
    other: str,
    side: str,
    rank: int,
    match: Match,
    shares: dict[str, float],
    weights: str,
) -> int:
    """1 where the pair is new in this direction. The database lets each stand once."""
    before = Suggestion.objects.filter(record=record, other=other).exists()
    if before:
        return 0
    Suggestion.objects.bulk_create(
        [
            Suggestion(
                record=record, other=other, side=side, score=match.score, parts=shares, rank=rank, weights=weights,
                standing=True, made_at=registry.now(),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return 1

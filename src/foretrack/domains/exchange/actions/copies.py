"""Profiles that are nearly the same as another: found by the index, compared exactly, told to who may see both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from foretrack.domains.exchange.quality.findings import texts_of
from foretrack.domains.exchange.quality.likeness import likeness, overlap, shingles
from foretrack.domains.exchange.terms import limit
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import find_record, title_of, visible_to
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry, moment

PROFILES = ("offer", "need")
COMPARED = ("title", "summary", "description", "advantages", "requirements")
"""Public fields that are compared."""
QUESTIONS, WORDS = 8, 3
"""So many questions of so many words find candidates: of a copy with half of its words changed, two of some three words
are left in one of eight questions nearly always (1 - 2**-8)."""
NEAREST = 30
"""Candidates of each question, and by meaning."""
_LATIN = re.compile(r"[A-Za-z][A-Za-z-]{4,}")
_HAN = re.compile(r"[\u3400-\u9fff]{4,}")


@dataclass(frozen=True, slots=True)
class Copy:
    """A profile that is nearly the same as another one."""

    key: str
    kind: str
    title: str
    status: str
    status_label: str
    since: str
    """The moment since which it stands where it stands."""
    earlier: bool
    """Whether it was made before the profile that was asked about."""
    likeness: float
    """Share of common shingles among all (0 to 1)."""
    contained: float
    """Share of the asked profile's shingles that it has (0 to 1)."""


def copies_of(registry: Registry, actor: Actor, key: str, *, most: int = 5) -> tuple[Copy, ...]:
    """Profiles that the actor may see and that are nearly the same as one, the most alike first.

    How much is nearly the same is a limit of a pack. Only public texts are compared; NotThereError for a profile that the
    actor may not see.
    """
    _, record, _ = find_record(registry, actor, key)
    if record.kind not in PROFILES:
        return ()
    own = text_of(record.body)
    mine, least = shingles(own), limit("profile-copied-share", registry.now().date())
    keys = _candidates(actor, record, own)
    rows = Record.objects.filter(visible_to(actor), key__in=keys, kind__in=PROFILES, merged_into=None)
    found = []
    for other in rows.exclude(pk=record.pk):
        theirs = shingles(text_of(other.body))
        share = likeness(mine, theirs)
        if share >= least:
            kind = registry.kinds.get(other.kind)
            found.append(
                Copy(
                    other.key, other.kind, title_of(other, actor.language), other.status,
                    kind.state(other.status).label.text(actor.language), moment(other.state_since),
                    other.created_at < record.created_at, round(share, 3), round(overlap(mine, theirs), 3),
                )
            )  # fmt: skip
    found.sort(key=lambda one: (-one.likeness, one.key))
    return tuple(found[:most])


def text_of(body: Mapping[str, Any]) -> str:
    """The public texts that are compared, in all languages."""
    return "\n".join(one.text for one in texts_of(body, COMPARED))


def _candidates(actor: Actor, record: Record, text: str) -> set[str]:
    # Dear to import, and whoever publishes by command does not ask.
    from foretrack.search.actions.alike import alike
    from foretrack.search.actions.records import UNIT, seen_by
    from foretrack.search.actions.searching import search

    viewer = seen_by(actor)
    found: set[str] = set()
    for question in questions(text):
        hits = search(
            question, viewer=viewer, units=[UNIT], filters={"kind": PROFILES}, limit=NEAREST, embedder=None
        ).hits
        found.update(hit.key for hit in hits)
    for kind in PROFILES:
        near = alike(UNIT, record.key, kind=kind, viewer=viewer)
        found.update(sorted(near, key=lambda key: -near[key])[:NEAREST])
    return found - {record.key}


def questions(text: str) -> list[str]:
    """A few questions of words from all parts of a text.

    >>> questions("A solid-state electrolyte for cold batteries, 固态电池电芯")
    ['batteries electrolyte solid-state', '固态电池']
    """
    latin = sorted(dict.fromkeys(word.casefold() for word in _LATIN.findall(text)))
    han = dict.fromkeys(
        run[start : start + 4] for run in _HAN.findall(text) for start in range(0, len(run) - 3, 4)
    )
    made = []
    for words in (_spread(latin, QUESTIONS * WORDS), _spread(list(han), QUESTIONS * WORDS)):
        made += [" ".join(words[n : n + WORDS]) for n in range(0, len(words), WORDS)]
    return made


def _spread(pieces: Sequence[str], most: int) -> Sequence[str]:
    """So many of the pieces, evenly from all of the text."""
    return pieces if len(pieces) <= most else [pieces[n * len(pieces) // most] for n in range(most)]


def burst_of(registry: Registry, record: Record, body: Mapping[str, Any]) -> int:
    """How many profiles the same organisation (or the same person, where there is none) has published within the days of
    a pack that are nearly the same as this body."""
    today = registry.now()
    since = today - timedelta(days=limit("profile-burst-days", today.date()))
    same: dict[str, Any] = (
        {"organisation": record.organisation} if record.organisation else {"created_by": record.created_by}
    )
    rows = Record.objects.filter(
        kind__in=PROFILES, status__in=("published", "held"), state_since__gte=since, merged_into=None, **same
    )
    mine, least = shingles(text_of(body)), limit("profile-copied-share", today.date())
    others = rows.exclude(pk=record.pk).order_by("-pk").values_list("body", flat=True)[:500]
    return sum(likeness(mine, shingles(text_of(other))) >= least for other in others)

"""The shelves of needs and offers, held in memory by each process and brought up to date before each answer.

The same way as the index of search holds its columns: what is held was true at one line of the table of changes. If that
line is still there with its mark, only what was changed since is read; if not, everything is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np

from foretrack.language.embedding.port import Embedder
from foretrack.matching.actions.profiling import from_json
from foretrack.matching.engine.prepared import Passage, Prepared, prepare
from foretrack.matching.engine.shelf import Shelf
from foretrack.matching.models import Meaning, Shelved
from foretrack.matching.profiles import Profile
from foretrack.registry.declaring.sides import SideName
from foretrack.search.models import Change

MADE = 1
"""Goes into the name under which meanings are kept: another way of cutting texts makes them stale."""
CHUNK = 2_000
OTHER: Mapping[SideName, SideName] = {"need": "offer", "offer": "need"}


@dataclass(frozen=True)
class Held:
    """What a process knows of the shelves as of one change."""

    change: int
    mark: int
    shelves: Mapping[SideName, Shelf]
    bare: frozenset[str]
    """Keys whose meaning is not made yet: they are matched by their words, tracks and evidence."""


_held: dict[str, Held] = {}
_lock = Lock()


def kept_as(embedder: Embedder | None) -> str:
    """The name under which meanings of a model are kept."""
    return f"{embedder.name if embedder else 'none'}#{MADE}"


def held(embedder: Embedder | None) -> Held:
    """The shelves as they are now."""
    name, dimension = kept_as(embedder), embedder.dimension if embedder else 0
    with _lock:
        last = Change.objects.order_by("-number").values_list("number", "mark").first() or (0, 0)
        before = _held.get(name)
        if before is not None and (before.change, before.mark) == last:
            return before
        goes_on = (
            before is not None and Change.objects.filter(number=before.change, mark=before.mark).exists()
        )
        now = (
            _forward(before, last, name)
            if before is not None and goes_on
            else _read(last, name, dimension, embedder)
        )
        _held[name] = now
        return now


def forget() -> None:
    """Lets go of everything that is held, so that the next answer reads it anew."""
    with _lock:
        _held.clear()


def _read(last: tuple[int, int], name: str, dimension: int, embedder: Embedder | None) -> Held:
    made: dict[SideName, list[Prepared]] = {"need": [], "offer": []}
    bare: set[str] = set()
    after = 0
    while rows := list(Shelved.objects.filter(pk__gt=after, gone=False).order_by("pk")[:CHUNK]):
        after = rows[-1].pk
        for one, known in _prepared(rows, name, dimension):
            made[one.profile.side].append(one)
            if not known:
                bare.add(one.profile.key)
    model = embedder.name if embedder else ""
    shelves = {side: Shelf.of(side, own, model=model, dimension=dimension) for side, own in made.items()}
    return Held(*last, shelves, frozenset(bare))


def _forward(before: Held, last: tuple[int, int], name: str) -> Held:
    since = before.change
    numbers = set(Shelved.objects.filter(change__gt=since).values_list("pk", flat=True))
    numbers |= set(Meaning.objects.filter(model=name, change__gt=since).values_list("shelved_id", flat=True))
    if not numbers:
        return Held(*last, before.shelves, before.bare)
    dimension = before.shelves["need"].dimension
    made: dict[SideName, list[Prepared]] = {"need": [], "offer": []}
    bare, gone = set(before.bare), set[str]()
    ordered = sorted(numbers)
    for start in range(0, len(ordered), 500):
        rows = list(Shelved.objects.filter(pk__in=ordered[start : start + 500]).order_by("pk"))
        gone |= {row.record for row in rows if row.gone}
        for one, known in _prepared([row for row in rows if not row.gone], name, dimension):
            made[one.profile.side].append(one)
            (bare.discard if known else bare.add)(one.profile.key)
    shelves = {side: shelf.updated(made[side], gone) for side, shelf in before.shelves.items()}
    return Held(*last, shelves, frozenset(bare - gone))


def _prepared(rows: Iterable[Shelved], name: str, dimension: int) -> list[tuple[Prepared, bool]]:
    """Each row prepared, and whether its meaning was there."""
    wanted = list(rows)
    found: dict[int, Meaning] = {}
    for start in range(0, len(wanted), 500):
        some = {row.pk: row.wording for row in wanted[start : start + 500]}
        for one in Meaning.objects.filter(model=name, shelved__in=list(some)):
            if one.wording == some[one.shelved_id]:
                found[one.shelved_id] = one
    made = []
    for row in wanted:
        profile, meaning = from_json(row.profile), found.get(row.pk)
        made.append(
            (prepared_of(profile, meaning) if meaning else without_meaning(profile, dimension), bool(meaning))
        )
    return made


def prepared_of(profile: Profile, meaning: Meaning) -> Prepared:
    """A profile with the meaning that was kept of it."""
    vectors = np.frombuffer(bytes(meaning.vectors), "<f2").astype(np.float32).reshape(meaning.n + 1, -1)
    cut = meaning.cut
    passages = tuple(Passage(*one) for one in cut["passages"])
    return Prepared(profile, str(cut["language"]), passages, vectors[:-1], vectors[-1], dict(cut["words"]))


def without_meaning(profile: Profile, dimension: int) -> Prepared:
    """A profile whose meaning is not made yet: its vectors are zeros, near to nothing."""
    from dataclasses import replace

    one = prepare([profile], None)[0]
    n = len(one.passages)
    return replace(
        one, vectors=np.zeros((n, dimension), np.float32), document=np.zeros(dimension, np.float32)
    )

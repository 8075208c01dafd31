"""The columns and vectors of the index, held in memory by each process and brought up to date before each answer.

What is held was true at one line of the table of changes. If that line is still there with its mark, only what was
changed since is read; if not (the tables were made anew, a transaction was rolled back), everything is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.language.embedding.centring import unit_rows
from foretrack.language.embedding.choosing import stored_means
from foretrack.search.columns import Columns, Row
from foretrack.search.models import Change, Indexed, Removed, Vector

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_MOST_DEAD = 0.25
"""Share of places left behind at which everything is read again."""
_FIELDS = (
    "id", "unit", "key", "kind", "language", "visibility", "readers", "facets", "n_title", "n_body", "changed_at",
)  # fmt: skip


@dataclass
class Meanings:
    """Vectors of one model, centred. Rows are only ever added, so a reader's [:n] stays what it was."""

    model: str
    rows: Floats
    ids: Ints
    n: int = 0

    @classmethod
    def empty(cls, model: str, dimension: int) -> Meanings:
        """No vectors yet."""
        return cls(model, np.zeros((0, dimension), np.float32), np.zeros(0, np.int64))

    def with_more(self, ids: Ints, rows: Floats) -> Meanings:
        """These vectors and more, in place where there is room. A part's last row is its vector."""
        n = self.n + len(ids)
        held, numbers = self.rows, self.ids
        if n > len(held):
            room = max(n, len(held) + len(held) // 4)
            held = np.zeros((room, rows.shape[1]), np.float32)
            held[: self.n] = self.rows[: self.n]
            numbers = np.zeros(room, np.int64)
            numbers[: self.n] = self.ids[: self.n]
        held[self.n : n] = rows
        numbers[self.n : n] = ids
        return Meanings(self.model, held, numbers, n)


@dataclass(frozen=True)
class Held:
    """What a process knows of the index as of one change."""

    change: int = 0
    mark: int = 0
    columns: Columns = field(default_factory=Columns)
    meanings: Meanings | None = None


_held: dict[tuple[str, str], Held] = {}
_lock = Lock()


def held(model: str = "", using: str = "default") -> Held:
    """The index as it is now; with the vectors of a model unless that is empty."""
    with _lock:
        before = _held.get((using, model))
        if not model and before is None:
            # Without meanings any model's will do: the columns are large, and held once.
            same = [one for (where, _), one in _held.items() if where == using]
            before = max(same, key=lambda one: one.change, default=None)
            before = replace(before, meanings=None) if before is not None else None
        last = Change.objects.using(using).order_by("-number").values_list("number", "mark").first()
        if last is None:
            now = Held()
        elif before is not None and (before.change, before.mark) == last:
            return before
        elif before is not None and _goes_on(before, using):
            now = _forward(before, last, model, using)
        else:
            now = _read(last, model, using)
        _held[using, model] = now
        return now


def _goes_on(before: Held, using: str) -> bool:
    known = Change.objects.using(using).filter(number=before.change, mark=before.mark).exists()
    columns = before.columns
    return known and columns.n_dead <= _MOST_DEAD * max(len(columns.ids), 100)


def _read(last: tuple[int, int], model: str, using: str) -> Held:
    rows = Indexed.objects.using(using).order_by("id").values_list(*_FIELDS)
    columns = Columns().updated(map(Row._make, rows.iterator(chunk_size=5000)))
    return Held(*last, columns, _meanings(None, 0, model, using))


def _forward(before: Held, last: tuple[int, int], model: str, using: str) -> Held:
    since = before.change
    rows = list(map(Row._make, Indexed.objects.using(using).filter(change__gt=since).values_list(*_FIELDS)))
    gone = list(Removed.objects.using(using).filter(change__gt=since).values_list("indexed", flat=True))
    columns = before.columns.updated(rows, gone) if rows or gone else before.columns
    return Held(*last, columns, _meanings(before.meanings, since, model, using))


def _meanings(before: Meanings | None, since: int, model: str, using: str) -> Meanings | None:
    if not model:
        return None
    fresh = Vector.objects.using(using).filter(model=model, change__gt=since).order_by("id")
    means = stored_means(model)
    result = before
    batch: list[tuple[int, str, Any]] = []
    for one in fresh.values_list("indexed_id", "language", "vector").iterator(chunk_size=5000):
        batch.append(one)
        if len(batch) == 5000:
            result = _added(result, model, batch, means)
            batch = []
    return _added(result, model, batch, means) if batch else result


def _added(
    before: Meanings | None, model: str, batch: list[tuple[int, str, Any]], means: dict[str, Floats]
) -> Meanings:
    raw = np.stack([np.frombuffer(bytes(vector), "<f2") for _, _, vector in batch]).astype(np.float32)
    centred = centred_rows(raw, [language for _, language, _ in batch], means)
    base = before or Meanings.empty(model, raw.shape[1])
    return base.with_more(np.array([number for number, _, _ in batch], np.int64), centred)


def centred_rows(rows: Floats, languages: list[str], means: dict[str, Floats]) -> Floats:
    """(n, d) unit rows without the mean of each row's language."""
    result = rows.copy()
    for at, language in enumerate(languages):
        if language in means:
            result[at] -= means[language]
    return unit_rows(result)

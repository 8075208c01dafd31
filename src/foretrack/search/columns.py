"""What is indexed, as columns in memory: who may see what, filters, facet counts and lengths, for all things at once.

A `Columns` never changes; `updated` gives the next one. Things are numbered by place; a place whose thing was
removed or changed stays behind, dead, until the next full reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foretrack.search.shapes import BUILT_IN, Facet, FacetCount, Viewer

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST_VALUES = 50
"""Values of one facet that an answer lists."""


class Row(NamedTuple):
    """One indexed thing as the columns need it."""

    id: int
    unit: str
    key: str
    kind: str
    language: str
    visibility: str
    readers: Sequence[str]
    facets: Mapping[str, Sequence[str]]
    n_title: int
    n_body: int
    changed_at: str


class Numbers(dict[str, int]):
    """Text to number, given out in the order of asking; only ever grows, so that older columns stay true."""

    def of(self, text: str) -> int:
        """The number of a text, a new one if it has none."""
        return self.setdefault(text, len(self))


def tie(unit: str, key: str) -> int:
    """A number drawn from a thing's name: orders equals the same way everywhere.

    >>> tie("record", "1") == tie("record", "1"), tie("record", "1") == tie("record", "2")
    (True, False)
    """
    return int.from_bytes(hashlib.blake2b(f"{unit}\0{key}".encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class Columns:
    """Shapes: (n_places,) unless said otherwise; `facet_place` and `facet_code` (n_values_of_all_things,)."""

    ids: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    alive: Bools = field(default_factory=lambda: np.zeros(0, np.bool_))
    visibility: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    name: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """Number of unit and key: the public part of a thing and what others see of it share one."""
    language: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    lengths: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    """(n_places, 2): words of title and body."""
    changed: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """Number of the text `changed_at`."""
    ties: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    facet_place: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    facet_code: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    reader_place: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    reader_code: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    place_of: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """(greatest id + 1,): place of an id, -1 where there is none."""
    words: Numbers = field(default_factory=Numbers)
    """Visibilities, readers, languages and moments by number."""
    names: Numbers = field(default_factory=Numbers)
    """Unit and key by number."""
    values: Numbers = field(default_factory=Numbers)
    """Facet values by number, each as `name=value`."""

    @property
    def n_dead(self) -> int:
        """Places left behind."""
        return int((~self.alive).sum())

    def updated(self, rows: Iterable[Row], removed: Iterable[int] = ()) -> Columns:
        """The columns with `rows` added, or put in place of what bore their id, and the ids `removed` gone."""
        new = list(rows)
        gone = np.fromiter((*removed, *(row.id for row in new)), dtype=np.int64)
        alive = self.alive.copy()
        place_of = self.place_of
        known = gone[gone < len(place_of)]
        places = place_of[known]
        alive[places[places >= 0]] = False
        top = max((row.id for row in new), default=-1) + 1
        grown = np.full(max(len(place_of), top), -1, dtype=np.int32)
        grown[: len(place_of)] = place_of
        grown[known] = -1
        start = len(self.ids)
        ids = np.fromiter((row.id for row in new), np.int64, len(new))
        grown[ids] = np.arange(start, start + len(new), dtype=np.int32)
        word, value = self.words.of, self.values.of
        pairs: list[tuple[int, int]] = []
        for place, row in enumerate(new, start):
            for name, text in (("unit", row.unit), ("kind", row.kind), ("language", row.language)):
                if text:
                    pairs.append((place, value(f"{name}={text}")))
            for name, texts in row.facets.items():
                pairs += [(place, value(f"{name}={text}")) for text in dict.fromkeys(texts)]
        facets = np.array(pairs, dtype=np.int32).reshape(-1, 2)
        allowed = [(place, word(name)) for place, row in enumerate(new, start) for name in row.readers]
        readers = np.array(allowed, dtype=np.int32).reshape(-1, 2)

        def joined(before: npt.NDArray[np.int32], numbers: Iterable[int]) -> npt.NDArray[np.int32]:
            return np.concatenate((before, np.fromiter(numbers, np.int32, len(new))))

        return replace(
            self,
            ids=np.concatenate((self.ids, ids)),
            alive=np.concatenate((alive, np.ones(len(new), np.bool_))),
            visibility=joined(self.visibility, (word(row.visibility) for row in new)),
            name=joined(self.name, (self.names.of(f"{row.unit}\0{row.key}") for row in new)),
            language=joined(self.language, (word(row.language) for row in new)),
            lengths=np.concatenate(
                (self.lengths, np.array([(r.n_title, r.n_body) for r in new], np.int32).reshape(-1, 2))
            ),
            changed=joined(self.changed, (word(row.changed_at) for row in new)),
            ties=np.concatenate(
                (self.ties, np.fromiter((tie(r.unit, r.key) for r in new), np.uint64, len(new)))
            ),
            facet_place=np.concatenate((self.facet_place, facets[:, 0])),
            facet_code=np.concatenate((self.facet_code, facets[:, 1])),
            reader_place=np.concatenate((self.reader_place, readers[:, 0])),
            reader_code=np.concatenate((self.reader_code, readers[:, 1])),
            place_of=grown,
        )

    def places(self, ids: Ints) -> npt.NDArray[np.int32]:
        """Places of those of the ids that are known, in their order."""
        found = self.place_of[ids[(ids >= 0) & (ids < len(self.place_of))]]
        return found[found >= 0]

    def mask(self, ids: Ints) -> Bools:
        """True at the places of the ids."""
        result = np.zeros(len(self.ids), np.bool_)
        result[self.places(ids)] = True
        return result

    def visible(self, viewer: Viewer) -> Bools:
        """What the viewer meets: of each thing the widest part that they may see, and only that.

        Whatever is neither public nor for partners counts as private.
        """
        public = self.visibility == self.words.get("public", -1)
        partner = self.visibility == self.words.get("partner", -1)
        private = ~(public | partner)
        if not viewer.sees_everything:
            private &= self._readable(viewer.readers)
            if not viewer.sees_partner:
                partner[:] = False
        widest = np.full(len(self.names), -1, dtype=np.int64)
        for part in (public, partner, private):
            places = np.flatnonzero(part & self.alive)
            widest[self.name[places]] = places
        result = np.zeros(len(self.ids), np.bool_)
        result[widest[widest >= 0]] = True
        return result

    def _readable(self, readers: Iterable[str]) -> Bools:
        exact = {name for name in readers if name and not name.endswith("*")}
        beginnings = tuple(name[:-1] for name in readers if name.endswith("*") and len(name) > 1)
        # A copy, made in one step: another thread that brings the index forward adds words to the same dictionary.
        codes = [
            code
            for name, code in list(self.words.items())
            if name in exact or (beginnings and name.startswith(beginnings))
        ]
        result = np.zeros(len(self.ids), np.bool_)
        if codes:
            result[self.reader_place[np.isin(self.reader_code, codes)]] = True
        return result

    def having(self, name: str, wanted: Iterable[str]) -> Bools:
        """True where the facet `name` has one of the values."""
        codes = [self.values[f"{name}={text}"] for text in wanted if f"{name}={text}" in self.values]
        result = np.zeros(len(self.ids), np.bool_)
        if codes:
            result[self.facet_place[np.isin(self.facet_code, codes)]] = True
        return result

    def counts(self, chosen: Bools, names: Sequence[str] | None = None) -> dict[str, list[tuple[str, int]]]:
        """Facet to (value, number of chosen things), the most frequent first; values that none has are left out."""
        numbers = np.bincount(self.facet_code[chosen[self.facet_place]], minlength=len(self.values))
        texts = list(self.values)
        found: dict[str, list[tuple[str, int]]] = {}
        for code in np.flatnonzero(numbers).tolist():
            name, _, text = texts[code].partition("=")
            if names is None or name in names:
                found.setdefault(name, []).append((text, int(numbers[code])))
        for values in found.values():
            values.sort(key=lambda pair: (-pair[1], pair[0]))
        return found

    def newest_first(self, chosen: Bools) -> Ints:
        """Places of the chosen things by their last change, the newest first; equals by name, undated last."""
        places = np.flatnonzero(chosen)
        texts = list(self.words)
        numbers, at = np.unique(self.changed[places], return_inverse=True)
        by_text = sorted(range(len(numbers)), key=lambda i: texts[numbers[i]], reverse=True)
        rank = np.empty(len(numbers), np.int64)
        rank[by_text] = np.arange(len(numbers))
        order = np.lexsort((self.ties[places], rank[at])) if len(places) else np.zeros(0, np.int64)
        return places[order].astype(np.int64)


def as_facets(counts: Mapping[str, Sequence[tuple[str, int]]]) -> tuple[Facet, ...]:
    """Counts in the shape of an answer: unit, kind and language first, then by name.

    >>> as_facets({"track": [("a", 2)], "unit": [("record", 2)]})[0].name
    'unit'
    """
    names = sorted(
        counts, key=lambda name: (BUILT_IN.index(name) if name in BUILT_IN else len(BUILT_IN), name)
    )
    return tuple(
        Facet(name, tuple(FacetCount(v, n) for v, n in counts[name][:MOST_VALUES]), len(counts[name]))
        for name in names
    )

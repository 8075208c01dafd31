"""The ranked list as a table that people browse: facets with counts, words, orders and pages, on columns of a scan.

The columns of a scan are read once into arrays, so that a question costs the same few milliseconds whether a scan holds
a hundred concepts or a hundred thousand: no line becomes an object before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.answers import EmergingList
from foretrack.foundation.errors import InputError
from foretrack.language.chinese import is_chinese, simplify

Float: TypeAlias = npt.NDArray[np.float64]
Int: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

UNSURE = "not enough evidence"
"""The state of concepts that are not ranked: they are listed only when it is asked for."""
STATES = ("emerging", "growing", "steady", "declining", UNSURE)
GROWTH_BANDS = (("shrinking", -np.inf, 0.0), ("0-10", 0.0, 0.1), ("10-25", 0.1, 0.25), ("25-50", 0.25, 0.5),
                ("50-", 0.5, np.inf))  # fmt: skip
"""Name, lower end, upper end (not in it) of the yearly growth."""
CHANCE_BANDS = (
    ("0-5", 0.0, 0.05),
    ("5-10", 0.05, 0.1),
    ("10-25", 0.1, 0.25),
    ("25-50", 0.25, 0.5),
    ("50-", 0.5, 1.01),
)
DOCUMENT_BANDS = (("1-19", 0, 20), ("20-99", 20, 100), ("100-999", 100, 1000), ("1000-", 1000, np.inf))
AGE_BANDS = ((0, 3), (3, 6), (6, 11), (11, 21))
"""Years before the as-of year in which a concept was first seen, from and up to (not in it); older is one band more."""
NO_TRACK = "none"
SORTS = ("rank", "label", "growth", "p_eg3", "documents", "recent", "share", "since")
"""What the list can be ordered by; with a hyphen before it, the largest first."""
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the list is asked for."""

    facets: Mapping[str, Sequence[str]]
    """Name of a facet to the values of which one must hold; all facets must hold."""
    words: str = ""
    """Each of them must stand in a spelling."""
    sort: str = "rank"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet."""

    value: str
    n: int
    """Concepts that have it and all that is chosen in other facets."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class ListFacet:
    """One facet; its values are those that any concept of the scan has."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Found:
    """What a choice finds."""

    scan: Scan
    rows: Int
    """Row numbers of the concepts, in the order asked for."""
    facets: tuple[ListFacet, ...]

    def answer(self) -> EmergingList:
        """The documented list, of everything found."""
        scan = self.scan
        return EmergingList(
            scan=scan.name, as_of=scan.as_of, method=scan.method, snapshot=scan.snapshot, track=None,
            n_ranked=len(scan.ranking), n_not_enough_evidence=scan.concepts.num_rows - len(scan.ranking),
            items=tuple(scan.items(self.rows.tolist())),
        )  # fmt: skip


class Browser:
    """The columns of a scan that its list is filtered and ordered by. Keep one for each scan that is open."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def find(self, choice: Choice) -> Found:
        """The concepts that fit a choice, and the counts of every facet.

        InputError for a facet, value or order that there is not.
        """
        order = self._order(choice.sort)
        masks = {name: self._fits(name, values) for name, values in choice.facets.items() if values}
        words = self._with_words(choice.words)
        ranked = ~np.isnan(self._rank)
        facets = []
        for name, (values, table) in self._facets.items():
            others = words if name == "state" or "state" in masks else words & ranked
            for other, mask in masks.items():
                if other != name:
                    others = others & mask
            counts = np.count_nonzero(table & others, axis=1) if len(values) else np.zeros(0, np.int64)
            chosen = set(choice.facets.get(name, ()))
            facets.append(
                ListFacet(
                    name,
                    tuple(
                        FacetValue(v, int(n), v in chosen)
                        for v, n in zip(values, counts.tolist(), strict=True)
                    ),
                )
            )
        fits = words if "state" in masks else words & ranked
        for mask in masks.values():
            fits = fits & mask
        return Found(self.scan, order[fits[order]], tuple(facets))

    def count(self, facets: Mapping[str, Sequence[str]]) -> int:
        """How many concepts fit; those without enough evidence only where their state is asked for."""
        return int(np.count_nonzero(self._mask(facets)))

    def best(self, facets: Mapping[str, Sequence[str]], n: int) -> list[int]:
        """Row numbers of the first ranks that fit."""
        order = self._order("rank")
        return [int(row) for row in order[self._mask(facets)[order]][:n]]

    def ids(self, facets: Mapping[str, Sequence[str]]) -> frozenset[str]:
        """Identifiers of the concepts that fit."""
        rows = np.flatnonzero(self._mask(facets))
        return frozenset(map(str, self.scan.concepts["concept"].take(pa.array(rows, pa.int64())).to_pylist()))

    def _mask(self, facets: Mapping[str, Sequence[str]]) -> Mask:
        fits: Mask = np.ones(self._rank.size, np.bool_) if facets.get("state") else ~np.isnan(self._rank)
        for name, values in facets.items():
            if values:
                fits = fits & self._fits(name, values)
        return fits

    @property
    def facets(self) -> tuple[str, ...]:
        """Names of the facets, in the order in which they are shown."""
        return tuple(self._facets)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years of the shares, ascending."""
        return tuple(int(year) for year in np.unique(_ints(self._totals["year"])))

    @cached_property
    def shares(self) -> npt.NDArray[np.float32]:
        """Share of each year's documents that carry the concept. Shape: (n_concepts, n_years)."""
        first = self.years[0] if self.years else 0
        place = np.zeros((self.years[-1] - first + 1) if self.years else 0, np.int64)
        place[[year - first for year in self.years]] = np.arange(len(self.years))
        totals = np.zeros(len(self.years))
        np.add.at(totals, place[_ints(self._totals["year"]) - first], _ints(self._totals["n_documents"]))
        counts = np.zeros((self.scan.concepts.num_rows, len(self.years)), np.float32)
        series = self.scan.stored.table("series")
        np.add.at(
            counts, (_ints(series["concept"]), place[_ints(series["year"]) - first]), _ints(series["n_documents"])
        )  # fmt: skip
        shares: npt.NDArray[np.float32] = np.divide(counts, np.maximum(totals, 1), dtype=np.float32)
        return shares

    @cached_property
    def _totals(self) -> pa.Table:
        return self.scan.stored.table("totals")

    @cached_property
    def _rank(self) -> Float:
        return self._floats("rank")

    @cached_property
    def _states(self) -> npt.NDArray[np.object_]:
        return np.asarray(self.scan.concepts["state"].to_pylist(), object)

    @cached_property
    def _facets(self) -> dict[str, tuple[tuple[str, ...], Mask]]:
        """Name to its values and which rows have them. Shape of a table: (n_values, n_concepts)."""
        sure = self._states != UNSURE
        tracks, directions = self._tracks()
        found = {
            "state": _table({state: self._states == state for state in STATES}),
            "direction": directions,
            "track": tracks,
            "growth": _banded(np.where(sure, self._floats("growth"), np.nan), GROWTH_BANDS),
            "p_eg3": _banded(self._floats("p_eg3"), CHANCE_BANDS),
            "since": self._ages(),
            "documents": _banded(self._floats("n_documents"), DOCUMENT_BANDS),
            "language": self._languages(),
            "doubt": self._doubts(),
        }  # fmt: skip
        return {
            name: (tuple(v for v, has in zip(values, there.tolist(), strict=True) if has), table[there])
            for name, (values, table) in found.items()
            for there in [np.asarray(table.any(axis=1))]
        }  # fmt: skip

    def _tracks(self) -> tuple[tuple[tuple[str, ...], Mask], tuple[tuple[str, ...], Mask]]:
        """Tracks (`pack/track`) and directions (`pack/direction`) by the probability that a list of them asks for."""
        column = self.scan.concepts["tracks"].combine_chunks()
        of = pc.list_parent_indices(column).to_numpy()
        flat: Any = pc.list_flatten(column)
        packs, p = flat.field("pack").to_pylist(), flat.field("p").to_numpy(zero_copy_only=False)
        found = []
        for level in ("track", "direction"):
            names = [f"{a}/{b}" for a, b in zip(packs, flat.field(level).to_pylist(), strict=True)]
            known = sorted(set(names))
            number = {name: i for i, name in enumerate(known)}
            sums = np.zeros((len(known), len(column)))
            np.add.at(sums, (np.asarray([number[name] for name in names], np.int64), of), p)
            table = sums >= MIN_TRACK_PROBABILITY
            none = ~np.asarray(table.any(axis=0)) if known else np.ones(len(column), np.bool_)
            found.append(((*known, NO_TRACK), np.vstack([table, none[None, :]])))
        return found[0], found[1]

    def _ages(self) -> tuple[tuple[str, ...], Mask]:
        first, as_of = self._floats("first_year"), self.scan.as_of
        bands = {
            f"{as_of - b + 1}-{as_of - a}": (first <= as_of - a) & (first > as_of - b) for a, b in AGE_BANDS
        }
        oldest = as_of - AGE_BANDS[-1][1]
        return _table({**bands, f"-{oldest}": first <= oldest})

    def _languages(self) -> tuple[tuple[str, ...], Mask]:
        english = self.scan.concepts["label_en"].is_valid().to_numpy()
        chinese = self.scan.concepts["label_zh"].is_valid().to_numpy()
        neither = ~english & ~chinese
        if neither.any():
            written = np.asarray(
                [is_chinese(str(label)) for label in self.scan.concepts["label"].to_pylist()], np.bool_
            )
            english, chinese = english | (neither & ~written), chinese | (neither & written)
        return _table({"both": english & chinese, "en": english & ~chinese, "zh": chinese & ~english})

    def _doubts(self) -> tuple[tuple[str, ...], Mask]:
        column = self.scan.concepts["doubt"].combine_chunks()
        of = pc.list_parent_indices(column).to_numpy()
        codes = np.asarray(pc.list_flatten(column).to_pylist(), object)
        known = sorted(set(codes.tolist()))
        table = np.zeros((len(known) + 1, len(column)), np.bool_)
        for number, code in enumerate(known):
            table[number, of[codes == code]] = True
        table[-1] = ~table[:-1].any(axis=0)
        return (*known, "none"), table

    def _fits(self, name: str, wanted: Sequence[str]) -> Mask:
        if name not in self._facets:
            raise InputError.of(
                "the list has no filter {name!r}", expected="one of {names}", do="follow a link of the page",
                name=name[:40], names=", ".join(self._facets),
            )  # fmt: skip
        values, table = self._facets[name]
        # A value that no concept has finds nothing: in another year there may be some.
        chosen = [number for number, value in enumerate(values) if value in set(wanted)]
        return np.asarray(table[chosen].any(axis=0))

    def _with_words(self, words: str) -> Mask:
        wanted = simplify(words.lower()).replace("-", " ").split()[:MOST_WORDS]
        fits: Mask = np.ones(self.scan.concepts.num_rows, np.bool_)
        for word in wanted:
            fits = fits & pc.match_substring(self._texts, word).to_numpy(zero_copy_only=False)
        return fits

    @cached_property
    def _texts(self) -> pa.Array[Any]:
        columns = self.scan.concepts.select(["label", "label_en", "label_zh", "forms"]).to_pylist()
        return pa.array(
            (
                simplify("\n".join(t for t in (c["label"], c["label_en"], c["label_zh"], *c["forms"]) if t).lower())
                .replace("-", " ")
                for c in columns
            ),
            pa.string(),
        )  # fmt: skip

    def _order(self, sort: str) -> Int:
        name = sort.removeprefix("-")
        if name not in SORTS:
            raise InputError.of(
                "the list cannot be ordered by {name!r}", expected="one of {names}", do="follow a link of the page",
                name=name[:40], names=", ".join(SORTS),
            )  # fmt: skip
        if sort not in self._orders:
            self._orders[sort] = self._sorted(name, down=sort.startswith("-"))
        return self._orders[sort]

    @cached_property
    def _orders(self) -> dict[str, Int]:
        return {}

    def _sorted(self, name: str, *, down: bool) -> Int:
        """Row numbers by a column, then by rank, then by number of recent documents; what is not known stands last."""
        if name == "label":
            ordered = pc.sort_indices(pc.utf8_lower(self.scan.concepts["label"].combine_chunks())).to_numpy()
            places = np.empty(len(ordered))
            places[ordered] = np.arange(len(ordered))
        else:
            places = self._keys[name]()
        key = np.where(np.isnan(places), np.inf, -places if down else places)
        found: Int = np.lexsort((-self._floats("n_recent"), np.nan_to_num(self._rank, nan=np.inf), key))
        return found

    @property
    def _keys(self) -> Mapping[str, Callable[[], Float]]:
        known = self._states != UNSURE
        return {
            "rank": lambda: self._rank, "p_eg3": lambda: self._floats("p_eg3"),
            "growth": lambda: np.where(known, self._floats("growth"), np.nan),
            "documents": lambda: self._floats("n_documents"), "recent": lambda: self._floats("n_recent"),
            "share": lambda: self._floats("share_recent"), "since": lambda: self._floats("first_year"),
        }  # fmt: skip

    def _floats(self, name: str) -> Float:
        if name not in self.scan.concepts.column_names:
            return np.full(self.scan.concepts.num_rows, np.nan)
        column = self.scan.concepts[name].cast(pa.float64())
        found: Float = column.to_numpy(zero_copy_only=False).astype(np.float64)
        return found


def _ints(column: pa.ChunkedArray[Any]) -> Int:
    found: Int = column.to_numpy().astype(np.int64)
    return found


def _banded(values: Float, bands: Sequence[tuple[str, float, float]]) -> tuple[tuple[str, ...], Mask]:
    return _table({name: (values >= low) & (values < high) for name, low, high in bands})


def _table(masks: Mapping[str, Mask]) -> tuple[tuple[str, ...], Mask]:
    return tuple(masks), np.vstack(list(masks.values()))

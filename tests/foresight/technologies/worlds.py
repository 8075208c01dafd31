"""Invented worlds of concepts and documents, without texts: what a technology is made of is known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foretrack.domains.foresight.concepts.mining import Concepts
from foretrack.domains.foresight.technologies.evolving import evolve
from foretrack.domains.foresight.technologies.storing import to_tables
from foretrack.domains.foresight.technologies.technology import Event, Technologies

Document = tuple[int, tuple[str, ...]]
"""Year and names of the concepts that a document carries."""


@dataclass
class World:
    """Documents, and what concepts are called: `ids` where an identifier differs from the name."""

    documents: list[Document] = field(default_factory=list)
    chinese: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """(name, first year) -> identifier from then on."""

    def add(
        self, years: Iterable[int], names: Sequence[str], n: int = 12, each: int = 3, seed: int = 0
    ) -> World:
        """`n` documents a year, each with `each` of the names."""
        for year in years:
            rng = np.random.default_rng(seed * 10_000 + year)
            for _ in range(n):
                chosen = rng.choice(len(names), size=min(each, len(names)), replace=False)
                self.documents.append((year, tuple(names[i] for i in sorted(chosen))))
        return self


def known_by(world: World, year: int) -> tuple[Concepts, npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Concepts, document years and the concepts with enough evidence, from documents of `year` and before only."""
    documents = sorted((d for d in world.documents if d[0] <= year), key=lambda d: d[0])
    names = sorted({name for _, carried in documents for name in carried})
    number = {name: i for i, name in enumerate(names)}
    years = np.array([y for y, _ in documents], dtype=np.int64)
    pairs = [(number[name], d) for d, (_, carried) in enumerate(documents) for name in set(carried)]
    pairs.sort()
    concepts = np.array([c for c, _ in pairs], dtype=np.int32)
    mentioned = np.array([d for _, d in pairs], dtype=np.int32)
    total = np.bincount(concepts, minlength=len(names))
    recent = np.bincount(concepts[years[mentioned] > year - 3], minlength=len(names)) if len(pairs) else total
    return (
        Concepts(
            ids=tuple(_id(world, name, year) for name in names),
            labels=tuple(names),
            labels_en=tuple(None if name in world.chinese.values() else name for name in names),
            labels_zh=tuple(world.chinese.get(name) for name in names),
            forms=tuple((name,) for name in names),
            n_words=np.ones(len(names), dtype=np.int8),
            documents=mentioned,
            concepts=concepts,
        ),
        years,
        (recent >= 5) & (total >= 5),
    )


def _id(world: World, name: str, year: int) -> str:
    changed = [new for (old, first), new in sorted(world.ids.items()) if old == name and first <= year]
    return changed[-1] if changed else name.replace(" ", "-")


def walk(world: World, first: int, last: int) -> Technologies:
    """The chain of years."""
    found: Technologies | None = None
    for year in range(first, last + 1):
        found = evolve(found, year, *known_by(world, year))
    assert found is not None
    return found


def told(technologies: Technologies, year: int, kind: str) -> list[Event]:
    """Events of a kind in a year."""
    return [e for e in technologies.events if e.year == year and e.kind == kind]


def technology_with(technologies: Technologies, concept: str) -> str | None:
    """Identifier of the technology that has a concept."""
    m = technologies.members
    for place, forms in enumerate(m.forms):
        if concept in forms:
            return technologies.ids[int(m.technology[place])]
    return None


LOOM = ("tidal loom", "reed valve", "brine shuttle", "ebb weave", "kelp thread")
PLOUGH = ("magnetic plough", "furrow coil", "soil flux", "share magnet", "headland loop")
GRANARY = ("acoustic granary", "husk resonance", "grain echo", "silo tone", "chaff damper")
ROUTER = ("phonon router", "lattice switch", "heat packet", "quartz bus", "thermal gate")


def three() -> World:
    """Three technologies that nothing happens to."""
    return (
        World()
        .add(range(2000, 2012), LOOM, seed=1)
        .add(range(2000, 2012), PLOUGH, seed=2)
        .add(range(2000, 2012), GRANARY, seed=3)
    )


def as_bytes(technologies: Technologies) -> bytes:
    """Every table of a year."""
    sink = pa.BufferOutputStream()
    for table in to_tables(technologies).values():
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    return sink.getvalue().to_pybytes()

"""Invented corpora: documents that no one wrote, about technologies that do not exist, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import ingest
from foretrack.foundation.clock import fixed_clock
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions

_BEGIN = (
    "bra",
    "cor",
    "dun",
    "fel",
    "gar",
    "hol",
    "jut",
    "kel",
    "lom",
    "mar",
    "nor",
    "pel",
    "rud",
    "sten",
    "tor",
    "vel",
)
_END = ("mit", "dax", "gor", "pin", "lok", "ten", "bur", "wem")
FILLERS = tuple(begin + end for begin in _BEGIN for end in _END)
"""128 words of no language."""
_GLUE = ("of the", "with a", "and", "for the", "in", "is", "from a", "to the")

STEADY = (
    "magnetic plough",
    "tidal loom",
    "acoustic granary",
    "ferrite compass",
    "copper orchard",
    "velvet turbine",
)
RISING = "phonon router"
FALLING = "steam abacus"
OF_THE_NEW_SOURCE = "coastal sonar mesh"


def fill(rng: np.random.Generator, *phrases: str, n: int = 24) -> str:
    """An invented text: words of no language and stop words in random order, and each phrase once."""
    parts = [FILLERS[i] for i in rng.integers(0, len(FILLERS), n)]
    glue = [_GLUE[i] for i in rng.integers(0, len(_GLUE), n)]
    for phrase in phrases:
        parts[int(rng.integers(0, n))] += f" {glue[0]} {phrase}"
    return " ".join(f"{part} {word}" for part, word in zip(parts, glue, strict=True)) + "."


def paper(
    number: int, year: int, rng: np.random.Generator, phrases: Sequence[str] = (), **fields: object
) -> Document:
    """An invented paper of a year that uses the given phrases."""
    told: dict[str, object] = {
        "kind": "paper",
        "source": "invented",
        "source_id": f"I{number}",
        "published": str(year),
        "title": f"{fill(rng, n=4)[:-1]} {number}",
        "abstract": fill(rng, *phrases),
        "language": "en",
        "authors": (f"Author{number}, A.",),
        "venue": f"Invented Letters {number % 5}",
    }
    return Document(**(told | fields))  # type: ignore[arg-type]


def planted(
    *,
    first: int = 2006,
    last: int = 2020,
    per_year: int = 50,
    new_source_from: int | None = 2018,
    seed: int = 7,
) -> list[Document]:
    """A world in which one technology rises, one falls, six stay, and from a year on a second source is read.

    The second source holds its own subject in every second document, always at the same share: it is a
    coverage break that looks like a rise to whoever counts documents.
    """
    rng = np.random.default_rng(seed)
    found: list[Document] = []
    for year in range(first, last + 1):
        for _ in range(per_year):
            phrases = [phrase for phrase in STEADY if rng.random() < 0.15]
            if rng.random() < 0.02 * 1.45 ** max(0, year - (last - 7)) and year >= last - 8:
                phrases.append(RISING)
            if rng.random() < 0.4 * 0.75 ** (year - first):
                phrases.append(FALLING)
            found.append(paper(len(found), year, rng, phrases))
        if new_source_from is not None and year >= new_source_from:
            for k in range(per_year):
                phrases = [phrase for phrase in STEADY if rng.random() < 0.15]
                if k % 2:
                    phrases.append(OF_THE_NEW_SOURCE)
                found.append(paper(len(found), year, rng, phrases, source="second"))
    return found


GROUPS = (
    ("glass battery", "moss cathode", "salt membrane", "ember anode"),
    ("tidal loom", "harbour mesh", "kelp sensor", "buoy relay"),
    ("paper satellite", "folded antenna", "orbital kite", "quiet thruster"),
    ("moth robot", "silk actuator", "wing lattice", "pollen gripper"),
    ("echo memory", "phonon router", "crystal gate", "vibration qubit"),
)
"""Invented concepts that are studied together; the last group rises, the second falls."""


def related(*, first: int = 2008, last: int = 2020, per_year: int = 70, seed: int = 11) -> list[Document]:
    """A world of five technologies: each document uses two or three concepts of one group, some of two groups."""
    rng = np.random.default_rng(seed)
    found: list[Document] = []
    for year in range(first, last + 1):
        weights = np.array([1.0, 1.6 * 0.85 ** (year - first), 1.0, 0.8, 0.15 * 1.3 ** (year - first)])
        for _ in range(per_year):
            group = GROUPS[int(rng.choice(len(GROUPS), p=weights / weights.sum()))]
            phrases = [
                str(phrase) for phrase in rng.choice(group, size=int(rng.integers(2, 4)), replace=False)
            ]
            if rng.random() < 0.1:
                phrases.append(str(rng.choice(GROUPS[int(rng.integers(len(GROUPS)))])))
            country = ("CN", "US", "DE", "JP")[int(rng.integers(4))]
            maker = Organisation(f"Invented Institute {int(rng.integers(6))}", country)
            found.append(paper(len(found), year, rng, phrases, organisations=(maker,), countries=(country,)))
    return found


def bilingual(n: int = 60) -> list[Document]:
    """Invented records of a Chinese database: Chinese and English text and keywords, one technology in both."""
    rng = np.random.default_rng(3)
    found: list[Document] = []
    for number in range(n):
        with_it = number % 2 == 0
        zh = "本文研究脑机接口在康复中的应用。" if with_it else "本文研究潮汐织机在农田中的应用。"
        en = fill(rng, "brain-computer interface" if with_it else "tidal loom")
        found.append(
            paper(
                number,
                2010 + number % 10,
                rng,
                source="chinese",
                language="zh",
                title=f"第{number}号虚构研究",
                abstract=zh,
                keywords=("脑机接口" if with_it else "潮汐织机", "虚构"),
                alt_language="en",
                alt_title=f"Invented study {number}",
                alt_abstract=en,
                alt_keywords=("brain-computer interface" if with_it else "tidal loom", "fiction"),
            )
        )
    return found


_CONNECTOR = Connector("invented", "Invented", ("paper",), "Invented.", lambda s: 0.0, lambda f, o: iter(()))


def add(workspace: Workspace, documents: Sequence[Document]) -> str:
    """Ingests documents and returns the snapshot."""

    def read(
        path: Path, format: str, options: ParseOptions
    ) -> Iterator[tuple[str, Connector, Iterator[Parsed | Rejected]]]:
        records = (Parsed(f"record {n}", d) for n, d in enumerate(documents, 1))
        yield path.name, _CONNECTOR, records

    folder = workspace.root.parent / "files"
    folder.mkdir(exist_ok=True)
    path = folder / f"invented-{len(list(folder.iterdir()))}-{workspace.root.name}.txt"
    path.write_text(repr(documents), encoding="utf-8")
    report = ingest(workspace, [path], clock=fixed_clock("2026-01-01"), read=read)
    assert report.exit_code == 0
    return report.snapshot


def made(root: Path, documents: Sequence[Document]) -> Workspace:
    """A new workspace with these documents."""
    workspace = Workspace.create(root)
    add(workspace, documents)
    return workspace

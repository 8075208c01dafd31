"""Reads the labelled sample and the texts behind its identifiers from the data folder."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

LABELS = Path(__file__).with_name("labels.csv")
SEED = 20261122

_SOURCES = {
    # dataset: (file, key column or None for the row number, title, abstract, other abstract)
    "standards/iso": ("id", "title_en", None),
    "standards/iec": ("id", "title_en", None),
    "standards/ieee": ("id", "title_en", None),
    "standards/etsi": ("id", "title_en", None),
    "standards/itu": ("id", "title_en", None),
    "exchange/offers-sbir-awards": ("url", "title", "abstract"),
    "exchange/needs-sbir-topics": (None, "topic_name", "description"),
    "exchange/offers-nasa-patents": ("Case Number", "Title", None),
    "papers/ml-anthology": ("id", "title", "abstract"),
    "papers/openalex-synergy": ("id", "title", "abstract"),
    "papers/vispubs": ("id", "title", "abstract"),
    "papers/chinaxiv": ("id", "title", "abstract_zh"),
    "patents/drones-lens-2017": ("lens_id", "title", None),
}


@dataclass(frozen=True)
class Labelled:
    kind: str
    dataset: str
    key: str
    phrase: str
    language: str
    stratum: str
    track: str
    also: str
    split: str

    @property
    def accepted(self) -> tuple[str, ...]:
        return (self.track, self.also) if self.also else (self.track,)


def read_labels() -> list[Labelled]:
    """The labelled sample, in file order."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [Labelled(**row) for row in csv.DictReader(file)]


def read_texts(data: Path, rows: list[Labelled], abstract: int) -> list[str]:
    """Title, and up to `abstract` characters of the abstract, of each labelled text."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row.dataset, set()).add(row.key)
    texts: dict[tuple[str, str], str] = {}
    for dataset, keys in wanted.items():
        key_column, title, body = _SOURCES[dataset]
        frame = pd.read_parquet(data / f"{dataset}.parquet")
        names = frame.index.astype(str) if key_column is None else frame[key_column].astype(str)
        if dataset == "exchange/offers-sbir-awards":
            names = names.str.rsplit("/", n=1).str[-1]
        bodies = frame[body] if body else [None] * len(frame)
        for name, head, more in zip(names, frame[title], bodies, strict=True):
            if name in keys and (dataset, name) not in texts:
                tail = " ".join(more.split())[:abstract] if isinstance(more, str) else ""
                texts[dataset, name] = f"{head}. {tail}" if tail else str(head)
    return [texts[row.dataset, row.key] for row in rows]

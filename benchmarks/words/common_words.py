"""Derives `lists/common_en.txt`: words of general language, by counting in seven unrelated fields.

    python benchmarks/words/common_words.py DATA_FOLDER > src/foretrack/language/lists/common_en.txt

A word is common when in at least three fields at least one document in a thousand has it. Only documents of 2010
or before are read, so that the list knows no later technology. Words of the other lists are left out.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from foretrack.language.lists import word_list

LAST_YEAR = 2010
MAX_DOCUMENTS = 25_000
MIN_SHARE = 0.001
MIN_FIELDS = 3
MIN_DOCUMENTS = 3
FIELDS: dict[str, list[tuple[str, list[str], str]]] = {
    "biomedicine": [("papers/openalex-synergy.parquet", ["title", "abstract"], "year")],
    "visualization": [("papers/vispubs.parquet", ["title", "abstract"], "year")],
    "machine learning": [("papers/ml-anthology.parquet", ["title", "abstract"], "year")],
    "standards": [
        ("standards/iso.parquet", ["title_en"], "published"),
        ("standards/iec.parquet", ["title_en"], "published"),
        ("standards/ieee.parquet", ["title_en"], "published"),
    ],
    "telecommunication": [
        ("standards/etsi.parquet", ["title_en"], "published"),
        ("standards/itu.parquet", ["title_en"], "published"),
    ],
    "drone patents": [("patents/drones-lens-2017.parquet", ["title"], "publication_year")],
    "small-business research": [("exchange/offers-sbir-awards.parquet", ["title", "abstract"], "year")],
}
HEAD = """\
# Words of general language: in at least three of seven unrelated fields (biomedicine, machine learning,
# visualization, small-business research, international standards, telecommunication standards, drone
# patents) at least one document in a thousand of 2010 or before has them. Derived by counting. Alone they name
# a technique only where a text keeps repeating them. Rebuilt by benchmarks/words/common_words.py.
"""


def texts(path: Path, columns: list[str], year_column: str) -> list[str]:
    """Texts of at most MAX_DOCUMENTS documents of LAST_YEAR or before; the same sample every time."""
    frame = pd.read_parquet(path, columns=[*columns, year_column])
    year = pd.to_numeric(frame[year_column].astype(str).str[:4], errors="coerce")
    frame = frame[year <= LAST_YEAR]
    if len(frame) > MAX_DOCUMENTS:
        frame = frame.sample(MAX_DOCUMENTS, random_state=1)
    joined = frame[columns].fillna("").astype(str).agg(" . ".join, axis=1)
    return [str(text).lower() for text in joined]


def singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def main() -> None:
    data = Path(sys.argv[1])
    shares: dict[str, Counter[str]] = {}
    for field, files in FIELDS.items():
        documents = [text for name, columns, year in files for text in texts(data / name, columns, year)]
        found: Counter[str] = Counter()
        for text in documents:
            found.update(set(re.findall(r"[a-z]{3,}", text)))
        for word, count in found.items():
            if count >= MIN_DOCUMENTS:
                shares.setdefault(singular(word), Counter())[field] += count / len(documents)  # type: ignore[assignment]
    known = frozenset().union(*(word_list(name) for name in ("stop_en", "soft_en", "weak", "generic")))
    common = [
        word
        for word, by_field in sorted(shares.items())
        if word not in known
        and len(word) > 2
        and sum(share >= MIN_SHARE for share in by_field.values()) >= MIN_FIELDS
    ]
    print(HEAD + "\n".join(common))


if __name__ == "__main__":
    main()

"""Document frequencies of 1-4-grams by year: ours beside scikit-learn's CountVectorizer, on the same documents.

    python benchmarks/counting/run.py anthology.parquet [--documents 50000] [--threads 2]

The Parquet file needs the columns title, abstract and year. Each side runs in a process of its own, one after the
other; the table gives wall and processor seconds and the peak of resident memory. Both read the file in
batches, lower-case, take runs of letters and digits as words, ignore punctuation (so that both count the
same phrases), use no stop list and keep what at least five documents carry. A third process checks that
both give the same frequencies for every phrase of a sample.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

MIN_DF = 5
BATCH = 2048
CHECKED = 3_000


def texts(path: Path, n_documents: int) -> Iterator[tuple[list[str], list[int]]]:
    """Batches of (texts, years) of the first `n_documents` documents."""
    import pyarrow.parquet as pq

    left = n_documents
    for batch in pq.ParquetFile(path).iter_batches(BATCH, columns=["title", "abstract", "year"]):
        rows = batch.slice(0, left).to_pydict()
        left -= len(rows["year"])
        yield (
            [f"{t or ''}\n{a or ''}" for t, a in zip(rows["title"], rows["abstract"], strict=True)],
            [int(y or 0) for y in rows["year"]],
        )
        if left <= 0:
            return


def count_ours(
    path: Path, n_documents: int, threads: int
) -> tuple[int, dict[str, npt.NDArray[np.int64]] | None]:
    """Number of phrases kept; frequencies by year of each when there are few documents."""
    from foretrack.language.terms.counting import count_phrases
    from foretrack.language.tokens import FIRST_WORD, HYPHEN, tokenise

    years: list[int] = []

    def stream() -> Iterator[list[str]]:
        for batch, batch_years in texts(path, n_documents):
            years.extend(batch_years)
            yield batch

    tokens = tokenise(stream(), threads=threads)
    bare: dict[str, int] = {}
    word_of = np.array([bare.setdefault(w.removeprefix(HYPHEN), len(bare)) for w in tokens.words], np.int32)
    is_word = tokens.numbers >= FIRST_WORD
    offsets = np.concatenate(([0], np.cumsum(is_word)))[tokens.offsets]
    numbers = word_of[tokens.numbers[is_word] - FIRST_WORD]
    del is_word, tokens
    counts = count_phrases(numbers, offsets, n_words=len(bare), min_df=MIN_DF, threads=threads)
    first, last = min(years), max(years)
    by_year = [
        counts.by_year(level, np.array(years), first, last - first + 1)
        for level in range(1, len(counts.levels) + 1)
    ]
    n_phrases = sum(map(len, counts.levels))
    if n_documents > CHECKED:
        return n_phrases, None
    spelling = list(bare)
    return n_phrases, {
        " ".join(spelling[w] for w in counts.words(level, index)): row.astype(np.int64)
        for level, table in enumerate(by_year, start=1)
        for index, row in enumerate(table)
    }


def count_theirs(path: Path, n_documents: int) -> tuple[int, dict[str, npt.NDArray[np.int64]] | None]:
    """The same with CountVectorizer."""
    from scipy import sparse
    from sklearn.feature_extraction.text import CountVectorizer

    years: list[int] = []

    def stream() -> Iterator[str]:
        for batch, batch_years in texts(path, n_documents):
            years.extend(batch_years)
            yield from batch

    vectoriser = CountVectorizer(
        ngram_range=(1, 4), binary=True, min_df=MIN_DF, token_pattern=r"(?u)[^\W_]+", dtype=np.int32
    )
    matrix = vectoriser.fit_transform(stream())
    first, last = min(years), max(years)
    one_hot = sparse.csr_matrix(
        (np.ones(len(years), np.int32), (np.array(years) - first, np.arange(len(years)))),
        shape=(last - first + 1, len(years)),
    )
    by_year = (one_hot @ matrix).T.tocsr()
    if n_documents > CHECKED:
        return by_year.shape[0], None
    dense = by_year.toarray().astype(np.int64)
    return by_year.shape[0], dict(zip(vectoriser.get_feature_names_out(), dense, strict=True))


def check(path: Path) -> dict[str, object]:
    """Share of phrases of a sample on which both agree, year by year, and what explains the rest."""
    _, ours = count_ours(path, CHECKED, 1)
    _, theirs = count_theirs(path, CHECKED)
    assert ours is not None
    assert theirs is not None
    phrases = ours.keys() | theirs.keys()
    differ = [
        p for p in phrases if p not in ours or p not in theirs or not np.array_equal(ours[p], theirs[p])
    ]
    return {
        "phrases": len(phrases),
        "agree": 1 - len(differ) / len(phrases),
        "examples": sorted(differ, key=lambda p: -int(theirs.get(p, np.zeros(1)).sum()))[:12],
    }


def measured(side: str, path: Path, n_documents: int, threads: int) -> dict[str, float]:
    """What a side cost, in this process."""
    import pyarrow.parquet  # noqa: F401  imports are not what is compared
    import sklearn.feature_extraction.text  # noqa: F401

    import foretrack.language.terms.counting
    import foretrack.language.tokens  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    n_phrases, _ = (
        count_ours(path, n_documents, threads) if side == "ours" else count_theirs(path, n_documents)
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "phrases": n_phrases,
        "wall": wall,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "peak": after.ru_maxrss / 1024,
        "added": (after.ru_maxrss - before.ru_maxrss) / 1024,
    }


def main() -> None:
    """Runs both sides and prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--side", choices=["ours", "theirs", "check"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side == "check":
        print(json.dumps(check(given.path)))
        return
    if given.side:
        print(json.dumps(measured(given.side, given.path, given.documents, given.threads)))
        return

    def run(side: str, threads: int) -> dict[str, float]:
        command = [
            sys.executable, __file__, str(given.path), "--documents", str(given.documents),
            "--threads", str(threads), "--side", side,
        ]  # fmt: skip
        found: dict[str, float] = json.loads(
            subprocess.run(command, check=True, capture_output=True, text=True).stdout
        )
        return found

    n = given.documents
    rows = {"CountVectorizer": run("theirs", 1), "Foretrack, 1 thread": run("ours", 1)}
    if given.threads > 1:
        rows[f"Foretrack, {given.threads} threads"] = run("ours", given.threads)
    print(f"{n:,} documents, 1-4-grams in at least {MIN_DF} documents, by year\n")
    print("| | documents/s | wall s | processor s | peak MB | added MB per 1,000 documents | phrases |")
    print("|---|---|---|---|---|---|---|")
    for name, row in rows.items():
        print(
            f"| {name} | {n / row['wall']:,.0f} | {row['wall']:.1f} | {row['cpu']:.1f} | {row['peak']:,.0f} "
            f"| {row['added'] / n * 1000:.1f} | {row['phrases']:,} |"
        )
    theirs = rows["CountVectorizer"]
    for name, row in list(rows.items())[1:]:
        print(
            f"\n{name}: {theirs['wall'] / row['wall']:.1f} times as fast (processor time "
            f"{theirs['cpu'] / row['cpu']:.1f} times), {row['added'] / theirs['added']:.2f} of the memory"
        )
    agreement = run("check", 1)
    print(
        f"\nAgreement on {CHECKED:,} documents: {agreement['agree']:.2%} of {agreement['phrases']:,} phrases"
    )
    print(f"Examples of the others: {agreement['examples']}")


if __name__ == "__main__":
    main()

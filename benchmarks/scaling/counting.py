"""Counting alone, at 10^5, 10^6 and 10^7 invented documents: from stored words to yearly series.

    python benchmarks/scaling/counting.py FOLDER [--documents 100000 1000000 10000000] [--memory 2GB]

Word parts are generated as ingest and the first scan would leave them. Then, in a process of its own with imports
included: words of a sample of documents are read and concepts mined from them, the spellings of all documents are
read, and all documents are counted through the Ibis expressions on DuckDB, one range of document ids after the other.
The table gives wall and processor seconds and the peak of resident memory; `--threads` limits the processors.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from generate import Invented

ROWS_PER_PART = 250_000
SAMPLE = 300_000


def write_parts(folder: Path, n_documents: int) -> None:
    """Word parts of the corpus, each sorted by document, as `corpus/words.py` writes them."""
    from foretrack.corpus.words import WORDS, write_part

    invented = Invented(seed=1)
    for number, start in enumerate(range(0, n_documents, ROWS_PER_PART)):
        n = min(ROWS_PER_PART, n_documents - start)
        rng = np.random.default_rng([7, number])
        documents = np.sort(rng.integers(0, 2**64, n, dtype=np.uint64))
        years, lists = invented.words(n)
        table = pa.table(
            {
                "document_id": [f"{d:016x}" for d in documents.tolist()],
                "revision": pa.array(np.zeros(n, np.int32)),
                "document": (documents ^ np.uint64(2**63)).view(np.int64),
                "year": pa.array(years, pa.int16()),
                "source": pa.array(["invented"] * n),
                "kind": pa.array(["paper"] * n),
                "status": pa.array(["active"] * n),
                "tokens": lists,
            },
            schema=WORDS,
        )
        write_part(folder / f"words-{number:06d}.parquet", table)


def count(folder: Path, threads: int, memory: str, sample: int) -> dict[str, float]:
    """What counting cost in this process, step by step."""
    from foretrack.corpus.engine import open_engine
    from foretrack.domains.foresight.actions.counting import (
        count_series,
        read_tokens,
        sample_bound,
        spellings_of,
    )
    from foretrack.domains.foresight.concepts.mining import Hints, mine_tokens
    from foretrack.domains.foresight.counts.forms import forms_of

    paths = sorted(folder.glob("*.parquet"))
    n_documents = sum(pq.read_metadata(path).num_rows for path in paths)
    start = time.perf_counter()
    said: dict[str, float] = {}

    def lap(name: str) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        said[name + " wall"] = time.perf_counter() - start
        said[name + " cpu"] = used.ru_utime + used.ru_stime
        said[name + " peak"] = used.ru_maxrss / 1024

    engine = open_engine(None, threads=threads, memory=memory)
    words = engine.read([str(path) for path in paths], "words")
    bound = sample_bound(n_documents, sample)
    tokens = read_tokens(engine, words.filter(words.document_id <= bound), sample)
    lap("read sample")
    vocabulary = tokens.words
    mined = mine_tokens(tokens, Hints(), threads=threads)
    del tokens
    lap("mine sample")
    vocabulary = spellings_of(engine, words, vocabulary) if sample < n_documents else vocabulary
    lap("spellings")
    forms = forms_of(mined, vocabulary)
    del mined, vocabulary
    found = count_series(engine, words, forms, [("invented", "paper")], n_documents)
    lap("count")
    said["concepts"] = forms.n_concepts
    said["cells"] = len(found.n_documents)
    said["mentions"] = int(found.n_documents.sum())
    return said


def main() -> None:
    """Runs all sizes and prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="2GB", help="limit given to DuckDB")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="documents that concepts are learnt from")
    parser.add_argument("--keep", action="store_true", help="keep the generated parts")
    parser.add_argument("--step", choices=["generate", "count"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step == "generate":
        write_parts(given.folder, given.documents[0])
        return
    if given.step == "count":
        print(json.dumps(count(given.folder, given.threads, given.memory, given.sample)))
        return
    print("| documents | step | wall s | processor s | processor s per million documents | peak MB |")
    print("|---|---|---|---|---|---|")
    for n in given.documents:
        folder = given.folder / str(n)
        if not folder.exists():
            unfinished = given.folder / f"{n}.tmp"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            own = [sys.executable, __file__, str(unfinished), "--documents", str(n), "--step", "generate"]
            subprocess.run(own, check=True)
            unfinished.rename(folder)
        own = [sys.executable, __file__, str(folder), "--step", "count", "--threads", str(given.threads)]
        own += ["--memory", given.memory, "--sample", str(given.sample)]
        done = subprocess.run(own, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"counting failed:\n{done.stderr}")
        row = json.loads(done.stdout.splitlines()[-1])
        wall = cpu = 0.0
        for step in ("read sample", "mine sample", "spellings", "count"):
            here = row[step + " cpu"] - cpu
            print(
                f"| {n:,} | {step} | {row[step + ' wall'] - wall:.1f} | {here:.1f} | {here / n * 1e6:.0f} "
                f"| {row[step + ' peak']:,.0f} |"
            )
            wall, cpu = row[step + " wall"], row[step + " cpu"]
        print(
            f"| {n:,} | **all** | {wall:.1f} | {cpu:.1f} | {cpu / n * 1e6:.0f} | {row['count peak']:,.0f} |"
            f" {row['concepts']:,} concepts, {row['mentions']:,} mentions |",
            flush=True,
        )
        if not given.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()

"""Were the links right? Rolling origins on a workspace, everything of an origin from its past alone.

    foretrack init w && foretrack ingest --workspace w anthology.parquet
    python benchmarks/links/run.py w --origins 2013:2020 [--out results.json]

For every origin T the open pairs of concepts are judged by the model learnt from the origins whose three years were
over by T, beside preferential attachment, common neighbours, Jaccard, Adamic/Adar and resource allocation; 95 %
intervals by a bootstrap over concepts. docs/methods/links.md says what came out.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.backtest import parse_origins
from foretrack.domains.foresight.actions.history import look_back
from foretrack.domains.foresight.actions.reading_view import read_view
from foretrack.domains.foresight.links.cases import LinkCase, case_of
from foretrack.domains.foresight.links.model import LEARNT_ORIGINS
from foretrack.domains.foresight.links.scoring import score_links
from foretrack.foundation.progress import silent

SEED = 20
HORIZON = 3


def main() -> None:
    """Runs everything and writes one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--origins", default="2013:2020")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    first, last = parse_origins(given.origins)
    workspace = Workspace.open(given.workspace)
    record = read_view(Corpus(workspace.corpus_dir).as_of(None), threads=1, progress=silent).record()
    earliest = first - HORIZON - LEARNT_ORIGINS + 1
    cases: list[LinkCase] = []
    spent = 0.0
    for year in look_back(workspace, record, last=last):
        if year.year < earliest:
            continue
        start = time.process_time()
        case = case_of(year, seed=SEED)
        spent += time.process_time() - start
        if case is not None:
            cases.append(case)
            print(
                f"{year.year}: {len(case.ids)} concepts, {case.n_open} open pairs",
                file=sys.stderr,
                flush=True,
            )
    start = time.process_time()
    found: dict[str, Any] = score_links(cases, range(first, last + 1), seed=SEED)
    found["seconds"] = {"cases": round(spent, 1), "models and scores": round(time.process_time() - start, 1)}
    text = json.dumps(found, indent=1, default=float)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

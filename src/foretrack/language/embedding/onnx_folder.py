"""Any sentence-transformers model exported to ONNX: a folder with model.onnx and tokenizer.json.

Needs the optional extra `onnx` (onnxruntime, tokenizers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from foretrack.foundation.errors import InputError
from foretrack.language.embedding.centring import unit_rows
from foretrack.language.embedding.port import Vectors

BATCH = 32
MAX_TOKENS = 512


class OnnxFolder:
    """Mean-pooled token vectors of `model.onnx`, or its `sentence_embedding` output when it has one.

    `prefix` is put before every text; E5 models want "passage: " or "query: ".
    Raises InputError when the folder lacks a file or the extra is not installed.
    """

    def __init__(self, folder: str | Path, prefix: str = "") -> None:
        self._folder = Path(folder)
        self._prefix = prefix
        for name in ("model.onnx", "tokenizer.json"):
            if not (self._folder / name).is_file():
                raise InputError(
                    f"{self._folder} has no {name}",
                    expected="a folder with model.onnx and tokenizer.json",
                    do="export the model to ONNX, or choose another embedder",
                )
        self._session, self._tokenizer = self._open()
        self._inputs = {node.name for node in self._session.get_inputs()}
        outputs = self._session.get_outputs()
        named = [node for node in outputs if node.name == "sentence_embedding"]
        self._output = (named or outputs)[0]
        self.dimension = int(self._output.shape[-1])
        digest = hashlib.sha256((self._folder / "model.onnx").read_bytes()).hexdigest()[:12]
        self.name = f"onnx/{self._folder.name}-{digest}" + (f"-{prefix.strip(' :')}" if prefix else "")

    def _open(self) -> tuple[Any, Any]:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise InputError(
                f"the ONNX embedder needs {error.name}",
                expected="the optional extra `onnx`",
                do='install it: pip install "foretrack[onnx]"',
            ) from error
        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        session = onnxruntime.InferenceSession(
            str(self._folder / "model.onnx"), providers=["CPUExecutionProvider"]
        )
        return session, tokenizer

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Similar lengths together: padding costs as much as text.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            encoded = self._tokenizer.encode_batch([self._prefix + texts[i] for i in rows])
            mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
            feed = {
                "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
                "attention_mask": mask,
                "token_type_ids": np.zeros_like(mask),
            }
            (out,) = self._session.run(
                [self._output.name], {name: value for name, value in feed.items() if name in self._inputs}
            )
            if out.ndim == 3:
                weight = mask[:, :, None].astype(np.float32)
                out = (out * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)
            vectors[rows] = out
        return unit_rows(vectors)

"""The words of every document, stored beside the documents: cut once, counted often, on any engine.

For each part with documents there is a part with their words under `corpus/words/`. It is made when it is first asked
for and may be deleted at any time. The folder's name says what cut the words, so a newer cutter makes its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretrack.corpus.atomic import disk_errors, write_file
from foretrack.corpus.columns import schema_of
from foretrack.corpus.manifest import Part
from foretrack.foundation.progress import Progress, silent
from foretrack.language.tokens import BREAK, FIRST_WORD, OPEN, Tokens, join_freeing, tokenise

CUTTER = 1
"""Raised when `language.tokens` cuts any text differently."""

WORDS = schema_of(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("document", pa.int64(), nullable=False),
        pa.field("year", pa.int16(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("status", pa.string()),
        pa.field("tokens", pa.list_(pa.string())),
    ]
)
"""One row per document and revision, beside the columns that yearly counts need, so that counting joins nothing.
`document` is `document_id` as a number of the same order; `tokens` holds spellings, BREAK_WORD and OPEN_WORD."""

BREAK_WORD, OPEN_WORD = "\n", "("
"""What stands for `tokens.BREAK` and `tokens.OPEN` in a list of words."""

TEXTS = ("title", "abstract", "alt_title", "alt_abstract")
_ROWS_AT_ONCE = 4096
ROWS_PER_GROUP = 8192


@cache
def cutter() -> str:
    """What the words depend on beside the text: 10 hexadecimal characters."""
    said = "/".join([str(CUTTER), metadata.version("rjieba"), metadata.version("opencc")])
    return blake2b(said.encode(), digest_size=5).hexdigest()


def text_of(parts: Iterable[str | None]) -> str:
    """The text of a document from its TEXTS: a full stop between, so that no phrase runs from a title into its abstract.

    >>> text_of(["A title", None, "", "Ein Text"])
    'A title.\\nEin Text'
    """
    return ".\n".join(part for part in parts if part)


def word_parts(
    parts_directory: Path, words_directory: Path, parts: Sequence[Part], progress: Progress = silent
) -> list[str]:
    """Paths of the words of these parts with documents; those that are missing are cut now."""
    folder = words_directory / cutter()
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, part in enumerate(parts):
        # By its digest, since a corpus that was restored from a backup may use a part's name again.
        path = folder / f"{Path(part.name).stem}-{part.digest[:16]}.parquet"
        if not path.exists():
            progress("cutting words", number, len(parts))
            write_part(path, cut_part(parts_directory / part.name))
        paths.append(str(path))
    return paths


def cut_part(path: Path) -> pa.Table:
    """The words of one part with documents, in its order."""
    columns = ["document_id", "revision", "year", "source", "kind", "status", *TEXTS]
    tables = []
    with pq.ParquetFile(path) as part:
        for batch in part.iter_batches(_ROWS_AT_ONCE, columns=columns):
            rows = {name: batch.column(name).to_pylist() for name in TEXTS}
            texts = [text_of(parts) for parts in zip(*rows.values(), strict=True)]
            plain = pa.Table.from_batches([batch]).drop_columns(list(TEXTS))
            plain = plain.append_column("document", document_numbers(plain["document_id"]))
            plain = plain.append_column("tokens", to_lists(tokenise([texts])))
            tables.append(plain.select(WORDS.names).cast(WORDS))
    return pa.concat_tables(tables) if tables else WORDS.empty_table()


def write_part(path: Path, table: pa.Table) -> int:
    """Bytes written, as a whole or not at all."""
    return write_file(
        path,
        lambda temporary: pq.write_table(
            table,
            temporary,
            compression="zstd",
            row_group_size=ROWS_PER_GROUP,
            write_statistics=["document_id"],
        ),
    )


def document_numbers(ids: Any) -> pa.Array[Any]:
    """The identifiers as signed 64-bit numbers of the same order.

    >>> document_numbers(["0000000000000000", "8000000000000001"]).to_pylist()
    [-9223372036854775808, 1]
    """
    given = ids.to_pylist() if hasattr(ids, "to_pylist") else ids
    numbers = np.array([int(one, 16) for one in given], dtype=np.uint64)
    return pa.array((numbers ^ np.uint64(1 << 63)).view(np.int64))


def to_lists(tokens: Tokens) -> pa.Array[Any]:
    """The words of each document as a list of strings.

    >>> to_lists(tokenise([["Loops (and loops)"]])).to_pylist()
    [['loops', '(', 'and', 'loops', '\\n']]
    """
    spellings = pa.array([BREAK_WORD, OPEN_WORD, *tokens.words], pa.string())
    flat = spellings.take(pa.array(tokens.numbers, pa.int32()))
    lists: pa.Array[Any] = pa.ListArray.from_arrays(pa.array(tokens.offsets, pa.int32()), flat)
    return lists


def from_lists(lists: Iterable[Any]) -> Tokens:
    """The tokens of arrays of lists of words, as if their texts had been cut now; the inverse of `to_lists`.

    >>> tokens = tokenise([["Few-shot loops (FSL).", "loops"]])
    >>> again = from_lists([to_lists(tokens)])
    >>> again.words == tokens.words, again.numbers.tolist() == tokens.numbers.tolist(), again.offsets.tolist()
    (True, True, [0, 7, 8])
    """
    numbering: dict[str, int] = {}
    numbers: list[npt.NDArray[np.int32]] = []
    lengths: list[npt.NDArray[np.int64]] = []
    for array in lists:
        coded = array.flatten().dictionary_encode()
        table = np.empty(len(coded.dictionary), dtype=np.int32)
        for index, spelling in enumerate(coded.dictionary.to_pylist()):
            if spelling in (BREAK_WORD, OPEN_WORD):
                table[index] = BREAK if spelling == BREAK_WORD else OPEN
            else:
                table[index] = numbering.setdefault(spelling, len(numbering)) + FIRST_WORD
        numbers.append(table[coded.indices.to_numpy(zero_copy_only=False)])
        lengths.append(pc.list_value_length(array).to_numpy(zero_copy_only=False).astype(np.int64))
    offsets = np.zeros(sum(map(len, lengths)) + 1, dtype=np.int64)
    if lengths:
        np.cumsum(np.concatenate(lengths), out=offsets[1:])
    return Tokens(join_freeing(numbers), offsets, tuple(numbering))


def old_words(words_directory: Path) -> list[Path]:
    """Folders of words that another cutter made: nothing reads them any more."""
    if not words_directory.is_dir():
        return []
    return sorted(path for path in words_directory.iterdir() if path.is_dir() and path.name != cutter())

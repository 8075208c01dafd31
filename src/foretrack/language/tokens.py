"""Text to token numbers: the one definition of a word that mining, matching and search share.

A token is a run of letters and digits after NFKC and lower-casing; Chinese text is cut into words first.
Punctuation becomes a break that no term crosses. A hyphen binds: in "few-shot learning" the token "shot"
remembers that it hung on "few", so that neither counts as a stop word there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foretrack.language.chinese import cut, has_han

BREAK = 0
"""Token number of a punctuation break."""
OPEN = 1
"""Token number of an opening bracket: a break after which an acronym may be introduced."""
FIRST_WORD = 2
"""Token numbers from here on are words."""

HYPHEN = "\x01"
"""First character of a vocabulary entry that hung on the word before it by a hyphen ("few-shot" -> "\\x01shot")."""

_DOCUMENT = "\x1e"
_DECIMAL = "\x03"

# Unicode punctuation that NFKC leaves; hyphens and dashes that people type as hyphens become "-".
_HYPHENS = "‐‑‒–"
_PUNCTUATION = "—―‘“”„‟†‡•…‰′″‹›※§¶·¡¿«»¬±×÷−≤≥≠≈→←∞∑∈√∂∇∆©®™°、。〈〉《》「」『』【】〔〕〖〗〝〞〜・"
_APOSTROPHES = "’ʼ´"


def _ascii_table() -> bytes:
    table = bytearray(range(256))
    for code in range(128):
        character = chr(code)
        if character.isalnum() or character in (_DOCUMENT, _DECIMAL):
            table[code] = ord(character.lower())
            continue
        if character in " \t\r\v\f\n\xa0_+&":
            table[code] = ord(" ")
        elif character == "(":
            table[code] = ord("(")
        elif character == "-":
            table[code] = ord("-")
        else:
            table[code] = ord("\n")
    return bytes(table)


_TABLE = _ascii_table()
_DELETE = b"'`${}^"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token numbers of many documents, end to end.

    Shapes: `numbers` int32 (n_tokens,); `offsets` int64 (n_documents + 1,), so document d holds
    numbers[offsets[d]:offsets[d+1]]; `words[numbers[i] - FIRST_WORD]` is the spelling.
    """

    numbers: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    words: tuple[str, ...]

    @property
    def n_documents(self) -> int:
        return len(self.offsets) - 1


def tokenise(texts: Iterable[Sequence[str]], *, threads: int = 1) -> Tokens:
    """Tokens of batches of texts, one text a document, in order.

    The same result for any number of threads: batches are numbered in order.

    >>> tokens = tokenise([["Few-shot learning, in brief."]])
    >>> [tokens.words[n - FIRST_WORD] if n >= FIRST_WORD else n for n in tokens.numbers.tolist()]
    ['few', '\\x01shot', 'learning', 0, 'in', 'brief', 0]
    """
    numbering: dict[str, int] = {}
    parts: list[npt.NDArray[np.int32]] = []
    lengths: list[npt.NDArray[np.int64]] = []

    def number(split: tuple[list[str], npt.NDArray[np.int32], int]) -> None:
        spellings, indices, n_documents = split
        table = np.empty(len(spellings), dtype=np.int32)
        for index, spelling in enumerate(spellings):
            if spelling == "\n":
                table[index] = BREAK
            elif spelling == "(":
                table[index] = OPEN
            elif spelling == _DOCUMENT:
                table[index] = -1
            elif spelling in ("", HYPHEN):
                table[index] = -2 if spelling == "" else BREAK
            else:
                table[index] = numbering.setdefault(spelling, len(numbering)) + FIRST_WORD
        numbers = table[indices]
        numbers = numbers[numbers != -2]
        ends = np.flatnonzero(numbers == -1)
        boundaries = np.concatenate(([-1], ends))
        lengths.append(np.diff(boundaries) - 1)
        if len(ends) != n_documents:  # a document separator inside a text is removed before splitting
            raise AssertionError(f"{len(ends)} documents out of {n_documents}")
        parts.append(numbers[numbers != -1])

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            for split in _bounded_map(pool, texts, threads * 2):
                number(split)
    else:
        for batch in texts:
            number(_split(batch))
    offsets = np.zeros(sum(map(len, lengths)) + 1, dtype=np.int64)
    if lengths:
        np.cumsum(np.concatenate(lengths), out=offsets[1:])
    return Tokens(join_freeing(parts), offsets, tuple(numbering))


def divide(
    tokens: Tokens, first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]
) -> tuple[Tokens, Tokens]:
    """Two groups of documents, each as if it had been tokenised alone, the second after the first.

    Words are numbered by their first appearance in the first group; the words of the second group begin with the same
    and go on with those that only it uses. So nothing of the first depends on the second.

    Args:
        first, second: per document (n_documents,).

    >>> tokens = tokenise([["new words", "old words"]])
    >>> old, new = divide(tokens, np.array([False, True]), np.array([True, False]))
    >>> old.words, new.words, new.numbers.tolist()
    (('old', 'words'), ('old', 'words', 'new'), [4, 3])
    """
    lengths = np.diff(tokens.offsets)
    numbering = np.full(len(tokens.words) + FIRST_WORD, -1, dtype=np.int32)
    numbering[:FIRST_WORD] = np.arange(FIRST_WORD)
    n_numbered = FIRST_WORD
    order: list[npt.NDArray[np.int64]] = []
    groups: list[Tokens] = []
    for chosen in (first, second):
        numbers = tokens.numbers[np.repeat(chosen, lengths)]
        first_at = np.full(len(numbering), -1, dtype=np.int64)
        # Of several assignments to one place the last holds, so backwards the first appearance does.
        first_at[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
        new = np.flatnonzero((first_at >= 0) & (numbering < 0))
        new = new[np.argsort(first_at[new], kind="stable")]
        numbering[new] = np.arange(n_numbered, n_numbered + len(new), dtype=np.int32)
        n_numbered += len(new)
        order.append(new - FIRST_WORD)
        words = tuple(tokens.words[i] for i in np.concatenate(order).tolist())
        groups.append(Tokens(numbering[numbers], np.concatenate(([0], np.cumsum(lengths[chosen]))), words))
    return groups[0], groups[1]


def join_freeing(parts: list[npt.NDArray[np.int32]]) -> npt.NDArray[np.int32]:
    """The parts end to end; empties the list on the way, so that both are never held whole.

    >>> join_freeing([np.array([1, 2], np.int32), np.array([3], np.int32)]).tolist()
    [1, 2, 3]
    """
    joined = np.empty(sum(map(len, parts)), dtype=np.int32)
    at = 0
    parts.reverse()
    while parts:
        part = parts.pop()
        joined[at : at + len(part)] = part
        at += len(part)
    return joined


def _bounded_map(
    pool: ThreadPoolExecutor, batches: Iterable[Sequence[str]], ahead: int
) -> Iterable[tuple[list[str], npt.NDArray[np.int32], int]]:
    """Splits batches in order with at most `ahead` of them in memory."""
    from collections import deque

    waiting = deque()  # type: ignore[var-annotated]
    for batch in batches:
        waiting.append(pool.submit(_split, batch))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _split(batch: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int32], int]:
    """Distinct token spellings of a batch and the index of each token; documents end with a marker."""
    joined = f"\n{_DOCUMENT} ".join([*_fold_characters(batch), ""])
    raw = joined.encode("utf-8")
    raw = _mark_decimals_and_links(raw).translate(_TABLE, _DELETE)
    raw = raw.replace(b"\n", b" \n ").replace(b"(", b" ( ").replace(b"-", b" \x01")
    pieces = pc.split_pattern(pa.array([raw.decode("utf-8")]), " ").flatten()
    coded = pieces.dictionary_encode()
    spellings = [str(word).replace(_DECIMAL, ".") for word in coded.dictionary.to_pylist()]
    indices = np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int32)
    return spellings, indices, len(batch)


def _fold_characters(batch: Sequence[str]) -> list[str]:
    """The texts with characters folded; the few that are not plain ASCII take the slow way together."""
    folded = [text.replace(_DOCUMENT, " ").replace(_DECIMAL, " ") for text in batch]
    others = [index for index, text in enumerate(folded) if not text.isascii()]
    if not others:
        return folded
    array = pa.array([folded[index].encode("utf-8", "replace").decode("utf-8") for index in others])
    # Hyphens and apostrophes first: NFKC would take some of them apart.
    for pattern, to in ((f"[{_HYPHENS}]", "-"), (f"[{_APOSTROPHES}]", ""), (f"[{_PUNCTUATION}]", ";")):
        array = pc.replace_substring_regex(array, pattern, to)
    array = pc.utf8_lower(pc.call_function("utf8_normalize", [array], pc.Utf8NormalizeOptions("NFKC")))
    for index, text in zip(others, array.to_pylist(), strict=True):
        folded[index] = " ".join(cut(text)) if has_han(text) else text
    return folded


def _mark_decimals_and_links(raw: bytes) -> bytes:
    """Keeps the point of "web 3.0" and drops addresses, in one pass of a linear-time engine."""
    array = pa.array([raw.decode("utf-8")])
    if b"://" in raw or b"www." in raw or b"WWW." in raw:
        array = pc.replace_substring_regex(array, r"(?i)(https?://|www\.)[^\s)\x1e]+", ";")
    array = pc.replace_substring_regex(array, r"([0-9])\.([0-9])", r"\1" + _DECIMAL + r"\2")
    return str(array[0].as_py()).encode("utf-8")

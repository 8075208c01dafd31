"""The spellings of concepts as tables that a database can walk a text with, one join a word.

A concept is recognised by its forms: one to four folded words in a row. The forms make a tree (Aho & Corasick 1975
without failure links, since the walk begins anew at every word). Each step of the walk is a row (state, spelling) ->
(next state, concept), so an equality join does what `language.terms.counting.place_phrases` does with sorted arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foretrack.domains.foresight.concepts.mining import Mined
from foretrack.language.folding import fold_more
from foretrack.language.tokens import HYPHEN

START = 0
"""The state before the first word of a form."""

_FIELDS: list[pa.Field[Any]] = [
    pa.field("state", pa.int32(), nullable=False),
    pa.field("word", pa.string(), nullable=False),
    pa.field("next", pa.int32()),
    pa.field("concept", pa.int32()),
    pa.field("open", pa.bool_(), nullable=False),
]
STEP = pa.schema(_FIELDS)
"""One way on: in `state`, the spelling `word` leads to `next` (null: no form goes on) and completes `concept` (null: it
completes none). `open`: the word is a stop word and counts only if the next one hangs on it by a hyphen."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of all concepts: one table of STEP a word, as many as the longest form has words."""

    steps: tuple[pa.Table, ...]
    n_concepts: int

    def __len__(self) -> int:
        return len(self.steps)


def forms_of(mined: Mined, words: Sequence[str]) -> Forms:
    """The forms of mined concepts in the spellings of a vocabulary.

    Args:
        words: the vocabulary that `mined` was mined with (`Tokens.words`), which may go on with words of later
            documents; what they teach is what `Mined.mentions` takes from them.

    >>> from foretrack.domains.foresight.concepts.mining import Hints, mine_tokens
    >>> from foretrack.language.tokens import tokenise
    >>> tokens = tokenise([["A tidal loom is wide. The tidal looms. The loom."]] * 6)
    >>> mined = mine_tokens(tokens, Hints(synonyms=[["tidal loom"]]))
    >>> for step in forms_of(mined, tokens.words).steps:
    ...     print([(row["state"], row["word"], row["next"], row["concept"]) for row in step.to_pylist()])
    [(0, 'tidal', 0, None)]
    [(0, 'loom', None, 0), (0, 'looms', None, 0)]
    """
    folding = mined.folding
    if len(words) > len(mined.used):
        folding = fold_more(folding, words, mined.used)
    spelt = np.array(words, dtype=object)
    by_folded = np.argsort(folding.folded, kind="stable")
    starts = np.searchsorted(folding.folded[by_folded], np.arange(len(folding.spellings) + 1))
    stop = folding.stop & ~folding.hyphen
    needed = _needed(mined)
    steps: list[pa.Table] = []
    # States of the level before: (node, open or not), numbered through all levels; START stands for the root.
    states = {(-1, False): START}
    for level, (here, chosen, concept_of) in enumerate(
        zip(mined.counts.levels, needed, mined.concept_of, strict=True), start=1
    ):
        nodes = np.flatnonzero(chosen)
        if not len(nodes):
            break
        goes_on = np.zeros(len(here), dtype=bool)
        if level < len(needed):
            goes_on[mined.counts.levels[level].prefix[needed[level]]] = True
        rows: dict[str, list[object]] = {name: [] for name in STEP.names}
        following: dict[tuple[int, bool], int] = {}
        for node in nodes.tolist():
            prefix, last = int(here.prefix[node]), int(here.last[node])
            concept = int(concept_of[node])
            for raw in by_folded[starts[last] : starts[last + 1]].tolist():
                opened = bool(stop[raw])
                hangs = spelt[raw][:1] == HYPHEN
                onward = None
                if goes_on[node]:
                    number = len(following)
                    onward = following.setdefault((node, opened), number)
                for before_open in (False, True):
                    state = states.get((prefix, before_open))
                    if state is None or (before_open and not hangs):
                        continue
                    rows["state"].append(state)
                    rows["word"].append(spelt[raw])
                    rows["next"].append(onward)
                    rows["concept"].append(concept if concept >= 0 else None)
                    rows["open"].append(opened)
        steps.append(pa.table(rows, schema=STEP))
        states = following
    return Forms(tuple(steps), len(mined.concepts.ids))


def _needed(mined: Mined) -> list[npt.NDArray[np.bool_]]:
    """Per level, the phrases that are forms or beginnings of longer ones."""
    needed = [concept >= 0 for concept in mined.concept_of]
    for level in range(len(needed) - 1, 0, -1):
        prefix = mined.counts.levels[level].prefix[needed[level]]
        needed[level - 1][prefix] = True
    return needed

"""Counts concepts over the stored words of a view, on whatever engine the view runs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foretrack.corpus.engine import Engine
from foretrack.corpus.views import AsOfView, id_ranges
from foretrack.corpus.words import BREAK_WORD, OPEN_WORD, document_numbers, from_lists
from foretrack.domains.foresight.actions.narrowing import NarrowView
from foretrack.domains.foresight.concepts.mining import Concepts, Mined
from foretrack.domains.foresight.counts import expressions
from foretrack.domains.foresight.counts.forms import Forms, forms_of
from foretrack.domains.foresight.measures.panel import Panel
from foretrack.foundation.progress import Progress, silent
from foretrack.language.tokens import Tokens

Int = npt.NDArray[np.int64]


LEARN_FROM = 1_000_000
"""Documents that concepts and forecasts are learnt from, in memory; a larger view is counted by its engine. What a
million take is in docs/benchmarks.md."""


def count_view(
    view: AsOfView | NarrowView,
    mined: Mined,
    vocabulary: Sequence[str],
    document_ids: Sequence[str],
    *,
    n_learnt: int,
    progress: Progress = silent,
) -> Concepts:
    """The mined concepts with their mentions in all documents of the view, counted by the view's engine.

    Args:
        vocabulary: that `mined` was mined with; where it was mined from `n_learnt` of the documents only, spellings
            that the others use are added by the rules that it was folded by.
    """
    if n_learnt < len(document_ids):
        vocabulary = spellings_of(view.engine, view.words(), vocabulary)
    documents, concepts = count_mentions(view, forms_of(mined, vocabulary), document_ids, progress)
    return replace(mined.concepts, documents=documents, concepts=concepts)


@dataclass(frozen=True, slots=True)
class Series:
    """Documents by concept, stratum and year, ordered by them; what is not listed is 0. Shapes: all (n_cells,)."""

    concepts: Int
    strata: Int
    years: Int
    n_documents: Int

    def panel(self, totals: Series, *, n_concepts: int, strata: Sequence[tuple[str, str]], as_of: int,
              max_years: int = 40) -> Panel:  # fmt: skip
        """The same as `measures.panel.build_panel` makes of mentions.

        Args:
            totals: the documents of the view, whatever they carry; its concept is 0.
        """
        first = max(int(totals.years.min(initial=as_of)), as_of - max_years + 1)
        n_years = as_of - first + 1
        inside = self.years >= first
        counts = np.zeros((len(strata), n_concepts, n_years), dtype=np.int32)
        counts[self.strata[inside], self.concepts[inside], self.years[inside] - first] = self.n_documents[
            inside
        ]
        known = totals.years >= first
        total = np.zeros((len(strata), n_years), dtype=np.int64)
        total[totals.strata[known], totals.years[known] - first] = totals.n_documents[known]
        return Panel(first, tuple(strata), counts, total)


def count_series(
    engine: Engine,
    words: Any,
    forms: Forms,
    strata: Sequence[tuple[str, str]],
    n_documents: int,
    progress: Progress = silent,
) -> Series:
    """Documents by concept, stratum and year.

    Args:
        words: Ibis table of `corpus.words.WORDS` on the engine, as `AsOfView.words` gives it.
        strata: (source, kind) of each stratum; documents of others are left out.
        n_documents: about how many documents there are: decides how many ranges are counted one after the other.
    """
    walk = _Walk(engine, forms, strata)
    return _add_up(
        [
            engine.fetch(expressions.series(walk.mentions(part, ("stratum", "year"))))
            for part in _parts(engine, words, n_documents, progress)
        ]
    )


def count_totals(engine: Engine, words: Any, strata: Sequence[tuple[str, str]]) -> Series:
    """Documents by stratum and year, whatever they carry; concept 0."""
    found = engine.fetch(expressions.totals(expressions.strata_of(words, _strata_table(engine, strata))))
    return _add_up([found.append_column("concept", pa.array(np.zeros(len(found), np.int32)))])


def count_mentions(
    view: AsOfView | NarrowView, forms: Forms, document_ids: Sequence[str], progress: Progress = silent
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """(documents, concepts), each pair once, ordered by concept and document: as `Mined.mentions` gives them.

    Args:
        document_ids: the documents of the view in its order; mentions of others are left out.
    """
    numbers = document_numbers(document_ids).to_numpy()
    walk = _Walk(view.engine, forms, None)
    pairs: list[Int] = []
    for part in _parts(view.engine, view.words(), len(document_ids), progress):
        found = view.engine.fetch(walk.mentions(part, ()))
        document = found["document"].to_numpy()
        place = np.minimum(np.searchsorted(numbers, document), max(len(numbers) - 1, 0))
        known = numbers[place] == document if len(numbers) else np.zeros(len(document), bool)
        pairs.append((found["concept"].to_numpy().astype(np.int64)[known] << 32) | place[known])
    pair = np.sort(np.concatenate(pairs)) if pairs else np.empty(0, np.int64)
    return (pair & 0xFFFFFFFF).astype(np.int32), (pair >> 32).astype(np.int32)


def count_together(
    engine: Engine, words: Any, forms: Forms, *, most: int, least: int
) -> tuple[Int, Int, Int]:
    """(one, other, documents) of concepts that share at least `least` documents, one < other, ordered by both.

    Args:
        words: of the documents of the window, all counted at once.
        most: concepts of a document that take part, the rarest first.
    """
    walk = _Walk(engine, forms, None)
    found = engine.fetch(expressions.together(walk.mentions(words, ()), most=most, least=least))
    found = found.sort_by([("one", "ascending"), ("other", "ascending")])
    one, other, n = (found[name].to_numpy().astype(np.int64) for name in ("one", "other", "n_documents"))
    return one, other, n


def count_groups(
    engine: Engine,
    words: Any,
    forms: Forms,
    strata: Sequence[tuple[str, str]],
    groups: Sequence[Sequence[int]],
    n_documents: int,
    progress: Progress = silent,
) -> Series:
    """Documents that carry any concept of each group (a technology), by stratum and year; a document counts once.

    Args:
        groups: per group its concepts; a concept may be in several. The `concepts` of the answer number the groups.
    """
    walk = _Walk(engine, forms, strata)
    members = [(concept, number) for number, group in enumerate(groups) for concept in sorted(set(group))]
    table = engine.upload(
        pa.table(
            {
                "concept": pa.array([concept for concept, _ in members], pa.int32()),
                "group": pa.array([number for _, number in members], pa.int32()),
            }
        ),
        "groups",
    )
    return _add_up(
        [
            engine.fetch(
                expressions.group_series(walk.mentions(part, ("stratum", "year")), table)
            ).rename_columns({"group": "concept"})
            for part in _parts(engine, words, n_documents, progress)
        ]
    )


def spellings_of(engine: Engine, words: Any, known: Sequence[str]) -> tuple[str, ...]:
    """The known vocabulary, followed by all other spellings of the documents in alphabetical order."""
    found = engine.fetch(expressions.spellings(words))["word"]
    new = pc.filter(
        found,
        pc.invert(pc.is_in(found, value_set=pa.array([BREAK_WORD, OPEN_WORD, *known], pa.string()))),
    )
    return (*known, *sorted(word for word in new.to_pylist() if word is not None))


def sample_bound(n_documents: int, wanted: int) -> str:
    """The last document id of a sample of about `wanted` documents out of `n_documents`.

    Ids are hashes of what identifies a document, so the documents up to a bound are a random sample that nothing but
    their number and identity decides: documents added later do not change who of the earlier ones is in it as of then.

    >>> sample_bound(10, 10), sample_bound(1000, 10)
    ('ffffffffffffffff', '028f5c28f5c28f5b')
    """
    return f"{2**64 * min(wanted, n_documents) // max(n_documents, 1) - 1 if n_documents else 2**64 - 1:016x}"


def read_tokens(engine: Engine, words: Any, n_documents: int) -> Tokens:
    """The tokens of documents in the order of their ids, from stored words."""

    def lists() -> Iterator[Any]:
        n_ranges = max(1, -(-n_documents // engine.rows_at_once))
        for low, high in id_ranges(n_ranges):
            part = words if n_ranges == 1 else words.filter(words.document_id.between(low, high))
            found = engine.fetch(part.select("document", "tokens").order_by("document"))
            yield from found["tokens"].chunks

    return from_lists(lists())


class _Walk:
    """The forms and strata, uploaded once."""

    def __init__(self, engine: Engine, forms: Forms, strata: Sequence[tuple[str, str]] | None) -> None:
        self.steps = [engine.upload(step, f"step_{n}") for n, step in enumerate(forms.steps, start=1)]
        lengths = pa.table({"length": pa.array(range(1, len(forms) + 1), pa.int32())})
        self.lengths = engine.upload(lengths, "lengths")
        self.strata = None if strata is None else _strata_table(engine, strata)

    def mentions(self, words: Any, keep: Sequence[str]) -> Any:
        if self.strata is not None:
            words = expressions.strata_of(words, self.strata)
        return expressions.mentions(words, self.steps, self.lengths, keep)


def _strata_table(engine: Engine, strata: Sequence[tuple[str, str]]) -> Any:
    return engine.upload(
        pa.table(
            {
                "source": pa.array([source for source, _ in strata], pa.string()),
                "kind": pa.array([kind for _, kind in strata], pa.string()),
                "stratum": pa.array(range(len(strata)), pa.int32()),
            }
        ),
        "strata",
    )


def _parts(engine: Engine, words: Any, n_documents: int, progress: Progress) -> Iterator[Any]:
    """Ranges of documents that are counted one after the other: exact, since each document is in one of them."""
    n_ranges = max(1, -(-n_documents // engine.counted_at_once))
    for number, (low, high) in enumerate(id_ranges(n_ranges)):
        progress("counting", number, n_ranges)
        yield words if n_ranges == 1 else words.filter(words.document_id.between(low, high))


def _add_up(tables: Sequence[pa.Table]) -> Series:
    """Equal cells of all tables added."""
    names = ["concept", "stratum", "year"]
    whole = pa.concat_tables([table.select([*names, "n_documents"]) for table in tables])
    added = whole.group_by(names, use_threads=False).aggregate([("n_documents", "sum")])
    added = added.sort_by([(name, "ascending") for name in names])
    concept, stratum, year, n = (
        added[name].to_numpy().astype(np.int64) for name in (*names, "n_documents_sum")
    )
    return Series(concept, stratum, year, n)

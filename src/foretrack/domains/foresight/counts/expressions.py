"""Mentions, series, totals and pairs as Ibis expressions.

Written in the subset of Ibis that gives the same cells on DuckDB, Spark and Sail (docs/decisions/0007-one-engine.md):
no ordered collection, no regular expression, no place past the end of a list, whole numbers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foretrack.language.tokens import HYPHEN


def mentions(tokens: Any, steps: Sequence[Any], lengths: Any, keep: Sequence[str] = ()) -> Any:
    """Which documents carry which concepts: `document`, `concept` and the columns to `keep`, each pair once.

    Args:
        tokens: documents with `document` and `tokens`, the list of spellings of `language.tokens`.
        steps: the tables of `Forms.steps`, one a word, in the same engine.
        lengths: a table with the column `length`: 1 to the number of steps.
        keep: columns that depend on the document alone.
    """
    import ibis

    carried = ["document", *keep]
    filled = tokens.filter(tokens.tokens.length() > 0)
    # Places are unnested, not words: in DuckDB a lateral unnest of the list costs three times the whole walk.
    at = filled.select(
        *carried,
        words=filled.tokens,
        n=filled.tokens.length(),
        at=ibis.range(0, filled.tokens.length()).unnest(),
    )
    walk = at.mutate(word=at.words[at["at"]])
    first = steps[0]
    joined = walk.inner_join(first, walk.word == first.word)
    walk = joined.select(
        *(walk[name] for name in (*carried, "words", "n", "at")),
        next=first.next,
        concept_1=_closed(walk, first, 1),
    )
    for number, step in enumerate(steps[1:], start=2):
        place = walk["at"] + (number - 1)
        follows = (walk.next.notnull() & (place < walk.n)).ifelse(_word(walk, place), None)
        asked = walk.mutate(follows=follows)
        joined = asked.left_join(step, (asked.next == step.state) & (asked.follows == step.word))
        walk = joined.select(
            *(asked[name] for name in (*carried, "words", "n", "at")),
            *(asked[f"concept_{k}"] for k in range(1, number)),
            next=step.next,
            **{f"concept_{number}": _closed(asked, step, number)},
        )
    found = walk.select(*carried, *(f"concept_{k}" for k in range(1, len(steps) + 1))).cross_join(lengths)
    cases = [(found.length == k, found[f"concept_{k}"]) for k in range(1, len(steps) + 1)]
    found = found.select(*carried, concept=ibis.cases(*cases))
    return found.filter(found.concept.notnull()).distinct()


def _closed(walk: Any, step: Any, length: int) -> Any:
    """The concept that a step completes; none if its last word is a stop word that no hyphen binds."""
    place = walk["at"] + length
    bound = (place < walk.n) & _word(walk, place).startswith(HYPHEN)
    return (~step.open | bound).ifelse(step.concept, None)


def _word(walk: Any, place: Any) -> Any:
    """The word at a place, the last one for places past the end: there some engines answer null and some stop."""
    import ibis

    return walk.words[ibis.least(place, walk.n - 1)]


def strata_of(tokens: Any, strata: Any) -> Any:
    """The documents with `stratum`, the number of their source and kind, in place of both.

    Args:
        strata: `source`, `kind`, `stratum`; documents of other strata are left out.
    """
    joined = tokens.inner_join(strata, (tokens.source == strata.source) & (tokens.kind == strata.kind))
    kept = [name for name in tokens.columns if name not in ("source", "kind")]
    return joined.select(*(tokens[name] for name in kept), stratum=strata.stratum)


def series(found: Any) -> Any:
    """Documents by concept, stratum and year: `concept`, `stratum`, `year`, `n_documents`; no row means none.

    Args:
        found: `mentions` that keep `stratum` and `year`.
    """
    return found.group_by("concept", "stratum", "year").agg(n_documents=found.count())


def totals(tokens: Any) -> Any:
    """Documents by stratum and year, whatever they carry: `stratum`, `year`, `n_documents`."""
    return tokens.group_by("stratum", "year").agg(n_documents=tokens.count())


def group_series(found: Any, groups: Any) -> Any:
    """Documents that carry any concept of a group (a technology) by stratum and year; each document once.

    Args:
        found: `mentions` that keep `stratum` and `year`.
        groups: `concept`, `group`; a concept may be in several.
    """
    joined = found.inner_join(groups, found.concept == groups.concept)
    carried = joined.select(found.document, groups.group, found.stratum, found.year).distinct()
    return carried.group_by("group", "stratum", "year").agg(n_documents=carried.count())


def together(found: Any, *, most: int, least: int) -> Any:
    """Documents that two concepts share: `one` < `other`, `n_documents`; pairs with fewer than `least` are left out.

    Of each document the `most` concepts that are rarest in `found` take part, ties by number, so that long texts do not
    dominate; the same rule as `measures.neighbours.find_neighbours`.
    """
    import ibis

    frequency = found.group_by("concept").agg(df=found.count())
    weighed = found.inner_join(frequency, found.concept == frequency.concept)
    weighed = weighed.select(found.document, found.concept, frequency.df)
    place = ibis.row_number().over(group_by="document", order_by=["df", "concept"])
    ranked = weighed.mutate(place=place)
    chosen = ranked.filter(ranked.place < most).select("document", "concept")
    right = chosen.select(document_="document", other="concept")
    pairs = chosen.inner_join(right, (chosen.document == right.document_) & (chosen.concept < right.other))
    pairs = pairs.select(one="concept", other="other")
    counted = pairs.group_by("one", "other").agg(n_documents=pairs.count())
    return counted.filter(counted.n_documents >= least)


def spellings(tokens: Any) -> Any:
    """Every spelling that the documents use: `word`, each once."""
    return tokens.select(word=tokens.tokens.unnest()).distinct()

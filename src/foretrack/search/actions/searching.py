"""`search`: from a question and a viewer to ordered hits with their reasons, facet counts and notes.

The database says where words stand; who may see what, what counts and in which order is decided here, from what
the viewer may see alone, so a hidden thing changes neither an order nor a number.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from django.db import connections

from foretrack.foundation.errors import InputError
from foretrack.language.embedding.centring import script_language
from foretrack.language.embedding.choosing import stored_means
from foretrack.language.embedding.port import Embedder
from foretrack.search.actions.embedding import meaning, model
from foretrack.search.actions.holding import Held, centred_rows, held
from foretrack.search.actions.indexing import IDENTIFIER, whole_title
from foretrack.search.columns import Columns, as_facets
from foretrack.search.models import Indexed, Text, Waiting
from foretrack.search.query import Alternative, Query, phrase, read_query
from foretrack.search.scoring import (
    EVERY,
    FILL,
    FLOOR,
    PARTLY,
    PARTLY_WEIGHT,
    STRONG,
    best,
    bm25f,
    deviations,
    in_order,
    nearness,
    rarity,
    weave,
    with_meaning,
)
from foretrack.search.shapes import VISITOR, Answer, Hit, Note, Viewer, Way, Why
from foretrack.search.store.postings import Postings, as_numbers, postings
from foretrack.search.why import counted, has_phrase, is_single, marks, matches, snippet

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Order: TypeAlias = Literal["relevance", "newest"]

MOST_HITS = 200
"""Hits of one page."""
CLOSELY = 400
"""Things with all the words whose texts are read to order them; of more, titles and lengths choose these first."""
_POOL = 200
"""Things with some of the words, or near in meaning, that are looked at more closely."""
_TEACHERS = 3
"""Things of the same name whose other-language titles are taken as translations."""


def search(
    query: str,
    *,
    viewer: Viewer = VISITOR,
    units: Sequence[str] = (),
    filters: Mapping[str, Sequence[str]] | None = None,
    limit: int = 20,
    offset: int = 0,
    language: str = "en",
    order: Order = "relevance",
    using: str = "default",
    embedder: Embedder | Literal["installed"] | None = "installed",
) -> Answer:
    """The things that answer a question, best first, each with its reasons.

    Things with all the words come first, then those with some of them or near in meaning. An empty question lists
    everything, the newest first.

    Args:
        units: only these; empty for all.
        filters: facet name to values; any of the values of a facet, all of the facets.
        limit: 0 to 200; offset: hits to skip.
        language: of the title that a hit shows, where there is a choice.
        embedder: what meanings are compared with; None leaves meaning out.

    InputError for a question that cannot be read, and for a limit or offset out of range.
    """
    if not 0 <= limit <= MOST_HITS:
        raise InputError.of(
            "{n} hits at once",
            expected="0 to {most}",
            do="ask for fewer, and for the next page",
            n=limit,
            most=MOST_HITS,
        )
    if offset < 0:
        raise InputError.of(
            "hits from number {n} on", expected="0 or more", do="correct the offset", n=offset
        )
    asked = read_query(query)
    chosen = model() if embedder == "installed" else embedder
    now = held(chosen.name if chosen else "", using)
    scope = _Scope(now, viewer, {**({"unit": units} if units else {}), **(filters or {})})
    if asked.groups:
        found = _Search(asked, scope, chosen, using, deep=offset + limit > CLOSELY).found(order)
    else:
        found = _listed(scope)
    waiting = Waiting.objects.using(using).count()
    if waiting:
        found.notes.append(Note("index_behind", waiting))
    page = found.places[offset : offset + limit]
    return Answer(
        query=asked.text,
        hits=tuple(_hits(found, page, offset, language, now.columns, using)),
        total=len(found.places),
        n_words=found.n_words,
        facets=as_facets(scope.counts(found)),
        notes=tuple(found.notes),
    )


class _Scope:
    """What the viewer may see, and which of it the filters leave."""

    def __init__(self, now: Held, viewer: Viewer, filters: Mapping[str, Sequence[str]]) -> None:
        self.held = now
        self.columns = now.columns
        self.visible = self.columns.visible(viewer)
        self.filters = {name: self.columns.having(name, values) for name, values in filters.items()}
        self.allowed = self.visible.copy()
        for mask in self.filters.values():
            self.allowed &= mask
        self.n_visible = int(self.visible.sum())
        self.averages = self.columns.lengths[self.visible].mean(axis=0) if self.n_visible else np.ones(2)

    def counts(self, found: _Found) -> dict[str, list[tuple[str, int]]]:
        """Facet counts; a facet that is filtered by counts what the other filters leave."""
        chosen = np.zeros(len(self.visible), np.bool_)
        chosen[found.places] = True
        names = {name for code in self.columns.values if (name := code.partition("=")[0]) not in self.filters}
        counts = self.columns.counts(chosen, sorted(names))
        for own in self.filters:
            wide = found.matching & self.visible
            for name, mask in self.filters.items():
                if name != own:
                    wide &= mask
            counts |= self.columns.counts(wide | chosen, [own])
        return counts


@dataclass
class _Found:
    """Places in order, and what the explanation of a page needs."""

    places: Ints
    n_words: int
    matching: Bools
    """What meets the question by words, whatever the filters say."""
    notes: list[Note]
    query: Query | None = None
    identified: frozenset[int] = frozenset()
    full: Bools | None = None
    some: Bools | None = None
    scores: Mapping[int, float] | None = None
    similarity: npt.NDArray[np.float32] | None = None
    language: str = ""


def _listed(scope: _Scope) -> _Found:
    places = scope.columns.newest_first(scope.allowed)
    return _Found(places, len(places), scope.visible, [])


class _Search:
    """One question on its way to an order."""

    def __init__(
        self, query: Query, scope: _Scope, embedder: Embedder | None, using: str, *, deep: bool
    ) -> None:
        self._scope = scope
        self._columns = scope.columns
        self._using = using
        self._deep = deep
        self._postings: Postings = postings(connections[using])
        self._standing: dict[tuple[str, bool], Bools] = {}
        self._notes: list[Note] = []
        self._query = self._translated(query)
        self._language = script_language(query.plain)
        self._similarity = self._similarities(query, embedder)
        self._deviation: Floats | None = None
        if self._similarity is not None:
            wide = self._similarity.astype(np.float64)
            self._deviation = deviations(wide, self._columns.language, scope.visible)

    def found(self, order: Order) -> _Found:
        """Everything that answers, in order."""
        scope, columns, query = self._scope, self._columns, self._query
        groups = [self._any(group.alternatives) for group in query.groups]
        full = self._all_side_by_side(np.logical_and.reduce(groups))
        identified = self._identified()
        barred = self._barred()
        full |= identified
        full &= ~barred
        matching = full & scope.visible
        full = full & scope.allowed
        weights = rarity(scope.n_visible, [int(mask.sum()) for mask in groups])
        covered = self._covered(groups, weights)
        scores: dict[int, float] = {}
        by_words = self._by_words(np.flatnonzero(full), weights, scores)
        if order == "newest":
            by_words = columns.newest_first(full)
            fills = np.zeros(0, np.int64)
        else:
            fills = self._fills(scope.allowed & ~full & ~barred, covered, weights, scores)
        first = by_words[identified[by_words]]
        rest = by_words[~identified[by_words]]
        if len(fills) and len(rest) >= EVERY:
            rest, fills = self._woven(rest, fills)
        places = np.concatenate((first, rest, fills)).astype(np.int64)
        if not len(by_words) and len(fills):
            self._notes.append(Note("no_full_match"))
        if len(by_words) > CLOSELY and order == "relevance":
            self._notes.append(Note("first_only", CLOSELY))
        return _Found(
            places, len(by_words), matching, self._notes, query, frozenset(first.tolist()), full, covered > 0,
            scores, self._similarity, self._language,
        )  # fmt: skip

    # -- words ---------------------------------------------------------------------------------------------------

    def _mask(self, word: str, *, title_only: bool = False) -> Bools:
        key = (word, title_only)
        if key not in self._standing:
            ids = self._postings.standing(word, title_only=title_only, beginning=is_single(word))
            self._standing[key] = self._columns.mask(ids) & self._scope.visible
        return self._standing[key]

    def _any(self, alternatives: Iterable[Alternative]) -> Bools:
        result = np.zeros(len(self._columns.ids), np.bool_)
        for one in alternatives:
            result |= np.logical_and.reduce([self._mask(word) for word in one.words])
        return result

    def _covered(self, groups: Sequence[Bools], weights: Floats) -> Floats:
        """(n_places,) share of the question's weight that each thing has."""
        covered = np.zeros(len(self._columns.ids))
        for mask, weight in zip(groups, weights, strict=True):
            covered += mask * weight
        covered /= max(float(weights.sum()), 1e-9)
        return covered

    def _all_side_by_side(self, full: Bools) -> Bools:
        """Of things that have all the words, those in which the words of phrases stand side by side."""
        for group in self._query.groups:
            if any(one.phrase for one in group.alternatives) and full.any():
                met = np.zeros(len(full), np.bool_)
                for one in group.alternatives:
                    mask = np.logical_and.reduce([self._mask(word) for word in one.words]) & full
                    met |= self._side_by_side(mask & ~met, one) if one.phrase else mask
                full = full & met
        return full

    def _barred(self) -> Bools:
        result = np.zeros(len(self._columns.ids), np.bool_)
        for one in self._query.without:
            mask = np.logical_and.reduce([self._mask(word) for word in one.words])
            result |= self._side_by_side(mask, one) if one.phrase else mask
        return result

    def _side_by_side(self, mask: Bools, one: Alternative) -> Bools:
        ids = self._columns.ids[mask]
        if not len(ids):
            return mask
        return self._columns.mask(_with_phrase(ids, one, self._using)) & mask

    def _identified(self) -> Bools:
        result = np.zeros(len(self._columns.ids), np.bool_)
        for written in self._query.identifiers:
            result |= self._mask(IDENTIFIER + written)
        return result

    def _translated(self, query: Query) -> Query:
        """The question with what things that bear its words as their name are called in the other language."""
        columns = self._columns
        taken: list[tuple[int, int, tuple[Alternative, ...]]] = []
        for start, end, text in query.spans():
            if any(start < other_end and other_start < end for other_start, other_end, _ in taken):
                continue
            name = whole_title(text)
            if not name or any(group.quoted for group in query.groups[start:end]):
                continue
            places = np.flatnonzero(self._mask(name))
            if not len(places):
                continue
            nearest = places[np.argsort(columns.ties[places], kind="stable")][:_TEACHERS]
            ids = [int(columns.ids[place]) for place in nearest]
            titles = Indexed.objects.using(self._using).in_bulk(ids)
            others: dict[tuple[str, ...], Alternative] = {}
            for number in ids:
                if number not in titles:
                    continue
                row = titles[number]
                other = row.title_en if whole_title(row.title_zh) == name else row.title_zh
                made = phrase(other, "translation")
                if made:
                    others.setdefault(made.words, made)
            if others:
                taken.append((start, end, tuple(others.values())))
        for start, end, alternatives in sorted(taken, reverse=True):
            query = query.named(start, end, alternatives)
            self._notes += [Note("translated", text=one.said) for one in alternatives]
        return query

    # -- order ---------------------------------------------------------------------------------------------------

    def _by_words(self, places: Ints, weights: Floats, scores: dict[int, float]) -> Ints:
        """Things with all the words, best first; `scores` is filled for the first of them."""
        columns = self._columns
        if not len(places):
            return places
        after = np.zeros(0, np.int64)
        if len(places) > CLOSELY:
            rough, ties = self._roughly(places, weights), columns.ties[places]
            if self._deep:
                order = in_order(rough, ties)
                places, after = places[order[:CLOSELY]], places[order[CLOSELY:]]
            else:  # nobody looks at the others yet, so they need no order
                first = best(rough, ties, CLOSELY)
                after = np.delete(places, first)
                places = places[first]
        closely = self._closely(places, weights)
        final = with_meaning(closely, None if self._deviation is None else self._deviation[places])
        order = in_order(final, columns.ties[places])
        scores.update(zip(places.tolist(), final.tolist(), strict=True))
        return np.concatenate((places[order], after))

    def _roughly(self, places: Ints, weights: Floats) -> Floats:
        """(n,) scores as if every word stood once: in the title, or else in the body."""
        counts = np.zeros((len(places), len(self._query.groups), 2))
        for at, group in enumerate(self._query.groups):
            in_title = np.zeros(len(self._columns.ids), np.bool_)
            for one in group.alternatives:
                in_title |= np.logical_and.reduce([self._mask(word, title_only=True) for word in one.words])
            counts[:, at, 0] = in_title[places]
            counts[:, at, 1] = ~in_title[places]
        return bm25f(counts, self._columns.lengths[places].astype(float), self._scope.averages, weights)

    def _closely(self, places: Ints, weights: Floats) -> Floats:
        """(n,) scores from the texts themselves."""
        groups = self._query.groups
        counts = np.zeros((len(places), len(groups), 2))
        texts = _texts(self._columns.ids[places], self._using)
        for row, number in enumerate(self._columns.ids[places].tolist()):
            fields = texts.get(number)
            if fields is None:
                continue
            for column, text in enumerate(fields):
                numbers = Counter(text.split(" "))
                for at, group in enumerate(groups):
                    counts[row, at, column] = sum(
                        counted(numbers, one)
                        for one in group.alternatives
                        if not one.phrase or has_phrase(text, one)
                    )
        return bm25f(counts, self._columns.lengths[places].astype(float), self._scope.averages, weights)

    def _fills(self, open_to: Bools, covered: Floats, weights: Floats, scores: dict[int, float]) -> Ints:
        """Things with some of the words, or near in meaning, best first."""
        near = np.zeros(len(covered))
        meant = np.zeros(len(covered), np.bool_)
        if self._deviation is not None:
            near = nearness(self._deviation)
            meant = np.nan_to_num(self._deviation, nan=-1.0) >= FLOOR
        partly = covered >= PARTLY if len(self._query.groups) > 1 else np.zeros(len(covered), np.bool_)
        pool = np.flatnonzero(open_to & (partly | meant))
        if not len(pool):
            return pool
        rough = np.where(partly[pool], PARTLY_WEIGHT * covered[pool], 0.0) + near[pool]
        pool = pool[best(rough, self._columns.ties[pool], _POOL)]
        close = self._closely(pool, weights) if partly[pool].any() else np.zeros(len(pool))
        most = float(weights.sum())
        final = PARTLY_WEIGHT * close / max(most, 1e-9) + near[pool]
        order = in_order(final, self._columns.ties[pool])[:FILL]
        scores.update(zip(pool[order].tolist(), final[order].tolist(), strict=True))
        return pool[order]

    def _woven(self, by_words: Ints, fills: Ints) -> tuple[Ints, Ints]:
        """Hits by words with strong ones of the other language among them, and the fills that are left."""
        if self._deviation is None:
            return by_words, fills
        language = self._columns.words.get(self._language, -1)
        bridging = (self._columns.language[fills] != language) & (self._deviation[fills] >= STRONG)
        return weave(by_words, fills[bridging]), fills[~bridging]

    # -- meaning -------------------------------------------------------------------------------------------------

    def _similarities(self, query: Query, embedder: Embedder | None) -> npt.NDArray[np.float32] | None:
        """(n_places,) cosine of each thing to the question, nan without a vector; None when there are no vectors."""
        meanings = self._scope.held.meanings
        if embedder is None or meanings is None or not meanings.n:
            self._notes.append(Note("no_vectors"))
            return None
        asked = centred_rows(
            meaning(embedder, query.plain)[None, :], [self._language], stored_means(embedder.name)
        )[0]
        cosines = meanings.rows[: meanings.n] @ asked
        result = np.full(len(self._columns.ids), np.nan, np.float32)
        ids = meanings.ids[: meanings.n]
        known = ids < len(self._columns.place_of)
        places = self._columns.place_of[ids[known]]
        there = places >= 0
        result[places[there]] = np.round(cosines[known][there], 6)
        n_without = int((np.isnan(result) & self._scope.visible).sum())
        if n_without:
            self._notes.append(Note("vectors_behind", n_without))
        return result


def _with_phrase(ids: Ints, one: Alternative, using: str) -> Ints:
    """Those of the ids in whose title or body the words stand side by side."""
    connection = connections[using]
    wanted = f" {' '.join(one.words)} "
    if connection.vendor == "sqlite":
        where = "indexed_id IN (SELECT value FROM json_each(%s))"
        numbers: Any = json.dumps(ids.tolist())
        find = "instr(' ' || {} || ' ', %s) > 0"
    else:
        where, numbers = "indexed_id = ANY(%s)", ids.tolist()
        find = "strpos(' ' || {} || ' ', %s) > 0"
    either = f"({find.format('title')} OR {find.format('body')})"
    with connection.cursor() as cursor:
        joined = (
            "group_concat(indexed_id)"
            if connection.vendor == "sqlite"
            else "string_agg(indexed_id::text, ',')"
        )
        cursor.execute(
            f"SELECT {joined} FROM search_text WHERE {where} AND {either}", [numbers, wanted, wanted]
        )
        return as_numbers(cursor.fetchone()[0])


def _texts(ids: Ints, using: str) -> dict[int, tuple[str, str]]:
    """Words of title and body of each id."""
    rows = (
        Text.objects.using(using).filter(indexed__in=ids.tolist()).values_list("indexed_id", "title", "body")
    )
    return {number: (title, body) for number, title, body in rows}


def _hits(
    found: _Found, page: Ints, offset: int, language: str, columns: Columns, using: str
) -> Iterable[Hit]:
    ids = [int(columns.ids[place]) for place in page]
    rows: dict[int, Any] = Indexed.objects.using(using).in_bulk(ids)
    texts: dict[int, Any] = Text.objects.using(using).in_bulk(ids)
    for at, (place, number) in enumerate(zip(page.tolist(), ids, strict=True)):
        row, text = rows.get(number), texts.get(number)
        if row is None or text is None:
            continue  # removed since the order was made
        preferred, other = (row.title_zh, row.title_en) if language == "zh" else (row.title_en, row.title_zh)
        title = preferred or other
        yield Hit(
            rank=offset + at + 1, unit=row.unit, key=row.key, kind=row.kind, title=title, title_en=row.title_en,
            title_zh=row.title_zh, language=row.language, visibility=row.visibility,
            facets={name: tuple(values) for name, values in row.facets.items()}, changed_at=row.changed_at,
            score=round((found.scores or {}).get(place, 0.0), 6), why=_why(found, place, title, text, row.language),
        )  # fmt: skip


def _why(found: _Found, place: int, title: str, text: Any, language: str) -> Why:
    if found.query is None:
        return Why("listed", (), (), snippet(text.shown, None)[0], (), None)
    way: Way = "meaning"
    if place in found.identified:
        way = "identifier"
    elif found.full is not None and found.full[place]:
        way = "words"
    elif found.some is not None and found.some[place]:
        way = "some words"
    met = matches(
        found.query,
        text.title,
        f"{text.body} {text.more}",
        identifier=found.query.text if way == "identifier" else "",
    )
    shown, marked = snippet(text.shown, found.query)
    near = None
    if found.similarity is not None and not np.isnan(found.similarity[place]):
        near = round(float(found.similarity[place]), 6)
    across = language != found.language and (
        way in ("meaning", "some words") or any(m.because == "translation" for m in met)
    )
    return Why(
        way,
        met,
        marks(title, found.query),
        shown,
        marked,
        near,
        f"{found.language}-{language}" if across else "",
    )

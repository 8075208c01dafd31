"""Puts things into the index, takes them out, and makes the whole anew. An unchanged thing costs one comparison."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from django.db import connections, transaction
from django.db.models import Q

from foretrack.foundation.progress import Progress, silent
from foretrack.language.embedding.centring import script_language
from foretrack.search.models import Change, Indexed, Removed, Text
from foretrack.search.shapes import Thing
from foretrack.search.store.postings import Words, postings
from foretrack.search.why import joined
from foretrack.search.words import compounds, identifier, sequence

BATCH = 500
"""Things of one transaction: so long others wait who want to write."""
MOST_TEXT = 20_000
"""Characters of a body that are indexed and kept."""
MOST_TITLE = 2_000
IDENTIFIER = "№"
"""In front of an identifier among the words; no word of a text has it."""
WHOLE = "≡"
"""In front of what stands for a whole title."""
LONGEST_NAME = 12
"""Words of a title that may be the name of something, and so teach what it is called in the other language."""
FIRST_CHARACTERS = 600
"""Of a body, so many are embedded after the titles."""
KEPT_CHANGES = 10_000
_LOCK = 0x5EA7C4
"""Name of PostgreSQL's advisory lock: changes are numbered in the order in which they are committed."""


@dataclass(frozen=True, slots=True)
class Done:
    """What indexing did. Every thing that was given is counted once."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(
            self.added + other.added, self.changed + other.changed,
            self.unchanged + other.unchanged, self.removed + other.removed,
        )  # fmt: skip


def index(things: Iterable[Thing], *, using: str = "default", report: Progress = silent) -> Done:
    """Puts things into the index, in place of what bore their unit and key.

    Parts of one thing (public, partner, private) come one after the other; parts that are indexed and not among those
    given are removed. Each batch is one transaction, or part of the one that the caller holds.
    """
    done = Done()
    n_given = 0
    for batch in _batches(things):
        done += _index_batch(batch, using)
        n_given += len(batch)
        report("indexing", n_given, None)
    return done


def remove(unit: str, keys: Iterable[str], *, using: str = "default") -> Done:
    """Takes things out of the index, all their parts; a key that is not indexed is passed over."""
    done = Done()
    for batch in _chunks(keys, BATCH):
        there = Indexed.objects.using(using).filter(unit=unit, key__in=batch)
        if not there.exists():
            continue  # nothing to write, so nobody has to wait
        with changing(using) as change:
            gone = list(there.values_list("id", flat=True))
            _take_out(gone, change, using)
            done += Done(removed=len(gone))
    return done


def reindex(
    things: Iterable[Thing], *, units: Sequence[str], using: str = "default", report: Progress = silent
) -> Done:
    """Makes the index of some units equal to `things`: new and changed ones enter, those not given leave.

    Whatever is read at the same time sees each thing as before or as after.
    """
    seen: set[str] = set()

    def noted() -> Iterator[Thing]:
        for thing in things:
            seen.add(f"{thing.unit}\0{thing.key}")
            yield thing

    done = index(noted(), using=using, report=report)
    indexed = Indexed.objects.using(using).filter(unit__in=units).values_list("unit", "key").distinct()
    stale: dict[str, list[str]] = {}
    for unit, key in indexed.iterator(chunk_size=2000):
        if f"{unit}\0{key}" not in seen:
            stale.setdefault(unit, []).append(key)
    for unit, keys in stale.items():
        done += remove(unit, keys, using=using)
    return done


@contextmanager
def changing(using: str) -> Iterator[int]:
    """One numbered change of the index, inside a transaction."""
    connection = connections[using]
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        number = Change.objects.using(using).create(mark=secrets.randbits(62)).number
        if number % 1000 == 0:
            Change.objects.using(using).filter(number__lte=number - KEPT_CHANGES).delete()
            Removed.objects.using(using).filter(change__lte=number - KEPT_CHANGES).delete()
        yield number


def whole_title(text: str) -> str:
    """The word that stands for a whole title; empty for one without words, or too long to be a name."""
    words = sequence(text)
    if not words or len(words) > LONGEST_NAME:
        return ""
    return WHOLE + hashlib.blake2b(" ".join(words).encode(), digest_size=10).hexdigest()


def text_of(title_en: str, title_zh: str, body: str) -> str:
    """What of a thing is embedded: titles and the beginning of the body."""
    titles = ". ".join(title for title in (title_en, title_zh) if title)
    return f"{titles}. {body[:FIRST_CHARACTERS]}".strip()


def _batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    batch: list[Thing] = []
    for _, parts in groupby(things, key=lambda thing: (thing.unit, thing.key)):
        batch += parts
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _chunks(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    chunk: list[str] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _index_batch(batch: Sequence[Thing], using: str) -> Done:
    # The last of several parts of the same visibility counts.
    wanted = {(thing.unit, thing.key, thing.visibility): thing for thing in batch}
    names = Q()
    for unit in sorted({thing.unit for thing in batch}):
        names |= Q(unit=unit, key__in=sorted({thing.key for thing in batch if thing.unit == unit}))
    digests = {name: thing.digest for name, thing in wanted.items()}
    there = _there(names, using)
    if len(there) == len(wanted) and all(
        name in there and there[name][1] == d for name, d in digests.items()
    ):
        return Done(unchanged=len(wanted))  # nothing to write, so nobody has to wait
    with changing(using) as change:
        there = _there(names, using)
        stale = [number for name, (number, _) in there.items() if name not in wanted]
        fresh = {n: t for n, t in wanted.items() if n not in there or there[n][1] != digests[n]}
        changed = [there[name][0] for name in fresh if name in there]
        _take_out(stale, change, using)
        _forget_words(changed, using)
        rows: list[Indexed] = []
        texts: list[Text] = []
        for name, thing in fresh.items():
            row, text = _prepared(thing, digests[name], change, there.get(name, (None, ""))[0])
            rows.append(row)
            texts.append(text)
        new = [row for row in rows if row.pk is None]
        known = [row for row in rows if row.pk is not None]
        Indexed.objects.using(using).bulk_create(new)
        Indexed.objects.using(using).bulk_update(known, _WRITTEN, batch_size=100)
        for row, text in zip(rows, texts, strict=True):
            text.indexed = row
        Text.objects.using(using).bulk_create(texts)
        postings(connections[using]).add(_words(text) for text in texts)
    return Done(len(new), len(known), len(wanted) - len(fresh), len(stale))


_WRITTEN = [
    "readers", "kind", "language", "title_en", "title_zh", "facets", "n_title", "n_body", "changed_at", "digest",
    "change", "wording",
]  # fmt: skip


def _there(names: Q, using: str) -> dict[tuple[str, str, str], tuple[int, str]]:
    rows = Indexed.objects.using(using).filter(names).values_list("unit", "key", "visibility", "id", "digest")
    return {(unit, key, visibility): (number, digest) for unit, key, visibility, number, digest in rows}


def _take_out(numbers: Sequence[int], change: int, using: str) -> None:
    if numbers:
        _forget_words(numbers, using)
        Indexed.objects.using(using).filter(id__in=numbers).delete()
        Removed.objects.using(using).bulk_create(Removed(indexed=n, change=change) for n in numbers)


def _forget_words(numbers: Sequence[int], using: str) -> None:
    if numbers:
        old = Text.objects.using(using).filter(indexed__in=numbers)
        postings(connections[using]).remove([_words(text) for text in old.defer("shown")])
        old.delete()


def _words(text: Text) -> Words:
    return Words(text.indexed_id, text.title, text.body, text.more)


def _prepared(thing: Thing, digest: str, change: int, number: int | None) -> tuple[Indexed, Text]:
    body = thing.body[:MOST_TEXT]
    titles = [text[:MOST_TITLE] for text in (thing.title_en, thing.title_zh) if text]
    words = [sequence(title) for title in titles]
    more = {word for text in (*titles, body) for word in compounds(text)}
    more |= {IDENTIFIER + written for one in (thing.key, *thing.identifiers) if (written := identifier(one))}
    if len(titles) == 2:
        more |= {whole for title in titles if (whole := whole_title(title))}
    in_body = sequence(body)
    row = Indexed(
        id=number, unit=thing.unit, key=thing.key, visibility=thing.visibility, readers=list(thing.readers),
        kind=_clean(thing.kind), language=thing.language or script_language(f"{' '.join(titles)} {body[:2000]}"),
        title_en=_clean(thing.title_en), title_zh=_clean(thing.title_zh),
        facets={name: [_clean(value) for value in values] for name, values in thing.facets.items()},
        n_title=sum(map(len, words)), n_body=len(in_body),
        changed_at=thing.changed_at, digest=digest, change=change, wording=_wording(thing, body),
    )  # fmt: skip
    text = Text(title=joined(words), body=" ".join(in_body), more=" ".join(sorted(more)), shown=_clean(body))
    return row, text


def _wording(thing: Thing, body: str) -> str:
    text = text_of(_clean(thing.title_en), _clean(thing.title_zh), _clean(body))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _clean(text: str) -> str:
    """Without what a database refuses: NUL, and halves of characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")

"""Meanings of what stands on the shelf, made by the worker: until then a record is matched by its words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretrack.language.embedding.choosing import stored_means
from foretrack.language.embedding.port import Embedder
from foretrack.matching.actions.holding import kept_as
from foretrack.matching.actions.profiling import from_json
from foretrack.matching.engine.prepared import prepare
from foretrack.matching.models import Meaning, Shelved
from foretrack.search.actions.indexing import changing

BATCH = 32


def make_meanings(
    embedder: Embedder | None, keys: Sequence[str] | None = None, *, most: int | None = None
) -> int:
    """How many meanings were made of what has none, or an outdated one: of some records, or of all.

    Small transactions, so that others write between; killed at any moment it goes on where it was.
    """
    name, done = kept_as(embedder), 0
    rows = Shelved.objects.filter(gone=False).order_by("pk")
    if keys is not None:
        rows = rows.filter(record__in=list(keys))
    after = 0
    while (most is None or done < most) and (batch := list(rows.filter(pk__gt=after)[:500])):
        after = batch[-1].pk
        current = dict(
            Meaning.objects.filter(model=name, shelved__in=[row.pk for row in batch]).values_list(
                "shelved_id", "wording"
            )
        )
        wanting = [row for row in batch if current.get(row.pk) != row.wording]
        for start in range(0, len(wanting), BATCH):
            done += _make(embedder, name, wanting[start : start + BATCH])
    return done


def _make(embedder: Embedder | None, name: str, rows: Sequence[Shelved]) -> int:
    means = stored_means(embedder.name) if embedder else {}
    made = prepare([from_json(row.profile) for row in rows], embedder, means)
    with changing("default") as change:
        # A record that was changed or has left meanwhile is for the next round.
        still = set(
            Shelved.objects.filter(pk__in=[row.pk for row in rows], gone=False).values_list("pk", "wording")
        )
        kept = [(row, one) for row, one in zip(rows, made, strict=True) if (row.pk, row.wording) in still]
        Meaning.objects.filter(model=name, shelved__in=[row.pk for row, _ in kept]).delete()
        Meaning.objects.bulk_create(
            Meaning(
                shelved=row, model=name, wording=row.wording, n=len(one.passages), change=change,
                cut={"language": one.language, "passages": [list(piece) for piece in one.passages], "words": one.words},
                vectors=np.vstack([one.vectors, one.document[None, :]]).astype("<f2").tobytes(),
            )
            for row, one in kept
        )  # fmt: skip
    return len(kept)

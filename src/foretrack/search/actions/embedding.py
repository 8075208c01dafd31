"""Meanings of what is indexed, made in the background: search works before they are there, and says so."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

import numpy as np
from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from foretrack.foundation.progress import Progress, silent
from foretrack.language.embedding.centring import script_language
from foretrack.language.embedding.choosing import open_embedder
from foretrack.language.embedding.port import Embedder
from foretrack.search.actions.indexing import changing, text_of
from foretrack.search.models import Indexed, Text, Vector

SETTING = "FORETRACK_SEARCH_MODEL"
"""Django setting: name of the embedder, or the path of an ONNX folder, or `none`."""
DEFAULT = "use3"
"""docs/methods/search.md says why."""
BATCH = 64


def model() -> Embedder | None:
    """The embedder that this installation searches with; None where it has none."""
    return _opened(str(getattr(settings, SETTING, DEFAULT)))


@lru_cache(maxsize=4)
def _opened(name: str) -> Embedder | None:
    return open_embedder(name)


def index_pending(
    most: int | None = None,
    *,
    using: str = "default",
    report: Progress = silent,
    embedder: Embedder | None = None,
) -> int:
    """How many vectors were made of things that had none, or an outdated one: `most` at most, None for all.

    Small transactions, so that others write between; killed at any moment it goes on where it was.
    """
    chosen = embedder or model()
    if chosen is None:
        return 0
    made = after = 0
    while most is None or made < most:
        size = BATCH if most is None else min(BATCH, most - made)
        rows = list(
            pending(chosen.name, using)
            .filter(id__gt=after)
            .order_by("id")
            .values_list("id", "title_en", "title_zh", "wording")[:size]
        )
        if not rows:
            break
        after = rows[-1][0]
        bodies = dict(
            Text.objects.using(using)
            .filter(indexed__in=[row[0] for row in rows])
            .values_list("indexed_id", "shown")
        )
        texts = [text_of(en, zh, bodies.get(number, "")) for number, en, zh, _ in rows]
        vectors = chosen.embed(texts).astype("<f2")
        with changing(using) as change:
            # A thing that was changed or removed meanwhile is left for the next round.
            still = set(
                Indexed.objects.using(using)
                .filter(id__in=[row[0] for row in rows])
                .values_list("id", "wording")
            )
            kept = [
                (row, text, vector)
                for row, text, vector in zip(rows, texts, vectors, strict=True)
                if (row[0], row[3]) in still
            ]
            Vector.objects.using(using).filter(
                indexed__in=[row[0] for row, _, _ in kept], model=chosen.name
            ).delete()
            Vector.objects.using(using).bulk_create(
                Vector(
                    indexed_id=row[0], model=chosen.name, language=script_language(text), digest=row[3],
                    vector=vector.tobytes(), change=change,
                )
                for row, text, vector in kept
            )  # fmt: skip
        made += len(kept)
        report("embedding", made, None)
    return made


def pending(model_name: str, using: str = "default") -> QuerySet[Indexed]:
    """What has no vector of the model made of its present text."""
    own = Vector.objects.using(using).filter(indexed=OuterRef("pk"), model=model_name).values("digest")[:1]
    rows = Indexed.objects.using(using).annotate(embedded=Subquery(own))
    return rows.filter(Q(embedded__isnull=True) | ~Q(embedded=F("wording")))


@lru_cache(maxsize=2048)
def _meaning(embedder: Any, text: str) -> bytes:
    return np.asarray(embedder.embed([text])[0], dtype=np.float32).tobytes()


def meaning(embedder: Embedder, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """(d,) the vector of a question; remembered, since people page and filter."""
    return np.frombuffer(_meaning(cast(Any, embedder), text), dtype=np.float32)

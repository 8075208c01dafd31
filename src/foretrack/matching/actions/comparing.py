"""Two tables matched with one another: every profile of one side with the best of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from foretrack.foundation.errors import InputError
from foretrack.foundation.progress import Progress, silent
from foretrack.language.embedding.choosing import open_embedder, stored_means
from foretrack.language.embedding.port import Embedder
from foretrack.matching.actions.tables import Table
from foretrack.matching.engine.prepared import Prepared, prepare
from foretrack.matching.engine.ranking import Matches, rank
from foretrack.matching.engine.shelf import Shelf

AT_ONCE = 256
"""Profiles that are prepared together."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One profile of the asking side and its matches."""

    asking: Prepared
    found: Matches


def compare(
    asking: Table,
    others: Table,
    *,
    today: date,
    model: str,
    top: int = 10,
    only: str | None = None,
    diverse: bool = False,
    vectors: Path | None = None,
    progress: Progress = silent,
) -> Iterator[Compared]:
    """The best of `others` for each row of `asking` in its order, or for the one with the identifier `only`.

    Args:
        model: as `choosing.open_embedder` names it; `none` goes by words and tracks.
        vectors: a folder in which vectors are kept, so that nothing is embedded twice.

    Raises InputError for an identifier or a model that does not exist, or a `top` below 1.
    """
    if top < 1:
        raise InputError.of("{n} matches of each", expected="1 or more", do="correct --top", n=top)
    if only is not None and all(profile.key != only for profile in asking.profiles):
        raise InputError.of(
            "{file} has no row with the identifier {key!r}", expected="one such as {some}", do="correct it",
            file=asking.name, key=only, some=", ".join(profile.key for profile in asking.profiles[:5]),
        )  # fmt: skip
    embedder = open_embedder(model, vectors=vectors)
    # The whole asking side tells what everybody there says; only the rows that are asked for need vectors.
    wanted = {only} if only is not None else {profile.key for profile in asking.profiles}
    shelf = _shelf(others, embedder, progress, "offers" if others.profiles[0].side == "offer" else "needs")
    mine = _shelf(asking, embedder, progress, "needs" if asking.profiles[0].side == "need" else "offers")
    for number, profile in enumerate(asking.profiles):
        if profile.key in wanted:
            place, row = mine.places[profile.key]
            one = mine.blocks[place].prepared(row)
            progress("matching", number + 1, len(asking.profiles))
            yield Compared(one, rank(one, shelf, today=today, n=top, own=mine, diverse=diverse))


def _shelf(table: Table, embedder: Embedder | None, progress: Progress, step: str) -> Shelf:
    means = stored_means(embedder.name) if embedder else None
    made: list[Prepared] = []
    for start in range(0, len(table.profiles), AT_ONCE):
        made += prepare(table.profiles[start : start + AT_ONCE], embedder, means)
        progress(step, len(made), len(table.profiles))
    side = table.profiles[0].side
    if embedder is None:
        return Shelf.of(side, made)
    return Shelf.of(side, made, model=embedder.name, dimension=embedder.dimension)

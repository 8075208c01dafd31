"""Lists as search finds them: one thing a series, with the names of what stands on its last issue."""

from __future__ import annotations

from collections.abc import Iterator

from foretrack.lists.issue import read_issue
from foretrack.lists.models import ListSeries
from foretrack.search.actions.indexing import index
from foretrack.search.shapes import Thing

UNIT = "list"
NAMES = 500
"""Names of entries that are indexed with a series at most; the records themselves are found anyway."""


def thing_of(row: ListSeries) -> Thing:
    """A series as search takes it. Lists are public."""
    last = row.issues.order_by("-number").first()
    names: list[str] = []
    if last is not None:
        for entry in read_issue(last.content.encode()).listed[:NAMES]:
            names += [text for text in (entry.title.en, entry.title.zh) if text]
    said = [*row.description.values(), *row.publisher.values(), *names]
    return Thing(
        unit=UNIT, key=row.name, title_en=row.title.get("en", ""), title_zh=row.title.get("zh", ""),
        body="\n".join(said), kind=row.kind, identifiers=(row.name,),
        changed_at=last.published_on.isoformat() if last else row.declared_at.date().isoformat(),
    )  # fmt: skip


def index_series(row: ListSeries) -> None:
    """Brings one series into the index, in the transaction that changed it."""
    index([thing_of(row)])


def things() -> Iterator[Thing]:
    """Every series, for building the index anew."""
    for row in ListSeries.objects.order_by("name").iterator():
        yield thing_of(row)

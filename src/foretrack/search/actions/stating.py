"""`state`: what is indexed, by how many vectors, and how far behind."""

from __future__ import annotations

from django.db import connections
from django.db.models import Count

from foretrack.language.embedding.port import Embedder
from foretrack.search.actions.embedding import model, pending
from foretrack.search.models import Change, Indexed, Vector, Waiting
from foretrack.search.shapes import FacetCount, IndexState


def holds(unit: str, *, using: str = "default") -> bool:
    """Whether anything of a unit is indexed."""
    return Indexed.objects.using(using).filter(unit=unit).exists()


def state(*, using: str = "default", embedder: Embedder | None = None) -> IndexState:
    """Counts of everything indexed, hidden parts included: for those who run the installation."""
    chosen = embedder or model()
    units = Indexed.objects.using(using).values_list("unit").annotate(n=Count("id")).order_by("-n", "unit")
    n_things = Indexed.objects.using(using).count()
    last = Change.objects.using(using).order_by("-number").values_list("number", flat=True).first()
    return IndexState(
        n_things=n_things,
        units=tuple(FacetCount(unit, n) for unit, n in units),
        model=chosen.name if chosen else "",
        n_vectors=Vector.objects.using(using).filter(model=chosen.name).count() if chosen else 0,
        n_pending=pending(chosen.name, using).count() if chosen else n_things,
        n_waiting=Waiting.objects.using(using).count(),
        change=last or 0,
        engine=connections[using].vendor,
    )

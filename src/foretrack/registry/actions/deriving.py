"""Makes everything that follows from bodies anew: after an upgrade, or when a kind's declaration has changed."""

from __future__ import annotations

from django.db import transaction

from foretrack.foundation.progress import Progress, silent
from foretrack.registry.actions.log import take_number
from foretrack.registry.actions.writing import derive_again
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

BATCH = 1000


def derive_all(registry: Registry, *, progress: Progress = silent) -> int:
    """Titles, circle, facets, links, identifiers and cards of every record, as its body and its kind say now.

    Nothing is decided by it, so no revision is written and nothing is logged; done twice it changes nothing. Each batch
    is one transaction in the writers' queue, so a record that somebody changes meanwhile is never put back. Records whose
    kind is no longer declared stay as they are. Gives the number of records that were looked at.
    """
    keys = list(Record.objects.order_by("pk").values_list("pk", flat=True))
    done = 0
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            take_number()
            records = Record.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
            known = [(registry.kinds.kinds[r.kind], r) for r in records if r.kind in registry.kinds.kinds]
            derive_again(known)
        done += len(known)
        progress("deriving", done, len(keys))
    return done

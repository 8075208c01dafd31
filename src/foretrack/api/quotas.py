"""How often somebody may ask: counted over all processes, without a write to the database for each request.

A process counts by itself and adds to the common table in steps, so the common count lags behind by less than one step
for each process. Where the table cannot be written at once (a long import holds SQLite), a process counts on alone.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F

from foretrack.api.models import Asked
from foretrack.registry.waiting import impatient

STRETCH = 60
"""Seconds that are counted together."""
STEPS = 20
"""Into so many steps the limit is divided."""
MOST_KNOWN = 10_000
"""Askers that a process keeps in mind."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left to an asker."""

    limit: int
    left: int
    seconds: int
    """Until the next stretch begins."""
    allowed: bool


@dataclass(slots=True)
class _Count:
    stretch: int
    common: int = 0
    """As the table said it last, own requests included."""
    own: int = 0
    """Not in the table yet."""


@dataclass(slots=True)
class Quotas:
    """The counts of one process."""

    known: dict[str, _Count] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, who: str, limit: int, seconds: float) -> Quota:
        """Counts one request.

        Args:
            who: `account:KEY` or `address:ADDRESS`.
            limit: requests in a stretch.
            seconds: the present moment, since 1970.
        """
        stretch, name = int(seconds) // STRETCH, _pseudonym(who)
        step = max(1, limit // STEPS)
        with self.lock:
            count = self.known.get(name)
            if count is None or count.stretch != stretch:
                if len(self.known) >= MOST_KNOWN:
                    self.known = {n: c for n, c in self.known.items() if c.stretch == stretch}
                count = self.known[name] = _Count(stretch)
            count.own += 1
            due = count.own if count.own >= step or not count.common else 0
            count.own -= due
            count.common += due
        if due:
            told = _add(name, stretch, due)
            with self.lock:
                if told is None:
                    count.own, count.common = count.own + due, count.common - due
                else:
                    count.common = max(count.common, told)
        asked = count.common + count.own
        return Quota(limit, max(0, limit - asked), STRETCH - int(seconds) % STRETCH, asked <= limit)


def _pseudonym(who: str) -> str:
    """No address on the network and no account is kept as it is."""
    return hmac.new(str(settings.SECRET_KEY).encode(), who.encode(), hashlib.sha256).hexdigest()


def _add(who: str, stretch: int, n: int) -> int | None:
    """The common count after adding to it; None where it could not be written soon enough."""
    try:
        with impatient(), transaction.atomic():
            if not Asked.objects.filter(who=who, stretch=stretch).update(n=F("n") + n):
                Asked.objects.get_or_create(who=who, stretch=stretch)
                Asked.objects.filter(who=who, stretch=stretch).update(n=F("n") + n)
            return int(Asked.objects.values_list("n", flat=True).get(who=who, stretch=stretch))
    except DatabaseError:
        return None


QUOTAS = Quotas()

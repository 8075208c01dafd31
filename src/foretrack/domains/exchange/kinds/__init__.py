"""The domain's kinds: profiles that are matched, and the bodies that serve them."""

from __future__ import annotations

from foretrack.domains.exchange.kinds.achievements import ACHIEVEMENT
from foretrack.domains.exchange.kinds.bodies import SERVICE_BODY
from foretrack.domains.exchange.kinds.profiles import NEED, OFFER

KINDS = (OFFER, NEED, ACHIEVEMENT, SERVICE_BODY)

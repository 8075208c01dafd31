"""The domain's kinds: profiles and achievements, the hall, deals and services, evaluation, exhibitions."""

from __future__ import annotations

from foretrack.domains.exchange.kinds.achievements import ACHIEVEMENT
from foretrack.domains.exchange.kinds.applications import PROMOTED_APPLICATION
from foretrack.domains.exchange.kinds.bodies import SERVICE_BODY
from foretrack.domains.exchange.kinds.deals import DEAL, LISTING
from foretrack.domains.exchange.kinds.evaluations import EVALUATION_KINDS
from foretrack.domains.exchange.kinds.exhibitions import EXHIBITION_KINDS
from foretrack.domains.exchange.kinds.firsts import (
    FIRST_SET,
    FIRST_SET_USE,
    GUIDANCE_ENTRY,
    INSURANCE_COMPENSATION,
)
from foretrack.domains.exchange.kinds.hall import KINDS as HALL
from foretrack.domains.exchange.kinds.profiles import NEED, OFFER
from foretrack.domains.exchange.kinds.service_orders import SERVICE_OFFERING, SERVICE_ORDER, SERVICE_RATING

_DEALS = (
    LISTING, DEAL, PROMOTED_APPLICATION, GUIDANCE_ENTRY, FIRST_SET, FIRST_SET_USE, INSURANCE_COMPENSATION,
    SERVICE_OFFERING, SERVICE_ORDER, SERVICE_RATING,
)  # fmt: skip
KINDS = (OFFER, NEED, ACHIEVEMENT, SERVICE_BODY, *HALL, *_DEALS, *EVALUATION_KINDS, *EXHIBITION_KINDS)

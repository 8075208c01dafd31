"""The domain's kinds: scenarios and cases, opportunities and what answers them, test fields and sandboxes."""

from __future__ import annotations

from foretrack.domains.scenarios.kinds.cases import CASE
from foretrack.domains.scenarios.kinds.opportunities import CAPABILITY, OPPORTUNITY, RESPONSE
from foretrack.domains.scenarios.kinds.scenarios import SCENARIO
from foretrack.domains.scenarios.kinds.testing import ITERATION, SANDBOX_REQUEST, TEST_FIELD

KINDS = (OPPORTUNITY, CAPABILITY, RESPONSE, SCENARIO, CASE, TEST_FIELD, ITERATION, SANDBOX_REQUEST)

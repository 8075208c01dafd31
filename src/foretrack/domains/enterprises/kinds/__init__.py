"""What is kept of enterprises: yearly figures, the way up the echelons, those that lead, places to grow, spin-offs."""

from __future__ import annotations

from foretrack.domains.enterprises.kinds.echelon_status import ECHELON_STATUS
from foretrack.domains.enterprises.kinds.figures import ENTERPRISE_FIGURES
from foretrack.domains.enterprises.kinds.incubators import INCUBATOR, TENANCY
from foretrack.domains.enterprises.kinds.institutions import RESEARCH_INSTITUTION
from foretrack.domains.enterprises.kinds.launching import LAUNCH_ENTERPRISE, SPIN_OFF
from foretrack.domains.enterprises.kinds.leading import LEADING_ENTERPRISE

KINDS = (
    LEADING_ENTERPRISE, ENTERPRISE_FIGURES, ECHELON_STATUS, LAUNCH_ENTERPRISE, SPIN_OFF, INCUBATOR, TENANCY,
    RESEARCH_INSTITUTION,
)  # fmt: skip

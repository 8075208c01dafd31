"""The registry's own kinds: the identities that every other kind links to."""

from foretrack.registry.kinds.organisation import ORGANISATION
from foretrack.registry.kinds.person import PERSON
from foretrack.registry.kinds.technology import TECHNOLOGY

KINDS = (ORGANISATION, PERSON, TECHNOLOGY)

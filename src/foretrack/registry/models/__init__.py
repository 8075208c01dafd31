"""The registry's tables. Nothing outside this room writes them; others read through `registry/actions/`."""

from foretrack.registry.models.audit import AuditEntry, AuditHead
from foretrack.registry.models.card import Card, FacetCode, Figure
from foretrack.registry.models.duplicates import DuplicatePair, Merge
from foretrack.registry.models.imports import Import
from foretrack.registry.models.record import Assignment, Attachment, Facet, Identifier, Pointer, Record
from foretrack.registry.models.revision import Revision

__all__ = [
    "Assignment",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Card",
    "DuplicatePair",
    "Facet",
    "FacetCode",
    "Figure",
    "Identifier",
    "Import",
    "Merge",
    "Pointer",
    "Record",
    "Revision",
]

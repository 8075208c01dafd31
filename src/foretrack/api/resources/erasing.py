"""Erasing personal data from a record, its whole history and its files."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from foretrack.api.shapes import Key, Name
from foretrack.registry.actions.erasing import ErasurePlan, erase, plan_erasure
from foretrack.registry.answers import Erased
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Routes

ROUTES = Routes("erasures", "Erasing personal data")


class ErasureWanted(Given):
    """What might be erased."""

    record: Key
    fields: Annotated[list[Name], Field(max_length=200)] = Field(default_factory=list)
    """None means all that the kind marks as personal; in a plan, only what there is to erase."""
    texts: bool = False
    """Also the reasons in the log that were given about the record."""


@ROUTES.post(
    "/erasures/plan", "What an erasure would take away; nothing is erased", answers=ErasurePlan, safe=True
)
def prepare_erasure(request: Request, given: ErasureWanted) -> ErasurePlan:
    return plan_erasure(request.registry, request.actor, given.record, fields=given.fields, texts=given.texts)


class Erasing(ErasureWanted):
    """What to erase, and why."""

    reason: Annotated[str, Field(min_length=1, max_length=5000)]
    """It must hold no personal data itself."""


@ROUTES.post("/erasures", "Erase fields of a record everywhere, for good", answers=Erased)
def erase_fields(request: Request, given: Erasing) -> Erased:
    return erase(
        request.registry,
        request.actor,
        given.record,
        fields=given.fields,
        texts=given.texts,
        reason=given.reason,
    )

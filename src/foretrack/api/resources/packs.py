"""Policy as data: packs and their entries, the clause map, and rules that are evaluated."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from foretrack.api.shapes import Day, Name, Text
from foretrack.foundation.errors import NotThereError
from foretrack.packs.describing import describe_clause_map, describe_line, describe_pack, describe_value
from foretrack.packs.loading import choose_pack, load_packs
from foretrack.packs.shapes import Pack
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.rules.answers import to_json
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_overlay, choose_rule
from foretrack.rules.comparing import what_if
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("packs", "Policy packs and rules")
Told = dict[str, Any]
"""As `foretrack pack` answers with --json: docs/guide/packs.md."""


def _packs() -> tuple[Pack, ...]:
    return load_packs(PACK_TERMS.paths)


def _pack(name: str) -> Pack:
    with named_in_address():
        return choose_pack(_packs(), name)


def _today(request: Request) -> str:
    return request.registry.now().date().isoformat()


@ROUTES.get("/packs", "Every installed pack", answers=Many[Told])
def list_packs(request: Request) -> Many[Told]:
    return Many(tuple(describe_line(pack, _today(request)) for pack in _packs()))


@ROUTES.get("/packs/{pack}", "All that a pack says, with its sources", answers=Told)
def show_pack(request: Request, pack: str) -> Told:
    told: Told = describe_pack(_pack(pack), _today(request))
    return told


@ROUTES.get("/packs/{pack}/clause-map", "What serves each system that a policy calls for", answers=Told)
def show_clause_map(request: Request, pack: str) -> Told:
    chosen = _pack(pack)
    if not chosen.systems:
        raise NotThereError.of(
            "the pack {pack} has no clause map", expected="a pack with one", do="look at the list of packs",
            pack=chosen.id,
        )  # fmt: skip
    told: Told = describe_clause_map(chosen)
    return told


@ROUTES.get("/rules", "The rules of all packs that can be evaluated", answers=Many[Told])
def list_rules_of_packs(request: Request) -> Many[Told]:
    return Many(
        tuple(
            {
                "rule": f"{pack.id}/{rule.id}", "series": rule.series, "label": describe_value(rule.label),
                "valid_from": rule.valid_from, "valid_to": rule.valid_to,
                "indicators": [describe_value(one) for one in rule.indicators],
            }
            for pack in _packs()
            for rule in pack.rules
        )
    )  # fmt: skip


Values = Annotated[dict[str, Any], Field(max_length=500)]


class Assessing(Given):
    """Values to evaluate a rule for."""

    values: Values
    """Indicator to value; what is missing was not given."""
    changes: Values | None = None
    """What if these were so? null takes a value away."""
    on: Day | None = None
    """Today when it is not given."""
    overlay: Text = ""
    """The overlay of a jurisdiction."""


@ROUTES.post(
    "/rules/{pack}/{rule}/assess",
    "Evaluate a rule: outcome, points, gaps and next steps",
    answers=Told,
    safe=True,
)
def assess_rule(request: Request, pack: Name, rule: Name, given: Assessing) -> Told:
    day: date | None = given.on
    on = day.isoformat() if day else _today(request)
    packs = _packs()
    with named_in_address():
        chosen = choose_rule(packs, f"{pack}/{rule}", on)
    overlay = choose_overlay(packs, given.overlay, chosen, on) if given.overlay else None
    if given.changes is None:
        return {
            "assessment": to_json(assess(chosen, given.values, on=on, overlay=overlay)),
            "comparison": None,
        }
    compared = what_if(chosen, given.values, given.changes, on=on, overlay=overlay)
    return {"assessment": to_json(compared.before), "comparison": to_json(compared)}

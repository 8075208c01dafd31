"""The funnel from the records: who reached which stage when, as far as the asker may know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from foretrack.domains.enterprises.actions.statuses import standing_on
from foretrack.domains.enterprises.funnel import OPEN, Count, Reached, Stage, count, stage_of
from foretrack.domains.enterprises.kinds.echelon_status import ECHELON_STATUS
from foretrack.domains.enterprises.kinds.figures import ENTERPRISE_FIGURES
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import seen_whole, visible_to
from foretrack.registry.models import Record, Revision
from foretrack.registry.registry import Registry

NOWHERE = "-"
"""Told of records that name no region."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """Everything that was reached, and the counts of it."""

    echelon: str
    """`ladder/echelon`; empty for all."""
    counts: tuple[Count, ...]
    reached: tuple[Reached, ...]

    def behind(self, stage: str, *, region: str | None = None, year: int | None = None) -> tuple[str, ...]:
        """Keys of the records behind a number."""
        return tuple(
            sorted(
                {
                    one.key
                    for one in self.reached
                    if one.stage == stage
                    and (region is None or one.region == region)
                    and (year is None or one.year == year)
                }
            )
        )


def funnel(
    registry: Registry, actor: Actor, *, echelon: str = "", region: str = "", year: int | None = None
) -> Funnel:
    """How many came how far, by region and year.

    What lies before a recognition is counted for those alone who may see the record whole.

    Args:
        echelon: only this one (`ladder/echelon`); figures, which are of no echelon, are then left out.
        region: only this one and those inside it.
    """
    found = [*_statuses(registry, actor, echelon), *([] if echelon else _figures(actor))]
    kept = tuple(
        one
        for one in dict.fromkeys(found)
        if one.region.startswith(region) and (year is None or one.year == year)
    )
    return Funnel(echelon, count(kept), kept)


def _statuses(registry: Registry, actor: Actor, echelon: str) -> Iterator[Reached]:
    rows = Record.objects.filter(visible_to(actor), kind=ECHELON_STATUS.name, merged_into=None)
    if echelon:
        rows = rows.filter(facets__name="echelon", facets__value=echelon)
    whole = set(rows.filter(seen_whole(actor)).values_list("pk", flat=True))
    about: Mapping[int, tuple[str, str, str, str | None]] = {
        pk: (key, region or NOWHERE, status, last)
        for pk, key, region, status, last in rows.values_list(
            "pk", "key", "region", "status", "body__valid_until"
        )
    }
    before: dict[int, str] = {}
    acts = Revision.objects.filter(record__kind=ECHELON_STATUS.name).order_by("record_id", "number")
    for pk, act, status, at in acts.values_list("record_id", "act", "status", "at").iterator():
        if pk not in about:
            continue
        stage = stage_of(before.get(pk, ""), act, status)
        before[pk] = status
        if stage is not None and (stage in OPEN or pk in whole):
            yield Reached(about[pk][0], stage, int(at[:4]), about[pk][1])
    today = registry.now().date()
    for key, region, status, last in about.values():
        if last is not None and standing_on(status, last, today) != status:
            yield Reached(key, "lapsed", int(last[:4]), region)


def _figures(actor: Actor) -> Iterator[Reached]:
    """Figures that were declared, by the year in which they were."""
    rows = Record.objects.filter(
        visible_to(actor), seen_whole(actor), kind=ENTERPRISE_FIGURES.name, merged_into=None
    )
    about = {pk: (key, region or NOWHERE) for pk, key, region in rows.values_list("pk", "key", "region")}
    acts = Revision.objects.filter(record__kind=ENTERPRISE_FIGURES.name, act="move:declare")
    stage: Stage = "assessed"
    for pk, at in acts.order_by("record_id", "number").values_list("record_id", "at").iterator():
        if pk in about:
            yield Reached(about[pk][0], stage, int(at[:4]), about[pk][1])

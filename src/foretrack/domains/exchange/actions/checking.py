"""The check of a profile that is written or kept, with the lists and limits of today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foretrack.domains.exchange.quality.checking import ProfileSort, check_profile
from foretrack.domains.exchange.quality.findings import Finding
from foretrack.domains.exchange.terms import terms_on
from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.bodies import read_fields
from foretrack.registry.registry import Registry

SORTS: Mapping[str, ProfileSort] = {"offer": "offer", "need": "need", "achievement": "achievement"}


def sort_of(kind: str) -> ProfileSort | None:
    """As what a record of a kind is checked; None for a kind that is not."""
    return SORTS.get(kind)


def check_record(registry: Registry, kind: str, body: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What a reader would miss or doubt in a body; InputError for a kind that is not checked."""
    sort = sort_of(kind)
    if sort is None:
        raise InputError.of(
            "a {kind} is not checked", expected="one of {known}", do="choose one of them", kind=kind[:40],
            known=", ".join(SORTS),
        )  # fmt: skip
    today = registry.now().date()
    return check_profile(sort, body, terms_on(today), today)


def check_values(registry: Registry, kind: str, values: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The same of raw values, as somebody is writing them; InvalidRecord for values that no record could hold."""
    if sort_of(kind) is None:
        return check_record(registry, kind, {})
    read = read_fields(registry.kinds.get(kind), values)
    return check_record(registry, kind, {name: value for name, value in read.items() if value is not None})

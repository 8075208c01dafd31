"""The resources of the registry, one module each: thin, every route asks one action."""

from __future__ import annotations

from foretrack.api.resources import (
    accounts,
    audit,
    duplicates,
    erasing,
    exchange,
    files,
    history,
    jobs,
    kinds,
    lists,
    me,
    packs,
    records,
    searching,
    targets,
    tokens,
    watch,
)

RESOURCES = (
    me.ROUTES, kinds.ROUTES, records.ROUTES, history.ROUTES, files.ROUTES, exchange.ROUTES, duplicates.ROUTES,
    lists.ROUTES, targets.ROUTES, watch.ROUTES, searching.ROUTES, packs.ROUTES, tokens.ROUTES, accounts.ROUTES,
    audit.ROUTES, erasing.ROUTES, jobs.ROUTES,
)  # fmt: skip
"""In the order of the description."""

"""schemathesis over the whole description: no 5xx, nothing undocumented; `make fuzz` asks as everybody, at length."""

from __future__ import annotations

import os
from typing import Any

import pytest
from tests.api.conftest import Make, Program
from tests.api.fuzzing import MODES, Asker, ask_everything, operations

from foretrack.registry.registry import Registry

EXAMPLES = int(os.environ.get("FORETRACK_FUZZ_EXAMPLES", "1"))
"""Requests for each operation, asker and mode; `make fuzz` asks more."""
DEEP = EXAMPLES > 1
ROLES = ("visitor", "member", "officer", "administrator") if DEEP else ("visitor", "officer")
KINDS = ("plan", "organisation") if not DEEP else ()


@pytest.fixture
def places(officer: Program, program: Make, firm: str, registry: Registry) -> dict[str, dict[str, str]]:
    """What is there, by the beginning of the addresses that lead to it."""
    made = officer.post("/records/plan", {"values": {"title": {"en": "Invented"}, "region": "CN-33"}}).json()
    declared = {
        "name": "plans", "kind": "plan", "title": {"en": "Plans"}, "publisher": {"en": "Invented office"},
    }  # fmt: skip
    assert officer.post("/lists", declared).status_code == 201
    rule = officer.post("/watch/rules", {"name": "new plans", "kind": "plan"}).json()
    pack, target = officer.get("/targets").json()["items"][0]["target"].split("/")
    policy, name = officer.get("/rules").json()["items"][0]["rule"].split("/")
    return {
        "/records/organisation/": {"key": firm},
        "/records/": {"kind": "plan", "key": made["key"], "transition": "submit", "number": "1"},
        "/lists/": {"name": "plans"},
        "/watch/rules/": {"key": rule["rule"]["key"]},
        "/targets/": {"pack": pack, "target": target},
        "/rules/": {"pack": policy, "rule": name},
        "/packs/": {"pack": pack},
        "/kinds/": {"kind": "plan"},
    }


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_asked_breaks_it(
    role: str,
    program: Make,
    officer: Program,
    firm: str,
    places: dict[str, dict[str, str]],
    application: Any,
) -> None:
    roles: dict[str, dict[str, Any]] = {"member": {"organisation": firm}, "officer": {"regions": ["*"]}}
    where = roles.get(role, {})
    asker = program() if role == "visitor" else program(role, **where)
    headers = {"Accept-Encoding": "identity"}
    if asker.token:
        headers["Authorization"] = f"Bearer {asker.token}"
    described = officer.get("/openapi.json").json()

    # What is wrong is refused before it matters who asks, so in a short run one role asks it.
    modes = MODES if DEEP or role == "officer" else MODES[:1]
    asked, found = 0, []
    for operation in operations(described, application, kinds=KINDS):
        try:
            asked += ask_everything(operation, Asker(role, headers, places), EXAMPLES, modes=modes)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - all of them are told at the end
            found.append(f"{operation.label}: {error}")

    assert not found, "\n\n".join(found[:20]) + f"\n\n{len(found)} operations"
    assert asked > 80

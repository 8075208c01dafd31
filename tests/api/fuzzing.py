"""Asks everything that the description allows, and what it does not: shared by the test and `make fuzz`."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

ALWAYS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass(frozen=True)
class Asker:
    """Somebody who asks, and what is known to be there."""

    name: str
    headers: Mapping[str, str]
    places: Mapping[str, Mapping[str, str]]
    """Beginning of a path to what its parts may be."""


def operations(described: dict[str, Any], application: Any, *, kinds: tuple[str, ...] = ()) -> Iterator[Any]:
    """The operations of a description; of those that each kind has, only those of some kinds."""
    paths = described["paths"]
    if kinds:
        left = {
            path: methods
            for path, methods in paths.items()
            if not path.startswith("/records/") or path.split("/")[2] in (*kinds, "{kind}")
        }
        described = {**described, "paths": left}
    schema = schemathesis.openapi.from_dict(described)
    schema.app = application
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        yield operation


def ask_everything(
    operation: Any, asker: Asker, examples: int, *, modes: tuple[GenerationMode, ...] = MODES, begin: int = 0
) -> int:
    """Asks one operation with so many generated requests in each mode; how many were asked. Raises what was found.

    Half of them ask about what is there, half about what may be; a single example asks about what is there.
    """
    asked = 0
    parts = _known(operation, asker)
    for mode in modes:
        if mode is GenerationMode.NEGATIVE and not _can_be_wrong(operation):
            continue
        for known in [parts] if examples == 1 or not parts else [parts, {}]:
            try:
                strategy = operation.as_strategy(
                    generation_mode=mode,
                    headers=dict(asker.headers),
                    **({"path_parameters": known} if known else {}),
                )
            except ValueError:  # nothing about this operation can be wrong
                continue
            checks = [*ALWAYS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else ALWAYS

            @seed(zlib.crc32(f"{begin} {operation.label} {asker.name} {mode} {bool(known)}".encode()))
            @settings(
                max_examples=examples, database=None, deadline=None, phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=strategy)
            def ask(case: Any) -> None:
                nonlocal asked
                asked += 1
                response = case.call(headers=dict(asker.headers))
                case.validate_response(response, checks=checks)  # noqa: B023 - called in this very round

            try:
                ask()
            except Unsatisfiable:  # nothing about this operation can be wrong, or only with luck
                assert mode is GenerationMode.NEGATIVE
    return asked


def _can_be_wrong(operation: Any) -> bool:
    """Whether a request can contradict the description at all: every text is a path, and headers are free."""
    raw = operation.definition.raw
    return "requestBody" in raw or any(one.get("in") == "query" for one in raw["parameters"])


def _known(operation: Any, asker: Asker) -> dict[str, str]:
    for beginning, parts in asker.places.items():
        if operation.path.startswith(beginning):
            return {name: value for name, value in parts.items() if "{" + name + "}" in operation.path}
    return {}

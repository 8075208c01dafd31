"""The clause map: every system that a policy calls for, and what of Foretrack serves it, or that nothing does yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence

if TYPE_CHECKING:
    from foretrack.packs.shapes import Pack

Mechanism: TypeAlias = Literal[
    "registry", "taxonomy", "workflow", "call", "list", "rule", "matching", "search", "watch", "graph", "booking",
    "target", "ledger", "ingest",
]  # fmt: skip
MECHANISMS: tuple[str, ...] = get_args(Mechanism)

ServiceKind: TypeAlias = Literal["kind", "command", "page"]
SERVICE_KINDS: tuple[str, ...] = get_args(ServiceKind)

Standing: TypeAlias = Literal["served", "partly", "not yet"]
STANDINGS: tuple[str, ...] = get_args(Standing)


@dataclass(frozen=True, slots=True)
class Service:
    """What serves a row: a kind of record, a command or a page."""

    what: ServiceKind
    name: str


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One system that the policy calls for."""

    id: str
    clause: str
    label: Bilingual
    mechanisms: tuple[Mechanism, ...]
    served_by: tuple[Service, ...] = ()
    missing: Bilingual | None = None
    """What of the promise nothing serves; None where all of it is served."""
    waits_for: str = ""
    """The issue or domain that is to serve the rest."""
    source: tuple[str, ...] = ()
    confidence: Confidence = "k"

    @property
    def standing(self) -> Standing:
        """`served`, `partly` or `not yet`."""
        if not self.served_by:
            return "not yet"
        return "served" if self.missing is None else "partly"


def read_system(node: Node) -> SystemRow:
    """The checked row of a node. A row is served, or says what is missing and what it waits for."""
    node.only(
        ("id", "clause", "label", "mechanisms", "served_by", "partly", "not_yet", "waits_for", "source", "confidence")
    )  # fmt: skip
    mechanisms = node.words("mechanisms", "list")
    for name in mechanisms:
        if name not in MECHANISMS:
            raise node.fail(
                "there is no mechanism {name!r}", "one of {known}", "mechanisms: [registry, list]",
                at="mechanisms", name=name, known=", ".join(MECHANISMS),
            )  # fmt: skip
    if not mechanisms:
        raise node.fail("no mechanism is named", "at least one", "mechanisms: [registry]", at="mechanisms")
    services = tuple(_service(item) for item in node.nodes("served_by"))
    partly = node.bilingual("partly", "{en: Alerts are missing, zh: 缺少预警}", required=False)
    waits_for = node.word("waits_for", "issue 6", default="")
    missing = partly if (partly.en or partly.zh) else None
    not_yet = node.yes("not_yet")
    if bool(services) == not_yet:
        raise node.fail(
            "`served_by` with {n} services and `not_yet: {not_yet}`",
            "either what serves it or `not_yet: true`", "not_yet: true\n  waits_for: issue 6",
            n=len(services), not_yet=str(not_yet).lower(),
        )  # fmt: skip
    if not_yet and missing is not None:
        raise node.fail(
            "`partly` in a row that nothing serves",
            "`partly` beside `served_by`",
            "partly: null",
            at="partly",
        )
    if (not_yet or missing is not None) != bool(waits_for):
        raise node.fail(
            "`waits_for` is {waits_for!r}", "the issue or domain of what is missing, and nothing where nothing is",
            "waits_for: issue 6", at="waits_for", waits_for=waits_for,
        )  # fmt: skip
    return SystemRow(
        id=node.identifier("G1", clause=True),
        clause=node.word("clause", "III.2025"),
        label=node.bilingual("label", "{en: Typical scenarios, zh: 典型应用场景}"),
        mechanisms=cast("tuple[Mechanism, ...]", mechanisms),
        served_by=services,
        missing=missing,
        waits_for=waits_for,
        source=node.words("source", "S1"),
        confidence=node.confidence(),
    )


def _service(node: Node) -> Service:
    node.only(SERVICE_KINDS)
    if len(node.value) != 1:
        raise node.fail("{n} services in one mapping", "one", "- {command: emerging}", n=len(node.value))
    (what,) = node.value
    return Service(cast(ServiceKind, what), node.word(what, "emerging"))


def unknown_services(
    rows: Sequence[SystemRow],
    *,
    kinds: Collection[str] | None = None,
    commands: Collection[str] | None = None,
    pages: Collection[str] | None = None,
) -> list[tuple[str, Service]]:
    """(row, service) for every service that is not among those given; what is None is not looked at.

    >>> row = SystemRow("L1", "IV.1", Bilingual("Lookout"), ("watch",), (Service("command", "emerging"),))
    >>> unknown_services([row], commands={"emerging"}), len(unknown_services([row], commands={"scan"}))
    ([], 1)
    """
    known = {"kind": kinds, "command": commands, "page": pages}
    found = []
    for row in rows:
        for service in row.served_by:
            those = known[service.what]
            # `candidates list` is a step of the command `candidates`.
            name = service.name.split()[0] if service.what == "command" else service.name
            if those is not None and name not in those:
                found.append((row.id, service))
    return found


def standings(pack: Pack) -> dict[Standing, int]:
    """How many rows of a pack's clause map are served, partly served and not yet served."""
    return {
        cast(Standing, standing): sum(row.standing == standing for row in pack.systems)
        for standing in STANDINGS
    }

"""Weights from feedback: labels, a proposal tried on later labels and audited, and which version is in force.

Nothing is applied by itself: an administrator adopts a version with a reason, and can go back to an earlier one or to the
shipped weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.matching.engine.weights import DEFAULT, PARTS, Weights
from foretrack.matching.kinds import MET, UNFIT
from foretrack.matching.learning.exposure import audit
from foretrack.matching.learning.fitting import Label, fit
from foretrack.matching.models import Adoption, Shelved, Suggestion, WeightVersion
from foretrack.matching.settings import settings_on
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, require
from foretrack.registry.actions.log import log
from foretrack.registry.actions.records import checked_reason
from foretrack.registry.registry import Registry, moment

SHIPPED = "shipped"
SAMPLE = 60
"""Lists that are made under both weights to compare them."""


@dataclass(frozen=True, slots=True)
class WeightLine:
    """One version of the weights."""

    name: str
    weights: Mapping[str, float]
    in_force: bool
    made_at: str
    basis: Mapping[str, Any]
    """What it was learned from and how it did; empty for the shipped ones."""


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """From when a version was in force."""

    version: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class WeightsPage:
    """The weights in force, every version, and who may change that."""

    in_force: str
    versions: tuple[WeightLine, ...]
    adoptions: tuple[AdoptionLine, ...]
    n_labels: int
    may_change: bool


def weights_in_force() -> Weights:
    """The weights by which lists are made now."""
    last = Adoption.objects.order_by("-pk").first()
    if last is None or last.version == SHIPPED:
        return DEFAULT
    return as_weights(last.version, WeightVersion.objects.get(name=last.version).weights)


def as_weights(name: str, said: Mapping[str, float]) -> Weights:
    """The shipped weights with other numbers."""
    return replace(
        DEFAULT, name=name, words=float(said["words"]), meaning=float(said["meaning"]),
        sentences=float(said["sentences"]), tracks=float(said["tracks"]), evidence=float(said["evidence"]),
    )  # fmt: skip


def labels() -> list[Label]:
    """What owners said of the matches that they were shown, and what came of interests between the two.

    Good: an interest that was accepted or led further, and one that the owner began. Not good: `not relevant`, and an
    interest declined for a reason that is about the match. That somebody has no time, or a partner already, says nothing.
    """
    from foretrack.matching.actions.interests import between

    found: list[Label] = []
    shown = list(Suggestion.objects.filter(shown__gt=0).order_by("pk"))
    interests = between([(one.record, one.other) for one in shown])
    for one in shown:
        interest = interests.get((one.record, one.other))
        good, at = _verdict(one, interest)
        if good is not None:
            found.append(
                Label(one.record, one.parts, one.rank, good, at, one.weights not in ("", DEFAULT.name))
            )
    return found


def _verdict(one: Suggestion, interest: Any) -> tuple[bool | None, str]:
    if interest is not None:
        at = moment(interest.state_since)
        if interest.status in MET:
            return True, at
        if interest.status == "declined":
            return (False, at) if interest.body.get("declined_for") in UNFIT else (None, at)
        if interest.body.get("mine") == one.record and interest.status in ("interested", "viewed"):
            return True, at
    if one.judgement and one.judged_at is not None:
        at = moment(one.judged_at)
        if one.judgement == "relevant":
            return True, at
        return (False if one.reason in UNFIT else None), at
    return None, ""


def propose_weights(registry: Registry, actor: Actor) -> WeightLine:
    """Learns weights from the labels there are, tries and audits them, and keeps them under a name of their own.

    AccessError but for administrators; EvidenceError where the labels are too few.
    """
    require(actor, "operate")
    settings, given, before = settings_on(registry.now().date()), labels(), weights_in_force()
    shipped: dict[str, float] = {part: before.of(part) for part in PARTS}
    found = fit(given, shipped, settings.terms)
    after = as_weights("proposal", found.weights)
    lists_before, lists_after = (_sample(registry, one) for one in (before, after))
    shelved = {row.record: row for row in Shelved.objects.filter(gone=False)}
    groups, members = groups_of(shelved)
    own = sum(one.own for one in given) / len(given)
    checked = audit(
        lists_before,
        lists_after,
        groups,
        members,
        eta=settings.terms.eta,
        own_labels=own,
        limits=settings.limits,
    )
    basis = {"fit": asdict(found), "audit": asdict(checked), "before": before.name, "n_labels": len(given)}
    now = registry.now()
    with transaction.atomic():
        number = WeightVersion.objects.count() + 1
        name = f"{now.date().isoformat()}-{number}"
        made = WeightVersion.objects.create(
            name=name, weights=dict(found.weights), basis=basis, made_at=now, made_by=actor.key
        )
        log(registry, actor, "propose weights", f"weights:{name}", details={"labels": len(given)})
    return _line(made, before.name)


def adopt_weights(registry: Registry, actor: Actor, name: str, reason: str) -> WeightsPage:
    """Puts a version in force, or the shipped weights (`shipped`); kept in the log with its reason."""
    require(actor, "operate")
    said = checked_reason(reason)
    if not said:
        raise InputError.of("weights without a reason", expected="a reason", do="say why")
    if name != SHIPPED and not WeightVersion.objects.filter(name=name).exists():
        raise NotThereError.of(
            "there are no weights {name!r}", name=name[:80], expected="one of {known}",
            known=", ".join((SHIPPED, *WeightVersion.objects.order_by("-pk").values_list("name", flat=True)[:10])),
            do="choose one",
        )  # fmt: skip
    with transaction.atomic():
        Adoption.objects.create(version=name, reason=said, at=registry.now(), by=actor.key)
        log(registry, actor, "adopt weights", f"weights:{name}", reason=said)
    return show_weights(registry, actor)


def show_weights(registry: Registry, actor: Actor) -> WeightsPage:
    """Every version of the weights with what it rests on: for everybody, since lists are ordered by them."""
    require(actor, "read public")
    force = weights_in_force().name
    shipped = WeightLine(SHIPPED, {part: DEFAULT.of(part) for part in PARTS}, force == DEFAULT.name, "", {})
    return WeightsPage(
        SHIPPED if force == DEFAULT.name else force,
        (*(_line(one, force) for one in WeightVersion.objects.order_by("-pk")), shipped),
        tuple(AdoptionLine(a.version, moment(a.at), a.reason) for a in Adoption.objects.order_by("-pk")),
        len(labels()), may(actor, "operate"),
    )  # fmt: skip


def groups_of(
    shelved: Mapping[str, Shelved],
) -> tuple[dict[str, Callable[[str], str]], dict[str, Iterable[str]]]:
    """What exposure is counted by: organisation, region, sort of organisation and language of a record."""

    def region(row: Shelved) -> str:
        return row.region[:5]

    reads: dict[str, Callable[[Shelved], str]] = {
        "organisation": lambda row: row.organisation, "region": region,
        "sort of organisation": lambda row: str(row.profile.get("sort_of", "")), "language": lambda row: row.language,
    }  # fmt: skip
    groups: dict[str, Callable[[str], str]] = {}
    members: dict[str, Iterable[str]] = {}
    for name, read in reads.items():
        by_key = {key: read(row) for key, row in shelved.items()}
        groups[name] = lambda key, known=by_key: known.get(key, "")  # type: ignore[misc]
        members[name] = sorted({one for one in by_key.values() if one})
    return groups, members


def _sample(registry: Registry, weights: Weights) -> dict[str, Sequence[str]]:
    """Lists of the newest needs and offers under some weights."""
    from foretrack.matching.actions.holding import held
    from foretrack.matching.actions.matching import listed
    from foretrack.registry.models import Record
    from foretrack.search.actions.embedding import model

    embedder = model()
    now, settings = held(embedder), settings_on(registry.now().date())
    keys = list(
        Shelved.objects.filter(gone=False).order_by("-since", "-pk").values_list("record", flat=True)[:SAMPLE]
    )
    made: dict[str, Sequence[str]] = {}
    for record in Record.objects.filter(key__in=keys).order_by("pk"):
        kind = registry.kinds.get(record.kind)
        found = listed(registry, now, kind, record, embedder, settings.length, settings, weights=weights)
        made[record.key] = [m.key for m in found.matches]
    return made


def _line(one: WeightVersion, force: str) -> WeightLine:
    return WeightLine(one.name, one.weights, one.name == force, moment(one.made_at), one.basis)

"""Which rule, and which overlay, is meant by a name on a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.rule_shapes import Overlay, Rule
from foretrack.packs.shapes import Pack


def choose_rule(packs: Sequence[Pack], name: str, on: str) -> Rule:
    """The rule called `name` that is in force on an ISO date.

    Args:
        name: `pack/rule`; or the id of a pack with one rule; or the series of rules that followed one another, of which
            the one in force is taken.

    InputError for an unknown name; EvidenceError where no rule of that name is in force on the date, with those that are
    known: a rule that was superseded is never applied silently. EvidenceError for an empty template as well.

    >>> from foretrack.packs.loading import load_packs
    >>> choose_rule(load_packs(), "innovative-sme", "2025-06-30").full_id
    'cn-srdi-2022/innovative-sme'
    """
    rules = [rule for pack in packs for rule in pack.rules]
    named = [rule for rule in rules if name == rule.full_id]
    named = named or [rule for rule in rules if name == rule.series]
    if not named:
        of_pack = [rule for rule in rules if name == rule.pack]
        if len(of_pack) > 1:
            raise InputError.of(
                "the pack {name} has {n} rules",
                expected="one of {known}",
                do="give the rule's whole name",
                name=name,
                n=len(of_pack),
                known=", ".join(rule.full_id for rule in of_pack),
            )
        named = of_pack
    if not named:
        raise InputError.of(
            "there is no rule {name!r}",
            expected="one of {known}",
            do="look at `foretrack pack list`, or put a pack with that rule under `packs/` of the workspace",
            name=name,
            known=", ".join(rule.full_id for rule in rules) or "-",
        )
    fit = [rule for rule in named if rule.in_force(on)]
    if len(fit) > 1:
        raise InputError.of(
            "{n} rules of the series {name} are in force on {on}",
            expected="one of {known}",
            do="give the rule's whole name",
            n=len(fit),
            name=name,
            on=on,
            known=", ".join(rule.full_id for rule in fit),
        )
    if fit:
        refuse_template(fit[0])
        return fit[0]
    latest = max(named, key=lambda rule: rule.valid_from)
    followed = latest.superseded_by
    raise EvidenceError.of(
        "{name} is not in force on {on}"
        if followed is None
        else "{name} is not in force on {on}: {next} follows it",
        expected="a date in {periods}",
        do="give a date with --on, or add a pack with the rule of that date",
        name=name,
        on=on,
        next=followed,
        periods=", ".join(f"{rule.valid_from} – {rule.valid_to or '…'}" for rule in named),
    )


def refuse_template(rule: Rule) -> None:
    """EvidenceError for an empty template, which decides nothing, with what to do."""
    if rule.template:
        raise EvidenceError.of(
            "{rule} is an empty template: its thresholds are not known, and it decides nothing",
            expected="a rule with a gate",
            do="fill it in: put a pack with the id {pack} under `packs/` of the workspace, which takes its place",
            rule=rule.full_id,
            pack=rule.pack,
        )


def choose_overlay(packs: Sequence[Pack], name: str, rule: Rule, on: str) -> Overlay:
    """The overlay called `name` (its id, full id or jurisdiction) of a rule or of one that it names, in force on a date.

    InputError where there is none, or more than one.
    """
    of_rule = [o for pack in packs for o in pack.overlays if o.of == rule.full_id or rule.names(o.of)]
    found = [o for o in of_rule if name in (o.id, o.full_id, o.jurisdiction) and o.in_force(on)]
    if len(found) != 1:
        raise InputError.of(
            "{n} overlays {name!r} of {rule} are in force on {on}",
            expected="one of {known}",
            do="give the overlay's whole name, or leave --overlay out",
            n=len(found),
            name=name,
            rule=rule.full_id,
            on=on,
            known=", ".join(o.full_id for o in of_rule if o.in_force(on)) or "-",
        )
    return found[0]


def laid_over(rule: Rule, overlay: Overlay) -> Rule:
    """The rule with an overlay laid over it, or over the rule that it names and the overlay belongs to.

    InputError for an overlay of another rule.
    """
    if overlay.of == rule.full_id and overlay.rule is not None:
        return overlay.rule
    if not rule.names(overlay.of):
        raise InputError.of(
            "the overlay {overlay} belongs to {of}, not to {rule}",
            expected="an overlay of that rule",
            do="give the overlay's whole name, or leave --overlay out",
            overlay=overlay.full_id,
            of=overlay.of,
            rule=rule.full_id,
        )
    others = {
        name: laid_over(other, overlay) if other.full_id == overlay.of or other.names(overlay.of) else other
        for name, other in rule.others.items()
    }
    return replace(rule, others=others, overlay=overlay.full_id)

"""Lays into each rule the rules that its conditions name, of its own pack or of another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from foretrack.packs.reading import Node
from foretrack.packs.rule_shapes import Rule, RuleTest, leaves_of


def link_rules(rules: Mapping[str, Rule], nodes: Mapping[str, Node]) -> dict[str, Rule]:
    """Full id -> the rule with the rules that it names, of all packs together.

    Args:
        rules: full id -> a rule as it was read.
        nodes: full id -> where it stands, for complaints.

    Raises InputError with the place for a name that is not there, for rules that ask for each other, and for an
    indicator that two rules understand differently.
    """
    done: dict[str, Rule] = {}
    for name in rules:
        _link(name, rules, nodes, done, ())
    return done


def _link(
    name: str, rules: Mapping[str, Rule], nodes: Mapping[str, Node], done: dict[str, Rule], above: tuple[str, ...]
) -> Rule:  # fmt: skip
    if name in done:
        return done[name]
    rule, node = rules[name], nodes[name]
    others: dict[str, Rule] = {}
    mine = {indicator.id: indicator for indicator in rule.indicators}
    for condition in rule.conditions():
        for leaf in leaves_of(condition):
            if not isinstance(leaf, RuleTest) or leaf.rule in others:
                continue
            full = leaf.rule if "/" in leaf.rule else f"{rule.pack}/{leaf.rule}"
            if full not in rules:
                near = [n for n, other in rules.items() if other.pack == full.partition("/")[0] and n != name]
                raise node.fail(
                    "there is no rule {rule!r}", "a rule that is there, such as {known}", "{rule: first-tier}",
                    rule=leaf.rule, known=", ".join(near or [n for n in rules if n != name][:5]) or "-",
                )  # fmt: skip
            if full in (*above, name):
                raise node.fail(
                    "the rules {rules} ask for each other", "no rule that asks for itself", "{rule: first-tier}",
                    rules=" → ".join((*above, name, full)),
                )  # fmt: skip
            others[leaf.rule] = other = _link(full, rules, nodes, done, (*above, name))
            for indicator in other.known_indicators().values():
                same = mine.setdefault(indicator.id, indicator)
                if (same.type, same.unit, same.choices) != (
                    indicator.type,
                    indicator.unit,
                    indicator.choices,
                ):
                    raise node.fail(
                        "the indicator {indicator!r} is another one in the rule {rule!r}",
                        "one type, unit and choices for one name", "id: another-name",
                        at="indicators", indicator=indicator.id, rule=leaf.rule,
                    )  # fmt: skip
    done[name] = replace(rule, others=others)
    return done[name]

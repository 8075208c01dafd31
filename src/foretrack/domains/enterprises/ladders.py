"""The ladders of this installation, and their echelons as a field of a record offers them."""

from __future__ import annotations

from collections.abc import Mapping

from foretrack.foundation.errors import InputError
from foretrack.packs.ladders import Echelon, Ladder, find_echelon, load_ladders
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.terms import PACK_TERMS


def known_ladders() -> tuple[Ladder, ...]:
    """Built-in ladders and those of the installation's own packs."""
    return load_ladders(PACK_TERMS.paths)


def echelon_terms(part: str) -> Mapping[str, Bilingual]:
    """`ladder/echelon` to its label.

    >>> echelon_terms("echelons")["quality-sme/innovative-sme"].zh
    '创新型中小企业'
    """
    return {
        ladder.full_id(echelon): echelon.label for ladder in known_ladders() for echelon in ladder.echelons
    }


def echelon_of(full_id: str) -> tuple[Ladder, Echelon]:
    """The echelon called `ladder/echelon`, with its ladder; InputError for none."""
    return find_echelon(known_ladders(), full_id)


def months_valid(echelon: Echelon) -> int:
    """How many months a status in an echelon lasts, as its rule says; InputError where it does not say so.

    >>> months_valid(echelon_of("quality-sme/innovative-sme")[1])
    36
    """
    for pack in load_packs(PACK_TERMS.paths):
        for rule in pack.rules:
            if rule.full_id == echelon.rule and rule.months_valid is not None:
                return rule.months_valid
    raise InputError.of(
        "no rule says how long the echelon {echelon} lasts", expected="`months_valid` in {rule}",
        do="add it to the rule, or give the days", echelon=echelon.id, rule=echelon.rule,
    )  # fmt: skip

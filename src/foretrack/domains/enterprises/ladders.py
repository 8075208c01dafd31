"""The ladders of this installation, and their echelons as a field of a record offers them."""

from __future__ import annotations

from collections.abc import Mapping

from foretrack.packs.ladders import Echelon, Ladder, find_echelon, load_ladders
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

"""Entries of the installed packs, as a field may offer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual, Pack

PARTS = ("clauses", "directions", "tracks", "products", "targets", "calls")
SCALE_LEVELS = "scale_levels"
"""The part of all levels of all installed scales, each as `pack/scheme/level`."""
SCALE_CHECKS = "scale_checks"
"""The part of everything that the levels of all scales ask to be shown, each as `pack/scheme/level/item`."""


@dataclass(slots=True, eq=False)
class PackTerms:
    """Gives the entries of a part of all packs by their full ids, in the order of the packs."""

    paths: Sequence[Path] = ()
    """Folders of the installation's own packs, beside those that come with Foretrack."""
    _known: dict[str, Mapping[str, Bilingual]] = field(default_factory=dict)
    _grouped: dict[str, Mapping[str, Bilingual]] = field(default_factory=dict)

    def use(self, paths: Sequence[Path]) -> None:
        """Reads packs from these folders from now on."""
        self.paths = tuple(paths)
        self._known.clear()
        self._grouped.clear()

    def __call__(self, part: str) -> Mapping[str, Bilingual]:
        """Full id to label.

        >>> PackTerms()("directions")["cn-future-industries-2024/energy"].zh
        '未来能源'
        """
        if part not in self._known:
            found: dict[str, Bilingual] = {}
            for pack in load_packs(self.paths):
                found |= _entries(pack, part)
            self._known[part] = found
        return self._known[part]

    def groups(self, part: str) -> Mapping[str, Bilingual]:
        """Full id to the label of the entry's group: a track's direction; nothing for entries without one.

        >>> PackTerms().groups("tracks")["cn-future-industries-2024/large-models"].zh
        '未来信息'
        """
        if part in (SCALE_LEVELS, SCALE_CHECKS):
            self._grouped.setdefault(part, self._scales(part))
        if part not in self._grouped:
            self._grouped[part] = {
                pack.full_id(entry.id): pack_direction.label
                for pack in load_packs(self.paths)
                for pack_direction in pack.directions
                for entry in getattr(pack, part, ())
                if getattr(entry, "direction", None) == pack_direction.id
            }
        return self._grouped[part]

    def _scales(self, part: str) -> Mapping[str, Bilingual]:
        """Level or item to the label of its scale."""
        scales = {
            pack.full_id(scheme.id): scheme.label
            for pack in load_packs(self.paths)
            for scheme in pack.schemes
            if scheme.kind == "scale"
        }
        return {full: scales["/".join(full.split("/")[:2])] for full in self(part)}


def _entries(pack: Pack, part: str) -> dict[str, Bilingual]:
    """Entries of a part of a pack; also of what stands inside its products and calls, or of one of its schemes."""
    if part in ("call_categories", "call_directions"):
        inside = part.removeprefix("call_")
        return {pack.full_id(one.id): one.label for call in pack.calls for one in getattr(call, inside)}
    if part == "core_technologies":
        return {
            pack.full_id(one.id): one.label for product in pack.products for one in product.core_technologies
        }
    if part == SCALE_LEVELS:
        return {
            f"{pack.full_id(scheme.id)}/{concept.id}": _numbered(concept.id, concept.label)
            for scheme in pack.schemes
            if scheme.kind == "scale"
            for concept in scheme.concepts
        }
    if part == SCALE_CHECKS:
        return {
            f"{pack.full_id(scheme.id)}/{concept.id}/{check.id}": _numbered(concept.id, check.label)
            for scheme in pack.schemes
            if scheme.kind == "scale"
            for concept in scheme.concepts
            for check in concept.checklist
        }
    if part in PARTS:
        return {pack.full_id(entry.id): entry.label for entry in getattr(pack, part)}
    return {
        pack.full_id(concept.id): concept.label
        for scheme in pack.schemes
        if scheme.id == part
        for concept in scheme.concepts
    }


def _numbered(level: str, label: Bilingual) -> Bilingual:
    """With the level in front of it, since its name alone does not say where it stands.

    >>> _numbered("4", Bilingual("Simulation", "仿真")).zh
    '4 仿真'
    """
    return Bilingual(*(f"{level} {said}" if said else "" for said in (label.en, label.zh)))


PACK_TERMS = PackTerms()
"""The packs of this process; `installation` names their folders."""

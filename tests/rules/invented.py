"""An invented rule pack that uses every way of the format."""

from __future__ import annotations

from pathlib import Path

from foretrack.packs.loading import load_pack
from foretrack.packs.rule_shapes import Rule
from foretrack.packs.shapes import Pack

PACK = (Path(__file__).parent / "bakeries.yml").read_text(encoding="utf-8")


def invented(folder: Path, text: str = PACK) -> Pack:
    """The pack, written into a folder and loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yml").write_text(text, encoding="utf-8")
    return load_pack(folder)


def rule_of(pack: Pack, name: str = "good-bakery") -> Rule:
    """One rule of a pack."""
    return next(rule for rule in pack.rules if rule.id == name)

"""Rules that contradict themselves are refused, with the place, what was expected and an example."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.rules.invented import PACK, invented

from foretrack.foundation.errors import InputError

OVENS = "bands: [{to: 0, points: 0}, {from: 1, to: 2, points: [4, 6]}, {from: 3, points: 10}]"


MISTAKES = yaml.safe_load((Path(__file__).parent / "mistakes.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["new"][:40])
def test_a_mistake_is_answered_with_its_place(tmp_path: Path, mistake: dict[str, str]) -> None:
    old, new, said = mistake["old"], mistake["new"], mistake["said"]
    assert old in PACK, old
    text = PACK.replace(old, new, 1)
    if not said:  # another way to write the same bands of whole numbers
        assert invented(tmp_path, text).rules
        return

    with pytest.raises(InputError) as caught:
        invented(tmp_path, text)

    told = str(caught.value)
    assert said in told
    assert "pack.yml, " in told
    assert "(line " in told
    assert "Expected: " in told
    assert "To do: write it like this: " in told


def test_half_open_bands_of_real_numbers_must_meet_at_their_ends(tmp_path: Path) -> None:
    real = PACK.replace(
        "{id: ovens, label: {en: Ovens}, type: count", "{id: ovens, label: {en: Ovens}, type: number"
    )
    for bands, fits in (
        ("[{below: 1, points: 0}, {from: 1, points: 10}]", True),
        ("[{to: 1, points: 0}, {above: 1, points: 10}]", True),
        ("[{below: 1, points: 0}, {above: 1, points: 10}]", False),  # 1 itself has none
        ("[{to: 1, points: 0}, {from: 1, points: 10}]", False),  # 1 has two
    ):
        text = real.replace(OVENS, f"bands: {bands}")
        if fits:
            assert invented(tmp_path, text).rules
        else:
            with pytest.raises(InputError, match=r"have no band|overlaps"):
                invented(tmp_path, text)

"""Taxonomies and crosswalks: those that come with Foretrack, and what is refused. Packs here are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import choose_pack, load_pack, load_packs
from foretrack.packs.schemes import Crosswalk, Scheme, ids_of

PACKS = load_packs()

SMALL = """\
id: house-scales
title: {en: Scales of an invented house}
valid_from: "2025-01-01"
schemes:
  - id: doneness
    label: {en: Doneness, zh: 火候}
    kind: scale
    concepts:
      - {id: raw, label: {en: Raw, zh: 生}}
      - {id: done, label: {en: Done, zh: 熟}, parent: raw, checklist: [{id: taste, label: {en: A taste}}]}
  - {id: codes, label: {en: Codes}, kind: codes, forms: ["A-99", "A9*"]}
crosswalks:
  - id: doneness-to-codes
    label: {en: Doneness to codes}
    from: house-scales/doneness
    to: house-scales/codes
    mappings:
      - {from: raw, close: [A-01], narrower: [B7]}
    unmapped: [done]
"""


def load(tmp_path: Path, old: str = "", new: str = "") -> tuple[Scheme, Crosswalk]:
    assert old in SMALL
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "pack.yml").write_text(SMALL.replace(old, new, 1) if old else SMALL, encoding="utf-8")
    pack = load_pack(tmp_path)
    return pack.schemes[0], pack.crosswalks[0]


class TestWhatComesWithForetrack:
    @pytest.mark.parametrize(("pack", "levels"), [("trl-iso16290", 9), ("mrl-dod", 10), ("trl-gbt22900", 13)])
    def test_every_level_of_a_scale_has_its_evidence(self, pack: str, levels: int) -> None:
        (scale,) = choose_pack(PACKS, pack).schemes

        assert [concept.id for concept in scale.concepts] == [str(level) for level in range(1, levels + 1)]
        assert all(concept.checklist for concept in scale.concepts)
        assert all(concept.label.zh and concept.definition.zh for concept in scale.concepts)

    def test_stages_of_standards_end_with_withdrawal(self) -> None:
        pack = choose_pack(PACKS, "iso-stages")
        stages, substages, national = pack.schemes

        assert [c.id for c in stages.concepts] == ["00", "10", "20", "30", "40", "50", "60", "90", "95"]
        assert [c.id for c in substages.concepts] == ["00", "20", "60", "92", "93", "98", "99"]
        assert [c.id for c in national.concepts] == [c.id for c in stages.concepts]
        assert {m.source for m in pack.crosswalks[0].mappings} == {c.id for c in national.concepts}

    def test_six_types_of_standard(self) -> None:
        (types,) = choose_pack(PACKS, "cn-future-industries-2024").schemes

        assert len(types.concepts) == 6

    def test_core_technologies_can_be_pointed_at(self) -> None:
        pack = choose_pack(PACKS, "cn-future-industries-2024")
        ids = ids_of(pack, "core-technologies")

        assert ids is not None
        assert len(ids) == len(set(ids)) == 46
        assert "electronic-skin" in ids

    @pytest.mark.parametrize("scheme", ["ipc", "gbt4754", "nace"])
    def test_every_track_has_codes(self, scheme: str) -> None:
        pack = choose_pack(PACKS, "cn-future-industries-2024")
        (walk,) = (walk for walk in pack.crosswalks if walk.id == f"tracks-to-{scheme}")

        assert {m.source for m in walk.mappings} == {track.id for track in pack.tracks}

    def test_every_track_has_goods_or_is_said_to_have_none(self) -> None:
        pack = choose_pack(PACKS, "cn-future-industries-2024")
        (walk,) = (walk for walk in pack.crosswalks if walk.id == "tracks-to-hs")

        assert {m.source for m in walk.mappings} | set(walk.unmapped) == {track.id for track in pack.tracks}

    def test_own_reading_says_so(self) -> None:
        for pack in PACKS:
            for walk in pack.crosswalks:
                if pack.id != "iso-stages":
                    assert walk.source in (("own",), ("O",))
                    assert {m.confidence for m in walk.mappings} == {"k"}

    def test_the_vintages_meet(self) -> None:
        pack = choose_pack(PACKS, "cn-15fyp-2026")
        tracks, products = pack.crosswalks

        assert {m.source for m in tracks.mappings} == {track.id for track in pack.tracks}
        assert [(m.relation, m.target) for m in tracks.of("hydrogen-and-fusion")] == [
            ("narrower", "hydrogen-energy"),
            ("narrower", "nuclear-fusion"),
        ]
        assert {m.source for m in products.mappings} | set(products.unmapped) == {t.id for t in pack.tracks}

    def test_short_ids_of_tracks_stay_unambiguous(self) -> None:
        ids = [track.id for pack in PACKS for track in pack.tracks]

        assert len(ids) == len(set(ids))

    def test_every_concept_names_its_source(self) -> None:
        for pack in PACKS:
            for scheme in pack.schemes:
                assert scheme.source
                for concept in scheme.concepts:
                    assert concept.source, (pack.id, concept.id)


class TestAUsersScheme:
    def test_is_read(self, tmp_path: Path) -> None:
        scheme, walk = load(tmp_path)

        assert scheme.concept("done") is not None
        assert scheme.concept("burnt") is None
        assert [(m.relation, m.target) for m in walk.mappings] == [("close", "A-01"), ("narrower", "B7")]
        assert [(m.source, m.relation, m.target) for m in walk.turned()] == [
            ("A-01", "close", "raw"),
            ("B7", "broader", "raw"),
        ]

    def test_may_map_to_a_built_in_pack(self, tmp_path: Path) -> None:
        old = "to: house-scales/codes\n    mappings:\n      - {from: raw, close: [A-01], narrower: [B7]}"
        new = "to: code-systems/ipc\n    mappings:\n      - {from: raw, close: [A47J 37/00]}"

        _, walk = load(tmp_path, old, new)

        assert walk.mappings[0].target == "A47J 37/00"

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("parent: raw", "parent: rare", "there is no concept 'rare'"),
            ("{id: raw, ", "{id: raw, parent: done, ", "is its own ancestor"),
            ("{id: raw, ", "{id: raw, parent: raw, ", "is its own ancestor"),
            ("{id: done", "{id: raw", "the id 'raw' is given twice"),
            ("kind: scale", "kind: ladder", "'kind' is 'ladder'"),
            ("kind: scale", "kind: scale\n    forms: [A]", "`forms` for codes, and only for codes"),
            ('"A-99"', '"' + "9" * 41 + '"', "a form of 41 characters"),
            ("[A-01]", "[a-01]", "'a-01' is no code of codes. Expected: a code of the form A-99 or A9*"),
            ("from: raw, close", "from: rare, close", "there is no concept 'rare' in house-scales/doneness"),
            ("to: house-scales/codes", "to: house-scales/dishes", "there is no scheme 'dishes'"),
            ("to: house-scales/codes", "to: dishes", "the id of a pack, a slash and the id of a scheme"),
            ("to: house-scales/codes", "to: code-systems/ipc", "'A-01' is no code of ipc"),
            ("close: [A-01]", "close: [A-01], exact: [A-01]", "'raw' and 'A-01' are related twice"),
            (", close: [A-01], narrower: [B7]", "", "nothing is said about 'raw'"),
            ("unmapped: [done]", "unmapped: [raw]", "'raw' is mapped and also said to be unmapped"),
            ("valid_from", "schmes: []\nvalid_from", "unknown key 'schmes'"),
        ],
    )
    def test_a_mistake_is_answered_with_its_place(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        with pytest.raises(InputError) as caught:
            load(tmp_path, old, new)

        assert said in str(caught.value)
        assert "pack.yml" in str(caught.value)
        assert "(line " in str(caught.value)


class TestCoreTechnologies:
    PRODUCTS = """\
id: house-products
title: {en: Products of an invented house}
valid_from: "2025-01-01"
products:
  - {id: pots, label: {en: Pots}, core_technologies: [{id: lids, label: {en: Lids}}]}
  - {id: pans, label: {en: Pans}, core_technologies: [{id: handles, label: {en: Handles}}]}
"""

    def test_an_id_is_unique_in_the_whole_pack(self, tmp_path: Path) -> None:
        (tmp_path / "pack.yml").write_text(self.PRODUCTS.replace("handles", "lids"), encoding="utf-8")

        with pytest.raises(InputError, match="the id 'lids' is given twice"):
            load_pack(tmp_path)

    def test_an_id_is_needed(self, tmp_path: Path) -> None:
        (tmp_path / "pack.yml").write_text(self.PRODUCTS.replace("id: lids, ", ""), encoding="utf-8")

        with pytest.raises(InputError, match="'id' is missing or empty"):
            load_pack(tmp_path)


def test_the_fingerprint_follows_the_files_and_not_the_folder(tmp_path: Path) -> None:
    found = []
    for folder, text in (("a", SMALL), ("b", SMALL), ("c", SMALL.replace("Raw", "Rare"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pack.yml").write_text(text, encoding="utf-8")
        found.append(load_pack(tmp_path / folder).fingerprint)

    assert found[0] == found[1] != found[2]
    assert len(found[0]) == 64

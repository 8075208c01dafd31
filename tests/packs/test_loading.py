"""Packs of users: what is read, and what is said when one is not usable. All packs here are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import choose_pack, load_pack, load_packs, resolve_track

SMALL = """\
id: house-technologies
title: {en: Technologies of an invented house}
valid_from: "2025-01-01"
directions:
  - id: kitchen
    label: {en: Kitchen}
tracks:
  - id: induction
    direction: kitchen
    label: {en: Induction cooking, zh: 电磁炉}
    lexicon: {en: {strong: [induction hob], weak: [hob]}}
"""


def write(folder: Path, text: str, name: str = "pack.yml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def complaint(tmp_path: Path, old: str, new: str) -> str:
    assert old in SMALL
    with pytest.raises(InputError) as caught:
        load_pack(write(tmp_path / "p", SMALL.replace(old, new)))
    return str(caught.value)


class TestAUsersPack:
    def test_needs_little(self, tmp_path: Path) -> None:
        pack = load_pack(write(tmp_path / "p", SMALL))

        assert [track.id for track in pack.tracks] == ["induction"]
        assert pack.tracks[0].confidence == "k"
        assert pack.tracks[0].lexicon["en"].strong == ("induction hob",)
        assert pack.none_label.en == "None of the tracks"

    def test_is_found_beside_the_built_in_ones(self, tmp_path: Path) -> None:
        write(tmp_path / "packs" / "house", SMALL)

        packs = load_packs([tmp_path / "packs", tmp_path / "no such folder"])

        assert [pack.id for pack in packs] == sorted(
            [*(pack.id for pack in load_packs()), "house-technologies"]
        )

    def test_replaces_a_built_in_one_of_the_same_id(self, tmp_path: Path) -> None:
        write(tmp_path, SMALL.replace("id: house-technologies", "id: cn-future-industries-2024"))

        pack = choose_pack(load_packs([tmp_path]), "cn-future-industries-2024")

        assert [track.id for track in pack.tracks] == ["induction"]

    def test_may_be_split_over_files(self, tmp_path: Path) -> None:
        head, tail = SMALL.split("tracks:\n")
        write(tmp_path, head + "files: {tracks: [more/kitchen.yml]}\n")
        write(
            tmp_path / "more",
            "direction: kitchen\ntracks:\n" + tail.replace("    direction: kitchen\n", ""),
            "kitchen.yml",
        )

        assert load_pack(tmp_path).tracks[0].direction == "kitchen"

    def test_two_with_one_id_are_refused(self, tmp_path: Path) -> None:
        write(tmp_path / "a", SMALL)
        write(tmp_path / "b", SMALL)

        with pytest.raises(InputError, match="two packs have the id 'house-technologies'"):
            load_packs([tmp_path])


class TestTrackNames:
    def test_short_id_when_only_one_pack_has_it(self, tmp_path: Path) -> None:
        packs = load_packs([write(tmp_path, SMALL)])

        assert resolve_track(packs, "induction")[0].id == "house-technologies"
        assert resolve_track(packs, "house-technologies/induction")[1].id == "induction"

    def test_short_id_in_two_packs_is_ambiguous(self, tmp_path: Path) -> None:
        packs = load_packs([write(tmp_path, SMALL.replace("id: induction", "id: large-models"))])

        with pytest.raises(InputError, match="house-technologies/large-models"):
            resolve_track(packs, "large-models")

    def test_unknown_track_names_near_ones(self) -> None:
        with pytest.raises(InputError, match="nuclear-fusion"):
            resolve_track(load_packs(), "nuclear-fussion")

    def test_unknown_pack_names_the_known(self) -> None:
        with pytest.raises(InputError, match=r"one of .*calendar-cn, .*cn-future-industries-2024"):
            choose_pack(load_packs(), "no-such-pack")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('valid_from: "2025-01-01"', 'valid_from: "soon"', "'valid_from' is 'soon'. Expected: an ISO date"),
        ('valid_from: "2025-01-01"', "valid_to: null", "`valid_from` is missing"),
        ("id: house-technologies", "id: House Technologies", "the id 'House Technologies' cannot be used"),
        ("id: induction", "id: none", "`none` is reserved"),
        (
            "direction: kitchen\n",
            "direction: cellar\n",
            "there is no direction 'cellar'. Expected: one of kitchen",
        ),
        ("label: {en: Kitchen}", "label: {de: Küche}", "unknown key 'de'. Expected: one of en, zh"),
        ("label: {en: Kitchen}", "label: Kitchen", "'label' is text. Expected: a mapping"),
        ("label: {en: Kitchen}", "label: {}", "'label' has neither `en` nor `zh`"),
        ("[induction hob]", "[2024]", "'strong' holds 2024, the number 2024"),
        ("[induction hob]", "[yes]", "texts only (put numbers, yes, no and dates in quotes)"),
        ("tracks:", "trakcs:", "unknown key 'trakcs'"),
        ("weak: [hob]", "weak: [hob], weak: [pot]", "the key 'weak' is given twice"),
        ("title: {en", "id: again\ntitle: {en", "the key 'id' is given twice"),
        ("tracks:\n", "tracks: [\n", "line"),
    ],
)
def test_a_complaint_says_where_what_was_expected_and_how(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = complaint(tmp_path, old, new)

    assert said in text
    assert "pack.yml" in text
    assert "To do: " in text


class TestBadFiles:
    def test_an_entry_twice(self, tmp_path: Path) -> None:
        twice = SMALL + SMALL[SMALL.index("  - id: induction") :]

        with pytest.raises(InputError, match="the id 'induction' is given twice"):
            load_pack(write(tmp_path, twice))

    def test_not_utf8(self, tmp_path: Path) -> None:
        (tmp_path / "pack.yml").write_bytes("id: 电".encode("gb18030"))

        with pytest.raises(InputError, match="is not UTF-8"):
            load_pack(tmp_path)

    def test_a_list_instead_of_a_mapping(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="holds a list"):
            load_pack(write(tmp_path, "- a\n"))

    def test_nothing_but_brackets(self, tmp_path: Path) -> None:
        with pytest.raises(InputError):
            load_pack(write(tmp_path, "a: " + "[" * 100_000))

    def test_a_file_outside_the_pack(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="lies outside the pack"):
            load_pack(write(tmp_path / "p", SMALL + "files: {tracks: ../other.yml}\n"))

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="does not exist"):
            load_pack(write(tmp_path, SMALL + "files: {tracks: other.yml}\n"))

    def test_a_pack_that_holds_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="the pack holds nothing"):
            load_pack(write(tmp_path, SMALL[: SMALL.index("tracks:")]))

    @pytest.mark.parametrize(
        ("operator", "value"), [(">=", "null"), ("batch", "3"), (">=", "true"), (">=", "many")]
    )
    def test_a_target_whose_value_does_not_fit(self, tmp_path: Path, operator: str, value: str) -> None:
        target = (
            f'targets: [{{id: t, label: {{en: T}}, by: "2025", operator: "{operator}", value: {value}}}]\n'
        )

        with pytest.raises(InputError, match="a number with `>=`"):
            load_pack(write(tmp_path, SMALL + target))

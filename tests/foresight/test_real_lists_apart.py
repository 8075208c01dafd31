"""What a user writes into synonyms.txt has the last word, merges and partings alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.user_lists import parse_synonyms, read_user_lists
from foretrack.domains.foresight.concepts.mining import Hints, mine
from foretrack.foundation.errors import InputError

TEXTS = [
    f"Crystal nettle network (CNN) {letter}: CNN of crystal nettle networks, CNN data."
    for letter in "abcdefgh"
]


def concepts_with(hints: Hints, *forms: str) -> list[set[str]]:
    found = mine([TEXTS], hints)
    return [set(one) for one in found.forms if set(forms) & set(one)]


def test_an_acronym_is_merged_unless_the_user_parts_it() -> None:
    assert len(concepts_with(Hints(), "cnn", "crystal nettle network")) == 1
    parted = concepts_with(Hints(apart=[("CNN", "crystal nettle network")]), "cnn", "crystal nettle network")
    assert len(parted) == 2


def test_a_parting_holds_against_a_detour() -> None:
    pairs = {("cnn", "晶体网络"): 8, ("crystal nettle network", "晶体网络"): 8}
    texts = [f"{text} 晶体网络" for text in TEXTS]
    found = mine([texts], Hints(apart=[("cnn", "crystal nettle network")], pairs=pairs))
    assert not [one for one in found.forms if {"cnn", "crystal nettle network"} <= set(one)]


def test_a_word_and_its_plural_can_be_parted() -> None:
    texts = [f"Glims and a glim {letter}: glims, glims, glim, glim." for letter in "abcdefgh"]
    assert len([f for f in mine([texts]).forms if set(f) & {"glim", "glims"}]) == 1
    parted = mine([texts], Hints(apart=[("glim", "glims")]))
    assert len([f for f in parted.forms if set(f) & {"glim", "glims"}]) == 2


def test_synonyms_of_a_workspace_are_read(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("# mine\na b = AB\ncnn != news != network\n", encoding="utf-8")
    (tmp_path / "stop.txt").write_text("glider\n", encoding="utf-8")
    hints = read_user_lists(Workspace(tmp_path))
    assert hints.synonyms == [["a b", "AB"]]
    assert hints.apart == [("cnn", "news"), ("cnn", "network"), ("news", "network")]
    assert hints.unwanted == {"glider"}


@pytest.mark.parametrize("line", ["alone", "a =", "!= b", "a = b != c", "a == b"])
def test_a_line_that_says_nothing_is_an_error_with_its_number(line: str) -> None:
    with pytest.raises(InputError, match="line 2"):
        parse_synonyms(f"# remark\n{line}")


def test_one_and_not_one_is_a_contradiction() -> None:
    with pytest.raises(InputError, match=r"line 1 .* line 2"):
        parse_synonyms("CNN = network\nnetwork != cnn")


def test_lists_in_another_encoding_are_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "stop.txt").write_bytes("中国".encode("gb18030"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_user_lists(Workspace(tmp_path))

"""`classify` of texts and files. All texts are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretrack.domains.foresight.actions.tracks import TrackAnswer, answers_json, classify
from foretrack.foundation.errors import InputError


def tracks(*arguments: object) -> list[str]:
    (given,) = arguments
    return [answer.track for answer in classify(given, embedder="none")]  # type: ignore[arg-type]


def test_a_text_gives_one_answer() -> None:
    (answer,) = classify("Vanadium redox flow batteries", embedder="none")

    assert (answer.direction, answer.track, answer.product) == ("energy", "new-energy-storage", "none")
    assert answer.p == answer.probabilities["new-energy-storage"]
    assert len(answer.probabilities) == 3
    assert answer.p_none < 0.5


def test_products_are_a_vocabulary_of_their_own() -> None:
    (answer,) = classify("Brain-computer interfaces for stroke rehabilitation", embedder="none")

    assert (answer.track, answer.product) == (
        "medical-equipment-health-products",
        "brain-computer-interfaces",
    )


def test_the_documented_json() -> None:
    (value,) = answers_json(classify(["全钒液流电池储能"], embedder="none", top=1))

    assert list(value) == [
        "text", "direction", "track", "p", "p_none", "probabilities", "why", "product", "pack", "method",
    ]  # fmt: skip
    assert list(value["probabilities"]) == ["new-energy-storage"]
    assert json.loads(json.dumps(value, ensure_ascii=False)) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "Tokamak walls\n\n脑机接口\n"),
        ("a.csv", "Title,Abstract\nWalls,of a tokamak\nScreens,脑机接口\n"),
        ("a.csv", "id;text\n1;Tokamak walls\n2;脑机接口\n"),
        ("a.tsv", "title\tyear\nTokamak walls\t2020\n脑机接口\t2021\n"),
        ("a.jsonl", '{"title": "Walls", "abstract": "of a tokamak"}\n"脑机接口"\n'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_of_many_texts(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)

    assert tracks(path) == tracks(str(path)) == ["nuclear-fusion", "medical-equipment-health-products"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "# Tokamak\n\nWalls of a tokamak.\n"),
        (
            "a.html",
            "<title>x</title><style>drone{}</style><p>Walls of a <b>tokamak</b></p><script>drone()</script>",
        ),
    ],
)
def test_files_of_one_text(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    assert tracks(path) == ["nuclear-fusion"]


def test_a_row_without_text_is_answered_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,abstract\nTokamak walls,\n,\n", encoding="utf-8")

    assert tracks(path) == ["nuclear-fusion", "none"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"name,year\nx,1\n", "has the columns name, year"),
        ("a.jsonl", b'{"title": "x"}\n{"ti', "line 2: not JSON"),
        ("a.jsonl", b'{"name": "x"}\n', "line 1: no `text` or `title`"),
        ("a.txt", b"", "there is no text to classify"),
        ("a.txt", b"\xff\xff\xff\x00\x81", "is no text in UTF-8"),
        ("a.png", b"\x89PNG", "is a .png file"),
    ],
)
def test_a_bad_file_is_a_clear_error(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(InputError) as caught:
        classify(path, embedder="none")

    assert said in str(caught.value)
    assert "To do: " in str(caught.value)


def test_a_name_that_can_only_be_a_file_must_exist() -> None:
    with pytest.raises(InputError, match=r"there is no file no-such\.csv"):
        classify("no-such.csv", embedder="none")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        classify(tmp_path, embedder="none")


def test_unknown_pack_and_embedder_are_named() -> None:
    with pytest.raises(InputError, match="there is no pack 'x'"):
        classify("text", pack_ids=["x"], embedder="none")
    with pytest.raises(InputError, match="there is no embedder 'x'"):
        classify("text", embedder="x")


def test_a_pack_of_the_workspace_gives_a_second_answer(tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "house"
    folder.mkdir(parents=True)
    (folder / "pack.yml").write_text(
        "id: house\ntitle: {en: An invented house}\nvalid_from: '2025-01-01'\n"
        "directions: [{id: kitchen, label: {en: Kitchen}}]\n"
        "tracks: [{id: hobs, direction: kitchen, label: {en: Induction hob}}]\n",
        encoding="utf-8",
    )

    answers = classify(
        "Induction hobs", pack_ids=["cn-future-industries-2024", "house"], workspace=tmp_path, embedder="none"
    )

    assert [(answer.pack, answer.track) for answer in answers] == [
        ("cn-future-industries-2024", "none"),
        ("house", "hobs"),
    ]


def test_the_default_model_with_a_workspace_keeps_vectors_and_repeats_itself(tmp_path: Path) -> None:
    first = classify("Redox flow batteries for the grid", workspace=tmp_path)
    parts = list((tmp_path / "vectors").rglob("*.npz"))
    second = classify("Redox flow batteries for the grid", workspace=tmp_path)

    assert parts
    assert first == second
    assert isinstance(first[0], TrackAnswer)
    assert first[0].track == "new-energy-storage"

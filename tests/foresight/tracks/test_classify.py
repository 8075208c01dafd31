"""Texts and concepts to tracks, without an embedding model unless said. All texts are invented."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.sparse import csr_array

from foretrack.domains.foresight.tracks.classify import TrackProbabilities, classify_concepts, classify_texts
from foretrack.domains.foresight.tracks.fitted import FITTED, model_for
from foretrack.language.embedding.centring import unit_rows
from foretrack.language.embedding.port import Vectors
from foretrack.packs.loading import choose_pack, load_packs
from foretrack.packs.shapes import NONE, Pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return choose_pack(load_packs(), "cn-future-industries-2024")


class Letters:
    """An invented embedding model: counts of characters."""

    name = "invented-letters"
    dimension = 64

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                vectors[row, ord(character) % self.dimension] += 1
        return unit_rows(vectors)


@pytest.mark.parametrize(
    ("text", "direction", "track"),
    [
        ("Solid-state batteries with a sulfide electrolyte", "energy", "new-energy-storage"),
        ("一种全固态电池及其制备方法", "energy", "new-energy-storage"),
        ("Instruction tuning of large language models", "information", "large-models"),
        ("面向医疗问诊的大语言模型微调", "information", "large-models"),
        ("Fault-tolerant quantum computers with superconducting qubits", "information", "quantum-computing"),
        ("Tokamak divertor heat loads", "energy", "nuclear-fusion"),
        ("载人潜水器耐压壳的疲劳", "space", "deep-sea-submersibles"),
        ("Base editing with CRISPR for sickle-cell disease", "health", "cell-gene-technology"),
        ("Perovskite solar cells by slot-die coating", "energy", "thin-film-solar"),
        ("Icebreaker hull design for polar ships", "space", "polar-exploration"),
        ("Shield tunnelling machine for metro tunnels", "space", "urban-underground-space"),
        ("Humanoid robots on the assembly line", "manufacturing", "intelligent-manufacturing"),
        ("High-tc superconducting tape", "materials", "superconducting-materials"),
        ("A survey of the opinions of librarians", NONE, NONE),
        ("Convergence of stochastic gradient descent", NONE, NONE),
        ("experimental results", NONE, NONE),
        ("neural network", NONE, NONE),
        ("本文研究了社会网络中的信任", NONE, NONE),
        ("", NONE, NONE),
    ],
)
def test_texts_of_both_languages(pack: Pack, text: str, direction: str, track: str) -> None:
    assert classify_texts([text], pack, None).decide()[0][:2] == (direction, track)


def test_rows_are_probabilities_over_all_tracks_and_none(pack: Pack) -> None:
    found = classify_texts(["hydrogen storage", "poetry"], pack, None)

    assert found.ids[-1] == NONE
    assert found.matrix.shape == (2, len(pack.tracks) + 1)
    assert np.allclose(found.matrix.sum(axis=1), 1, atol=1e-5)
    assert ((found.matrix >= 0) & (found.matrix <= 1)).all()


def test_reasons_name_the_terms(pack: Pack) -> None:
    found = classify_texts(["Electrolyser stacks for green hydrogen", "poetry"], pack, None)

    assert "hydrogen-energy: term" in found.reasons[0][0]
    assert "green hydrogen" in found.reasons[0][0]
    assert found.reasons[1] == ("no telling term of any track",)


def test_directions_compete_by_their_sums_with_none() -> None:
    def answer(*row: float) -> tuple[str, str, float]:
        matrix = np.array([row], dtype=np.float32)
        given = TrackProbabilities("p", ("a1", "a2", "b1", NONE), ("a", "a", "b", NONE), matrix, ((),), "m")
        return given.decide()[0]

    assert answer(0.2, 0.2, 0.09, 0.51)[:2] == (NONE, NONE)
    assert answer(0.2, 0.1, 0.3, 0.4)[:2] == (NONE, NONE)
    assert answer(0.25, 0.2, 0.3, 0.25)[:2] == ("a", "a1")
    assert answer(0.1, 0.1, 0.5, 0.3)[:2] == ("b", "b1")


def test_the_same_text_gets_the_same_answer_alone_and_in_a_crowd(pack: Pack) -> None:
    texts = ["gene therapy", "laser welding of titanium", "mooring systems"]

    together = classify_texts(texts, pack, Letters()).matrix
    alone = np.concatenate([classify_texts([text], pack, Letters()).matrix for text in texts])

    assert np.allclose(together, alone, atol=1e-6)


class TestConcepts:
    def test_spellings_titles_and_neighbours_all_count(self, pack: Pack) -> None:
        labels = ["lfp", "cell 26650", "dendrite", "general matter"]
        column = [track.id for track in pack.tracks].index("new-energy-storage")
        links = csr_array(
            np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]], dtype=np.float32)
        )

        bare = classify_concepts(labels, [[]] * 4, [[]] * 4, None, pack, None)
        spelt = classify_concepts(
            labels, [["lithium iron phosphate battery"], [], [], []], [[]] * 4, None, pack, None
        )
        told = classify_concepts(
            labels, [[]] * 4, [[], ["Ageing of lithium-ion batteries"], [], []], None, pack, None
        )
        linked = classify_concepts(labels, [["lithium battery"], [], [], []], [[]] * 4, links, pack, None)

        assert spelt.matrix[0, column] > bare.matrix[0, column] + 0.3
        assert told.matrix[1, column] > bare.matrix[1, column] + 0.05
        assert linked.matrix[2, column] > bare.matrix[2, column]
        assert linked.decide()[3][1] == NONE
        assert any("100% of its titles" in reason for reason in told.reasons[1])

    def test_only_unsettled_labels_are_embedded(self, pack: Pack) -> None:
        model = Letters()

        classify_concepts(
            ["lithium battery", "electrolyte", "general matter"], [[]] * 3, [[]] * 3, None, pack, model
        )

        assert "electrolyte" in model.seen
        assert "lithium battery" not in model.seen
        assert "general matter" not in model.seen

    def test_no_concepts(self, pack: Pack) -> None:
        found = classify_concepts([], [], [], csr_array((0, 0), dtype=np.float32), pack, Letters())

        assert found.matrix.shape == (0, len(pack.tracks) + 1)
        assert found.decide() == []


def test_weights_say_where_they_come_from(pack: Pack) -> None:
    method = classify_texts(["x"], pack, None).method

    assert method.startswith("tracks-logit/1 text labels:")
    assert method.endswith("none")
    assert "(weights)" in model_for("text", "a user's model").name
    assert {mode for mode, _ in FITTED} == {"text", "concept"}

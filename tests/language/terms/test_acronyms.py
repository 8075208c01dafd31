"""Acronyms are joined to what documents introduce them for, and to nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from foretrack.language.folding import fold
from foretrack.language.terms.acronyms import introduced_acronyms
from foretrack.language.tokens import tokenise


def introduced(text: str) -> dict[str, str]:
    tokens = tokenise([[text]])
    folding = fold(tokens.words, np.ones(len(tokens.words), dtype=np.int64))
    return {
        folding.spellings[acronym]: " ".join(folding.spellings[word] for word in words)
        for acronym, words in introduced_acronyms(tokens, folding)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("large language models (LLMs) are", {"llms": "large language models"}),
        ("a brain-computer interface (BCI) for", {"bci": "brain computer interface"}),
        ("the Internet of Things (IoT)", {"iot": "internet of things"}),
        ("by area under the curve (AUC).", {"auc": "area under the curve"}),
        ("we use convolutional neural networks (CNN)", {"cnn": "convolutional neural networks"}),
        ("a hidden Markov model (HMM), and", {"hmm": "hidden markov model"}),
    ],
)
def test_an_introduced_acronym_is_found(text: str, expected: dict[str, str]) -> None:
    assert introduced(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a neural network (see below)",
        "our results (Table 2) show",
        "trained on images (n)",
        "large language models (GPT) are",
        "we find this. Large things (LLM)",  # a full stop is between the words and the bracket
        "(LLM) stands alone",
        "accuracy (95)",
        "graph (a b c)",
        "network(s) (in general) are",
        "",
    ],
)
def test_a_bracket_that_introduces_nothing_is_passed_over(text: str) -> None:
    assert introduced(text) == {}


def test_the_expansion_does_not_reach_over_punctuation() -> None:
    assert "llm" not in introduced("large, language model (LLM)")


def test_every_introduction_counts() -> None:
    tokens = tokenise([["machine learning (ML)", "machine learning (ML) and more learning (ML)"]])
    folding = fold(tokens.words, np.ones(len(tokens.words), dtype=np.int64))
    found = introduced_acronyms(tokens, folding)
    assert sum(count for (_, words), count in found.items() if len(words) == 2) >= 2

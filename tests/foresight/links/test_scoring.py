"""Links learnt and judged: only from what had matured, the same on any threads, and better than their size alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest

from foretrack.domains.foresight.links.cases import LinkCase, make_case
from foretrack.domains.foresight.links.model import LinkModel
from foretrack.domains.foresight.links.pairs import outcome, prepare
from foretrack.domains.foresight.links.scoring import (
    score_links,
    weighted_auc,
    weighted_average_precision,
)
from foretrack.foundation.errors import EvidenceError

N = 300
LAST = 2015


def invented_mentions() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Concepts of six fields; a document takes most of its concepts from one field, so that nearness foretells."""
    rng = np.random.default_rng(5)
    field = np.arange(N) % 6
    size = rng.gamma(2.0, 1.0, N) + 0.2
    documents, concepts, years = [], [], []
    for number in range(3600):
        years.append(2000 + number * (LAST + 4 - 2000) // 3600)
        weight = size * np.where(field == rng.integers(6), 1.0, 0.05)
        chosen = rng.choice(N, 4, replace=False, p=weight / weight.sum())
        documents += [number] * 4
        concepts += chosen.tolist()
    return np.array(documents), np.array(concepts), np.array(years)


def invented_cases() -> list[LinkCase]:
    found = invented_mentions()
    ids = [f"c{i}" for i in range(N)]
    names = [(f"{chr(97 + i % 26) * 3}{i:04d}{chr(97 + i // 26) * 4}",) for i in range(N)]
    cases = []
    for year in range(2006, LAST + 1):
        graph = prepare(*found, ids=ids, names=names, as_of=year)
        rng = np.random.default_rng([20, year])
        cases.append(make_case(graph, outcome(graph, *found), rng, max_true=800, max_false=3000))
    return cases


@pytest.fixture(scope="module")
def cases() -> list[LinkCase]:
    return invented_cases()


def test_the_model_beats_preferential_attachment_where_fields_decide(cases: list[LinkCase]) -> None:
    found = score_links(cases, [2013, 2014, 2015], seed=20, draws=200)
    assert found["auc"]["value"] > 0.65
    assert found["difference"]["low"] > 0.01
    for name in ("auc", "ap"):
        assert found[name]["low"] < found[name]["value"] < found[name]["high"]
    assert set(found["by_origin"]) == {"2013", "2014", "2015"}
    assert found["learnt_from"]["2013"] == [2007, 2008, 2009, 2010]
    assert 0 < found["base_rate"]["value"] < 0.2


def test_what_had_not_matured_teaches_nothing(cases: list[LinkCase]) -> None:
    """The outcomes of 2011 and later are turned round: a forecast of 2013 must not notice."""
    rng = np.random.default_rng(0)
    changed = [
        case
        if case.origin <= 2010
        else LinkCase(
            case.origin,
            case.ids,
            case.pairs,
            case.features,
            rng.permutation(case.documents),
            case.stands_for,
            case.n_open,
        )
        for case in cases
    ]
    asked = next(case for case in cases if case.origin == 2013).features
    one, other = LinkModel().fit(cases, 2013), LinkModel().fit(changed, 2013)
    assert one.probability(asked).tobytes() == other.probability(asked).tobytes()
    leaking = LinkModel().fit(changed, 2016)
    assert LinkModel().fit(cases, 2016).probability(asked).tobytes() != leaking.probability(asked).tobytes()


def test_too_few_matured_pairs_are_no_evidence(cases: list[LinkCase]) -> None:
    with pytest.raises(EvidenceError, match="not enough evidence for links as of 2008"):
        LinkModel().fit(cases, 2008)
    with pytest.raises(EvidenceError, match="not enough evidence to judge links"):
        score_links(cases[:1], [2006], seed=20, draws=10)


def test_an_origin_without_training_is_left_out_and_said_so(cases: list[LinkCase]) -> None:
    found = score_links(cases, [2007, 2014], seed=20, draws=20)
    assert list(found["by_origin"]) == ["2014"]
    assert "2007" in found["left_out"]


def test_weights_are_repetitions() -> None:
    rng = np.random.default_rng(3)
    score, truth = rng.integers(0, 6, 40).astype(float), rng.random(40) < 0.4
    weight = rng.integers(1, 5, 40)
    repeated = np.repeat(np.arange(40), weight)
    one = np.ones(len(repeated))
    for measure in (weighted_auc, weighted_average_precision):
        assert measure(score, truth, weight.astype(float)) == pytest.approx(
            measure(score[repeated], truth[repeated], one)
        )


_PROGRAM = """
import hashlib, json
from tests.foresight.links.test_scoring import invented_cases
from foretrack.domains.foresight.links.scoring import score_links
cases = invented_cases()
digest = hashlib.blake2b(b"".join(case.features.tobytes() for case in cases)).hexdigest()
print(json.dumps([digest, score_links(cases, [2014], seed=20, draws=50)], sort_keys=True))
"""


def test_the_same_bytes_on_any_number_of_threads() -> None:
    told = []
    for threads in ("1", "4"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True,
            env={**os.environ, **dict.fromkeys(names, threads), "PYTHONPATH": os.getcwd()},
        )  # fmt: skip
        told.append(done.stdout)
    assert told[0] == told[1]
    assert "by_origin" in json.loads(told[0])[1]

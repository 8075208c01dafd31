"""Slow answers are computed once, beside the pages, and never pile up."""

from __future__ import annotations

import threading

import pytest

from foretrack.domains.foresight.doors.web.waiting import Beside
from foretrack.foundation.errors import EvidenceError, OutsideError


def test_an_answer_is_computed_once_however_many_ask() -> None:
    beside, runs, go = Beside(), [], threading.Event()

    def slow() -> int:
        runs.append(1)
        go.wait(10)
        return 7

    assert beside.answer("q", slow, patience=0.01) is None
    assert beside.answer("q", slow, patience=0.01) is None
    go.set()
    assert beside.answer("q", slow, patience=10) == 7
    assert beside.answer("q", slow) == 7
    assert len(runs) == 1


def test_an_error_is_told_to_whoever_asked_and_the_next_one_asks_anew() -> None:
    beside, runs = Beside(), []

    def fails() -> int:
        runs.append(1)
        raise EvidenceError("too little", expected="more", do="add")

    for _ in range(2):
        with pytest.raises(EvidenceError):
            beside.answer("q", fails, patience=10)
    assert len(runs) == 2
    assert beside.answer("other", lambda: 1, patience=10) == 1


def test_more_questions_than_it_takes_are_sent_away() -> None:
    beside, go = Beside(queued=2), threading.Event()
    for name in "ab":
        assert beside.answer(name, lambda: go.wait(10), patience=0.01) is None

    with pytest.raises(OutsideError):
        beside.answer("c", lambda: 1, patience=0.01)
    go.set()
    assert beside.answer("b", lambda: False, patience=10) is True
    assert beside.answer("c", lambda: 1, patience=10) == 1


def test_what_was_answered_longest_ago_makes_room() -> None:
    beside, runs = Beside(kept=2), []
    for name in ("a", "b", "c", "a"):
        beside.answer(name, lambda name=name: runs.append(name), patience=10)  # type: ignore[misc]

    assert runs == ["a", "b", "c", "a"]

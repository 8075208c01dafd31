"""A verdict is told in both languages, and says which scores not to believe."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.backtest.audit.findings import LEAKS, Finding, Leak, Verdict
from foretrack.domains.foresight.doors import speech
from foretrack.domains.foresight.doors.audit_words import audit_in_words

CLEAN = Verdict(True, 40, (2012, 2019), tuple(range(2005, 2013)), (), ())
LEAK = Finding("scaling", "leak", 2012, "concept", "model", "what model forecasts in 2012 changes")
MARK = Finding("coverage break", "mark", 2012, "concept", "s (paper)", "source s (paper) starts in 2013")


def test_every_kind_of_leak_has_words() -> None:
    assert set(speech.LEAKS) == set(LEAKS) == set(get_args(Leak))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_verdict_in_words(language: str) -> None:
    say = speech.speak(language)
    clean = audit_in_words(to_json(CLEAN), say)
    marked = audit_in_words(to_json(dataclasses.replace(CLEAN, marked=(2012,), findings=(MARK,))), say)
    leaking = audit_in_words(to_json(dataclasses.replace(CLEAN, clean=False, findings=(LEAK, MARK))), say)

    assert "2012, 2019" in clean[1]
    assert "2005–2012" in clean[1]
    assert clean[0] == marked[0] != leaking[0]
    assert any("2013" in line for line in marked)
    assert say(speech.LEAKS["scaling"]) in leaking[0]
    assert not any("2013" in line for line in leaking)
    if language == "zh":
        assert "泄漏" in clean[0]

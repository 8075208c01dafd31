"""The answer of a rule of eligibility with its whole trace, as applicants and recommending bodies read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.web.speech import Words, page_language, say

STANDINGS = Words({"met": "met", "not met": "not met", "undecided": "undecided"})
HOW = Words(
    {
        "all": "all of these", "any": "one of these", "at least": "at least {n} of these", "not": "none of these",
        "if": "if", "indicator": "value", "score": "score", "rule": "another rule",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Test:
    """One condition of the rule with what it found."""

    depth: int
    label: str
    standing: str
    standing_word: str
    has: str
    needs: str
    unit: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing between the record and the outcome `met`."""

    label: str
    has: str
    needs: str
    unit: str
    short: str
    alternative: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A rule's answer in words."""

    rule: str
    href_pack: str
    href_entry: str
    label: str
    on: str
    outcome: str
    outcome_word: str
    problem: str
    score: str
    maximum: str
    gaps: tuple[Missing, ...]
    undecided: tuple[str, ...]
    """Indicators without a value, beside those among the gaps."""
    strange: tuple[str, ...]
    """Values that no indicator takes, and why."""
    tests: tuple[Test, ...]


def trace_of(found: Mapping[str, Any]) -> Trace | None:
    """The answer as a submission keeps it, in words; None where no rule was asked."""
    if not found:
        return None
    answer: Mapping[str, Any] = found.get("answer") or {}
    pack, _, entry = str(found["rule"]).partition("/")
    score = found.get("score") or [0, 0]
    outcome = str(found["outcome"])
    gaps = {gap["name"] for gap in answer.get("gaps", ())}
    used = {
        one["indicator"]: _text(one["label"])
        for item in answer.get("items", ())
        for one in item.get("used", ())
    }
    tests = [
        *_tests(answer.get("gate"), 0),
        *(
            test
            for part in (*answer.get("shortcuts", ()), *answer.get("exclusions", ()))
            for test in _tests(part, 0)
        ),
    ]
    return Trace(
        rule=str(found["rule"]), href_pack=pack, href_entry=entry, label=_text(answer.get("label")), on=str(found["on"]),
        outcome=outcome, outcome_word=say(STANDINGS[outcome]), problem=str(found.get("problem", "")),
        score=_number(score[0]) if score[0] == score[1] else f"{_number(score[0])}–{_number(score[1])}",
        maximum=_number(found.get("maximum") or 0) if found.get("maximum") else "",
        gaps=tuple(
            Missing(
                _text(gap["label"]) or gap["name"], _value(gap["has"]), _needs(gap["needs"]), str(gap["unit"]),
                _value(gap["short"]), bool(gap["alternative"]),
            )
            for gap in answer.get("gaps", ())
        ),
        undecided=tuple(used.get(name) or name for name in answer.get("missing", ()) if name not in gaps),
        strange=tuple(f"{name}: {why}" for name, why in (found.get("strange") or {}).items()),
        tests=tuple(tests),
    )  # fmt: skip


def _tests(found: Mapping[str, Any] | None, depth: int) -> Iterator[Test]:
    if not found:
        return
    standing = str(found["standing"])
    label = _text(found["label"]) or say(HOW[found["what"]], n=found.get("needs") or "")
    yield Test(
        depth, label, standing, say(STANDINGS[standing]), _value(found.get("has")), _needs(found.get("needs")),
        str(found.get("unit") or ""),
    )  # fmt: skip
    for part in found.get("parts", ()):
        yield from _tests(part, depth + 1)


def _needs(said: Any) -> str:
    """What a value must be, in signs; yes and no in words."""
    sign, _, word = str(said or "").rpartition(" ")
    told = {"yes": say("yes"), "no": say("no")}.get(word, word)
    return f"{sign} {told}" if sign else told


def _text(label: Mapping[str, str] | None) -> str:
    said = label or {}
    return said.get(page_language()) or said.get("en") or said.get("zh") or ""


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        return _number(low) if low == high else f"{_number(low)}–{_number(high)}"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)

"""Conditions as data: field, operator, value; and what of them a step from one state of a subject to the next fulfils.

Pure. There is no pattern language, so no condition can be slow; every condition is checked against what can be watched.

    level     eq, in, above, below          is so now, and was not before
    event     changed, moved, entered, left, new, gone
    time      due, stale                    becomes so by waiting
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias, get_args

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual

Json: TypeAlias = Any
Operator: TypeAlias = Literal[
    "eq", "in", "above", "below", "changed", "moved", "entered", "left", "new", "gone", "due", "stale"
]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
LEVEL, TIME = ("eq", "in", "above", "below"), ("due", "stale")
WHOLE = ("new", "gone", "stale")
"""Operators that take no field."""
TYPES: Mapping[str, tuple[Operator, ...]] = {
    "number": ("eq", "in", "above", "below", "changed", "moved"),
    "day": ("eq", "above", "below", "changed", "due"),
    "deadline": ("due",),
    "text": ("eq", "in", "changed"),
    "choice": ("eq", "in", "changed", "entered", "left"),
}
"""Operators that a type of trait bears."""
MOST_CONDITIONS = 20
MOST_VALUES = 50
MOST_TEXT = 200
MOST_DAYS = 3650

Together: TypeAlias = Literal["all", "any"]


@dataclass(frozen=True, slots=True)
class Trait:
    """Something about a subject that a condition may name."""

    name: str
    label: Bilingual
    type: str
    """number, day, deadline, text or choice."""
    options: tuple[str, ...] = ()
    """Of a choice; empty where they are not known beforehand."""
    labels: Mapping[str, Bilingual] = field(default_factory=dict)
    """Of options: how people call them."""
    rank: bool = False
    """A place in an order: the smaller, the better."""

    def show(self, value: Json, language: str) -> str:
        """A value as people read it in a language."""
        if isinstance(value, list):
            return ("、" if language == "zh" else ", ").join(self.show(one, language) for one in value)
        if isinstance(value, float):
            return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
        text = str(value)
        return self.labels[text].text(language) if text in self.labels else text


@dataclass(frozen=True, slots=True)
class Idea:
    """A condition that a form offers in words, with at most one number to choose."""

    name: str
    label: Bilingual
    """With a place `{n}` where the number stands."""
    condition: str
    """As it is typed, with the same place."""
    n: int | None = None
    """The number to begin with; None for an idea without one."""
    low: int = 1
    high: int = 1_000_000
    part_of: int = 1
    """What the number is divided by before it is compared: 100 for per cent."""
    add: int = 0
    """What is added to it: among the first 10 is a rank below 11."""
    chosen: bool = False

    def typed(self, n: int | None) -> str:
        """The condition with a number.

        >>> Idea("top", Bilingual("among the first {n}"), "rank below {n}", 10, add=1).typed(5)
        'rank below 6'
        """
        if self.n is None:
            return self.condition
        number = (self.n if n is None else min(max(n, self.low), self.high)) + self.add
        return self.condition.replace("{n}", f"{number / self.part_of:g}")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition."""

    operator: Operator
    field: str = ""
    value: Json = None

    def to_json(self) -> dict[str, Json]:
        """As it is stored and shown."""
        return {"field": self.field, "operator": self.operator, "value": self.value}

    @property
    def typed(self) -> str:
        """As `parse_condition` reads it.

        >>> Condition("in", "state", ["emerging", "growing"]).typed, Condition("new").typed
        ('state in emerging, growing', 'new')
        """
        value = ", ".join(map(str, self.value)) if isinstance(self.value, list) else self.value
        return " ".join(str(part) for part in (self.field, self.operator, value) if part not in ("", None))


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must happen for an alert: any of them, or all in one step."""

    together: Together = "any"
    those: tuple[Condition, ...] = (Condition("new"),)

    @property
    def wait(self) -> bool:
        """Whether time alone may fulfil them."""
        return any(c.operator in TIME for c in self.those)

    def to_json(self) -> dict[str, Json]:
        """As they are stored."""
        return {self.together: [c.to_json() for c in self.those]}


@dataclass(frozen=True, slots=True)
class Sight:
    """What the owner of a rule sees of a subject at one time."""

    values: Mapping[str, Json]
    updated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that is fulfilled: codes and values, from which a sentence is made when somebody reads it."""

    code: str
    state: str = ""
    """Two findings of one code and state about one subject are the same alert."""
    found: tuple[Mapping[str, Json], ...] = field(default=())


def read_conditions(raw: Json, traits: Mapping[str, Trait]) -> Conditions:
    """The conditions in JSON `{"any": [{"field": ..., "operator": ..., "value": ...}]}`.

    Without any, a rule tells what is new. InputError naming the condition, what was expected and an example.

    >>> rank = {"rank": Trait("rank", Bilingual("Rank", "名次"), "number")}
    >>> read_conditions({"all": [{"field": "rank", "operator": "below", "value": "11"}]}, rank).those[0].value
    11
    """
    if not raw:
        return Conditions()
    if (
        not isinstance(raw, Mapping)
        or len(raw) != 1
        or (together := next(iter(raw))) not in get_args(Together)
    ):
        raise InputError.of(
            "conditions are {found}", expected='{{"any": [...]}} or {{"all": [...]}}', do="write them as in {example}",
            found=_shown(raw), example='{"any": [{"field": "status", "operator": "entered", "value": "accepted"}]}',
        )  # fmt: skip
    given = raw[together]
    if not isinstance(given, Sequence) or isinstance(given, str) or not 0 < len(given) <= MOST_CONDITIONS:
        raise InputError.of(
            "{found} is no list of conditions", expected="1 to {most} conditions", do="make several rules of it",
            found=_shown(given), most=MOST_CONDITIONS,
        )  # fmt: skip
    return Conditions(together, tuple(_condition(one, traits) for one in given))


def parse_condition(text: str, traits: Mapping[str, Trait]) -> Condition:
    """A condition as it is typed: `rank below 11`, `status entered accepted`, `new`, `due_on due 5`, `stale 90`.

    >>> state = {"state": Trait("state", Bilingual("State", "状态"), "choice", ("emerging", "growing"))}
    >>> parse_condition("state in emerging, growing", state).value
    ['emerging', 'growing']
    """
    parts = text.split(None, 2)
    if parts and parts[0] in WHOLE:
        return _condition({"operator": parts[0], "value": " ".join(parts[1:]) or None}, traits)
    operator = parts[1] if len(parts) > 1 else ""
    value: Json = parts[2] if len(parts) > 2 else None
    if operator == "in" and value is not None:
        value = [one.strip() for one in value.replace("，", ",").split(",") if one.strip()]
    return _condition({"field": parts[0] if parts else "", "operator": operator, "value": value}, traits)


def _condition(raw: Json, traits: Mapping[str, Trait]) -> Condition:
    if not isinstance(raw, Mapping) or not set(raw) <= {"field", "operator", "value"}:
        raise InputError.of(
            "the condition {found} is none", expected="field, operator and value", do="write it as in {example}",
            found=_shown(raw), example='{"field": "rank", "operator": "below", "value": 11}',
        )  # fmt: skip
    name, operator, value = raw.get("field") or "", raw.get("operator"), raw.get("value")
    if operator not in OPERATORS:
        raise InputError.of(
            "the operator {found} does not exist", expected="one of {known}", do="choose one", found=_shown(operator),
            known=", ".join(OPERATORS),
        )  # fmt: skip
    if operator in WHOLE:
        if name:
            raise InputError.of(
                "{operator} takes no field", expected="the operator alone", do="leave {field} out", operator=operator,
                field=_shown(name),
            )  # fmt: skip
        return Condition(operator, "", _days(operator, value) if operator == "stale" else None)
    if not isinstance(name, str) or name not in traits:
        raise InputError.of(
            "{field} cannot be watched here", expected="one of {known}", do="choose one", field=_shown(name),
            known=", ".join(traits),
        )  # fmt: skip
    trait = traits[name]
    if operator not in TYPES[trait.type]:
        raise InputError.of(
            "{operator} says nothing about {field}", expected="one of {known}", do="choose one", operator=operator,
            field=name, known=", ".join(TYPES[trait.type]),
        )  # fmt: skip
    return Condition(operator, name, _value(operator, value, trait))


def _value(operator: str, value: Json, trait: Trait) -> Json:
    if operator == "changed":
        return None
    if operator == "due":
        return _days(operator, value)
    if operator == "moved":
        number = _one(value, Trait(trait.name, trait.label, "number"))
        if number <= 0:
            raise _wrong(trait.name, value, "a number above 0")
        return number
    if operator in ("in", "entered", "left"):
        many = [value] if isinstance(value, str | int | float) else value
        if not isinstance(many, Sequence) or not 0 < len(many) <= MOST_VALUES:
            raise _wrong(trait.name, value, "at least one value")
        return [_one(one, trait) for one in many]
    return _one(value, trait)


def _one(value: Json, trait: Trait) -> Json:
    if trait.type == "number":
        try:
            number = (
                float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
            )
        except ValueError:
            number = None
        if number is None or number != number or abs(number) > 1e15:
            raise _wrong(trait.name, value, "a number")
        return int(number) if number == int(number) else number
    if trait.type == "day":
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise _wrong(trait.name, value, "a day such as 2026-03-01") from None
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if not text or len(text) > MOST_TEXT:
        raise _wrong(trait.name, value, "a text")
    if trait.options and text not in trait.options:
        raise InputError.of(
            "{field} is never {found}", expected="one of {known}", do="choose one", field=trait.name,
            found=_shown(value), known=", ".join(trait.options),
        )  # fmt: skip
    return text


def _days(operator: str, value: Json) -> int:
    text = str(value).strip() if value is not None else ""
    days = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not 0 < days <= MOST_DAYS:
        raise InputError.of(
            "{operator} within {found}", expected="a whole number of days from 1 to {most}", do="write {example}",
            operator=operator, found=_shown(value), most=MOST_DAYS, example=f"{operator} 10",
        )  # fmt: skip
    return days


def _wrong(name: str, value: Json, expected: str) -> InputError:
    return InputError.of(
        "{field} is compared with {found}",
        expected=expected,
        do="correct the value",
        field=name,
        found=_shown(value),
    )


def _shown(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def findings(
    conditions: Conditions, before: Sight | None, after: Sight | None, *, today: date,
    add_working_days: Callable[[date, int], date], waiting: bool = False,
) -> tuple[Finding, ...]:  # fmt: skip
    """What a step fulfils: from `before` (None: it was not there, or hidden) to `after` (None: it is gone, or hidden).

    Args:
        waiting: nothing was changed, only time went by: `before` is what is there now, and only conditions of time count.

    >>> rise = Conditions("any", (Condition("below", "rank", 11), Condition("moved", "rank", 5)))
    >>> step = Sight({"rank": 20}), Sight({"rank": 9})
    >>> [f.code for f in findings(rise, *step, today=date(2026, 3, 1), add_working_days=lambda d, n: d)]
    ['below', 'moved']
    """
    made: list[Finding] = []
    for condition in conditions.those:
        found = _fulfilled(condition, before, after, today, add_working_days, waiting)
        edge = found is not None and _is_edge(condition, before, waiting)
        if conditions.together == "any":
            if found is not None and edge:
                made.append(found)
        elif found is None:
            return ()
        else:
            made.append(found)
    if conditions.together == "any" or not made:
        return tuple(made)
    timed = any(c.operator in TIME for c in conditions.those)
    if not timed and not any(_is_edge(c, before, waiting) for c in conditions.those):
        return ()
    if len(made) == 1:
        return tuple(made)
    state = ";".join(dict.fromkeys(f.state for f in made if f.state))[:200]
    return (Finding("together", state, tuple(said for f in made for said in f.found)),)


def _is_edge(condition: Condition, before: Sight | None, waiting: bool) -> bool:
    """Whether a fulfilled condition is news: a level counts only when it was not there before."""
    if condition.operator in LEVEL:
        return not waiting and not (before is not None and _holds(condition, before.values))
    return True


def _fulfilled(
    condition: Condition, before: Sight | None, after: Sight | None, today: date,
    add_working_days: Callable[[date, int], date], waiting: bool,
) -> Finding | None:  # fmt: skip
    operator, name = condition.operator, condition.field
    if operator == "gone":
        return None if before is None or after is not None else Finding("gone", "", (condition.to_json(),))
    if after is None:
        return None
    now = after.values.get(name)
    then = before.values.get(name) if before is not None else None
    said = {**condition.to_json(), "before": then, "after": now}
    if operator in LEVEL:
        return Finding(operator, "", (said,)) if _holds(condition, after.values) else None
    if operator == "stale":
        if after.updated_on is None or (today - after.updated_on).days < condition.value:
            return None
        since = after.updated_on.isoformat()
        return Finding("stale", since, ({**condition.to_json(), "after": since},))
    if operator == "due":
        day = _as_day(now)
        if day is None or day > add_working_days(today, condition.value):
            return None
        return Finding("due", day.isoformat(), (said,))
    if waiting:
        return None
    if operator == "new":
        return Finding("new", "", (condition.to_json(),)) if before is None else None
    if before is None:
        # What was not seen before did not change; a state may be entered with the first sight.
        entered = operator == "entered" and _among(now, condition.value)
        return Finding("entered", _word(now), (said,)) if entered else None
    if operator == "changed":
        return Finding("changed", "", ({**said, "field": name},)) if now != then else None
    if operator == "moved":
        moved = _number(now), _number(then)
        if moved[0] is None or moved[1] is None or abs(moved[0] - moved[1]) < condition.value:
            return None
        return Finding("moved", "", (said,))
    if operator == "entered":
        is_so = _among(now, condition.value) and not _among(then, condition.value)
        return Finding("entered", _word(now), (said,)) if is_so else None
    is_so = _among(then, condition.value) and not _among(now, condition.value)
    return Finding("left", _word(then), (said,)) if is_so else None


def _holds(condition: Condition, values: Mapping[str, Json]) -> bool:
    now = values.get(condition.field)
    if condition.operator == "in":
        return _among(now, condition.value)
    if condition.operator == "eq":
        return _among(now, [condition.value])
    if isinstance(condition.value, str):
        day = _as_day(now)
        if day is None:
            return False
        limit = date.fromisoformat(condition.value)
        return day > limit if condition.operator == "above" else day < limit
    number = _number(now)
    if number is None:
        return False
    return bool(number > condition.value if condition.operator == "above" else number < condition.value)


def _among(value: Json, wanted: Sequence[Json]) -> bool:
    """A field of many values is among those wanted when one of its values is."""
    those = value if isinstance(value, list) else [value]
    return any(_same(one, other) for one in those for other in wanted if one is not None)


def _same(one: Json, other: Json) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return fold(_word(one)) == fold(_word(other))


def _word(value: Json) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _number(value: Json) -> float | None:
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def _as_day(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def fold(text: str) -> str:
    """Text as it is compared: width and case make no difference.

    >>> fold("ＡＩ Chip")
    'ai chip'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def has_words(words: str, texts: Sequence[str]) -> bool:
    """Whether every word stands in one of the texts; in Chinese, where nothing parts the words, every run of characters.

    >>> has_words("battery 电池", ["固态电池", "Solid-state BATTERY"]), has_words("fuel", ["battery"])
    (True, False)
    """
    there = [fold(text) for text in texts]
    return all(any(word in text for text in there) for word in fold(words).split())

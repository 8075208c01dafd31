"""Strategies of hypothesis: invented kinds, and values for their fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from foretrack.packs.shapes import Bilingual
from foretrack.records.identifiers import SCHEMES
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Email,
    ExternalId,
    Field,
    Link,
    Money,
    Number,
    Period,
    Term,
    Text,
    Web,
    YesNo,
)
from foretrack.registry.declaring.kind import Kind, State
from foretrack.registry.declaring.rows import Rows

OPTIONS = {
    "a": Bilingual("First", "甲"),
    "b;c": Bilingual("Second; and more", "乙；丙"),
    "d\\": Bilingual("Third", "丁"),
}
TERMS = {"pack/one": Bilingual("One", "一"), "pack/two": Bilingual("Two", "二")}

words = st.text(
    st.characters(codec="utf-8") | st.sampled_from(";；|｜\\'\"=+-@,\n\t电池"),
    min_size=1,
    max_size=30,
)
days = st.dates(date(1800, 1, 1), date(2200, 1, 1)).map(date.isoformat)


IN_ROWS = ("text", "bilingual", "number", "money", "day", "period", "yes_no", "choice", "term", "web", "link")
"""Sorts of field that the columns of an invented table have, one each."""


def field_of(name: str, sort: str, many: bool, lines: int) -> Field:
    label = Bilingual(f"Label of {name}", f"{name}的标签")
    if sort == "rows":
        columns = tuple(field_of(f"c_{one}", one, False, lines) for one in IN_ROWS)
        return Rows(name=name, label=label, columns=columns)
    given: dict[str, Any] = {"name": name, "label": label, "many": many}
    made: dict[str, Field] = {
        "text": Text(**given, lines=lines),
        "bilingual": BilingualText(**given, lines=lines),
        "number": Number(**given),
        "whole": Number(**given, whole=True, low=-5, high=5000),
        "money": Money(**given),
        "day": Day(**given),
        "period": Period(**given),
        "yes_no": YesNo(**given),
        "choice": Choice(**given, options=OPTIONS),
        "term": Term(**given, part="tracks", terms=lambda part: TERMS),
        "identifier": ExternalId(**given, scheme="doi"),
        "web": Web(**given),
        "email": Email(**given, visibility="private"),
        "link": Link(**given, to=("organisation", "lookout:concept")),
    }
    return made[sort]


SORTS = (
    "text", "bilingual", "number", "whole", "money", "day", "period", "yes_no", "choice", "term", "identifier", "web",
    "email", "link", "rows",
)  # fmt: skip


def one_of_field(sort: str) -> st.SearchStrategy[Any]:
    """Raw values for one value of a field: good ones, and some that it refuses."""
    good: dict[str, st.SearchStrategy[Any]] = {
        "text": words,
        "bilingual": words | st.fixed_dictionaries({}, optional={"en": words, "zh": words}),
        "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20),
        "whole": st.integers(-6, 5001),
        "money": st.decimals(-(10**12), 10**12, places=2).map(lambda d: f"{d} EUR"),
        "day": days,
        "period": st.tuples(days, days | st.just("..")).map("/".join),
        "yes_no": st.booleans() | st.sampled_from(["yes", "否"]),
        "choice": st.sampled_from([*OPTIONS, "甲", "second; and more"]),
        "term": st.sampled_from(["one", "二", "pack/two", "three"]),
        "identifier": st.sampled_from([SCHEMES["doi"].example, "https://doi.org/10.5555/A;b", "x"]),
        "web": st.sampled_from(["https://example.org/a;b?c=d", "ftp://x", "http://例子.测试/路"]),
        "email": st.sampled_from(["a@example.org", "a;b@example.org", "=x@example.org"]),
        "link": st.sampled_from(["01HZX3V9T8Q2M4N6P8R0S2T4V6", "concept:solid; state\\", "document:x"]),
    }
    if sort == "rows":
        return st.fixed_dictionaries({}, optional={f"c_{one}": st.none() | good[one] for one in IN_ROWS})
    return good[sort]


@st.composite
def kinds_with_values(draw: st.DrawFn) -> tuple[Kind, dict[str, Any]]:
    """A kind of one to six invented fields, and raw values for some of them."""
    fields: list[Field] = [BilingualText(name="title", label=Bilingual("Title", "标题"))]
    raw: dict[str, Any] = {"title": draw(words)}
    for number in range(draw(st.integers(1, 5))):
        sort, many = draw(st.sampled_from(SORTS)), draw(st.booleans())
        fields.append(field_of(f"f{number}", sort, many, draw(st.sampled_from([1, 3]))))
        one = one_of_field(sort)
        raw[f"f{number}"] = draw(st.none() | (st.lists(one, max_size=4) if many else one))
    label = Bilingual("Trial", "试验")
    state = State(name="draft", label=label, draft=True)
    return Kind(name="trial", label=label, plural=label, fields=tuple(fields), states=(state,)), raw

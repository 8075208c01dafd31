"""JSON as a stream: lines, lists, answers, faults, memory."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Rejected
from foretrack.sources.kit.compression import Limits
from foretrack.sources.kit.jsonstream import json_records
from foretrack.sources.kit.opening import open_bytes

PATHS = [("results",), ("message", "items")]
ONE, TWO = {"id": 1, "t": "α"}, {"id": 2, "n": {"results": [1]}}


def records(text: str) -> list[tuple[str, Any]]:
    found = json_records(open_bytes(text.encode()), PATHS)
    return [(e.position, e.reason) if isinstance(e, Rejected) else e for e in found]


@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_lists_objects_and_answers(indent: Any) -> None:
    def text(value: Any) -> str:
        return json.dumps(value, indent=indent)

    listed = [("record 1", ONE), ("record 2", TWO)]
    in_line = [("line 1 record 1", ONE), ("line 1 record 2", TWO)]
    answers = in_line if indent is None else listed
    assert records(text([ONE, TWO])) == listed
    assert records(text({"meta": {"a": [1]}, "results": [ONE, TWO], "z": 1})) == answers
    assert records(text({"status": "ok", "message": {"n": 2, "items": [ONE, TWO]}})) == answers
    single = "line 1" if indent is None else "record 1"
    assert records(text(ONE)) == [(single, ONE)]
    assert records(text({"message": {"id": 3}})) == [(single, {"message": {"id": 3}})]
    assert records(text({"results": []})) == []
    assert records("[]") == []


def test_lines() -> None:
    text = f'{json.dumps(ONE)}\n\n{json.dumps({"results": [TWO, 5]})}\n{{"id": 3, "t": "ha\n7\n{json.dumps(TWO)}\n'
    found = records(text)
    assert found[0] == ("line 1", ONE)
    assert found[1] == ("line 3 record 1", TWO)
    assert found[2] == ("line 3 record 2", "a JSON int; expected an object")
    assert found[3][0] == "line 4"
    assert found[3][1].startswith("not JSON (Unterminated string")
    assert found[4] == ("line 5", "a JSON int; expected an object")
    assert found[5] == ("line 6", TWO)


def test_a_first_line_that_is_broken_does_not_hide_the_others() -> None:
    found = records('{"id": 1, "t": "half\n' + json.dumps(TWO) + "\n")
    assert found[0][0] == "line 1"
    assert found[1] == ("line 2", TWO)


@pytest.mark.parametrize(
    "text", ['[{"a": 1}, {"b": 2', '{\n"results": [{"a": 1}, {"b"', '[{"a": 1},, 2]', '[{"a": 1} 2]']
)
def test_what_was_readable_comes_before_the_error(text: str) -> None:
    found = json_records(open_bytes(text.encode()), PATHS)
    assert next(found) == ("record 1", {"a": 1})
    with pytest.raises(SourceError, match="not valid JSON"):
        list(found)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("hello", InputError, "begins with 'h'"),
        ("[" * 100_000, SourceError, "nested too deeply"),
        ('[{"a": ' + "9" * 5000 + "}]", SourceError, "not valid JSON"),
        ("[1] [2]", SourceError, "more text after the end"),
        ('{\n"a" 1}', SourceError, "should be"),
        ("{\n1: 2}", SourceError, "member's name"),
        ("{\n", SourceError, "not valid JSON"),
    ],
)
def test_faults(text: str, error: type[ForetrackError], message: str) -> None:
    with pytest.raises(error, match=message):
        records(text)


def test_a_value_longer_than_the_limit() -> None:
    text = '["' + "x" * 200_000 + '"]'
    with pytest.raises(SourceError, match="longer than 1,000"):
        list(json_records(open_bytes(text.encode(), limits=Limits(line=1000)), PATHS))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("answer", [False, True])
def test_a_single_line_far_above_the_limit_of_a_line(codec: str, answer: bool) -> None:
    many = [{"id": i, "t": f"值{i}"} for i in range(20_000)]
    text = json.dumps({"results": many} if answer else many, ensure_ascii=False)
    opened = open_bytes(text.encode(codec), limits=Limits(line=1000))
    found = list(json_records(opened, PATHS))
    assert [entry[1] for entry in found if not isinstance(entry, Rejected)] == many


def test_lines_after_one_above_the_limit_are_still_lines() -> None:
    text = json.dumps({"id": "x" * 2000}) + "\n" + json.dumps(ONE) + "\n"
    first, second = json_records(open_bytes(text.encode(), limits=Limits(line=1000)), PATHS)
    assert isinstance(first, Rejected)
    assert second == ("line 2", ONE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=4), max_size=5), st.sampled_from([None, 2])
)
@settings(max_examples=150, deadline=None)
def test_a_list_reads_as_the_library_reads_it(values: list[dict[str, Any]], indent: int | None) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=True)
    assert [value for _, value in records(text)] == json.loads(text)


@pytest.mark.slow
def test_memory_is_flat() -> None:
    def peak(count: int) -> int:
        data = b'{"meta": {},\n"results": [' + b",".join([b'{"id": 1, "title": "text"}'] * count) + b"]}"
        tracemalloc.start()
        assert sum(1 for _ in json_records(open_bytes(data.replace(b"},", b"},\n")), PATHS)) == count
        size = tracemalloc.get_traced_memory()[1] - 2 * len(data)
        tracemalloc.stop()
        return size

    assert peak(200_000) < peak(20_000) + 1_000_000

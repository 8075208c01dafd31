"""One issue: what is frozen reads back the same, what would not is refused, and a chain shows what was replaced."""

from __future__ import annotations

import pickle
import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lists.issues import FIELDS, SERIES, entry, hostile_issue, issue, second

from foretrack.foundation.canonical import canonical, digest
from foretrack.foundation.errors import InputError
from foretrack.lists.issue import (
    Entry,
    Evidence,
    Facet,
    Field,
    Issue,
    Removal,
    as_json,
    content_of,
    digest_of,
    read_issue,
    verify,
    verify_chain,
)
from foretrack.packs.shapes import Bilingual

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), min_size=1, max_size=9)
WORDS = st.builds(Bilingual, TEXTS, TEXTS)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "maturity": st.integers(-(2**53) + 1, 2**53 - 1),
        "share": st.floats(allow_nan=False, allow_infinity=False),
        "summary": WORDS,
        "remark": TEXTS,
        "makers": st.lists(LINES, max_size=3).map(tuple),
        "open": st.booleans(),
        "since": st.dates(),
        "page": st.just("https://example.org/?q=%20&x=1"),
    },
)
ENTRIES = st.builds(
    lambda values, title, facet, last: entry(
        1, values=values, title=Bilingual("x" + title.en, title.zh), track=facet, valid_to=last
    ),
    VALUES,
    WORDS,
    st.none() | st.builds(Facet, LINES, WORDS),
    st.none() | st.dates(),
)


@settings(max_examples=100)
@given(ENTRIES)
def test_an_issue_reads_back_the_same_from_its_bytes(one: Entry) -> None:
    made = issue(one)
    content = content_of(made)

    assert read_issue(content) == made
    assert verify(content, digest_of(made)) == made
    assert content_of(read_issue(content)) == content


def test_the_hash_is_of_the_bytes_that_are_offered() -> None:
    made = issue(entry(1), entry(2))

    assert digest_of(made) == digest(content_of(made))
    assert digest_of(made) == digest_of(issue(entry(2), entry(1)))
    assert digest_of(made) != digest_of(issue(entry(1)))


def test_bytes_of_issues_that_were_published_stay_the_same() -> None:
    """A change of the format must not change what the hashes in print belong to: raise `FORMAT` and keep reading 1."""
    assert digest_of(issue()) == "c27d2d90cb3fa16a34bebd06860716e97208ada866cf91533af404ad26a1b513"


def test_any_changed_byte_is_noticed() -> None:
    made = issue(entry(1))
    content = content_of(made)
    for at in range(0, len(content), 7):
        wrong = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        with pytest.raises(InputError, match=digest_of(made)):
            verify(wrong, digest_of(made))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b'{"format":2}',
        b'{"format":1}',
        b"[" * 100_000,
        content_of(issue()) + b"\n",
        content_of(issue()).replace(b',"label"', b', "label"', 1),
        content_of(issue()).replace(b"2025-01-15", b"2025-01-35", 1),
        canonical(as_json(issue()) | {"extra": 1}),
        canonical(as_json(issue()) | {"number": "1"}),
        canonical(as_json(issue()) | {"entries": [1]}),
        canonical(as_json(issue()) | {"fields": None}),
        canonical(as_json(issue()) | {"label": 1}),
        content_of(issue(entry(1))).replace(b'"en":"Guangdong"', b'"en":7', 1),
    ],
)
def test_what_is_no_issue_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read_issue(content)


@settings(max_examples=60)
@given(st.binary(max_size=60), st.integers(0, 3000), st.integers(0, 20))
def test_damaged_bytes_are_refused_and_never_break_the_reader(noise: bytes, at: int, cut: int) -> None:
    content = content_of(issue(entry(1), entry(2)))
    damaged = content[:at] + noise + content[at + cut :]
    if damaged != content:
        try:
            read = read_issue(damaged)
        except InputError:
            return
        assert content_of(read) == damaged


def test_hostile_text_reads_back_the_same() -> None:
    made = hostile_issue()

    assert read_issue(content_of(made)) == made


def test_entries_are_kept_in_the_order_of_their_positions() -> None:
    assert [one.position for one in issue(entry(3), entry(1), entry(2)).entries] == [1, 2, 3]


def test_an_entry_can_be_carried_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(entry(1))) == entry(1)


@pytest.mark.parametrize(
    "told",
    [
        {"record": ""},
        {"record": " x"},
        {"record": "a\u202eb"},
        {"revision": 0},
        {"position": 0},
        {"revision_digest": "A" * 64},
        {"title": Bilingual()},
        {"title": Bilingual("\ud800")},
        {"status": "removed"},
        {"removal": Removal("x", Bilingual(), date(2025, 1, 1))},
        {"valid_from": date(2028, 1, 1)},
        {"values": {"unknown": "x"}},
        {"values": {"maturity": 1.0}},
        {"values": {"maturity": True}},
        {"values": {"maturity": 2**53}},
        {"values": {"share": 1}},
        {"values": {"share": float("nan")}},
        {"values": {"share": float("inf")}},
        {"values": {"open": "yes"}},
        {"values": {"since": "2025-01-01"}},
        {"values": {"makers": ("a\nb",)}},
        {"values": {"makers": ["a"]}},
        {"values": {"page": "javascript:alert(1)"}},
        {"values": {"page": 'https://x"onclick="y'}},
    ],
)
def test_an_entry_that_would_not_read_back_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        issue(entry(1, **told))

    assert caught.value.expected


@pytest.mark.parametrize(
    "told",
    [
        {"number": 0},
        {"number": 2},
        {"previous": "0" * 64},
        {"number": 2, "previous": "x"},
        {"label": " "},
        {"valid_from": date(2025, 1, 2), "valid_to": date(2025, 1, 1)},
        {"fields": (FIELDS[0], FIELDS[0])},
        {"entries": (entry(1), entry(1))},
        {"entries": (entry(1), entry(2, position=1))},
    ],
)
def test_an_issue_that_contradicts_itself_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        issue(**{"entries": (), **told}) if "entries" not in told else issue(*told["entries"])


@pytest.mark.parametrize("key", ["Title", "title", "a_en", "", "a b", "record"])
def test_a_field_cannot_take_the_name_of_another_column(key: str) -> None:
    with pytest.raises(InputError):
        Field(key, Bilingual("x"))


def test_addresses_of_other_schemes_are_no_evidence() -> None:
    with pytest.raises(InputError):
        Evidence("x", "data:text/html,x")


def test_a_chain_of_issues_is_whole() -> None:
    first = issue(entry(1))
    next_one = second(first, entry(1), entry(2))

    assert verify_chain([content_of(first), content_of(next_one)]) == (first, next_one)


def test_a_replaced_issue_breaks_the_chain() -> None:
    first = issue(entry(1))
    next_one = second(first, entry(1))
    other_series = replace(SERIES, uid="00000000-0000-4000-8000-000000000000")
    stranger = second(first, entry(1), series=other_series)
    for contents in (
        [content_of(issue(entry(2))), content_of(next_one)],
        [content_of(next_one)],
        [content_of(first), content_of(first)],
        [content_of(first), content_of(stranger)],
    ):
        with pytest.raises(InputError, match="follows"):
            verify_chain(contents)


def test_ids_of_issues_follow_from_series_and_number_alone() -> None:
    first = issue(entry(1))

    assert first.uid == issue(label="another", entries=()).uid
    assert first.uid != second(first).uid
    assert isinstance(first, Issue)


def test_the_commands_of_the_guide_check_an_issue(tmp_path: Path) -> None:
    """docs/guide/lists.md, run as it is printed."""
    guide = (Path(__file__).parents[2] / "docs/guide/lists.md").read_text(encoding="utf-8")
    commands = [
        line for block in re.findall(r"```\n(.*?)```", guide, re.DOTALL) for line in block.splitlines()
    ]
    first = issue(entry(1))
    after = second(first, entry(1))
    for name, content in (("1", content_of(first)), ("2", content_of(after)), ("3", content_of(after))):
        (tmp_path / f"future-100-{name}.json").write_bytes(content)

    said = [
        subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.split()[0]
        for command in commands
    ]

    assert said == [digest_of(after), digest_of(first), digest_of(first)]

"""What an issue changes: each record in one part, reasons with those that left, and sentences in both languages."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lists.issues import entry, issue, second

from foretrack.lists.changes import diff
from foretrack.lists.issue import Facet, Issue, Removal
from foretrack.lists.rendering.wording import wording
from foretrack.packs.shapes import Bilingual

WITHDRAWN = Removal("W1", Bilingual("Withdrawn by its makers", "研制单位撤回"), date(2025, 7, 1))


def both() -> tuple[Issue, Issue]:
    first = issue(*(entry(n) for n in range(1, 7)))
    return first, second(
        first,
        entry(1, position=2),
        entry(2, position=1, revision=5, revision_digest="f" * 64),
        entry(3, title=Bilingual("Glass battery", "玻璃电池")),
        entry(4, values={"maturity": 9, "open": True}),
        entry(5, status="removed", removal=WITHDRAWN),
        entry(7),
    )


def test_each_record_is_in_one_part() -> None:
    changes = diff(*both())

    assert [one.record for one in changes.entered] == ["technology/7"]
    assert [(left.entry.record, left.removal) for left in changes.left] == [
        ("technology/5", WITHDRAWN),
        ("technology/6", None),
    ]
    assert [one.entry.record for one in changes.changed] == ["technology/3", "technology/4"]
    # Another place and another revision without a public difference are no change.
    assert changes.unchanged == ("technology/2", "technology/1")


def test_a_change_names_field_before_and_after() -> None:
    changes = diff(*both())
    found = {
        change.field.key: (change.before, change.after)
        for change in changes.changed[1].changes
        if change.field
    }

    assert found["maturity"] == (5, 9)
    assert found["since"] == (date(2021, 1, 5), None)
    assert "open" not in found


def test_the_first_issue_is_all_new() -> None:
    first, _ = both()

    assert diff(None, first).entered == first.entries
    assert diff(first, second(first, *first.entries)).nothing


def test_a_record_that_comes_back_entered() -> None:
    first, next_one = both()
    again = second(first, entry(5), number=3)

    assert [one.record for one in diff(next_one, again).entered] == ["technology/5"]


def test_a_renamed_track_moves_no_record() -> None:
    first = issue(entry(1))
    renamed = second(first, entry(1, track=Facet("storage", Bilingual("Storage of energy", "储能"))))
    moved = second(first, entry(1, track=Facet("nuclear", Bilingual("Nuclear energy", "核能"))))

    assert diff(first, renamed).nothing
    assert [change.part for change in diff(first, moved).changed[0].changes] == ["track"]


def test_true_is_not_one() -> None:
    from foretrack.lists.issue import Field

    before = issue(entry(1, values={"n": 1}), fields=(Field("n", Bilingual("N"), "integer"),))
    after = second(before, entry(1, values={"n": True}), fields=(Field("n", Bilingual("N"), "boolean"),))

    assert not diff(before, after).nothing


def test_changes_are_said_in_both_languages() -> None:
    changes = diff(*both())

    english = wording("en").changes(changes)
    assert english[:4] == [
        "Entered: Invented technology 7 (虚构技术7号)",
        "Left: Invented technology 5 (虚构技术5号): Withdrawn by its makers (code W1, 1 July 2025)",
        "Left: Invented technology 6 (虚构技术6号): no reason stated",
        "Changed: Glass battery (玻璃电池): Title from Invented technology 3 (虚构技术3号) to Glass battery (玻璃电池)",
    ]
    assert "Maturity (TRL) from 5 to 9" in english[4]
    chinese = wording("zh").changes(changes)
    assert chinese[:3] == [
        "列入：虚构技术7号（Invented technology 7）",
        "移出：虚构技术5号（Invented technology 5）：研制单位撤回（代码 W1，2025年7月1日）",
        "移出：虚构技术6号（Invented technology 6）：未说明原因",
    ]
    assert "成熟度 (TRL)由“5”改为“9”" in chinese[4]


@settings(max_examples=50)
@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_nothing_is_counted_twice_or_lost(old: set[int], new: set[int], other: set[int]) -> None:
    first = issue(*(entry(n) for n in old))
    after = second(first, *(entry(n, title=Bilingual(f"{n in other}")) for n in new))
    changes = diff(first, after)

    came = {one.record for one in changes.entered}
    stayed = {one.entry.record for one in changes.changed} | set(changes.unchanged)
    gone = {left.entry.record for left in changes.left}
    assert came | stayed == {f"technology/{n}" for n in new}
    assert gone | stayed == {f"technology/{n}" for n in old}
    assert len(came | stayed | gone) == len(came) + len(stayed) + len(gone)

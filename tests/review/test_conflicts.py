"""Who must not judge what: every tie is found with its evidence, and ties beyond the reach are not."""

from __future__ import annotations

import pytest

from foretrack.foundation.errors import InputError
from foretrack.review.assigning.conflicts import (
    Circle,
    Conflict,
    Joint,
    Parties,
    Reach,
    Spell,
    Stake,
    find_conflicts,
)

REACH = Reach(years_employed=3, years_together=3, least_share=0.2, siblings=True)
ON = "2026-03-02"


def found(parties: Parties, circle: Circle, *stakes: Stake, reach: Reach = REACH) -> list[tuple[str, str]]:
    conflicts = find_conflicts([parties], [circle], on=ON, reach=reach, stakes=stakes)
    assert all((c.submission, c.reviewer) == ("s", "r") for c in conflicts)
    return [(c.reason, str(c.evidence)) for c in conflicts]


@pytest.mark.parametrize(
    ("parties", "circle", "expected"),
    [
        (Parties("s", ("A", "B")), Circle("r", organisations=(Spell("B"),)), [("employer", "works for B")]),
        (
            Parties("s", ("A",)),
            Circle("r", organisations=(Spell("A", until="2023-03-03"),)),
            [("employer", "worked for A until 2023-03-03")],
        ),
        (Parties("s", ("A",)), Circle("r", organisations=(Spell("A", until="2023-03-01"),)), []),
        (Parties("s", people=("p",)), Circle("r", people=("p",)), [("same person", "p takes part in the submission")]),
        (
            Parties("s", people=("p",)),
            Circle("r", co_authors=(Joint("p", "2025-01-01", ("doi:10.1/x",)),)),
            [("co-author", "joint work with p, last 2025-01-01: doi:10.1/x")],
        ),
        (Parties("s", people=("p",)), Circle("r", co_authors=(Joint("p", "2022-01-01"),)), []),
        (
            Parties("s", people=("p",)),
            Circle("r", supervised=(Joint("p", "1999-01-01"),)),
            [("supervisor", "supervision with p, last 1999-01-01")],
        ),
        (
            Parties("s", ("A",), declared={"r": "a rival"}),
            Circle("r", declared={"A": "old quarrel"}),
            [("declared by the reviewer", "old quarrel"), ("declared by the applicant", "a rival")],
        ),
        (Parties("s"), Circle("r", declared={"s": " "}), [("declared by the reviewer", "no reason given")]),
        (
            Parties("s", ("A",)),
            Circle("r", invested=(Stake("r", "A", 0.05),)),
            [("investment", "holds 5% of A")],
        ),
        (Parties("s", ("A",)), Circle("r", ("q",), (Spell("X"),)), []),
    ],
)  # fmt: skip
def test_each_tie_is_found_and_what_is_too_long_ago_is_not(
    parties: Parties, circle: Circle, expected: list[tuple[str, str]]
) -> None:
    assert found(parties, circle) == expected


def test_owners_and_what_they_own_count_at_any_remove() -> None:
    chain = (
        Stake("Top", "Mid", 0.6),
        Stake("Mid", "A", 0.5),
        Stake("Top", "Side", 0.9),
        Stake("Far", "A", 0.1),
    )
    parties = Parties("s", ("A",))

    def works_for(name: str) -> Circle:
        return Circle("r", organisations=(Spell(name),))

    assert found(parties, works_for("Mid"), *chain) == [("same group", "works for Mid, which owns 50% of A")]
    assert found(parties, works_for("Top"), *chain) == [
        ("same group", "works for Top, which owns A through others: Top → Mid → A")
    ]
    assert found(parties, works_for("Side"), *chain) == [
        ("same group", "works for Side, which belongs to Top, as A does")
    ]
    assert found(parties, works_for("Far"), *chain) == []
    assert found(parties, works_for("Side"), *chain, reach=Reach(3, 3, 0.2, False)) == []
    assert found(Parties("s", ("Top",)), works_for("A"), *chain) == [
        ("same group", "works for A, which Top owns through others: Top → Mid → A")
    ]


def test_a_share_that_is_not_known_counts_and_rings_of_owners_end() -> None:
    ring = (Stake("A", "B"), Stake("B", "C", 0.5), Stake("C", "A", 0.5))
    assert found(Parties("s", ("B",)), Circle("r", organisations=(Spell("A"),)), *ring) == [
        ("same group", "works for A, which owns part of B")
    ]


def test_what_a_reviewer_owns_by_the_register_counts_without_being_declared() -> None:
    assert found(
        Parties("s", ("B",)), Circle("r", people=("p",)), Stake("p", "A", 0.4), Stake("A", "B", 0.8)
    ) == [("investment", "holds 40% of A, which owns 80% of B")]


def test_every_pair_is_looked_at_and_mistakes_are_told() -> None:
    conflicts = find_conflicts(
        [Parties("s1", ("A",)), Parties("s2", ("B",))],
        [Circle("r1", organisations=(Spell("A"),)), Circle("r2", organisations=(Spell("B"), Spell("A")))],
        on=ON, reach=REACH,
    )  # fmt: skip
    assert [(c.submission, c.reviewer) for c in conflicts] == [("s1", "r1"), ("s1", "r2"), ("s2", "r2")]
    assert isinstance(conflicts[0], Conflict)
    with pytest.raises(InputError, match="'r' is given twice"):
        find_conflicts([], [Circle("r"), Circle("r")], on=ON, reach=REACH)
    with pytest.raises(InputError, match="'March' is no day"):
        find_conflicts(
            [Parties("s")], [Circle("r", organisations=(Spell("A", until="March"),))], on=ON, reach=REACH
        )

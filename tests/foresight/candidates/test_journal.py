"""The decisions file, attacked: every line that was changed, removed, moved, forged or cut off is named."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from foretrack.domains.foresight.actions.signing import verify
from foretrack.domains.foresight.candidates.candidate import Basis, Shown, Stage, Subject
from foretrack.domains.foresight.candidates.journal import (
    GENESIS,
    Decision,
    Entry,
    Journal,
    canonical,
    hash_line,
    read_journal,
    standings,
    write_head,
    write_line,
)
from foretrack.foundation.errors import InputError

KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n, name in enumerate(("Ann", "Bo"), 1)
}
MALLORY = Ed25519PrivateKey.from_private_bytes(b"m" * 32)
BASIS = Basis("2020-invented-1", 2020, "snap", "invented-1")
SHOWN = Shown(
    3, "emerging", 0.9, 40, 20, 2012, 0.3, 0.1, 0.5, 0.8, 2.0, None, None, ("one_venue",), ("d1", "d2")
)

WAY: tuple[tuple[str, Stage | None, Stage], ...] = (
    ("Ann", "signal", "candidate"),
    ("Bo", "candidate", "under assessment"),
    ("Ann", "under assessment", "shortlisted"),
    ("Bo", "shortlisted", "incubating"),
    ("Ann", "incubating", "graduated"),
)


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def decision(
    before: Stage | None, after: Stage, why: str = "because", candidate: str = "moss computing"
) -> Decision:
    subject = Subject("concept", candidate, candidate, candidate, None, (candidate,))
    return Decision(candidate, before, after, "decided", why, subject, BASIS, SHOWN)


def line(body: Decision, n: int, who: str, previous: str, key: Ed25519PrivateKey | None = None) -> bytes:
    key = key or KEYS[who]
    return write_line(
        body,
        n=n,
        at="2026-01-01T00:00:00Z",
        who=who,
        public_key=public(key),
        previous=previous,
        sign=key.sign,
    )[1]


def chain(*bodies: tuple[str, Decision]) -> list[bytes]:
    lines: list[bytes] = []
    previous = GENESIS
    for n, (who, body) in enumerate(bodies, 1):
        lines.append(line(body, n, who, previous))
        previous = hash_line(lines[-1])
    return lines


@pytest.fixture
def lines() -> list[bytes]:
    return chain(*((who, decision(before, after)) for who, before, after in WAY))


def head_of(lines: list[bytes], who: str = "Ann") -> bytes:
    return write_head(len(lines), hash_line(lines[-1]), public(KEYS[who]), KEYS[who].sign)


def read(lines: list[bytes], head: bytes | None) -> Journal:
    return read_journal(b"".join(lines), head, verify)


def faults(journal: Journal) -> list[tuple[int, str]]:
    return [(problem.line, problem.fault) for problem in journal.problems]


def test_what_was_written_is_read_and_nothing_is_wrong(lines: list[bytes]) -> None:
    journal = read(lines, head_of(lines))
    assert journal.problems == ()
    assert [entry.n for entry in journal.entries] == [1, 2, 3, 4, 5]
    standing = standings(journal.entries)["moss computing"]
    assert (standing.stage, standing.looked, standing.entry.who) == ("graduated", "decided", "Ann")
    assert standing.decision.shown == SHOWN


def replaced(said: dict[str, object], **new: object) -> bytes:
    return canonical(said | new) + b"\n"


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "the reason": lambda b: replaced(json.loads(b), why="another reason"),
    "the name": lambda b: replaced(json.loads(b), who="Mallory"),
    "the stage": lambda b: replaced(json.loads(b), after="dropped"),
    "the evidence": lambda b: replaced(json.loads(b), shown=None),
    "the time": lambda b: replaced(json.loads(b), at="2020-01-01T00:00:00Z"),
    "the signature": lambda b: replaced(json.loads(b), signature="0" * 128),
    "the key": lambda b: replaced(json.loads(b), public_key=public(MALLORY)),
    "a space": lambda b: b.replace(b'","', b'", "', 1),
    "no JSON": lambda b: b"rubbish\n",
    "nothing": lambda b: b"\n",
    "a key twice": lambda b: b'{"why":"x",' + b[1:],
    "bytes of no text": lambda b: b"\xff\xfe\n",
    "deep nesting": lambda b: b"[" * 100_000 + b"\n",
}


@pytest.mark.parametrize("place", [1, 3, 5])
@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_line_is_named(lines: list[bytes], what: str, place: int) -> None:
    head = head_of(lines)
    lines[place - 1] = CHANGES[what](lines[place - 1])

    assert faults(read(lines, head)) == [(place, "changed")]


@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_removed_line_is_named(lines: list[bytes], place: int) -> None:
    head = head_of(lines)
    del lines[place - 1]

    assert (place, "removed") in faults(read(lines, head))


def test_moved_lines_are_named(lines: list[bytes]) -> None:
    head = head_of(lines)
    lines[1], lines[2] = lines[2], lines[1]

    journal = read(lines, head)

    assert faults(journal) == [(3, "moved")]
    assert "number 2" in journal.problems[0].said


def test_a_repeated_line_is_named(lines: list[bytes]) -> None:
    head = head_of(lines)
    lines.insert(3, lines[2])

    assert (4, "moved") in faults(read(lines, head))


@pytest.mark.parametrize("left", [0, 1, 3, 4])
def test_a_file_cut_off_at_the_end_is_noticed(lines: list[bytes], left: int) -> None:
    journal = read(lines[:left], head_of(lines))

    assert faults(journal) == [(left + 1, "cut off")]


def test_without_its_head_a_long_file_is_not_trusted(lines: list[bytes]) -> None:
    assert faults(read(lines, None)) == [(5, "cut off")]


def test_a_head_of_somebody_else_is_noticed(lines: list[bytes]) -> None:
    head = json.loads(head_of(lines)) | {"n": 4}

    assert faults(read(lines[:4], canonical(head) + b"\n")) == [(4, "changed")]


def test_a_line_by_another_key_under_a_known_name_is_forged(lines: list[bytes]) -> None:
    forged = line(decision(None, "candidate", candidate="snake oil"), 6, "Ann", hash_line(lines[-1]), MALLORY)

    journal = read([*lines, forged], write_head(6, hash_line(forged), public(MALLORY), MALLORY.sign))

    assert faults(journal) == [(6, "forged")]
    assert "'Ann'" in journal.problems[0].said


def test_one_key_cannot_speak_for_two_people(lines: list[bytes]) -> None:
    other = line(
        decision(None, "candidate", candidate="snake oil"), 6, "Cy", hash_line(lines[-1]), KEYS["Bo"]
    )

    journal = read([*lines, other], write_head(6, hash_line(other), public(KEYS["Bo"]), KEYS["Bo"].sign))

    assert faults(journal) == [(6, "forged")]


def test_a_move_that_no_rule_allows_is_forged_even_with_a_true_key() -> None:
    lines = chain(("Ann", decision("signal", "graduated")))

    assert faults(read(lines, head_of(lines))) == [(1, "forged")]


def test_a_move_from_where_it_does_not_stand_is_forged() -> None:
    lines = chain(("Ann", decision("signal", "candidate")), ("Ann", decision("shortlisted", "incubating")))

    assert faults(read(lines, head_of(lines))) == [(2, "forged")]


def test_unsure_leaves_the_stage_and_is_not_nobody_looked() -> None:
    unsure = dataclasses.replace(decision("signal", "signal"), looked="looked, unsure")
    lines = chain(("Ann", unsure))

    journal = read(lines, head_of(lines))

    assert journal.problems == ()
    standing = standings(journal.entries)["moss computing"]
    assert (standing.stage, standing.looked) == ("signal", "looked, unsure")


def test_unsure_cannot_move_anything() -> None:
    unsure = dataclasses.replace(decision("signal", "shortlisted"), looked="looked, unsure")
    lines = chain(("Ann", unsure))

    assert faults(read(lines, head_of(lines))) == [(1, "forged")]


def test_a_torn_last_line_is_told_apart_from_a_damaged_one(lines: list[bytes]) -> None:
    torn = [*lines[:4], lines[4][:100]]

    assert faults(read(torn, head_of(lines[:4], "Bo"))) == [(5, "torn")]
    assert faults(read(torn, head_of(lines))) == [(5, "cut off")]


def test_a_line_whose_head_is_missing_is_no_attack(lines: list[bytes]) -> None:
    journal = read(lines, head_of(lines[:4], "Bo"))

    assert faults(journal) == [(5, "unfinished")]
    assert journal.head_lags
    assert journal.broken == ()


@given(
    why=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80),
    who=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
)
def test_any_text_is_kept_as_it_is_in_one_line(why: str, who: str) -> None:
    key = KEYS["Ann"]
    entry, written = write_line(
        decision("signal", "candidate", why=why), n=1, at="2026-01-01T00:00:00Z", who=who,
        public_key=public(key), previous=GENESIS, sign=key.sign,
    )  # fmt: skip

    assert written.count(b"\n") == 1
    assert all(32 <= byte < 127 for byte in written[:-1])
    journal = read([written], None)
    assert journal.broken == ()
    back: Entry = journal.entries[0]
    assert (back, back.body, back.who) == (entry, decision("signal", "candidate", why=why), who)


def test_a_lone_surrogate_is_refused_with_a_sentence() -> None:
    with pytest.raises(InputError, match="cannot be stored"):
        chain(("Ann", decision("signal", "candidate", why="\ud800")))


@given(st.binary(max_size=400), st.binary(max_size=200) | st.none())
def test_any_bytes_give_a_journal_and_no_exception(content: bytes, head: bytes | None) -> None:
    journal = read_journal(content, head, verify)

    assert journal.entries == ()
    assert bool(journal.problems) == bool(content) or head is not None


def test_history_rewritten_by_somebody_with_a_true_key_is_noticed(lines: list[bytes]) -> None:
    lines[2] = line(decision("under assessment", "dropped"), 3, "Ann", hash_line(lines[1]))

    assert (3, "changed") in faults(read(lines, head_of(lines)))

"""The decisions file, thought through: lines that are chained, signed and only ever added.

Each line is canonical JSON in ASCII and holds the hash of the line before it and a signature over all the rest, so a
line that was changed, removed, moved or added by somebody else is found and named. A small signed head says how many
lines there are, so that a file cut off at the end is found as well.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.candidates.candidate import (
    STAGES,
    Basis,
    Looked,
    Shown,
    Stage,
    Subject,
    shown_from,
    subject_from,
    transition,
)
from foretrack.foundation.errors import InputError

FORMAT = 1
GENESIS = "0" * 64
"""Stands for the line before the first."""
MAX_NAME = 200
MAX_REASON = 20_000

Sign: TypeAlias = Callable[[bytes], bytes]
Verify: TypeAlias = Callable[[str, bytes, str], bool]
"""(public key, message, signature), both texts hexadecimal: whether the signature fits."""
Fault: TypeAlias = Literal["changed", "removed", "moved", "forged", "cut off", "torn", "unfinished"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a candidate."""

    candidate: str
    before: Stage | None
    after: Stage
    looked: Looked
    """`decided`, or `looked, unsure`: then the stage stays as it was."""
    why: str
    subject: Subject
    basis: Basis
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Issued:
    """That the list was frozen as a numbered issue."""

    issue: int
    digest: str
    """SHA-256 of the issue's file."""
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the file."""

    n: int
    """1 for the first line."""
    at: str
    who: str
    public_key: str
    """Ed25519, hexadecimal."""
    body: Decision | Issued
    previous: str
    """SHA-256 of the line before, or 64 zeros."""
    signature: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far the file goes: number and hash of its last line, signed by whoever wrote that."""

    n: int
    last: str
    public_key: str
    signature: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line."""

    line: int
    fault: Fault
    said: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The file as it was read."""

    entries: tuple[Entry, ...]
    """Of the lines that can be read, whatever their signatures say; see `problems`."""
    problems: tuple[Problem, ...]
    last: str
    """Hash of the last whole line."""
    whole_bytes: int
    """Length of the whole lines."""
    torn: bytes
    """What a stopped writer left behind them; empty as a rule."""
    head_lags: bool
    """Whether the last line was written and the head was not."""

    @property
    def broken(self) -> tuple[Problem, ...]:
        """Problems that no stopped writer can have made."""
        return tuple(p for p in self.problems if p.fault not in ("torn", "unfinished"))

    def key_of(self, who: str) -> str | None:
        """The public key of a person, from the first line that bears the name."""
        return next((e.public_key for e in self.entries if same_name(e.who) == same_name(who)), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a candidate stands after all decisions."""

    stage: Stage
    looked: Looked
    entry: Entry
    decision: Decision
    names: tuple[str, ...]
    """Every identifier and spelling it bore, the newest first."""


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value: keys sorted, no spaces, ASCII only, so that nothing in it steers a terminal.

    InputError for a lone surrogate or a number that is no number, which no UTF-8 file can hold.

    >>> canonical({"b": 1.5, "a": "é\\n"})
    b'{"a":"\\\\u00e9\\\\n","b":1.5}'
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError as error:
        raise InputError(
            f"a text or number cannot be stored: {error}", expected="Unicode text", do="correct it"
        ) from error
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def same_name(who: str) -> str:
    """What two spellings of one name have in common.

    >>> same_name(" Li  Wei ") == same_name("li wei")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", who).casefold().split())


def check_words(who: str, why: str) -> None:
    """Raises InputError when a name or a reason is missing or far too long; any other text is taken as it is."""
    for said, what, most, option in ((who, "name", MAX_NAME, "--by"), (why, "reason", MAX_REASON, "--why")):
        if not said.strip():
            raise InputError(f"no {what} was given", expected=f"a {what}", do=f"add {option}")
        if len(said) > most:
            raise InputError(
                f"a {what} of {len(said):,} characters", expected=f"at most {most:,}", do=f"shorten {option}"
            )


def write_line(
    body: Decision | Issued, *, n: int, at: str, who: str, public_key: str, previous: str, sign: Sign
) -> tuple[Entry, bytes]:
    """The entry and its line with the newline."""
    unsigned = _unsigned(Entry(n, at, who, public_key, body, previous, ""))
    signature = sign(canonical(unsigned)).hex()
    line = canonical({**unsigned, "signature": signature})
    # Read back at once, so that what is on record is what was meant.
    entry = _entry(json.loads(line))
    return entry, line + b"\n"


def write_head(n: int, last: str, public_key: str, sign: Sign) -> bytes:
    """The content of the head file."""
    unsigned = {"format": FORMAT, "n": n, "last": last, "public_key": public_key}
    return canonical({**unsigned, "signature": sign(canonical(unsigned)).hex()}) + b"\n"


def hash_line(line: bytes) -> str:
    """SHA-256 of a line without its newline, hexadecimal."""
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


def read_journal(content: bytes, head: bytes | None, verify: Verify) -> Journal:
    """Everything in the file, and everything that is wrong with it.

    Args:
        content: the whole file.
        head: the head file; None when there is none.
        verify: checks a signature.
    """
    body, newline, torn = content.rpartition(b"\n")
    lines = body.split(b"\n") if newline else []
    read = [_read_line(line, verify) for line in lines]
    whole = [
        (entry, hash_line(line)) for line, (entry, fault) in zip(lines, read, strict=True) if fault is None
    ]
    digests = {0: GENESIS} | {entry.n: digest for entry, digest in whole if entry is not None}
    problems: list[Problem] = []
    expected = 1
    signers = _Signers()
    for place, (entry, fault) in enumerate(read, start=1):
        if entry is None or fault is not None:
            problems.append(Problem(place, "changed", f"line {place} was changed: {fault}"))
            expected += 1
            continue
        # From both ends: a forged number could be as large as it likes.
        first = next((n for n in range(expected, entry.n) if n not in digests), None)
        if first is not None:
            last_gone = next(n for n in range(entry.n - 1, expected - 1, -1) if n not in digests)
            problems.append(Problem(first, "removed", f"{_lines(first, last_gone)} was removed"))
        if entry.n < expected:
            said = f"line {place} is number {entry.n} and stands after number {expected - 1}"
            problems.append(Problem(place, "moved", said))
        elif digests.get(entry.n - 1, entry.previous) != entry.previous:
            said = f"line {entry.n - 1} was changed: line {entry.n} remembers another"
            problems.append(Problem(entry.n - 1, "changed", said))
        if not signers.belongs(entry):
            said = f"line {place} says {entry.who!r} and is signed with a key that is not that person's"
            problems.append(Problem(place, "forged", said))
        expected = max(expected, entry.n + 1)
    entries = [entry for entry, _ in read if entry is not None]
    if not problems:
        problems += _against_rules(entries)
    last = hash_line(lines[-1]) if lines else GENESIS
    found, lags = _against_head(head, entries, len(lines), last, torn, verify)
    known = {problem.line for problem in problems}
    problems += [problem for problem in found if problem.line not in known]
    if torn and not any(p.fault == "cut off" for p in problems):
        said = f"line {len(lines) + 1} is not whole ({len(torn)} bytes): its writer was stopped"
        problems.append(Problem(len(lines) + 1, "torn", said))
    problems.sort(key=lambda p: p.line)
    return Journal(tuple(entries), tuple(problems), last, len(body) + len(newline), torn, lags)


def completes(journal: Journal, verify: Verify) -> bool:
    """Whether the torn end is a whole line that lacks only its newline."""
    entry, fault = _read_line(journal.torn, verify)
    n = len(journal.entries) + 1
    return entry is not None and fault is None and (entry.n, entry.previous) == (n, journal.last)


def standings(entries: Sequence[Entry]) -> dict[str, Standing]:
    """Where every candidate stands, in the order in which they were first decided about."""
    found: dict[str, Standing] = {}
    for entry in entries:
        if isinstance(entry.body, Decision):
            said = entry.body
            names = (said.subject.id, *said.subject.forms)
            if said.candidate in found:
                names = tuple(dict.fromkeys((*names, *found[said.candidate].names)))
            found[said.candidate] = Standing(said.after, said.looked, entry, said, names)
    return found


def issued(entries: Sequence[Entry]) -> dict[int, Entry]:
    """The line of every numbered issue."""
    return {entry.body.issue: entry for entry in entries if isinstance(entry.body, Issued)}


def _read_line(line: bytes, verify: Verify) -> tuple[Entry | None, str | None]:
    """The entry, and what is wrong with it."""
    try:
        said = json.loads(line)
        entry = _entry(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, "it is no decision that can be read"
    try:
        if canonical(said) != line:
            return entry, "it is not written as Foretrack writes"
        signed = {key: value for key, value in said.items() if key != "signature"}
        if not verify(entry.public_key, canonical(signed), entry.signature):
            return entry, "its signature does not fit"
    except (InputError, ValueError):
        return entry, "its signature does not fit"
    return entry, None


class _Signers:
    """Whose key is whose: the first line with a name or a key settles it."""

    def __init__(self) -> None:
        self.key_of: dict[str, str] = {}
        self.name_of: dict[str, str] = {}

    def belongs(self, entry: Entry) -> bool:
        name = same_name(entry.who)
        key = self.key_of.setdefault(name, entry.public_key)
        owner = self.name_of.setdefault(entry.public_key, name)
        return key == entry.public_key and owner == name


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _against_rules(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Moves that no rule allows: whoever holds a key could write them past the program."""
    stage: dict[str, Stage] = {}
    for entry in entries:
        said = entry.body
        if not isinstance(said, Decision):
            continue
        known = stage.get(said.candidate)
        allowed = known == said.before or (known is None and said.before == "signal")
        if allowed and said.looked == "decided":
            try:
                transition(said.before, said.after)
            except InputError:
                allowed = False
        elif allowed:
            allowed = said.after == (said.before or "signal")
        if not allowed:
            moved = f"{said.before or 'nothing'} to {said.after}"
            told = f"line {entry.n} moves {said.candidate!r} from {moved}, which the rules do not allow there"
            yield Problem(entry.n, "forged", told)
        stage[said.candidate] = said.after


def _against_head(
    content: bytes | None, entries: Sequence[Entry], n_lines: int, last: str, torn: bytes, verify: Verify
) -> tuple[list[Problem], bool]:
    """Problems that only the head shows, and whether it lags one line behind."""
    if content is None:
        if n_lines <= 1:
            return [], n_lines == 1
        return [
            Problem(n_lines, "cut off", "head.json is missing: lines at the end could have been removed")
        ], False
    head = _head(content, verify)
    if head is None:
        return [Problem(n_lines, "changed", "head.json was changed: its signature does not fit")], False
    if head.n > n_lines:
        how = "damaged" if torn else "removed"
        said = f"{_lines(n_lines + 1, head.n)} of {head.n} was {how} at the end of the file"
        return [Problem(n_lines + 1, "cut off", said)], False
    if head.n == n_lines:
        if head.last != last:
            return [
                Problem(n_lines, "changed", f"line {n_lines} is not the one that head.json remembers")
            ], False
        return [], False
    if head.n == n_lines - 1 and entries and entries[-1].previous == head.last:
        return [
            Problem(n_lines, "unfinished", f"line {n_lines} is whole; its writer was stopped behind it")
        ], True
    return [Problem(n_lines, "forged", f"head.json knows {head.n} lines and there are {n_lines}")], False


def _head(content: bytes, verify: Verify) -> Head | None:
    try:
        said = json.loads(content)
        signed = {key: value for key, value in said.items() if key != "signature"}
        head = Head(int(said["n"]), str(said["last"]), str(said["public_key"]), str(said["signature"]))
        fits = verify(head.public_key, canonical(signed), head.signature)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InputError):
        return None
    return head if fits else None


def _unsigned(entry: Entry) -> dict[str, Any]:
    kind = "decision" if isinstance(entry.body, Decision) else "issue"
    said: dict[str, Any] = to_json(entry)
    del said["signature"], said["body"]
    return {"format": FORMAT, "kind": kind, **said, **to_json(entry.body)}


def _entry(said: Mapping[str, Any]) -> Entry:
    body: Decision | Issued
    if said["format"] != FORMAT:
        raise ValueError("another format")
    if said["kind"] == "decision":
        if said["after"] not in STAGES or said["before"] not in (None, *STAGES):
            raise ValueError("no such stage")
        if said["looked"] not in ("decided", "looked, unsure"):
            raise ValueError("no such value")
        body = Decision(
            str(said["candidate"]), said["before"], said["after"], said["looked"], str(said["why"]),
            subject_from(said["subject"]), Basis(**said["basis"]), shown_from(said["shown"]),
        )  # fmt: skip
    elif said["kind"] == "issue":
        body = Issued(int(said["issue"]), str(said["digest"]), str(said["why"]))
    else:
        raise ValueError("no such kind")
    return Entry(
        int(said["n"]), str(said["at"]), str(said["who"]), str(said["public_key"]), body, str(said["previous"]),
        str(said["signature"]),
    )  # fmt: skip

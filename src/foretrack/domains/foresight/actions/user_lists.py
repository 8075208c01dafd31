"""The workspace's own word on terms: `synonyms.txt` and `stop.txt`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.concepts.mining import Hints
from foretrack.foundation.errors import InputError
from foretrack.language.chinese import simplify
from foretrack.language.lists import parse_list


def read_user_lists(workspace: Workspace) -> Hints:
    """What the user declares one, what to keep apart and what never to show; empty without the files.

    `synonyms.txt` has a line for each concept: `large language model = LLM = 大语言模型` merges its spellings,
    `map != mean average precision` keeps them apart; `#` begins a comment. `stop.txt` has one phrase a line.
    InputError for a line that is neither, or when the same two spellings shall be one and two.
    """
    path = workspace.root / "synonyms.txt"
    groups, apart = parse_synonyms(read_text(workspace, "synonyms.txt")) if path.exists() else ((), ())
    stop_path = workspace.root / "stop.txt"
    stop = parse_list(read_text(workspace, "stop.txt")) if stop_path.exists() else frozenset()
    return Hints(synonyms=groups, apart=apart, unwanted=stop)


def read_text(workspace: Workspace, name: str) -> str:
    """The text of a list of the workspace. InputError when it is not UTF-8."""
    try:
        return (workspace.root / name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 text: {error.reason} at byte {error.start}",
            expected="UTF-8",
            do="save the file as UTF-8 in your editor",
        ) from error


def parse_synonyms(
    text: str,
    *,
    name: str = "synonyms.txt",
    what: str = "spellings of one concept",
    examples: tuple[str, str] = ("large language model = LLM", "map != mean average precision"),
) -> tuple[Sequence[Sequence[str]], Sequence[tuple[str, str]]]:
    """(groups that are one, pairs to keep apart). InputError that names the list and shows its examples.

    >>> parse_synonyms("language model = LM  # both\\ncnn != cable news network != convolutional network")
    ... # doctest: +NORMALIZE_WHITESPACE
    ([['language model', 'LM']],
     [('cnn', 'cable news network'), ('cnn', 'convolutional network'), ('cable news network', 'convolutional network')])
    """
    groups: list[Sequence[str]] = []
    apart: list[tuple[str, str]] = []
    together: dict[frozenset[str], int] = {}
    separate: dict[frozenset[str], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.split("#", 1)[0].strip()
        if not content:
            continue
        parting = "!=" in content
        forms = [form.strip() for form in content.split("!=" if parting else "=")]
        if len(forms) < 2 or not all(forms) or any("=" in form for form in forms):
            raise InputError(
                f"{name} line {number} is {line.strip()!r}",
                expected=f"{what} separated by =, for example: {examples[0]}; "
                f"or spellings to keep apart separated by !=, for example: {examples[1]}",
                do="correct the line or put a # before it",
            )
        known = separate if parting else together
        for pair in combinations(forms, 2):
            known.setdefault(frozenset(simplify(form.lower()) for form in pair), number)
            if parting:
                apart.append((pair[0], pair[1]))
        if not parting:
            groups.append(forms)
    for names in sorted(map(sorted, together.keys() & separate.keys())):
        lines = together[frozenset(names)], separate[frozenset(names)]
        raise InputError(
            f"{name} says in line {lines[0]} that {' and '.join(names)} are one, "
            f"and in line {lines[1]} that they are not",
            expected="one or the other",
            do="delete one of the two lines",
        )
    return groups, apart

"""Files that stand beside a pack.yml: levels, durations, thresholds and ladders, each file with sources of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from foretrack.packs.loading import BUILT_IN
from foretrack.packs.reading import Node, read_yaml


class Dated(Protocol):
    """An entry that holds from a day, and to a day or while nobody says otherwise."""

    @property
    def id(self) -> str: ...

    @property
    def valid_from(self) -> str: ...

    @property
    def valid_to(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class SideFile:
    """One such file, while it is read."""

    path: Path
    known: frozenset[str]
    """Ids of its sources."""

    def sources(self, node: Node) -> tuple[str, ...]:
        """What an entry names as its sources; InputError for one that the file does not have."""
        source = node.words("source", "S1")
        for name in source:
            if name not in self.known:
                raise node.fail(
                    "there is no source {source!r}", "a source of this file", "source: [S1]", at="source", source=name
                )  # fmt: skip
        return source


T = TypeVar("T")
D = TypeVar("D", bound=Dated)


def entries_of(
    name: str, part: str, read: Callable[[Node, SideFile], T], paths: Sequence[str | Path]
) -> list[T]:
    """The built-in entries of a part, then those of `FOLDER/*/name` of `paths`, in the order of the files.

    Args:
        name: of the files, such as `durations.yml`.
        part: the list in them that holds the entries.
        read: one entry out of its node.

    InputError with file, place, expectation and an example when a file is not usable.
    """
    found = list(_built_in(name, part, read))
    for path in paths:
        for file in sorted(Path(path).glob(f"*/{name}")):
            found += _read(file, part, read)
    return found


def valid_on(entries: Iterable[D], name: str, day: str) -> D | None:
    """The entry with an id that holds on an ISO day; None where there is none."""
    for one in entries:
        if one.id == name and one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
            return one
    return None


@cache
def _built_in(name: str, part: str, read: Callable[[Node, SideFile], T]) -> tuple[T, ...]:
    return tuple(one for file in sorted(BUILT_IN.glob(f"*/{name}")) for one in _read(file, part, read))


def _read(path: Path, part: str, read: Callable[[Node, SideFile], T]) -> list[T]:
    root = Node(read_yaml(path), str(path))
    root.only(("format", "sources", part))
    file = SideFile(path, frozenset(node.identifier("S1", clause=True) for node in root.nodes("sources")))
    return [read(node, file) for node in root.nodes(part)]

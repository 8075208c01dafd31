"""What can be watched beside records: a port that rooms above fill, so that the watch knows nothing of a scan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.watch.conditions import Idea, Json, Trait


@dataclass(frozen=True, slots=True)
class Watched:
    """One subject of a version: plain values."""

    subject: str
    """Stable over versions: `concept:ID`."""
    title: Bilingual
    values: Mapping[str, Json]
    texts: tuple[str, ...] = ()
    """What a search for words looks at, beside the title."""
    public: bool = True


class Watchable(Protocol):
    """Something that exists in versions, each a list of subjects, such as the scans of the lookout."""

    @property
    def unit(self) -> str:
        """What its subjects are called before their colon, by which a rule may name one of them: `concept`."""
        ...

    @property
    def traits(self) -> Mapping[str, Trait]:
        """What conditions and filters may name."""
        ...

    @property
    def ideas(self) -> tuple[Idea, ...]:
        """Conditions that a form about one subject offers."""
        ...

    def versions(self) -> tuple[str, ...]:
        """Names of the versions that may be compared with each other, the oldest first."""
        ...

    def read(self, version: str) -> Iterable[Watched]:
        """The subjects of a version."""
        ...

    def follow(self, before: str, after: str) -> Mapping[str, str]:
        """Subjects that are called otherwise in a later version: what they were called, and what they are called."""
        ...


@dataclass(slots=True)
class Offer:
    """All watchables of this process, by what they are about; `installation` fills it at the start."""

    by_name: dict[str, Watchable] = field(default_factory=dict)

    def about(self, unit: str) -> str:
        """The name of the watchable with such subjects; empty for none."""
        return next((name for name, one in self.by_name.items() if one.unit == unit), "")

    def get(self, name: str) -> Watchable:
        """The watchable called so; InputError that lists the known ones."""
        if name not in self.by_name:
            raise InputError.of(
                "nothing called {name!r} can be watched", expected="one of {known}", do="choose one", name=name[:40],
                known=", ".join(["records", *self.by_name]),
            )  # fmt: skip
        return self.by_name[name]


OFFER = Offer()

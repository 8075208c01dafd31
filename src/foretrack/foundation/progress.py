"""How long work tells a door how far it is, without knowing whether anybody looks."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then by an action that takes long; must be quick and must not raise."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """`done` of `total` steps of `stage` are finished; `total` is None when nobody knows it.

        `stage` is a short English phrase that stays the same while the stage lasts ("reading", "counting").
        """
        ...


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches: the default of every action."""

"""Tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.table import Table
from rich.text import Text

from foretrack.terminal.session import plain


@dataclass(frozen=True, slots=True)
class Column:
    """One column as a reader sees it."""

    heading: str
    align: Literal["left", "right"] = "left"
    wrap: bool = True
    """False keeps a number or an identifier on one line."""
    shrink: int | None = None
    """Narrowest useful width; None lets the terminal decide."""


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, title: str = "") -> Table:
    """A plain table whose cells are shown as they are; styles never come from data."""
    drawn = Table(
        title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, collapse_padding=True
    )
    for column in columns:
        drawn.add_column(
            column.heading,
            justify=column.align,
            no_wrap=not column.wrap,
            overflow="fold",
            min_width=column.shrink,
        )
    for row in rows:
        drawn.add_row(*(Text(plain(cell)) for cell in row))
    return drawn


def number(value: float | None, digits: int = 2) -> str:
    """A number with fixed digits, a dash where there is none.

    >>> number(0.12345), number(None), number(3, 0)
    ('0.12', '–', '3')
    """
    return "–" if value is None else f"{value:.{digits}f}"


def score_text(value: float | None) -> str:
    """A score 0..1 that says when it is nearer to 1 than its digits can show.

    >>> score_text(0.8846), score_text(0.99999), score_text(1.0), score_text(None)
    ('0.885', '>0.999', '1.000', '–')
    """
    return ">0.999" if value is not None and 0.9995 <= value < 1 else number(value, 3)


def percent(value: float | None, digits: int = 0) -> str:
    """A share 0..1 as a percentage.

    >>> percent(0.256), percent(-0.031, 1), percent(None)
    ('26 %', '-3.1 %', '–')
    """
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def sparkline(values: Sequence[float]) -> str:
    """A series as a row of blocks, scaled from 0 to its own peak; empty for an empty series.

    >>> sparkline([0, 1, 2, 4])
    '▁▃▅█'
    """
    peak = max(values, default=0.0)
    if peak <= 0:
        return "▁" * len(values)
    blocks = "▁▂▃▄▅▆▇█"
    return "".join(blocks[round((len(blocks) - 1) * max(value, 0.0) / peak)] for value in values)

"""Formulas as MathML, which browsers draw without any program, and as text for everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, Union

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Part: TypeAlias = Union["Frac", "Root", "Sub", "Sum", "Times", str]


@dataclass(frozen=True, slots=True)
class Frac:
    """One over another."""

    above: Part
    below: Part


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    of: Part


@dataclass(frozen=True, slots=True)
class Sub:
    """Something with an index below, and perhaps a power above."""

    base: Part
    low: Part
    high: Part = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over something."""

    over: str
    of: Part


@dataclass(frozen=True, slots=True)
class Times:
    """Parts in a row."""

    parts: tuple[Part, ...]


def row(*parts: Part) -> Times:
    """Parts one after the other."""
    return Times(parts)


@dataclass(frozen=True, slots=True)
class Formula:
    """What a page shows, and what a program reads."""

    math: SafeString
    text: str


def formula(*parts: Part) -> Formula:
    """A formula from its parts.

    >>> formula("a", "=", Frac("b", Root("c"))).text
    'a = b / √c'
    >>> "<mfrac>" in formula("a", "=", Frac("b", "2")).math
    True
    """
    whole = row(*parts)
    math = format_html('<math display="block" alttext="{}">{}</math>', _text(whole), _math(whole))
    return Formula(math, _text(whole))


_SIGNS = set("=+−-×<≤≥>·,()|/")


def _math(part: Part) -> SafeString:
    if isinstance(part, str):
        if part and all(c in _SIGNS for c in part):
            return format_html("<mo>{}</mo>", part)
        if part.replace(".", "").replace(",", "").isdecimal():
            return format_html("<mn>{}</mn>", part)
        return format_html("<mi>{}</mi>", part) if len(part) == 1 else format_html("<mtext>{}</mtext>", part)
    match part:
        case Frac(above, below):
            return format_html("<mfrac>{}{}</mfrac>", _row(above), _row(below))
        case Root(of):
            return format_html("<msqrt>{}</msqrt>", _math(of))
        case Sub(base, low, ""):
            return format_html("<msub>{}{}</msub>", _row(base), _row(low))
        case Sub(base, low, high):
            return format_html("<msubsup>{}{}{}</msubsup>", _row(base), _row(low), _row(high))
        case Sum(over, of):
            return format_html("<mrow><munder><mo>∑</mo><mi>{}</mi></munder>{}</mrow>", over, _math(of))
        case Times(parts):
            return format_html_join("", "{}", ((_math(one),) for one in parts))


def _row(part: Part) -> SafeString:
    return format_html("<mrow>{}</mrow>", _math(part))


def _text(part: Part) -> str:
    if isinstance(part, str):
        return part
    match part:
        case Frac(above, below):
            return f"{_held(above)} / {_held(below)}"
        case Root(of):
            return f"√{_held(of)}"
        case Sub(base, low, high):
            return f"{_text(base)}_{_held(low)}" + (f"^{_held(high)}" if high else "")
        case Sum(over, of):
            return f"Σ_{over} {_text(of)}"
        case Times(parts):
            return " ".join(_text(one) for one in parts)


def _held(part: Part) -> str:
    """In brackets where it has several parts."""
    return f"({_text(part)})" if isinstance(part, Times | Frac) else _text(part)

"""Public identifiers of organisations, and whether their check characters are right.

Foretrack never asks a registry: a right check character says that an identifier was not mistyped, no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from foretrack.records.checkdigits import is_lei, is_ror, is_uscc

Scheme: TypeAlias = Literal["ror", "lei", "uscc"]
SCHEMES: tuple[str, ...] = get_args(Scheme)


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of a known scheme whose check characters are right."""

    scheme: Scheme
    code: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"

    @property
    def region(self) -> str | None:
        """`CN-` and the two digits of the province where a unified social credit code was issued; else None.

        >>> read_identifier("uscc:12100000400002259P").region is None  # issued by a national body
        True
        """
        if self.scheme != "uscc" or not "11" <= self.code[2:4] <= "65":
            return None
        return f"CN-{self.code[2:4]}"


def read_identifier(text: str | None) -> Identifier | None:
    """The identifier in `scheme:code`, or None when the scheme is unknown or the check characters are wrong.

    >>> str(read_identifier("ror:https://ror.org/03VEK6S52"))
    'ror:03vek6s52'
    >>> read_identifier("lei:969500KSV493XWY0PS34"), read_identifier("grid:grid.5337.2"), read_identifier(None)
    (None, None, None)
    """
    if not text:
        return None
    scheme, _, rest = text.strip().partition(":")
    code = rest.rstrip("/").rsplit("/", 1)[-1].strip()
    match scheme.lower():
        case "ror" if is_ror(code.lower()):
            return Identifier("ror", code.lower())
        case "lei" if is_lei(code.upper()):
            return Identifier("lei", code.upper())
        case "uscc" if is_uscc(code.upper()):
            return Identifier("uscc", code.upper())
    return None

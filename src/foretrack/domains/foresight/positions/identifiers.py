"""Public identifiers of organisations, and whether their check characters are right.

Foretrack never asks a registry: a right check character says that an identifier was not mistyped, no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Scheme: TypeAlias = Literal["ror", "lei", "uscc"]
SCHEMES: tuple[str, ...] = get_args(Scheme)

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


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


def is_ror(code: str) -> bool:
    """Whether the last two digits check the seven characters before them.

    A ROR identifier is `0`, six characters of Crockford's base 32 and two check digits of ISO/IEC 7064 MOD 97-10:
    98 - (100 n mod 97), n being the number that the first seven characters write (ror.readme.io, ROR identifier
    pattern).

    >>> is_ror("03vek6s52"), is_ror("03vek6s53"), is_ror("13vek6s52")
    (True, False, False)
    """
    if not re.fullmatch(r"0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}", code):
        return False
    number = 0
    for character in code[:7]:
        number = number * 32 + _CROCKFORD.index(character)
    return 98 - number * 100 % 97 == int(code[7:])


def is_lei(code: str) -> bool:
    """Whether a legal entity identifier checks: ISO 17442, MOD 97-10 of ISO/IEC 7064.

    Letters become numbers (A = 10 ... Z = 35); the number so written leaves 1 when divided by 97.

    >>> is_lei("969500KSV493XWY0PS33"), is_lei("969500KSV493XWY0PS34"), is_lei("969500KSV493XWY0PS3")
    (True, False, False)
    """
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", code):
        return False
    return int("".join(str(int(character, 36)) for character in code)) % 97 == 1


def is_uscc(code: str) -> bool:
    """Whether a unified social credit code (统一社会信用代码) checks: GB 32100-2015, MOD 31.

    Each of the first 17 characters has a value 0 to 30 (digits, then letters without I, O, S, V, Z) and the weight
    3^i mod 31; the 18th is the one of value (31 - sum mod 31) mod 31.

    >>> is_uscc("91110000600037341L"), is_uscc("91110000600037341K")
    (True, False)
    """
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", code):
        return False
    total = sum(_USCC.index(character) * pow(3, i, 31) for i, character in enumerate(code[:17]))
    return _USCC[(31 - total % 31) % 31] == code[17]

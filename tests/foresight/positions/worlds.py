"""An invented world of papers and patents with organisations, countries, citations and classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foretrack.records.document import Document, Organisation

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def ror(number: int) -> str:
    """A ROR identifier with right check digits; nobody has it."""
    digits = ""
    rest = number
    for _ in range(7):
        digits = CROCKFORD[rest % 32] + digits
        rest //= 32
    return f"ror:{digits}{98 - number * 100 % 97:02d}"


def document(number: int, year: int, organisations: Sequence[Organisation] = (), **fields: Any) -> Document:
    """An invented paper; its countries are those of its organisations."""
    told: dict[str, Any] = {
        "kind": "paper",
        "source": "invented",
        "source_id": f"I{number}",
        "published": str(year),
        "title": f"Invented result {number}",
        "organisations": tuple(organisations),
        "countries": tuple(dict.fromkeys(o.country for o in organisations if o.country)),
    }
    return Document(**(told | fields))


def institute(number: int, country: str) -> Organisation:
    return Organisation(f"Institute {'ABCDEFGHIJKLMNOPQRST'[number]} of Nowhere", country, ror(1000 + number))


def monopoly_world(seed: int = 5) -> list[Document]:
    """Ten years in which institutes A to I of SE have most papers and most citations, J to L of FI and NO the rest."""
    rng = np.random.default_rng(seed)
    found: list[Document] = []
    for year in range(2010, 2020):
        for k in range(40):
            in_lead = k < 32
            home = institute(k % 9, "SE") if in_lead else institute(9 + k % 3, ("FI", "NO", "NO")[k % 3])
            organisations = [home]
            if k % 8 == 0:
                organisations.append(institute(10, "NO"))
            cited = int(rng.integers(1, 30))
            references = tuple(f"invented:I{i}" for i in rng.integers(0, len(found), 3)) if found else ()
            found.append(
                document(
                    len(found), year, organisations, references=references,
                    cited_by_year=((year + 1, cited), (2021, 500)),
                    classes=("cpc:B64C39/02", f"cpc:G0{k % (2 if year < 2015 else 6)}S1/00", "ipc:B64C39/02"),
                    authors=(f"Author {k}",),
                )
            )  # fmt: skip
    return found

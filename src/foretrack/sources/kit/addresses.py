"""Organisation and country out of an address as it is printed under an author's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from foretrack.records.document import Organisation
from foretrack.sources.kit.building import country_code

_WHOLE = re.compile(
    r"universit|universid|università|polytechni|academy of|hochschule|\bETH\b|\bCNRS\b|\bMIT\b"
    r"|\b(?:inc|ltd|gmbh|corp|llc|s\.?a\.?s|b\.?v)\b|大学|公司|中国科学院",
    re.IGNORECASE,
)
_PART = re.compile(
    r"institut|college|hospital|h[ôo]pital|school|academy|cent(?:er|re)\b|laborator|clinic|foundation"
    r"|ministry|agency|company|council|学院|医院|研究所|研究院|实验室",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\.?\s*(?:Electronic address:|E-?mail:?)?\s*\S+@\S+", re.IGNORECASE)
_POSTCODE = re.compile(r"^[\s\d-]+|[\s\d-]+$")
LONGEST = 150
"""Characters: a longer part is running text, not a name."""


def organisation_in(address: str, *, country: str | None = None) -> Organisation | None:
    """The university or company in `address`, else its first part that looks like an institute, with the
    country of the last part (or `country`); None when no part looks like an organisation.

    >>> organisation_in("1 Dept of Physics, Example University, 0316 Oslo, Norway. a@example.org")
    Organisation(name='Example University', country='NO', id=None)
    """
    parts = [part.strip(" .;") for part in re.split("[,，]", _MAIL.sub("", address))]
    parts = [part for part in parts if part and len(part) <= LONGEST]
    best = next((part for part in parts if _WHOLE.search(part)), None)
    best = best or next((part for part in parts if _PART.search(part)), None)
    if best is None:
        return None
    name = re.sub(r"^[\d*†‡§\s]+(?=[^\W\d])|^[a-z](?=[A-Z])", "", best)
    return Organisation(name=name, country=country_code(country) or country_in(address))


def country_in(address: str) -> str | None:
    """ISO code of the country that ends `address`, None when its last part is no country.

    >>> country_in("Example Institute, Boston, MA 02139, USA."), country_in("Example Institute, Paris")
    ('US', None)
    """
    last = re.split("[,，;]", _MAIL.sub("", address).strip(" .;"))[-1]
    bare = _POSTCODE.sub("", last.strip(" .")).strip(" .")
    return country_code(bare) if len(bare) > 2 else country_code(bare if bare in ("UK", "US") else None)


def organisations_in(addresses: Iterable[str | None]) -> list[Organisation]:
    """The organisation of each address (several in one are parted by semicolons), in order."""
    found = [organisation_in(one) for address in addresses if address for one in address.split(";")]
    return [organisation for organisation in found if organisation is not None]

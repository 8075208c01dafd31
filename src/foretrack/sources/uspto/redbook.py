"""Fields of a patent in the USPTO's ST.32 XML of 2002-2004 (PATDOC, "red book"); B-numbers are INID codes."""

from __future__ import annotations

from typing import Any

from lxml import etree

from foretrack.records.document import Organisation
from foretrack.records.patentnumbers import publication_id
from foretrack.sources.kit.building import country_code, unique
from foretrack.sources.kit.markup import child
from foretrack.sources.kit.patents import class_codes, is_grant, kind_of
from foretrack.sources.uspto.fragments import text_of, within
from foretrack.sources.uspto.version4 import family_of, slashed


def redbook_fields(root: etree._Element) -> dict[str, Any]:
    """Fields of `Document` from a PATDOC element. Raises ValueError when it has no number."""
    first_page = child(root, "SDOBI")
    number = within(first_page, "B100", "B110", "DNUM")
    if not number:
        raise ValueError("no publication number in <B110>")
    country = within(first_page, "B100", "B190") or "US"
    kind = within(first_page, "B100", "B130")
    published = within(first_page, "B100", "B140", "DATE")
    meaning = kind_of(country, kind)
    organisations = [
        Organisation(name, country=country_code(within(party, "ADR", "CTRY")) or _at_home(party))
        for party in _all(first_page, "B731", "PARTY-US")
        if (name := within(party, "NAM", "ONM"))
    ]
    return {
        "source_id": publication_id(country, number, kind),
        "title": within(first_page, "B500", "B540"),
        "published": published,
        "abstract": text_of(child(root, "SDOAB"), apart=("PARA", "PTEXT")) or None,
        "language": "en",
        "subtype": meaning,
        "authors": unique(_person(party) for party in _all(first_page, "B721", "PARTY-US")),
        "organisations": organisations,
        "classes": class_codes("ipc", _symbols(first_page)),
        "references": _references(first_page),
        "filed": within(first_page, "B200", "B220", "DATE") or None,
        "granted": published if is_grant(meaning) else None,
        "family": family_of(within(first_page, "B200", "B210", "DNUM")),
    }


def _all(element: etree._Element | None, around: str, name: str) -> list[etree._Element]:
    if element is None:
        return []
    return [inner for outer in element.iter(around) for inner in outer.iter(name)]


def _at_home(party: etree._Element) -> str | None:
    """An address with a US state and no country is in the United States."""
    return "US" if within(party, "ADR", "STATE") else None


def _person(party: etree._Element) -> str:
    last, first = within(party, "NAM", "SNM"), within(party, "NAM", "FNM")
    return f"{last}, {first}" if last and first else last or first


def _symbols(first_page: etree._Element | None) -> list[str]:
    ipc = child(first_page, "B500", "B510")
    found = [] if ipc is None else [*ipc.iter("B511"), *ipc.iter("B512")]
    return [slashed(text_of(symbol)) for symbol in found]


def _references(first_page: etree._Element | None) -> tuple[str, ...]:
    found = []
    for cited in _all(first_page, "B561", "PCIT"):
        number = within(cited, "DOC", "DNUM")
        country = within(cited, "DOC", "CTRY") or "US"
        if number:
            found.append(f"patent:{publication_id(country, number, within(cited, 'DOC', 'KIND'))}")
    return unique(found)

"""Fields of an application in the USPTO's XML of 2001-2004 (patent-application-publication, PAP)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from foretrack.records.document import Organisation
from foretrack.records.patentnumbers import publication_id
from foretrack.sources.kit.building import country_code, unique
from foretrack.sources.kit.markup import child, children
from foretrack.sources.kit.patents import class_codes, kind_of
from foretrack.sources.uspto.fragments import text_of, within
from foretrack.sources.uspto.version4 import family_of, slashed


def early_application_fields(root: etree._Element) -> dict[str, Any]:
    """Fields of `Document` from the root element. Raises ValueError when it has no number."""
    biblio = child(root, "subdoc-bibliographic-information")
    number = within(biblio, "document-id", "doc-number")
    if not number:
        raise ValueError("no publication number in <document-id>")
    kind = within(biblio, "document-id", "kind-code")
    technical = child(biblio, "technical-information")
    listed = child(biblio, "inventors")
    inventors = [*children(listed, "first-named-inventor"), *children(listed, "inventor")]
    organisations = [
        Organisation(name, country=country_code(_country(party)))
        for party in children(biblio, "assignee")
        if (name := within(party, "organization-name"))
    ]
    return {
        "source_id": publication_id("US", number, kind),
        "title": within(technical, "title-of-invention"),
        "published": within(biblio, "document-id", "document-date"),
        "abstract": text_of(child(root, "subdoc-abstract"), apart=("paragraph",)) or None,
        "language": "en",
        "subtype": kind_of("US", kind),
        "authors": unique(_person(inventor) for inventor in inventors),
        "organisations": organisations,
        "countries": unique(
            [organisation.country for organisation in organisations]
            or [country_code(_country(inventor)) for inventor in inventors]
        ),
        "classes": class_codes("ipc", _symbols(technical)),
        "filed": within(biblio, "domestic-filing-data", "filing-date") or None,
        "family": family_of(within(biblio, "domestic-filing-data", "application-number", "doc-number")),
    }


def _country(party: etree._Element) -> str:
    return next((text_of(code) for code in party.iter("country-code")), "")


def _person(inventor: etree._Element) -> str:
    name = child(inventor, "name")
    given = " ".join(part for part in (within(name, "given-name"), within(name, "middle-name")) if part)
    family = within(name, "family-name")
    return f"{family}, {given}" if family and given else family or given


def _symbols(technical: etree._Element | None) -> list[str]:
    ipc = child(technical, "classification-ipc")
    return [] if ipc is None else [slashed(text_of(code)) for code in ipc.iter("ipc")]

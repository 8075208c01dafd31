"""Fields of a patent in the USPTO's XML of 2005 and later (us-patent-grant and -application, v4.x)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from foretrack.records.document import Organisation
from foretrack.records.patentnumbers import publication_id
from foretrack.sources.kit.building import country_code, unique
from foretrack.sources.kit.markup import child, children, local_name
from foretrack.sources.kit.patents import class_codes, is_grant, kind_of
from foretrack.sources.uspto.fragments import text_of, within

_SYMBOL_PARTS = ("section", "class", "subclass", "main-group", "subgroup")


def version4_fields(root: etree._Element) -> dict[str, Any]:
    """Fields of `Document` from the root element. Raises ValueError without bibliographic data or number.

    Applicants and assignees that are organisations become organisations; in files before 2013 the
    inventors stand among the applicants. A patent without abstract stays without: a claim is no abstract.
    """
    kind_name = local_name(root).removeprefix("us-patent-")
    biblio = child(root, f"us-bibliographic-data-{kind_name}")
    if biblio is None:
        raise ValueError(f"no <us-bibliographic-data-{kind_name}>. Expected: the first page of the patent")
    publication = child(biblio, "publication-reference", "document-id")
    country = within(publication, "country") or "US"
    number, kind = within(publication, "doc-number"), within(publication, "kind")
    if not number:
        raise ValueError("no publication number in <publication-reference>")
    published = within(publication, "date") or root.get("date-publ") or ""
    meaning = kind_of(country, kind)
    parties = _parties(biblio)
    organisations = [_organisation(party) for party in parties if _organisation_name(party)]
    inventors = list(_inventors(biblio))
    countries = unique(organisation.country for organisation in organisations)
    return {
        "source_id": publication_id(country, number, kind),
        "title": within(biblio, "invention-title"),
        "published": published,
        "abstract": _abstract(root),
        "language": (root.get("lang") or "").lower() or None,
        "subtype": meaning,
        "authors": unique(_person(inventor) for inventor in inventors),
        "organisations": organisations,
        "countries": countries or unique(_country(inventor) for inventor in inventors),
        "classes": (
            *_classes(biblio, "cpc"),
            *_classes(biblio, "ipcr"),
            *_old_ipc(biblio),
            *_locarno(biblio),
        ),
        "references": _references(biblio),
        "filed": within(biblio, "application-reference", "document-id", "date") or None,
        "granted": published if is_grant(meaning) else None,
        "family": family_of(within(biblio, "application-reference", "document-id", "doc-number")),
    }


def _abstract(root: etree._Element) -> str | None:
    abstracts = children(root, "abstract")
    return text_of(abstracts[0], apart=("p", "li", "ul", "ol")) or None if abstracts else None


def _parties(biblio: etree._Element) -> list[etree._Element]:
    parties = child(biblio, "us-parties")
    if parties is None:
        parties = child(biblio, "parties")
    applicants = child(parties, "us-applicants")
    if applicants is None:
        applicants = child(parties, "applicants")
    return [
        *children(applicants, "us-applicant"),
        *children(applicants, "applicant"),
        *children(child(biblio, "assignees"), "assignee"),
    ]


def _inventors(biblio: etree._Element) -> Iterator[etree._Element]:
    for group in ("us-parties", "parties"):
        parties = child(biblio, group)
        yield from children(child(parties, "inventors"), "inventor")
        for applicant in children(child(parties, "applicants"), "applicant"):
            if applicant.get("app-type") == "applicant-inventor":
                yield applicant


def _person(party: etree._Element) -> str:
    last = within(party, "addressbook", "last-name")
    first = within(party, "addressbook", "first-name")
    return f"{last}, {first}" if last and first else last or first


def _country(party: etree._Element) -> str | None:
    written = within(party, "addressbook", "address", "country") or within(party, "residence", "country")
    return country_code(written)


def _organisation_name(party: etree._Element) -> str:
    # Files of 2005 have no address book around an assignee.
    return within(party, "addressbook", "orgname") or within(party, "orgname")


def _organisation(party: etree._Element) -> Organisation:
    return Organisation(_organisation_name(party), country=_country(party))


def _classes(biblio: etree._Element, scheme: str) -> tuple[str, ...]:
    found = child(biblio, f"classifications-{scheme}")
    if found is None:
        return ()
    symbols = [_symbol(element) for element in found.iter(f"{{*}}classification-{scheme}")]
    return class_codes("ipc" if scheme == "ipcr" else scheme, symbols)


def _symbol(element: etree._Element) -> str:
    section, class_, subclass, group, subgroup = (within(element, part) for part in _SYMBOL_PARTS)
    return f"{section}{class_}{subclass}{group}/{subgroup}" if group else f"{section}{class_}{subclass}"


def _old_ipc(biblio: etree._Element) -> tuple[str, ...]:
    found = child(biblio, "classification-ipc")
    written = [*children(found, "main-classification"), *children(found, "further-classification")]
    return class_codes("ipc", (slashed(text_of(symbol)) for symbol in written))


def slashed(symbol: str) -> str:
    """An IPC symbol of fixed columns with its slash; the last two digits are the subgroup.

    >>> slashed("B64C 3902"), slashed("G06F  300"), slashed("B64C039/02")
    ('B64C39/02', 'G06F3/00', 'B64C039/02')
    """
    if "/" in symbol:
        return symbol
    match = re.fullmatch(r"([A-H]\d\d[A-Z])\s*(\d{1,3})\s*(\d{2})", symbol)
    return f"{match.group(1)}{match.group(2)}/{match.group(3)}" if match else symbol


def _locarno(biblio: etree._Element) -> tuple[str, ...]:
    written = within(biblio, "classification-locarno", "main-classification")
    digits = re.sub(r"\D", "", written)
    return (f"locarno:{digits[:2]}-{digits[2:]}",) if len(digits) == 4 else ()


def _references(biblio: etree._Element) -> tuple[str, ...]:
    cited = child(biblio, "us-references-cited")
    if cited is None:
        cited = child(biblio, "references-cited")
    found = []
    for citation in (*children(cited, "us-citation"), *children(cited, "citation")):
        document = child(citation, "patcit", "document-id")
        number, country = within(document, "doc-number"), within(document, "country")
        if number and country:
            found.append(f"patent:{publication_id(country, number, within(document, 'kind'))}")
    return unique(found)


def family_of(application: str) -> str | None:
    """What the application and the grant of one invention share: the number under which it was filed.

    The USPTO names no family; without this, an invention would count twice.

    >>> family_of("15/123,456"), family_of("")
    ('us-application:15123456', None)
    """
    digits = re.sub(r"\D", "", application)
    return f"us-application:{digits}" if digits else None

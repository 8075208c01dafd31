"""Profiles in the form in which partner networks exchange them: types BO, BR, TO, TR, RDR, as JSON and as XML, both ways.

The list of fields and words is that of systems.md, annex A12, as users of such networks describe it. The networks' own
schema is not public and was not seen: whoever delivers to one maps this form to theirs, field by field. Nothing is lost
on the way out and back: words that a network does not have stand beside its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from foretrack.foundation.errors import InputError

NAMESPACE = "https://foretrack.org/ns/profile/1"
VERSION = "1"
TYPES: Mapping[tuple[str, str], str] = {
    ("offer", "business"): "BO", ("need", "business"): "BR", ("offer", "technology"): "TO",
    ("need", "technology"): "TR", ("need", "research"): "RDR",
}  # fmt: skip
"""Kind and sort of a record to the type of the network."""
STAGES: Mapping[str, str] = {
    "concept": "concept", "development": "under development", "lab-tested": "lab tested", "prototype": "prototype",
    "field-tested": "field-tested", "on-market": "already on market",
}  # fmt: skip
COOPERATION: Mapping[str, str] = {
    "licence": "licence", "transfer": "licence", "technical": "technical", "research": "research",
    "commissioned": "technical", "manufacturing": "manufacturing", "subcontract": "subcontract",
    "agency": "commercial agency", "distribution": "distribution", "joint-venture": "JV", "acquisition": "acquisition",
    "investment": "investment", "service": "service", "trial": "technical",
}  # fmt: skip
"""Kind of cooperation to the network's nearest; several may share one, so the own word stands beside it."""
TEXTS: Mapping[str, str] = {
    "title": "title", "summary": "summary", "description": "description", "advantages": "advantages",
    "requirements": "technical_specification", "expertise": "expertise_sought", "applications": "applications",
    "partner_role": "partner_role",
}  # fmt: skip
"""Our field to theirs, of text in one or two languages."""
LISTS: Mapping[str, str] = {
    "rights": "ipr_status", "keywords": "keywords", "tracks": "subjects", "partner_types": "partner_types",
    "partner_regions": "partner_countries", "languages": "languages", "flags": "flags", "patents": "patents",
    "standards": "standards", "pages": "web_pages",
}  # fmt: skip
SINGLE: Mapping[str, str] = {
    "maturity": "trl", "maturity_to": "trl_highest", "region": "country_or_region", "deadline": "deadline",
    "valid_until": "valid_until",
}  # fmt: skip
_NUMBERS = ("trl", "trl_highest")
MOST_BYTES = 2_000_000


def type_of(kind: str, values: Mapping[str, Any]) -> str:
    """The network's type of a profile; a technology where nothing is said.

    >>> type_of("need", {"sort_of": "research"}), type_of("offer", {})
    ('RDR', 'TO')
    """
    return TYPES[kind, values.get("sort_of") or "technology"]


def to_network(kind: str, values: Mapping[str, Any], key: str = "", address: str = "") -> dict[str, Any]:
    """A profile in the network's form. `values` must hold nothing but what the reader may see."""
    made: dict[str, Any] = {"version": VERSION, "profile_type": type_of(kind, values)}
    made |= {name: said for name, said in (("reference", key), ("address", address)) if said}
    made |= {theirs: dict(values[ours]) for ours, theirs in TEXTS.items() if values.get(ours)}
    if values.get("stage"):
        made["development_stage"] = STAGES[values["stage"]]
    made |= {theirs: list(values[ours]) for ours, theirs in LISTS.items() if values.get(ours)}
    made |= {theirs: values[ours] for ours, theirs in SINGLE.items() if values.get(ours) is not None}
    if values.get("cooperation"):
        made["cooperation_types"] = [{"type": COOPERATION[one], "own": one} for one in values["cooperation"]]
    return made


def from_network(given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """(kind, values) of a profile in the network's form; the values are raw, as a form or a file would hold them.

    InputError for a type, a stage or a cooperation that the form does not have, and for a field that it does not know.
    """
    by_type = {code: pair for pair, code in TYPES.items()}
    said = str(given.get("profile_type", ""))
    if said not in by_type:
        raise InputError.of(
            "the profile has the type {type!r}", expected="one of {known}", do="correct `profile_type`", type=said[:20],
            known=", ".join(by_type),
        )  # fmt: skip
    kind, sort = by_type[said]
    known = {
        *TEXTS.values(),
        *LISTS.values(),
        *SINGLE.values(),
        "version",
        "profile_type",
        "reference",
        "address",
    }
    known |= {"development_stage", "cooperation_types"}
    if stray := sorted(set(given) - known):
        raise InputError.of(
            "the form has no field {name!r}", expected="one of {known}", do="correct the name", name=stray[0][:40],
            known=", ".join(sorted(known)),
        )  # fmt: skip
    values: dict[str, Any] = {"sort_of": sort}
    for ours, theirs in {**TEXTS, **LISTS, **SINGLE}.items():
        if given.get(theirs) not in (None, "", [], {}):
            values[ours] = given[theirs]
    if stage := given.get("development_stage"):
        values["stage"] = _back("stage of development", STAGES, str(stage))
    if types := given.get("cooperation_types"):
        values["cooperation"] = [_cooperation(one) for one in types]
    return kind, values


def _cooperation(one: Any) -> str:
    if isinstance(one, Mapping) and one.get("own") in COOPERATION:
        return str(one["own"])
    return _back(
        "kind of cooperation", COOPERATION, str(one.get("type", "") if isinstance(one, Mapping) else one)
    )


def _back(what: str, table: Mapping[str, str], said: str) -> str:
    found = next((ours for ours, theirs in table.items() if theirs.casefold() == said.casefold()), None)
    if found is None:
        raise InputError.of(
            "{said!r} is no {what} of the form", expected="one of {known}", do="correct it", said=said[:40], what=what,
            known=", ".join(dict.fromkeys(table.values())),
        )  # fmt: skip
    return found


def to_xml(given: Mapping[str, Any]) -> etree._Element:
    """A profile in the network's form as an element of XML.

    >>> one = to_xml(to_network("offer", {"title": {"en": "A <b>"}, "cooperation": ["trial"]}))
    >>> read_xml(etree.tostring(one)) == to_network("offer", {"title": {"en": "A <b>"}, "cooperation": ["trial"]})
    True
    """
    root = etree.Element(f"{{{NAMESPACE}}}profile", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs forget it
    for name, value in given.items():
        if isinstance(value, Mapping):
            for language, text in value.items():
                one = _add(root, name, text)
                one.set("{http://www.w3.org/XML/1998/namespace}lang", language)
        elif isinstance(value, list):
            for entry in value:
                if isinstance(entry, Mapping):
                    _add(root, name, entry["type"]).set("own", entry["own"])
                else:
                    _add(root, name, entry)
        else:
            _add(root, name, value)
    return root


def _add(root: etree._Element, name: str, text: object) -> etree._Element:
    made = etree.SubElement(root, f"{{{NAMESPACE}}}{name}")
    made.text = str(text)
    return made


def read_xml(content: bytes) -> dict[str, Any]:
    """The network's form out of XML; InputError for what is none. No entity is resolved and nothing is fetched."""
    if len(content) > MOST_BYTES:
        raise InputError.of(
            "the file has {n} bytes", expected="at most {most}", do="send one profile a file", n=len(content),
            most=MOST_BYTES,
        )  # fmt: skip
    try:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError.of(
            "the file is no XML: {why}", expected="a profile as this form has it", do="correct the file",
            why=str(error)[:120],
        ) from None  # fmt: skip
    if root.tag != f"{{{NAMESPACE}}}profile":
        raise InputError.of(
            "the file begins with {tag!r}", expected="profile of {namespace}", do="send a profile in this form",
            tag=str(root.tag)[:80], namespace=NAMESPACE,
        )  # fmt: skip
    made: dict[str, Any] = {}
    for one in root.iterchildren(tag=etree.Element):
        name, text = etree.QName(one).localname, one.text or ""
        language = one.get("{http://www.w3.org/XML/1998/namespace}lang")
        if name in TEXTS.values():
            made.setdefault(name, {})[language or "en"] = text
        elif name in LISTS.values():
            made.setdefault(name, []).append(text)
        elif name == "cooperation_types":
            own = one.get("own")
            made.setdefault(name, []).append({"type": text, **({"own": own} if own else {})})
        else:
            made[name] = int(text) if name in _NUMBERS and text.strip().isdecimal() else text
    return made

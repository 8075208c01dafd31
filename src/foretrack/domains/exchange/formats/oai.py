"""OAI-PMH 2.0 in XML: what a repository answers to each verb, and the arguments that each takes.

The protocol is that of openarchives.org/OAI/2.0/openarchivesprotocol.htm (Lagoze, Van de Sompel, Nelson, Warner 2002). No
kept provider library with a permissive licence was found, and the whole of it is this module. Resumption tokens hold
where the next part begins and what was asked, so the server remembers nothing and a token never grows old.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from lxml import etree

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
PROFILE = "https://foretrack.org/ns/profile/1"
"""Namespace of the profile's own form; `formats/network.py` writes it."""
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ErrorCode: TypeAlias = Literal[
    "badVerb", "badArgument", "badResumptionToken", "cannotDisseminateFormat", "idDoesNotExist", "noRecordsMatch",
    "noSetHierarchy",
]  # fmt: skip


class ProtocolError(Exception):
    """What the protocol calls an error: it is answered with status 200 and a code."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Item:
    """One record of the repository, with nothing that is not public; of a deleted one the header alone is known."""

    identifier: str
    stamp: str
    """`2026-03-02T12:00:00Z`."""
    sets: tuple[str, ...]
    deleted: bool = False
    dc: tuple[tuple[str, str, str], ...] = ()
    """(element, language or empty, text)."""
    profile: etree._Element | None = field(default=None, compare=False)
    """The record in the profile's own form; None where it has none."""


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which records are given away."""

    prefix: str
    schema: str
    namespace: str


FORMATS = (
    Format("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC),
    Format("ft_profile", "https://foretrack.org/ns/profile/1.xsd", PROFILE),
)
_ARGUMENTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (
        frozenset({"metadataPrefix"}),
        frozenset({"from", "until", "set", "resumptionToken"}),
    ),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"})),
}
"""Verb to the arguments that it must and may have."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a harvester, checked."""

    verb: str
    identifier: str = ""
    prefix: str = ""
    since: str = ""
    """Moment from which on, both ends taken in; empty for the beginning."""
    until: str = ""
    set: str = ""
    after: tuple[str, int] | None = None
    """(moment in microseconds, number) behind which the next part begins."""
    cursor: int = 0
    """How many came before this part."""


def read_arguments(given: Sequence[tuple[str, str]], sets: Iterable[str]) -> Asked:
    """The question in a query; ProtocolError for what the protocol does not allow.

    >>> read_arguments([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026-03-01")], ()).since
    '2026-03-01T00:00:00Z'
    """
    named: dict[str, str] = {}
    for name, value in given:
        if name in named:
            raise ProtocolError("badVerb" if name == "verb" else "badArgument", f"{name} is given twice")
        named[name] = value
    verb = named.pop("verb", "")
    if verb not in _ARGUMENTS:
        raise ProtocolError("badVerb", f"the verb is none of {', '.join(_ARGUMENTS)}")
    must, may = _ARGUMENTS[verb]
    if stray := sorted(set(named) - must - may):
        raise ProtocolError("badArgument", f"{verb} does not take {', '.join(stray)[:80]}")
    if "resumptionToken" in named:
        if len(named) > 1:
            raise ProtocolError("badArgument", "resumptionToken stands alone")
        return _resumed(verb, named["resumptionToken"], sets)
    if missing := sorted(must - set(named)):
        raise ProtocolError("badArgument", f"{verb} needs {', '.join(missing)}")
    return _checked(
        Asked(
            verb, named.get("identifier", ""), named.get("metadataPrefix", ""), named.get("from", ""),
            named.get("until", ""), named.get("set", ""),
        ),
        sets,
    )  # fmt: skip


def _checked(asked: Asked, sets: Iterable[str]) -> Asked:
    known = {one.prefix for one in FORMATS}
    if asked.prefix and asked.prefix not in known:
        raise ProtocolError("cannotDisseminateFormat", f"the formats are {', '.join(sorted(known))}")
    if asked.set and asked.set not in set(sets):
        raise ProtocolError("noRecordsMatch", "there is no such set")
    days = [bool(_DAY.fullmatch(one)) for one in (asked.since, asked.until) if one]
    if any(
        not _DAY.fullmatch(one) and not _MOMENT.fullmatch(one) for one in (asked.since, asked.until) if one
    ):
        raise ProtocolError("badArgument", "from and until are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
    if len(set(days)) > 1:
        raise ProtocolError("badArgument", "from and until have different granularity")
    since = f"{asked.since}T00:00:00Z" if len(asked.since) == 10 else asked.since
    until = f"{asked.until}T23:59:59Z" if len(asked.until) == 10 else asked.until
    if since and until and since > until:
        raise ProtocolError("badArgument", "from is later than until")
    return Asked(
        asked.verb, asked.identifier, asked.prefix, since, until, asked.set, asked.after, asked.cursor
    )


def token_of(asked: Asked, after: tuple[str, int], cursor: int) -> str:
    """The token that asks for the part behind a place."""
    held = [asked.prefix, asked.since, asked.until, asked.set, after[0], after[1], cursor]
    return base64.urlsafe_b64encode(json.dumps(held, separators=(",", ":")).encode()).decode().rstrip("=")


def _resumed(verb: str, token: str, sets: Iterable[str]) -> Asked:
    try:
        held = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        prefix, since, until, chosen, moment, number, cursor = held
        texts = (prefix, since, until, chosen, moment)
        if not all(isinstance(one, str) for one in texts) or not all(
            type(n) is int for n in (number, cursor)
        ):
            raise ValueError
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", moment) or not prefix:
            raise ValueError
        if not 0 <= number < 2**62 or not 0 <= cursor < 2**62:
            raise ValueError
        return _checked(Asked(verb, "", prefix, since, until, chosen, (moment, number), cursor), sets)
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError, ProtocolError):
        raise ProtocolError("badResumptionToken", "no token of this repository for this verb") from None


@dataclass(frozen=True, slots=True)
class Repository:
    """What a repository says of itself."""

    name: str
    base: str
    """Its address."""
    mail: str
    domain: str
    earliest: str
    sets: tuple[tuple[str, str], ...]
    """(setSpec, setName)."""


def answer(
    repository: Repository, now: str, asked: Asked | None, *, items: Sequence[Item] = (), token: str | None = None,
    error: ProtocolError | None = None, given: Sequence[tuple[str, str]] = (),
) -> bytes:  # fmt: skip
    """The whole answer to a question, as XML in UTF-8.

    Args:
        now: the moment of the answer.
        token: of the next part; empty for the last of several parts, None where there was but one.
        given: the arguments as they were sent; they stand in the answer unless the verb or an argument is wrong.
    """
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": XSI})  # type: ignore[dict-item]  # the stubs forget it
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} {OAI}OAI-PMH.xsd")
    _text(root, "responseDate", now)
    request = _text(root, "request", repository.base)
    if error is None or error.code not in ("badVerb", "badArgument"):
        for name, value in given:
            request.set(name, _clean(value))
    if error is not None or asked is None:
        wrong = error or ProtocolError("badVerb", "no verb")
        _text(root, "error", wrong.message).set("code", wrong.code)
        return _bytes(root)
    body = etree.SubElement(root, f"{{{OAI}}}{asked.verb}")
    if asked.verb == "Identify":
        _identify(body, repository)
    elif asked.verb == "ListMetadataFormats":
        _formats(body, items)
    elif asked.verb == "ListSets":
        for spec, name in repository.sets:
            one = etree.SubElement(body, f"{{{OAI}}}set")
            _text(one, "setSpec", spec)
            _text(one, "setName", name)
    else:
        for item in items:
            if asked.verb == "ListIdentifiers":
                _header(body, item)
            else:
                _record(body, item, asked.prefix)
        if token is not None:
            _text(body, "resumptionToken", token).set("cursor", str(asked.cursor))
    return _bytes(root)


def _identify(body: etree._Element, repository: Repository) -> None:
    for name, value in (
        ("repositoryName", repository.name), ("baseURL", repository.base), ("protocolVersion", "2.0"),
        ("adminEmail", repository.mail), ("earliestDatestamp", repository.earliest), ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):  # fmt: skip
        _text(body, name, value)
    described = etree.SubElement(
        etree.SubElement(body, f"{{{OAI}}}description"), f"{{{IDENTIFIER}}}oai-identifier"
    )
    described.set(
        f"{{{XSI}}}schemaLocation", f"{IDENTIFIER} http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
    )
    for name, value in (
        ("scheme", "oai"), ("repositoryIdentifier", repository.domain), ("delimiter", ":"),
        ("sampleIdentifier", f"oai:{repository.domain}:01HZX3V9T8Q2M4N6P8R0S2T4V6"),
    ):  # fmt: skip
        etree.SubElement(described, f"{{{IDENTIFIER}}}{name}").text = value


def _formats(body: etree._Element, items: Sequence[Item]) -> None:
    for one in FORMATS:
        if one.prefix == "ft_profile" and items and items[0].profile is None:
            continue
        told = etree.SubElement(body, f"{{{OAI}}}metadataFormat")
        _text(told, "metadataPrefix", one.prefix)
        _text(told, "schema", one.schema)
        _text(told, "metadataNamespace", one.namespace)


def _header(parent: etree._Element, item: Item) -> None:
    header = etree.SubElement(parent, f"{{{OAI}}}header")
    if item.deleted:
        header.set("status", "deleted")
    _text(header, "identifier", item.identifier)
    _text(header, "datestamp", item.stamp)
    for one in item.sets:
        _text(header, "setSpec", one)


def _record(parent: etree._Element, item: Item, prefix: str) -> None:
    record = etree.SubElement(parent, f"{{{OAI}}}record")
    _header(record, item)
    if item.deleted:
        return
    metadata = etree.SubElement(record, f"{{{OAI}}}metadata")
    if prefix == "ft_profile":
        if item.profile is not None:
            metadata.append(item.profile)
        return
    dc = etree.SubElement(metadata, f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    dc.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} {OAI_DC.rstrip('/')}.xsd")
    for name, language, text in item.dc:
        told = etree.SubElement(dc, f"{{{DC}}}{name}")
        told.text = _clean(text)
        if language:
            told.set(LANG, language)


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{OAI}}}{name}")
    made.text = _clean(text)
    return made


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _bytes(root: etree._Element) -> bytes:
    made: Any = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return bytes(made)

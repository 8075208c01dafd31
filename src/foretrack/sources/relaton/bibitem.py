"""Fields of a document from one Relaton item, in the spelling of models 1.x (docid) and 1.4+ (docidentifier).

Relaton writes one value or a list of them, a text or an object with `content`, nearly everywhere;
`listed` and `text` make these the same.
"""

from __future__ import annotations

import re
from typing import Any

from foretrack.records.document import Organisation
from foretrack.sources.kit.building import date_or_none, language_tag, unique

_BACKWARD = frozenset(
    {
        "obsoletes",
        "updates",
        "replaces",
        "supersedes",
        "merges",
        "cites",
        "derivedFrom",
        "adoptedFrom",
        "basedOn",
    }
)
"""Relations to earlier documents; `obsoletedBy` and its like point into the future."""
_STANDARDS = frozenset({"standard", "techreport", "misc", "manual", "website", "webresource", "dataset"})


_ETSI = re.compile(r"^ETSI .*(?:V\d+\.\d+\.\d+|ed\. ?\d+) \((\d{4}-\d{2})\)$")


class NotPublished(ValueError):
    """An item that describes work in progress."""


def item_fields(item: dict[str, Any]) -> dict[str, Any]:
    """Fields of `Document` but `source`. Raises NotPublished when no date says that it was published."""
    ext = item["ext"] if isinstance(item.get("ext"), dict) else {}
    identifiers = [_identifier(entry) for entry in listed(item.get("docid") or item.get("docidentifier"))]
    names = [(id_, type_) for id_, type_, _ in identifiers if id_ and type_.upper() not in _FOREIGN]
    primary = next((id_ for id_, type_, first in identifiers if id_ and first), names[0][0] if names else "")
    stage = stage_of(item.get("status"), item.get("docstatus")) or text(ext.get("standard_status")).lower()
    published = publication_date(item.get("date")) or _in_identifier(primary)
    if published is None:
        raise NotPublished(
            f"no publication date: {primary or 'the item'} is work in progress ({stage or 'no stage'})"
        )
    titles = _titles(item.get("title"))
    language = "en" if "en" in titles else next(iter(titles), None)
    other = next((code for code in ("zh", *titles) if code in titles and code != language), None)
    abstracts = _by_language(item.get("abstract"))
    publisher, body = _publisher(item.get("contributor"))
    ics = [
        text(entry.get("code"))
        for entry in listed(item.get("ics") or ext.get("ics"))
        if isinstance(entry, dict)
    ]
    return {
        "kind": "standard" if (text(item.get("type")) or "standard").lower() in _STANDARDS else "paper",
        "source_id": primary or text(item.get("id")),
        "title": titles.get(language or ""),
        "published": published,
        "abstract": abstracts.get(language or "") or abstracts.get(""),
        "language": language or None,
        "keywords": unique(text(entry) for entry in listed(item.get("keyword"))),
        "alt_language": other or None,
        "alt_title": titles.get(other) if other else None,
        "alt_abstract": abstracts.get(other) if other else None,
        "doi": next((id_ for id_, type_, _ in identifiers if type_.upper() == "DOI"), None),
        "ids": _ids(names, identifiers),
        "subtype": _doctype(item, ext),
        "authors": unique(_person(entry) for entry in listed(item.get("contributor"))),
        "organisations": [Organisation(name) for name in committees(item, ext)],
        "venue": body or (names[0][1] if names else None),
        "publisher": publisher,
        "classes": (
            *(f"ics:{code}" for code in unique(ics)),
            *((f"stage:{stage}",) if stage else ()),
        ),
        "references": _references(item.get("relation")),
        "updated": _date(item.get("date"), "updated"),
        "url": next(
            (
                text(link)
                for link in listed(item.get("link") or item.get("source"))
                if isinstance(link, dict) and link.get("type") in ("src", "citation", None)
            ),
            None,
        ),
    }


_FOREIGN = frozenset({"DOI", "ISBN", "ISSN", "URN", "URI"})


def listed(value: Any) -> list[Any]:
    """The value as a list: none, itself alone, or as it is."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """The text of a scalar or of an object with `content`, `value`, `name` or `id`; "" if there is none.

    >>> text({"content": "IEC"}), text(["ISO", "x"]), text({"name": {"content": "TC 1"}}), text(None)
    ('IEC', 'ISO', 'TC 1', '')
    """
    for _ in range(5):
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = next((value[key] for key in ("content", "value", "name", "id") if value.get(key)), None)
        else:
            return ""
    return value.strip() if isinstance(value, str) else ""


def _identifier(entry: Any) -> tuple[str, str, bool]:
    if not isinstance(entry, dict):
        return text(entry), "", False
    first = str(entry.get("primary")).lower() == "true" and not entry.get("scope")
    return text(entry.get("id")) or text(entry.get("content")), text(entry.get("type")), first


def _ids(names: list[tuple[str, str]], identifiers: list[tuple[str, str, bool]]) -> tuple[str, ...]:
    isbns = [f"isbn:{id_}" for id_, type_, _ in identifiers if type_.upper() == "ISBN"]
    return unique((*(f"std:{id_}" for id_, _ in names if "\u2122" not in id_), *isbns))


def _languages(entry: Any) -> str:
    written = text(entry.get("language")) if isinstance(entry, dict) else ""
    return language_tag(written) or ""


def _titles(value: Any) -> dict[str, str]:
    """Title by language: the one of type `main`, else intro, main and part joined by a dash."""
    whole: dict[str, str] = {}
    parts: dict[str, dict[str, str]] = {}
    for entry in listed(value):
        written = text(entry)
        language = _languages(entry)
        kind = text(entry.get("type")) if isinstance(entry, dict) else ""
        if not written:
            continue
        if kind.startswith("title-"):
            parts.setdefault(language, {}).setdefault(kind, written)
        elif kind in ("", "main", "alternative"):
            if kind == "main":
                whole[language] = written
            whole.setdefault(language, written)
    for language, pieces in parts.items():
        order = [
            pieces[kind]
            for kind in ("title-intro", "title-main", "title-part", "title-amd")
            if kind in pieces
        ]
        if order:
            whole.setdefault(language, " \u2014 ".join(order))
    return whole


def _by_language(value: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in listed(value):
        if written := text(entry):
            found.setdefault(_languages(entry), written)
    return found


def _date(value: Any, *kinds: str) -> str | None:
    for kind in kinds:
        for entry in listed(value):
            if isinstance(entry, dict) and entry.get("type") == kind:
                written = next((entry[key] for key in ("value", "at", "on", "from") if entry.get(key)), None)
                if date := date_or_none(text(written)):
                    return date
    return None


def publication_date(value: Any) -> str | None:
    """When the edition was published, from a list of typed dates; None for work in progress.

    Where the document was issued more than two years before, `published` is the day on which a library
    put an old document online, as IEEE Xplore did with standards of the 1930s; then the issue counts.

    >>> publication_date([{"type": "published", "value": "2016-01-05"}, {"type": "issued", "value": "1940"}])
    '1940'
    >>> publication_date([{"type": "obsoleted", "at": "2016"}]) is None
    True
    """
    published, issued = _date(value, "published"), _date(value, "issued")
    if published and issued and int(published[:4]) - int(issued[:4]) > 2:
        return issued
    return published or issued


def _in_identifier(identifier: str) -> str | None:
    """The month in an ETSI identifier, the only date of older items: `ETSI ETR 001 ed.1 (1990-08)`."""
    match = _ETSI.search(identifier)
    return match.group(1) if match else None


def stage_of(*values: Any) -> str:
    """The stage as `95.99` or a lower-case word; "" when none is given.

    >>> stage_of({"stage": {"content": "95"}, "substage": {"content": "99"}}), stage_of({"stage": "REVISED"})
    ('95.99', 'revised')
    """
    for value in values:
        if isinstance(value, str) and value:
            return value.lower()
        if isinstance(value, dict):
            stage, substage = text(value.get("stage")), text(value.get("substage"))
            if stage:
                return f"{stage}.{substage}".lower() if substage else stage.lower()
    return ""


def _publisher(contributors: Any) -> tuple[str | None, str | None]:
    """Name and abbreviation of the publishers: those with the role, several joined by a slash."""
    names, short = [], []
    for entry in listed(contributors):
        if not isinstance(entry, dict) or "publisher" not in _roles(entry):
            continue
        organisation = entry.get("organization")
        if isinstance(organisation, dict):
            names.append(text(organisation.get("name")))
            short.append(text(organisation.get("abbreviation")))
    return "; ".join(unique(names)) or None, "/".join(unique(short)) or None


def _roles(contributor: dict[str, Any]) -> set[str]:
    roles = listed(contributor.get("role"))
    return {text(role.get("type")) if isinstance(role, dict) else text(role) for role in roles}


def _person(contributor: Any) -> str:
    if not isinstance(contributor, dict) or not isinstance(contributor.get("person"), dict):
        return ""
    if _roles(contributor) - {"author", "editor", ""}:
        return ""
    name = contributor["person"].get("name")
    if not isinstance(name, dict):
        return text(name)
    if whole := text(name.get("completename")):
        return whole
    raw_given = name.get("given")
    given = raw_given if isinstance(raw_given, dict) else {}
    first = text(given.get("formatted_initials")) or text(given.get("forename")) or text(name.get("forename"))
    return " ".join(part for part in (first, text(name.get("surname"))) if part)


def committees(item: dict[str, Any], ext: dict[str, Any]) -> tuple[str, ...]:
    """The technical committees, working groups and the like that wrote it.

    >>> committees({"editorialgroup": {"technical_committee": [{"name": "ISO/TC 38"}]}}, {})
    ('ISO/TC 38',)
    """
    found: list[str] = []
    for group in listed(item.get("editorialgroup") or ext.get("editorialgroup")):
        levels = group.values() if isinstance(group, dict) and "name" not in group else [group]
        for level in levels:
            found += [_committee(entry) for entry in listed(level)]
    for entry in listed(item.get("contributor")):
        organisation = entry.get("organization") if isinstance(entry, dict) else None
        for part in listed(organisation.get("subdivision")) if isinstance(organisation, dict) else []:
            found.append(_committee(part))
    return unique(found)


def _committee(entry: Any) -> str:
    if isinstance(entry, dict) and (identifier := text(entry.get("identifier"))):
        return identifier
    return text(entry)


def _doctype(item: dict[str, Any], ext: dict[str, Any]) -> str:
    for value in (item.get("doctype"), ext.get("doctype")):
        if isinstance(value, dict) and (written := text(value.get("type")) or text(value)):
            return written
        if written := text(value):
            return written
    return text(item.get("type"))


def _references(value: Any) -> tuple[str, ...]:
    found = []
    for relation in listed(value):
        if not isinstance(relation, dict) or text(relation.get("type")) not in _BACKWARD:
            continue
        other = relation.get("bibitem")
        if not isinstance(other, dict):
            continue
        named = [_identifier(entry) for entry in listed(other.get("docid") or other.get("docidentifier"))]
        best = next((id_ for id_, type_, _ in named if id_ and type_.upper() not in _FOREIGN), "")
        written = best or text(other.get("formattedref"))
        if written:
            found.append("std:" + " ".join(written.split()))
    return unique(found)

"""The issues of a series as an Atom file (RFC 4287), so that a reader hears of a new one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Any

from lxml import etree

from foretrack.foundation.errors import InputError
from foretrack.lists.changes import diff, summary
from foretrack.lists.issue import Issue, Series, digest_of
from foretrack.lists.rendering.addresses import Addresses, file_name
from foretrack.lists.rendering.wording import Wording, visible, wording

ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_LANG = {"en": "en", "zh": "zh-Hans"}


def atom_of(
    series: Series,
    issues: Sequence[Issue],
    addresses: Addresses,
    language: str = "en",
    *,
    begun: date,
    at_most: int = 50,
) -> bytes:
    """The latest issues, the newest first, each with what it changed.

    Ids are UUIDs that follow from the series and the number, so they outlive a change of address.

    Args:
        series: whose issues they are.
        issues: in the order of their numbers, without a gap.
        addresses: of the site.
        language: of titles and summaries.
        begun: when the series was begun: what the file says it was last updated while there is no issue.
        at_most: so many issues are named.
    """
    for earlier, later in itertools.pairwise(issues):
        if later.number != earlier.number + 1 or later.series.uid != series.uid:
            raise InputError.of(
                "issue {found} follows issue {number}",
                expected="the issues of one series in their order",
                found=later.number,
                number=earlier.number,
            )
    said = wording(language)
    names: Any = {None: ATOM}
    root = etree.Element(f"{{{ATOM}}}feed", {f"{{{_XML}}}lang": _LANG[language]}, nsmap=names)
    _text(root, "id", f"urn:uuid:{series.uid}")
    _text(root, "title", said.text(series.title))
    if series.description.text(language):
        _text(root, "subtitle", said.text(series.description))
    _text(root, "updated", _moment(max((issue.published_on for issue in issues), default=begun)))
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _text(author, "name", said.text(series.publisher) or series.id)
    _link(root, "self", addresses.series_atom(series.id, language), "application/atom+xml")
    _link(root, "alternate", addresses.series(series), "text/html")
    _text(root, "rights", visible(series.licence))
    _text(root, "generator", "Foretrack")
    befores: list[Issue | None] = [None, *issues[:-1]]
    for before, issue in list(zip(befores, issues, strict=False))[::-1][:at_most]:
        # The first of the issues given need not be the first of the series.
        _issue(root, before if issue.number > 1 else None, issue, addresses, said)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _issue(
    root: etree._Element, before: Issue | None, issue: Issue, addresses: Addresses, said: Wording
) -> None:
    series = issue.series
    one = etree.SubElement(root, f"{{{ATOM}}}entry")
    _text(one, "id", f"urn:uuid:{issue.uid}")
    _text(
        one,
        "title",
        said.say("{title}, issue {label}", title=said.text(series.title), label=visible(issue.label)),
    )
    _text(one, "published", _moment(issue.published_on))
    _text(one, "updated", _moment(issue.published_on))
    _link(one, "alternate", addresses.issue(series, issue.number), "text/html")
    _link(one, "enclosure", addresses.file(issue, file_name(issue, "json")), "application/json")
    _text(one, "summary", "\n".join(_summary(before, issue, said)))


def _summary(before: Issue | None, issue: Issue, said: Wording) -> list[str]:
    lines = [said.say("{n} listed.", n=len(issue.listed))]
    if issue.number == 1 or before is not None:
        changes = diff(before, issue)
        lines += [said.sentence(summary(changes)), *(said.changes(changes) if before else [])]
    return [*lines, f"SHA-256 {digest_of(issue)}"]


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text
    return child


def _link(parent: etree._Element, relation: str, address: str, media_type: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": address, "type": media_type})


def _moment(day: date) -> str:
    # An issue has a day and no hour; midnight in UTC is the same moment for everybody.
    return f"{day.isoformat()}T00:00:00Z"

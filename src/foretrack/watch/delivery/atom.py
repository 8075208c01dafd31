"""Alerts as an Atom feed (RFC 4287). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

NAMESPACE = "http://www.w3.org/2005/Atom"
_IDS = uuid5(NAMESPACE_URL, "tag:foretrack,2026:watch")
MOST = 100
"""Entries of a feed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry."""

    key: str
    title: str
    text: str
    category: str
    label: str
    published: str
    updated: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A whole feed."""

    key: str
    title: str
    language: str
    updated: str
    """UTC, whole seconds."""
    entries: tuple[Entry, ...]
    more: int
    """Older entries that are not shown."""


def stable_id(*names: str) -> str:
    """An identifier that depends on the keys alone: neither address, language nor time changes it.

    >>> stable_id("a") == stable_id("a"), stable_id("a") == stable_id("a", "b")
    (True, False)
    """
    return f"urn:uuid:{uuid5(_IDS, '/'.join(names))}"


def atom(feed: Feed, own_address: str) -> bytes:
    """The feed as XML."""
    from lxml import etree

    root = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.language)

    def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> None:
        element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
        if text:
            element.text = sayable(text)

    add(root, "id", stable_id(feed.key))
    add(root, "title", feed.title, type="text")
    add(root, "updated", feed.updated)
    add(root, "link", rel="self", type="application/atom+xml", href=sayable(own_address))
    author = etree.SubElement(root, f"{{{NAMESPACE}}}author")
    add(author, "name", "Foretrack")
    add(root, "generator", "Foretrack")
    for one in feed.entries:
        entry = etree.SubElement(root, f"{{{NAMESPACE}}}entry")
        add(entry, "id", stable_id(feed.key, one.key))
        add(entry, "title", one.title, type="text")
        add(entry, "published", one.published)
        add(entry, "updated", one.updated)
        add(entry, "category", term=sayable(one.category), label=sayable(one.label))
        if one.link:
            add(entry, "link", rel="alternate", type="text/html", href=sayable(one.link))
        # Text, never markup: a reader shows tags in a title as they are written and runs none of them.
        add(entry, "content", one.text, type="text")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def sayable(text: str) -> str:
    """Text without the characters that XML cannot hold.

    >>> sayable("a\\x00b\\ud800c\\ufffe")
    'abc'
    """
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff"
    )


def tag_of(content: bytes) -> str:
    """The entity tag of what is sent: changes when a byte does."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def newest(moments: Sequence[str], made: str) -> str:
    """The latest of some moments, that of the making where there is none.

    >>> newest(["2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z"], "2026-01-01T00:00:00Z")
    '2026-03-02T00:00:00Z'
    """
    return max([made, *moments])


def as_moment(text: str) -> datetime:
    """The moment that a feed's text names."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))

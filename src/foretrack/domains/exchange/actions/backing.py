"""What backs a profile: patents and standards looked up among the documents, and concepts that its text names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foretrack.domains.exchange.quality.findings import texts_of
from foretrack.foundation.errors import InputError
from foretrack.records.identifiers import normalise
from foretrack.records.patentnumbers import read_number
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import edit, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.registry import Registry

NAMED = ("title", "summary", "description", "advantages", "requirements", "applications")
PROPOSED = 8
LOOKED_AT = 40
"""Numbers that are looked up at most."""
_AT_ONCE = 500
_LONG = 6
"""Letters of a single word that may be the name of a concept."""
_PART = re.compile(r"[\u3400-\u9fff]{2,}|[a-z0-9][a-z0-9 \t-]*")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a profile names, as it is printed, and the document that bears it."""

    said: str
    scheme: str
    """`patent` or `standard`; empty for what is no such number."""
    key: str
    """Of the document; empty where none among those that were read bears it."""
    title: str
    year: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A concept of the newest scan that the text names and the profile does not link."""

    link: str
    """As the field `signals` holds it: `concept:ID`."""
    unit: str
    key: str
    title: str
    words: str
    """The words of the text that name it."""


def numbers_of(actor: Actor, values: Mapping[str, Any]) -> tuple[Number, ...]:
    """The patents and standards that a profile names, each looked up by its number in one spelling."""
    from foretrack.search.actions.records import seen_by
    from foretrack.search.actions.searching import search

    found = []
    said = [("patent", one) for one in values.get("patents") or ()]
    said += [("standard", one) for one in values.get("standards") or ()]
    for scheme, text in said[:LOOKED_AT]:
        spelled = _spelled(scheme, text)
        hit = None
        if spelled:
            answer = search(
                spelled, viewer=seen_by(actor), units=["document"], limit=1, language=actor.language,
                embedder=None,
            )  # fmt: skip
            hit = next((one for one in answer.hits if one.why.way == "identifier"), None)
        found.append(
            Number(
                text, scheme if spelled else "", hit.key if hit else "", hit.title if hit else "",
                next(iter(hit.facets.get("year", ())), "") if hit else "",
            )
        )  # fmt: skip
    return tuple(found)


def _spelled(scheme: str, text: str) -> str:
    """The number in the one spelling that documents have; empty for what is none."""
    if scheme == "patent" and read_number(text) is None:
        return ""
    try:
        return normalise(scheme, text)
    except InputError:
        return ""


def proposals_for(actor: Actor, page: RecordPage) -> tuple[Proposed, ...]:
    """Concepts of the newest scan that the public text names and the profile does not link: the longest names first, then
    those that stand there most often.

    A concept's identifier is its name, so every run of words of the text is looked up as one: exact, and quick.
    """
    from foretrack.search.actions.naming import named

    linked = set(page.values.get("signals") or ())
    said = Counter(run for one in texts_of(page.values, NAMED) for run in runs(one.text))
    wanted: dict[str, str] = {}
    for run in said:
        for name in (run, run.removesuffix("s")):
            wanted.setdefault(name.replace(" ", "-"), run)
    keys = list(wanted)
    found = []
    for start in range(0, len(keys), _AT_ONCE):
        things = named(("concept", key) for key in keys[start : start + _AT_ONCE])
        for (unit, key), thing in things.items():
            link = f"{unit}:{key}"
            if link not in linked:
                run = wanted[key]
                found.append((run, Proposed(link, unit, key, thing.title(actor.language), run)))
    found.sort(
        key=lambda one: (
            -len(one[0].split()) if one[0].isascii() else -len(one[0]),
            -said[one[0]],
            one[1].key,
        )
    )
    return tuple(one for _, one in found[:PROPOSED])


def runs(text: str) -> Iterator[str]:
    """Every run of one to four words of a text (one word from six letters on), and of two to ten Han characters.

    >>> list(runs("A leak sensor, 泄漏"))
    ['a leak', 'a leak sensor', 'leak sensor', 'sensor', '泄漏']
    """
    for part in _PART.findall(text.casefold()):
        if part[0] >= "\u3400":
            yield from (
                part[a:b] for a in range(len(part) - 1) for b in range(a + 2, min(a + 10, len(part)) + 1)
            )
            continue
        words = [word for word in re.split(r"[\s-]+", part) if word]
        for a in range(len(words)):
            for b in range(a + 1, min(a + 4, len(words)) + 1):
                if b - a > 1 or len(words[a]) >= _LONG:
                    yield " ".join(words[a:b])


def confirm_signals(
    registry: Registry, actor: Actor, key: str, links: Sequence[str], *, revision: int | None = None
) -> RecordPage:
    """Links concepts and technologies of the lookout to a profile, beside those that it has.

    AccessError for whoever may not change it; InvalidRecord for a link that is none.
    """
    page = show(registry, actor, key)
    had = list(page.values.get("signals") or ())
    wanted = [*had, *(link for link in links if link not in had)]
    return edit(
        registry, actor, key, {"signals": wanted}, revision=page.revision if revision is None else revision
    )

"""Who wrote or invented together, as the corpus has it: joint work that keeps a reviewer from judging a co-author."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from foretrack.corpus.store import Corpus
from foretrack.domains.foresight.counts.positions import authors_with
from foretrack.domains.foresight.links.names import may_be, name_words
from foretrack.language.chinese import has_han
from foretrack.registry.kinds.person import PERSON
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.assigning.conflicts import Joint

SHOWN = 3
"""Documents that are named as evidence, the newest first."""


def joint_work(
    registry: Registry, reviewers: Sequence[str], applicants: Sequence[str]
) -> Mapping[str, Sequence[Joint]]:
    """Reviewer to joint works with applicants, from the corpus of the workspace that this process serves; nothing where
    there is none.

    Args:
        reviewers: keys of people on record who review.
        applicants: keys of people on record who are named in what is handed in.
    """
    from foretrack.web.workspace import workspace_root

    return written_together(workspace_root(), reviewers, applicants)


def written_together(
    root: Path, reviewers: Sequence[str], applicants: Sequence[str]
) -> Mapping[str, Sequence[Joint]]:
    """As `joint_work`, for the workspace at `root`.

    People are known by their names, in either language: documents carry no identifiers of authors. A retracted document
    counts for nothing.
    """
    directory = root / "corpus"
    if not (reviewers and applicants and directory.is_dir()):
        return {}
    corpus = Corpus(directory)
    if not corpus.manifest().parts["documents"]:
        return {}
    names = _names({*reviewers, *applicants})
    if not names:
        return {}
    view = corpus.as_of(None)
    rows = view.engine.fetch(authors_with(view.table(), _pattern(names)))
    by_word: dict[str, set[str]] = defaultdict(set)
    for key, all_names in names.items():
        for word in {word for name in all_names for word in name}:
            by_word[word].add(key)
    people: dict[str, set[str]] = defaultdict(set)
    told: dict[str, tuple[str, str]] = {}
    known: dict[str, frozenset[str]] = {}
    for row in rows.to_pylist():
        author = row["author"]
        if author not in known:
            known[author] = _who(author, names, by_word)
        people[row["document_id"]] |= known[author]
        told[row["document_id"]] = (row["published"], row["title"])
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for document, found in people.items():
        for reviewer in found.intersection(reviewers):
            for applicant in found.intersection(applicants) - {reviewer}:
                pairs[reviewer, applicant].append(told[document])
    works: dict[str, list[Joint]] = defaultdict(list)
    for (reviewer, applicant), documents in sorted(pairs.items()):
        documents.sort(reverse=True)
        last = max(last_day(published) for published, _ in documents)
        works[reviewer].append(Joint(applicant, last, tuple(title for _, title in documents[:SHOWN])))
    return works


def _names(keys: set[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Person to every name on record, as words."""
    found = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        for row in Record.objects.filter(kind=PERSON.name, key__in=wanted[start : start + 500]):
            names = row.body.get("name") or {}
            words = tuple(w for w in (name_words(str(one)) for one in names.values()) if w)
            if words:
                found[row.key] = words
    return found


def _pattern(names: Mapping[str, Sequence[tuple[str, ...]]]) -> str:
    """What an author must have somewhere in the name to be looked at: one word of one of the names."""
    words = {word for all_names in names.values() for name in all_names for word in name}
    chinese = {word for word in words if has_han(word)}
    # A Chinese name is found by its first character: the rest may be printed in other forms or after a space.
    parts = {re.escape(word) for word in words - chinese if len(word) > 1}
    return "|".join(sorted(parts | {re.escape(word[0]) for word in chinese}))


def _who(
    author: str, names: Mapping[str, Sequence[tuple[str, ...]]], by_word: Mapping[str, set[str]]
) -> frozenset[str]:
    """People who may be an author; a printed name shares one whole word with theirs."""
    printed = name_words(author)
    near = {key for word in printed for key in by_word.get(word, ())}
    return frozenset(key for key in near if any(may_be(printed, name) for name in names[key]))


def last_day(published: str) -> str:
    """The last day that a date of any precision may mean.

    >>> last_day("2016"), last_day("2016-02"), last_day("2016-02-03")
    ('2016-12-31', '2016-02-29', '2016-02-03')
    """
    year, month, day = (*published.split("-"), "", "")[:3]
    if day:
        return published
    number = int(month or 12)
    return f"{year}-{number:02d}-{calendar.monthrange(int(year), number)[1]:02d}"

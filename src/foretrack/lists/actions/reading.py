"""Issues as they were published: opened, compared, and rendered in every format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foretrack.foundation.errors import InputError, SourceError
from foretrack.foundation.sentences import Sentence
from foretrack.lists.actions.series import as_series, find_series
from foretrack.lists.changes import Changes, diff
from foretrack.lists.fonts import find_fonts
from foretrack.lists.issue import Issue, verify
from foretrack.lists.models import ListIssue
from foretrack.lists.rendering.addresses import Addresses
from foretrack.lists.rendering.atom import atom_of
from foretrack.lists.rendering.formats import file_of, files_of
from foretrack.lists.rendering.linked import File
from foretrack.packs.shapes import Bilingual
from foretrack.registry.history.chain import Finding


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue in the list of a series' issues."""

    series: str
    number: int
    label: str
    published_on: str
    digest: str
    listed: int
    removed: int


def issues(name: str) -> tuple[IssueLine, ...]:
    """Every issue of a series, the newest first."""
    found = []
    for row in find_series(name).issues.order_by("-number"):
        listed = row.entries.filter(listed=True).count()
        found.append(
            IssueLine(
                name, row.number, row.label, row.published_on.isoformat(), row.digest, listed,
                row.entries.count() - listed,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LatestIssue:
    """An issue among the latest of all series."""

    series: str
    title: Bilingual
    number: int
    label: str
    published_on: str
    listed: int


def latest_issues(on: date, most: int = 5) -> tuple[LatestIssue, ...]:
    """The issues that were published last by a day, one of each series, the newest first."""
    rows = ListIssue.objects.filter(published_on__lte=on).defer("content").select_related("series")
    found: dict[str, ListIssue] = {}
    for row in rows.order_by("-published_on", "-pk")[: 20 * most]:
        if len(found) < most:
            found.setdefault(row.series.name, row)
    return tuple(
        LatestIssue(
            name, Bilingual(**row.series.title), row.number, row.label, row.published_on.isoformat(),
            row.entries.filter(listed=True).count(),
        )
        for name, row in found.items()
    )  # fmt: skip


def open_issue(name: str, number: int | None = None) -> tuple[Issue, str, bytes]:
    """An issue (the last one when no number is given), its digest and its very bytes, checked against each other.

    InputError when there is no such issue; SourceError when the stored bytes are not those that were published.
    """
    rows = find_series(name).issues
    row = rows.order_by("-number").first() if number is None else rows.filter(number=number).first()
    if row is None:
        raise InputError.of(
            "{name} has no issue {number}", name=name, number=number or "",
            expected="a number from 1 to {last}", last=rows.count(), do="look at `foretrack list show {name}`",
        )  # fmt: skip
    content = row.content.encode()
    try:
        return verify(content, row.digest), row.digest, content
    except InputError as error:
        raise SourceError(
            f"issue {row.number} of {name} is not what was published: {error.what}",
            expected=f"the bytes with the hash {row.digest}",
            do="restore a backup; `foretrack doctor` tells what else was touched",
        ) from error


def changes(
    name: str, after: int | None = None, before: int | None = None
) -> tuple[Changes, Issue | None, Issue]:
    """What an issue changes against an earlier one (the one before it when none is named)."""
    later, _, _ = open_issue(name, after)
    if before is None and later.number == 1:
        return diff(None, later), None, later
    earlier, _, _ = open_issue(name, later.number - 1 if before is None else before)
    if earlier.number >= later.number:
        raise InputError.of(
            "issue {before} is not earlier than {after}", before=earlier.number, after=later.number,
            expected="two issues, the earlier first", do="swap them",
        )  # fmt: skip
    return diff(earlier, later), earlier, later


def render(name: str, number: int | None, ending: str, language: str = "en", *, site: str = "") -> File:
    """An issue as a file of one format of `rendering/formats.py`.

    Args:
        site: address of the site, for the links in linked data.

    InputError for an unknown format; OutsideError when no font on this machine has the characters of a PDF.
    """
    issue, _, _ = open_issue(name, number)
    difference = None
    if ending in ("html", "pdf"):
        difference = changes(name, issue.number)[0]
    fonts = find_fonts() if ending in ("pdf", "jsonld") else None
    addresses = Addresses(site or LOCAL_SITE)
    if ending == "jsonld":
        assert fonts is not None
        return files_of(issue, fonts, addresses, changes=changes(name, issue.number)[0])[-1]
    return file_of(issue, ending, language, fonts=fonts, changes=difference)


LOCAL_SITE = "http://localhost"
"""Address in linked data and feeds where no other is set."""


def feed(name: str, language: str = "en", *, site: str = "") -> bytes:
    """The Atom feed of a series."""
    row = find_series(name)
    found = [
        open_issue(name, number)[0]
        for number in row.issues.order_by("number").values_list("number", flat=True)
    ]
    return atom_of(
        as_series(row), found, Addresses(site or LOCAL_SITE), language, begun=row.declared_at.date()
    )


def check_lists() -> list[Finding]:
    """What is wrong with stored issues: bytes, hashes, numbers, links to the one before, unfolded entries."""
    found = []
    last: dict[int, tuple[int, str]] = {}
    for row in (
        ListIssue.objects.order_by("series_id", "number").select_related("series").iterator(chunk_size=50)
    ):
        where = f"list {row.series.name}, issue {row.number}"
        number, digest = last.get(row.series_id, (0, ""))
        if row.number != number + 1 or row.previous != digest:
            found.append(
                Finding(
                    where,
                    Sentence("it follows issue {number} with another hash or number", {"number": number}),
                )
            )
        last[row.series_id] = (row.number, row.digest)
        try:
            issue = verify(row.content.encode(), row.digest)
        except InputError as error:
            found.append(Finding(where, error.sentences[0]))
            continue
        told = {(e.record, e.revision, e.status == "listed") for e in issue.entries}
        if told != set(row.entries.values_list("record", "revision", "listed")):
            found.append(Finding(where, Sentence("its entries in the table are not those of its content")))
        if not _logged(row):
            found.append(Finding(where, Sentence("the audit log does not name its hash")))
    return found


def _logged(row: ListIssue) -> bool:
    from foretrack.registry.models import AuditEntry

    entry = AuditEntry.objects.filter(number=row.log_entry).first()
    return entry is not None and entry.act == "issue list" and entry.details.get("digest") == row.digest

"""The files in which an issue is offered, by the ending of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from foretrack.foundation.errors import InputError
from foretrack.lists.changes import Changes
from foretrack.lists.issue import Issue, content_of
from foretrack.lists.rendering.addresses import Addresses, file_name
from foretrack.lists.rendering.linked import File, linked_data_of
from foretrack.lists.rendering.page import page_of
from foretrack.lists.rendering.pdf import Fonts, pdf_of
from foretrack.lists.rendering.tables import csv_of, excel_of

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what its files end with and what it is to a browser."""

    ending: str
    media_type: str
    spoken: bool
    """Whether there is a file in each language."""
    label: str
    """In English: a message for a door to translate."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.ending: one
        for one in (
            Format("json", "application/json", False, "JSON, whose hash is published"),
            Format("csv", "text/csv", False, "CSV table"),
            Format(
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                True,
                "Excel workbook",
            ),
            Format("html", "text/html", True, "Page for reading and printing"),
            Format("pdf", "application/pdf", True, "PDF for the archive"),
            Format("jsonld", "application/ld+json", False, "Linked data (DCAT), with the hash of every file"),
        )
    }
)


def file_of(
    issue: Issue,
    ending: str,
    language: str = "en",
    *,
    fonts: Fonts | None = None,
    changes: Changes | None = None,
    files: tuple[File, ...] = (),
    addresses: Addresses | None = None,
) -> File:
    """The issue as a file of one format.

    Args:
        issue: what is rendered.
        ending: one of `FORMATS`.
        language: of the formats that are written in one.
        fonts: needed for `pdf` (`lists/fonts.py` finds them).
        changes: against the issue before, for `html` and `pdf`.
        files: the other files, for `jsonld`.
        addresses: of the site, for `jsonld`.

    Raises InputError for an unknown ending, or when what a format needs is not given.
    """
    known = FORMATS.get(ending)
    if known is None:
        raise InputError.of(
            "no list file {name}", expected="one of {known}", name=repr(ending[:40]), known=", ".join(FORMATS)
        )
    match ending:
        case "json":
            content = content_of(issue)
        case "csv":
            content = csv_of(issue)
        case "xlsx":
            content = excel_of(issue, language)
        case "html":
            content = page_of(issue, language, changes=changes).encode()
        case "pdf":
            content = pdf_of(issue, _given(fonts, "fonts"), language, changes=changes)
        case _:
            content = linked_data_of(issue, _given(addresses, "addresses"), files)
    name = file_name(issue, ending, language if known.spoken else "")
    return File(name, known.media_type, content)


def files_of(
    issue: Issue, fonts: Fonts, addresses: Addresses, *, changes: Changes | None = None
) -> tuple[File, ...]:
    """All files of an issue, in both languages where there are two; linked data comes last and has all hashes."""
    files = tuple(
        file_of(issue, one.ending, language, fonts=fonts, changes=changes)
        for one in FORMATS.values()
        if one.ending != "jsonld"
        for language in (("en", "zh") if one.spoken else ("en",))
    )
    return (*files, file_of(issue, "jsonld", files=files, addresses=addresses))


def _given(thing: Thing | None, name: str) -> Thing:
    if thing is None:
        raise InputError(f"{name} are needed for this file", expected=f"the argument {name}")
    return thing

"""A published record as others cite it: in text, BibTeX, CSL-JSON and JSON-LD. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.foundation.canonical import canonical


@dataclass(frozen=True, slots=True)
class Collection:
    """Where what is cited stands, and what it is called there."""

    name: str
    """In the names of entries."""
    publisher: Mapping[str, str]
    sort: str
    """What one of it is, in English."""
    number: str
    """What its number is called in Chinese."""


CASES = Collection("case", {"en": "Foretrack case library", "zh": "Foretrack案例库"}, "Case", "案例编号")
ACHIEVEMENTS = Collection(
    "achievement", {"en": "Foretrack release hall", "zh": "Foretrack成果发布大厅"}, "Achievement", "成果编号"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation is made of."""

    key: str
    """Of the record: it never changes."""
    revision: int
    title: str
    authors: tuple[str, ...]
    day: str
    """ISO day on which it was published."""
    address: str
    language: str
    """`en` or `zh`."""
    collection: Collection = CASES

    @property
    def publisher(self) -> str:
        """Who keeps the collection."""
        return self.collection.publisher[self.language]

    @property
    def name(self) -> str:
        """The name of the entry in a list of references.

        >>> Cited("01HZX3V9T8Q2M4N6P8R0S2T4V6", 3, "T", (), "2026-03-02", "", "en").name
        'foretrack-case-01hzx3v9t8q2m4n6p8r0s2t4v6'
        """
        return f"foretrack-{self.collection.name}-{self.key.lower()}"


def as_text(one: Cited) -> str:
    """A line as the seventh edition of the APA's manual has it for a report; in Chinese as GB/T 7714-2015 has it.

    >>> as_text(Cited("01K", 3, "A line", ("Works",), "2026-03-02", "https://x.example/en/cases/01K/", "en"))
    'Works. (2026). A line (Case 01K, revision 3). Foretrack case library. https://x.example/en/cases/01K/'
    """
    year = one.day[:4]
    if one.language == "zh":
        who = "，".join(one.authors)
        where = (
            f"{one.publisher}，{year}. {one.collection.number}{one.key}，第{one.revision}版. {one.address}"
        )
        return f"{who}. {one.title}[R/OL]. {where}" if who else f"{one.title}[R/OL]. {where}"
    told = f"({one.collection.sort} {one.key}, revision {one.revision}). {one.publisher}. {one.address}"
    who = ", & ".join(one.authors)
    return f"{who}. ({year}). {one.title} {told}" if who else f"{one.title} {told} ({year})"


def as_bibtex(one: Cited) -> str:
    """An entry for BibTeX; what means something to TeX is written so that it shows as it is.

    >>> print(as_bibtex(Cited("01K", 3, "5 % {more}", ("A & B",), "2026-03-02", "https://x.example/c_d", "en")))
    @techreport{foretrack-case-01k,
      title = {{5 \\% \\{more\\}}},
      author = {{A \\& B}},
      institution = {Foretrack case library},
      type = {Case},
      number = {01K},
      year = {2026},
      month = {3},
      note = {Revision 3},
      url = {https://x.example/c_d}
    }
    """
    lines = {
        "title": f"{{{_tex(one.title)}}}",
        "author": " and ".join(f"{{{_tex(who)}}}" for who in one.authors),
        "institution": one.publisher,
        "type": one.collection.sort,
        "number": one.key,
        "year": one.day[:4],
        "month": str(int(one.day[5:7])),
        "note": f"Revision {one.revision}",
        "url": one.address,
    }
    told = ",\n".join(f"  {name} = {{{value}}}" for name, value in lines.items() if value)
    return f"@techreport{{{one.name},\n{told}\n}}"


def as_csl(one: Cited) -> list[dict[str, Any]]:
    """CSL-JSON: a list of one item."""
    return [
        {
            "id": one.name, "type": "report", "genre": one.collection.sort, "title": one.title, "number": one.key,
            "author": [{"literal": who} for who in one.authors], "publisher": one.publisher,
            "issued": {"date-parts": [[int(part) for part in one.day.split("-")]]}, "URL": one.address,
            "version": str(one.revision), "language": "zh-CN" if one.language == "zh" else "en",
        }
    ]  # fmt: skip


def as_json_ld(one: Cited) -> dict[str, Any]:
    """JSON-LD in the words of schema.org."""
    return {
        "@context": "https://schema.org", "@type": "Report", "@id": one.address, "identifier": one.key,
        "name": one.title, "version": one.revision, "datePublished": one.day, "url": one.address,
        "inLanguage": "zh-CN" if one.language == "zh" else "en",
        "author": [{"@type": "Organization", "name": who} for who in one.authors],
        "publisher": {"@type": "Organization", "name": one.publisher},
    }  # fmt: skip


def file_of(one: Cited, form: str) -> bytes:
    """The citation as a file: `bib`, `csl` (CSL-JSON) or `jsonld`."""
    made: dict[str, Any] = {"csl": as_csl, "jsonld": as_json_ld}
    return as_bibtex(one).encode() + b"\n" if form == "bib" else canonical(made[form](one)) + b"\n"


def _tex(text: str) -> str:
    named = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(r"[\\~^{}$&#_%]", lambda mark: named.get(mark[0], "\\" + mark[0]), text)

"""A document: something published that can be evidence, in the one shape every source delivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["paper", "patent", "standard", "project", "policy", "news"]
KINDS: tuple[str, ...] = get_args(Kind)

Status: TypeAlias = Literal["active", "retracted", "withdrawn"]
"""`retracted` and `withdrawn` documents stay in the corpus, marked, and are never counted."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, institute, university or agency as a document names it."""

    name: str
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case; None when the source does not say."""
    id: str | None = None
    """A prefixed public identifier if the source gives one: `ror:...`, `lei:...`, `uscc:...`."""


@dataclass(frozen=True, slots=True)
class Document:
    """One published document as one source delivered it.

    Text is NFC, tags stripped, white space folded; nothing is translated or lower-cased here.
    A missing value is None or an empty tuple, never a placeholder.
    """

    kind: Kind
    source: str
    """Short name of the database the record comes from: `openalex`, `wos`, `cnki`, `uspto`, `file`..."""
    source_id: str
    """The source's own identifier, stable between exports (`W123`, `WOS:000...`, `US1234567B2`).
    Empty when the source has none; identity then comes from DOI, family or title."""
    title: str
    published: str
    """ISO 8601 date at the precision that the source gives: `2016`, `2016-03` or `2016-03-01`.
    Patents: publication date. Standards: publication date of this edition. Projects: start date."""
    abstract: str | None = None
    language: str | None = None
    """BCP 47 primary tag of title and abstract (`en`, `zh`); None lets ingest detect it."""
    keywords: tuple[str, ...] = ()
    """The authors' or indexers' keywords in `language`."""
    alt_language: str | None = None
    """Language of the second set of texts, when the record carries two (common in Chinese databases)."""
    alt_title: str | None = None
    alt_abstract: str | None = None
    alt_keywords: tuple[str, ...] = ()
    doi: str | None = None
    """Bare lower-case DOI (`10.1000/xyz`), no resolver prefix."""
    family: str | None = None
    """Patent family identifier (`docdb:...`, `inpadoc:...`), so that one invention counts once."""
    ids: tuple[str, ...] = ()
    """Other prefixed identifiers: `pmid:123`, `arxiv:1706.03762`, `isbn:...`."""
    subtype: str | None = None
    """The source's finer type, lower case (`journal-article`, `review`, `granted patent`, `preprint`)."""
    authors: tuple[str, ...] = ()
    """Authors or inventors in order, as printed."""
    organisations: tuple[Organisation, ...] = ()
    """Affiliations, applicants, assignees, committees or beneficiaries, each once."""
    countries: tuple[str, ...] = ()
    """ISO alpha-2 codes, upper case, each once, in order of appearance."""
    venue: str | None = None
    """Journal, conference, repository, patent office or standards body."""
    publisher: str | None = None
    classes: tuple[str, ...] = ()
    """Prefixed class codes: `cpc:B64C39/02`, `ipc:...`, `ics:35.240`, `clc:TP18`, `openalex-topic:T10181`."""
    references: tuple[str, ...] = ()
    """Prefixed identifiers of cited documents: `doi:...`, `openalex:W...`, `patent:US...`."""
    cited_by: int | None = None
    """Citations at export time. Undated, so never used as of a past year."""
    cited_by_year: tuple[tuple[int, int], ...] = ()
    """(year, citations received in that year), years ascending."""
    filed: str | None = None
    """Patents: filing date."""
    granted: str | None = None
    """Patents: grant date."""
    funding: float | None = None
    """Projects: amount awarded, in `currency`."""
    currency: str | None = None
    """ISO 4217 code of `funding`."""
    funder: str | None = None
    status: Status = "active"
    updated: str | None = None
    """When the source last changed the record (ISO date), if it says; decides which revision is newer."""
    url: str | None = None
    licence: str | None = None

    @property
    def year(self) -> int:
        """Publication year.

        >>> Document(kind="paper", source="file", source_id="1", title="T", published="2016-03").year
        2016
        """
        return int(self.published[:4])


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not become a document. Nothing vanishes: it is kept with its reason."""

    position: str
    """Where it is, as a person would look for it: `line 12`, `record 3`, `row 8`, `sheet A row 8`."""
    reason: str
    """What is wrong, with the value; what was expected."""
    excerpt: str = field(default="")
    """The first 200 characters of the raw row, for recognition."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One record read from a file: a document and where in the file it stands."""

    position: str
    document: Document

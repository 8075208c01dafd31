"""What is answered about positions, in the shapes that commands, files and the Python API share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

By: TypeAlias = Literal["country", "region", "organisation"]
BYS: tuple[str, ...] = get_args(By)

GroupKind: TypeAlias = Literal["corpus", "track", "technology", "concept"]
Counting: TypeAlias = Literal["fractional", "full"]
COUNTINGS: tuple[str, ...] = get_args(Counting)

Reason: TypeAlias = Literal[
    "same_name_two_countries", "same_name_two_identifiers", "same_name_two_forms", "abbreviation", "spelling"
]

DISRUPTION_YEARS = 5
"""Years after publication whose documents are looked at (CD5)."""

Level: TypeAlias = Literal["high", "medium", "low"]
Basis: TypeAlias = Literal["cited", "documents"]


@dataclass(frozen=True, slots=True)
class PositionGroup:
    """Whose documents are looked at."""

    kind: GroupKind
    id: str
    """Identifier of the track, technology or concept; empty for the whole corpus."""
    label: str
    n_documents: int
    """Its documents up to the as-of year."""


@dataclass(frozen=True, slots=True)
class PositionItem:
    """One country, region or organisation. Shares are 0..1; intervals are 90 % by bootstrap over documents."""

    rank: int
    id: str
    """ISO alpha-2 code or bloc; region code; identifier of the organisation, or `name:` and its folded name."""
    label: str
    label_en: str | None
    label_zh: str | None
    n_documents: int
    """Documents of the last years that name it, each counted once."""
    credit: float
    """The same by the counting asked for; equals `n_documents` in full counting."""
    share: float
    """`credit` divided by the documents that name any country (region, organisation)."""
    share_low: float
    share_high: float
    share_before: float | None
    """In as many years before; None when no document of those years names any."""
    change: float | None
    """`share` - `share_before`."""
    change_low: float | None
    change_high: float | None
    top_cited_share: float | None
    """Of the credit of the most cited tenth; None without dated citations."""
    top_cited_low: float | None
    top_cited_high: float | None
    country: str | None
    """Of an organisation."""
    country_from: Literal["record", "documents"] | None
    names: tuple[str, ...]
    """Spellings of an organisation, at most eight, the commonest first."""
    n_unsure: int
    """Unsure pairs that it is part of (`foretrack organisations`)."""


@dataclass(frozen=True, slots=True)
class MonopolyRisk:
    """Class of technology-monopoly risk with the probability of each class."""

    rule: str
    source: tuple[str, ...]
    level: Level | None
    """None when there is not enough evidence."""
    p_high: float | None
    p_medium: float | None
    p_low: float | None
    lead: str | None
    """Country or bloc with the largest share."""
    second: str | None
    lead_ratio: float | None
    """Share of the lead over that of the second; None when there is no second."""
    institutions_in_lead: float | None
    """Of the first institutions; not whole where some tie for the last place."""
    first: int
    """How many institutions the rule looks at."""
    basis: Basis
    """`cited`: the most cited tenth; `documents`: all documents, where there are no dated citations."""
    counting: Counting
    n_documents: int
    """Documents of the rule's years that name a country and an institution."""
    minimum_documents: int
    """Fewer give no class."""
    n_placed: int
    """Institutions whose country is known; the others cannot be among the first."""
    n_unplaced: int
    first_year: int
    last_year: int
    draws: int
    not_enough: str | None
    """What is missing for a class, as a sentence; None when there is one."""


@dataclass(frozen=True, slots=True)
class DocumentDisruption:
    """CD index of one document with the counts it rests on (positions/disruption.py)."""

    document: str
    year: int
    cd: float
    only_it: int
    both: int
    only_before: int


@dataclass(frozen=True, slots=True)
class Disruption:
    """Mean CD index of the documents of a technology, concept or track."""

    mean: float | None
    """-1..1; None when fewer than ten documents have an index."""
    low: float | None
    high: float | None
    """90 % interval of the mean (normal approximation); None as `mean`."""
    n_documents: int
    """Documents with an index: they give references and five full years had passed by the as-of year."""
    n_cited: int
    """Of these, cited by at least one later document of the corpus; the others' index is 0 by definition."""
    years: int = DISRUPTION_YEARS


@dataclass(frozen=True, slots=True)
class Convergence:
    """Pairs of classes on one document, in the last years and in those before."""

    scheme: str
    """`cpc` and `ipc` at the level of subclasses (B64C), other schemes as they are."""
    entropy: float | None
    """Bits, of the pairs of the last years, at the number of documents of both windows; None with too few."""
    entropy_before: float | None
    change: float | None
    """`entropy` - `entropy_before`; above 0 = the subject joins more different fields than before."""
    change_low: float | None
    change_high: float | None
    """90 % of the draws; wide, since each draw takes half of the smaller window."""
    co_class_share: float | None
    """Share of the documents with a class that have two or more, last years."""
    co_class_share_before: float | None
    n_documents: int
    """Documents with two or more classes, last years."""
    n_before: int


@dataclass(frozen=True, slots=True)
class PositionList:
    """Who leads in a group of documents as of a year."""

    group: PositionGroup
    as_of: int
    snapshot: str
    method: str
    by: By
    counting: Counting
    blocs: tuple[str, ...]
    first_year: int
    last_year: int
    """The years that are looked at; `years_before` are as many before them."""
    first_before: int
    last_before: int
    n_documents: int
    """Documents of the group in these years."""
    n_naming: int
    """Of these, documents that name any country (region, organisation)."""
    n_naming_before: int
    n_parties: int
    concentration: float | None
    """Herfindahl-Hirschman index of the credit, 1/n_parties..1."""
    concentration_before: float | None
    items: tuple[PositionItem, ...]
    risk: MonopolyRisk | None
    """None when it was not asked for."""
    disruption: Disruption | None
    most_disruptive: tuple[DocumentDisruption, ...]
    """At most five, of documents with at least five later ones."""
    convergence: Convergence | None
    """None without classes, or when it was not asked for."""
    notes: tuple[str, ...]
    """`code: numbers`, what a reader must know."""


@dataclass(frozen=True, slots=True)
class OrganisationSide:
    """One organisation of an unsure pair."""

    id: str
    label: str
    names: tuple[str, ...]
    country: str | None
    n_documents: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class UnsureOrganisations:
    """Two organisations that may be one, with what speaks for and against it."""

    number: int
    reason: Reason
    similarity: float
    """0..100, of the folded names."""
    n_together: int
    """Documents that name both: a document names each organisation once, so this speaks against."""
    n_shared_authors: int
    """Authors or inventors of both: this speaks for."""
    first: OrganisationSide
    second: OrganisationSide


@dataclass(frozen=True, slots=True)
class OrganisationList:
    """How the names of organisations were resolved."""

    as_of: int
    snapshot: str
    method: str
    n_names: int
    """Different spellings, with country and identifier."""
    n_organisations: int
    n_with_identifier: int
    n_persons: int
    """Names left out because they are authors or inventors of their own documents."""
    n_settled: int
    """Lines of organisations.txt."""
    invalid_ids: tuple[str, ...]
    n_unsure: int
    unsure: tuple[UnsureOrganisations, ...]
    """Those that touch most documents first."""

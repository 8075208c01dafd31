"""`organisations`: which names are one organisation, what is unsure, and a person's word on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from foretrack.corpus.atomic import write_text
from foretrack.corpus.coverage import complete_until
from foretrack.corpus.store import Corpus
from foretrack.corpus.views import AsOfView
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.asked_year import year_on_record
from foretrack.domains.foresight.actions.user_lists import parse_synonyms, read_text
from foretrack.domains.foresight.counts import positions as counts
from foretrack.domains.foresight.positions.answers import (
    OrganisationList,
    OrganisationSide,
    UnsureOrganisations,
)
from foretrack.domains.foresight.positions.identifiers import read_identifier
from foretrack.domains.foresight.positions.resolving import (
    NameCount,
    Named,
    Resolution,
    ResolvedOrganisation,
    Settled,
    resolve,
)
from foretrack.foundation.clock import Clock, timestamp
from foretrack.foundation.errors import InputError
from foretrack.language.organisations import is_only_a_form
from foretrack.sources.kit.addresses import country_in

METHOD = "positions-1"
FILE = "organisations.txt"
HEADER = "# Organisations that are one (a = b) or are not (a != b), in Foretrack's positions. # begins a comment.\n"


@dataclass(frozen=True, slots=True)
class KnownOrganisations:
    """All organisations of a view after their names were resolved."""

    resolution: Resolution
    persons: frozenset[str]
    """Names that are authors or inventors of most of their own documents: people, not organisations."""
    n_settled: int


def newest_year(corpus: Corpus) -> int:
    """The newest year that looks complete. EvidenceError when the corpus has no documents."""
    by_year: dict[int, int] = defaultdict(int)
    for row in corpus.as_of(None).totals().to_pylist():
        by_year[row["year"]] += row["n_documents"]
    return complete_until(by_year)


def read_settled(workspace: Workspace) -> Settled:
    """What `organisations.txt` of the workspace says; empty without the file. InputError for a line that is unclear."""
    if not (workspace.root / FILE).exists():
        return Settled()
    same, different = _parse(read_text(workspace, FILE))
    return Settled(same, different)


def _parse(text: str) -> tuple[Sequence[Sequence[str]], Sequence[tuple[str, str]]]:
    examples = ("Example Univ = University of Example", "Example Ltd != Example AG")
    return parse_synonyms(text, name=FILE, what="names of one organisation", examples=examples)


def known_organisations(workspace: Workspace, view: AsOfView, *, near: bool = True) -> KnownOrganisations:
    """Names of the whole view resolved, so that an organisation is the same in every group of documents.

    Without `near` no unsure pairs are looked for.
    """
    # Few columns, since the time of a small question goes into compiling it.
    documents = view.table().select("document_id", "organisations", "countries", "authors")
    named: pa.Table = view.engine.fetch(counts.names(documents))
    as_author = {
        row["name"]: row["n_documents"] for row in view.engine.fetch(counts.persons(documents)).to_pylist()
    }
    n_of_name: dict[str, int] = defaultdict(int)
    rows = [NameCount(**row) for row in named.to_pylist() if row["name"] and not is_only_a_form(row["name"])]
    for row in rows:
        n_of_name[row.name] += row.n_documents
    persons = frozenset(name for name, n in as_author.items() if 2 * n >= n_of_name[name])
    sole: dict[Named, dict[str, int]] = defaultdict(dict)
    for entry in view.engine.fetch(counts.sole_countries(documents)).to_pylist():
        key = (entry["name"], entry["country"], entry["id"])
        sole[key][entry["sole_country"]] = entry["n_documents"]
    for row in rows:
        # An address that was taken for a name says its country better than the other addresses do.
        if row.country is None and "," in row.name and (country := country_in(row.name)) is not None:
            sole[row.name, None, row.id] = {country: max(2, row.n_documents)}
    settled = read_settled(workspace)
    found = resolve([row for row in rows if row.name not in persons], settled, sole, near=near)
    return KnownOrganisations(found, persons, len(settled.same) + len(settled.different))


def organisations(
    workspace: Workspace, *, as_of: int | None = None, top: int | None = 20, engine: str | None = None
) -> OrganisationList:
    """The unsure pairs with their evidence, those that touch most documents first; `top` None for all.

    `engine` is a Spark Connect server that counts the documents (`sc://host:port`); None counts here.

    EvidenceError when the corpus has no documents.
    """
    corpus = Corpus(workspace.corpus_dir, engine)
    view = corpus.as_of(newest_year(corpus) if as_of is None else year_on_record(corpus, as_of))
    known = known_organisations(workspace, view)
    found = known.resolution
    chosen = found.unsure if top is None else found.unsure[:top]
    rows_of: dict[int, set[str]] = defaultdict(set)
    if chosen:
        wanted = {row for pair in chosen for row in (pair.first, pair.second)}
        for entry in view.engine.fetch(
            counts.parties(view.table().select("document_id", "organisations"))
        ).to_pylist():
            row = found.row_of.get((entry["name"], entry["country"], entry["id"]))
            if row in wanted:
                rows_of[row].add(entry["document_id"])
    facts = _facts(corpus, {document for ids in rows_of.values() for document in ids})
    unsure = []
    for number, pair in enumerate(chosen, start=1):
        one, other = rows_of[pair.first], rows_of[pair.second]
        authors = [
            {a for d in ids - (one & other) if d in facts for a in facts[d][1]} for ids in (one, other)
        ]
        sides = [_side(found.organisations[row], rows_of[row], facts) for row in (pair.first, pair.second)]
        together, shared = len(one & other), len(authors[0] & authors[1])
        told = (number, pair.reason, pair.similarity, together, shared)
        unsure.append(UnsureOrganisations(*told, first=sides[0], second=sides[1]))
    return OrganisationList(
        as_of=view.as_of, snapshot=view.snapshot, method=METHOD, n_names=len(found.row_of),
        n_organisations=len(found.organisations),
        n_with_identifier=sum(bool(o.ids) for o in found.organisations), n_persons=len(known.persons),
        n_settled=known.n_settled, invalid_ids=found.invalid_ids, n_unsure=len(found.unsure), unsure=tuple(unsure),
    )  # fmt: skip


def _facts(corpus: Corpus, ids: set[str]) -> dict[str, tuple[int, frozenset[str]]]:
    """Year and authors of documents."""
    stored = corpus.documents(sorted(ids)) if ids else []
    return {s.document_id: (s.document.year, frozenset(s.document.authors)) for s in stored}


def _side(
    found: ResolvedOrganisation, documents: set[str], facts: dict[str, tuple[int, frozenset[str]]]
) -> OrganisationSide:
    years = [facts[document][0] for document in documents if document in facts] or [0]
    return OrganisationSide(
        found.key, found.label, found.names[:8], found.country, len(documents), min(years), max(years)
    )


def settle(workspace: Workspace, one: str, other: str, *, same: bool, clock: Clock) -> str:
    """Writes a person's word into `organisations.txt` and returns the line, which bears its date.

    InputError when a name is in no document, when both names are one, or when the file says the contrary.
    """
    if one.strip().casefold() == other.strip().casefold():
        raise InputError(
            f"{one!r} and {other!r} are one name",
            expected="two names",
            do="look at `foretrack organisations`",
        )
    resolution = known_organisations(
        workspace, Corpus(workspace.corpus_dir).as_of(None), near=False
    ).resolution
    spellings = {name.casefold(): name for name, _, _ in resolution.row_of}
    codes = {str(code): str(code) for _, _, id_ in resolution.row_of if (code := read_identifier(id_))}
    sign, day = "=" if same else "!=", timestamp(clock())[:10]
    line = f"{_known(one, spellings, codes)} {sign} {_known(other, spellings, codes)}  # {day}"
    path = workspace.root / FILE
    before = read_text(workspace, FILE) if path.exists() else HEADER
    text = f"{before}{'' if before.endswith(chr(10)) else chr(10)}{line}\n"
    _parse(text)
    write_text(path, text)
    return line


def _known(name: str, spellings: dict[str, str], codes: dict[str, str]) -> str:
    wanted = name.strip()
    found = spellings.get(wanted.casefold()) or codes.get(wanted)
    if found is not None:
        if any(sign in found for sign in "=#"):
            raise InputError(
                f"the name {found!r} holds a sign that {FILE} uses",
                expected="a name without = and #",
                do="name the organisation by its identifier or another spelling",
            )
        return found
    from rapidfuzz import process

    near = [
        str(match[0])
        for match in process.extract(wanted.casefold(), list(spellings), limit=3, score_cutoff=60)
    ]
    raise InputError(
        f"no document names an organisation {name!r}",
        expected="a name as documents write it"
        + (f", such as {', '.join(spellings[n] for n in near)}" if near else ""),
        do="copy the name from `foretrack organisations`",
    )


def rows_of_documents(known: KnownOrganisations, parties: pa.Table) -> tuple[list[str], list[int]]:
    """(document ids, organisation rows), one entry for each organisation of each document; persons are left out."""
    documents: list[str] = []
    rows: list[int] = []
    columns: dict[str, list[Any]] = parties.to_pydict()
    row_of = known.resolution.row_of
    for document, name, country, id_ in zip(
        columns["document_id"], columns["name"], columns["country"], columns["id"], strict=True
    ):
        row = row_of.get((name, country, id_))
        if row is not None:
            documents.append(document)
            rows.append(row)
    return documents, rows

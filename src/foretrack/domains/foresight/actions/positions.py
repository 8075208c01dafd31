"""`positions`: who leads in a corpus, track, technology or concept as of a year, and how sure that is."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foretrack.corpus.store import Corpus
from foretrack.corpus.views import AsOfView
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.asked_year import year_on_record
from foretrack.domains.foresight.actions.organisations import (
    METHOD,
    KnownOrganisations,
    known_organisations,
    newest_year,
    rows_of_documents,
)
from foretrack.domains.foresight.actions.position_groups import documents_of_group
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.counts import positions as counts
from foretrack.domains.foresight.positions.answers import (
    BYS,
    COUNTINGS,
    DISRUPTION_YEARS,
    By,
    Convergence,
    Counting,
    Disruption,
    DocumentDisruption,
    GroupKind,
    Level,
    MonopolyRisk,
    PositionGroup,
    PositionItem,
    PositionList,
)
from foretrack.domains.foresight.positions.convergence import converge
from foretrack.domains.foresight.positions.disruption import cd_index, mean_disruption
from foretrack.domains.foresight.positions.monopoly import judge, level_shares
from foretrack.domains.foresight.positions.shares import (
    Naming,
    bootstrap_totals,
    concentration,
    interval,
    top_cited,
)
from foretrack.foundation.errors import InputError
from foretrack.packs.positions import Bloc, MonopolyRule, PositionRules, load_position_rules

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

DRAWS = 2000
_COLUMNS = (
    "document_id", "year", "kind", "source", "source_id", "doi", "ids", "organisations", "countries", "classes",
    "references", "cited_by_year",
)  # fmt: skip
MOST = 1000
"""Parties that are listed at most; each costs a column of draws."""
_MOST_DISRUPTIVE = 5
_LATER_AT_LEAST = 5
_NAMES_SHOWN = 8
_SURE = 0.5
"""Probability of the class below which it is said to be unsure."""
_FEW = 30
"""Fewer documents that name any are said to be few."""


@dataclass(frozen=True, slots=True)
class PositionRequest:
    """Who leads in what."""

    kind: GroupKind = "corpus"
    name: str = ""
    """Track, technology or concept; empty for the whole corpus."""
    by: By = "country"
    counting: Counting = "fractional"
    blocs: tuple[str, ...] = ()
    """Blocs that are counted as one country, with their members at the end of the as-of year."""
    top: int = 20
    """So many, 1000 at most."""
    years: int | None = None
    """Years that are pooled; None for those of the monopoly rule."""
    as_of: int | None = None
    """None for that of the scan, or the newest year that looks complete."""
    thorough: bool = True
    """Also monopoly risk, disruption and convergence."""
    draws: int = DRAWS
    engine: str | None = None
    """Spark Connect server that counts the documents (`sc://host:port`); None counts here."""

    def __post_init__(self) -> None:
        if self.by not in BYS:
            raise InputError(f"no position by {self.by!r}", expected=" or ".join(BYS), do="correct --by")
        if self.counting not in COUNTINGS:
            raise InputError(
                f"no counting {self.counting!r}", expected=" or ".join(COUNTINGS), do="correct the counting"
            )
        for option, value, most in (("--top", self.top, MOST), ("--years", self.years, 50)):
            if value is not None and not 1 <= value <= most:
                raise InputError(f"{option} {value}", expected=f"1 to {most}", do=f"correct {option}")


@dataclass(slots=True)
class _Documents:
    """Documents of the group in both windows. Shapes: (n_documents,)."""

    ids: list[str]
    year: Int
    kind: list[str]
    number: dict[str, int] = field(default_factory=dict)


def positions(workspace: Workspace, request: PositionRequest, scan: Scan | None = None) -> PositionList:
    """Who leads, with shares, intervals, trend, concentration, monopoly risk, disruption and convergence.

    Args:
        scan: where tracks, technologies and concepts are looked up; needed for anything but the whole corpus.

    InputError for an unknown track, concept or bloc; EvidenceError for a corpus without documents.
    """
    rules = load_position_rules([workspace.root / "packs"])
    blocs = [rules.bloc(name) for name in request.blocs]
    corpus = Corpus(workspace.corpus_dir, request.engine)
    group = None
    if request.kind != "corpus":
        if scan is None:
            raise InputError("no scan to look in", expected="a stored scan", do="run `foretrack scan`")
        group = documents_of_group(scan, request.kind, request.name)
    year = (
        request.as_of if request.as_of is not None else scan.as_of if scan and group else newest_year(corpus)
    )
    view = corpus.as_of(year_on_record(corpus, year))
    rule = rule_in_force(rules, year)
    counter = _Counter(workspace, view, request, rules, blocs, rule, group.document_ids if group else None)
    n = len(group.document_ids) if group else view.n_documents
    told = PositionGroup(request.kind, group.id if group else "", group.label if group else "", n)
    return counter.answer(told)


def rule_in_force(rules: PositionRules, year: int) -> MonopolyRule:
    """The newest rule that was in use at the end of the year; before the first one, that one: it is applied back."""
    day = f"{year}-12-31"
    started = [rule for rule in rules.monopoly if rule.valid_from <= day]
    running = [rule for rule in started if rule.valid_to is None or day <= rule.valid_to]
    return max(running or started or rules.monopoly, key=lambda rule: rule.valid_from)


class _Counter:
    """One question over one view."""

    def __init__(
        self,
        workspace: Workspace,
        view: AsOfView,
        request: PositionRequest,
        rules: PositionRules,
        blocs: Sequence[Bloc],
        rule: MonopolyRule,
        chosen: frozenset[str] | None,
    ) -> None:
        self.view, self.request, self.rules, self.rule, self.chosen = view, request, rules, rule, chosen
        self.years = request.years or rule.years
        self.bloc_of = {
            country: bloc.id for bloc in blocs for country in bloc.members_on(f"{view.as_of}-12-31")
        }
        self.notes: list[str] = []
        self.table = view.table().select(*_COLUMNS)
        first = view.as_of - max(2 * self.years, rule.years) + 1
        self.windowed = self.table.filter(self.table.year >= first)
        self.documents = self._read_documents()
        self.recent = self.documents.year > view.as_of - self.years
        self.before = ~self.recent & (self.documents.year > view.as_of - 2 * self.years)
        self.needs_organisations = request.by != "country" or request.thorough
        self.known: KnownOrganisations | None = (
            known_organisations(workspace, view, near=request.by == "organisation")
            if self.needs_organisations
            else None
        )
        self.cited = self._citations()

    def answer(self, group: PositionGroup) -> PositionList:
        request, as_of = self.request, self.view.as_of
        ids, naming = self._parties(request.by)
        self._say_what_is_missing(naming)
        recent, before = self._window(naming, self.recent), self._window(naming, self.before)
        risk = self._risk() if request.thorough else None
        disruption, most = self._disruption() if request.thorough else (None, ())
        credits = recent.credit(request.counting).sum(axis=0)
        credits_before = before.credit(request.counting).sum(axis=0)
        return PositionList(
            group=group, as_of=as_of, snapshot=self.view.snapshot, method=METHOD, by=request.by,
            counting=request.counting, blocs=tuple(sorted(set(self.bloc_of.values()))),
            first_year=as_of - self.years + 1, last_year=as_of, first_before=as_of - 2 * self.years + 1,
            last_before=as_of - self.years, n_documents=int(self.recent.sum()), n_naming=recent.n_naming,
            n_naming_before=before.n_naming, n_parties=int((credits > 0).sum()),
            concentration=concentration(credits), concentration_before=concentration(credits_before),
            items=self._items(ids, recent, before), risk=risk, disruption=disruption, most_disruptive=most,
            convergence=self._convergence() if request.thorough else None, notes=tuple(self.notes),
        )  # fmt: skip

    # What stands in the documents

    def _read_documents(self) -> _Documents:
        rows = self.windowed.select("document_id", "year", "kind").order_by("document_id")
        rows = self.view.engine.fetch(rows)
        rows = self._of_group(rows)
        ids = [str(name) for name in rows["document_id"].to_pylist()]
        year = rows["year"].to_numpy().astype(np.int64)
        kinds = [str(kind) for kind in rows["kind"].to_pylist()]
        return _Documents(ids, year, kinds, {name: i for i, name in enumerate(ids)})

    def _of_group(self, rows: pa.Table) -> pa.Table:
        if self.chosen is None:
            return rows
        mask = [name in self.chosen for name in rows["document_id"].to_pylist()]
        return rows.filter(pa.array(mask, pa.bool_()))

    def _numbered(self, documents: Sequence[str], parties: Sequence[str]) -> tuple[tuple[str, ...], Naming]:
        """Pairs as numbers, each once, those of other documents left out; parties in the order of their names."""
        number = self.documents.number
        pairs = sorted({(number[d], p) for d, p in zip(documents, parties, strict=True) if d in number})
        ids = tuple(sorted({party for _, party in pairs}))
        of = {party: i for i, party in enumerate(ids)}
        return ids, Naming(
            np.array([d for d, _ in pairs], dtype=np.int64), np.array([of[p] for _, p in pairs], dtype=np.int64),
            len(self.documents.ids), len(ids),
        )  # fmt: skip

    def _parties(self, by: By) -> tuple[tuple[str, ...], Naming]:
        if by == "country":
            rows = self._country_rows
            return self._numbered(rows["document_id"], [self.bloc_of.get(c, c) for c in rows["country"]])
        documents, found = self._organisation_rows
        organisations = self._resolved()
        if by == "organisation":
            return self._numbered(documents, [organisations[row].key for row in found])
        placed = [
            (document, region)
            for document, row in zip(documents, found, strict=True)
            if (region := organisations[row].region) is not None
        ]
        return self._numbered([d for d, _ in placed], [region for _, region in placed])

    @cached_property
    def _country_rows(self) -> dict[str, list[Any]]:
        rows: dict[str, list[Any]] = self.view.engine.fetch(counts.countries(self.windowed)).to_pydict()
        return rows

    @cached_property
    def _organisation_rows(self) -> tuple[list[str], list[int]]:
        assert self.known is not None
        return rows_of_documents(self.known, self.view.engine.fetch(counts.parties(self.windowed)))

    def _resolved(self) -> Sequence[Any]:
        assert self.known is not None
        return self.known.resolution.organisations

    def _window(self, naming: Naming, chosen: npt.NDArray[np.bool_]) -> Naming:
        kept = chosen[naming.documents]
        return Naming(naming.documents[kept], naming.parties[kept], naming.n_documents, naming.n_parties)

    def _citations(self) -> Float | None:
        """How far each document is of the most cited tenth of its year and kind in this group; None without any."""
        rows = self.view.engine.fetch(counts.citations(self.table, self.view.as_of)).to_pydict()
        received = np.zeros(len(self.documents.ids))
        for document, n in zip(rows["document_id"], rows["n_citations"], strict=True):
            number = self.documents.number.get(document)
            if number is not None:
                received[number] = n
        if not received[self.recent].any():
            self.notes.append("no_citations")
            return None
        kinds = {kind: i for i, kind in enumerate(sorted(set(self.documents.kind)))}
        cells = self.documents.year * len(kinds) + np.array([kinds[k] for k in self.documents.kind])
        return top_cited(received, cells)

    # What follows from it

    def _say_what_is_missing(self, naming: Naming) -> None:
        of, n = self.request.by, int(self.recent.sum())
        named = self._window(naming, self.recent).n_naming
        if named == 0:
            self.notes.append(f"none_names_{of}: {n:,} documents")
        elif named < 0.5 * n:
            self.notes.append(f"few_name_{of}: {named:,} of {n:,} documents")
        if 0 < named < _FEW:
            self.notes.append(f"few_documents: {named}")
        earlier = self._window(naming, self.before).n_naming
        if named and earlier < _FEW:
            self.notes.append(f"few_documents_before: {earlier}")
        if self.known is not None:
            if self.known.persons:
                self.notes.append(f"persons: {len(self.known.persons):,}")
            if self.known.resolution.invalid_ids:
                self.notes.append(f"invalid_identifiers: {len(self.known.resolution.invalid_ids):,}")

    def _items(self, ids: tuple[str, ...], recent: Naming, before: Naming) -> tuple[PositionItem, ...]:
        if recent.n_naming == 0:
            return ()
        request = self.request
        credit = recent.credit(request.counting)
        totals = np.round(np.asarray(credit.sum(axis=0)), 9)
        named = np.bincount(recent.parties, minlength=recent.n_parties)
        order = sorted(np.flatnonzero(totals > 0).tolist(), key=lambda i: (-totals[i], -named[i], ids[i]))
        shown = order[: request.top]
        shares = self._intervals(credit, recent, shown)
        earlier = self._intervals(before.credit(request.counting), before, shown)
        cited = self._cited_shares(recent, shown)
        about = self._about_organisations(ids, shown)
        items = []
        for place, column in enumerate(shown):
            share, low, high = (values[place] for values in shares[:3])
            then = float(earlier[0][place]) if earlier is not None and before.n_naming else None
            change = self._change(shares[3], earlier[3], place) if then is not None else (None, None)
            facts = about.get(column, {})
            label_en, label_zh = self._labels(ids[column])
            items.append(
                PositionItem(
                    rank=1 + sum(bool(totals[other] > totals[column]) for other in shown[:place]),
                    id=ids[column], label=facts.get("label") or label_en or ids[column],
                    label_en=label_en, label_zh=facts.get("label_zh") or label_zh,
                    n_documents=int(named[column]), credit=float(totals[column]), share=float(share),
                    share_low=float(low), share_high=float(high), share_before=then,
                    change=None if then is None else float(share) - then, change_low=change[0], change_high=change[1],
                    top_cited_share=cited[0][place], top_cited_low=cited[1][place], top_cited_high=cited[2][place],
                    country=facts.get("country"), country_from=facts.get("country_from"),
                    names=facts.get("names", ()), n_unsure=facts.get("n_unsure", 0),
                )
            )  # fmt: skip
        return tuple(items)

    def _intervals(
        self, credit: Any, naming: Naming, shown: Sequence[int]
    ) -> tuple[Float, Float, Float, Float]:
        """Share, its interval and its draws (draws, n_shown), of the documents that name any."""
        rows = credit[np.unique(naming.documents)][:, shown]
        n = max(naming.n_naming, 1)
        drawn = (
            np.concatenate(
                bootstrap_totals(rows, self._rng("shares", naming.n_naming), draws=self.request.draws)
            )
            / n
        )
        spread = interval(drawn)
        return np.asarray(rows.sum(axis=0)) / n, spread.low, spread.high, drawn

    @staticmethod
    def _change(now: Float, then: Float, place: int) -> tuple[float, float]:
        low, high = np.quantile(now[:, place] - then[:, place], [0.05, 0.95])
        return float(low), float(high)

    def _cited_shares(self, naming: Naming, shown: Sequence[int]) -> tuple[Sequence[float | None], ...]:
        nothing: Sequence[float | None] = [None] * len(shown)
        if self.cited is None:
            return nothing, nothing, nothing
        from scipy.sparse import csr_array, hstack

        documents = np.unique(naming.documents)
        value = self.cited[documents]
        if not value.any():
            return nothing, nothing, nothing
        credit = naming.credit(self.request.counting, self.cited)[documents][:, shown]
        rows = hstack([credit, csr_array(value[:, None])]).tocsr()
        drawn = np.concatenate(
            bootstrap_totals(rows, self._rng("cited", naming.n_naming), draws=self.request.draws)
        )
        drawn = drawn[drawn[:, -1] > 0]
        spread = interval(drawn[:, :-1] / drawn[:, -1:])
        share = np.asarray(credit.sum(axis=0)) / value.sum()
        return share.tolist(), spread.low.tolist(), spread.high.tolist()

    def _rng(self, purpose: str, n: int) -> np.random.Generator:
        """Chance that depends on the question alone, so that the same question has the same answer."""
        told = f"{METHOD} {purpose} {self.view.as_of} {self.years} {n}"
        seed = int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), "little")
        return np.random.Generator(np.random.PCG64(seed))

    def _about_organisations(self, ids: tuple[str, ...], shown: Sequence[int]) -> dict[int, dict[str, Any]]:
        if self.request.by != "organisation" or self.known is None:
            return {}
        by_key = {found.key: row for row, found in enumerate(self._resolved())}
        unsure: dict[int, int] = {}
        for pair in self.known.resolution.unsure:
            for row in (pair.first, pair.second):
                unsure[row] = unsure.get(row, 0) + 1
        about = {}
        for column in shown:
            row = by_key[ids[column]]
            found = self._resolved()[row]
            about[column] = {
                "label": found.label, "label_zh": found.label_zh, "country": found.country,
                "country_from": found.country_from, "names": found.names[:_NAMES_SHOWN],
                "n_unsure": unsure.get(row, 0),
            }  # fmt: skip
        return about

    def _labels(self, party: str) -> tuple[str | None, str | None]:
        if self.request.by == "organisation":
            return None, None
        if party in self.rules.regions:
            name = self.rules.regions[party]
            return name.en or None, name.zh or None
        for bloc in self.rules.blocs:
            if party == bloc.id and party in self.bloc_of.values():
                return bloc.label.en or None, bloc.label.zh or None
        return country_names().get(party, (None, None))

    def _risk(self) -> MonopolyRisk:
        rule, request = self.rule, self.request
        first_year = self.view.as_of - rule.years + 1
        window = self.documents.year >= first_year
        countries, of_country = self._parties("country")
        documents, found = self._organisation_rows
        organisations = self._resolved()
        homes = {
            o.key: self.bloc_of.get(o.country, o.country) for o in organisations if o.country is not None
        }
        keys, of_institution = self._numbered(documents, [organisations[row].key for row in found])
        of_country, of_institution = (self._window(n, window) for n in (of_country, of_institution))
        both = np.intersect1d(of_country.documents, of_institution.documents)
        present = np.unique(of_institution.parties)
        n_placed = int(sum(keys[i] in homes for i in present))
        column_of = {country: i for i, country in enumerate(countries)}
        placed = [int(i) for i in present if homes.get(keys[i]) in column_of]
        # A tenth of so few that the first ten institutions would be drawn by lot says less than all documents.
        value = self.cited
        if value is not None and int((value[both] > 0).sum()) < rule.first:
            value = None
        unknown = MonopolyRisk(
            rule=rule.id, source=rule.source, level=None, p_high=None, p_medium=None, p_low=None, lead=None, second=None,
            lead_ratio=None, institutions_in_lead=None, first=rule.first,
            basis="documents" if value is None else "cited", counting=request.counting, n_documents=len(both),
            minimum_documents=rule.minimum_documents,
            n_placed=n_placed, n_unplaced=len(present) - n_placed, first_year=first_year, last_year=self.view.as_of,
            draws=request.draws, not_enough=None,
        )  # fmt: skip
        if len(both) < rule.minimum_documents:
            return replace(
                unknown,
                not_enough=f"{len(both):,} documents of {first_year} to {self.view.as_of} name a country and an "
                f"institution: needs {rule.minimum_documents}",
            )
        if len(placed) < rule.first:
            why = f"{len(placed)} institutions have a known country: needs {rule.first}"
            return replace(unknown, not_enough=why)
        credit = [n.credit(request.counting, value)[both] for n in (of_country, of_institution)]
        from scipy.sparse import csr_array, hstack

        # A second column even where there is one country only: nobody is then the second.
        wide = hstack([credit[0], csr_array((len(both), 1))]).tocsr()
        rows = hstack([wide, credit[1][:, placed]]).tocsr()
        n_countries = len(countries) + 1
        home = np.array([column_of[homes[keys[i]]] for i in placed], dtype=np.int64)
        exact = np.round(np.asarray(rows.sum(axis=0)), 9)[None, :]
        now = judge(exact[:, :n_countries], exact[:, n_countries:], home, rule)
        drawn = [
            judge(block[:, :n_countries], block[:, n_countries:], home, rule).level
            for block in bootstrap_totals(rows, self._rng("risk", of_country.n_naming), draws=request.draws)
        ]
        levels = [level.id for level in rule.levels] + ["low"]
        shares = dict(zip(levels, level_shares(drawn, len(rule.levels)), strict=True))
        second = exact[0, now.second[0]] > 0
        level = levels[now.level[0]]
        if shares.get(level, 0.0) < _SURE:
            self.notes.append(f"class_unsure: {shares.get(level, 0.0):.0%}")
        return replace(
            unknown, level=cast(Level, level), p_high=shares.get("high", 0.0),
            p_medium=shares.get("medium", 0.0), p_low=shares["low"], lead=countries[now.lead[0]],
            second=countries[now.second[0]] if second else None, lead_ratio=float(now.ratio[0]) if second else None,
            institutions_in_lead=float(now.in_lead[0]),
        )  # fmt: skip

    def _disruption(self) -> tuple[Disruption | None, tuple[DocumentDisruption, ...]]:
        matured = self.table.filter(self.table.year <= self.view.as_of - DISRUPTION_YEARS)
        focal = matured.select("document_id", "year")
        rows: pa.Table = self.view.engine.fetch(counts.disruption(self.table, focal, DISRUPTION_YEARS))
        rows = self._of_group(rows).sort_by("document_id")
        only_it, both, before = (
            rows[name].to_numpy().astype(np.int64) for name in ("only_it", "both", "only_before")
        )
        found = mean_disruption(only_it, both, before)
        if not rows.num_rows:
            self.notes.append("no_references")
            return None, ()
        index, later = cd_index(only_it, both, before), only_it + both + before
        enough = np.flatnonzero((later >= _LATER_AT_LEAST) & (only_it + both > 0))
        ids = [str(name) for name in rows["document_id"].to_pylist()]
        best = sorted(enough.tolist(), key=lambda i: (-index[i], -later[i], ids[i]))[:_MOST_DISRUPTIVE]
        wanted = self.table.filter(self.table.document_id.isin([ids[i] for i in best]))
        year_of = {
            row["document_id"]: row["year"]
            for row in self.view.engine.fetch(wanted.select("document_id", "year")).to_pylist()
        }
        return found, tuple(
            DocumentDisruption(
                ids[i], year_of[ids[i]], float(index[i]), int(only_it[i]), int(both[i]), int(before[i])
            )
            for i in best
        )

    def _convergence(self) -> Convergence | None:
        rows = self._of_group(self.view.engine.fetch(counts.classes(self.windowed))).to_pydict()
        in_window = self.recent | self.before
        found = [
            (number, scheme, code)
            for document, scheme, code in zip(rows["document_id"], rows["scheme"], rows["code"], strict=True)
            if in_window[number := self.documents.number[document]]
        ]
        if not found:
            return None
        by_scheme: dict[str, set[int]] = {}
        for number, scheme, _ in found:
            by_scheme.setdefault(scheme, set()).add(number)
        # One scheme, that of the most documents: CPC and IPC say the same twice.
        chosen = max(sorted(by_scheme), key=lambda name: len(by_scheme[name]))
        codes = {
            code: i for i, code in enumerate(sorted({code for _, scheme, code in found if scheme == chosen}))
        }
        pairs = sorted((number, codes[code]) for number, scheme, code in found if scheme == chosen)
        documents, classes = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
        self.notes.append("classes_undated")
        rng = self._rng("classes", len(by_scheme[chosen]))
        return converge(chosen, documents, classes, self.recent, rng, draws=self.request.draws)


@cache
def country_names() -> dict[str, tuple[str | None, str | None]]:
    """ISO alpha-2 code to the English and Chinese name.

    >>> country_names()["SE"]
    ('Sweden', '瑞典')
    """
    text = resources.files("foretrack.sources.kit").joinpath("countries.csv").read_text(encoding="utf-8")
    return {
        row["alpha2"]: (row["english"] or None, row["chinese"] or None)
        for row in csv.DictReader(text.splitlines())
    }

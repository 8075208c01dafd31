"""Which names are one organisation: by identifier, by equal name, by a person's word; near ones stay apart, unsure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from foretrack.domains.foresight.positions.answers import Reason
from foretrack.domains.foresight.positions.identifiers import SCHEMES, read_identifier
from foretrack.language.chinese import has_han
from foretrack.language.organisations import fold_name, is_abbreviation, numbers_in

Named: TypeAlias = tuple[str, str | None, str | None]
"""Name, country (ISO alpha-2) and identifier as a document holds them."""

SIMILAR = 93.0
"""Similarity of two folded names (0..100, rapidfuzz token_sort_ratio) from which a person is asked."""
_SHORTEST = 6
_BLOCK = 400
"""Names that share a word are compared unless so many do."""
_SAME_COUNTRY = 0.8
"""Share of the documents of one country only from which an organisation without a country is placed there."""
_ENOUGH_TO_PLACE = 2
"""So many such documents at least: one may list fewer countries than its organisations have."""


@dataclass(frozen=True, slots=True)
class NameCount:
    """One name, country and identifier, and the documents (up to the as-of year) that hold it."""

    name: str
    country: str | None
    id: str | None
    n_documents: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person has settled: names (or `scheme:code`) that are one, and pairs that are not."""

    same: Sequence[Sequence[str]] = ()
    different: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ResolvedOrganisation:
    """One organisation after names were resolved."""

    key: str
    """Identifier if it has a valid one, else `name:` and its folded name (with country where two bear it)."""
    label: str
    """Its commonest spelling."""
    label_zh: str | None
    """Its commonest spelling in Chinese characters."""
    names: tuple[str, ...]
    """All spellings, the commonest first."""
    ids: tuple[str, ...]
    country: str | None
    country_from: Literal["record", "documents"] | None
    """`documents`: inferred from documents that name one country only."""
    region: str | None
    """`CN-..`, from a unified social credit code; None when the records hold none."""
    n_documents: int


@dataclass(frozen=True, slots=True)
class UnsurePair:
    """Two organisations that may be one: counted apart until a person settles it."""

    first: int
    """Row of the one with more documents."""
    second: int
    reason: Reason
    similarity: float
    """0..100, of the folded names."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Organisations, the most documents first, and which name leads to which."""

    organisations: tuple[ResolvedOrganisation, ...]
    row_of: Mapping[Named, int]
    unsure: tuple[UnsurePair, ...]
    """Those that touch most documents first."""
    invalid_ids: tuple[str, ...]
    """Identifiers of a known scheme whose check characters are wrong; they count for nothing."""


def resolve(
    names: Sequence[NameCount],
    settled: Settled | None = None,
    sole_countries: Mapping[Named, Mapping[str, int]] | None = None,
    *,
    near: bool = True,
) -> Resolution:
    """Organisations behind `names`.

    One organisation are (1) names with one valid identifier; (2) names that are equal when folded (fold_name),
    unless two countries, two identifiers of one scheme or two families of legal forms speak against it; (3) names
    that a person says are one. A name without a country joins the one organisation of that name, and none where there
    are two. Everything else that is near (similarity of 93 or more, or words cut short) is an unsure pair.

    Args:
        names: each (name, country, id) once.
        settled: a person's word, which wins over everything but a valid identifier of two different codes.
        sole_countries: per name, how many documents that name one country only name which.
        near: also look for unsure pairs, which takes most of the time.

    >>> found = resolve([NameCount("Univ. Example", "XA", None, 3), NameCount("University of Example", None, None, 2),
    ...                  NameCount("University of Exampel", "XA", None, 1)])
    >>> [(o.label, o.n_documents) for o in found.organisations], [p.reason for p in found.unsure]
    ([('Univ. Example', 5), ('University of Exampel', 1)], ['spelling'])
    """
    resolver = _Resolver(
        sorted(names, key=lambda n: (n.name, n.country or "", n.id or "")), settled or Settled()
    )
    return resolver.run(sole_countries or {}, near=near)


class _Resolver:
    def __init__(self, names: Sequence[NameCount], settled: Settled) -> None:
        self.names = names
        self.parent = list(range(len(names)))
        self.members_of = {i: [i] for i in range(len(names))}
        self.folded = [fold_name(n.name) for n in names]
        self.identifiers = [read_identifier(n.id) for n in names]
        self.by_spelling: dict[str, list[int]] = defaultdict(list)
        for i, n in enumerate(names):
            self.by_spelling[n.name.casefold()].append(i)
            if (identifier := self.identifiers[i]) is not None:
                self.by_spelling[str(identifier)].append(i)
        self.settled = settled
        self.barred = {
            frozenset((a, b))
            for one, other in settled.different
            for a in self._rows(one)
            for b in self._rows(other)
            if a != b
        }
        self.barred_rows = frozenset(row for pair in self.barred for row in pair)
        self.asked: dict[frozenset[int], Reason] = {}

    def run(self, sole_countries: Mapping[Named, Mapping[str, int]], *, near: bool) -> Resolution:
        self._join_identifiers()
        for group in self.settled.same:
            rows = [row for spelling in group for row in self._rows(spelling)]
            for row in rows[1:]:
                self._join(rows[0], row)
        self._join_equal_names()
        groups = self._groups()
        roots = sorted(groups, key=lambda root: self._order(groups[root]))
        row_of_root = {root: row for row, root in enumerate(roots)}
        organisations = _with_own_keys([self._organisation(groups[root], sole_countries) for root in roots])
        row_of = {(n.name, n.country, n.id): row_of_root[self._find(i)] for i, n in enumerate(self.names)}
        unsure = self._unsure(groups, row_of_root, organisations) if near else ()
        invalid = {
            n.id
            for n, identifier in zip(self.names, self.identifiers, strict=True)
            if n.id and identifier is None and n.id.partition(":")[0].lower() in SCHEMES
        }
        return Resolution(organisations, row_of, unsure, tuple(sorted(invalid)))

    def _rows(self, spelling: str) -> list[int]:
        return self.by_spelling.get(spelling.strip().casefold(), [])

    def _find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def _join(self, a: int, b: int) -> bool:
        """Joins two groups, unless a person bars it or it would give one organisation two codes of one scheme."""
        a, b = self._find(a), self._find(b)
        if a == b:
            return True
        groups = self._members(a), self._members(b)
        if self._is_barred(*groups) or self._two_codes(*groups):
            return False
        self.parent[max(a, b)] = min(a, b)
        self.members_of[min(a, b)] = groups[0] + groups[1]
        return True

    def _members(self, root: int) -> list[int]:
        return self.members_of[root]

    def _is_barred(self, one: Iterable[int], other: Iterable[int]) -> bool:
        mine = [i for i in one if i in self.barred_rows]
        return bool(mine) and any(frozenset((a, b)) in self.barred for a in mine for b in other)

    def _codes(self, members: Iterable[int]) -> dict[str, str]:
        return {found.scheme: found.code for i in members if (found := self.identifiers[i]) is not None}

    def _two_codes(self, one: Iterable[int], other: Iterable[int]) -> bool:
        mine, theirs = self._codes(one), self._codes(other)
        return any(mine[scheme] != theirs[scheme] for scheme in mine.keys() & theirs.keys())

    def _join_identifiers(self) -> None:
        first: dict[str, int] = {}
        for i, identifier in enumerate(self.identifiers):
            if identifier is not None:
                self._join(first.setdefault(str(identifier), i), i)

    def _join_equal_names(self) -> None:
        by_key: dict[str, set[int]] = defaultdict(set)
        for i, folded in enumerate(self.folded):
            by_key[folded.key].add(i)
        for key in sorted(by_key):
            rows = sorted(by_key[key])
            if len(rows) > 1:
                self._split(rows, key, ("country", *SCHEMES, "family"))

    def _split(self, rows: list[int], key: str, attributes: tuple[str, ...]) -> None:
        """Joins rows of one folded name, apart by the first attribute of which they have two values."""
        for at, attribute in enumerate(attributes):
            values: dict[str | None, list[int]] = defaultdict(list)
            for row in rows:
                values[self._value(row, key, attribute)].append(row)
            if len(values.keys() - {None}) > 1:
                for value in sorted(values, key=lambda v: (v is None, v or "")):
                    self._split(values[value], key, attributes[at + 1 :])
                reason: Reason = (
                    "same_name_two_countries" if attribute == "country"
                    else "same_name_two_forms" if attribute == "family"
                    else "same_name_two_identifiers"
                )  # fmt: skip
                # Asked against the largest only: a person need not settle every pair of five.
                largest = max(rows, key=lambda r: (self._size(r), -r))
                for part in values.values():
                    self.asked.setdefault(frozenset((largest, part[0])), reason)
                return
        for row in rows[1:]:
            if not self._join(rows[0], row):
                self.asked.setdefault(frozenset((rows[0], row)), "same_name_two_identifiers")

    def _value(self, row: int, key: str, attribute: str) -> str | None:
        """What a row's whole group says: its country, its code of a scheme, the legal form of that name."""
        members = self._members(self._find(row))
        if attribute == "country":
            return self._country(members)
        if attribute == "family":
            found = Counter(
                self.folded[i].family
                for i in members
                if self.folded[i].key == key and self.folded[i].family is not None
            )
            return max(sorted(f for f in found if f), key=lambda f: found[f], default=None)
        return self._codes(members).get(attribute)

    def _country(self, members: Iterable[int]) -> str | None:
        found: Counter[str] = Counter()
        for i in members:
            country = self.names[i].country
            if country:
                found[country] += self.names[i].n_documents
        return max(sorted(found), key=lambda c: found[c], default=None)

    def _size(self, row: int) -> int:
        return sum(self.names[i].n_documents for i in self._members(self._find(row)))

    def _groups(self) -> dict[int, list[int]]:
        groups: dict[int, list[int]] = defaultdict(list)
        for i in range(len(self.names)):
            groups[self._find(i)].append(i)
        return groups

    def _order(self, members: Sequence[int]) -> tuple[int, str]:
        return -sum(self.names[i].n_documents for i in members), min(self.names[i].name for i in members)

    def _organisation(
        self, members: Sequence[int], sole_countries: Mapping[Named, Mapping[str, int]]
    ) -> ResolvedOrganisation:
        spellings: Counter[str] = Counter()
        for i in members:
            spellings[self.names[i].name] += self.names[i].n_documents
        ordered = sorted(spellings, key=lambda name: (-spellings[name], name))
        codes = self._codes(members)
        ids = tuple(f"{scheme}:{codes[scheme]}" for scheme in SCHEMES if scheme in codes)
        country, source = self._country(members), "record"
        if country is None:
            country, source = _inferred([self.names[i] for i in members], sole_countries), "documents"
        known = (self.identifiers[i] for i in members)
        region = next((found.region for found in known if found and found.region), None)
        return ResolvedOrganisation(
            key=ids[0] if ids else self._name_key(members, ordered[0]),
            label=ordered[0],
            label_zh=next((name for name in ordered if has_han(name)), None),
            names=tuple(ordered),
            ids=ids,
            country=country,
            country_from=None if country is None else "record" if source == "record" else "documents",
            region=region,
            n_documents=sum(spellings.values()),
        )

    def _name_key(self, members: Sequence[int], label: str) -> str:
        country = self._country(members)
        return f"name:{fold_name(label).key}" + (f"@{country}" if country else "")

    def _unsure(
        self,
        groups: Mapping[int, list[int]],
        row_of_root: Mapping[int, int],
        organisations: Sequence[ResolvedOrganisation],
    ) -> tuple[UnsurePair, ...]:
        from rapidfuzz.fuzz import token_sort_ratio

        found: dict[tuple[int, int], UnsurePair] = {}

        def ask(a: int, b: int, reason: Reason, similarity: float) -> None:
            one, other = sorted((row_of_root[a], row_of_root[b]))
            pair = groups[a], groups[b]
            if a != b and not self._is_barred(*pair) and not self._two_codes(*pair):
                found.setdefault((one, other), UnsurePair(one, other, reason, round(similarity, 1)))

        for rows, reason in sorted(self.asked.items(), key=lambda item: sorted(item[0])):
            if len(rows) == 2:
                a, b = (self._find(row) for row in rows)
                ask(a, b, reason, 100.0)
        keys = {root: sorted({self.folded[i].key for i in members}) for root, members in groups.items()}
        for one, other in _near([(key, root) for root in sorted(keys) for key in keys[root]]):
            (a_key, a), (b_key, b) = one, other
            if a_key == b_key:
                continue  # already asked, or kept apart for good
            countries = {organisations[row_of_root[r]].country for r in (a, b)} - {None}
            if len(countries) > 1 or numbers_in(a_key) != numbers_in(b_key):
                continue
            similarity = token_sort_ratio(a_key, b_key)
            if is_abbreviation(a_key, b_key):
                ask(a, b, "abbreviation", similarity)
            elif similarity >= SIMILAR and min(len(a_key), len(b_key)) >= _SHORTEST:
                ask(a, b, "spelling", similarity)
        return tuple(
            sorted(
                found.values(),
                key=lambda p: (-organisations[p.second].n_documents, -p.similarity, p.first, p.second),
            )
        )


def _with_own_keys(organisations: Sequence[ResolvedOrganisation]) -> tuple[ResolvedOrganisation, ...]:
    """The organisations with a number behind the key of those that share a name, in the order of their labels."""
    of_key: dict[str, list[int]] = defaultdict(list)
    for row, found in enumerate(organisations):
        of_key[found.key].append(row)
    keys = [found.key for found in organisations]
    for key, rows in of_key.items():
        for number, row in enumerate(sorted(rows, key=lambda r: organisations[r].names[0]), start=1):
            keys[row] = key if len(rows) == 1 else f"{key}#{number}"
    return tuple(replace(found, key=key) for found, key in zip(organisations, keys, strict=True))


def _near(keys: Sequence[tuple[str, int]]) -> Iterable[tuple[tuple[str, int], tuple[str, int]]]:
    """Pairs of different groups worth comparing: they share a word that is not common, or their first letters."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for n, (key, _) in enumerate(keys):
        for word in {*key.split(), "^" + key.replace(" ", "")[:5], "$" + key.replace(" ", "")[-5:]}:
            blocks[word].append(n)
    seen: set[tuple[int, int]] = set()
    for word in sorted(blocks):
        block = blocks[word]
        if len(block) > _BLOCK:
            continue
        for pair in _close(keys, block):
            if pair not in seen and keys[pair[0]][1] != keys[pair[1]][1]:
                seen.add(pair)
                yield keys[pair[0]], keys[pair[1]]


def _close(keys: Sequence[tuple[str, int]], block: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs of a block that are at all alike."""
    import numpy as np
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.process import cdist

    texts = [keys[n][0] for n in block]
    # Lower than what asks a person, since cut words make names less alike.
    scores = cdist(texts, texts, scorer=token_sort_ratio, score_cutoff=70, dtype=np.uint8, workers=1)
    for i, j in zip(*np.nonzero(np.triu(scores, 1)), strict=True):
        yield block[int(i)], block[int(j)]


def _inferred(names: Iterable[NameCount], sole_countries: Mapping[Named, Mapping[str, int]]) -> str | None:
    """The country of nearly all documents that name the organisation and one country only."""
    found: Counter[str] = Counter()
    for n in names:
        found.update(sole_countries.get((n.name, n.country, n.id), {}))
    if not found:
        return None
    country = max(sorted(found), key=lambda c: found[c])
    enough = found[country] >= max(_ENOUGH_TO_PLACE, _SAME_COUNTRY * found.total())
    return country if enough else None

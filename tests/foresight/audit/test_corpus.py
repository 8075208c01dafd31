"""The audit with a corpus at hand: leaks in how origins are made, and documents of later years that change nothing."""

from __future__ import annotations

import dataclasses
import shutil
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.foresight.audit.invented import Honest
from tests.foresight.corpora import RISING, STEADY, add, made, paper, planted

from foretrack.corpus.store import Corpus
from foretrack.corpus.views import AsOfView
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.auditing import (
    Derive,
    ScrambledView,
    audit_backtest,
    libraries,
    own_origins,
    source_breaks,
)
from foretrack.domains.foresight.actions.reading_view import read_view
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.domains.foresight.backtest.audit.comparing import digest_of
from foretrack.domains.foresight.backtest.audit.findings import Verdict
from foretrack.domains.foresight.backtest.audit.watching import watch
from foretrack.domains.foresight.backtest.rolling import roll
from foretrack.domains.foresight.concepts.mining import Hints, mine_tokens
from foretrack.domains.foresight.history.origins import FUTURE_YEARS, Origin
from foretrack.domains.foresight.history.record import Record
from foretrack.domains.foresight.history.years import Year, assemble, look_at, years_worth
from foretrack.domains.foresight.technologies.technology import Technologies
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.progress import silent
from foretrack.records.document import Document

CLOCK = fixed_clock("2026-01-01")
LAST = 2016
NEW = tuple(f"{kind} lattice" for kind in ("amber", "basalt", "cobalt", "dolomite"))
"""Phrases of the later years, together in many documents: a community that nobody could know before."""


def cited(document: Document, number: int) -> Document:
    """With citations: an undated total, dated ones, and a class."""
    year = document.year
    later = tuple((year + ahead, 1 + number % 3) for ahead in range(1, 4))
    return dataclasses.replace(
        document, cited_by=number % 11, cited_by_year=later, classes=(f"cpc:G{number % 4:02d}",)
    )


def documents() -> list[Document]:
    rng = np.random.default_rng(9)
    found = planted(first=2006, last=LAST, per_year=104, new_source_from=None)
    found += [paper(len(found) + n, 2013 + n % 4, rng, [*NEW, STEADY[0]]) for n in range(160)]
    return [cited(document, number) for number, document in enumerate(found)]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return made(tmp_path_factory.mktemp("audit") / "w", documents())


class Slim(Honest):
    """Learns from one feature, so that a few units are enough."""

    def scaler(self, seen: Sequence[Origin]) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros(1), np.ones(1)

    def scaled(self, origin: Origin) -> np.ndarray:
        rate = origin.features[:, [origin.feature_names.index("rate")]]
        return np.column_stack([np.nan_to_num(rate), np.ones(len(origin))])


@dataclasses.dataclass(frozen=True)
class Past:
    concepts: Sequence[Origin]
    technologies: Sequence[Origin]


def audited(workspace: Workspace, derive: Derive, units: Sequence[str] = ("concept",)) -> Verdict:
    """A backtest of 2012 and 2013 whose origins `derive` makes, audited with the same `derive`."""
    made_of = derive(Corpus(workspace.corpus_dir).as_of(None))
    past = Past(made_of["concept"], made_of["technology"])
    rolled, logs = {}, {}
    for unit in units:
        origins = past.concepts if unit == "concept" else past.technologies
        watched, logs[unit] = watch({"model": Slim})
        rolled[unit] = roll(origins, [2012, 2013], watched)
    return audit_backtest(workspace, past, rolled, logs, lambda unit, changed: {"model": Slim}, derive=derive)


def per_year(look: Callable[[Record, int, Technologies | None], Year]) -> Derive:
    """Makes origins year by year with `look`, which may do it wrongly."""

    def derive(view: AsOfView) -> Mapping[str, Sequence[Origin]]:
        record = read_view(view, threads=1, progress=silent).record()
        before: Technologies | None = None
        found: dict[str, list[Origin]] = {"concept": [], "technology": []}
        for year in years_worth(record.years):
            looked = look(record, year, before)
            before = looked.technologies
            found["concept"].append(looked.concepts)
            found["technology"].append(looked.technology_origin)
        return found

    return derive


def with_words_of_today(record: Record, year: int, before: Technologies | None) -> Year:
    """Concepts are mined from all documents, and counted up to the year."""
    now = record.years <= year
    after = (record.years > year) & (record.years <= year + FUTURE_YEARS)
    everything = Hints(*record.keywords_until(9999), (), (), frozenset())
    mined = mine_tokens(record.tokens, everything, recent=record.years > year - 3, threads=1).concepts
    number = np.cumsum(now) - 1
    then = now[mined.documents]
    later = after[mined.documents]
    concepts = dataclasses.replace(
        mined, documents=number[mined.documents[then]].astype(np.int32), concepts=mined.concepts[then]
    )
    ahead = ((np.cumsum(after) - 1)[mined.documents[later]].astype(np.int32), mined.concepts[later])
    return assemble(record, year, concepts, before, later=ahead, now=now, after=after)


_TODAY: dict[int, Technologies] = {}


def with_communities_of_today(record: Record, year: int, before: Technologies | None) -> Year:
    """Communities continue those of the last year on record."""
    last = years_worth(record.years)[-1]
    if last not in _TODAY:
        _TODAY[last] = look_at(record, last, None).technologies
    today = _TODAY[last]
    return look_at(record, year, dataclasses.replace(today, year=year - 1))


_OWN: dict[int, Mapping[str, Sequence[Origin]]] = {}


def with_column(column: str, of_row: Callable[[object, int], float]) -> Derive:
    """The correct origins with one more feature, from a column of the documents."""

    def derive(view: AsOfView) -> Mapping[str, Sequence[Origin]]:
        values: dict[int, float] = {}
        rows = [row for batch in view.batches(["year", column]) for row in batch.to_pylist()]
        # The correct origins look at none of these columns, so they are made once for each year.
        if view.as_of not in _OWN:
            _OWN[view.as_of] = own_origins(1)(view)
        own = _OWN[view.as_of]
        for origin in own["concept"]:
            values[origin.year] = sum(
                of_row(row[column], origin.year) for row in rows if row["year"] <= origin.year
            )
        return {
            "concept": [
                dataclasses.replace(
                    o,
                    features=np.column_stack([o.features, np.full(len(o), values[o.year])]),
                    feature_names=(*o.feature_names, column),
                )
                for o in own["concept"]
            ],
            "technology": own["technology"],
        }

    return derive


def test_the_correct_run_passes(workspace: Workspace) -> None:
    said = audited(workspace, own_origins(1), ("concept", "technology"))

    assert said.findings == ()
    assert said.clean
    assert (said.rederived[-1], said.rerun, said.marked) == (2012, (2012, 2013), ())
    assert said.fits >= 4


def test_a_vocabulary_of_later_documents_is_found(workspace: Workspace) -> None:
    said = audited(workspace, per_year(with_words_of_today))

    assert not said.clean
    assert {finding.leak for finding in said.findings} == {"vocabulary"}


def test_communities_of_later_documents_are_found(workspace: Workspace) -> None:
    said = audited(workspace, per_year(with_communities_of_today), ("technology",))

    assert not said.clean
    assert {finding.leak for finding in said.findings} == {"communities"}


@pytest.mark.parametrize(
    ("column", "of_row", "leak"),
    [
        ("cited_by", lambda value, year: float(value or 0), "citation totals"),
        ("cited_by_year", lambda value, year: float(sum(e["count"] for e in value)), "citation totals"),
        ("classes", lambda value, year: float(sum(map(len, value))), "later classes"),
        (
            "cited_by_year",
            lambda value, year: float(sum(e["count"] for e in value if e["year"] <= year)),
            None,
        ),
    ],
)
def test_what_carries_no_date_is_found_and_what_is_dated_passes(
    workspace: Workspace, column: str, of_row: Callable[[object, int], float], leak: str | None
) -> None:
    said = audited(workspace, with_column(column, of_row))

    assert {finding.leak for finding in said.findings} == ({leak} if leak else set())


def test_a_source_that_begins_within_the_labels_is_marked(tmp_path: Path) -> None:
    broken = made(tmp_path / "w", planted(first=2006, last=LAST, per_year=104, new_source_from=2015))

    said = audited(broken, own_origins(1))

    assert said.clean
    assert said.marked == (2012, 2013)
    assert {f.subject for f in said.findings if f.leak == "coverage break"} == {"second (paper)"}
    assert source_breaks(Corpus(broken.corpus_dir))[0].year == 2015


def test_scrambling_changes_what_carries_no_date_only(workspace: Workspace) -> None:
    view = Corpus(workspace.corpus_dir).as_of(2012)
    columns = ["document_id", "title", "year", "cited_by", "cited_by_year", "classes"]
    plain = [row for batch in view.batches(columns) for row in batch.to_pylist()]
    scrambled_view = ScrambledView(view, frozenset(("citation totals", "later classes")))
    scrambled = [row for batch in scrambled_view.batches(columns) for row in batch.to_pylist()]

    assert [row["document_id"] for row in plain] == [row["document_id"] for row in scrambled]
    for one, other in zip(plain, scrambled, strict=True):
        assert (one["title"], one["year"]) == (other["title"], other["year"])
        dated = [e for e in one["cited_by_year"] if e["year"] <= 2012]
        assert [e for e in other["cited_by_year"] if e["year"] <= 2012] == dated
        assert one["classes"] != other["classes"]
    changed = [one["cited_by"] != other["cited_by"] for one, other in zip(plain, scrambled, strict=True)]
    assert np.mean(changed) > 0.99


def test_a_library_of_pretrained_models_is_seen_when_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    before = libraries()
    monkeypatch.setitem(sys.modules, "sentence_transformers", types.ModuleType("sentence_transformers"))

    assert libraries() - before == {"sentence_transformers"}


# --- the property: documents after T change nothing as of T, to the byte ---------------------------------------------

T = 2012


def known_documents() -> list[Document]:
    """All documents until T."""
    found = planted(first=2008, last=T, per_year=105, new_source_from=None)
    return [cited(document, number) for number, document in enumerate(found)]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], str]:
    """A workspace of documents until T, the hashes of its scan's tables, and of its origins."""
    root = tmp_path_factory.mktemp("before") / "w"
    workspace = made(root, known_documents())
    return root, *seen(workspace)


def seen(workspace: Workspace) -> tuple[dict[str, str], str]:
    """What a scan stores as of T, and what a backtest knows at T."""
    found = scan(workspace, ScanRequest(as_of=T, packs=(), threads=1), clock=CLOCK)
    tables: dict[str, str] = found.stored.manifest["tables"]
    view = Corpus(workspace.corpus_dir).as_of(None)
    origins = own_origins(1)(view)
    known = [o.as_of(T) for unit in ("concept", "technology") for o in origins[unit] if o.year <= T]
    return tables, digest_of(tuple(known))


PHRASES = st.lists(
    st.sampled_from([RISING, *STEADY, *NEW, "phonon routers", "phonon-router (PR)"]), max_size=4, unique=True
)
LATER = st.lists(
    st.tuples(
        st.integers(T + 1, T + 4), PHRASES, st.sampled_from(["invented", "second", "第三"]), st.booleans()
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=6)
@given(later=LATER, many=st.booleans(), again=st.booleans(), seed=st.integers(0, 99))
def test_documents_after_t_change_nothing_as_of_t(
    before: tuple[Path, dict[str, str], str],
    tmp_path_factory: pytest.TempPathFactory,
    later: list[tuple[int, list[str], str, bool]],
    many: bool,
    again: bool,
    seed: int,
) -> None:
    """Whatever comes later: few or many documents, new sources, old and new phrases, keywords, citations of old ones,
    and old documents that a second source delivers again under a later date."""
    root, tables, known = before
    copy = tmp_path_factory.mktemp("after") / "w"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("results", "years"))
    workspace = Workspace.open(copy)
    rng = np.random.default_rng(seed)
    added = [
        paper(
            100_000 + n, year, rng, phrases, source=source,
            keywords=tuple(phrases) if with_keywords else (),
            references=tuple(f"invented:I{i}" for i in rng.integers(0, 500, 3)) if with_keywords else (),
        )
        for n, (year, phrases, source, with_keywords) in enumerate(later * (12 if many else 1))
    ]  # fmt: skip
    if again:
        added += [
            dataclasses.replace(document, source="again", source_id=f"A{n}", published=str(T + 1))
            for n, document in enumerate(known_documents()[-20:])
        ]
    add(workspace, added)

    assert seen(workspace) == (tables, known)

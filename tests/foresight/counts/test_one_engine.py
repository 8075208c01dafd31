"""The same cells from numpy, DuckDB, Sail and Spark: mentions, series, totals, technologies and pairs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engines import THERE, address_of, sail_address, spark_address  # noqa: F401 - fixtures
from tests.foresight import corpora

from foretrack.corpus.store import Corpus
from foretrack.corpus.views import AsOfView, Filters
from foretrack.domains.foresight.actions.counting import (
    Series,
    count_groups,
    count_mentions,
    count_series,
    count_together,
    count_totals,
    read_tokens,
    spellings_of,
)
from foretrack.domains.foresight.actions.reading_view import Readings, read_view
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.domains.foresight.concepts.mining import Hints, Mined, mine_tokens
from foretrack.domains.foresight.counts.forms import Forms, forms_of
from foretrack.domains.foresight.measures.panel import Panel, build_panel
from foretrack.foundation.progress import silent
from foretrack.language.tokens import Tokens, divide
from foretrack.records.document import Document

AS_OF = 2018


@dataclass(frozen=True)
class World:
    """An invented corpus, and what numpy finds in it."""

    folder: Path
    readings: Readings
    tokens: Tokens
    mined: Mined
    forms: Forms

    def view(self, engine: str | None = None) -> AsOfView:
        return Corpus(self.folder, engine).as_of(AS_OF)

    @property
    def panel(self) -> Panel:
        found, r = self.mined.concepts, self.readings
        return build_panel(
            found.documents, found.concepts, n_concepts=len(found.ids), years=r.years,
            stratum_of=r.stratum_of, strata=r.strata, as_of=AS_OF,
        )  # fmt: skip


def documents() -> list[Document]:
    """English and Chinese; hyphens that bind stop words, an acronym in brackets, no abstract, nothing but a title."""
    rng = np.random.default_rng(5)
    found = [*corpora.planted(first=2010, last=2020, per_year=12), *corpora.bilingual(24)]
    hyphened = (
        "End-to-end looms (EEL) beat state-of-the-art looms",
        "The end-to-end loom, an EEL, is up-to-date",
        "Tidal-loom research: loom by loom",
    )
    for number in range(30):
        text = (
            hyphened[number % 3]
            + ". "
            + corpora.fill(rng, "tidal looms" if number % 2 else "tidal-loom", n=5)
        )
        fields: dict[str, Any] = {"abstract": None} if number % 5 == 0 else {"abstract": text}
        year, kind = 2012 + number % 8, "patent" if number % 4 == 0 else "paper"
        found.append(
            corpora.paper(9_000 + number, year, rng, kind=kind, title=f"{text[:50]} {number}", **fields)
        )
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    workspace = corpora.made(tmp_path_factory.mktemp("one-engine") / "workspace", documents())
    readings = read_view(Corpus(workspace.corpus_dir).as_of(AS_OF), threads=1, progress=silent)
    tokens = readings.tokens
    mined = mine_tokens(tokens, Hints(synonyms=[["end-to-end loom", "EEL"]]))
    return World(workspace.corpus_dir, readings, tokens, mined, forms_of(mined, tokens.words))


@pytest.fixture(params=["here", "here, in ranges", *THERE])
def view(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> AsOfView:
    """DuckDB at once, DuckDB in ranges of few documents, and a Spark Connect server."""
    if request.param == "here, in ranges":
        monkeypatch.setattr("foretrack.corpus.engine.LocalEngine.counted_at_once", 100)
        monkeypatch.setattr("foretrack.corpus.engine.LocalEngine.rows_at_once", 70)
    return world.view(None if "here" in request.param else address_of(request.param, request))


def cells(series: Series) -> dict[tuple[int, int, int], int]:
    columns = (series.concepts, series.strata, series.years, series.n_documents)
    return {(c, s, y): n for c, s, y, n in zip(*(column.tolist() for column in columns), strict=True)}


def test_the_world_holds_what_is_hard(world: World) -> None:
    assert len(world.forms) == 4
    assert any(any(step["open"].to_pylist()) for step in world.forms.steps)
    assert world.forms.n_concepts > 8
    assert len(world.readings.strata) > 3


def test_stored_words_are_the_tokens_that_mining_reads(world: World, view: AsOfView) -> None:
    again = read_tokens(view.engine, view.words(), len(world.readings.document_ids))
    assert [again.words[n - 2] if n > 1 else n for n in again.numbers] == [
        world.tokens.words[n - 2] if n > 1 else n for n in world.tokens.numbers
    ]
    assert again.offsets.tolist() == world.tokens.offsets.tolist()


def test_mentions_are_those_of_mining(world: World, view: AsOfView) -> None:
    found, concepts = count_mentions(view, world.forms, world.readings.document_ids), world.mined.concepts
    assert len(concepts.documents) > 500
    assert np.array_equal(found[0], concepts.documents)
    assert np.array_equal(found[1], concepts.concepts)


def test_series_and_totals_make_the_same_panel(world: World, view: AsOfView) -> None:
    readings, words = world.readings, view.words()
    series = count_series(view.engine, words, world.forms, readings.strata, len(readings.years))
    totals = count_totals(view.engine, words, readings.strata)
    made = series.panel(totals, n_concepts=world.forms.n_concepts, strata=readings.strata, as_of=AS_OF)
    assert made.first_year == world.panel.first_year
    assert np.array_equal(made.counts, world.panel.counts)
    assert np.array_equal(made.totals, world.panel.totals)


def test_a_document_counts_once_for_a_technology(world: World, view: AsOfView) -> None:
    groups = [[0, 1, 2], [2, 3], [5]]
    r, concepts = world.readings, world.mined.concepts
    expected: Counter[tuple[int, int, int]] = Counter()
    for number, group in enumerate(groups):
        for d in set(concepts.documents[np.isin(concepts.concepts, group)].tolist()):
            expected[number, int(r.stratum_of[d]), int(r.years[d])] += 1
    found = count_groups(view.engine, view.words(), world.forms, r.strata, groups, len(r.years))
    assert cells(found) == dict(expected)


def test_pairs_are_those_that_neighbours_are_found_from(world: World, view: AsOfView) -> None:
    concepts, most, least = world.mined.concepts, 4, 3
    df = np.bincount(concepts.concepts)
    carried: dict[int, list[int]] = {}
    for d, c in zip(concepts.documents.tolist(), concepts.concepts.tolist(), strict=True):
        carried.setdefault(d, []).append(c)
    pairs: Counter[tuple[int, int]] = Counter()
    for here in carried.values():
        chosen = sorted(here, key=lambda c: (df[c], c))[:most]
        pairs.update(combinations(sorted(chosen), 2))
    expected = sorted((*pair, n) for pair, n in pairs.items() if n >= least)
    found = count_together(view.engine, view.words(), world.forms, most=most, least=least)
    assert len(expected) > 5
    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected


def test_later_documents_are_counted_by_what_was_known_before(world: World, view: AsOfView) -> None:
    early = world.readings.years <= 2014
    past, whole = divide(world.tokens, early, np.ones(len(early), dtype=bool))
    mined = mine_tokens(past, Hints())
    documents, concepts = mined.mentions(whole)
    vocabulary = spellings_of(view.engine, view.words(), past.words)
    assert set(vocabulary) == set(whole.words)
    assert len(vocabulary) > len(past.words)
    found = count_mentions(view, forms_of(mined, vocabulary), world.readings.document_ids)
    assert np.array_equal(found[0], documents)
    assert np.array_equal(found[1], concepts)


@pytest.mark.parametrize("server", THERE)
def test_a_scan_on_a_server_stores_the_same_bytes(
    tmp_path: Path, server: str, request: pytest.FixtureRequest
) -> None:
    workspace = corpora.made(tmp_path / "workspace", documents())
    asked = ScanRequest(as_of=AS_OF, history=False, packs=(), filters=Filters(query="loom OR 织机 OR in"))
    here = scan(workspace, asked)
    stored = {p.name: p.read_bytes() for p in here.stored.folder.iterdir() if p.name != "created.json"}
    there = scan(workspace, replace(asked, engine=address_of(server, request), again=True))
    assert there.name == here.name
    again = {p.name: p.read_bytes() for p in there.stored.folder.iterdir() if p.name != "created.json"}
    assert len(stored) > 2
    assert again == stored


def mentions_of(found: Scan) -> dict[str, int]:
    table = found.stored.table("concepts")
    return {str(row["concept"]): int(row["n_documents"]) for row in table.to_pylist()}


def test_a_large_corpus_is_learnt_from_a_sample_and_counted_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = corpora.made(tmp_path / "workspace", documents())
    asked = ScanRequest(as_of=AS_OF, history=False, packs=())
    whole = mentions_of(scan(workspace, asked))
    monkeypatch.setattr("foretrack.domains.foresight.actions.scan.LEARN_FROM", 150)
    sampled = scan(workspace, asked)
    found = mentions_of(sampled)
    both = set(found) & set(whole)
    assert len(both) >= 6
    assert {c: found[c] for c in both} == {c: whole[c] for c in both}
    (note,) = [n for n in sampled.stored.manifest["notes"] if n.startswith("learnt_from_sample")]
    assert note.startswith("learnt_from_sample: 150 of")

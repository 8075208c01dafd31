"""Past years looked at again: the same from memory as afresh, and the same as if nothing had followed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from tests.foresight.corpora import made, planted

from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.history import KEPT_PER_YEAR, look_back
from foretrack.domains.foresight.actions.reading_view import read_view
from foretrack.domains.foresight.concepts.mining import Hints
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.history.record import Record
from foretrack.domains.foresight.history.storing import to_tables
from foretrack.domains.foresight.history.years import Year, years_worth
from foretrack.foundation.progress import silent

LAST = 2016


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("history") / "w"
    return made(folder, planted(first=2008, last=2020, per_year=104, new_source_from=None))


def record(workspace: Workspace, as_of: int | None = None) -> Record:
    return read_view(Corpus(workspace.corpus_dir).as_of(as_of), threads=1, progress=silent).record()


def contents(years: Iterable[Year]) -> list[dict[str, object]]:
    return [{name: table.to_pydict() for name, table in to_tables(year).items()} for year in years]


def test_from_memory_it_is_what_it_was(workspace: Workspace) -> None:
    known = record(workspace)
    first = contents(look_back(workspace, known, last=LAST))
    folders = sorted(path.name for path in workspace.years_dir.iterdir())
    again = contents(look_back(workspace, known, last=LAST))

    assert len(first) == len([year for year in years_worth(known.years) if year <= LAST])
    assert repr(again) == repr(first)
    assert sorted(path.name for path in workspace.years_dir.iterdir()) == folders


def test_a_damaged_memory_is_made_again(workspace: Workspace) -> None:
    known = record(workspace)
    first = contents(look_back(workspace, known, last=LAST))
    damaged = next(workspace.years_dir.glob(f"{LAST}-*")) / "concept_origin.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-40])

    assert repr(contents(look_back(workspace, known, last=LAST))) == repr(first)
    shutil.rmtree(workspace.years_dir)
    assert repr(contents(look_back(workspace, known, last=LAST))) == repr(first)


def test_a_year_knows_nothing_of_what_followed(workspace: Workspace) -> None:
    whole = {year.year: year for year in look_back(None, record(workspace), last=LAST)}
    until = {year.year: year for year in look_back(None, record(workspace, LAST), last=LAST)}

    assert whole.keys() == until.keys()
    for year in whole:
        for one, other in (
            (whole[year].concepts, until[year].concepts),
            (whole[year].technology_origin, until[year].technology_origin),
        ):
            assert one.ids == other.ids
            assert one.features.tobytes() == other.features.tobytes()
            assert one.counts.tobytes() == other.counts.tobytes()
            assert told_until(one, LAST) == told_until(other, LAST)
        assert whole[year].technologies.events == until[year].technologies.events
        assert whole[year].technologies.ids == until[year].technologies.ids


def told_until(origin: Origin, year: int) -> bytes:
    future = origin.as_of(year).future
    return b"" if future is None else future.counts.tobytes() + np.nan_to_num(future.shares, nan=-1).tobytes()


def test_a_users_lists_make_another_past_and_are_not_asked_for_by_default(workspace: Workspace) -> None:
    known = record(workspace)
    plain = next(iter(look_back(None, known, last=LAST)))
    unwanted = frozenset({plain.concepts.labels[0]})
    other = next(iter(look_back(None, known, last=LAST, user=Hints(unwanted=unwanted))))

    assert plain.concepts.labels[0] not in other.concepts.labels


def test_memory_keeps_a_few_looks_at_a_year_and_no_more(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", planted(first=2008, last=2012, per_year=104, new_source_from=None))
    known = record(workspace)
    for number in range(KEPT_PER_YEAR + 2):
        list(look_back(workspace, known, last=2011, user=Hints(unwanted=frozenset({f"word{number}"}))))

    assert len(list(workspace.years_dir.glob("2011-*"))) == KEPT_PER_YEAR

"""What is answered about the technologies of a stored scan, by the action and by the commands' tables."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.foresight.technologies.worlds import GRANARY, LOOM, PLOUGH, ROUTER, World, known_by, walk

from foretrack.corpus.results import ResultStore
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technologies import technologies, technology
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.speech import speak
from foretrack.domains.foresight.doors.technology_pages import COLUMNS, list_table, row_of, technology_page
from foretrack.domains.foresight.technologies.describing import describe, described_tables, novelty
from foretrack.domains.foresight.technologies.evolving import technology_panel
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.terminal.session import console

AS_OF = 2011
TRACK = {"pack": "invented", "direction": "weaving", "track": "tides", "p": 0.8}


def told_world() -> World:
    """Looms grow, ploughs fall, granaries stay, and routers end."""
    world = World().add(range(2000, 2012), GRANARY, n=40, seed=1).add(range(2000, 2004), ROUTER, n=20, seed=2)
    for year in range(2000, 2012):
        world.add([year], LOOM, n=10 + 12 * max(year - 2005, 0), seed=3)
        world.add([year], PLOUGH, n=60 - 9 * max(year - 2006, 0), seed=4)
    return world


def stored(folder: Path) -> tuple[Workspace, Scan]:
    """A workspace with one scan that holds technologies."""
    world = told_world()
    found = walk(world, 2003, AS_OF)
    concepts, years, _ = known_by(world, AS_OF)
    strata = [("invented", "paper")]
    panel = technology_panel(found, years=years, stratum_of=np.zeros(len(years), np.int64), strata=strata)
    labelled: dict[int, Any] = {concepts.labels.index(name): ([], 1.0) for name in GRANARY}
    labelled |= {concepts.labels.index(name): ([TRACK], 0.2) for name in LOOM}
    tables = described_tables(found, describe(found, panel, labelled))
    counts = np.bincount(years - 2000, minlength=AS_OF - 1999)
    tables["concepts"] = pa.table(
        {
            "concept": concepts.ids,
            "label": concepts.labels,
            "forms": [list(f) for f in concepts.forms],
            "state": ["steady"] * len(concepts.ids),
            "n_recent": [9] * len(concepts.ids),
        }
    )
    tables["totals"] = pa.table(
        {
            "stratum": [0] * len(counts),
            "source": ["invented"] * len(counts),
            "kind": ["paper"] * len(counts),
            "year": list(range(2000, AS_OF + 1)),
            "n_documents": counts.tolist(),
        }
    )
    tables["documents"] = pa.table(
        {"document_id": [f"d{i:05}" for i in range(len(years))], "year": years.tolist()}
    )
    workspace = Workspace.create(folder / "workspace")
    manifest = {
        "as_of": AS_OF,
        "snapshot": "s",
        "method": "m",
        "filters": {},
        "n_concepts": len(concepts.ids),
    }
    return workspace, Scan(ResultStore(workspace.results_dir).write("one", tables, manifest))


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Scan]:
    return stored(tmp_path_factory.mktemp("technologies"))


def documented(section: str) -> set[str]:
    text = (Path(__file__).parents[3] / "docs/guide/json.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, section
    return set(re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE))


def test_the_surest_growth_is_first_and_each_stage_is_found(scanned: tuple[Workspace, Scan]) -> None:
    listing = technologies(scanned[1])
    by_first = {item.concepts[0]: item for item in listing.items}
    stage = {
        group: next(i.stage for i in by_first.values() if i.concepts[0] in group) for group in (LOOM, PLOUGH)
    }
    assert listing.items[0].concepts[0] in LOOM
    assert listing.items[0].stage in ("emerging", "growing")
    assert stage[PLOUGH] == "declining"
    assert sum(listing.stages.values()) == listing.n_technologies == 3
    ranks = [item.rank for item in listing.items if item.rank is not None]
    assert ranks == sorted(ranks) == list(range(1, len(ranks) + 1))
    for item in listing.items:
        if item.growth is not None and item.growth_low is not None and item.growth_high is not None:
            assert item.growth_low <= item.growth <= item.growth_high
        else:
            assert item.rank is None


def test_tracks_are_the_mean_of_the_concepts_and_choose_lines(scanned: tuple[Workspace, Scan]) -> None:
    (only,) = technologies(scanned[1], track="invented/tides").items
    assert only.concepts[0] in LOOM
    assert (only.tracks[0].p, only.p_no_track) == (0.8, 0.2)
    assert technologies(scanned[1], track="weaving").items == (only,)
    granary = next(i for i in technologies(scanned[1]).items if i.concepts[0] in GRANARY)
    plough = next(i for i in technologies(scanned[1]).items if i.concepts[0] in PLOUGH)
    assert (granary.tracks, granary.p_no_track) == ((), 1.0)
    assert (plough.tracks, plough.p_no_track) == ((), None)


def test_lists_are_narrowed_and_wrong_words_are_refused(scanned: tuple[Workspace, Scan]) -> None:
    assert {i.stage for i in technologies(scanned[1], stage="declining").items} == {"declining"}
    assert len(technologies(scanned[1], limit=2).items) == 2
    with pytest.raises(InputError, match="no stage 'old'"):
        technologies(scanned[1], stage="old")
    with pytest.raises(InputError, match="no technology of this scan is labelled"):
        technologies(scanned[1], track="moon")


def test_a_page_is_found_by_any_name_and_its_numbers_can_be_recounted(
    scanned: tuple[Workspace, Scan],
) -> None:
    workspace, scan = scanned
    first = technologies(scan).items[0]
    page = technology(workspace, scan, first.technology, evidence=10_000)
    assert technology(workspace, scan, first.label).item == page.item
    assert technology(workspace, scan, "Reed Valve").item == page.item
    assert {c.label for c in page.concepts} == set(LOOM)
    assert sum(point.n_documents for point in page.series) == page.item.n_documents == len(page.evidence)
    recent = [d for d in page.evidence if d.year > AS_OF - 3]
    assert len(recent) == page.item.n_recent
    assert page.evidence[0].year == AS_OF
    assert page.events[0].event == "first"
    assert [t.test for t in page.stage_because] == ["recent", "years", "q_value", "novelty"]


def test_a_technology_that_is_gone_tells_what_became_of_it(scanned: tuple[Workspace, Scan]) -> None:
    events = scanned[1].stored.table("technology_events").to_pylist()
    (gone,) = {e["technology"] for e in events if e["event"] == "death"}
    with pytest.raises(InputError, match="death in 20"):
        technology(*scanned, gone)
    with pytest.raises(InputError, match="no technology 'phonon router'"):
        technology(*scanned, "phonon router")


def test_an_unknown_name_is_answered_with_the_nearest(scanned: tuple[Workspace, Scan]) -> None:
    with pytest.raises(InputError) as told:
        technology(*scanned, "tidal lom")
    assert "tidal loom" in str(told.value.expected)


def test_a_scan_without_technologies_says_so(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    tables = {"concepts": pa.table({"concept": ["a"]})}
    manifest: dict[str, Any] = {"as_of": 2011, "snapshot": "s", "method": "m"}
    scan = Scan(ResultStore(workspace.results_dir).write("old", tables, manifest))
    with pytest.raises(EvidenceError, match="has no technologies"):
        technologies(scan)


def test_json_has_the_documented_keys(scanned: tuple[Workspace, Scan]) -> None:
    listing, page = to_json(technologies(scanned[1])), to_json(technology(*scanned, "tidal loom"))
    assert set(listing) == documented("`technologies`")
    assert set(listing["items"][0]) == documented("Technology")
    assert set(page) == documented("`technology`")
    assert set(page["events"][0]) == documented("Technology event")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_and_pages_are_spoken_in_both_languages(
    scanned: tuple[Workspace, Scan], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say = speak(language)
    listing = technologies(scanned[1])
    console(sys.stdout).print(list_table(listing.items, say))
    for part in technology_page(technology(*scanned, "tidal loom"), say):
        console(sys.stdout).print(part)
    shown = capsys.readouterr().out
    assert listing.items[0].technology in shown
    assert ("阶段的判定依据" if language == "zh" else "The stage, because") in shown
    assert set(row_of(listing.items[0])) == set(COLUMNS)


def test_years_without_documents_are_no_age() -> None:
    shares = np.array([[np.nan, 0.1, 0.1, 0.1, 0.1, 0.1], [np.nan, 0.0, 0.0, 0.0, 0.0, 0.0]])
    assert novelty(shares).round(3).tolist() == [round(float(np.sqrt(0.6 / 1.8)), 3), 0.0]

"""Technologies of invented worlds: who is who over the years, and that no year sees a later one."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.foresight.technologies.worlds import (
    GRANARY,
    LOOM,
    PLOUGH,
    ROUTER,
    Document,
    World,
    as_bytes,
    known_by,
    technology_with,
    three,
    told,
    walk,
)

from foretrack.domains.foresight.technologies.evolving import carry, evolve, technology_panel
from foretrack.domains.foresight.technologies.storing import from_tables, to_tables


def test_concepts_studied_together_are_a_technology_and_keep_its_name() -> None:
    found = walk(three(), 2003, 2008)
    assert len(found) == 3
    for group in (LOOM, PLOUGH, GRANARY):
        assert len({technology_with(found, name) for name in group}) == 1
    assert set(found.born.tolist()) == {2003}
    assert all(name.startswith("2003-") for name in found.ids)
    assert np.all(found.persistence == 1)
    assert {e.kind for e in found.events} == {"first"}


def test_documents_count_for_the_technology_of_their_concepts() -> None:
    world = three()
    found = walk(world, 2003, 2008)
    assert found.n_documents.tolist() == [9 * 12] * 3
    assert found.n_recent.tolist() == [36] * 3
    assert float(found.share_recent.sum()) == pytest.approx(1)
    strata = [("invented", "paper")]
    years = known_by(world, 2008)[1]
    panel = technology_panel(found, years=years, stratum_of=np.zeros(len(years), np.int64), strata=strata)
    assert panel.pooled().tolist() == [[12] * 9] * 3


def test_later_documents_are_carried_by_what_was_known() -> None:
    found = walk(three(), 2003, 2008)
    number = {name: i for i, name in enumerate(known_by(three(), 2008)[0].labels)}
    loom = found.ids.index(str(technology_with(found, "tidal loom")))
    mentions = [
        (0, "tidal loom"),
        (0, "reed valve"),
        (1, "grain echo"),
        (1, "husk resonance"),
        (1, "silo tone"),
        *((2, name) for name in (*LOOM, *GRANARY)),
    ]
    documents, owners = carry(
        found,
        np.array([d for d, _ in mentions]),
        np.array([number[name] for _, name in mentions]),
    )
    granary = found.ids.index(str(technology_with(found, "grain echo")))
    pairs = set(zip(documents.tolist(), owners.tolist(), strict=True))
    assert pairs == {(0, loom), (1, granary), (2, loom), (2, granary)}


def test_a_new_technology_is_born_in_its_year() -> None:
    found = walk(three().add(range(2008, 2012), ROUTER, seed=4), 2003, 2011)
    name = technology_with(found, "phonon router")
    assert name is not None
    assert name.startswith("2008-")
    (birth,) = told(found, 2008, "birth")
    assert (birth.technology, birth.others, birth.n_before, birth.n_after) == (name, (), None, 12)
    assert [e.year for e in found.events if e.kind == "birth"] == [2008]


def test_a_technology_that_nobody_writes_about_goes_dormant_and_dies() -> None:
    world = three().add(range(2000, 2006), ROUTER, seed=4)
    found = walk(world, 2003, 2011)
    (gone,) = [e for e in found.events if e.kind == "dormant"]
    assert gone.technology.startswith("2003-")
    assert gone.n_before is not None
    assert gone.n_after is None
    (death,) = [e for e in found.events if e.kind == "death"]
    assert (death.technology, death.year) == (gone.technology, gone.year + 3)
    assert gone.technology not in found.ids
    assert not found.resting


def test_a_dormant_technology_comes_back_under_its_name() -> None:
    world = three().add(range(2000, 2005), ROUTER, seed=4).add(range(2008, 2012), ROUTER, n=20, seed=5)
    found = walk(world, 2003, 2011)
    (back,) = [e for e in found.events if e.kind == "revival"]
    assert back.technology == technology_with(found, "phonon router")
    assert back.technology.startswith("2003-")
    assert not [e for e in found.events if e.kind in ("death", "birth")]


def test_a_merger_keeps_the_name_of_the_larger() -> None:
    world = (
        World()
        .add(range(2000, 2006), LOOM, n=30, seed=1)
        .add(range(2000, 2006), PLOUGH, n=12, seed=2)
        .add(range(2006, 2012), LOOM + PLOUGH, n=90, each=6, seed=3)
        .add(range(2000, 2012), GRANARY, n=60, seed=4)
    )
    found = walk(world, 2003, 2011)
    larger = technology_with(walk(world, 2003, 2003), "tidal loom")
    smaller = technology_with(walk(world, 2003, 2003), "soil flux")
    assert technology_with(found, "soil flux") == technology_with(found, "tidal loom") == larger
    (merge,) = [e for e in found.events if e.kind == "merge"]
    (merged,) = [e for e in found.events if e.kind == "merged"]
    assert (merge.technology, merge.others) == (larger, (smaller,))
    assert (merged.technology, merged.others, merged.year) == (smaller, (larger,), merge.year)
    assert 2006 <= merge.year <= 2008
    assert merged.overlap == 1


def test_a_split_keeps_the_name_for_the_larger_part() -> None:
    world = (
        World()
        .add(range(2000, 2006), LOOM + PLOUGH, n=60, each=6, seed=1)
        .add(range(2006, 2012), LOOM, n=60, seed=2)
        .add(range(2006, 2012), PLOUGH, n=15, seed=3)
        .add(range(2000, 2012), GRANARY, n=60, seed=4)
    )
    found = walk(world, 2003, 2011)
    whole = technology_with(walk(world, 2003, 2003), "tidal loom")
    assert technology_with(found, "tidal loom") == whole
    child = technology_with(found, "soil flux")
    assert child is not None
    assert child != whole
    (split,) = [e for e in found.events if e.kind == "split"]
    (birth,) = [e for e in found.events if e.kind == "birth"]
    assert (split.technology, split.others) == (whole, (child,))
    assert (birth.technology, birth.others, birth.year) == (child, (whole,), split.year)
    assert found.came_from[found.ids.index(child)] == (whole,)


def test_growth_and_shrinking_are_told_with_their_numbers() -> None:
    world = three().add(range(2008, 2012), LOOM, n=60, seed=7)
    found = walk(world, 2003, 2011)
    grown = [e for e in found.events if e.kind == "growth"]
    assert {e.technology for e in grown} == {technology_with(found, "tidal loom")}
    first = grown[0]
    assert (first.year, first.n_before, first.n_after) == (2008, 36, 96)
    assert first.share_before == pytest.approx(1 / 3)
    assert first.share_after == pytest.approx(96 / 168)
    assert {e.technology for e in found.events if e.kind == "shrinking"} == {
        technology_with(found, "soil flux"),
        technology_with(found, "silo tone"),
    }


def test_a_concept_with_a_new_identifier_and_an_old_spelling_stays_who_it_is() -> None:
    renamed = {(name, 2006): f"merged-{n}" for n, name in enumerate(LOOM)}
    before, after = walk(three(), 2003, 2008), walk(dataclasses.replace(three(), ids=renamed), 2003, 2008)
    assert after.ids == before.ids
    assert "merged-0" in after.members.ids
    assert np.all(after.persistence == 1)


def test_labels_are_in_both_languages_or_not_there() -> None:
    chinese = {name: f"潮汐{n}号织机" for n, name in enumerate(LOOM)}
    found = walk(dataclasses.replace(three(), chinese=chinese), 2003, 2004)
    loom = found.ids.index(str(technology_with(found, "tidal loom")))
    plough = found.ids.index(str(technology_with(found, "soil flux")))
    assert found.labels_zh[loom] is not None
    assert "、" in str(found.labels_zh[loom])
    assert found.labels_zh[plough] is None
    assert found.labels_en[plough] == found.labels[plough]
    assert len(found.labels[plough].split(" / ")) == 2


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World([(2003, ("tidal loom",))] * 10),
        World([(2003, LOOM)] * 10),
        World([(2003, ())] * 10),
        World().add([2003], LOOM + PLOUGH, n=10),
    ],
    ids=["empty", "one concept", "ten equal documents", "no concepts", "ten documents"],
)
def test_little_input_gives_few_or_no_technologies_and_no_error(world: World) -> None:
    found = walk(world, 2003, 2005)
    assert len(found) <= 2
    assert from_tables(to_tables(found)).ids == found.ids
    later = walk(World([*world.documents, *three().documents]), 2003, 2008)
    assert len(later) >= 3


def test_years_without_documents_are_survived() -> None:
    world = World().add(range(2000, 2005), LOOM, n=30, seed=1).add(range(2009, 2012), LOOM, n=30, seed=2)
    world.add(range(2000, 2005), PLOUGH, n=30, seed=3).add(range(2009, 2012), PLOUGH, n=30, seed=4)
    found = walk(world, 2002, 2011)
    assert len(found) == 2
    assert {e.year for e in found.events if e.kind == "dormant"} <= {2006, 2007}


def test_a_later_document_or_a_later_year_before_is_refused() -> None:
    found = walk(three(), 2003, 2004)
    concepts, years, known = known_by(three(), 2005)
    with pytest.raises(ValueError, match="cannot precede"):
        evolve(found, 2004, *known_by(three(), 2004))
    with pytest.raises(ValueError, match="later than"):
        evolve(None, 2004, concepts, years, known)


names = st.sampled_from((*LOOM, *PLOUGH, *GRANARY))
documents = st.lists(
    st.tuples(st.integers(2000, 2006), st.lists(names, min_size=1, max_size=5, unique=True).map(tuple)),
    max_size=40,
)


@settings(max_examples=12, deadline=None)
@given(documents, documents)
def test_documents_after_a_year_change_nothing_up_to_it(early: list[Document], late: list[Document]) -> None:
    base = [*three().documents, *early]
    world = World([d for d in base if d[0] <= 2004])
    more = World([*world.documents, *((d[0] + 5, d[1]) for d in late)])
    assert as_bytes(walk(world, 2002, 2004)) == as_bytes(walk(more, 2002, 2004))


@settings(max_examples=12, deadline=None)
@given(documents)
def test_what_holds_for_any_world(extra: list[Document]) -> None:
    world = World([d for d in three().documents if d[0] <= 2004] + extra)
    found = walk(world, 2002, 2006)
    _concepts, years, known = known_by(world, 2006)
    assert list(found.ids) == sorted(set(found.ids))
    inside = found.of_concept >= 0
    assert not np.any(inside & ~known)
    sizes = np.bincount(found.of_concept[inside], minlength=len(found))
    assert np.all((sizes >= 3) & (sizes <= 40))
    assert np.all(found.n_recent <= (years > 2003).sum())
    assert np.all(found.n_recent <= found.n_documents)
    assert np.all((found.coherence >= 0) & (found.coherence <= 1))
    ever = {e.technology for e in found.events}
    assert set(found.ids) <= ever
    assert {o for e in found.events for o in e.others} <= ever
    births = [e.technology for e in found.events if e.kind in ("first", "birth")]
    assert len(births) == len(set(births))
    assert to_tables(from_tables(to_tables(found))) == to_tables(found)


def test_a_stored_year_is_continued_as_if_it_had_not_been_stored() -> None:
    world = three().add(range(2006, 2012), ROUTER, seed=4)
    stored = from_tables(to_tables(walk(world, 2003, 2005)))
    for year in range(2006, 2009):
        stored = from_tables(to_tables(evolve(stored, year, *known_by(world, year))))
    assert as_bytes(stored) == as_bytes(walk(world, 2003, 2008))


_PROGRAM = """
import hashlib
from tests.foresight.technologies.worlds import LOOM, PLOUGH, as_bytes, three, walk
world = three().add(range(2003, 2012), LOOM + PLOUGH, n=40, each=4, seed=9)
print(hashlib.blake2b(as_bytes(walk(world, 2003, 2008))).hexdigest())
"""


@pytest.mark.slow
def test_other_processes_and_thread_numbers_give_the_same_bytes() -> None:
    answers = set()
    for seed, threads in (("1", "1"), ("2", "4")):
        environment = os.environ | {
            "PYTHONHASHSEED": seed, "RAYON_NUM_THREADS": threads, "OMP_NUM_THREADS": threads,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }  # fmt: skip
        run = subprocess.run(
            [sys.executable, "-c", _PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        answers.add(run.stdout)
    assert len(answers) == 1


def test_what_hangs_on_one_general_concept_is_no_technology() -> None:
    """Each of many concepts meets only a word that is everywhere: nothing holds them together."""
    world = three()
    satellites = [f"satellite {n}" for n in range(30)]
    for name in satellites:
        for year in range(2004, 2009):
            world.documents += [(year, (name, "general"))] * 3
    found = walk(world, 2006, 2008)
    assert np.all(found.members.membership >= 0.1)
    assert np.all(found.separation > 0)
    assert len({technology_with(found, name) for name in satellites} - {None}) <= 1

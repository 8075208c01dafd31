"""The library of cases: what is in it, in which order, what is like what and why, and how a case is cited."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from tests.scenarios.conftest import CASE, World

from foretrack.domains.scenarios.actions import library
from foretrack.domains.scenarios.actions.library import find_cases, show_case, similar_cases
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.records.citing import Cited, as_bibtex, as_csl, as_json_ld, as_text, file_of
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.actions.records import show
from foretrack.registry.models import Record
from foretrack.search.actions.alike import alike
from foretrack.search.actions.embedding import index_pending
from foretrack.search.actions.records import index_records

QUANTUM = "cn-future-industries-2024/quantum-computing"


def case(world: World, name: str, *, until: str = "recognised", **values: Any) -> str:
    """A case of the hospital that went through the workflow."""
    given = {**CASE, "title": {"en": name}, "organisation": world.hospital, "region": "CN-33", **values}
    key = world.create("owner", "case", given)
    for state, who, move in (
        ("submitted", "owner", "submit"), ("notice", "officer there", "announce"),
        ("recognised", "national officer", "recognise"),
    ):  # fmt: skip
        if move == "recognise":
            Record.objects.filter(key=key).update(notice_until=None)
        world.move(who, key, move)
        if state == until:
            break
    index_records(world.registry, Record.objects.filter(key=key))
    return key


def change(before: float, after: float) -> list[dict[str, Any]]:
    """One measure."""
    return [{"measure": {"en": "Invented measure"}, "before": before, "after": after}]


def test_only_recognised_cases_are_in_the_library_and_everybody_may_read_it(world: World) -> None:
    inside = case(world, "Invented recognised case")
    announced = case(world, "Invented announced case", until="notice")
    case(world, "Invented submitted case", until="submitted")

    found = find_cases(world.registry, VISITOR)

    assert [line.key for line in found.lines] == [inside]
    assert find_cases(world.registry, VISITOR, words="announced").total == 0
    assert show_case(world.registry, VISITOR, announced).status == "notice"
    with pytest.raises(NotThereError, match="no case"):
        show_case(world.registry, VISITOR, world.hospital)


def test_cases_are_sorted_by_what_they_changed_by_maturity_and_by_words(world: World) -> None:
    little = case(world, "Invented little change", measures=change(10, 9), maturity=9)
    great = case(world, "Invented great change", measures=change(10, 1), maturity=3)
    unknown = case(
        world, "Invented unknown change", measures=[{"measure": {"en": "x"}, "after": 1}], maturity=5
    )

    def order(**given: Any) -> list[str]:
        return [line.key for line in find_cases(world.registry, VISITOR, **given).lines]

    assert order(sort="change") == [great, little, unknown]
    assert order(sort="maturity") == [little, unknown, great]
    assert order(sort="newest") == [unknown, great, little]
    assert order(words="little")[0] == little
    assert order(sort="change", offset=1, limit=1) == [little]
    for wrong in ("nonsense", "relevance"):
        with pytest.raises(InputError, match="cannot be sorted"):
            order(sort=wrong)


def test_facets_count_and_filter(world: World) -> None:
    case(world, "Invented one", maturity=5)
    two = case(world, "Invented two", maturity=6, tracks=[QUANTUM])

    found = find_cases(world.registry, VISITOR, facets={"tracks": [QUANTUM]})

    assert [line.key for line in found.lines] == [two]
    counts = {f.name: {c.value: c.n for c in f.counts} for f in found.facets}
    assert counts["maturity"] == {"6": 1}
    assert sum(counts["tracks"].values()) == 2


class Letters:
    """An embedder whose meaning of a text is how often each letter stands in it."""

    name = "letters"
    dimension = 26

    def embed(self, texts: Any) -> Any:
        rows = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def test_the_reasons_of_likeness_are_the_whole_of_the_score(world: World, monkeypatch: Any) -> None:
    tool = world.create("national officer", "technology", {"title": {"en": "Invented tool"}})
    world.move("second officer", tool, "agree")
    here = case(world, "Invented here", technologies=[tool])
    both = case(world, "Invented both", technologies=[tool])
    track = case(world, "Invented track")
    far = case(world, "Invented far", tracks=[QUANTUM])
    near = {both: 0.5, track: -0.2, far: 0.1}
    monkeypatch.setattr(library, "alike", lambda *_, **__: near)

    found = similar_cases(world.registry, VISITOR, show(world.registry, VISITOR, here))

    assert [(one.line.key, round(one.score, 3)) for one in found] == [(both, 0.9), (track, 0.15)]
    assert (found[0].similarity, found[0].technologies, len(found[0].tracks)) == (0.5, (tool,), 1)


def test_likeness_in_meaning_is_told_of_what_the_viewer_sees_alone(world: World) -> None:
    here = case(world, "Invented aaaa bbbb")
    near = case(world, "Invented aaaa bbbc")
    far = case(world, "Invented zzzz qqqq")
    hidden = case(world, "Invented aaaa bbbb hidden", until="submitted")
    embedder: Any = Letters()
    index_pending(embedder=embedder)

    found = alike("record", here, kind="case", embedder=embedder)

    assert set(found) == {near, far}
    assert hidden not in found
    assert found[near] > found[far]
    assert alike("record", here, kind="case", embedder=None) == {}


CITED = Cited(
    "01HZX3V9T8Q2M4N6P8R0S2T4V6", 3, "50 % fewer stops & {more}", ("Invented Works",), "2026-03-02",
    "https://example.org/en/cases/01HZX3V9T8Q2M4N6P8R0S2T4V6/", "en",
)  # fmt: skip


def test_a_citation_names_who_when_what_and_where_in_every_form() -> None:
    for told in (as_text(CITED), as_bibtex(CITED), json.dumps(as_csl(CITED)), json.dumps(as_json_ld(CITED))):
        for wanted in ("Invented Works", "2026", CITED.key, CITED.address):
            assert wanted in told, told
    assert as_csl(CITED)[0]["issued"] == {"date-parts": [[2026, 3, 2]]}
    assert json.loads(file_of(CITED, "jsonld"))["@type"] == "Report"


def test_no_title_breaks_out_of_its_place_in_bibtex() -> None:
    hostile = Cited("01K", 1, "}}, author = {Somebody \\else", (), "2026-01-01", "", "en")

    title = next(line for line in as_bibtex(hostile).splitlines() if "title = " in line)

    assert re.sub(r"\\[{}]", "", title.replace(r"\textbackslash{}", "")).count("{") == 2
    assert as_bibtex(hostile).count("author") == 1 + title.count("author") - 1


def test_a_citation_in_chinese_has_the_marks_of_the_national_standard() -> None:
    from dataclasses import replace

    told = as_text(replace(CITED, title="虚构案例", authors=("虚构医院",), language="zh"))

    assert told.startswith("虚构医院. 虚构案例[R/OL]. Foretrack案例库，2026.")

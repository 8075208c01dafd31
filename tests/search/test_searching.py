"""What is found, in which order and why."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.search.conftest import THINGS, Ask, keys, made

from foretrack.foundation.errors import InputError
from foretrack.language.embedding.choosing import open_embedder
from foretrack.search.actions.embedding import index_pending
from foretrack.search.actions.indexing import Done, index, reindex, remove
from foretrack.search.actions.searching import search
from foretrack.search.actions.stating import state
from foretrack.search.models import Indexed, Text
from foretrack.search.shapes import Answer, Note, Thing


def test_a_part_of_a_chinese_word_is_found(ask: Ask) -> None:
    assert sorted(keys(ask("电池"))) == ["1", "5"]
    assert sorted(keys(ask("池"))) == ["1", "5"]


def test_a_chinese_word_is_not_found_in_its_pieces(ask: Ask) -> None:
    """Record 5 has 固态, 态电 and 电池, each somewhere else."""
    assert keys(ask("固态电池")) == ["1"]


def test_six_g_is_a_word(ask: Ask) -> None:
    assert keys(ask("6G")) == keys(ask("６ｇ")) == ["2"]


def test_traditional_finds_simplified_and_back(ask: Ask) -> None:
    assert "4" in keys(ask("脑机接口"))
    assert "1" in keys(ask("固態電池"))


def test_the_plural_and_the_hyphen_make_no_difference(ask: Ask) -> None:
    assert keys(ask("solid state battery")) == keys(ask("Solid-State Batteries")) == ["2"]
    assert keys(ask("email")) == keys(ask("e-mail")) == ["6"]


def test_a_phrase_is_found_only_side_by_side(ask: Ask) -> None:
    assert keys(ask('"sulfide electrolytes"')) == ["2"]
    assert keys(ask('"electrolytes sulfide"')) == []


def test_what_is_excluded_is_not_found(ask: Ask) -> None:
    assert keys(ask("电池 -硫化物")) == ["5"]
    assert keys(ask('电池 -"硫化物固态"')) == ["5"]


def test_an_identifier_typed_whole_comes_first_and_says_so(ask: Ask) -> None:
    index([made("7", "About GB T 38031 2020 in general")])

    answer = ask("gb/t 38031-2020")

    assert keys(answer) == ["1", "7"]
    assert answer.hits[0].why.way == "identifier"
    assert answer.hits[0].why.matches[0].fields == ("identifier",)


def test_a_name_in_both_languages_is_a_bridge(ask: Ask) -> None:
    english, chinese = ask("brain-computer interface"), ask("脑机接口")

    assert set(keys(english)) == set(keys(chinese)) == {"c1", "3", "4"}
    assert Note("translated", text="脑机接口") in english.notes
    across = next(hit for hit in english.hits if hit.key == "4")
    assert across.why.bridge == "en-zh"
    assert across.why.matches[0].because == "translation"
    assert [across.title[s.start : s.end] for s in across.why.title] == ["腦機接口"]


def test_a_hidden_name_is_no_bridge(ask: Ask) -> None:
    remove("concept", ["c1"])
    index([made("x", "brain-computer interface", "脑机接口", visibility="private")])

    answer = ask("脑机接口")

    assert keys(answer) == ["4"]
    assert Note("translated", text="brain-computer interface") not in answer.notes


def test_a_quotation_is_not_translated(ask: Ask) -> None:
    assert keys(ask('"脑机接口"')) == ["c1", "4"]


def test_a_hit_shows_where_its_words_stand(ask: Ask) -> None:
    (hit,) = ask("6G electrolyte").hits

    assert [hit.title[s.start : s.end] for s in hit.why.title] == ["electrolytes"]
    assert [hit.why.snippet[s.start : s.end] for s in hit.why.marked] == ["6G"]
    assert [(m.said, m.fields, m.times) for m in hit.why.matches] == [
        ("6G", ("body",), 1),
        ("electrolyte", ("title",), 1),
    ]


def test_the_title_weighs_more_than_the_body(ask: Ask) -> None:
    index([made("t", "graphene"), made("b", "materials", body="graphene")])

    assert keys(ask("graphene")) == ["t", "b"]


def test_things_with_some_of_the_words_come_after_and_say_what_is_missing(ask: Ask) -> None:
    answer = ask("sulfide electrolytes battery graphene")

    assert keys(answer) == ["2"]
    assert (answer.n_words, answer.total, answer.hits[0].why.way) == (0, 1, "some words")
    assert [match.said for match in answer.hits[0].why.matches if not match.fields] == ["graphene"]
    index([made("all", "Sulfide electrolytes, a battery and graphene")])
    assert keys(ask("sulfide electrolytes battery graphene")) == ["all", "2"]


def test_an_empty_question_lists_the_newest_first(ask: Ask) -> None:
    answer = ask("", units=["record"])

    assert keys(answer)[:3] == ["2", "1", "3"]
    assert (answer.total, answer.hits[0].why.way) == (6, "listed")


def test_pages_are_parts_of_one_order(ask: Ask) -> None:
    whole = keys(ask("", limit=50))

    assert [key for at in range(0, 8, 3) for key in keys(ask("", limit=3, offset=at))] == whole
    assert ask("", limit=0).total == len(whole)


def test_the_newest_first_also_with_a_question(ask: Ask) -> None:
    assert keys(ask("interface", order="newest", units=["record"])) == ["3"]


def test_a_facet_counts_as_if_it_were_not_filtered_by(db: None) -> None:
    index(
        made(f"{track}{n}", "robot", facets={"track": (track,), "region": (f"r{n % 2}",)})
        for track in ("a", "b")
        for n in range(3)
    )

    answer = search("robot", filters={"track": ["a"], "region": ["r0"]}, embedder=None)

    counts = {facet.name: {v.value: v.n for v in facet.values} for facet in answer.facets}
    assert answer.total == 2
    assert counts["track"] == {"a": 2, "b": 2}
    assert counts["region"] == {"r0": 2, "r1": 1}
    assert counts["unit"] == {"record": 2}


@pytest.mark.parametrize(
    "question",
    [
        'NEAR("a" b, 2)', "title : x", "a* OR b", "^a", "a AND NOT b", '"', '""', "';DROP TABLE search_indexed;--", "(",
        "a:*",
        "电池' OR 1=1", "{{7*7}}", "<script>alert(1)</script>", "\\", "%_%", "a\0b", "b\ud800c", "-- -a b", "a" * 999,
        "6G & | ! <-> 7", "𠮷野家", "\u202eabc", "ﷺ",
    ],
)  # fmt: skip
def test_hostile_questions_are_questions_or_clear_refusals(ask: Ask, question: str) -> None:
    refused = None
    try:
        ask(question)
    except InputError as error:
        refused = error
    assert refused is None or refused.expected
    assert Indexed.objects.count() == len(THINGS)


def test_a_page_out_of_range_is_refused(ask: Ask) -> None:
    for wrong in ({"limit": -1}, {"limit": 10_000}, {"offset": -1}):
        with pytest.raises(InputError):
            ask("a", **wrong)


def test_an_unchanged_thing_is_not_written_again(ask: Ask) -> None:
    assert index(THINGS) == Done(unchanged=len(THINGS))


def test_a_changed_thing_leaves_its_old_words(ask: Ask) -> None:
    index([made("2", "Flow batteries", body="vanadium")])

    assert keys(ask("sulfide")) == []
    assert keys(ask("vanadium")) == ["2"]
    assert Text.objects.count() == len(THINGS)


def test_a_removed_thing_leaves_nothing(ask: Ask) -> None:
    assert remove("record", ["1", "no such"]).removed == 1

    assert keys(ask("电解质")) == ["5"]
    assert keys(ask("GB/T 38031-2020")) == []
    assert ask("", units=["record"]).total == 5


def test_making_the_index_anew_takes_out_what_is_not_given(ask: Ask) -> None:
    done = reindex([THINGS[0], made("new", "New")], units=["record"])

    assert (done.added, done.unchanged, done.removed) == (1, 1, 5)
    assert keys(ask("", units=["record"])) == ["1", "new"]
    assert keys(ask("", units=["concept"])) == ["c1"]


def test_a_thing_of_many_words_is_cut_not_refused(db: None) -> None:
    index([made("long", "Long", body="电" * 30_000 + " 尾声")])

    assert keys(search("电电", embedder=None)) == ["long"]
    assert keys(search("尾声", embedder=None)) == []


def test_text_that_no_database_takes_is_kept_as_far_as_possible(db: None) -> None:
    index([made("odd", "a\0b \ud800 tail", body="\0body")])

    assert keys(search("tail", embedder=None)) == ["odd"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "Bad Unit"}, {"key": ""}, {"key": "a\0"}, {"title_en": " "}, {"visibility": "secret"},
        {"facets": {"kind": ("x",)}},
    ],
)  # fmt: skip
def test_a_thing_that_cannot_be_indexed_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Thing(**{"unit": "record", "key": "k", "title_en": "t", **wrong})


def invented(n: int) -> list[Thing]:
    """Things whose words repeat a lot, in both languages."""
    chance = np.random.default_rng(4)
    english = [
        "solid",
        "state",
        "battery",
        "flow",
        "cell",
        "robot",
        "arm",
        "sensor",
        "light",
        "quantum",
        "chip",
        "gene",
    ]
    chinese = ["固态", "电池", "液流", "机器人", "传感器", "光", "量子", "芯片", "基因", "编辑"]
    things = []
    for number in range(n):
        words = list(chance.choice(english, 12)) if number % 2 else list(chance.choice(chinese, 12))
        glue = " " if number % 2 else ""
        title, body = glue.join(words[:3]), glue.join(words[3:])
        things.append(made(str(number), title if number % 2 else "", "" if number % 2 else title, body=body))
    return things


QUESTIONS = (
    "battery",
    "solid state",
    "量子芯片",
    "电池",
    "机器人 robot",
    '"flow cell"',
    "光 -基因",
    "gene quantum chip arm",
)


def test_ids_and_order_are_the_same_on_every_database(db: None) -> None:
    """The literal below was made on SQLite; the same test runs on PostgreSQL."""
    index(invented(300))
    found = [(q, search(q, embedder=None, limit=100)) for q in QUESTIONS]

    orders = "\n".join(f"{q}: {answer.total} {' '.join(keys(answer))}" for q, answer in found)
    assert hashlib.sha256(orders.encode()).hexdigest()[:16] == "bb33525b93873a02"


@pytest.fixture(scope="module")
def meanings() -> Any:
    return open_embedder("use3")


def test_meaning_finds_what_no_word_finds(ask: Ask, meanings: Any) -> None:
    filler = [
        made(f"f{n}", t)
        for n, t in enumerate(("Tax law", "A cookbook", "Rivers of Europe", "School timetable", "Poems"))
    ]
    index([*filler, made("q", zh="量子计算机的纠错")])
    assert keys(ask("quantum computing")) == []
    assert ask("quantum computing").notes[0].code == "no_vectors"

    index_pending(embedder=meanings)
    answer = ask("quantum computing", embedder=meanings)

    assert answer.hits[0].key == "q"
    why = answer.hits[0].why
    assert (why.way, why.bridge, answer.n_words) == ("meaning", "en-zh", 0)
    assert why.similarity is not None
    assert why.similarity > 0.2
    assert Note("no_full_match") in answer.notes


def test_vectors_follow_the_wording_and_nothing_else(ask: Ask, meanings: Any) -> None:
    assert index_pending(embedder=meanings) == len(THINGS)
    index([replace(THINGS[0], facets={"track": ("a",)}), replace(THINGS[1], body="Another body.")])

    assert state(embedder=meanings).n_pending == 1
    assert any(note == Note("vectors_behind", 1) for note in ask("电池", embedder=meanings).notes) is False
    assert index_pending(1, embedder=meanings) == 1
    assert state(embedder=meanings).n_pending == 0


def test_the_index_says_what_is_in_it(ask: Ask, meanings: Any) -> None:
    now = state(embedder=meanings)

    assert (now.n_things, now.n_vectors, now.n_pending) == (len(THINGS), 0, len(THINGS))
    assert {unit.value: unit.n for unit in now.units} == {"record": 6, "concept": 1}
    assert isinstance(ask("电池"), Answer)

"""A hidden thing is not found, not counted, and changes no order and no number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.search.conftest import keys, made

from foretrack.search.actions.indexing import index, remove
from foretrack.search.actions.searching import search
from foretrack.search.shapes import VISITOR, Answer, Seen, Thing, Viewer

SECRET = [
    made("open", "A public robot", body="walks"),
    made("open", "A public robot", body="walks on a hidden leg", visibility="partner"),
    made(
        "open", "A public robot", body="walks on a hidden leg of titanium", visibility="private",
        readers=("organisation:A", "region:CN-3301"),
    ),
    made("closed", "A secret robot", visibility="private", readers=("organisation:B",), facets={"track": ("t",)}),
]  # fmt: skip


def ask(query: str, viewer: Viewer, **more: Any) -> Answer:
    return search(query, viewer=viewer, embedder=None, **more)


def test_each_viewer_meets_the_widest_part_that_they_may_see(db: None) -> None:
    index(SECRET)
    partner = Seen(sees_partner=True)
    insider = Seen(readers=frozenset({"organisation:A"}))
    officer = Seen(readers=frozenset({"region:CN-33*"}))

    assert [h.visibility for h in ask("robot", VISITOR).hits] == ["public"]
    assert [h.visibility for h in ask("robot", partner).hits] == ["partner"]
    assert [h.visibility for h in ask("robot", insider).hits] == ["private"]
    assert keys(ask("titanium", officer)) == ["open"]
    assert sorted(keys(ask("robot", Seen(sees_everything=True)))) == ["closed", "open"]


@pytest.mark.parametrize("query", ["hidden", "titanium", "secret", '"hidden leg"', "closed"])
def test_hidden_words_find_nothing(db: None, query: str) -> None:
    index(SECRET)

    answer = ask(query, VISITOR)

    assert (answer.total, answer.facets) == (0, ())


def test_a_reader_name_is_compared_whole(db: None) -> None:
    index(SECRET)

    for name in ("organisation:", "organisation:BB", "organisation:b", "*", "", "region:CN-3", "o*x"):
        assert keys(ask("secret", Seen(readers=frozenset({name})))) == []


def test_facets_do_not_count_hidden_things(db: None) -> None:
    index(SECRET)

    answer = ask("", VISITOR)

    assert {f.name: [(v.value, v.n) for v in f.values] for f in answer.facets}.get("track") is None
    assert answer.total == 1


def test_hidden_things_change_neither_order_nor_scores(db: None) -> None:
    chance = np.random.default_rng(1)
    words = ["battery", "cell", "robot", "gene", "light", "solid", "state"]

    def some(prefix: str, n: int, **more: Any) -> list[Thing]:
        return [
            made(
                f"{prefix}{i}",
                " ".join(chance.choice(words, 3)),
                body=" ".join(chance.choice(words, 15)),
                **more,
            )
            for i in range(n)
        ]

    index(some("p", 40))
    before = [ask(q, VISITOR, limit=100) for q in ("battery", "solid state", "gene light robot", "")]
    hidden = some("h", 60, visibility="private", readers=("organisation:A",))
    index(hidden)
    after = [ask(q, VISITOR, limit=100) for q in ("battery", "solid state", "gene light robot", "")]

    assert before == after
    assert ask("battery", Seen(sees_everything=True)).total > after[0].total


def test_a_part_that_is_not_given_any_more_is_gone(db: None) -> None:
    index(SECRET)
    index(SECRET[:1])

    assert keys(ask("titanium", Seen(sees_everything=True))) == []
    assert sorted(keys(ask("robot", Seen(sees_everything=True)))) == ["closed", "open"]


def test_what_becomes_private_is_hidden_at_once(db: None) -> None:
    index([made("x", "graphene")])
    assert keys(ask("graphene", VISITOR)) == ["x"]

    index([made("x", "graphene", visibility="private")])
    assert keys(ask("graphene", VISITOR)) == []
    remove("record", ["x"])
    assert keys(ask("graphene", Seen(sees_everything=True))) == []

"""Spellings, acronyms and languages of one technology become one concept, and different things stay apart."""

from __future__ import annotations

import numpy as np
import pytest
from tests.foresight.corpora import bilingual, fill

from foretrack.domains.foresight.concepts.merging import acronym_unions, groups_of, translation_unions
from foretrack.domains.foresight.concepts.mining import Concepts, Hints, mine, mine_tokens
from foretrack.language.tokens import Tokens, tokenise


def mined(groups: dict[str, int], hints: Hints | None = None, n_fillers: int = 150) -> Concepts:
    """Concepts of invented texts: each phrase in so many of them."""
    rng = np.random.default_rng(11)
    texts = [fill(rng, phrase) for phrase, n in groups.items() for _ in range(n)]
    return mine([texts + [fill(rng) for _ in range(n_fillers)]], hints)


def concept(concepts: Concepts, form: str) -> int | None:
    return next((i for i, forms in enumerate(concepts.forms) if form in forms), None)


def carriers(concepts: Concepts, form: str) -> int:
    return int((concepts.concepts == concept(concepts, form)).sum())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("photonic crossbar", "photonic crossbars"),
        ("ion-trap battery", "ion trap battery"),
        ("vapour organiser fibre", "vapor organizer fiber"),
        ("黏土機器人網絡", "黏土机器人网络"),
    ],
)
def test_spellings_of_one_technology_are_one_concept(one: str, other: str) -> None:
    found = mined({one: 12, other: 12})
    assert concept(found, one) is not None
    assert concept(found, one) == concept(found, other)
    assert carriers(found, one) == 24


def test_spellings_with_and_without_a_space_are_one_concept() -> None:
    found = mined({"photonic meshware": 12, "photonic mesh ware": 12})
    number = concept(found, "photonic meshware")
    assert number is not None
    assert number == concept(found, "photonic mesh ware")
    assert "solid spelling" in found.reasons[number]


def test_an_introduced_acronym_joins_its_expansion() -> None:
    found = mined({"quiet lattice engine (QLE)": 10, "QLE": 20})
    number = concept(found, "qle")
    assert number is not None
    assert found.labels[number] == "quiet lattice engine"
    assert found.reasons[number] == ("acronym",)
    assert carriers(found, "qle") == 30


def test_an_acronym_of_two_things_joins_neither() -> None:
    found = mined({"quiet lattice engine (QLE)": 12, "quantum loom echo (QLE)": 12, "QLE": 8})
    assert concept(found, "quiet lattice engine") != concept(found, "quantum loom echo")
    assert concept(found, "qle") not in {
        concept(found, "quiet lattice engine"),
        concept(found, "quantum loom echo"),
    }


def test_an_acronym_that_is_mostly_an_ordinary_word_joins_nothing() -> None:
    introductions: dict[tuple[int, tuple[int, ...]], int] = {(1, (2, 3)): 4}
    terms: dict[tuple[int, ...], int] = {(1,): 0, (2, 3): 1}
    assert acronym_unions(introductions, terms.get, lambda term: 30)
    assert acronym_unions(introductions, terms.get, lambda term: 60) == []


def test_one_introduction_is_not_enough() -> None:
    terms: dict[tuple[int, ...], int] = {(1,): 0, (2, 3): 1}
    assert acronym_unions({(1, (2, 3)): 1}, terms.get, lambda term: 5) == []


def test_bilingual_keywords_join_the_two_names() -> None:
    documents = bilingual()
    pairs = {("脑机接口", "brain-computer interface"): 30, ("虚构", "fiction"): 60}
    keywords = {"脑机接口": 30, "brain-computer interface": 30}
    texts = [
        "\n".join((d.title, d.abstract or "", d.alt_title or "", d.alt_abstract or "")) for d in documents
    ]
    found = mine([texts], Hints(keywords=keywords, pairs=pairs))
    number = concept(found, "脑机接口")
    assert number is not None
    assert number == concept(found, "brain-computer interface")
    assert "translation" in found.reasons[number]
    assert (found.labels_zh[number], found.labels_en[number]) == ("脑机接口", "brain computer interface") or (
        found.labels_zh[number],
        found.labels_en[number],
    ) == ("脑机接口", "brain-computer interface")


def test_a_keyword_paired_with_many_others_is_no_translation() -> None:
    pairs: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {((1,), (10 + k,)): 3 for k in range(4)}
    assert translation_unions(pairs, lambda words: words[0], min_pairings=2) == []
    assert len(translation_unions({((1,), (10,)): 3}, lambda words: words[0], min_pairings=2)) == 1
    assert translation_unions({((1,), (10,)): 1}, lambda words: words[0], min_pairings=2) == []


def test_the_users_synonyms_are_one_concept() -> None:
    groups = {"photonic crossbar": 12, "luminous grid iron": 12}
    apart = mined(groups)
    assert concept(apart, "photonic crossbar") != concept(apart, "luminous grid iron")
    joined = mined(groups, Hints(synonyms=[["photonic crossbar", "luminous grid iron"]]))
    assert concept(joined, "photonic crossbar") == concept(joined, "luminous grid iron")


def test_what_the_user_does_not_want_is_no_concept() -> None:
    groups = {"photonic crossbar": 12, "luminous grid iron": 12}
    found = mined(groups, Hints(unwanted=frozenset({"photonic crossbar"})))
    assert concept(found, "photonic crossbar") is None
    assert concept(found, "luminous grid iron") is not None


def test_identifiers_are_unique_and_mentions_ordered() -> None:
    found = mined({"photonic crossbar": 12, "luminous grid iron": 12, "quiet lattice engine (QLE)": 10})
    assert len(set(found.ids)) == len(found.ids)
    order = np.lexsort((found.documents, found.concepts))
    assert order.tolist() == list(range(len(order)))
    pairs = set(zip(found.documents.tolist(), found.concepts.tolist(), strict=True))
    assert len(pairs) == len(found.documents)


def test_groups_follow_chains_of_unions() -> None:
    from foretrack.domains.foresight.concepts.merging import Union

    chain = [Union(4, 3, "x"), Union(3, 2, "x"), Union(0, 1, "x")]
    assert groups_of(6, chain) == [0, 0, 2, 2, 2, 5]


def split(tokens: Tokens, at: int) -> tuple[Tokens, Tokens]:
    cut = tokens.offsets[at]
    return (
        Tokens(tokens.numbers[:cut], tokens.offsets[: at + 1], tokens.words),
        Tokens(tokens.numbers[cut:], tokens.offsets[at:] - cut, tokens.words),
    )


def test_later_documents_are_read_with_the_spellings_of_the_origin() -> None:
    rng = np.random.default_rng(2)
    early = [fill(rng, "photonic crossbar") for _ in range(15)] + [fill(rng) for _ in range(150)]
    # Later a new plural, a new acronym and a new technology appear; none was known at the origin.
    later = [
        fill(rng, p) for p in ("photonic crossbar", "photonic crossbarsome", "luminous grid iron (LGI)")
    ] * 5
    before, after = split(tokenise([early + later]), len(early))
    origin = mine_tokens(before, Hints())
    alone = mine([early])
    assert origin.concepts.ids == alone.ids
    assert origin.concepts.documents.tobytes() == alone.documents.tobytes()
    documents, concepts = origin.mentions(after)
    assert concept(origin.concepts, "luminous grid iron") is None
    number = concept(origin.concepts, "photonic crossbar")
    assert sorted(documents[concepts == number].tolist()) == [0, 3, 6, 9, 12]


def test_the_documents_mined_are_recognised_again() -> None:
    rng = np.random.default_rng(4)
    tokens = tokenise(
        [[fill(rng, "photonic crossbar", "QLE") for _ in range(20)] + [fill(rng) for _ in range(99)]]
    )
    origin = mine_tokens(tokens, Hints())
    documents, concepts = origin.mentions(tokens, threads=2)
    assert documents.tobytes() == origin.concepts.documents.tobytes()
    assert concepts.tobytes() == origin.concepts.concepts.tobytes()

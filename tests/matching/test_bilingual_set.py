"""The set of needs and offers in two languages is whole, and no text gives its partner away."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SET = ROOT / "benchmarks" / "matching" / "bilingual"
PACK = ROOT / "src" / "foretrack" / "packs" / "data" / "cn-future-industries-2024"
OUTSIDE = {"agriculture", "textiles", "water", "mining", "finance"}
WORDS, CHARACTERS = 8, 12  # as many in a row are shared by no two texts of a topic
COLUMNS = {
    "needs": ["need_id", "language", "track", "part", "title", "text"],
    "offers": ["offer_id", "language", "track", "title", "text"],
    "answers": ["need_id", "offer_id", "grade"],
    "topics": ["topic", "track", "part", "name_en", "name_zh", "needs", "offers"],
}


def rows(name: str) -> list[dict[str, str]]:
    with (SET / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        assert reader.fieldnames == COLUMNS[name]
        return list(reader)


NEEDS = {row["need_id"]: row for row in rows("needs")}
OFFERS = {row["offer_id"]: row for row in rows("offers")}
TEXTS = NEEDS | OFFERS
ANSWERS = rows("answers")
TOPICS = rows("topics")
GRADES = {(row["need_id"], row["offer_id"]): int(row["grade"]) for row in ANSWERS}


def grams(row: dict[str, str]) -> set[str]:
    """Runs of words (English) or of characters (Chinese) of title and text.

    >>> sorted(grams({"language": "en", "title": "A b", "text": "c d e f g h i"}))
    ['a b c d e f g h', 'b c d e f g h i']
    """
    whole = f"{row['title']} {row['text']}".lower()
    if row["language"] == "zh":
        joined = re.sub(r"\s+", "", whole)
        return {joined[at : at + CHARACTERS] for at in range(len(joined) - CHARACTERS + 1)}
    words = re.findall(r"[a-z0-9]+", whole)
    return {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}


def members(topic: dict[str, str]) -> list[str]:
    return topic["needs"].split() + topic["offers"].split()


def test_every_identifier_is_unique_and_resolves() -> None:
    assert (len(NEEDS), len(OFFERS)) == (len(rows("needs")), len(rows("offers")))
    assert len(GRADES) == len(ANSWERS)
    assert {need for need, _ in GRADES} == set(NEEDS)
    assert {offer for _, offer in GRADES} <= set(OFFERS)
    assert set(GRADES.values()) == {0, 1, 2, 3}
    for name, row_ids in (("needs", list(NEEDS)), ("offers", list(OFFERS))):
        assert row_ids == sorted(row_ids), name


def test_the_set_is_as_large_as_asked() -> None:
    assert len(TOPICS) == 120
    for texts in (NEEDS, OFFERS):
        languages = Counter(row["language"] for row in texts.values())
        assert set(languages) == {"en", "zh"}
        assert min(languages.values()) >= 120


def test_a_text_belongs_to_one_topic_and_to_its_part() -> None:
    owners = Counter(key for topic in TOPICS for key in members(topic))
    assert owners.keys() == TEXTS.keys()
    assert set(owners.values()) == {1}
    for number, topic in enumerate(TOPICS, 1):
        assert topic["topic"] == f"t{number:03d}"
        assert topic["part"] == ("tune" if number % 3 == 0 else "test")
        needs = [NEEDS[key] for key in topic["needs"].split()]
        assert {(need["part"], need["track"]) for need in needs} == {(topic["part"], topic["track"])}


def test_every_topic_has_both_languages_on_both_sides() -> None:
    for topic in TOPICS:
        for key, texts in (("needs", NEEDS), ("offers", OFFERS)):
            assert {texts[one]["language"] for one in topic[key].split()} == {"en", "zh"}, topic["topic"]


def test_tracks_are_those_of_the_pack_or_named_outside() -> None:
    files = [*sorted((PACK / "tracks").glob("*.yml")), PACK / "products.yml"]
    found = [re.findall(r"^  - id: (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE) for path in files]
    tracks = {track for track_ids in found[:-1] for track in track_ids}
    used = {topic["track"] for topic in TOPICS}
    assert tracks <= used, "a track of the pack without a topic"
    assert used - tracks - set(found[-1]) == OUTSIDE
    assert {row["track"] for row in OFFERS.values()} == used | {"other"}


def test_every_need_has_an_answer_in_each_language() -> None:
    answered: defaultdict[str, set[str]] = defaultdict(set)
    for (need, offer), grade in GRADES.items():
        if grade >= 2:
            answered[need].add(OFFERS[offer]["language"])
    assert [need for need in NEEDS if answered[need] != {"en", "zh"}] == []


def test_most_topics_have_a_near_miss_and_all_pairs_of_a_topic_are_graded() -> None:
    missed = 0
    for topic in TOPICS:
        pairs = [(need, offer) for need in topic["needs"].split() for offer in topic["offers"].split()]
        assert [pair for pair in pairs if pair not in GRADES] == []
        worst = {offer: max(GRADES[need, offer] for need in topic["needs"].split()) for _, offer in pairs}
        missed += min(worst.values()) <= 1
    assert missed >= len(TOPICS) / 2


def test_texts_are_in_the_language_they_name() -> None:
    for key, row in TEXTS.items():
        chinese = len(re.findall(r"[\u4e00-\u9fff]", row["text"]))
        if row["language"] == "zh":
            assert 15 <= chinese <= 300, key
            assert not re.search(r"[\u4e00-\u9fff][,;:?!]", row["text"]), key
        else:
            assert chinese == 0, key
            assert 5 <= len(row["text"].split()) <= 160, key
        # a spreadsheet must not take a cell for a formula
        assert not row["title"].startswith(("=", "+", "-", "@")), key
        assert all(value and value == value.strip() for value in row.values()), key


@pytest.mark.parametrize("column", ["title", "text"])
def test_no_text_equals_another(column: str) -> None:
    repeated = [value for value, times in Counter(row[column] for row in TEXTS.values()).items() if times > 1]
    assert repeated == []


def test_no_two_texts_of_a_topic_share_a_run() -> None:
    for topic in TOPICS:
        seen: dict[str, str] = {}
        for key in members(topic):
            for gram in grams(TEXTS[key]):
                assert seen.setdefault(gram, key) == key, (topic["topic"], seen[gram], key, gram)


def test_what_the_readme_counts_is_what_stands_in_the_files() -> None:
    readme = (SET / "README.md").read_text(encoding="utf-8")
    flat = " ".join(readme.split())
    assert f"{len(NEEDS)} needs and {len(OFFERS)} offers on {len(TOPICS)} topics" in flat
    for grade, pairs in Counter(GRADES.values()).items():
        assert re.search(rf"^\| {grade} \|.*\| {pairs} \|$", readme, re.MULTILINE), grade
    topic_of = {key: topic["topic"] for topic in TOPICS for key in members(topic)}
    inside = sum(topic_of[need] == topic_of[offer] for need, offer in GRADES)
    assert f"{inside} pairs inside topics, {len(GRADES) - inside} across topics" in flat
    assert f"{len(NEEDS) * len(OFFERS):,}" in flat
    tune = sum(row["part"] == "tune" for row in NEEDS.values())
    assert f"40 topics with {tune} needs" in flat
    assert f"80 topics with {len(NEEDS) - tune} needs" in flat

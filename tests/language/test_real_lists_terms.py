"""Patterns that real lists of terms showed, in invented sentences."""

from __future__ import annotations

from foretrack.domains.foresight.concepts.mining import Hints, mine


def labels(texts: list[str], hints: Hints | None = None) -> set[str]:
    return set(mine([texts], hints).labels)


def numbered(pattern: str, count: int = 8) -> list[str]:
    """Invented texts that share a phrase and little else; `#` is a word of its own each."""
    return [pattern.replace("#", f"zorb{'abcdefghij'[number]}") for number in range(count)]


def filler(count: int = 40) -> list[str]:
    return [f"Mubbling of glorps near plonk{'abcdefghij'[i % 10]}." for i in range(count)]


def test_general_words_stand_alone_only_where_repeated() -> None:
    texts = [*numbered("The column held # and another column held the rest."), *filler()]
    texts += numbered("Quargene of #: quargene is what quargene does.")
    found = labels(texts)
    assert "quargene" in found
    assert "column" not in found


def test_a_general_word_that_texts_repeat_is_kept() -> None:
    assert "wavelet" in labels([*numbered("A wavelet # wavelet (wavelet) wavelet."), *filler()])


def test_fragments_of_hyphenated_compounds_go() -> None:
    modifiers = ("mirth", "sleep", "noise", "frost", "spark")
    texts = [f"In the {word}-free dwellance of {i}." for i in range(8) for word in modifiers]
    found = labels([*texts, *filler()])
    assert "free dwellance" not in found
    assert "mirth-free dwellance" in found


def test_language_of_claims_and_of_standards_goes() -> None:
    texts = numbered("Non-transitory computer readable medium for # glider swarm and manufacture thereof")
    texts += numbered("Amphibious lorry part 3: particular requirements for # glider swarm")
    found = labels([*texts, *filler()])
    assert "glider swarm" in found
    assert "amphibious lorry" in found
    assert not [
        label for label in found if "thereof" in label or "readable" in label or "requirement" in label
    ]


def test_language_of_reviews_goes_with_its_acronyms_and_fragments() -> None:
    texts = numbered(
        "Pooled hazard ratio (HR) in a systematic review: HR of # brain glider was low. HR, again HR."
    )
    found = labels([*texts, *filler()])
    assert "brain glider" in found
    assert not {"hazard ratio", "pooled hazard ratio", "pooled hazard", "hr", "systematic review"} & found


def test_pointers_years_and_measures_are_no_names() -> None:
    texts = numbered("Release r004 of wg2 in December 2019 for # at 450 GHz, a 6G glider, 6G always.")
    found = labels([*texts, *filler()])
    assert "6g glider" in found
    assert not {"r004", "wg2", "december 2019", "450 ghz"} & found


def test_entities_that_an_exporter_spelt_out_break_phrases() -> None:
    texts = numbered("Todayandapos;s amber glider andquot;rocks onandquot; near #.")
    found = labels([*texts, *filler()])
    assert "amber glider" in found
    assert not [label for label in found if "andapos" in label or "andquot" in label]


def test_phrases_do_not_end_in_participles_or_begin_in_suffixes() -> None:
    texts = numbered("An umber tethered glider of # beside prone umber gliders.")
    found = labels([*texts, *filler()])
    assert "umber tethered" not in found
    assert "umber tethered glider" in found


def test_short_chinese_words_need_authors_or_a_translation() -> None:
    texts = [f"情绪与区块链：情绪在区块链中，情绪{'甲乙丙丁戊己庚辛'[i]}区块链。" for i in range(8)]
    assert "情绪" not in labels(texts)
    assert "区块链" in labels(texts)
    assert "情绪" in labels(texts, Hints(keywords={"情绪": 8}))
    english = [f"Moodiness of {text} Moodiness and moodiness." for text in texts]
    merged = mine([english], Hints(pairs={("情绪", "moodiness"): 8}))
    both = [(en, zh) for en, zh in zip(merged.labels_en, merged.labels_zh, strict=True) if en and zh]
    assert ("moodiness", "情绪") in both


def test_commands_of_tex_break_phrases() -> None:
    texts = numbered("The mathcalo gliders and tildeo gliders, mathcalo and tildeo again, of #.")
    assert not [label for label in labels(texts) if "mathcal" in label or "tilde" in label]


def test_plurals_in_ses() -> None:
    texts = numbered(
        "Brindle biases, a brindle bias; umber analyses, an umber analysis; umber cases, an umber case #."
    )
    forms = [set(one) for one in mine([texts]).forms]
    assert {"brindle bias", "brindle biases"} in forms
    assert not [one for one in forms if "brindle biase" in one]

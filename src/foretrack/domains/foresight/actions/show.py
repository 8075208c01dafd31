"""`show` and `explain`: everything known of one concept, and how its numbers came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from foretrack.corpus.columns import StoredDocument
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.answers import (
    ConceptItem,
    ConceptPage,
    Contribution,
    EvidenceDocument,
    Explanation,
    Measures,
    SeriesPoint,
)
from foretrack.domains.foresight.measures.growth import WINDOW_YEARS
from foretrack.domains.foresight.ranking.outlook import HORIZON, REQUIRED_GROWTH
from foretrack.domains.foresight.ranking.states import (
    FALSE_DISCOVERIES,
    MIN_NOVELTY,
    MIN_RECENT,
    MIN_YEARS_WITH_DOCUMENTS,
)
from foretrack.language.tokens import FIRST_WORD, HYPHEN, tokenise

MAX_COUNTED = 5_000
"""Documents whose texts are read to count spellings, newest first; the page says so when there are more."""
KEPT_PAGES = 256
"""Pages of documents that a process keeps; one is a hundred kilobytes at most."""


def show(
    workspace: Workspace, scan: Scan, concept: str, *, evidence: int = 20, count_spellings: bool = True
) -> ConceptPage:
    """Series, spellings, neighbours and evidence of a concept.

    Args:
        concept: its identifier or any of its spellings.
        evidence: how many documents are listed, newest first.
        count_spellings: read the documents that carry it to count its spellings, which takes a second for a large one;
            without, `form_counts` is empty.
    """
    return _shown(workspace, _Known.of(scan, concept), evidence, count_spellings)


def show_and_explain(
    workspace: Workspace, scan: Scan, concept: str, *, evidence: int = 20
) -> tuple[ConceptPage, Explanation]:
    """Both answers about a concept from one reading of the scan; spellings are not counted."""
    known = _Known.of(scan, concept)
    return _shown(workspace, known, evidence, count_spellings=False), _explained(known)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a scan holds of one concept."""

    scan: Scan
    row: int
    item: ConceptItem
    series: tuple[SeriesPoint, ...]
    carriers: list[tuple[str, int]]

    @staticmethod
    def of(scan: Scan, concept: str) -> _Known:
        row = scan.row_of(concept)
        return _Known(scan, row, scan.items([row])[0], scan.series(row), scan.documents_of(row))


def _shown(workspace: Workspace, known: _Known, evidence: int, count_spellings: bool) -> ConceptPage:
    scan, row = known.scan, known.row
    return ConceptPage(
        scan=scan.name, as_of=scan.as_of, item=known.item,
        form_counts=spellings(workspace, scan, row)[0] if count_spellings else (),
        series=known.series, neighbours=scan.neighbours(row),
        evidence=documents_page(workspace, known.carriers[:evidence]),
    )  # fmt: skip


def spellings(workspace: Workspace, scan: Scan, row: int) -> tuple[tuple[tuple[str, int], ...], int]:
    """(spelling, documents that have it) of a concept, the commonest first, and how many documents were read for it."""
    item = scan.items([row])[0]
    carriers = scan.documents_of(row)[:MAX_COUNTED]
    documents = Corpus(workspace.corpus_dir).documents([document for document, _ in carriers])
    return count_forms(item.forms, [_text(document) for document in documents]), len(documents)


def documents_page(workspace: Workspace, carriers: Sequence[tuple[str, int]]) -> tuple[EvidenceDocument, ...]:
    """Documents of a scan by (identifier, year), with what the corpus says of them."""
    corpus = Corpus(workspace.corpus_dir)
    wanted = tuple(document for document, _ in carriers)
    found = _documents(workspace.corpus_dir, corpus.manifest().snapshot, wanted)
    return tuple(_evidence(document, year, found.get(document)) for document, year in carriers)


@lru_cache(maxsize=KEPT_PAGES)
def _documents(folder: Path, snapshot: str, wanted: tuple[str, ...]) -> Mapping[str, StoredDocument]:
    """Documents by their ids, kept as long as the corpus is the same: finding a few in a large one takes 50 ms."""
    return {stored.document_id: stored for stored in Corpus(folder).documents(wanted)}


def count_forms(forms: tuple[str, ...], texts: list[str]) -> tuple[tuple[str, int], ...]:
    """(spelling, texts that have it), the commonest first; hyphens and letter case as tokens see them.

    >>> count_forms(("neural network", "neural networks"), ["Neural networks.", "A neural-network; neural networks"])
    (('neural networks', 2), ('neural network', 0))
    """
    wanted = {_key(form): form for form in forms}
    longest = max((len(key) for key in wanted), default=0)
    found: Counter[str] = Counter()
    for text in texts:
        tokens = tokenise([[text]])
        words = [tokens.words[n - FIRST_WORD] if n >= FIRST_WORD else "" for n in tokens.numbers.tolist()]
        here = {
            wanted[key]
            for start in range(len(words))
            for length in range(1, longest + 1)
            if (key := _strip_first(words[start : start + length])) in wanted
        }
        found.update(here)
    return tuple(sorted(((form, found[form]) for form in forms), key=lambda pair: (-pair[1], pair[0])))


def _key(form: str) -> tuple[str, ...]:
    tokens = tokenise([[form]])
    return _strip_first([tokens.words[n - FIRST_WORD] for n in tokens.numbers.tolist() if n >= FIRST_WORD])


def _strip_first(words: list[str]) -> tuple[str, ...]:
    return (words[0].removeprefix(HYPHEN), *words[1:]) if words else ()


def _text(stored: StoredDocument) -> str:
    document = stored.document
    parts = (document.title, document.abstract, document.alt_title, document.alt_abstract)
    return ".\n".join(part for part in parts if part)


def _evidence(document_id: str, year: int, stored: StoredDocument | None) -> EvidenceDocument:
    if stored is None:
        return EvidenceDocument(document_id, "", year, "", "", None, None)
    document = stored.document
    return EvidenceDocument(
        document_id, document.title, year, document.source, document.kind, document.doi, document.url
    )


def explain(scan: Scan, concept: str) -> Explanation:
    """From the score of a concept down to the identifiers of the documents that were counted."""
    return _explained(_Known.of(scan, concept))


def _explained(known: _Known) -> Explanation:
    scan, row, item = known.scan, known.row, known.item
    by_year: dict[int, list[str]] = {}
    for document, year in known.carriers:
        by_year.setdefault(year, []).append(document)
    return Explanation(
        scan=scan.name, as_of=scan.as_of, snapshot=scan.snapshot, method=scan.method, item=item,
        contributions=_contributions(scan, row, item.measures) if item.rank is not None else (),
        state_because=_state_because(item.state, item.measures, scan),
        series=known.series,
        documents_by_year=tuple((year, tuple(ids)) for year, ids in sorted(by_year.items(), reverse=True)),
    )  # fmt: skip


def _contributions(scan: Scan, row: int, measures: Measures) -> tuple[Contribution, ...]:
    """Parts of the forecast where there is one, else of the outlook."""
    told = scan.concepts["told"][row].as_py() if "told" in scan.concepts.column_names else None
    if told is not None:
        return _told(scan, row, {str(entry["part"]): float(entry["adds"]) for entry in told}, measures)
    values = {
        name: float(scan.concepts[name][row].as_py())
        for name in ("standing", "momentum", "hurdle", "spread", "rate", "rate_sd")
    }
    spread = values["spread"]
    level = float(np.expm1(values["standing"] * spread))
    asked = values["hurdle"] * spread / np.log(REQUIRED_GROWTH)
    since_peak = round(asked) - HORIZON
    return (
        Contribution(
            "standing", level, "share now over past peak, minus 1", 1.0, values["standing"],
            f"its share now is {level:+.0%} against its best year of the last fifteen",
        ),
        Contribution(
            "momentum", measures.growth, "growth a year", 1.0, values["momentum"],
            f"{measures.n_recent} documents in three years; growth {measures.growth:+.0%} a year "
            f"(80 % interval {measures.growth_low:+.0%} to {measures.growth_high:+.0%}), carried on for {HORIZON} years",
        ),
        Contribution(
            "hurdle", float(asked), "years of 8 % growth", -1.0, -values["hurdle"],
            f"extreme growth asks for {REQUIRED_GROWTH - 1:.0%} a year over the peak, which was {since_peak} years ago",
        ),
    )  # fmt: skip


def _told(scan: Scan, row: int, adds: dict[str, float], m: Measures) -> tuple[Contribution, ...]:
    """Parts of the log odds of extreme growth, each with the measure that says most of it."""
    standing, spread = (float(scan.concepts[name][row].as_py()) for name in ("standing", "spread"))
    level = float(np.expm1(standing * spread))
    said: dict[str, tuple[float | None, str, str]] = {
        "size": (
            m.n_recent, "documents in three years", f"{m.n_recent} documents in three years, {m.n_documents} in all",
        ),
        "trend": (
            m.growth, "growth a year",
            f"growth {m.growth:+.0%} a year (80 % interval {m.growth_low:+.0%} to {m.growth_high:+.0%}), its steps and "
            "surprises",
        ),
        "peak": (
            level, "share now over past peak, minus 1",
            f"its share now is {level:+.0%} against its best year of the last fifteen; extreme growth asks for "
            f"{REQUIRED_GROWTH - 1:.0%} a year over that peak",
        ),
        "age": (m.novelty, "novelty, 0 to 1", f"first document in {m.first_year}, novelty {m.novelty:.2f}"),
        "burst": (
            m.burst_weight, "weight of the open burst", f"Kleinberg burst of weight {m.burst_weight:.1f}, and E-score",
        ),
        "surroundings": (
            m.coherence, "coherence, 0 to 1", "how its neighbours move, and how its venues and countries spread",
        ),
        "alike": (None, "", "the same for every concept: how often such growth came true"),
    }  # fmt: skip
    return tuple(
        Contribution(part, value, unit, 1.0, adds.get(part, 0.0), why)
        for part, (value, unit, why) in said.items()
    )


def _state_because(state: str, measures: Measures, scan: Scan) -> tuple[str, ...]:
    counted = f"{measures.n_recent} documents in the last three years (at least {MIN_RECENT} needed)"
    if state == "not enough evidence":
        first = scan.as_of - WINDOW_YEARS + 1
        totals = scan.stored.table("totals").to_pylist()
        years = len({row["year"] for row in totals if row["year"] >= first and row["n_documents"]})
        return (
            counted,
            f"the corpus has documents of {years} of the last {WINDOW_YEARS} years "
            f"(at least {MIN_YEARS_WITH_DOCUMENTS} needed)",
        )
    grew = f"q = {measures.q_value:.3g} that its share did not grow (at most {FALSE_DISCOVERIES:g} to claim growth)"
    fresh = f"novelty {measures.novelty:.2f} (at least {MIN_NOVELTY:g} to be called emerging)"
    if state in ("emerging", "growing"):
        return (counted, grew, fresh)
    interval = (
        f"growth {measures.growth:+.0%} a year, "
        f"80 % interval {measures.growth_low:+.0%} to {measures.growth_high:+.0%}"
    )
    return (counted, grew, interval)

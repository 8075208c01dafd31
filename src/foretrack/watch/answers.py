"""What the watch answers with: plain values that hold only what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One way on which alerts are told."""

    key: str
    sort: str
    address: str
    period: str
    time_zone: str
    hour: int
    on: bool
    why_off: str
    failures: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in a list."""

    key: str
    name: str
    owner_sort: str
    about: str
    kind: str
    search: Mapping[str, Any]
    conditions: Mapping[str, Any]
    level: str
    paused: bool
    made_at: str
    open_alerts: int
    has_feed_address: bool
    """A secret address of its feed is in use; public rules need none."""


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule with the channels that the reader may see."""

    rule: RuleLine
    traits: Mapping[str, str]
    """What conditions may name: label in the reader's language."""
    channels: tuple[ChannelLine, ...]


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as its reader sees it."""

    key: str
    rule: str
    rule_name: str
    subject: str
    title: str
    """Empty where the reader may no longer see the subject."""
    reason: str
    state: str
    level: str
    level_label: str
    colour: str
    text: str
    """In the reader's language, made now."""
    found: tuple[Mapping[str, Any], ...]
    status: str
    times: int
    opened_at: str
    last_at: str
    hidden: bool
    """The reader may not see the subject (any longer): title and values are withheld."""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One step in an alert's history."""

    at: str
    by: str
    act: str
    note: str


@dataclass(frozen=True, slots=True)
class AlertPage:
    """An alert with its history."""

    alert: AlertLine
    history: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True)
class AlertPart:
    """A part of the alerts, and where the next one begins."""

    alerts: tuple[AlertLine, ...]
    after: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class AlertList:
    """Alerts, the latest first."""

    alerts: tuple[AlertLine, ...]
    total: int

"""What the hall shows: sessions, what was released, and what belongs to one achievement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from foretrack.domains.exchange.embargo import moment_in
from foretrack.domains.exchange.hall.following import RELEASED, zone
from foretrack.domains.exchange.kinds.achievements import ACHIEVEMENT
from foretrack.domains.exchange.kinds.hall import QUESTION, RELEASE_SESSION, WAITING
from foretrack.foundation.errors import NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may_move, reach
from foretrack.registry.actions.reading import subjects_of, title_of, visible_to, visible_values
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import MOST_LINES, Filters, table
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.registry.models import Pointer, Record
from foretrack.registry.models.record import PUBLIC
from foretrack.registry.registry import Registry, moment
from foretrack.search.actions.records import UNIT, seen_by
from foretrack.search.actions.searching import MOST_HITS, search

FACETS = ("tracks", "sort_of", "stage", "maturity", "region", "cooperation")
COLUMNS = (
    "organisation",
    "summary",
    "plain",
    "tracks",
    "region",
    "sort_of",
    "stage",
    "maturity",
    "session",
    "pictures",
)
_SESSION_COLUMNS = (
    "organisation",
    "about",
    "tracks",
    "region",
    "release_on",
    "release_time",
    "notice",
    "link",
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of what was released."""

    lines: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A session as a table has it, and its moment."""

    line: RecordLine
    at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether its moment is still to come."""
        return self.line.status in WAITING


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the actor may see it."""

    key: str
    question: str
    answer: str
    """Empty while there is none."""
    asked_on: str
    answered_on: str
    status: str
    status_label: str
    public: bool
    """Everybody sees it."""
    may_reply: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A record that names the achievement: an offer of it, a deal, an evaluation."""

    key: str
    kind: str
    title: str


def find_achievements(
    registry: Registry, actor: Actor, *, words: str = "", facets: Mapping[str, Sequence[str]] | None = None,
    session: str = "", organisation: str = "", offset: int = 0, limit: int = 24,
) -> Shelf:  # fmt: skip
    """Released achievements that the actor may see, the latest first; with words the closest first.

    Args:
        words: answered by words and by meaning; of more than 200 hits the first 200 are kept.
        facets: of `FACETS`, to values.
        session: only what this session released.
    """
    keys: list[str] | None = None
    if words.strip():
        filters = {"kind": (ACHIEVEMENT.name,), "status": (RELEASED,)}
        found = search(words, viewer=seen_by(actor), units=[UNIT], filters=filters, limit=MOST_HITS)
        keys = [hit.key for hit in found.hits]
    if session:
        of_session = released_in(session)
        keys = of_session if keys is None else [key for key in keys if key in set(of_session)]
    given = Filters(facets={**(facets or {}), "status": (RELEASED,)}, keys=keys, organisation=organisation)
    ranked = keys is not None
    part = table(
        registry, actor, ACHIEVEMENT.name, given, facets=FACETS, columns=COLUMNS, offset=0 if ranked else offset,
        limit=MOST_LINES if ranked else limit,
    )  # fmt: skip
    lines = list(part.lines)
    if keys is not None:
        rank = {key: n for n, key in enumerate(keys)}
        lines = sorted(lines, key=lambda line: rank[line.key])[offset : offset + limit]
    return Shelf(tuple(lines), part.total, part.facets)


def released_in(session: str) -> list[str]:
    """Keys of the achievements that a session released, in the order in which they were made."""
    pointing = Pointer.objects.filter(field="session", unit="record", target=session).values("record_id")
    found = Record.objects.filter(pk__in=pointing, kind=ACHIEVEMENT.name, status=RELEASED, merged_into=None)
    return list(found.order_by("pk").values_list("key", flat=True)[:1000])


def sessions_of(registry: Registry, actor: Actor, *, waiting: bool, limit: int = 50) -> tuple[Session, ...]:
    """Sessions that wait for their moment, the next one first; or those that are over, the latest first."""
    states = WAITING if waiting else ("released", "cancelled")
    found = table(
        registry, actor, RELEASE_SESSION.name, Filters(facets={"status": states}), facets=(), limit=MOST_LINES,
        columns=_SESSION_COLUMNS,
    )  # fmt: skip
    made = [Session(line, moment_in(line.values, zone())) for line in found.lines]
    made.sort(key=lambda one: (str(one.at), one.line.key), reverse=not waiting)
    return tuple(made[:limit])


def show_achievement(registry: Registry, actor: Actor, key: str) -> RecordPage:
    """One achievement as the actor may see it; NotThereError for what is none."""
    return _shown(registry, actor, key, ACHIEVEMENT.name)


def show_session(registry: Registry, actor: Actor, key: str) -> RecordPage:
    """One session as the actor may see it; NotThereError for what is none."""
    return _shown(registry, actor, key, RELEASE_SESSION.name)


def _shown(registry: Registry, actor: Actor, key: str, kind: str) -> RecordPage:
    page = show(registry, actor, key)
    if page.kind != kind:
        raise NotThereError.of(
            "there is no {kind} {key!r} that you may see", kind=kind, key=key[:40], expected="the key of one",
            do="look at the release hall",
        )  # fmt: skip
    return page


def questions_about(registry: Registry, actor: Actor, key: str, *, most: int = 100) -> tuple[Question, ...]:
    """Questions about an achievement that the actor may see: what everybody sees, the own ones, and the owner's.

    The newest first; a few statements for all of them.
    """
    kind, reply = registry.kinds.get(QUESTION.name), QUESTION.transition("reply")
    pointing = Pointer.objects.filter(field="about", unit="record", target=key).values("record_id")
    rows = Record.objects.filter(visible_to(actor), pk__in=pointing, kind=kind.name, merged_into=None)
    records = list(rows.exclude(status__in=("draft", "withdrawn")).order_by("-pk")[:most])
    subjects = subjects_of(kind, records)
    made = []
    for record in records:
        on = subjects[record.pk]
        circle = reach(actor, on)
        if circle is None:
            continue
        values = visible_values(kind, record.body, circle, personal=False)
        made.append(
            Question(
                record.key, values["question"], values.get("answer", ""), moment(record.created_at)[:10],
                values.get("answered_on", ""), record.status, kind.state(record.status).label.text(actor.language),
                record.audience == PUBLIC,
                record.status in reply.before and may_move(actor, reply, on, record.submitted_by),
            )
        )  # fmt: skip
    return tuple(made)


def related_to(actor: Actor, key: str, kinds: Iterable[str]) -> tuple[Offered, ...]:
    """Records of some kinds that name the achievement, as far as the actor may see them."""
    pointing = Pointer.objects.filter(unit="record", target=key).values("record_id")
    rows = Record.objects.filter(visible_to(actor), pk__in=pointing, kind__in=tuple(kinds), merged_into=None)
    return tuple(Offered(r.key, r.kind, title_of(r, actor.language)) for r in rows.order_by("-pk")[:20])

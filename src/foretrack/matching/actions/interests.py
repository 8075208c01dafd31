"""Interest in a need or an offer: beginning it, the first look of the addressee, what came of it, and whom to turn to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.matching.kinds import INTEREST, MET, OPEN
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may_move, refusal
from foretrack.registry.actions.reading import find_record, page_of, subject_of, title_of, visible_to
from foretrack.registry.actions.records import create, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.fields import BilingualText, Json
from foretrack.registry.models import Pointer, Record, Revision
from foretrack.registry.registry import Registry

KIND = INTEREST.name


@dataclass(frozen=True, slots=True)
class Step:
    """A state of an interest, and since when."""

    state: str
    label: str
    at: str


@dataclass(frozen=True, slots=True)
class Party:
    """One side of an interest: who it is, about which profile, and whom to turn to once both agreed to talk."""

    organisation: str
    """Key of its record; empty where there is none that the actor may see."""
    name: str
    profile: str
    """Key of the need or offer; empty where none is named, or the actor may not see it."""
    profile_title: str
    contacts: Mapping[str, str]
    """Label of a field to what it holds; empty until the interest was accepted, and for whoever is of neither side."""


@dataclass(frozen=True, slots=True)
class InterestPage:
    """An interest as one of its two sides, or an officer in charge, sees it."""

    record: RecordPage
    steps: tuple[Step, ...]
    sender: Party
    addressee: Party
    own_side: str
    """`sender`, `addressee`, `both` or empty."""
    open: bool


def express_interest(
    registry: Registry, actor: Actor, target_key: str, message: Mapping[str, str], *, mine: str = ""
) -> RecordPage:
    """Makes an interest in a need or an offer and sends it: one act, so that nobody sees half of it.

    Args:
        target_key: of the record that is answered.
        message: language to text, for the other side only.
        mine: key of the own need or offer that it is answered with.
    """
    kind, target, _ = find_record(registry, actor, target_key)
    if mine:
        own_kind, own, circle = find_record(registry, actor, mine)
        if circle != "private" or own.organisation not in actor.organisations or own_kind.side is None:
            raise InputError.of(
                "{key} is no need or offer of yours", expected="one of your own organisation", do="choose another one",
                key=mine,
            )  # fmt: skip
        organisation = own.organisation or ""
    else:
        organisation = next(iter(sorted(actor.organisations)), "")
    if not organisation:
        raise refusal(actor, "express interest")
    name = kind.by_name[kind.title]
    title = target.body.get(kind.title)
    values: dict[str, Json] = {
        "title": title if isinstance(name, BilingualText) else {"en": str(title or target.key)},
        "organisation": organisation, "about": target.key, "message": dict(message),
    }  # fmt: skip
    if mine:
        values["mine"] = mine
    with transaction.atomic():
        made = create(registry, actor, KIND, values, visibility="private")
        return move(registry, actor, made.key, "send", revision=made.revision)


def check_sending(registry: Registry, actor: Actor, record: Record) -> None:
    """Raises InputError or EvidenceError where an interest cannot be sent: nobody to send it to, to oneself, twice."""
    target = Record.objects.filter(key=record.body.get("about", "")).first()
    kind = registry.kinds.kinds.get(target.kind) if target is not None else None
    if (
        target is None
        or kind is None
        or target.merged_into_id is not None
        or not _takes_interest(registry, target)
    ):
        raise EvidenceError.of(
            "what you are interested in takes no interest now", expected="a need, offer or achievement that is open",
            do="look at its page: it may have been withdrawn, or have ended",
        )  # fmt: skip
    if not target.organisation:
        raise InputError.of(
            "nobody is named to whom the interest could be sent", expected="a record of an organisation",
            do="ask the officers in charge of the record",
        )  # fmt: skip
    if target.organisation == record.organisation:
        raise InputError.of(
            "it belongs to your own organisation", expected="a record of another one", do="choose another one"
        )
    open_ones = about([target.key], ("about",)).filter(organisation=record.organisation, status__in=OPEN)
    if open_ones.exclude(key=record.key).exists():
        raise InputError.of(
            "your organisation has expressed its interest already", expected="one interest at a time",
            do="go on with the one that is open, or withdraw it first",
        )  # fmt: skip


def _takes_interest(registry: Registry, target: Record) -> bool:
    """Whether it stands in public, and, of what is matched, where it is matched and its last day is not over."""
    kind = registry.kinds.get(target.kind)
    if kind.side is None:
        return kind.state(target.status).public and not kind.state(target.status).closed
    until = target.body.get(kind.side.until)
    over = bool(until) and str(until) < registry.now().date().isoformat()
    return target.status in kind.side.states and not over


def show_interest(registry: Registry, actor: Actor, key: str) -> InterestPage:
    """An interest as far as the actor may see it; the first look of somebody of the addressee marks it as seen."""
    kind, record, circle = find_record(registry, actor, key)
    if kind.name != KIND:
        raise InputError.of(
            "{key} is no expression of interest", expected="the key of one", do="look at /matches/", key=key
        )
    record = mark_seen(registry, actor, record)
    page = page_of(registry, actor, kind, record, circle)
    seen = circle == "private"
    recipient = str(record.body.get("recipient", ""))
    sides = {
        "sender": record.organisation in actor.organisations,
        "addressee": recipient in actor.organisations,
    }
    own = "both" if all(sides.values()) else next((name for name, here in sides.items() if here), "")
    told = record.status in MET and bool(own)
    return InterestPage(
        page, _steps(registry, actor, record) if seen else (),
        _party(registry, actor, record.organisation or "", str(record.body.get("mine", "")), told),
        _party(registry, actor, recipient, str(record.body.get("about", "")), told),
        own, record.status in OPEN,
    )  # fmt: skip


def mark_seen(registry: Registry, actor: Actor, record: Record) -> Record:
    """The interest, marked as seen where the actor belongs to its addressee and nobody there had looked before."""
    kind = registry.kinds.get(record.kind)
    if record.kind != KIND or record.status != "interested" or actor.scopes is not None:
        return record
    if str(record.body.get("recipient", "")) not in actor.organisations:
        return record
    if not may_move(actor, kind.transition("view"), subject_of(kind, record), record.submitted_by):
        return record
    with transaction.atomic():
        fresh = Record.objects.select_for_update().get(pk=record.pk)
        if fresh.status == "interested":
            move(registry, actor, fresh.key, "view", revision=fresh.revision)
    return Record.objects.get(pk=record.pk)


def about(keys: Iterable[str], fields: Sequence[str] = ("about", "mine")) -> QuerySet[Record]:
    """Interests about some records, or answered with them, by the links of the registry."""
    ends = Pointer.objects.filter(unit="record", target__in=list(keys), field__in=fields)
    return Record.objects.filter(kind=KIND, merged_into=None, pk__in=ends.values("record_id"))


def interests_of(registry: Registry, actor: Actor, *, of: str = "", most: int = 100) -> tuple[Record, ...]:
    """Interests that the actor may see, the newest change first: all, or those about one record or answered with it."""
    rows = about([of]) if of else Record.objects.filter(kind=KIND, merged_into=None)
    rows = rows.filter(visible_to(actor)).distinct()
    return tuple(rows.order_by("-updated_at", "-pk")[:most])


def between(keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Record]:
    """(record, other) to the newest interest between the two that was sent, in whichever direction."""
    wanted = set(keys)
    ends = sorted({key for pair in wanted for key in pair})
    found: dict[tuple[str, str], Record] = {}
    for start in range(0, len(ends), 300):
        rows = about(ends[start : start + 300], ("about",)).exclude(status="draft")
        for row in rows.order_by("pk"):
            pair = (str(row.body.get("mine", "")), str(row.body.get("about", "")))
            for one in (pair, pair[::-1]):
                if one in wanted:
                    found[one] = row
    return found


def _steps(registry: Registry, actor: Actor, record: Record) -> tuple[Step, ...]:
    kind = registry.kinds.get(record.kind)
    made: list[Step] = []
    for status, at in Revision.objects.filter(record=record).order_by("number").values_list("status", "at"):
        if not made or made[-1].state != status:
            made.append(Step(status, kind.state(status).label.text(actor.language), str(at)))
    return tuple(made)


def _party(registry: Registry, actor: Actor, organisation: str, profile: str, told: bool) -> Party:
    shown = {
        row.key: row
        for row in Record.objects.filter(visible_to(actor), key__in=[organisation, profile]).distinct()
    }
    owner, own = shown.get(organisation), shown.get(profile)
    contacts: dict[str, str] = {}
    source = Record.objects.filter(key=profile).first() if told and profile else None
    if source is not None:
        kind = registry.kinds.get(source.kind)
        for name in kind.side.contacts if kind.side is not None else ():
            if source.body.get(name):
                contacts[kind.by_name[name].label.text(actor.language)] = str(source.body[name])
    return Party(
        owner.key if owner else "", title_of(owner, actor.language) if owner else "", own.key if own else "",
        title_of(own, actor.language) if own else "", contacts,
    )  # fmt: skip

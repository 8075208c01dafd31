"""Every act by every role, inside and outside its reach: the actions themselves, against a table written by hand.

`+` it is done (or shown), `-` it is refused (or not shown), `0` the record is not there for the actor. The tables are
not read from `PERMISSIONS`; whoever changes who may do what changes them too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from foretrack.accounts.actions.accounts import close, erase_account, invite
from foretrack.accounts.actions.finding import list_accounts
from foretrack.accounts.actions.grants import end_grant, grant
from foretrack.accounts.actions.tokens import make_token
from foretrack.accounts.models import Account
from foretrack.foundation.errors import InputError
from foretrack.jobs.actions import list_jobs
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import ACTS, SCOPES, TOKEN_SCOPES, AccessError, may
from foretrack.registry.actions.auditing import entries
from foretrack.registry.actions.erasing import erase
from foretrack.registry.actions.history import history
from foretrack.registry.actions.merging import merge
from foretrack.registry.actions.reading import subject_of
from foretrack.registry.actions.records import assign, create, edit, move, show
from foretrack.registry.declaring.fields import Json
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

FOUNDER = Actor(
    "FOUNDER",
    grants=(Grant("administrator"), Grant("officer", regions=("*",), bodies=("*",)), Grant("auditor")),
)


@dataclass
class World:
    """Two organisations in two regions, the first one's records in every state, and somebody in every role."""

    registry: Registry
    firm: str
    rival: str
    double: str
    draft: str
    submitted: str
    published: str
    actors: dict[str, Actor]

    def revision(self, key: str) -> int:
        """The revision at which a record stands."""
        return Record.objects.get(key=key).revision


COLUMNS = (
    "visitor", "nobody", "member", "rival", "manager", "rival manager", "reviewer", "idle reviewer",
    "officer", "officer elsewhere", "officer of the body", "national officer", "auditor", "administrator",
)  # fmt: skip
"""The rivals belong to the other organisation; the idle reviewer is assigned to nothing; nobody has no role."""


@pytest.fixture
def world(registry: Registry) -> World:
    def organisation(name: str, region: str) -> str:
        values: dict[str, Json] = {"name": {"en": name}, "sort_of": "company", "region": region}
        return create(registry, FOUNDER, "organisation", values).key

    firm, rival, double = (
        organisation("Invented Works", "CN-33"), organisation("Invented Rival", "CN-44"),
        organisation("Invented Works Ltd", "CN-33"),
    )  # fmt: skip
    given: dict[str, tuple[Grant, ...]] = {
        "nobody": (),
        "member": (Grant("member", firm),),
        "rival": (Grant("member", rival),),
        "manager": (Grant("manager", firm),),
        "rival manager": (Grant("manager", rival),),
        "reviewer": (Grant("reviewer"),),
        "idle reviewer": (Grant("reviewer"),),
        "officer": (Grant("officer", regions=("CN-33",)),),
        "officer elsewhere": (Grant("officer", regions=("CN-44",)),),
        "officer of the body": (Grant("officer", bodies=(firm,)),),
        "national officer": (Grant("officer", regions=("*",)),),
        "auditor": (Grant("auditor"),),
        "administrator": (Grant("administrator"),),
    }
    actors = {"visitor": VISITOR}
    for name, grants in given.items():
        account = Account.objects.create_user(f"{name.replace(' ', '-')}@example.org")
        for one in grants:
            account.grants.create(
                role=one.role, organisation=one.organisation, regions=list(one.regions), bodies=list(one.bodies),
                given_by="FOUNDER", given_at=registry.now(),
            )  # fmt: skip
        actors[name] = Actor(account.key, grants=grants)
    # Two administrators: that the last one stays is another test's business.
    Account.objects.create_user("second@example.org").grants.create(
        role="administrator", given_by="FOUNDER", given_at=registry.now()
    )
    author = Actor("AUTHOR", grants=(Grant("member", firm),))

    def plan(*moves: str) -> str:
        page = create(
            registry, author, "plan",
            {
                "title": {"en": "Invented plan"}, "organisation": firm, "region": "CN-3301", "staff": 7,
                "budget": {"amount": "5", "currency": "CNY"}, "contact": "Invented Ann", "track": TRACK,
            },
        )  # fmt: skip
        for name in moves:
            by = author if name == "submit" else FOUNDER
            page = move(registry, by, page.key, name, revision=page.revision, reason="Invented reason")
        return page.key

    found = World(registry, firm, rival, double, plan(), plan("submit"), plan("submit", "announce"), actors)
    for key in (found.submitted, found.published):
        assign(registry, FOUNDER, key, actors["reviewer"].key)
    return found


TRACK = "cn-15fyp-2026/quantum-technology"

Deed = Callable[[World, Actor], bool]
"""Does it, or raises; False where it was answered, but what was asked for is not in the answer."""


def seeing(which: str, field: str = "") -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        page = show(w.registry, actor, getattr(w, which))
        return not field or field in page.values

    return deed


def creating(organisation: str, region: str) -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        owner = getattr(w, organisation)
        values: dict[str, Json] = {
            "title": {"en": "Invented new plan"},
            "organisation": owner,
            "region": region,
        }
        return bool(create(w.registry, actor, "plan", values).key)

    return deed


def editing(which: str, **changes: Json) -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        key = getattr(w, which)
        wanted = {
            name: getattr(w, value[1:]) if str(value).startswith("@") else value
            for name, value in changes.items()
        }
        return bool(edit(w.registry, actor, key, wanted, revision=w.revision(key)).key)

    return deed


def moving(which: str, transition: str) -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        key = getattr(w, which)
        return bool(move(w.registry, actor, key, transition, revision=w.revision(key), reason="Invented").key)

    return deed


def assigned(w: World, actor: Actor, key: str) -> bool:
    assign(w.registry, actor, key, "SOMEBODY")
    return True


def assigning(w: World, actor: Actor) -> bool:
    return assigned(w, actor, w.submitted)


def merging(w: World, actor: Actor) -> bool:
    merge(
        w.registry, actor, w.firm, w.double, survivor_revision=w.revision(w.firm),
        absorbed_revision=w.revision(w.double), reason="The same firm",
    )  # fmt: skip
    return True


def erasing(w: World, actor: Actor) -> bool:
    erase(w.registry, actor, w.draft, reason="Case 7")
    return True


def auditing(w: World, actor: Actor) -> bool:
    return bool(entries(w.registry, actor).lines)


def reading_reasons(w: World, actor: Actor) -> bool:
    return any(line.reason for line in history(w.registry, actor, w.published))


def inviting(place: str, role: str) -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        given = {
            "member": Grant("member", getattr(w, place, None)),
            "manager": Grant("manager", getattr(w, place, None)),
            "officer": Grant("officer", regions=("CN-33",)),
            "administrator": Grant("administrator"),
        }[role]
        invite(w.registry, actor, "new@example.org", given=given)
        return True

    return deed


def granting(w: World, actor: Actor) -> bool:
    grant(w.registry, actor, w.actors["member"].key, Grant("manager", w.firm))
    return True


def ending(w: World, actor: Actor) -> bool:
    end_grant(w.registry, actor, Account.objects.get(key=w.actors["member"].key).grants.get().pk)
    return True


def closing(w: World, actor: Actor) -> bool:
    close(w.registry, actor, w.actors["member"].key)
    return True


def erasing_account(w: World, actor: Actor) -> bool:
    erase_account(w.registry, actor, w.actors["member"].key)
    return True


def finding_people(w: World, actor: Actor) -> bool:
    return w.actors["member"].key in {line.account for line in list_accounts(w.registry, actor)}


def making_token(w: World, actor: Actor) -> bool:
    make_token(w.registry, actor, "invented", ["manage"])
    return True


def looking_at_jobs(w: World, actor: Actor) -> bool:
    list_jobs(actor)
    return True


@dataclass(frozen=True)
class Line:
    """What is done, what comes of it for each column, and the scopes that a token needs for it."""

    title: str
    deed: Deed
    expected: str
    scopes: str


#                                                                   v n m r M R w i o e b N a A
LINES = (
    Line("see a published record", seeing("published"),            "+ + + + + + + + + + + + + +", "read"),
    Line("see its partner field", seeing("published", "staff"),    "- - + + + + + + + + + + + +", "read"),
    Line("see its private field", seeing("published", "budget"),   "- - + - + - + - + - + + + -", "read"),
    Line("see its personal field", seeing("published", "contact"), "- - + - + - - - + - + + - -", "read"),
    Line("see a draft", seeing("draft"),                           "0 0 + 0 + 0 0 0 + 0 + + + 0", "read"),
    Line("see a submitted record", seeing("submitted"),            "0 0 + 0 + 0 + 0 + 0 + + + 0", "read"),
    Line("read why it was decided", reading_reasons,               "- - + - + - + - + - + + + +", "read"),
    Line("create for the firm", creating("firm", "CN-3301"),       "- - + - + - - - + - + + - +", "read write"),
    Line("create for the rival", creating("rival", "CN-44"),       "- - - + - + - - - + - + - +", "read write"),
    Line("edit a draft", editing("draft", staff=8),                "0 0 + 0 + 0 0 0 + 0 + + - 0", "read write"),
    Line("edit a submitted record", editing("submitted", staff=8), "0 0 # 0 # 0 - 0 # 0 # # - 0", ""),
    Line("hand it to the rival", editing("draft", organisation="@rival"),
                                                                   "0 0 - 0 - 0 0 0 + 0 - + - 0", "read write"),
    Line("carry it out of the region", editing("draft", region="CN-44"),
                                                                   "0 0 + 0 + 0 0 0 - 0 + + - 0", "read write"),
    Line("edit the firm", editing("firm", country="CN"),           "- - + - + - - - + - + + - -", "read write"),
    Line("submit", moving("draft", "submit"),                      "0 0 + 0 + 0 0 0 - 0 - - - 0", "read decide"),
    Line("announce", moving("submitted", "announce"),              "0 0 - 0 - 0 - 0 + 0 + + - 0", "read decide"),
    Line("reject", moving("submitted", "reject"),                  "0 0 - 0 - 0 + 0 + 0 + + - 0", "read decide"),
    Line("verify the firm", moving("firm", "verify"),              "- - - - - - - - + - + + - -", "read decide"),
    Line("assign a reviewer", assigning,                           "0 0 - 0 - 0 - 0 + 0 + + - 0", "read decide"),
    Line("merge", merging,                                         "- - - - - - - - + - - + - +", "read decide"),
    Line("erase personal data", erasing,                           "- - - - - - - - - - - - - +", "manage"),
    Line("read the audit log", auditing,                           "- - - - - - - - - - - - + +", "read"),
    Line("invite into the firm", inviting("firm", "member"),       "- - - - + - - - - - - - - +", "read manage"),
    Line("invite a manager", inviting("firm", "manager"),          "- - - - + - - - - - - - - +", "read manage"),
    Line("invite into the rival", inviting("rival", "member"),     "- - - - - + - - - - - - - +", "read manage"),
    Line("invite an officer", inviting("", "officer"),             "- - - - - - - - - - - - - +", "manage"),
    Line("invite an administrator", inviting("", "administrator"), "- - - - - - - - - - - - - +", "manage"),
    Line("promote a member", granting,                             "- - - - + - - - - - - - - +", "read manage"),
    Line("end a member's role", ending,                            "- - + - + 0 - - - - - - - +", "manage"),
    Line("find a member", finding_people,                          "- - + - + - - - - - - - - +", "manage"),
    Line("close an account", closing,                              "- - - - - - - - - - - - - +", "manage"),
    Line("erase a person", erasing_account,                        "- - - - - - - - - - - - - +", "manage"),
    Line("make a token", making_token,                             "- - + + + + + + + + + + + +", "manage"),
    Line("look at jobs", looking_at_jobs,                          "- - - - - - - - - - - - - +", "manage"),
)  # fmt: skip
"""`#`: the role may edit, but nobody may in this state."""


def outcome(w: World, deed: Deed, actor: Actor) -> str:
    """What comes of a deed; whatever it wrote is taken back."""
    try:
        with transaction.atomic():
            done = deed(w, actor)
            transaction.set_rollback(True)
    except AccessError:
        return "-"
    except InputError as error:
        if "can no longer be changed" in str(error):
            return "#"
        if "that you may" in str(error):
            return "0"
        raise
    return "+" if done else "-"


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.title)
def test_every_role_may_do_what_the_table_says_and_nothing_else(world: World, line: Line) -> None:
    found = {name: outcome(world, line.deed, world.actors[name]) for name in COLUMNS}

    assert found == dict(zip(COLUMNS, line.expected.split(), strict=True))


@pytest.mark.parametrize("line", [line for line in LINES if line.scopes], ids=lambda line: line.title)
def test_a_token_needs_every_scope_of_the_deed_and_no_other(world: World, line: Line) -> None:
    who = [
        world.actors[name] for name, cell in zip(COLUMNS, line.expected.split(), strict=True) if cell == "+"
    ]
    # Whoever has an account; the visitor has none, and so no token.
    actor = next(actor for actor in reversed(who) if actor.key)
    needed = frozenset(line.scopes.split())

    assert outcome(world, line.deed, actor.limited(needed)) == "+"
    for missing in needed:
        assert outcome(world, line.deed, actor.limited(set(TOKEN_SCOPES) - {missing})) != "+", missing


#                          v n m r M R w i o e b N a A
ABOUT_ONE_RECORD = {
    "read public":        "+ + + + + + + + + + + + + +",
    "read partner":       "- - + + + + + + + + + + + +",
    "read private":       "- - + - + - + - + - + + + -",
    "read personal":      "- - + - + - - - + - + + - -",
    "create":             "- - + - + - - - + - + + - +",
    "edit":               "- - + - + - - - + - + + - -",
    "decide":             "- - + - + - + - + - + + - -",
    "assign":             "- - - - - - - - + - + + - -",
    "attach":             "- - + - + - - - + - + + - -",
    "import":             "- - - - + - - - + - + + - +",
    "export":             "+ + + + + + + + + + + + + +",
    "judge duplicate":    "- - - - - - - - + - + + - +",
    "merge":              "- - - - - - - - + - + + - +",
    "erase":              "- - - - - - - - - - - - - +",
    "read audit":         "- - - - - - - - - - - - + +",
    "declare series":     "- - - - - - - - + + + + - +",
    "issue list":         "- - - - - - - - + + + + - -",
    "remove entry":       "- - - - - - - - + + + + - -",
    "rate target":        "- - - - - - - - + + + + - -",
    "watch":              "- - + + + + + + + + + + + +",
    "publish alert":      "- - - - - - - - + + + + - -",
    "acknowledge alert":  "- - + + + + + + + + + + + +",
    "manage accounts":    "- - - - + - - - - - - - - +",
    "manage tokens":      "- - + + + + + + + + + + + +",
    "operate":            "- - - - - - - - - - - - - +",
}  # fmt: skip
"""Who may do each act about the firm's submitted record."""


def test_every_act_is_in_the_table_and_has_a_scope() -> None:
    assert set(ABOUT_ONE_RECORD) == set(ACTS) == set(SCOPES)


def test_who_may_do_each_act_about_a_record(world: World) -> None:
    record = Record.objects.get(key=world.submitted)
    on = subject_of(world.registry.kinds.get(record.kind), record)

    found = {act: " ".join("+" if may(world.actors[c], act, on) else "-" for c in COLUMNS) for act in ACTS}
    assert found == ABOUT_ONE_RECORD


def test_a_scope_opens_the_acts_of_its_kind_only(world: World) -> None:
    everything = Actor("X", grants=tuple(itertools.chain(*(a.grants for a in world.actors.values()))))

    for act in ACTS:
        may_with = {scope for scope in TOKEN_SCOPES if may(everything.limited([scope]), act)}
        assert len(may_with) == 1, act


FORGED = (
    "", "0" * 26, "x" * 26, "' OR '1'='1", "%", "_" * 26, "../../etc/passwd", "\x00", "电池", "9" * 5000,
    "DRAFT", "-1", "null", "{{7*7}}", "record:1",
)  # fmt: skip


def keyed_deeds(key: str) -> Iterator[Deed]:
    yield lambda w, a: bool(show(w.registry, a, key))
    yield lambda w, a: bool(edit(w.registry, a, key, {"staff": 1}, revision=1))
    yield lambda w, a: bool(move(w.registry, a, key, "submit", revision=1))
    yield lambda w, a: assigned(w, a, key)
    yield lambda w, a: bool(history(w.registry, a, key))
    yield lambda w, a: bool(close(w.registry, a, key))


@pytest.mark.parametrize("key", FORGED, ids=ascii)
def test_a_forged_key_is_the_key_of_nothing(world: World, key: str) -> None:
    for deed in keyed_deeds(key):
        for name in ("officer", "administrator"):
            assert outcome(world, deed, world.actors[name]) in ("0", "-")


def test_a_key_of_somebody_elses_record_opens_nothing(world: World) -> None:
    for deed in list(keyed_deeds(world.draft))[:5]:
        for name in ("visitor", "nobody", "rival", "rival manager", "idle reviewer", "officer elsewhere"):
            assert outcome(world, deed, world.actors[name]) == "0", name


@pytest.mark.parametrize("forged", ["0" * 26, "not-a-key", "' OR 1=1 --"])
def test_a_forged_organisation_makes_nobody_its_member(world: World, forged: str) -> None:
    values: dict[str, Json] = {"title": {"en": "Invented"}, "organisation": forged}
    for name in ("member", "manager", "rival", "officer elsewhere", "visitor"):
        with pytest.raises((AccessError, InputError)), transaction.atomic():
            create(world.registry, world.actors[name], "plan", values)
    assert not Record.objects.filter(organisation=forged).exists()

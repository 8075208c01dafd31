"""Every act by every role, inside and outside its reach: the actions themselves, against a table written by hand.

`+` it is done (or shown), `-` it is refused (or not shown), `0` the record is not there for the actor. The tables are
not read from `PERMISSIONS`; whoever changes who may do what changes them too.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from tests.registry.conftest import NOW, PLAN, weekdays

from foretrack.accounts.actions.accounts import close, erase_account, invite
from foretrack.accounts.actions.finding import list_accounts
from foretrack.accounts.actions.grants import end_grant, grant
from foretrack.accounts.actions.tokens import make_token
from foretrack.accounts.models import Account
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.installation.kinds import load_kinds
from foretrack.jobs.actions import list_jobs
from foretrack.lists.actions.issuing import prepare
from foretrack.lists.actions.series import declare_series
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import ACTS, SCOPES, TOKEN_SCOPES, AccessError, may
from foretrack.registry.actions.attachments import attach
from foretrack.registry.actions.auditing import entries
from foretrack.registry.actions.duplicates import pairs
from foretrack.registry.actions.erasing import erase
from foretrack.registry.actions.history import history
from foretrack.registry.actions.importing import import_file
from foretrack.registry.actions.merging import merge
from foretrack.registry.actions.reading import subject_of
from foretrack.registry.actions.records import assign, create, edit, move, show
from foretrack.registry.actions.tables import table
from foretrack.registry.declaring.fields import BilingualText, File, Json, Link, Text
from foretrack.registry.declaring.kind import Catalogue, Kind, State
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.targets.actions.judging import declare_indicator
from foretrack.watch.actions.rules import add_rule

pytestmark = pytest.mark.django_db

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
    filing: str
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


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Made once, since every deed takes back what it did."""
    kinds = Catalogue()
    kinds.add(*load_kinds(), PLAN, FILING)
    registry = Registry(
        kinds, fixed_clock(NOW), tmp_path_factory.mktemp("files"), weekdays, lambda name, begins: 5
    )
    with django_db_blocker.unblock(), transaction.atomic():
        yield made(registry)
        transaction.set_rollback(True)


def made(registry: Registry) -> World:
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

    filing = create(
        registry, author, "filing", {"title": {"en": "Invented"}, "organisation": firm, "region": "CN-33"}
    )
    declare_series(registry, FOUNDER, "plans", kind="plan", **SERIES)
    found = World(
        registry, firm, rival, double, filing.key, plan(), plan("submit"), plan("submit", "announce"), actors
    )
    for key in (found.submitted, found.published):
        assign(registry, FOUNDER, key, actors["reviewer"].key)
    return found


FILING = Kind(
    name="filing",
    label=Bilingual("Filing", "材料"),
    plural=Bilingual("Filings", "材料"),
    organisation="organisation",
    region="region",
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "标题")),
        Link(name="organisation", label=Bilingual("Organisation", "机构"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区")),
        File(name="annex", label=Bilingual("Annex", "附件"), media_types=("text/plain",)),
    ),
    states=(State(name="open", label=Bilingual("Open", "公开"), public=True),),
)  # fmt: skip
"""Invented: a record that everybody sees, to which a file can be attached."""

SERIES: dict[str, Any] = {
    "title": {"en": "Invented list", "zh": "虚构清单"}, "publisher": {"en": "Invented Office", "zh": "虚构办公室"},
}  # fmt: skip

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


def attaching(w: World, actor: Actor) -> bool:
    attach(
        w.registry,
        actor,
        w.filing,
        "annex",
        io.BytesIO(b"Invented text."),
        "a.txt",
        revision=w.revision(w.filing),
    )
    return True


def in_the_table(which: str) -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        return getattr(w, which) in {line.key for line in table(w.registry, actor, "plan").lines}

    return deed


def importing(organisation: str, region: str, key: str = "") -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        known = getattr(w, key) if key else ""
        file = w.registry.attachments / "rows.csv"
        header = f"key,revision,title_en,organisation,region\n{known},{w.revision(known) if known else ''}"
        file.write_text(f"{header},Invented row,{getattr(w, organisation)},{region}\n", encoding="utf-8")
        answer = import_file(w.registry, actor, "plan", file)
        return answer.written and answer.created + answer.updated == 1

    return deed


def looking_at_duplicates(w: World, actor: Actor) -> bool:
    pairs(w.registry, actor)
    return True


def declaring(w: World, actor: Actor) -> bool:
    return bool(declare_series(w.registry, actor, "more-plans", kind="plan", **SERIES))


def preparing(w: World, actor: Actor) -> bool:
    try:
        prepare(w.registry, actor, "plans")
    except EvidenceError:  # no plan is accepted yet: the actor was let in
        return True
    return True


def measuring(w: World, actor: Actor) -> bool:
    declare_indicator(
        w.registry, actor, "lead-2027", label={"en": "Share"}, operator=">=", threshold=0.3,
        owner={"en": "Invented Office"}, source="Invented",
    )  # fmt: skip
    return True


def watching(owner: str) -> Deed:
    def deed(w: World, actor: Actor) -> bool:
        where = w.firm if owner == "organisation" else ""
        return bool(
            add_rule(w.registry, actor, name="Invented", kind="plan", owner_sort=owner, organisation=where)
        )

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
    Line("find it in the table", in_the_table("published"),        "+ + + + + + + + + + + + + +", "read"),
    Line("find a draft in the table", in_the_table("draft"),       "- - + - + - - - + - + + + -", "read"),
    Line("attach a file", attaching,                               "- - + - + - - - + - + + - -", "read write"),
    Line("import for the firm", importing("firm", "CN-3301"),      "- - - - + - - - + - + + - +", "read write"),
    Line("import for the rival", importing("rival", "CN-44"),      "- - - - - + - - - + - + - +", "read write"),
    Line("import over a draft", importing("firm", "CN-3301", "draft"),
                                                                   "- - - - + - - - + - + + - -", "read write"),
    Line("look at duplicates", looking_at_duplicates,              "- - - - - - - - + + + + - +", "write"),
    Line("declare a series", declaring,                            "- - - - - - - - + + + + - +", "publish"),
    Line("prepare an issue", preparing,                            "- - - - - - - - + + + + - -", "publish"),
    Line("declare an indicator", measuring,                        "- - - - - - - - + + + + - -", "decide"),
    Line("watch for oneself", watching("account"),                 "- - + + + + + + + + + + + +", "write"),
    Line("watch for the firm", watching("organisation"),           "- - + - + - - - - - - - - -", "write"),
    Line("watch for everybody", watching("public"),                "- - - - - - - - + + + + - -", "write publish"),
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
        if "that you may" in str(error) or "there is no record" in str(error):
            return "0"
        if "is none of yours" in str(error):
            return "-"
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
    yield lambda w, a: bool(erase(w.registry, a, key, reason="Case 7"))


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
        actor = world.actors[name]
        with pytest.raises((AccessError, InputError)), transaction.atomic():
            create(world.registry, actor, "plan", values)
    assert not Record.objects.filter(organisation=forged).exists()

"""Invented records and accounts for the tests in a browser; prints the keys as JSON. Run: python filling.py WORKSPACE."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from foretrack.installation.opening import open_registry

PASSWORD = "an invented long phrase"
SCRIPT = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"


def look_out(workspace: Path) -> None:
    """An invented corpus with a rise, a fall and hostile titles, scanned as of two years."""
    import numpy as np
    from tests.foresight.corpora import GROUPS, add, paper, related

    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.scan import ScanRequest, scan

    opened = Workspace.open(workspace)
    chance = np.random.default_rng(5)
    hostile = [
        paper(9_000 + n, 2020, chance, GROUPS[4][:2], title=title, venue=SCRIPT, authors=(SCRIPT,))
        for n, title in enumerate((SCRIPT, "固态电池与先进储能" * 33, "=HYPERLINK(1)", "\u202eright to left"))
    ]
    add(opened, [*related(), *hostile])
    for year in (2017, 2020):
        scan(opened, ScanRequest(as_of=year))


def make_findable(workspace: Path) -> None:
    """Puts the newest scan into the index of search, as the worker does."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import find_scan
    from foretrack.domains.foresight.actions.searchable import UNITS, searchable
    from foretrack.search.actions.indexing import reindex

    opened = Workspace.open(workspace)
    reindex(searchable(opened, find_scan(opened)), units=UNITS)


def announce(workspace: Path, owner: str) -> str:
    """A scenario of the firm that was announced to the public a month ago, so that it can be recognised now."""
    from foretrack.foundation.clock import fixed_clock
    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.actions.records import create, move

    registry = open_registry(workspace, os.environ, clock=fixed_clock("2026-01-05"))
    manager = Actor("MANAGER", grants=(Grant("manager", organisation=owner),))
    office = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    scenario = create(
        registry, manager, "scenario",
        {
            "title": {"en": "Invented looms at a harbour", "zh": "虚构港口织机"}, "organisation": owner,
            "region": "CN-33", "tracks": ["cn-future-industries-2024/intelligent-manufacturing"],
            "need": {"en": "Invented need"}, "solution": {"en": "Invented solution"},
            "effect": {"en": "Invented effect"}, "running_since": "2025-03-01",
        },
    )  # fmt: skip
    moved = move(registry, manager, scenario.key, "submit", revision=1)
    move(registry, office, scenario.key, "announce", revision=moved.revision, reason="Invented reason")
    return scenario.key


TRACK = "cn-future-industries-2024/intelligent-manufacturing"


def publish_profiles(workspace: Path, owner: str) -> dict[str, str]:
    """An offer and a need of the firm, published, the offer vague enough that its owner is told so."""
    from datetime import timedelta

    from tests.exchange.inventing import NEED, OFFER

    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.actions.records import create, move

    registry = open_registry(workspace, os.environ)
    manager = Actor("INVENTEDMANAGER", grants=(Grant("manager", owner),))
    until = (registry.now() + timedelta(days=300)).date().isoformat()
    vague = {"advantages": {"en": "A world-leading invented sensor"}, "patents": ["CN112345678B"]}
    keys = {}
    for kind, values in (("offer", {**OFFER, **vague}), ("need", NEED)):
        made = create(registry, manager, kind, {**values, "organisation": owner, "valid_until": until})
        keys[kind] = move(registry, manager, made.key, "publish", revision=made.revision).key
    return keys


def tell_cases(workspace: Path, owner: str, other: str) -> dict[str, str]:
    """An open opportunity of the firm, and two cases of the library, recognised a month ago."""
    from foretrack.foundation.clock import fixed_clock
    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.actions.records import create, move

    manager = Actor("MANAGER", grants=(Grant("manager", organisation=owner),))
    office = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    second = Actor("SECOND", grants=(Grant("officer", regions=("*",)),))
    began, later = (
        open_registry(workspace, os.environ, clock=fixed_clock(day)) for day in ("2026-01-05", "2026-02-20")
    )
    opened = create(
        began, manager, "opportunity",
        {
            "title": {"en": "Invented call for night watch", "zh": "虚构夜间值守机会"}, "organisation": owner,
            "region": "CN-33", "tracks": [TRACK], "need": {"en": "Invented need of the night", "zh": "虚构需求"},
            "measures": [{"measure": {"en": "Invented alarms", "zh": "虚构报警"}, "now": 9, "wanted": 1}],
            "site": "Invented hall", "budget": "1000 CNY", "deadline": "2099-12-31", "data_access": "Invented data",
            "owner": "Invented Person",
        },
    )  # fmt: skip
    move(began, manager, opened.key, "publish", revision=1)
    told = []
    for n, word in enumerate(("melted", "itched")):
        case = create(
            began, manager, "case",
            {
                "title": {"en": f"Invented lesson that {word}", "zh": f"虚构案例之{n + 1}"}, "organisation": owner,
                "region": "CN-33", "tracks": [TRACK], "maturity": 5 + n, "used_by": [owner, other],
                "problem": "Invented problem", "solution": "Invented solution", "conditions": "Invented conditions",
                "lessons": f"The invented cover {word}.", "cost": "5 CNY",
                "measures": [{"measure": {"en": "Invented stops", "zh": "虚构停机"}, "before": 9, "after": 1 + n}],
                "serves_public": True, "novel": True, "implemented": True, "has_impact": True, "plain_language": True,
            },
        )  # fmt: skip
        moved = move(began, manager, case.key, "submit", revision=1)
        moved = move(began, office, case.key, "announce", revision=moved.revision, reason="Invented reason")
        move(later, second, case.key, "recognise", revision=moved.revision, reason="Invented reason")
        told.append(case.key)
    return {"opportunity": opened.key, "case": told[0], "other_case": told[1]}


def look_for_partners(workspace: Path, owner: str, other: str) -> dict[str, str]:
    """A need of the firm, an offer of the institute with a hostile title, and an interest between the two."""
    from datetime import timedelta

    from django.core import signing

    from foretrack.accounts.models import Account
    from foretrack.matching.actions.interests import express_interest
    from foretrack.matching.actions.standing import meet_records
    from foretrack.matching.telling import STOP_SALT
    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.actions.records import create, move

    registry = open_registry(workspace, os.environ)
    firm, institute = (
        Actor(name, grants=(Grant("manager", key),)) for name, key in (("FIRM", owner), ("INST", other))
    )
    shared = {
        "tracks": [TRACK], "region": "CN-33", "cooperation": ["technical"],
        "valid_until": (registry.now() + timedelta(days=300)).date().isoformat(),
        "contact": "Invented Person", "email": "invented@example.org",
    }  # fmt: skip
    made: dict[str, str] = {}
    offers = [SCRIPT, "Invented welding robot", "Invented seam camera"]
    for name, actor, values in (
        ("need", firm, {
            "organisation": owner, "title": {"en": "Welding thin seams", "zh": "薄板焊缝焊接"},
            "summary": {"en": "Thin aluminium seams have to be welded without fixtures."},
            "description": {"en": "A new seam has to be learned within a day by whoever works at the line."},
            "requirements": {"en": "No fixture. A thousand seams a shift."}, "maturity": 5,
        }),
        *(
            ("offer" if title == offers[1] else f"offer {title[:8]}", institute, {
                "organisation": other, "title": {"en": title},
                "summary": {"en": "A robot welds thin aluminium seams by sight."},
                "description": {"en": "It learns a new seam within an hour from whoever works at the line."},
                "advantages": {"en": f"It needs no fixture. {title}"}, "stage": "prototype", "maturity": 6,
                "rights": ["patent-granted"], "patents": ["CN100000001B"],
            })
            for title in offers
        ),
    ):  # fmt: skip
        kind = name.partition(" ")[0]
        draft = create(registry, actor, kind, {**shared, **values})
        made[name] = move(registry, actor, draft.key, "publish", revision=draft.revision).key
    meet_records(registry, list(made.values()))
    other_offer = made[f"offer {offers[2][:8]}"]
    sent = express_interest(registry, institute, made["need"], {"en": "Shall we talk?"}, mine=other_offer)
    manager = Account.objects.get(email="manager@example.org")
    return {
        "wanted": made["need"], "found": made["offer"], "interest": sent.key,
        "stop": signing.dumps(manager.key, salt=STOP_SALT, compress=False),
    }  # fmt: skip


def document_of(workspace: Path) -> str:
    """A document that the newest scan counted: the first whose title is a script, else the first."""
    from foretrack.corpus.store import Corpus
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import find_scan

    opened = Workspace.open(workspace)
    ids = find_scan(opened).stored.table("documents")["document_id"].to_pylist()
    stored = Corpus(opened.corpus_dir).documents(map(str, ids[:2000]))
    return min(stored, key=lambda one: not one.document.title.startswith("<script>")).document_id


def has_work(call: str) -> str:
    """A task of a call that is not done; whoever has it gets the address `reviewer@example.org`, whom the walk sends."""
    from allauth.account.models import EmailAddress

    from foretrack.accounts.models import Account
    from foretrack.review.models import Task

    task = Task.objects.filter(call=call, done_at=None, ended_at=None).order_by("pk")[0]
    busy, named = Account.objects.get(key=task.reviewer), Account.objects.get(email="reviewer@example.org")
    if busy.pk != named.pk:
        addresses = (
            (busy.email, "nobody@example.org"),
            (named.email, busy.email),
            ("nobody@example.org", named.email),
        )
        for before, after in addresses:
            Account.objects.filter(email=before).update(email=after)
            EmailAddress.objects.filter(email=before).update(email=after)
    return str(task.pk)


def fill(workspace: Path, *, lookout: bool = True) -> dict[str, str]:
    """Fills a workspace; its lookout too, unless it has one already."""
    if lookout:
        look_out(workspace)
    registry = open_registry(workspace, os.environ)
    if lookout:
        make_findable(workspace)
    from foretrack.accounts.models import Account, RoleGrant
    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.actions.records import create, edit

    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    works = create(
        registry, national, "organisation",
        {
            "name": {"en": "Invented Works", "zh": "虚构制造有限公司"}, "sort_of": "company", "region": "CN-33",
            "country": "CN",            "website": "https://example.org/works", "contact": "Invented Person",
            "about": {"en": "An invented firm.\nIt makes cells in samples only.", "zh": "虚构企业，仅用于示例。"},
        },
        provenance={
            "*": {"source": "Invented sample", "confidence": "k", "licence": "CC0-1.0"},
            "name": {
                "source": "Invented register", "url": "https://example.org/r", "date": "2026-01-05", "confidence": "V2",
            },
        },
    )  # fmt: skip
    edit(
        registry, national, works.key,
        {"about": {"en": "An invented firm.\nIt makes solid cells in samples only.", "zh": "虚构企业，只用于示例。"}},
        revision=1, reason="Invented reason",
    )  # fmt: skip
    script = create(
        registry, national, "organisation",
        {"name": {"en": SCRIPT, "zh": SCRIPT}, "sort_of": "other", "region": "CN-33", "other_names": [{"en": SCRIPT}]},
    )  # fmt: skip
    for n in range(60):
        create(
            registry, national, "organisation",
            {
                "name": {"en": f"Invented Institute {n}", "zh": f"虚构研究院 {n}"}, "sort_of": "institute",
                "region": "CN-31", "parent": works.key,
            },
        )  # fmt: skip
    long_title = "固态电池与先进储能" * 33
    technology = create(
        registry, national, "technology",
        {
            "title": {"en": "Solid-state batteries", "zh": "固态电池"}, "organisations": [works.key], "maturity": 6,
            "signals": ["concept:echo-memory", "concept:a hostile \"<b>name\""],
            "tracks": ["cn-future-industries-2024/new-energy-storage"],
        },
    )  # fmt: skip
    long_one = create(registry, national, "technology", {"title": {"zh": long_title}})
    from foretrack.lists.actions.issuing import publish
    from foretrack.lists.actions.series import declare_series
    from foretrack.registry.actions.records import move

    second = Actor("SECOND", grants=(Grant("officer", regions=("*",)),))
    institute = create(
        registry,
        national,
        "organisation",
        {"name": {"en": "Invented Listed"}, "sort_of": "institute", "region": "CN-31"},
    )
    move(registry, second, institute.key, "verify", revision=1, reason="Invented reason")
    declare_series(
        registry, national, "invented-list", kind="organisation", title={"en": "Invented list", "zh": "虚构名单"},
        publisher={"en": "Invented office", "zh": "虚构办公室"},
    )  # fmt: skip
    publish(registry, national, "invented-list", reason="Invented reason")
    roles: dict[str, dict[str, object]] = {
        "officer": {"role": "officer", "regions": ["*"]},
        "second": {"role": "officer", "regions": ["*"]},
        "manager": {"role": "manager", "organisation": works.key},
        "answerer": {"role": "manager", "organisation": institute.key},
        "auditor": {"role": "auditor"},
        "administrator": {"role": "administrator"},
        "reviewer": {"role": "reviewer", "regions": ["*"]},
        "reviewer2": {"role": "reviewer", "regions": ["*"]},
        "reviewer3": {"role": "reviewer", "regions": ["*"]},
    }
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    hashed = make_password(PASSWORD)  # once for all of them: it is slow on purpose
    for name, grant in roles.items():
        account = Account.objects.create(
            email=f"{name}@example.org",
            password=hashed,
            name=f"Invented {name}",
            is_staff=name == "administrator",
        )
        EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
        RoleGrant.objects.create(account=account, given_by="OPERATOR", given_at=registry.now(), **grant)
    from foretrack.accounts.actors import actor_of
    from foretrack.watch.actions.channels import add_mail
    from foretrack.watch.actions.rules import add_rule

    officer = actor_of(Account.objects.get(email="officer@example.org"))
    rule = add_rule(
        registry, officer, name="Invented rule", kind="organisation", filters={"key": [works.key]},
        when=["status changed", "stale 90"],
    ).rule.key  # fmt: skip
    add_mail(registry, officer, rule)
    announced = announce(workspace, works.key)
    from foretrack.installation.sample_evaluations import Side, sample_evaluations

    evaluations = sample_evaluations(
        registry, officer=national, second=second,
        maker=Side(works.key, "CN-33", Actor("MANAGER", grants=(Grant("manager", organisation=works.key),))),
        assessor=Side(
            institute.key, "CN-31", Actor("ANSWERER", grants=(Grant("manager", organisation=institute.key),))
        ),
    )  # fmt: skip
    cases = tell_cases(workspace, works.key, institute.key)
    cases |= publish_profiles(workspace, works.key)
    from foretrack.installation.sample_calls import sample_calls
    from foretrack.registry.models import Record
    from foretrack.review.models import Draw, Task

    calls = sample_calls(
        registry, officer=national, second=second, issuer=works.key,
        firms=[(works.key, "CN-33", Actor("MANAGER", grants=(Grant("manager", organisation=works.key),)))],
        reviewers=[
            actor_of(Account.objects.get(email=f"{name}@example.org")) for name in roles if name.startswith("reviewer")
        ],
    )  # fmt: skip
    from foretrack.installation.sample_hall import sample_hall

    hall, _ = sample_hall(
        registry, officer=national, second=second, host=works.key, region="CN-33",
        owner=Actor("MANAGER", grants=(Grant("manager", organisation=works.key),)),
        asker=Actor("ASKER", grants=(Grant("manager", organisation=institute.key),)),
    )  # fmt: skip
    from foretrack.installation.sample_fairs import sample_fairs

    manager = actor_of(Account.objects.get(email="manager@example.org"))
    fairs = sample_fairs(
        registry, officer=national, issuer=institute.key, firms=[(works.key, "CN-33", manager)]
    )
    return {
        **calls,
        **hall,
        **fairs,
        "review": has_work(calls["reviewing_call"]),
        "selected": Record.objects.get(kind="submission", status="selected").key,
        "draw": str(Draw.objects.get(call=calls["finished_call"]).pk),
        "task": str(
            Task.objects.filter(call=calls["reviewing_call"], done_at=None).values_list("pk", flat=True)[0]
        ),
        "document": document_of(workspace),
        "rule": rule,
        "member": Account.objects.get(email="manager@example.org").key,
        "announced": announced,
        **evaluations,
        "works": works.key,
        "script": script.key,
        "technology": technology.key,
        "long": long_one.key,
        **look_for_partners(workspace, works.key, institute.key),
        "other_firm": institute.key,
        "answerer": Account.objects.get(email="answerer@example.org").key,
        **cases,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fill(Path(sys.argv[1]))))

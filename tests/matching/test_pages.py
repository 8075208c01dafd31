"""Matching in a browser and through the API: from a list to an interest, and nothing hidden in any of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.matching.conftest import World
from tests.matching.test_lists import Letters, quick

from foretrack.accounts.actions.tokens import make_token
from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.clock import system_clock
from foretrack.installation.opening import configured_installation
from foretrack.jobs.declaring import Run
from foretrack.matching.actions.meanings import make_meanings
from foretrack.matching.actions.standing import meet_records
from foretrack.matching.models import Adoption, MailChoice, Suggestion
from foretrack.matching.telling import tell_all, tell_lapsed, tell_matches
from foretrack.registry.models import AuditEntry
from foretrack.watch.models import Alert

__all__ = ("quick",)
LATE = "2099-12-31"
SECRET = re.compile(r"SECRET(?!S)|secretaddress|777123")


@dataclass
class Site:
    """People who log in to the world's site."""

    world: World
    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def join(self, name: str, role: str, **where: Any) -> None:
        account = Account.objects.create_user(f"{name}@example.org", None, name=name.title())
        RoleGrant.objects.create(
            account=account, role=role, given_by="X", given_at=self.world.registry.now(), **where
        )
        self.clients[name] = Client(raise_request_exception=True)
        self.clients[name].force_login(account)
        scopes = ["read", "write", "decide", "manage"]
        now = replace(self.world.registry, clock=system_clock)
        self.tokens[name] = make_token(now, actor_of(account), "test", scopes).text

    def get(self, who: str, path: str, status: int = 200) -> str:
        answer = self.clients[who].get(f"/en/{path}", follow=True)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    def post(self, who: str, path: str, status: int = 200, **given: Any) -> str:
        answer = self.clients[who].post(f"/en/{path}", given, follow=True)
        assert answer.status_code == status, (path, answer.content.decode()[:2000])
        return answer.content.decode()

    def api(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
        answer = Client().generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            "application/json",
            headers=headers,
        )
        return answer.status_code, json.loads(answer.content) if answer.content else None


@pytest.fixture
def site(world: World, settings: Any, tmp_path: Path, quick: Letters) -> Site:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    settings.FORETRACK_ADDRESS = "https://foretrack.example.org"
    made = Site(world)
    made.clients["visitor"] = Client()
    for name, role, where in (
        ("firm", "manager", {"organisation": world.firm}), ("office", "manager", {"organisation": world.office}),
        ("rival", "manager", {"organisation": world.rival}), ("officer", "officer", {"regions": ["*"]}),
        ("administrator", "administrator", {}),
    ):  # fmt: skip
        made.join(name, role, **where)
    return made


def test_from_a_list_to_an_agreement(site: Site, quick: Letters) -> None:
    world = site.world
    need, offer = world.need(valid_until=LATE), world.offer(valid_until=LATE)
    make_meanings(quick)
    page = site.get("firm", f"matches/{need}/")
    assert "Invented welding robot" in page
    assert "Express interest" in page
    assert site.get("firm", "matches/").count(need) > 0

    page = site.post("firm", f"matches/{need}/{offer}/interest/", 400)
    assert "missing" in page or "needed" in page
    said: dict[str, Any] = {"message-en": "SECRETMESSAGE shall we talk?"}
    site.post("firm", f"matches/{need}/{offer}/interest/", **said)
    key = json.loads(site.clients["firm"].get("/en/matches.json").content)["sent"][0]["key"]
    assert "Invented Office" in site.get("office", "matches/")

    assert "Seen by the other side" in site.get("office", f"interests/{key}/")
    assert "SECRETPERSON" not in site.get("office", f"interests/{key}/")
    revision = world.at(key).revision
    step: dict[str, Any] = {"record-revision": revision}
    site.post("office", f"record/{key}/move/accept/", **step)
    for who in ("firm", "office"):
        assert "SECRETPERSON" in site.get(who, f"interests/{key}/")
        assert "SECRETPERSON" in site.get(who, f"record/{key}/")
    assert "SECRETPERSON" not in site.get("officer", f"interests/{key}/")
    for who in ("rival", "visitor", "administrator"):
        site.get(who, f"interests/{key}/", 404)

    figures = site.get("officer", "matches/figures/")
    assert "Figures of matching" in figures
    site.get("firm", "matches/figures/", 403)
    told = json.loads(site.clients["officer"].get("/en/matches/figures.json").content)
    assert (told["n_matched"], told["n_published"]) == (2, 2)


def test_a_match_is_put_aside_with_a_reason_and_comes_back(site: Site, quick: Letters) -> None:
    world = site.world
    need, offer = world.need(valid_until=LATE), world.offer(valid_until=LATE)
    site.get("firm", f"matches/{need}/")
    assert "Why it is not relevant" in site.get("firm", f"matches/{need}/{offer}/aside/")
    site.get("office", f"matches/{need}/{offer}/aside/", 403)
    page = site.post("firm", f"matches/{need}/{offer}/aside/", reason="too-costly")
    assert "Take it back" in page
    one = Suggestion.objects.get(record=need)
    assert (one.judgement, one.reason) == ("not relevant", "too-costly")
    assert AuditEntry.objects.filter(act="judge match").count() == 1
    assert "Not relevant" in site.post("firm", f"matches/{need}/{offer}/aside/", back="yes")


def test_hidden_parts_and_hostile_text_are_nowhere(site: Site, quick: Letters) -> None:
    world = site.world
    script = "<script>alert(1)</script> Ignore previous instructions"
    need = world.need(valid_until=LATE, title={"en": f"{script} weld"})
    offer = world.offer(valid_until=LATE, title={"en": "=HYPERLINK(1)"}, advantages={"en": script})
    meet_records(world.registry, [need, offer])
    assert Suggestion.objects.filter(standing=True).count() == 2
    tell_all.func(Run(world.registry, "t", 1, False))
    for account in Account.objects.filter(email__in=("firm@example.org", "office@example.org")):
        numbers = [one.pk for one in Suggestion.objects.all()]
        tell_matches.func(Run(world.registry, "t", 1, False), account.key, numbers)
    seen = [str(one.body) + one.subject for one in mail.outbox]
    assert seen
    for who in ("visitor", "firm", "office", "rival", "officer", "administrator"):
        for key in (need, offer):
            for path in (f"matches/{key}/", f"matches/{key}.json", f"matches/{key}.csv"):
                seen.append(site.get(who, path))
            seen.append(json.dumps(site.api(who, "GET", f"matches/{key}")[1]))
        if who != "visitor":
            seen += [site.get(who, path) for path in ("matches/", "matches.json", "matches.csv")]
        for key in (need, offer):
            if who == "visitor":
                seen += [site.get(who, path) for path in (f"record/{key}/", f"record/{key}.json")]
    tables = [Suggestion, MailChoice, AuditEntry, Alert]
    seen += [str(list(table._default_manager.values())) for table in tables]
    for text in seen:
        assert not SECRET.search(text), SECRET.search(text)
    page = site.get("visitor", f"matches/{need}/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert not re.search(r'(^|[,"])=HYPERLINK', site.get("firm", f"matches/{need}.csv"), re.MULTILINE)


def test_one_mail_a_day_and_none_to_whoever_wants_none(site: Site, quick: Letters) -> None:
    world = site.world
    run = Run(world.registry, "t", 1, False)
    need = world.need(valid_until=LATE)
    offer = world.offer(valid_until=LATE)
    meet_records(world.registry, [need, offer])
    tell_all.func(run)
    tell_all.func(run)
    assert not Suggestion.objects.filter(told_at=None).exists()
    told = MailChoice.objects.exclude(told_on=None).count()
    assert told == 2

    account = Account.objects.get(email="firm@example.org")
    mail.outbox.clear()
    tell_matches.func(run, account.key, [one.pk for one in Suggestion.objects.filter(record=need)])
    (letter,) = mail.outbox
    assert letter.to == ["firm@example.org"]
    assert f"/en/matches/{need}/" in letter.body
    stop = re.search(r"https://foretrack.example.org(/en/matches/stop/\S+/)", str(letter.body))
    assert stop is not None
    asked = Client().get(stop[1])
    assert "No more messages" in asked.content.decode()
    assert MailChoice.objects.get(account=account.key).wants  # looking alone stops nothing
    Client().post(stop[1])
    assert not MailChoice.objects.get(account=account.key).wants
    tell_matches.func(run, account.key, [one.pk for one in Suggestion.objects.all()])
    assert len(mail.outbox) == 1
    assert Client().get("/en/matches/stop/forged:link/").status_code == 400
    site.post("firm", "matches/mails/", wants="yes")
    assert MailChoice.objects.get(account=account.key).wants


def test_both_sides_are_told_of_what_was_closed(site: Site) -> None:
    world = site.world
    need, offer = world.need(valid_until=LATE), world.offer(valid_until=LATE)
    code, made = site.api(
        "firm", "POST", "interests", {"about": offer, "mine": need, "message": {"zh": "您好"}}
    )
    assert code == 201, made
    world.move("office", offer, "withdraw")
    mail.outbox.clear()
    tell_lapsed.func(Run(world.registry, "t", 1, False), made["key"])
    assert sorted(one.to[0] for one in mail.outbox) == ["firm@example.org", "office@example.org"]


def test_programs_do_the_same(site: Site, quick: Letters) -> None:
    world = site.world
    need, offer = world.need(valid_until=LATE), world.offer(valid_until=LATE)
    make_meanings(quick)
    site.get("firm", f"matches/{need}/")
    code, found = site.api("firm", "GET", f"matches/{need}?most=3")
    assert (code, [line["key"] for line in found["lines"]]) == (200, [offer])
    assert site.api("firm", "GET", "matches")[1]["profiles"][0]["key"] == need
    judging = {"other": offer, "relevant": False, "reason": "place"}
    assert site.api("firm", "POST", f"matches/{need}/judgements", judging)[0] == 204
    assert site.api("rival", "POST", f"matches/{need}/judgements", judging)[0] == 403
    code, made = site.api(
        "office", "POST", "interests", {"about": need, "mine": offer, "message": {"en": "Hello"}}
    )
    assert code == 201
    assert site.api("rival", "GET", f"interests/{made['key']}")[0] == 404
    assert site.api("office", "GET", f"interests/{made['key']}")[1]["own_side"] == "sender"
    assert site.api("officer", "GET", "matches/figures")[0] == 200
    assert site.api("firm", "POST", "matches/mails", {"wants": False}) == (200, {"wants": False})
    assert site.api("firm", "POST", "matches/weights/adopt", {"name": "shipped", "reason": "x"})[0] == 403
    assert site.api("administrator", "POST", "matches/weights")[0] == 409


def test_weights_are_proposed_and_put_in_force_by_an_administrator_alone(site: Site, quick: Letters) -> None:
    import numpy as np

    world = site.world
    chance = np.random.default_rng(2)
    need, offer = world.need(valid_until=LATE), world.offer(valid_until=LATE)
    make_meanings(quick)
    now = world.registry.now()
    rows = []
    from datetime import timedelta

    for n in range(120):
        shares = {
            part: float(chance.uniform()) for part in ("words", "meaning", "sentences", "tracks", "evidence")
        }
        rows.append(
            Suggestion(
                record=need if n else offer, other=f"{n:026d}", side="need", score=0.5, parts=shares, rank=1 + n % 10,
                made_at=now, shown=1, judgement="not relevant" if shares["meaning"] < 0.5 else "relevant",
                judged_at=now + timedelta(minutes=n), reason="not-fitting",
            )
        )  # fmt: skip
    Suggestion.objects.bulk_create(rows)
    page = site.post("administrator", "matches/weights/")
    assert "all of one sort" not in page
    (line,) = json.loads(site.clients["visitor"].get("/en/matches/weights.json").content)["versions"][:-1]
    assert not line["in_force"]
    site.post("firm", "matches/weights/", 403)
    site.get("firm", "matches/weights/adopt/", 403)
    site.post("administrator", "matches/weights/adopt/", 400, name=line["name"])
    site.post("administrator", "matches/weights/adopt/", name=line["name"], reason="Tried and better")
    assert json.loads(site.clients["firm"].get(f"/en/matches/{need}.json").content)["weights"] == line["name"]
    site.post("administrator", "matches/weights/adopt/", name="shipped", reason="Back")
    assert json.loads(site.clients["firm"].get(f"/en/matches/{need}.json").content)["weights"] == "foretrack"
    assert [one.version for one in Adoption.objects.order_by("pk")] == [line["name"], "shipped"]
    acts = list(AuditEntry.objects.filter(subject__startswith="weights:").values_list("act", flat=True))
    assert acts == ["propose weights", "adopt weights", "adopt weights"]

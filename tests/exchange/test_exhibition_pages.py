"""Pages, data and routes of an exhibition: what each reader gets, and what nobody else ever does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.exchange.fairground import Fairground, fairground

from foretrack.accounts.models import Account, RoleGrant
from foretrack.domains.exchange.actions.exhibitions import schedule_of
from foretrack.installation.opening import configured_installation

SLOT = "2026-05-12T01:30Z"
SECRETS = ("PLANTED", "Person of dock", "dock@example.org", SLOT)


@pytest.fixture
def ground(db: None, tmp_path: Path, settings: Any) -> Fairground:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    made = fairground(tmp_path)
    made.wish("dock", (SLOT,), arm=3, belt=2)
    made.wish("edge", arm=1)
    made.planned()
    made.move("organiser", made.key, "schedule")
    return made


def client(ground: Fairground, name: str = "", role: str = "manager", **where: Any) -> Client:
    """Somebody in a browser."""
    found = Client()
    if name:
        account = Account.objects.create(email=f"{name}.login@example.org", name=f"Invented {name}")
        given = {"organisation": ground.firms[name]} if name in ground.firms else where
        RoleGrant.objects.create(
            account=account, role=role, given_by="OPERATOR", given_at=ground.registry.now(), **given
        )
        found.force_login(account)
    return found


def test_nothing_of_a_participant_reaches_others_in_any_output(ground: Fairground) -> None:
    key, part, own = ground.key, ground.parts["dock"], ground.parts["belt"]
    for who in ("", "belt"):
        site = client(ground, who)
        paths = [
            "exhibitions/", f"exhibitions/{key}/", f"exhibitions/{key}/catalogue/", "records/participation/",
            "records/badge/", "records/meeting-schedule/", "records/meeting-outcome/", f"record/{part}/",
            "search/?q=dock",
        ]  # fmt: skip
        paths += [f"exhibitions/{key}/mine/{own}/", f"exhibitions/{key}/mine/{own}/wishes/"] if who else []
        outputs = []
        for path in paths:
            for form in ("", ".json", ".csv"):
                at, _, query = path.partition("?")
                address = f"/en/{at.rstrip('/')}{form or '/'}{'?' + query if query else ''}"
                answer = site.get(address)
                assert answer.status_code in (200, 404), address
                outputs.append(answer.content.decode(errors="replace"))
        outputs.append(site.get("/api/v1/records?kind=participation").content.decode())
        told = "\n".join(outputs)
        assert "Invented dock" in told
        for secret in (*SECRETS[1:3], ground.code("dock")):
            assert secret not in told, (who, secret)
        for path in ("", "wishes/", "meetings.ics"):
            assert site.get(f"/en/exhibitions/{key}/mine/{part}/{path}").status_code in (302, 404)
        for path in ("board/", "desk/"):
            assert site.get(f"/en/exhibitions/{key}/{path}").status_code in (302, 403), path


def test_a_participant_sees_the_own_day_and_takes_a_free_slot_once(ground: Fairground) -> None:
    key, part = ground.key, ground.parts["dock"]
    site = client(ground, "dock")
    for language, word in (("en", "My agenda"), ("zh-hans", "我的日程")):
        text = site.get(f"/{language}/exhibitions/{key}/mine/{part}/").content.decode()
        assert word in text
        assert "<svg" in text
        assert "secret-room.example" in text
    ground.wish("cell", dock=2)
    page = site.get(f"/en/exhibitions/{key}/mine/{part}.json").json()
    (offer,) = page["offers"]
    sent = {"act": "take", "whom": offer["whom"], "begins": offer["slots"][0]["name"]}
    assert (
        "stands in both"
        in site.post(f"/en/exhibitions/{key}/mine/{part}/", sent, follow=True).content.decode()
    )
    assert "not free" in site.post(f"/en/exhibitions/{key}/mine/{part}/", sent, follow=True).content.decode()
    answer = site.post(f"/en/exhibitions/{key}/mine/{part}/", {"act": "feed"})
    feed = answer.context["feed"]
    calendar = Client().get(feed.replace("http://testserver", ""))
    assert calendar["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VTIMEZONE" in calendar.content
    assert calendar["Cache-Control"] == "private, no-store"
    assert feed not in site.get(f"/en/exhibitions/{key}/mine/{part}/").content.decode()


def test_wishes_are_kept_by_the_form_and_a_stale_one_is_refused(ground: Fairground) -> None:
    site = client(ground, "fork")
    address = f"/en/exhibitions/{ground.key}/mine/{ground.parts['fork']}/wishes/"
    page = site.get(address[:-1] + ".json").json()
    slots = [slot["when"]["name"] for day in page["days"] for slot in day["slots"]]
    sent = {"revision": page["revision"], f"wish-{ground.parts['cell']}": "3", "free": slots[1:]}
    assert site.post(address, sent).status_code == 302
    kept = site.get(address[:-1] + ".json").json()
    assert [slot["free"] for day in kept["days"] for slot in day["slots"]] == [False, True, True, True]
    assert site.post(address, sent).status_code == 409
    assert site.post(address, {**sent, f"wish-{ground.parts['cell']}": "junk"}).status_code in (400, 409)


def test_the_board_plans_by_a_job_and_publishes_what_was_looked_at(ground: Fairground) -> None:
    site = client(ground, "officer", "officer", regions=["*"])
    address = f"/en/exhibitions/{ground.key}/board/"
    ground.move("edge", ground.parts["edge"], "drop-out")
    assert "Mending leaves every other" in site.get(address).content.decode()
    assert "waits for the worker" in site.post(address, {"act": "mend"}, follow=True).content.decode()
    from foretrack.domains.exchange.actions.scheduling import make_proposal

    make_proposal(ground.registry, ground.key, mend=True)
    schedule = schedule_of(ground.key)
    assert schedule is not None
    page = site.get(address[:-1] + ".json").json()
    assert (page["proposal"]["changed"], page["proposal"]["least"], page["busy"]) == (1, 1, False)
    stale = {"act": "publish", "revision": schedule.revision - 1}
    assert "changed" in site.post(address, stale, follow=True).content.decode()
    done = site.post(address, {"act": "publish", "revision": schedule.revision}, follow=True)
    assert "Published: 2 kept" in done.content.decode()
    assert site.get(f"/en/exhibitions/{ground.key}/desk/").status_code == 200


def test_hostile_text_stays_text(ground: Fairground) -> None:
    script = "<script>alert(1)</script>"
    ground.firms["hull"], ground.actors["hull"] = ground.firms["fork"], ground.actors["fork"]
    key = ground.join("hull", "visitor", confirm=False)
    from foretrack.registry.actions.records import edit
    from foretrack.registry.models import Record

    edit(
        ground.registry, ground.actors["fork"], key,
        {"title": {"en": script}, "shows": {"en": f"=HYPERLINK(1) {script} Ignore all rules"}},
        revision=Record.objects.get(key=key).revision,
    )  # fmt: skip
    ground.move("organiser", key, "confirm", stand="=1+1")
    site = client(ground)
    assert script not in site.get(f"/en/exhibitions/{ground.key}/catalogue/").content.decode()
    table = site.get(f"/en/exhibitions/{ground.key}/catalogue.csv").content.decode()
    assert ",=1+1" not in table
    assert '"=HYPERLINK' not in table
    paper = site.get(f"/zh-hans/exhibitions/{ground.key}/catalogue.pdf")
    assert paper.content.startswith(b"%PDF")

"""What applicants, their competitors, recommending bodies and the public see of submissions, and do with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.review.office import Office
from tests.review.pages import SECRET, Scene

from foretrack.installation.opening import configured_installation, registry_of
from foretrack.registry.actions.records import show
from foretrack.registry.models import Record
from foretrack.review.models import Objection


@pytest.fixture
def site(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    registry_of(settings.FORETRACK)
    return tmp_path


def told(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_hand_in_to_recommendation(site: Path) -> None:
    office = Office(site)
    day = datetime.now(UTC).date()
    office.move_to(day.isoformat())
    call = office.call(
        opens_on=day.isoformat(), closes_on=(day + timedelta(days=9)).isoformat(), recommended=True, partners_most=1,
        rule="cn-hte-2016/high-tech-enterprise", quotas=[{"body": "CN-33", "places": 1}],
        stages=[{"name": "Desk", "mode": "blind", "reviewers": 2, "rubric": "review-rubrics/typical"}],
    )  # fmt: skip
    firm = office.firm("Acme Robots")
    partners = [office.organisation("Gamma Lab"), office.organisation("Delta Lab")]
    subject = office.scenario(firm, "Alpha")
    scene = Scene.__new__(Scene)
    scene.office = office
    mine = scene.client("acme", "manager", organisation=office.keys["Acme Robots"])
    rival = scene.client("rival", "manager", organisation=office.keys["Gamma Lab"])
    at = f"/en/calls/{call}/hand-in/"

    record = told(mine.get(f"/en/record/{subject}/"))
    assert f"{at}?subject={subject}" in record
    assert "Calls that ask for such a record" in record
    assert at in told(mine.get(f"/en/record/{call}/"))
    assert at not in told(Client().get(f"/en/record/{call}/"))
    assert f"?subject={subject}" in told(mine.get(at))
    checked = told(mine.get(f"{at}?subject={subject}"))
    assert "undecided" in checked
    assert "Undecided for want of a value" in checked
    assert rival.get(f"{at}?subject={subject}").status_code == 400

    unsworn = mine.post(f"{at}?subject={subject}", {"submit": "yes", "avoid": "Gamma Lab"})
    assert unsworn.status_code == 400
    assert "Declare it, or keep" in told(unsworn)
    assert "Say why." in told(unsworn)
    both = mine.post(
        f"{at}?subject={subject}", {"partners": "Gamma Lab\nDelta Lab", "promise": "on", "submit": "yes"}
    )
    draft = Record.objects.get(kind="submission")
    assert both["Location"] == f"/en/submissions/{draft.key}/"
    assert draft.status == "draft"
    assert "not submitted: 2 partners" in told(mine.get(both["Location"]))
    office.go(firm, draft.key, "withdraw")
    sent = mine.post(
        f"{at}?subject={subject}",
        {
            "partners": "Gamma Lab",
            "promise": "on",
            "submit": "yes",
            "avoid": partners[1],
            "avoid_reason": "A dispute",
        },
    )
    page = told(mine.get(sent["Location"]))
    key = sent["Location"].split("/")[-2]
    assert "Your local body looks at it" in page
    assert "high-tech-enterprise" in page
    assert rival.get(sent["Location"]).status_code == Client().get(sent["Location"]).status_code == 404
    assert rival.get(f"/api/v1/submissions/{key}").status_code == 404

    other = office.submission(office.firm("Beta Works"), call, "Beta").key
    body = scene.client("province", "officer", regions=["CN-33"])
    elsewhere = scene.client("elsewhere", "officer", regions=["CN-44"])
    where = f"/en/calls/{call}/recommend/"
    assert "Alpha" not in told(elsewhere.get(where))
    assert mine.get(where).status_code == 403
    assert "0 of 1 places used" in told(body.get(where))
    assert body.post(where, {"body": "CN-33"}).status_code == 400
    twice = body.post(
        where, {"body": "CN-33", "tick": [key, other], f"rank-{key}": "1", f"rank-{other}": "1"}
    )
    assert "two submissions stand at place 1" in told(twice)
    full = body.post(where, {"body": "CN-33", "tick": [key, other], f"rank-{key}": "1", f"rank-{other}": "2"})
    assert full.status_code == 400
    assert "CN-33 has recommended 1 submissions already" in told(full)
    assert Record.objects.get(key=key).status == "recommended"
    assert Record.objects.get(key=key).body["rank"] == 1
    assert Record.objects.get(key=other).status == "submitted"
    office.go(office.province, other, "return", "The effect is not shown")
    back = scene.client("beta", "manager", organisation=office.keys["Beta Works"])
    returned = told(back.get(f"/en/submissions/{other}/"))
    assert "The effect is not shown" in returned
    assert "It came back to you for correction" in returned


def test_an_applicant_learns_what_was_said_and_never_by_whom(site: Path) -> None:
    scene = Scene(site)
    office = scene.office
    for name in ("ann", "bob"):
        for key in (scene.one, scene.two):
            office.mark(scene.reviewer(name), scene.task(name, key), novelty=9 if key == scene.one else 2)
    mine = scene.client("beta", "manager", organisation=office.keys["Beta Works"])
    paths = [
        f"/en/submissions/{scene.two}/",
        f"/en/submissions/{scene.two}.json",
        f"/api/v1/submissions/{scene.two}",
    ]
    for path in paths:
        assert "Well told." not in told(mine.get(path)), "told before it is decided"
    office.decided(scene.call, {scene.one: "select", scene.two: "decline"})
    keys = [scene.reviewer(name).key for name in ("ann", "bob")]
    for path in [
        *paths,
        f"/en/record/{scene.two}/",
        f"/en/record/{scene.two}/history/",
        f"/en/record/{scene.call}/",
    ]:
        seen = told(mine.get(path))
        assert [
            one for one in (*keys, "Ann", "Bob", "Sound.", "One saw it otherwise") if one in seen
        ] == [], path
    page = told(mine.get(paths[0]))
    assert "Well told." in page
    assert "By the scores." in page
    assert "2 of 2" in page
    assert "Effect in figures" in page

    announced = f"/en/submissions/{scene.one}/"
    public = told(Client().get(announced))
    assert SECRET in public
    assert "anybody may object" in public
    assert "Well told." not in public
    assert Client().get(f"/en/submissions/{scene.two}/").status_code == 404
    objection = {"grounds": "false statement", "text": "It was never built."}
    assert Client().post(f"{announced}object/", objection).status_code == 400
    given = Client().post(f"{announced}object/", {**objection, "contact": "somebody@example.org"})
    assert given.status_code == 302
    assert Objection.objects.get().contact == "somebody@example.org"
    assert "waits for an answer" in told(Client().get(announced))
    assert "It was never built." not in told(Client().get(announced))
    owner = scene.client("owner", "manager", organisation=office.keys[SECRET])
    assert "It was never built." in told(owner.get(announced))
    assert "somebody@" not in told(owner.get(announced))
    assert show(office.registry, office.ministry, scene.one).status == "notice"

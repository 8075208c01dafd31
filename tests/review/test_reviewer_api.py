"""What programs do for reviewers and applicants, and what their tokens do not let them do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.review.office import MARKS, Office
from tests.review.pages import SECRETS, Scene

from foretrack.installation.opening import configured_installation, registry_of
from foretrack.registry.access.permission import AccessError
from foretrack.review.actions.objecting import object_to
from foretrack.review.actions.reviewers import declare_conflict, end_conflict, save_profile
from foretrack.review.actions.reviewing import remark, send_sheet, step_back
from foretrack.review.models import Sheet


@pytest.fixture
def site(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    registry_of(settings.FORETRACK)
    return tmp_path


def test_a_sheet_a_remark_and_a_conflict_by_the_api(site: Path) -> None:
    scene = Scene(site)
    ann, task = scene.client("ann"), scene.task("ann", scene.one)

    def post(path: str, **given: Any) -> Any:
        return ann.post(f"/api/v1/reviews/{path}", given, content_type="application/json")

    half = post(f"{task}/sheets", scores={"novelty": 8}, version=0)
    assert half.status_code == 400
    assert "effect, maturity, transfer" in half.content.decode()
    sent = post(
        f"{task}/sheets", scores={**MARKS, "novelty": 7.5}, version=0, for_applicant="Well told.", seconds=60
    )
    assert (sent.status_code, sent.json()["state"]) == (201, "done")
    assert Sheet.objects.get().scores["novelty"] == 7.5
    assert post(f"{task}/remarks", text="What of the cost?").status_code == 201
    seen = ann.get(f"/api/v1/reviews/{task}").json()
    assert seen["version"] == 1
    assert seen["remarks"][0]["text"] == "What of the cost?"
    assert not [one for one in SECRETS if one in str(seen)]
    assert (
        post(f"{scene.task('ann', scene.two)}/give-back", conflict=True, reason="My brother").status_code
        == 200
    )
    assert post(f"{scene.task('bob', scene.one)}/give-back", conflict=False).status_code == 404
    profile = post("me", employers=[scene.office.keys["Beta Works"]], words="robots", most=3)
    assert list(profile.json()["titles"].values()) == ["Beta Works"]


def test_handing_in_and_recommending_by_the_api(site: Path) -> None:
    office = Office(site)
    day = datetime.now(UTC).date()
    office.move_to(day.isoformat())
    call = office.call(
        opens_on=day.isoformat(), closes_on=(day + timedelta(days=9)).isoformat(), recommended=True, quota=1,
        stages=[{"name": "Desk", "mode": "blind", "reviewers": 2, "rubric": "review-rubrics/typical"}],
    )  # fmt: skip
    scene = Scene.__new__(Scene)
    scene.office = office
    firm = office.firm("Acme Robots")
    subject = office.scenario(firm, "Alpha")
    mine = scene.client("acme", "manager", organisation=office.keys["Acme Robots"])
    at = f"/api/v1/calls/{call}"
    assert [one["key"] for one in mine.get(f"{at}/own-records").json()["items"]] == [subject]
    assert mine.get(f"{at}/beforehand?subject={subject}").json()["missing"] == []
    made = mine.post(
        f"{at}/hand-in", {"subject": subject, "promise": True}, content_type="application/json"
    ).json()
    office.go(firm, made["key"], "submit")
    body = scene.client("province", "officer", regions=["CN-33"])
    ranks = {made["key"]: 1}
    done = body.post(
        f"{at}/recommendations", {"body": "CN-33", "ranks": ranks}, content_type="application/json"
    )
    assert done.json() == {"recommended": [made["key"]], "left": {}}


def test_a_token_that_may_only_read_writes_nothing(site: Path) -> None:
    scene = Scene(site)
    reader = scene.reviewer("ann").limited(["read"])
    registry, task = scene.office.registry, scene.task("ann", scene.one)
    acts: list[Callable[[], object]] = [
        lambda: save_profile(registry, reader, words="x"),
        lambda: declare_conflict(registry, reader, scene.one),
        lambda: end_conflict(registry, reader, 1, reason="x"),
        lambda: send_sheet(registry, reader, task, MARKS, version=0),
        lambda: step_back(registry, reader, task, conflict=False),
        lambda: remark(registry, reader, scene.one, 1, "x"),
        lambda: object_to(registry, reader, scene.one, grounds="other", text="x"),
    ]
    for act in acts:
        with pytest.raises(AccessError):
            act()

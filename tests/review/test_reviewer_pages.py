"""What reviewers see and do in a browser and by the API: never who applies, in a blind stage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.review.office import MARKS
from tests.review.pages import SECRETS, Scene

from foretrack.accounts.models import FormDraft
from foretrack.installation.opening import configured_installation, registry_of
from foretrack.review.models import Sheet, Task


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Scene:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    registry_of(settings.FORETRACK)
    return Scene(tmp_path)


def told(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def boxes(**changes: object) -> dict[str, object]:
    scores = {f"score-{name}": points for name, points in {**MARKS, **changes}.items()}
    return {
        "version": "0",
        "seconds": "75",
        "comment-applicant": "Well told.",
        "comment-officers": "Sound.",
        **scores,
    }


def test_nothing_that_a_blind_reviewer_is_given_tells_who_applies(scene: Scene) -> None:
    ann, task = scene.client("ann"), scene.task("ann", scene.one)
    scene.office.mark(scene.reviewer("bob"), scene.task("bob", scene.one))
    paths = [
        f"/{language}/{page}{form}"
        for language in ("en", "zh-hans")
        for page in (
            "reviews",
            f"reviews/{task}",
            "reviews/me",
            "reviews/workload",
            "tasks",
            f"reviews/{task}/back",
        )
        for form in ("/", ".json", ".csv")
    ]
    paths += ["/en/", "/api/v1/reviews", f"/api/v1/reviews/{task}", f"/en/search/?q=Zephyr+{scene.one}"]

    for moment in ("before", "after"):
        for path in paths if moment == "before" else [one for one in paths if f"reviews/{task}" in one]:
            answer = ann.get(path)
            assert answer.status_code in (200, 406), path
            shown = told(answer).replace("q=Zephyr", "").replace('value="Zephyr', "")
            found = [secret for secret in SECRETS if secret in shown and "search" not in path]
            assert found == [], f"{path} {moment}"
        if moment == "before":
            assert ann.post(f"/en/reviews/{task}/", boxes()).status_code == 302
    for path in (
        f"/en/submissions/{scene.one}/",
        f"/en/record/{scene.one}/",
        f"/en/calls/{scene.call}/recommend/",
    ):
        assert ann.get(path).status_code in (403, 404), path


def test_a_sheet_is_kept_while_it_is_filled_in_and_names_what_is_missing(scene: Scene) -> None:
    ann, task = scene.client("ann"), scene.task("ann", scene.one)
    at = f"/en/reviews/{task}/"
    kept = ann.post(
        f"{at}draft/", {"score-novelty": "8", "comment-officers": "So far"}, headers={"HX-Request": "true"}
    )
    assert "Kept as a draft" in told(kept)
    assert str(FormDraft.objects.get().form) == f"sheet:{scene.one}:{task}"
    assert "You began this earlier" in told(ann.get(at))
    again = told(ann.get(f"{at}?draft=on"))
    assert 'value="8" checked' in again
    assert "So far" in again
    assert "0001" in told(ann.get("/en/tasks/"))

    half = ann.post(at, boxes(effect="", transfer="11"))
    assert half.status_code == 400
    assert "Effect in figures, Transfer" in told(half)
    assert "No points yet." in told(half)
    assert "A number from 0 to 10 is needed." in told(half)
    assert 'value="8" checked' in told(half)
    assert "Well told." in told(half)
    assert not Sheet.objects.exists()

    assert ann.post(at, boxes()).status_code == 302
    sheet = Sheet.objects.get()
    assert (sheet.seconds, sheet.comments["applicant"]) == (75, "Well told.")
    assert not FormDraft.objects.exists()
    stale = ann.post(at, boxes(novelty=9))
    assert stale.status_code == 400
    assert "version 1 by now" in told(stale)
    assert ann.post(at, {**boxes(novelty=9), "version": "1"}).status_code == 302
    assert Sheet.objects.count() == 2


def test_the_others_are_seen_by_alias_and_only_after_the_own_sheet(scene: Scene) -> None:
    scene.office.mark(scene.reviewer("bob"), scene.task("bob", scene.one), novelty=3)
    ann, task = scene.client("ann"), scene.task("ann", scene.one)
    at = f"/en/reviews/{task}/"
    assert "Sound." not in told(ann.get(at))
    assert "Sound." not in told(ann.get(at.rstrip("/") + ".json"))
    refused = ann.post(f"{at}remark/", {"text": "What do you mean?"})
    assert refused.status_code == 403
    ann.post(at, boxes())
    seen = told(ann.get(at))
    assert "Sound." in seen
    assert "Bob" not in seen
    ann.post(f"{at}remark/", {"text": "What do you mean?"})
    bob = told(scene.client("bob").get(f"/en/reviews/{scene.task('bob', scene.one)}/"))
    assert "What do you mean?" in bob
    assert "Ann" not in bob


def test_a_task_of_somebody_else_is_not_there(scene: Scene) -> None:
    theirs = scene.task("bob", scene.one)
    ann = scene.client("ann")
    for path in (f"/en/reviews/{theirs}/", f"/en/reviews/{theirs}.json", f"/api/v1/reviews/{theirs}"):
        assert ann.get(path).status_code == 404, path
    assert ann.post(f"/en/reviews/{theirs}/", boxes()).status_code == 404
    assert scene.client("firm", "manager", organisation=scene.office.keys["Beta Works"]).get(
        "/en/reviews/"
    ).status_code == 403  # fmt: skip


def test_a_conflict_gives_the_task_back_and_stays(scene: Scene) -> None:
    ann, task = scene.client("ann"), scene.task("ann", scene.one)
    at = f"/en/reviews/{task}/back/"
    assert "Needed for a conflict" in told(ann.get(at))
    assert ann.post(at, {"why": "conflict", "reason": ""}).status_code == 400
    assert ann.post(at, {"why": "conflict", "reason": "we wrote a paper together"}).status_code == 302
    assert Task.objects.get(pk=task).ended_why == "conflict"
    mine = told(ann.get("/en/reviews/me/"))
    assert "0001" in mine
    assert "Zephyr" not in mine


def test_what_a_reviewer_says_of_the_own_work_is_kept_or_refused_beside_its_box(scene: Scene) -> None:
    ann = scene.client("ann")
    wrong = ann.post("/en/reviews/me/", {"employers": "Nowhere Inc", "words": "robots"})
    assert wrong.status_code == 400
    assert "nothing is called" in told(wrong)
    good = {"employers": "Beta Works", "words": "robots", "most": "4", "tracks": []}
    assert ann.post("/en/reviews/me/", good).status_code == 302
    assert "\nBeta Works</textarea>" in told(ann.get("/en/reviews/me/"))
    ann.post("/en/reviews/me/conflict/", {"target": "Beta Works", "why": "dispute"})
    assert "dispute" in told(ann.get("/en/reviews/me/"))
    number = ann.get("/api/v1/reviews/conflicts").json()["items"][0]["number"]
    assert ann.post(f"/en/reviews/me/conflict/{number}/end/", {"reason": "settled"}).status_code == 302
    assert "dispute" not in told(ann.get("/en/reviews/me/"))
    assert ann.get("/en/reviews/workload.json").json()["everybody"] is False


def test_a_stage_with_names_shows_the_applicant(db: None, settings: Any, tmp_path: Path) -> None:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    registry_of(settings.FORETRACK)
    scene = Scene(tmp_path, blind=False)
    page = told(scene.client("ann").get(f"/en/reviews/{scene.task('ann', scene.one)}/"))
    assert "Tamarind Gears" in page
    assert "█" not in page
    assert "Arm of Qilin Zephyr Works" in page

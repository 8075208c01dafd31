"""Pages of whoever runs a call, and of the public: who may see them, what they do, and that they stay quick."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.site.conftest import Person, firm, person, registry  # noqa: F401

from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account
from foretrack.installation.sample_calls import SampleCalls
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.actions.objecting import object_to
from foretrack.review.models import Decision, Draw, Objection, Sheet, Task

OFFICER = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
SECOND = Actor("SECOND", grants=(Grant("officer", regions=("*",)),))
BOARD = (
    "board/", "submissions/", "stages/1/reviewers/", "stages/1/draw/", "stages/1/assign/", "stages/1/conflicts/",
    "stages/1/tasks/", "stages/1/standings/", "stages/1/decide/", "objections/", "confirm/", "replay/",
)  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def calls(registry: Registry, person: Person, firm: str) -> SampleCalls:  # noqa: F811
    for _ in range(3):
        person("reviewer", regions=["*"])
    reviewers = [actor_of(one) for one in Account.objects.order_by("pk")]
    owner = Actor("OWNER", grants=(Grant("manager", organisation=firm),))
    return SampleCalls(registry, OFFICER, SECOND, firm, [(firm, "CN-33", owner)], reviewers)


@pytest.fixture
def officer(calls: SampleCalls, person: Person) -> Client:  # noqa: F811
    return person("officer", regions=["*"])


def test_a_call_from_the_table_to_the_notice(calls: SampleCalls, officer: Client) -> None:
    call, reviewed = calls._reviewing()
    at = f"/en/calls/{call}/"
    board = text(officer.get(f"{at}board/"))
    assert "One submission waits for recommendation or admission." in board
    assert "1 of 4 score sheets are missing" in board
    waiting = Record.objects.get(kind="submission", status="submitted").key

    refused = officer.post(f"{at}submissions/", {"pick": [waiting], "act": "exclude", "reason": ""})
    assert refused.status_code == 400
    assert "Not moved: 1" in text(refused)
    assert Record.objects.get(key=waiting).status == "submitted"
    moved = officer.post(f"{at}submissions/", {"pick": [waiting], "act": "admit", "reason": ""})
    assert moved.status_code == 302
    assert Record.objects.get(key=waiting).status == "reviewing"
    assert "reviews not assigned: 2" in text(officer.get(f"{at}board/"))

    again = officer.post(f"{at}stages/1/draw/", {"size": "2", "seed": "x"})
    assert again.status_code == 400
    assert "has reviewers already" in text(again)
    assert officer.post(f"{at}stages/1/assign/", {"seed": "7"}).status_code == 302
    assert Task.objects.filter(submission=waiting, ended_at=None).count() == 2
    task = Task.objects.filter(submission=waiting).first()
    assert task is not None
    other = next(key for key in (one.key for one in calls.reviewers)
                 if not Task.objects.filter(submission=waiting, reviewer=key).exists())  # fmt: skip
    given = officer.post(f"{at}replace/{task.pk}/", {"by": other, "reason": "ill"})
    assert given.status_code == 302
    assert Task.objects.get(submission=waiting, reviewer=other).done_at is None
    assert "was replaced" in text(officer.get(f"{at}stages/1/tasks/?state=ended"))

    table = officer.get(f"{at}stages/1/standings.json").json()
    assert {line["code"] for line in table["found"]["lines"] if line["sheets"]} == {"0001", "0002"}
    page = text(officer.get(f"{at}stages/1/decide/"))
    assert page.count("<select name=") == 3
    asked = {f"outcome-{reviewed}": "select", f"outcome-{waiting}": "-", "reasons": "By places."}
    shown = text(officer.post(f"{at}stages/1/decide/", asked))
    assert not Decision.objects.exists(), "it is shown once more first"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert seen is not None
    stale = officer.post(f"{at}stages/1/decide/", {**asked, "step": "decide", "seen": "0" * 64})
    assert stale.status_code == 400
    assert "look at the outcomes once more" in text(stale)
    done = officer.post(f"{at}stages/1/decide/", {**asked, "step": "decide", "seen": seen[1]})
    assert done.status_code == 302
    assert [(one.submission, one.outcome) for one in Decision.objects.all()] == [(reviewed, "select")]
    assert Record.objects.get(key=reviewed).status == "notice"
    public = text(Client().get(at))
    assert "Objections until" in public
    assert Record.objects.get(key=reviewed).title_en in public

    owner = calls.firms[0][2]
    said = object_to(calls.registry, owner, reviewed, grounds="rights", text="It is ours.")
    assert "One objection waits for an answer." in text(officer.get(f"{at}board/"))
    answered = officer.post(f"{at}objections/{said.objection}/", {"upheld": "no", "text": "It is theirs."})
    assert answered.status_code == 302
    assert Objection.objects.get().upheld is False
    told = text(officer.get(f"{at}submissions/{reviewed}/"))
    assert "It is ours." in told
    assert "It is theirs." in told
    judged_by = Account.objects.get(key=Task.objects.filter(submission=reviewed)[0].reviewer)
    assert judged_by.get_full_name() in told
    assert "Confirmed: 0" in text(officer.post(f"{at}confirm/", {"reason": "x"}, follow=True))

    replayed = officer.get(f"{at}replay.json").json()
    assert replayed["same"] == replayed["all"] == 1 + 2 + 3 + 1
    assert len(replayed["protocol"]["sheets"]) == 3
    Sheet.objects.update(total=99)
    assert "3 of" not in text(officer.get(f"{at}replay/?again=on"))
    assert "4 of 7 the same" in text(officer.get(f"{at}replay/?again=on"))


def test_the_public_sees_calls_draws_and_no_reviewer(calls: SampleCalls, person: Person) -> None:  # noqa: F811
    finished, opened = calls._finished(), calls._open()
    visitor = person()
    listed = visitor.get("/en/calls.json").json()
    assert [line["call"] for line in listed["lines"]] == [opened, finished]
    assert listed["lines"][0]["days_left"] == 26
    assert [line["call"] for line in visitor.get("/en/calls.json?region=CN-31").json()["lines"]] == [
        opened,
        finished,
    ]
    assert visitor.get("/en/calls.json?kind=iconic-product").json()["lines"] == []
    assert "Open calls" in text(visitor.get("/en/"))
    page = text(visitor.get(f"/en/calls/{finished}/"))
    draw = Draw.objects.get(call=finished)
    assert f"/en/calls/{finished}/draws/{draw.pk}/" in page
    drawn = visitor.get(f"/en/calls/{finished}/draws/{draw.pk}.json").json()
    tickets = text(visitor.get(f"/en/calls/{finished}/draws/{draw.pk}/candidates.txt")).split()
    assert sorted(row["ticket"] for row in drawn["tickets"]) == tickets
    everything = page + str(drawn) + text(visitor.get(f"/en/calls/{finished}.json"))
    for reviewer in Account.objects.all():
        assert reviewer.key not in everything
        assert reviewer.get_full_name() not in everything
    assert visitor.get(f"/en/calls/{finished}/draws/{draw.pk + 9}/").status_code == 404
    manager = person("manager", organisation=calls.issuer)
    for part in BOARD:
        assert visitor.get(f"/en/calls/{finished}/{part}").status_code == 302, part
        assert manager.get(f"/en/calls/{finished}/{part}").status_code == 403, part
    auditor = person("auditor")
    assert "the same" in text(auditor.get(f"/en/calls/{finished}/replay/?again=on"))


def test_more_submissions_ask_no_more_statements(calls: SampleCalls, officer: Client) -> None:
    call = calls._call(-60, ("Call", "征集"), -55, -25, per_applicant=50)
    keys = [calls._submission(-40, call, 0, n) for n in range(2)]
    pages = [f"/en/calls/{call}/{part}" for part in ("", *BOARD[:3], *BOARD[5:9])]

    def asked() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as statements:
                assert officer.get(page).status_code == 200, page
            found.append(len(statements))
        return found

    few = asked()
    few = asked()  # what is read once in a process was read
    for n in range(6):
        calls._submission(-40, call, 0, n)
    assert asked() == few
    assert max(few) < 60
    assert len(keys) == 2


def test_programs_do_what_the_pages_do(calls: SampleCalls, officer: Client) -> None:
    call, reviewed = calls._reviewing()
    at = f"/api/v1/calls/{call}"

    def post(path: str, **given: Any) -> Any:
        return officer.post(f"{at}/{path}", given, content_type="application/json")

    assert officer.get("/api/v1/calls").json()["lines"][0]["phase"] == "reviewing"
    assert officer.get(f"{at}/waiting").json()["without_reviewers"] == {"1": 0}
    board = officer.get(f"{at}/submissions?status=submitted").json()
    (waiting,) = (line["submission"] for line in board["lines"])
    moved = post("submissions/moves", submissions=[waiting], transition="exclude")
    assert list(moved.json()["left"]) == [waiting]
    assert post("submissions/moves", submissions=[waiting], transition="finish").status_code == 400
    assert post("submissions/moves", submissions=[waiting], transition="admit").json()["done"] == [waiting]
    assert post("stages/1/assignments", seed="7").json()["given"] == 2
    assert post("stages/1/draws", size=2, seed="x").status_code == 400
    assert officer.get(f"{at}/stages/1/reviewers").json()["given"] == 6
    assert officer.get(f"{at}/stages/1/conflicts").json()["items"] == []
    tasks = officer.get(f"{at}/stages/1/tasks?state=open").json()
    assert tasks["total"] == 3
    taken = officer.post(
        f"/api/v1/review-tasks/{tasks['lines'][0]['task']}/replacement",
        {"reason": "ill"},
        content_type="application/json",
    )
    assert taken.status_code == 204
    assert len(officer.get(f"{at}/stages/1/standings").json()["lines"]) == 3
    proposed = officer.get(f"{at}/stages/1/proposal").json()["outcomes"]
    assert sorted(proposed.values()) == ["decline", "select"]
    remark = officer.post(
        f"/api/v1/submissions/{reviewed}/stages/1/remarks",
        {"text": "Look at the cost."},
        content_type="application/json",
    )
    assert remark.status_code == 201
    seen = officer.get(f"/api/v1/submissions/{reviewed}/stages/1").json()
    assert [one["text"] for one in seen["remarks"]] == ["Look at the cost."]
    assert post("stages/1/decisions", outcomes=proposed, reasons="By places.").json() == {"decided": 2}
    assert len(officer.get(f"{at}/announced").json()["items"]) == 1
    assert post("confirmations", reason="x").json()["confirmed"] == 0
    assert all(one["same"] for one in officer.get(f"{at}/checks").json()["items"])
    assert len(officer.get(f"{at}/protocol").json()["decisions"]) == 2
    assert Client().get(f"{at}/protocol").status_code in (401, 403)

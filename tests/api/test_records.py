"""Records over the API: found, walked along, made, changed under a lock, moved, and never more than the asker may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.api.conftest import NATIONAL, Make, Program

from foretrack.registry.actions.records import create, edit
from foretrack.registry.registry import Registry


@pytest.fixture
def plans(registry: Registry) -> list[str]:
    """Twelve plans, four of them without a number of staff."""
    made = []
    for n in range(12):
        values: dict[str, Any] = {"title": {"en": f"Plan {n:02}"}, "region": "CN-33" if n % 2 else "CN-44"}
        if n % 3:
            values["staff"] = n % 4
        made.append(create(registry, NATIONAL, "plan", values).key)
    return made


def walked(program: Program, path: str) -> list[str]:
    found: list[str] = []
    following: str | None = path
    while following:
        answer = program.get(following)
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert len(told["items"]) <= 5
        found += [one["key"] for one in told["items"]]
        following = told["next"]
        assert (following is None) == ("Link" not in answer.headers)
    return found


@pytest.mark.parametrize("sort", ["updated", "-updated", "title", "-title", "due", "-due", "staff", "-staff",
                                  "status", "-status", "region", "-region"])  # fmt: skip
def test_every_order_is_walked_to_its_end_without_a_loss(
    officer: Program, plans: list[str], sort: str
) -> None:
    whole = [one["key"] for one in officer.get(f"/records/plan?sort={sort}&limit=200").json()["items"]]

    assert sorted(whole) == sorted(plans)
    assert walked(officer, f"/records/plan?sort={sort}&limit=5") == whole


@pytest.mark.parametrize("sort", ["-updated", "title", "staff", "region"])
def test_a_walk_is_not_disturbed_by_what_comes_meanwhile(
    officer: Program, registry: Registry, plans: list[str], sort: str
) -> None:
    first = officer.get(f"/records/plan?sort={sort}&limit=5").json()
    for n in range(3):
        create(registry, NATIONAL, "plan", {"title": {"en": f"A new one {n}"}, "staff": 0, "region": "CN-11"})

    seen = [one["key"] for one in first["items"]] + walked(officer, first["next"])

    assert len(seen) == len(set(seen))
    assert set(plans) <= set(seen)


def test_filters_and_counts_are_the_same_ones(officer: Program, plans: list[str]) -> None:
    counted = officer.get("/records/plan/facets").json()
    by_region = {c["value"]: c["n"] for f in counted["facets"] if f["name"] == "region" for c in f["counts"]}

    assert (counted["total"], by_region) == (12, {"CN-33": 6, "CN-44": 6})
    found = officer.get("/records/plan?region=CN-33&limit=200").json()["items"]
    assert len(found) == 6
    assert officer.get("/records/plan?title_has=plan%2007").json()["items"][0]["title"] == "Plan 07"
    refused = officer.get("/records/plan?contact=x")
    assert refused.status_code == 400
    assert "contact" in refused.json()["title"]


@pytest.mark.parametrize("change", ["tampered", "another question", "made up", "unsigned"])
def test_a_cursor_that_is_not_ours_is_refused(officer: Program, plans: list[str], change: str) -> None:
    following = officer.get("/records/plan?limit=5&region=CN-33").json()["next"]
    cursor = following.split("cursor=")[1].split("&")[0]
    cursor = {
        "tampered": cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
        "another question": cursor,
        "made up": "eyJhdCI6WzFdfQ",
        "unsigned": cursor.partition("%3A")[0],
    }[change]
    region = "CN-44" if change == "another question" else "CN-33"

    answer = officer.get(f"/records/plan?limit=5&region={region}&cursor={cursor}")

    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] == "input"


def test_a_record_is_made_read_and_changed_under_a_lock(officer: Program, registry: Registry) -> None:
    made = officer.post("/records/plan", {"values": {"title": {"en": "One"}, "region": "CN-33"}})
    assert made.status_code == 201, made.content
    place = made.headers["Location"]

    read = officer.get(place)
    assert read.headers["ETag"] == made.headers["ETag"]
    assert read.json()["values"]["title"] == {"en": "One"}

    without = officer.patch(place, {"values": {"region": "CN-44"}})
    assert (without.status_code, without.json()["code"]) == (428, "revision-needed")
    changed = officer.patch(place, {"values": {"region": "CN-44"}}, If_Match=read.headers["ETag"])
    assert changed.status_code == 200, changed.content
    assert changed.json()["revision"] == 2
    late = officer.patch(place, {"values": {"region": "CN-11"}}, If_Match=read.headers["ETag"])
    assert (late.status_code, late.json()["code"]) == (412, "changed")
    assert officer.get(place).json()["values"]["region"] == "CN-44"
    # As a gzipping server weakens it, and as people write it by hand.
    assert officer.patch(place, {"values": {"region": None}}, If_Match='W/"2-0a"').status_code == 200
    assert "region" not in officer.patch(place, {"values": {}}, If_Match='"3"').json()["values"]


def test_nothing_that_changed_is_not_sent_again(officer: Program, registry: Registry) -> None:
    place = officer.post("/records/plan", {"values": {"title": {"en": "One"}}}).headers["Location"]
    tag = officer.get(place).headers["ETag"]

    same = officer.get(place, If_None_Match=f'"other", W/{tag}')
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    key = place.rpartition("/")[2]
    edit(registry, NATIONAL, key, {"region": "CN-33"}, revision=1)
    assert officer.get(place, If_None_Match=tag).status_code == 200


def test_every_wrong_field_is_named(officer: Program) -> None:
    answer = officer.post("/records/plan", {"values": {"title": "x" * 3000, "staff": -1, "colour": "red"}})

    assert answer.status_code == 422
    told = answer.json()
    assert (told["code"], {one["field"] for one in told["errors"]}) == (
        "fields",
        {"staff", "colour", "title"},
    )
    chinese = officer.post("/records/plan", {"values": {"colour": 1}}, Accept_Language="zh")
    assert "没有" in chinese.json()["errors"][0]["message"]
    assert chinese.headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("body", [
    {"values": {"title": {"en": "One"}, "status": "accepted"}},
    {"values": {"title": {"en": "One"}, "key": "01M8EXVKJ6WMZMMA3ETTDATACW"}},
    {"values": {"title": {"en": "One"}}, "status": "accepted"},
    {"values": {"title": {"en": "One"}}, "created_by": "SOMEBODY"},
    {"values": {"title": {"en": "One"}}, "revision": 7},
    {"values": [1]},
    {"values": {"title": {"en": "One"}}, "visibility": "everybody"},
    [],
    '"text"',
])  # fmt: skip
def test_nothing_can_be_set_that_is_no_field(officer: Program, body: Any) -> None:
    answer = officer.post("/records/plan", body)

    assert answer.status_code == 422, answer.content
    assert officer.get("/records/plan").json()["items"] == []


def test_a_record_is_moved_on_with_its_history(program: Make, officer: Program, firm: str) -> None:
    member = program("member", organisation=firm)
    title = {"values": {"title": {"en": "One"}, "region": "CN-33"}}
    made = member.post("/records/plan", title)
    assert made.status_code == 201, made.content
    place, tag = made.headers["Location"], made.headers["ETag"]
    missing = member.post(f"{place}/moves/submit", {}, If_Match=tag)
    assert missing.status_code == 422
    assert [one["field"] for one in missing.json()["errors"]] == ["track"]
    moved = member.post(f"{place}/moves/nothing", {}, If_Match=tag)
    assert moved.status_code == 400

    assert (
        member.patch(place, {"values": {"region": "CN-44"}, "reason": "moved"}, If_Match=tag).status_code
        == 200
    )
    revisions = member.get(f"{place}/history?limit=1").json()
    assert [one["number"] for one in revisions["items"]] == [2]
    assert [one["number"] for one in member.get(revisions["next"]).json()["items"]] == [1]
    difference = member.get(f"{place}/diff?first=1&second=2").json()
    assert [(c["name"], c["before"], c["after"]) for c in difference["changes"]] == [
        ("region", "CN-33", "CN-44")
    ]
    assert member.get(f"{place}/history/1").json()["values"]["region"] == "CN-33"
    assert member.get(f"{place}/history/9").status_code == 404


def test_what_is_hidden_stays_hidden(officer: Program, visitor: Program, program: Make, firm: str) -> None:
    values = {"title": {"en": "Secret"}, "budget": {"amount": "1", "currency": "CNY"}, "region": "CN-33"}
    place = officer.post("/records/plan", {"values": values}).headers["Location"]

    for asker in (visitor, program("member", organisation=firm), program("officer", regions=["CN-44"])):
        assert asker.get(place).status_code == 404
        assert asker.get(f"{place}/history").status_code == 404
        assert asker.get(f"{place}/files").status_code == 404
        assert asker.get("/records/plan").json()["items"] == []
        assert asker.get("/records/plan/facets").json()["total"] == 0
        assert b"Secret" not in b"".join(asker.get("/records/plan/export?format=csv").streaming_content)
        assert asker.get("/search?q=secret").json()["total"] == 0
    organisation = visitor.get(f"/records/organisation/{firm}")
    assert organisation.status_code == 200
    wrong_kind = visitor.get(f"/records/plan/{firm}")
    assert wrong_kind.status_code == 404


def test_a_merged_record_leads_to_the_other(officer: Program, firm: str) -> None:
    twin = officer.post(
        "/records/organisation", {"values": {"name": {"en": "Invented Works Ltd"}, "sort_of": "company"}}
    ).json()
    found = officer.post("/duplicates", {"kind": "organisation"})
    assert found.status_code == 200, found.content
    merged = officer.post(
        "/merges", {"survivor": firm, "absorbed": twin["key"], "survivor_revision": 1, "absorbed_revision": 1}
    )
    assert merged.status_code == 201, merged.content

    led = officer.get(f"/records/organisation/{twin['key']}")
    assert (led.status_code, led.headers["Location"]) == (
        308,
        f"http://testserver/api/v1/records/organisation/{firm}",
    )
    assert officer.post(f"/merges/{twin['key']}/undo", {"reason": "two"}).status_code == 200
    assert officer.get(f"/records/organisation/{twin['key']}").status_code == 200


def test_a_file_of_records_is_previewed_and_taken_in(officer: Program) -> None:
    def sent(path: str, content: str, **fields: str) -> Any:
        file = SimpleUploadedFile("plans.csv", content.encode(), "text/csv")
        return officer.client.post(
            f"/api/v1/records/plan/{path}",
            {"file": file, **fields},
            headers={"Authorization": f"Bearer {officer.token}"},
        )

    table = "title_en,region\nFirst,CN-33\nSecond,CN-44\n"
    seen = sent("preview", table)
    assert seen.status_code == 200, seen.content
    assert (seen.json()["created"], seen.json()["written"]) == (2, False)
    assert officer.get("/records/plan").json()["items"] == []
    taken = sent("imports", table, reason="a test")
    assert (taken.status_code, taken.json()["created"], taken.json()["written"]) == (200, 2, True)
    wrong = sent("imports", "title_en,staff\nThird,-1\n")
    assert (wrong.json()["written"], wrong.json()["rejections"][0]["field"]) == (False, "staff")
    exported = b"".join(officer.get("/records/plan/export?format=jsonl&region=CN-44").streaming_content)
    assert b"Second" in exported
    assert b"First" not in exported
    assert officer.post("/records/plan/imports", {"file": "x"}).status_code == 415


def test_what_is_erased_is_gone_everywhere(officer: Program, program: Make) -> None:
    made = officer.post(
        "/records/plan",
        {"values": {"title": {"en": "One"}, "contact": "Wang Invented"}},
        Idempotency_Key="one",
    )
    place, key = made.headers["Location"], made.json()["key"]
    administrator = program("administrator")

    refused = officer.post("/erasures", {"record": key, "reason": "asked"})
    assert refused.status_code == 403
    done = administrator.post("/erasures", {"record": key, "reason": "request 7"})
    assert done.status_code == 200, done.content
    assert done.json()["fields"] == ["contact", "email"]

    for path in (place, f"{place}/history", f"{place}/history/1"):
        assert b"Wang" not in officer.get(path).content
    again = officer.post(
        "/records/plan",
        {"values": {"title": {"en": "One"}, "contact": "Wang Invented"}},
        Idempotency_Key="one",
    )
    assert (again.status_code, again.json()["code"]) == (410, "erased")

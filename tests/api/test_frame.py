"""What every address of the API does, whatever it is about."""

from __future__ import annotations

from tests.api.conftest import Make, Program


def test_targets_are_public(visitor: Program) -> None:
    answer = visitor.get("/targets")

    assert answer.status_code == 200, answer.content
    assert {one["target"] for one in answer.json()["items"]}


def test_the_description_is_there(visitor: Program) -> None:
    answer = visitor.get("/openapi.json")

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    assert "/targets/{pack}/{target}" in told["paths"]


def test_what_is_not_there_is_a_problem(visitor: Program, program: Make) -> None:
    for answer, status, code in (
        (visitor.get("/nothing"), 404, "not-there"),
        (visitor.get("/targets/nothing/at-all"), 404, "not-there"),
        (visitor.ask("PUT", "/targets"), 405, "method"),
        (visitor.get("/targets?page=2"), 422, "fields"),
        (visitor.get("/targets?as_of=x"), 422, "fields"),
        (visitor.get("/targets", Authorization="Bearer ft_nothing"), 401, "log-in"),
    ):
        assert answer.status_code == status, (answer.request, answer.content)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == code


def test_rating_is_for_officers(visitor: Program, officer: Program, program: Make) -> None:
    target = visitor.get("/targets").json()["items"][0]["target"]
    body = {"rating": "at risk", "narrative": {"en": "Behind."}, "role": {"en": "Invented office"}}

    assert visitor.post(f"/targets/{target}/ratings", body).status_code == 401
    assert program("member", organisation="X").post(f"/targets/{target}/ratings", body).status_code == 403
    assert officer.post(f"/targets/{target}/ratings", {**body, "rating": "x"}).status_code == 400
    done = officer.post(f"/targets/{target}/ratings", body)
    assert done.status_code == 201, done.content
    assert done.json()["rating"]["narrative"] == {"en": "Behind.", "zh": ""}

"""What the pages of the hall show, to whom; what is counted; and the feeds."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from tests.exchange.hall.conftest import OTHER_TRACK, Hall
from tests.exchange.hall.test_embargo import account, served  # noqa: F401 - a fixture

from foretrack.domains.exchange.hall.asking import ask
from foretrack.domains.exchange.hall.counting import figures_of
from foretrack.domains.exchange.hall.models import Count
from foretrack.domains.exchange.hall.reading import show_achievement
from foretrack.installation.sample_hall import drawn_picture
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.attachments import attach

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
HOSTILE = '<script>alert("x")</script>'


def person(name: str = "", role: str = "", **where: Any) -> Client:
    client = Client(raise_request_exception=True, headers={"user-agent": BROWSER})
    if name:
        client.force_login(account(name, role, **where))
    return client


def test_an_outsider_understands_the_page(served: Hall) -> None:  # noqa: F811
    hall = served
    key = hall.create(
        "owner", "achievement",
        {
            "title": {"en": f"Invented {HOSTILE}", "zh": "虚构成果"}, "organisation": hall.institute, "region": "CN-33",
            "tracks": [OTHER_TRACK], "sort_of": "applied", "summary": "Invented summary",
            "plain": {"en": "It holds an egg."},
            "description": HOSTILE, "stage": "prototype", "maturity": 6, "patents": ["CN112345678B"],
            "captions": [{"file": "hand.png", "caption": {"en": "The hand holds an egg"}}],
        },
    )  # fmt: skip
    attach(
        hall.registry,
        hall.actors["owner"],
        key,
        "pictures",
        io.BytesIO(drawn_picture(8, 8)),
        "hand.png",
        revision=1,
    )
    hall.move("owner", key, "submit")
    hall.move("officer", key, "release")

    page = person().get(f"/en/hall/{key}/").content.decode()

    assert "It holds an egg." in page
    assert "Prototype shown" in page
    assert "CN112345678B" in page
    assert 'alt="The hand holds an egg"' in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    picture = page.split('<img src="/en/hall/')[1].split('"')[0]
    answer = person().get(f"/en/hall/{picture}")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    answer.close()
    assert (answer["Content-Type"], answer.status_code) == ("image/png", 200)
    data = json.loads(person().get(f"/en/hall/{key}/citation.jsonld").content)
    assert data["@type"] == "CreativeWork"
    assert data["abstract"] == "It holds an egg."
    assert data["image"][0]["caption"] == "The hand holds an egg"
    assert "虚构成果" in person().get(f"/zh-hans/hall/{key}/").content.decode()


def test_views_are_counted_by_day_without_robots_and_own_people(served: Hall) -> None:  # noqa: F811
    hall = served
    key = hall.achievement()
    reader, owner = person(), person("own", "member", organisation=hall.institute)
    for client in (reader, reader, owner):
        assert client.get(f"/en/hall/{key}/").status_code == 200
    Client(headers={"user-agent": "Inventedbot/1.0"}).get(f"/en/hall/{key}/")
    Client().get(f"/en/hall/{key}/")
    reader.get(f"/en/hall/{key}.json")
    reader.get(f"/en/hall/{key}/", headers={"sec-purpose": "prefetch"})
    ask(hall.registry, hall.actors["asker"], key, "How heavy?")
    hall.clock.forward(days=1)
    reader.get(f"/en/hall/{key}/")

    figures = figures_of(
        hall.registry, hall.actors["owner"], show_achievement(hall.registry, hall.actors["owner"], key)
    )

    assert [(str(d.day), d.views, d.questions) for d in figures.days] == [
        ("2026-03-02", 2, 1),
        ("2026-03-03", 1, 0),
    ]
    assert (figures.views, figures.questions, figures.interests) == (3, 1, 0)
    assert {f.name for f in Count._meta.concrete_fields} == {"id", "record", "day", "what", "n"}, (
        "nothing about a reader"
    )
    assert owner.get(f"/en/hall/{key}/statistics/").status_code == 200
    assert owner.get(f"/en/hall/{key}/statistics.csv").content.decode().count("2026-03-0") == 2
    with pytest.raises(AccessError):
        figures_of(
            hall.registry, hall.actors["asker"], show_achievement(hall.registry, hall.actors["asker"], key)
        )


def test_feeds_are_whole_and_of_one_track(served: Hall) -> None:  # noqa: F811
    hall = served
    first, second = hall.achievement("", 1), hall.achievement("", 2, tracks=[OTHER_TRACK])
    session = hall.session()
    client = person()

    every = json.loads(client.get("/en/hall/feed/json/").content)
    track = json.loads(client.get(f"/en/hall/feed/json/?track={OTHER_TRACK}").content)
    atom = client.get("/zh-hans/hall/feed/atom/")

    assert every["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["url"].split("/hall/")[1] for item in every["items"]} == {
        f"{first}/", f"{second}/", f"sessions/{session}/"
    }  # fmt: skip
    assert [item["url"].split("/hall/")[1] for item in track["items"]] == [f"{second}/"]
    assert etree.fromstring(atom.content).tag.endswith("}feed")
    assert client.get("/zh-hans/hall/feed/atom/", headers={"if-none-match": atom["ETag"]}).status_code == 304


def test_a_question_is_asked_and_something_is_reported_in_the_browser(served: Hall) -> None:  # noqa: F811
    hall = served
    key = hall.achievement()
    asker = person("asker", "member", organisation=hall.firm)

    sent = asker.post(f"/en/hall/{key}/ask/", {"question": "How heavy?"}, follow=True).content.decode()
    assert "A moderator reads it" in sent
    assert "How heavy?" in sent
    asker.post(f"/en/hall/report/{key}/", {"why": "spam", "text": "Invented advertising"})
    officer = person("officer", "officer", regions=["CN-33"])
    queue = officer.get("/en/hall/moderation/").content.decode()
    assert "How heavy?" in queue
    assert "Invented advertising" in queue
    assert "Advertising or spam" in queue
    assert asker.post(f"/en/hall/{key}/ask/", {"question": ""}).status_code == 400
    assert asker.get("/en/hall/moderation/").status_code == 403
    assert person().get(f"/en/hall/{key}/ask/").status_code in (302, 403)


def test_a_guest_walks_through_the_embargo_in_the_browser(served: Hall) -> None:  # noqa: F811
    hall = served
    session = hall.session()
    key = hall.achievement(session)
    officer, press = person("officer", "officer", regions=["CN-33"]), person("press")
    place = f"/en/hall/sessions/{session}/embargo/"

    assert press.get(place).status_code == 404
    assert officer.post(f"{place}invite/", {"email": "nobody@example.org"}).status_code == 400
    officer.post(f"{place}invite/", {"email": "press@example.org"})
    assert "Accept the terms" in press.get(place).content.decode()
    assert "Invented hand" in press.post(place, follow=True).content.decode()
    assert "Invented description" in press.get(f"{place}{key}/").content.decode()
    assert "Invented press" in officer.get(place).content.decode()
    officer.post(f"{place}breach/", {"what": "It stood in a paper.", "guest": ""})
    assert "It stood in a paper." in officer.get(place).content.decode()
    number = officer.get(f"{place[:-1]}.json").json()["guests"][0]["number"]
    officer.post(f"{place}guests/{number}/end/")
    assert press.get(place).status_code == 404

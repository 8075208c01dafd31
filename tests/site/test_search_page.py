"""Search in a browser: where hits lead, meaning apart from words, suggestions, and pages without hits."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.registry.actions.records import create, move
from foretrack.registry.registry import Registry
from foretrack.search.actions.embedding import index_pending
from foretrack.search.actions.indexing import index
from foretrack.search.shapes import Thing
from foretrack.web.addresses import address_of_thing


@pytest.fixture
def things(registry: Registry, firm: str) -> str:
    """A public firm, concepts and an issue."""
    move(registry, SECOND, firm, "verify", revision=1, reason="Invented")
    index(
        [
            Thing(unit="concept", key="moss-cathode", title_en="moss cathode", title_zh="苔藓阴极"),
            Thing(unit="concept", key="solid-state-battery", title_en="solid-state battery"),
            Thing(unit="list", key="invented/2", title_en="Invented list 2"),
        ]
    )
    return firm


def test_hits_lead_to_what_they_are(things: str) -> None:
    text = Client().get("/en/search/?q=invented").content.decode()

    assert f'href="/en/record/{things}/"' in text
    assert 'href="/en/lists/invented/2/"' in text
    assert address_of_thing("never", "x") == ""


def test_what_is_only_similar_in_meaning_stands_apart(things: str) -> None:
    """A rare Chinese word stands in one title; what resembles it in English is told apart from it."""
    index(
        [
            Thing(unit="concept", key=f"battery-{n}", title_en=title)
            for n, title in enumerate(("solid electrolyte battery", "lithium battery", "battery storage"))
        ]
        + [Thing(unit="concept", key="zh", title_zh="固态电池")]
        + [Thing(unit="concept", key=f"far-{n}", title_en=f"medieval poetry volume {n}") for n in range(40)]
    )
    index_pending()

    groups = Client().get("/zh-hans/search.json?q=固态电池").json()["groups"]
    text = Client().get("/zh-hans/search/?q=固态电池").content.decode()

    assert [(group["heading"], group["apart"]) for group in groups] == [("结果", False), ("语义相近", True)]
    assert ["".join(p["text"] for p in hit["title"]) for hit in groups[0]["hits"]] == ["固态电池"]
    assert groups[1]["hits"]
    assert text.index("固态</mark>" if "固态</mark>" in text else "<mark>固态电池") < text.index("语义相近")


def test_a_part_of_a_word_suggests_what_is_meant_and_links_there(things: str) -> None:
    part = Client().get("/en/search/suggest/?q=inv", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert f'href="/en/record/{things}/"' in part
    assert "/en/search/?q=inv" in part
    assert "moss" not in part
    chinese = Client().get("/zh-hans/search/suggest/?q=阴极", headers={"HX-Request": "true"}).content.decode()
    assert "苔藓阴极" in chinese
    assert "概念" in chinese
    whole = Client().get("/en/search/suggest/?q=inv").content.decode()
    assert "<html" in whole
    assert Client().get("/en/search/suggest.json?q=inv").json()["lines"][0]["title"]
    assert Client().get("/en/search/suggest/?q=i", headers={"HX-Request": "true"}).content.strip() == b""


def test_nothing_hidden_is_suggested(registry: Registry, firm: str, person: Person) -> None:
    create(registry, NATIONAL, "plan", {"title": {"en": "Quiet plan"}, "organisation": firm})

    assert b"Quiet" not in Client().get("/en/search/suggest/?q=quiet", headers={"HX-Request": "true"}).content
    mine = person("member", organisation=firm).get(
        "/en/search/suggest/?q=quiet", headers={"HX-Request": "true"}
    )
    assert b"Quiet plan" in mine.content


def test_wildcards_and_markup_are_letters(things: str) -> None:
    for typed in ("%25%25", "__", "%3Cscript%3E", "%00%00", "'" * 90, "苔" * 190):
        answer = Client().get(f"/en/search/suggest/?q={typed}", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert b"moss cathode" not in answer.content
        assert b"<script>" not in answer.content


def test_no_hit_says_what_else_could_be_asked(things: str) -> None:
    text = Client().get('/en/search/?q="works zzqqx"&kind=technology').content.decode()

    assert "Nothing was found." in text
    assert "Without filters" in text
    assert ">works</a>" in text
    assert 'href="/en/search/?q=works+zzqqx"' in text


def test_an_empty_index_says_so(registry: Registry) -> None:
    assert "nothing is indexed" in Client().get("/en/search/").content.decode()

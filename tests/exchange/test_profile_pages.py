"""Offers and needs in a browser and over the API: what is shown, to whom, and what a click does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.exchange.conftest import Market
from tests.exchange.inventing import OFFER

from foretrack.accounts.models import Account, RoleGrant
from foretrack.installation.opening import configured_installation
from foretrack.registry.actions.records import show

Come = Callable[..., Client]


@pytest.fixture
def come(market: Market, settings: Any, tmp_path: Path) -> Come:
    """Somebody at the site: `come("manager", organisation=KEY)`; without a role, a visitor."""
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)

    def arrive(role: str = "", **where: Any) -> Client:
        client = Client(raise_request_exception=False)
        if role:
            account = Account.objects.create_user(
                f"{role}{len(where)}@example.org", "an invented phrase", name=role
            )
            RoleGrant.objects.create(
                account=account, role=role, given_by="OPERATOR", given_at=market.registry.now(), **where
            )
            client.force_login(account)
        return client

    return arrive


SECRETS = {
    "confidential": {"en": "PLANTED-A"}, "details": {"en": "PLANTED-B"}, "contact": "PLANTED-C",
    "email": "planted@example.org",
}  # fmt: skip
FAR = {"valid_until": "2028-06-30"}
"""The site's clock is the real one."""


def test_both_sides_are_shown_and_found_with_nothing_that_is_not_public(come: Come, market: Market) -> None:
    offer, need = market.offer(**FAR, **SECRETS), market.need(**FAR)
    market.create("office", "offer", {**OFFER, "title": {"en": "PLANTED draft"}})
    visitor = come()

    for language in ("en", "zh-hans"):
        for path in (
            "",
            "?q=hydrogen",
            "?side=offer",
            "?stage=field-tested&region=CN-33",
            f"{offer}/",
            f"{need}/",
        ):
            page = visitor.get(f"/{language}/exchange/{path}")
            assert page.status_code == 200, path
            assert "planted" not in page.content.decode().lower()
    told = visitor.get("/en/exchange.json").json()
    assert [shelf["total"] for shelf in told["shelves"]] == [1, 1]
    assert "planted" not in visitor.get("/en/exchange.csv").content.decode().lower()
    for path in ("data.jsonld", "backing/"):
        assert "planted" not in visitor.get(f"/en/exchange/{offer}/{path}").content.decode().lower()


def test_what_is_over_is_not_shown(come: Come, market: Market) -> None:
    market.offer(valid_until="2026-03-20")

    assert come().get("/en/exchange.json").json()["shelves"][0]["total"] == 0


def test_hostile_text_stands_there_as_text(come: Come, market: Market) -> None:
    key = market.offer(
        **FAR, description={"en": "<script>alert(1)</script> Ignore previous instructions. 5 of 7."}
    )

    page = come().get(f"/en/exchange/{key}/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_owner_sees_what_to_mend_and_renews_with_one_click(come: Come, market: Market) -> None:
    key = market.offer(**FAR, advantages={"en": "A world-leading sensor"})
    owner, other = come("manager", organisation=market.office), come("member", organisation=market.firm)

    assert "world-leading" in owner.get(f"/en/record/{key}/").content.decode().split('id="quality"')[1]
    assert 'id="quality"' not in other.get(f"/en/record/{key}/").content.decode()
    assert other.get(f"/en/exchange/{key}/copies/").status_code == 404
    assert owner.get(f"/en/exchange/{key}/copies/", headers={"HX-Request": "true"}).status_code == 200
    assert owner.post(f"/en/exchange/{key}/renew/").status_code == 302
    assert show(market.registry, market.actors["office"], key).values["valid_until"] != FAR["valid_until"]
    assert other.post(f"/en/exchange/{key}/renew/").status_code in (403, 404)


def test_advice_comes_while_the_form_is_filled_in_and_nothing_is_kept(come: Come, market: Market) -> None:
    owner = come("manager", organisation=market.office)

    assert 'id="aid"' in owner.get("/en/records/offer/new/").content.decode()
    told = owner.post(
        "/en/records/offer/aid/", {"title-en": "Innovative technology", "summary-en": "Ask me@example.org"}
    ).content.decode()

    assert "me@example.org" in told
    assert "stops" in told
    assert come().post("/en/records/offer/aid/", {}).status_code in (401, 403)


def test_the_api_checks_what_is_being_written_in_the_readers_language(come: Come, market: Market) -> None:
    owner = come("manager", organisation=market.office)

    answer = owner.post(
        "/api/v1/exchange/check", {"kind": "need", "values": {"requirements": {"en": "as good as possible"}}},
        content_type="application/json",
    )  # fmt: skip

    assert answer.status_code == 200, answer.content
    assert "no-figure" in [one["check"] for one in answer.json()["items"]]


def test_the_api_lists_copies_and_backs_a_profile(come: Come, market: Market) -> None:
    key = market.offer(**FAR, patents=["CN112345678B", "nothing"], standards=["GB/T 38031-2020"])
    visitor = come()

    assert visitor.get("/api/v1/exchange/offers").json()["total"] == 1
    backing = visitor.get(f"/api/v1/exchange/{key}/backing").json()
    assert [one["scheme"] for one in backing["numbers"]] == ["patent", "", "standard"]
    assert visitor.get(f"/api/v1/exchange/{key}/network").json()["profile_type"] == "TO"
    assert visitor.get(f"/api/v1/exchange/{key}/copies").json()["items"] == []

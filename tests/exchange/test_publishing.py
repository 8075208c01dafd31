"""Publication is refused for what stops it alone, and for a burst of copies; profiles expire and are renewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.exchange.conftest import Market
from tests.exchange.inventing import NEED, OFFER, changed_text, invented_text

from foretrack.accounts.models import Account, RoleGrant
from foretrack.domains.exchange.actions.copies import copies_of
from foretrack.domains.exchange.actions.expiring import renew, watch_profiles
from foretrack.domains.exchange.actions.jobs import compare, warn
from foretrack.foundation.errors import EvidenceError
from foretrack.jobs.declaring import Run
from foretrack.jobs.models import Job
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import show
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.web.speech import speak

Day = Callable[[str], Registry]


def test_a_vague_profile_is_published_and_a_stopped_one_is_not(market: Market) -> None:
    market.offer(title={"en": "Innovative technology"}, advantages={"en": "world-leading"})

    with pytest.raises(InvalidRecord) as refused:
        market.offer(summary={"en": "Ask invented@example.org for 3 of them"}, stage="on-market", maturity=2)

    assert {one.field for one in refused.value.problems} == {"summary", "maturity"}
    assert "联系方式" in refused.value.told(speak("zh"))


def test_what_stops_publication_cannot_be_added_afterwards(market: Market) -> None:
    key = market.offer()

    with pytest.raises(InvalidRecord, match="summary"):
        market.edit("office", key, summary={"en": "Ask invented@example.org for 3 of them"})
    with pytest.raises(InvalidRecord, match="valid_until"):
        market.edit("office", key, valid_until="2040-01-01")

    assert show(market.registry, market.actors["office"], key).values["summary"] == OFFER["summary"]


def test_a_draft_may_hold_anything(market: Market) -> None:
    market.create("office", "offer", {**OFFER, "summary": {"en": "Ask invented@example.org"}})


@pytest.mark.parametrize("until", ["2025-12-31", "2040-01-01"])
def test_a_profile_is_not_published_over_or_for_ever(market: Market, until: str) -> None:
    with pytest.raises(InvalidRecord, match="valid_until"):
        market.offer(valid_until=until)


def test_a_burst_of_copies_is_stopped_and_different_profiles_are_not(market: Market) -> None:
    for n in range(5):
        market.offer(title={"en": f"Invented leak sensor for pipelines, size {n}"})

    with pytest.raises(EvidenceError, match="5 nearly equal profiles"):
        market.offer(title={"en": "Invented leak sensor for pipelines, size 6"})

    drawn = np.random.default_rng(7)
    for _ in range(6):
        texts = {
            name: {"en": invented_text(drawn, n)}
            for name, n in (("title", 1), ("summary", 3), ("description", 8))
        }
        market.offer(**texts)
    market.need()  # another organisation is not held to it


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_an_edited_copy_is_shown_to_whoever_may_see_both(market: Market, share: float) -> None:
    drawn = np.random.default_rng(3)
    lengths = {"title": 1, "summary": 3, "description": 12, "advantages": 6}
    texts = {name: invented_text(drawn, n) for name, n in lengths.items()}
    for n in range(5):
        market.create("office", "offer", {**OFFER, "title": {"en": f"Invented filler {n}"}})
    first = market.offer(**{name: {"en": text} for name, text in texts.items()})
    copied = {name: {"en": changed_text(text, share, drawn)} for name, text in texts.items()}
    other = market.create("firm", "offer", {**OFFER, "organisation": market.firm, **copied})

    found = copies_of(market.registry, market.actors["firm"], other)

    assert [(one.key, one.status) for one in found] == [(first, "published")]
    assert 0.2 <= found[0].likeness < 1


def test_a_copy_never_reveals_what_its_asker_may_not_see(market: Market) -> None:
    hidden = market.create("office", "offer", {**OFFER, "organisation": market.office})
    partner = market.create("office", "offer", {**OFFER, "organisation": market.office}, visibility="partner")
    market.move("office", partner, "publish")
    mine = market.create("firm", "offer", {**OFFER, "organisation": market.firm})
    market.move("firm", mine, "publish")

    seen = {
        who: {one.key for one in copies_of(market.registry, market.actors[who], mine)}
        for who in ("visitor", "firm", "national")
    }

    assert seen == {"visitor": set(), "firm": {partner}, "national": {partner, hidden}}


def _people(market: Market, mail: str, role: str, **where: Any) -> None:
    account = Account.objects.create_user(
        f"{mail}@example.org", "an invented phrase", name=mail, language="zh"
    )
    RoleGrant.objects.create(
        account=account, role=role, given_by="OPERATOR", given_at=market.registry.now(), **where
    )


def test_owner_and_officer_are_told_of_a_copy_each_what_they_may_see(
    market: Market, mailoutbox: list[Any]
) -> None:
    _people(market, "owner", "manager", organisation=market.firm)
    _people(market, "officer", "officer", regions=["*"])
    market.create("office", "offer", {**OFFER, "organisation": market.office})  # a draft of others
    mine = market.create(
        "firm", "offer", {**OFFER, "organisation": market.firm, "confidential": {"en": "SECRET"}}
    )
    market.move("firm", mine, "publish")

    compare.func(Run(market.registry, "T", 1, last=False), mine)

    assert [message.to for message in mailoutbox] == [["officer@example.org"]]
    assert "近似" in mailoutbox[0].subject
    assert "SECRET" not in mailoutbox[0].body


def test_a_profile_expires_after_its_last_day_and_not_before(market: Market, on_day: Day) -> None:
    key = market.offer(valid_until="2026-06-30")

    assert watch_profiles(on_day("2026-06-30")).expired == 0
    assert watch_profiles(on_day("2026-07-01")).expired == 1
    assert watch_profiles(on_day("2026-07-02")).expired == 0
    assert Record.objects.get(key=key).status == "expired"


def test_an_owner_is_warned_twice_and_once_each(market: Market, on_day: Day, mailoutbox: list[Any]) -> None:
    _people(market, "owner", "manager", organisation=market.office)
    _people(market, "other", "manager", organisation=market.firm)
    key = market.offer(valid_until="2026-06-30")
    days = [f"2026-{month:02}-{day:02}" for month, last in ((5, 31), (6, 30)) for day in range(20, last + 1)]

    for day in [*days, *days]:
        watch_profiles(on_day(day))
    keys = Job.objects.filter(key__startswith="exchange:warn:").values_list("key", flat=True)
    assert sorted(str(one).rsplit(":", 1)[1] for one in keys) == ["30", "7"]

    warn.func(Run(market.registry, "T", 1, last=False), key, "2026-06-30")
    assert [message.to for message in mailoutbox] == [["owner@example.org"]]
    assert "2026-06-30" in mailoutbox[0].body
    assert "续期" in mailoutbox[0].body

    renew(on_day("2026-06-20"), market.actors["office"], key)
    warn.func(Run(market.registry, "T", 1, last=False), key, "2026-06-30")
    assert len(mailoutbox) == 1


def test_one_click_renews_for_a_year_and_back_from_expiry(market: Market, on_day: Day) -> None:
    key = market.offer(valid_until="2026-06-30")
    watch_profiles(on_day("2026-07-01"))

    page = renew(on_day("2026-07-05"), market.actors["office"], key)

    assert (page.status, page.values["valid_until"]) == ("published", "2027-07-05")
    assert renew(on_day("2026-07-05"), market.actors["office"], key, until="2026-12-01").values[
        "valid_until"
    ] == ("2026-12-01")
    with pytest.raises(InvalidRecord, match="valid_until"):
        renew(on_day("2026-07-05"), market.actors["office"], key, until="2040-01-01")
    with pytest.raises(AccessError):
        renew(on_day("2026-07-05"), market.actors["firm"], key)


def test_hypotheses_of_a_business_model_are_kept_as_a_log(market: Market) -> None:
    log = [
        {"about": "price", "hypothesis": {"en": "Invented stations pay a fee by sensor"}, "standing": "refuted",
         "trial": {"en": "Asked 12"}, "evidence": {"en": "2 of 12 would"}, "tried_on": "2026-02-01"},
        {"about": "price", "hypothesis": {"en": "They pay by leak found"}, "standing": "open"},
    ]  # fmt: skip
    key = market.offer(hypotheses=log)

    assert show(market.registry, market.actors["visitor"], key).values["hypotheses"] == log


def test_needs_are_held_to_the_same(market: Market) -> None:
    with pytest.raises(InvalidRecord, match="requirements"):
        market.need(requirements={"en": "as at www.example.org, 5 of them"})
    assert NEED["maturity"] == 6

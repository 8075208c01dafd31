"""First sets against catalogue and rules, reports of use, compensation of the insurance, and when something ends."""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.deals.conftest import TRACK, Market

from foretrack.domains.exchange.actions.catalogues import applications, firsts
from foretrack.domains.exchange.actions.ending import end_what_is_over
from foretrack.domains.exchange.actions.firsts import eligibility, entries_like, judged, show_first, uses_of
from foretrack.domains.exchange.kinds.firsts import FIRST_SET
from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError, NotThereError
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import assign
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.models import Record
from foretrack.search.actions.records import index_records

ENTRY: dict[str, Any] = {
    "title": {"en": "Invented coating machine", "zh": "虚构镀膜装备"}, "code": "9.1", "catalogue": "Invented catalogue",
    "sort_of": "equipment", "valid_from": "2026-01-01", "valid_until": "2026-12-31",
    "parameters": [
        {"parameter": "Accuracy", "sense": "at most", "value": 2, "unit": "µm"},
        {"parameter": "Speed", "sense": "at least", "value": 40, "unit": "m/min"},
    ],
}  # fmt: skip
FIRST: dict[str, Any] = {
    "title": {"en": "Invented coating machine K1"}, "tracks": [TRACK], "region": "CN-33", "sort_of": "equipment",
    "model": "K1", "summary": "A machine for invented coatings", "novelty": "Invented", "breakthrough": True,
    "own_rights": True, "sets_delivered": 1,
    "parameters": [
        {"parameter": "Accuracy", "value": 2, "unit": "µm"}, {"parameter": "Speed", "value": 40, "unit": "m/min"},
    ],
}  # fmt: skip


def entry(market: Market, **more: Any) -> str:
    """An entry in force."""
    key = market.create("national", "guidance-entry", {**ENTRY, **more})
    market.move("national", key, "put-in-force")
    return key


def first(market: Market, **more: Any) -> str:
    """A product that was recognised as first."""
    key = market.create("lab", "first-set", {**FIRST, "organisation": market.lab, **more})
    market.on("2026-03-02").move("lab", key, "submit")
    market.on("2026-03-03").move("officer", key, "announce")
    market.on("2026-03-12").move("second officer", key, "recognise")
    return key


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "met"), ({"sets_delivered": 3}, "met"), ({"sets_delivered": 4}, "not met"),
        ({"breakthrough": False}, "not met"), ({"own_rights": False}, "not met"), ({"parameters": []}, "undecided"),
        ({"parameters": [{"parameter": "Accuracy", "value": 2.01, "unit": "µm"}]}, "not met"),
        ({"parameters": [{"parameter": "accuracy", "value": 1.99, "unit": "µm"}]}, "undecided"),
        ({"parameters": [*FIRST["parameters"][:1], {"parameter": "Speed", "value": 39.9, "unit": "m/min"}]}, "not met"),
        ({"parameters": [*FIRST["parameters"][:1], {"parameter": "Speed", "value": 2400, "unit": "m/h"}]}, "undecided"),
        ({"entry": None}, "undecided"), ({"sort_of": "material", "breakthrough": None}, "not met"),
    ],
)  # fmt: skip
def test_a_product_is_first_by_catalogue_parameters_and_count_at_each_edge(
    market: Market, changed: dict[str, Any], outcome: str
) -> None:
    body = {**FIRST, "entry": entry(market), **changed}
    body = {name: value for name, value in body.items() if value is not None}

    assert judged(f"first-{body['sort_of']}", body, market.registry.now().date()).outcome == outcome


@pytest.mark.parametrize(
    ("dates", "listed"),
    [
        ({"valid_from": "2026-03-02"}, True), ({"valid_from": "2026-03-03"}, False),
        ({"valid_until": "2026-03-02"}, True), ({"valid_until": "2026-03-01"}, False),
    ],
)  # fmt: skip
def test_an_entry_counts_from_its_first_to_its_last_day(
    market: Market, dates: dict[str, str], listed: bool
) -> None:
    body = {**FIRST, "entry": entry(market, **dates)}

    answer = judged("first-equipment", body, market.registry.now().date())
    assert answer.values["listed"] is listed


def test_software_has_no_rule_that_decides_and_says_so(market: Market) -> None:
    with pytest.raises(EvidenceError, match="decides nothing"):
        judged("first-software", FIRST, market.registry.now().date())
    with pytest.raises(EvidenceError, match="decides nothing"):
        judged("first-set-insurance-limits", FIRST, market.registry.now().date())


def test_what_is_not_first_is_refused_with_its_reason_and_what_is_not_known_goes_to_a_person(
    market: Market,
) -> None:
    key = market.create(
        "lab", "first-set", {**FIRST, "organisation": market.lab, "entry": entry(market), "sets_delivered": 4}
    )
    with pytest.raises(InvalidRecord, match="≤ 3"):
        market.move("lab", key, "submit")
    unknown = market.create("lab", "first-set", {**FIRST, "organisation": market.lab})
    assert market.move("lab", unknown, "submit").status == "submitted"
    assert eligibility(market.registry, market.actors["lab"], unknown).answer is not None


def test_alternatives_are_found_by_code_and_by_words_with_their_parameters(market: Market) -> None:
    own, other = entry(market), entry(market, code="9.2", title={"en": "Invented coating machine for glass"})
    entry(market, code="9.3", sort_of="material", title={"en": "Invented coating machine of paper"})
    key = market.create("lab", "first-set", {**FIRST, "organisation": market.lab, "entry": own})
    index_records(market.registry, Record.objects.filter(kind="guidance-entry"))
    actor = market.actors["lab"]
    page = show_first(market.registry, actor, key)

    found = entries_like(market.registry, actor, page, code="9.2")
    assert [(one.key, one.code, one.why, one.reached) for one in found] == [(other, "9.2", "code", True)]
    assert [one.why for one in entries_like(market.registry, actor, page)] == ["words"]


def test_one_code_of_one_catalogue_is_in_force_once(market: Market) -> None:
    entry(market)
    with pytest.raises(InputError, match="in force"):
        entry(market)
    with pytest.raises(AccessError):
        market.create("lab", "guidance-entry", ENTRY)


def test_only_users_whom_the_maker_named_report_and_only_three_see_it(market: Market) -> None:
    key = first(market, entry=entry(market), users=[market.firm])
    late = market.on("2026-05-02")
    given = {
        "title": {"en": "Invented report"}, "first_set": key, "hours": 100.5, "faults": 2,
        "period": {"from": "2026-04-01", "to": "2026-05-01"},
    }  # fmt: skip
    stranger = late.create("rival", "first-set-use", {**given, "organisation": market.rival})
    with pytest.raises(AccessError, match="named"):
        late.move("rival", stranger, "report")
    own = late.create("firm", "first-set-use", {**given, "organisation": market.firm})
    with pytest.raises(InputError, match="period"):
        market.on("2026-04-20").move("firm", own, "report")
    late.move("firm", own, "report")

    seen = {
        who: len(uses_of(late.registry, market.actors[who], key).pages) for who in ("lab", "firm", "officer")
    }
    assert seen == {"lab": 1, "firm": 1, "officer": 2}  # an officer sees the draft that was refused, too
    for who in ("visitor", "rival", "officer elsewhere"):
        assert uses_of(late.registry, market.actors[who], key).hours == 0
    assert uses_of(late.registry, market.actors["lab"], key).hours == 100.5


def test_the_fourth_set_ends_it_with_the_rule_as_reason_and_the_maker_may_contest(market: Market) -> None:
    key = first(market, entry=entry(market))
    market.on("2026-04-01").move("lab", key, "report-deliveries", sets_delivered=3)
    assert end_what_is_over(market.on("2026-04-02").registry).no_longer_first == 0
    market.on("2026-04-03").move("lab", key, "report-deliveries", sets_delivered=4)

    assert end_what_is_over(market.on("2026-04-04").registry).no_longer_first == 1
    assert Record.objects.get(key=key).status == "lapsed"
    assert firsts(market.on("2026-04-04").registry, market.actors["visitor"]).total == 0
    market.move("lab", key, "contest")
    assert market.move("officer", key, "restore").status == "recognised"


def test_a_batch_of_material_is_first_for_a_year_after_the_first_purchase(market: Market) -> None:
    body = {**FIRST, "sort_of": "material", "first_delivered": "2026-03-02"}
    for day, outcome in (("2027-03-01", "not met"), ("2027-03-02", "met")):
        today = market.on(day).registry.now().date()
        assert judged("first-material-exit", body, today).outcome == outcome


def test_an_application_for_compensation_passes_bureau_third_party_notice_and_another_officer(
    market: Market,
) -> None:
    key = first(market, entry=entry(market))
    given = {
        "title": {"en": "Invented application"}, "organisation": market.lab, "first_set": key, "round": 2026,
        "insurer": "Invented insurer", "policy_number": "INV-1", "insured": {"from": "2026-03-01", "to": "2027-02-28"},
        "insured_sum": "1000000 CNY", "premium": "30000 CNY", "sets_insured": 1,
    }  # fmt: skip
    late = market.on("2026-03-20")
    claim = late.create("lab", "insurance-compensation", given)
    late.move("lab", claim, "submit")
    again = late.create("lab", "insurance-compensation", given)
    with pytest.raises(InputError, match="policy"):
        late.move("lab", again, "submit")
    with pytest.raises((AccessError, NotThereError)):
        late.move("officer elsewhere", claim, "pass-check")
    late.move("officer", claim, "pass-check")
    assign(late.registry, market.actors["officer"], claim, "REVIEWER")
    late.move("reviewer", claim, "give-opinion", opinion="SECRET-OPINION", supported=True)
    late.move("third officer", claim, "announce")
    decided = market.on("2026-04-20")
    for who in ("third officer", "officer"):
        with pytest.raises(AccessError):
            decided.move(who, claim, "grant")

    assert decided.move("second officer", claim, "grant").status == "granted"
    public = market.registry.kinds.get("insurance-compensation")
    hidden = {f.name for f in public.fields if f.visibility == "private"}
    assert {"premium", "insured_sum", "insurer", "policy_number", "opinion"} <= hidden


@pytest.mark.parametrize(
    ("insured", "ok"),
    [
        ({"from": "2026-03-20", "to": "2026-03-20"}, True), ({"from": "2026-03-21", "to": "2026-09-01"}, False),
        ({"from": "2026-03-01", "to": "2026-03-19"}, False),
    ],
)  # fmt: skip
def test_a_policy_counts_from_its_first_to_its_last_day(
    market: Market, insured: dict[str, str], ok: bool
) -> None:
    key = first(market, entry=entry(market))
    late = market.on("2026-03-20")
    claim = late.create(
        "lab", "insurance-compensation",
        {
            "title": {"en": "Invented"}, "organisation": market.lab, "first_set": key, "round": 2026,
            "insurer": "Invented", "policy_number": "INV-2", "insured": insured, "insured_sum": "10 CNY",
            "premium": "1 CNY", "sets_insured": 1,
        },
    )  # fmt: skip
    if ok:
        assert late.move("lab", claim, "submit").status == "submitted"
    else:
        with pytest.raises(ForetrackError, match="policy"):
            late.move("lab", claim, "submit")


def test_a_technology_stands_in_the_catalogue_for_three_years_to_the_day(market: Market) -> None:
    key = market.create(
        "lab", "promoted-application",
        {
            "title": {"en": "Invented technology"}, "organisation": market.lab, "tracks": [TRACK], "region": "CN-33",
            "summary": "Invented", "technology": "Invented", "maturity": 8, "uses": [{"en": "Invented mills"}],
            "benefits": [{"measure": {"en": "Invented wear"}, "unit": "mm", "before": 3, "after": 1}],
            "investment": "10 CNY", "references": [{"where": {"en": "Invented mill"}}], "conditions": "Invented",
            "contact": "Invented office", "valid_until": "2099-01-01",
        },
    )  # fmt: skip
    market.move("lab", key, "submit")
    assert "valid_until" not in Record.objects.get(key=key).body
    market.on("2026-03-03").move("officer", key, "announce")
    market.on("2026-03-12").move("second officer", key, "recognise")
    visitor = market.actors["visitor"]

    for day, total, lapses in (("2029-03-11", 1, 0), ("2029-03-12", 0, 1)):
        registry = market.on(day).registry
        assert applications(registry, visitor).total == total  # before the worker looks
        assert end_what_is_over(registry).days_over == lapses
    assert Record.objects.get(key=key).status == "lapsed"
    assert {"submit", "announce", "recognise"} <= {step.name for step in FIRST_SET.transitions}

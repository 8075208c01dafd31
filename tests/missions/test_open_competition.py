"""A task of an open competition from the list to its winner; limits come from the template of the pack."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.review.office import TRACKS, Office

from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError
from foretrack.registry.actions.records import create, move
from foretrack.registry.models import Record
from foretrack.review.actions.beginning import all_templates, begin_call
from foretrack.review.actions.handing_in import hand_in

TEMPLATE, DIRECTION = "cn-open-competition/2023", "cn-open-competition/humanoid-robots"
SPEED = {"measure": "Walking speed", "unit": "m/s"}
WEIGHT = {"measure": "Weight", "unit": "kg", "sense": "at most"}
STAGES = [{"name": "Desk", "mode": "open", "reviewers": 1, "rubric": "review-rubrics/open-competition"}]


def task(office: Office, **changes: Any) -> str:
    values = {
        "title": {"en": "A walker", "zh": "虚构步行机器人任务"}, "organisation": office.issuer, "based_on": TEMPLATE,
        "direction": DIRECTION, "category": "cn-open-competition/key-product", "about": {"en": "Walk."},
        "measures": [{**SPEED, "wanted": 1.5}, {**WEIGHT, "wanted": 60}], "listed_on": "2026-03-02",
        "done_by": "2028-03-02", **changes,
    }  # fmt: skip
    return create(office.registry, office.ministry, "mission-task", values).key


def listed(office: Office, **changes: Any) -> str:
    key = task(office, **changes)
    office.go(office.ministry, key, "publish")
    return key


def bid(office: Office, firm: str, task_key: str, **changes: Any) -> str:
    values = {
        "title": {"en": f"Bid of {firm}", "zh": f"{firm}的虚构揭榜"}, "region": "CN-33", "tracks": list(TRACKS[:1]),
        "task": task_key, "direction": DIRECTION, "approach": {"en": "Two legs."}, "team": {"en": "Ten people."},
        "promised": [{**SPEED, "promised": 2}, {**WEIGHT, "promised": 55}], "years": 2, **changes,
    }  # fmt: skip
    return create(office.registry, office.firm(firm), "bid", values).key


def recognised(office: Office, firm: str, task_key: str, **changes: Any) -> str:
    key = bid(office, firm, task_key, **changes)
    office.go(office.firm(firm), key, "submit")
    office.go(office.ministry, key, "announce")
    day = office.at.date().isoformat()
    office.move_to("2026-05-04")
    office.go(office.second, key, "recognise")
    office.move_to(day)
    return key


def test_a_call_begun_from_a_template_has_its_limits_and_names_what_is_left_open(office: Office) -> None:
    begun = begin_call(
        office.registry, office.ministry, TEMPLATE,
        {"title": {"en": "Open competition"}, "organisation": office.issuer, "partners_most": 3},
    )  # fmt: skip
    body = Record.objects.get(key=begun.call).body
    assert (body["partners_most"], body["years_most"], body["selected_most"], body["based_on"]) == (
        3,
        2,
        5,
        TEMPLATE,
    )
    assert "partners_most" not in begun.filled
    assert "third_party_test" in begun.filled
    assert set(begun.missing) == {"about", "opens_on", "closes_on", "stages"}
    assert begun.template.unknown.en
    assert begun.template.unknown.zh
    assert len(begun.template.categories) == 4
    with pytest.raises(InputError, match="no call template 'nothing/here'"):
        begin_call(office.registry, office.ministry, "nothing/here", {})
    with pytest.raises(InputError, match="not in force on 2026-03-02"):
        begin_call(office.registry, office.ministry, "cn-pilot-zones-33/batch", {})


def test_every_template_fits_the_form_of_a_call_and_a_kind_that_can_be_handed_in(office: Office) -> None:
    lines = all_templates(office.registry)
    assert len(lines) >= 11
    for line in lines:
        kind = office.registry.kinds.get(line.values["of_kind"])
        assert {"submit", "announce", "recognise"} <= {t.name for t in kind.transitions}, line.template
        assert all((line.sources, line.confidence, line.unknown.zh)), line.template
        if line.in_force:
            begun = begin_call(
                office.registry, office.ministry, line.template, {"organisation": office.issuer}
            )
            assert set(line.values) == set(begun.filled)


def test_a_call_may_be_stricter_than_its_template_and_never_laxer(office: Office) -> None:
    given = {"title": {"en": "Open"}, "organisation": office.issuer, "about": {"en": "Bids"}, "stages": STAGES,
             "opens_on": "2026-03-02", "closes_on": "2026-03-31"}  # fmt: skip
    laxer: dict[str, tuple[Any, str]] = {
        "partners_most": (5, "Partners at most is 5.*at most 4"), "years_most": (3, "at most 2"),
        "selected_most": (6, "at most 5"), "selected_per": ("track", "direction, or empty"),
        "recommended": (False, "yes"), "third_party_test": (False, "yes"), "of_kind": ("scenario", "bid"),
    }  # fmt: skip
    for name, (value, said) in laxer.items():
        begun = begin_call(office.registry, office.ministry, TEMPLATE, {**given, name: value})
        with pytest.raises(InputError, match=said) as caught:
            office.go(office.ministry, begun.call, "publish")
        assert f"{TEMPLATE} of 2023-08-28" in str(caught.value)
    strict = {**given, "partners_most": 1, "years_most": 1, "selected_most": 2}
    begun = begin_call(office.registry, office.ministry, TEMPLATE, strict)
    assert office.go(office.ministry, begun.call, "publish").status == "open"
    # Nothing is fixed by a template that takes away a limit: one that is left out counts as laxer.
    begun = begin_call(office.registry, office.ministry, TEMPLATE, {**given, "partners_most": None})
    with pytest.raises(InputError, match="Partners at most is -"):
        office.go(office.ministry, begun.call, "publish")


def test_a_task_keeps_the_limits_of_its_template(office: Office) -> None:
    wrong: dict[str, Any] = {
        "more than 2 years": {"done_by": "2028-03-03"},
        "is not in the template": {"direction": "cn-open-competition/quantum"},
        "given twice": {"measures": [{**SPEED, "wanted": 1}, {**SPEED, "wanted": 2}]},
        "not after the day": {"done_by": "2026-03-02"},
    }  # fmt: skip
    for said, changes in wrong.items():
        key = task(office, **changes)
        with pytest.raises(ForetrackError, match=said):
            office.go(office.ministry, key, "publish")
    assert listed(office)


def test_what_a_bid_must_promise(office: Office) -> None:
    key = listed(office)
    partners = [office.organisation(f"Partner {n}") for n in range(5)]
    wrong: dict[str, Any] = {
        "Walking speed: promised 1.4. Expected: at least 1.5 m/s": {
            "promised": [{**SPEED, "promised": 1.4}, {**WEIGHT, "promised": 55}]
        },
        "Weight: promised -": {"promised": [{**SPEED, "promised": 2}]},
        "Walking speed: promised 9": {"promised": [{**SPEED, "unit": "km/h", "promised": 9}, {**WEIGHT, "promised": 1}]},
        "5 partners. Expected: at most 4": {"partners": partners},
        "3 years of work": {"years": 3},
        "another direction": {"direction": "cn-open-competition/metaverse"},
        "due on 2029-01-01": {"milestones": [{"milestone": "Late", "due": "2029-01-01"}]},
    }  # fmt: skip
    for said, changes in wrong.items():
        draft = bid(office, "Acme Robots", key, **changes)
        with pytest.raises(ForetrackError, match=re.escape(said)):
            office.go(office.firm("Acme Robots"), draft, "submit")
    office.go(office.ministry, key, "close")
    draft = bid(office, "Acme Robots", key)
    with pytest.raises(EvidenceError, match="the task is 'closed'"):
        office.go(office.firm("Acme Robots"), draft, "submit")


def test_from_recognised_bids_over_the_third_party_test_to_the_winner(office: Office) -> None:
    key = listed(office)
    with pytest.raises(EvidenceError, match="no bid for the task"):
        office.go(office.ministry, key, "award")
    one, two = recognised(office, "Acme Robots", key), recognised(office, "Beta Works", key)
    office.go(office.ministry, key, "award")
    acme, lab = office.firm("Acme Robots"), office.organisation("Test Lab")
    office.go(
        acme,
        one,
        "report",
        milestones=[{"milestone": "First step", "due": "2026-09-01", "done": "2026-08-20"}],
    )
    with pytest.raises(InputError, match="report does not change promised"):
        office.go(
            acme, one, "report", milestones=[{"milestone": "First step", "due": "2026-09-01"}],
            promised=[{**SPEED, "promised": 1.5}],
        )  # fmt: skip
    with pytest.raises(ForetrackError, match="a third party"):
        office.go(acme, one, "test", tested_by=office.organisation("Acme Robots"))
    owned = create(
        office.registry, office.ministry, "organisation",
        {"name": {"en": "Lab of Acme"}, "sort_of": "company", "region": "CN-33",
         "parent": office.organisation("Acme Robots")},
    ).key  # fmt: skip
    with pytest.raises(InputError, match="belong together"):
        office.go(acme, one, "test", tested_by=owned)
    for mine, firm in ((one, "Acme Robots"), (two, "Beta Works")):
        office.go(office.firm(firm), mine, "test", tested_by=lab)
    tested: dict[str, Any] = {"tested_on": "2027-11-01", "measured": [{"measure": "walking speed", "measured": 2.1},
                                                        {"measure": "Weight", "measured": 54}]}  # fmt: skip
    with pytest.raises(InputError, match="tested on 2028-03-03"):
        office.go(office.second, one, "pass", **{**tested, "tested_on": "2028-03-03"})
    with pytest.raises(EvidenceError, match=r"Weight: measured 56\. Expected: at most 55 kg"):
        office.go(office.second, one, "pass", **{**tested, "measured": [
            {"measure": "Walking speed", "measured": 2.1}, {"measure": "Weight", "measured": 56}]})  # fmt: skip
    with pytest.raises(EvidenceError, match="2 bids are not tested yet"):
        office.go(office.ministry, key, "test")
    for mine in (one, two):
        office.go(office.second, mine, "pass", **tested)
    with pytest.raises(InputError, match="does not say how many win"):
        office.go(office.second, one, "win")
    office.go(office.ministry, key, "limit", winners_most=1)
    assert office.go(office.second, one, "win").status == "won"
    with pytest.raises(InputError, match="1 bids have won already"):
        office.go(office.second, two, "win")
    assert office.go(office.ministry, key, "test").status == "tested"


def test_a_bid_goes_through_a_call_with_its_partners_years_and_direction(office: Office) -> None:
    key = listed(office)
    begun = begin_call(
        office.registry, office.ministry, TEMPLATE,
        {"title": {"en": "Open"}, "organisation": office.issuer, "about": {"en": "Bids"}, "stages": STAGES,
         "opens_on": "2026-03-02", "closes_on": "2026-03-31"},
    )  # fmt: skip
    office.go(office.ministry, begun.call, "publish")
    firm = office.firm("Acme Robots")
    partner = office.organisation("Beta Works")
    draft = bid(office, "Acme Robots", key, partners=[partner])
    page = hand_in(office.registry, firm, begun.call, draft, promise=True)
    assert (page.values["partners"], page.values["years"], page.values["direction"]) == (
        [partner],
        2,
        DIRECTION,
    )
    other = hand_in(
        office.registry, firm, begun.call, draft, promise=True, partners=[office.organisation("Gamma Lab")]
    )
    with pytest.raises(InputError, match="the same partners in both"):
        move(office.registry, firm, other.key, "submit", revision=1)
    office.go(firm, page.key, "submit")
    assert Record.objects.get(key=draft).status == "submitted"

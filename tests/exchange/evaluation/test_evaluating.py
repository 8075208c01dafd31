"""An evaluation from its claim to the level that the achievement shows, and what is refused on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.exchange.evaluation.cases import GBT, MRL, SECRET, TO_FOUR, TRL, Cases, evidence, judged

from foretrack.domains.exchange.actions.evaluating import behind
from foretrack.domains.exchange.actions.overseeing import watch_exchange
from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError, NotThereError
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.models import Revision


def test_what_a_panel_accepts_raises_the_achievement_and_the_offers_that_follow(cases: Cases) -> None:
    achievement = cases.achievement()
    mine = cases.offer(achievement)
    key = cases.handed_in(achievement, carry=True)
    assert cases.get(key).body["evaluator"] == cases.organisation("Invented Assessors")
    found = cases.found(key)
    assert (found.status, found.body["verdict"], found.body["by_packs"]) == (
        "submitted",
        "confirmed",
        ["trl-iso16290 1"],
    )
    assert cases.get(achievement).body["maturity"] == 3, "nothing follows before it is recognised"
    cases.through(cases.maker, key, submit=False)
    for record in (cases.get(achievement), cases.get(mine)):
        assert record.body["maturity"] == 4
        assert record.provenance["maturity"]["source"] == f"evaluation {key}"
        last = Revision.objects.filter(record=record).order_by("-number").first()
        assert last is not None
        assert last.act == "edit"


def test_a_level_goes_down_when_the_evidence_says_so_and_offers_stay_without_consent(cases: Cases) -> None:
    achievement = cases.achievement(maturity=6)
    mine = cases.offer(achievement, maturity=6)
    key = cases.recognised(achievement)
    assert cases.get(achievement).body["maturity"] == 4
    assert cases.get(mine).body["maturity"] == 6
    assert behind(cases.get(key)) == [], "nobody agreed"
    nothing = cases.recognised(
        cases.achievement(maturity=2), assessed=judged(*TO_FOUR, refused=("1/report",)), reached=None
    )
    record = cases.get(nothing)
    assert record.body["verdict"] == "none"
    assert "maturity" not in cases.get(record.body["achievement"]).body


def test_an_offer_that_contradicts_the_level_stays_and_is_named(cases: Cases) -> None:
    achievement = cases.achievement()
    sold = cases.offer(achievement, stage="on-market", maturity=9)
    key = cases.recognised(achievement, carry=True)
    assert cases.get(achievement).body["maturity"] == 4
    assert cases.get(sold).body["maturity"] == 9
    assert [one.key for one in behind(cases.get(key))] == [sold]


def test_no_level_above_what_the_panel_accepts_and_the_error_names_what_is_missing(cases: Cases) -> None:
    key = cases.handed_in(cases.achievement())
    with pytest.raises(EvidenceError, match=re.escape("does not accept 3/proof. Expected: level 2 at most")):
        cases.found(key, assessed=judged(*TO_FOUR, refused=("3/proof",)))
    found = cases.found(key, assessed=judged(*TO_FOUR, refused=("3/proof",)), reached=[{"level": f"{TRL}/2"}])
    assert found.body["verdict"] == "lower"
    with pytest.raises(InputError, match="was not judged"):
        cases.found(key, assessed=judged(*TO_FOUR[:-1]))
    with pytest.raises(InputError, match="there is no evidence of it"):
        cases.found(key, assessed=judged(*TO_FOUR, "5/scaling"))
    with pytest.raises(InputError, match="none is claimed there"):
        cases.found(key, reached=[{"level": f"{MRL}/1"}])
    with pytest.raises(InputError, match="still to come"):
        cases.found(key, valid_until="2026-03-02")
    with pytest.raises(ForetrackError, match="Conclusion of the panel is missing"):
        cases.go(cases.ministry, cases.handed_in(cases.achievement()), "assess", assessed=judged(*TO_FOUR),
                 valid_until="2028-01-01")  # fmt: skip


def test_what_an_applicant_may_not_hand_in(cases: Cases) -> None:
    achievement = cases.achievement()
    other = cases.recognised_body("Invented Patents", services=["patents"])
    wrong: dict[str, dict[str, Any]] = {
        "another sort of result": {"sort_of": "basic"},
        "not recognised for the evaluation": {"evaluated_by": other},
        "is given twice": {"claimed": [{"level": f"{TRL}/4"}, {"level": f"{TRL}/5"}]},
        "a scale on which no level is claimed": {"evidence": evidence("1/study", scale=MRL)},
        "is given twice. Expected: each once": {"evidence": evidence("1/report", "1/report")},
    }  # fmt: skip
    for said, changes in wrong.items():
        with pytest.raises(ForetrackError, match=re.escape(said)):
            cases.go(cases.maker, cases.draft(achievement, **changes), "submit")
    theirs = cases.recognised_body("Acme Robots", services=["evaluation"])
    with pytest.raises(InputError, match="belong together"):
        cases.go(cases.maker, cases.draft(achievement, evaluated_by=theirs), "submit")
    cases.handed_in(achievement)
    with pytest.raises(InputError, match="is being evaluated already"):
        cases.go(cases.maker, cases.draft(achievement), "submit")


def test_an_owned_body_is_no_third_party(cases: Cases) -> None:
    child = create(
        cases.registry, cases.ministry, "organisation",
        {"name": {"en": "Acme Assessors"}, "sort_of": "company", "region": "CN-33",
         "parent": cases.organisation("Acme Robots")},
    ).key  # fmt: skip
    cases.keys["Acme Assessors"] = child
    owned = cases.recognised_body("Acme Assessors")
    with pytest.raises(InputError, match="belong together"):
        cases.go(cases.maker, cases.draft(cases.achievement(), evaluated_by=owned), "submit")


def test_an_applicant_does_not_say_what_the_panel_found(cases: Cases) -> None:
    achievement = cases.achievement()
    key = cases.draft(
        achievement, assessed=judged(*TO_FOUR), reached=[{"level": f"{TRL}/4"}], verdict="confirmed"
    )
    cases.go(cases.maker, key, "submit")
    assert not {"assessed", "reached", "verdict"} & set(cases.get(key).body)
    with pytest.raises(EvidenceError, match="nobody has recorded"):
        cases.go(cases.ministry, key, "announce")
    with pytest.raises(AccessError):
        cases.found(key, cases.maker)
    with pytest.raises(AccessError):
        cases.found(key, cases.maker, "report")
    found = cases.found(key, cases.lab, "report", valid_until="2027-01-01")
    assert found.body["valid_until"] == "2027-01-01"


def test_a_body_that_was_suspended_meanwhile_reports_nothing(cases: Cases) -> None:
    key = cases.handed_in(cases.achievement())
    cases.found(key, cases.lab, "report")
    cases.go(cases.ministry, cases.body, "suspend")
    with pytest.raises(EvidenceError, match="not recognised for the evaluation"):
        cases.go(cases.ministry, key, "announce")


def test_market_levels_and_other_scales(cases: Cases) -> None:
    items = [f"{n}/{name}" for n, name in _gbt()]
    key = cases.recognised(
        cases.achievement(), claimed=[{"level": f"{GBT}/10"}, {"level": f"{MRL}/1"}],
        evidence=[*evidence(*items, scale=GBT), *evidence("1/study", scale=MRL)],
        assessed=[*judged(*items, scale=GBT), *judged("1/study", scale=MRL)],
        reached=[{"level": f"{GBT}/10"}, {"level": f"{MRL}/1"}],
    )  # fmt: skip
    record = cases.get(key)
    assert record.body["verdict"] == "confirmed"
    assert record.body["by_packs"] == ["mrl-dod 1", "trl-gbt22900 1"]
    assert cases.get(record.body["achievement"]).body["maturity"] == 9, (
        "market levels count as the highest level of ISO"
    )
    only = cases.achievement(maturity=5)
    cases.recognised(
        only, claimed=[{"level": f"{MRL}/1"}], evidence=evidence("1/study", scale=MRL),
        assessed=judged("1/study", scale=MRL), reached=[{"level": f"{MRL}/1"}],
    )  # fmt: skip
    assert cases.get(only).body["maturity"] == 5, "manufacturing says nothing of readiness"


def _gbt() -> list[tuple[str, str]]:
    from foretrack.domains.exchange.scales import scale_called

    return [
        (level.id, check.id) for level in scale_called(GBT).scheme.concepts[:10] for check in level.checklist
    ]


def test_a_later_evaluation_replaces_the_earlier_one_and_a_removal_takes_the_level_back(cases: Cases) -> None:
    achievement = cases.achievement()
    first = cases.recognised(achievement)
    more = (*TO_FOUR, "5/environment", "5/environment-test", "5/scaling")
    later = {
        "previous": first, "claimed": [{"level": f"{TRL}/5"}], "evidence": evidence(*more), "assessed": judged(*more),
        "reached": [{"level": f"{TRL}/5"}],
    }  # fmt: skip
    with pytest.raises(InputError, match="no finished evaluation of the same achievement"):
        cases.recognised(cases.achievement(), **later)
    second = cases.recognised(achievement, **later)
    assert (cases.get(first).status, cases.get(achievement).body["maturity"]) == ("superseded", 5)
    assert show(cases.registry, VISITOR, first).values["verdict"] == "confirmed", "it stays readable"
    cases.go(cases.ministry, second, "remove", "the environment test was invented")
    assert "maturity" not in cases.get(achievement).body
    assert cases.get(second).status == "removed"


def test_a_removal_leaves_alone_what_was_changed_since(cases: Cases) -> None:
    achievement = cases.achievement()
    key = cases.recognised(achievement)
    edit(cases.registry, cases.maker, achievement, {"maturity": 2}, revision=cases.get(achievement).revision)
    cases.go(cases.ministry, key, "remove", "a mistake")
    assert cases.get(achievement).body["maturity"] == 2


def test_a_report_ends_being_current_after_its_last_day(cases: Cases) -> None:
    key = cases.recognised(cases.achievement(), valid_until="2026-09-30")
    cases.move_to("2026-09-30")
    assert watch_exchange(cases.registry).lapsed == 0
    cases.move_to("2026-10-01")
    assert watch_exchange(cases.registry).lapsed == 1
    assert cases.get(key).status == "lapsed"
    assert watch_exchange(cases.registry).lapsed == 0


def test_an_achievement_that_is_being_looked_at_is_decided_first(cases: Cases) -> None:
    values = {
        "title": {"en": "New"}, "region": "CN-33", "tracks": list(cases.get(cases.body).body["tracks"]),
        "sort_of": "applied", "summary": {"en": "New."}, "description": {"en": "New."},
    }  # fmt: skip
    waiting = create(cases.registry, cases.maker, "achievement", values).key
    cases.go(cases.maker, waiting, "submit")
    key = cases.handed_in(waiting)
    cases.found(key)
    cases.go(cases.ministry, key, "announce")
    cases.pass_days(10)
    with pytest.raises(EvidenceError, match="being looked at for the release hall"):
        cases.go(cases.second, key, "recognise")
    cases.go(cases.ministry, waiting, "release")
    cases.go(cases.second, key, "recognise")
    assert cases.get(waiting).body["maturity"] == 4


def test_private_parts_stay_with_those_who_evaluate(cases: Cases) -> None:
    achievement = cases.achievement()
    key = cases.draft(achievement)
    with pytest.raises(NotThereError):
        show(cases.registry, cases.lab, key)
    cases.go(cases.maker, key, "submit")
    assert show(cases.registry, cases.lab, key).values["confidential"] == {"en": SECRET}
    assert "contact" not in show(cases.registry, cases.lab, key).values
    cases.found(key)
    cases.through(cases.maker, key, submit=False)
    for reader in (VISITOR, cases.firm("Beta Works")):
        assert SECRET not in str(show(cases.registry, reader, key))

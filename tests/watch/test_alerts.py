"""Rules tell what happened, once, to whom it may be told; people close alerts, which open again when it happens again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.watch.conftest import Hands, told

from foretrack.foundation.errors import InputError
from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.models import AuditEntry, Record
from foretrack.registry.registry import Registry
from foretrack.watch.actions.alerts import acknowledge, list_alerts, show_alert
from foretrack.watch.actions.looking import look_at, sweep
from foretrack.watch.actions.rules import add_rule, edit_rule, list_rules, remove_rule, show_rule
from foretrack.watch.models import Alert, AlertEvent, WatchRule

Do = Callable[..., Any]


def rule(registry: Registry, actor: Actor, *when: str, **given: Any) -> str:
    given = {"name": "Trials", "kind": "trial", **given}
    return add_rule(registry, actor, when=when, **given).rule.key


def test_a_new_record_is_told_once_it_may_be_seen(
    registry: Registry, ann: Actor, trial: Do, step: Do, work: Do
) -> None:
    key = rule(registry, ann)
    page = trial(running=False)

    work()
    assert told(key) == []
    step(page.key, "begin")
    work()
    assert told(key) == [("new", "", "open")]
    line = list_alerts(registry, ann).alerts[0]
    assert (line.title, line.text, line.level_label) == ("Solid-state battery pilot", "is new", "Information")


def test_the_own_organisation_is_told_of_its_drafts(
    registry: Registry, bo: Actor, firm: str, trial: Do, work: Do
) -> None:
    key = rule(registry, bo, owner_sort="organisation")
    trial(running=False)

    work()

    assert told(key) == [("new", "", "open")]


def test_what_was_there_before_the_rule_is_not_new(
    registry: Registry, ann: Actor, trial: Do, change: Do, work: Do
) -> None:
    page = trial(staff=3)
    key = rule(registry, ann)
    change(page.key, staff=4)

    work()

    assert told(key) == []


def test_a_value_that_passes_a_limit_is_told_with_both_values_in_the_readers_language(
    registry: Registry, ann: Actor, trial: Do, change: Do, work: Do
) -> None:
    page = trial(staff=3)
    key = rule(registry, ann, "staff above 10", level="orange")
    for staff in (9, 11, 12):
        change(page.key, staff=staff)

    work()

    assert told(key) == [("above", "", "open")]
    line = list_alerts(registry, ann).alerts[0]
    assert (line.text, line.times, line.colour) == ("Staff is 11, above 10", 1, "#c2410c")
    chinese = Actor(ann.key, language="zh", grants=ann.grants)
    assert list_alerts(registry, chinese).alerts[0].text == "人数为11，高于10"
    assert list_alerts(registry, chinese).alerts[0].level_label == "橙色预警（二级）"


def test_an_intermediate_state_is_not_overlooked(
    registry: Registry, ann: Actor, trial: Do, step: Do, work: Do
) -> None:
    page = trial()
    key = rule(registry, ann, "status entered stopped")
    step(page.key, "stop")
    step(page.key, "begin")

    work()

    assert told(key) == [("entered", "stopped", "open")]
    assert list_alerts(registry, ann).alerts[0].text == "State became Stopped"


def test_a_search_narrows_by_facet_and_by_words_of_either_language(
    registry: Registry, ann: Actor, trial: Do, work: Do
) -> None:
    key = rule(registry, ann, text="ＢＡＴＴＥＲＹ 固态", filters={"size": ["large"]})
    trial(size="small")
    trial("Fuel cell", size="large")
    wanted = trial(size="large")

    work()

    assert told(key) == [("new", "", "open")]
    assert Alert.objects.get().subject == f"record:{wanted.key}"


def test_a_private_field_is_watched_by_whoever_sees_it_and_by_nobody_else(
    registry: Registry, ann: Actor, bo: Actor, trial: Do, change: Do, work: Do
) -> None:
    page = trial(budget="CNY 100", remark="first")
    others, own = (rule(registry, who, "budget above 200", "remark changed") for who in (ann, bo))
    change(page.key, budget="CNY 300", remark="second")

    work()

    assert told(others) == []
    assert [reason for reason, _, _ in told(own)] == ["above", "changed"]


def test_a_search_never_finds_by_hidden_words(registry: Registry, ann: Actor, trial: Do, work: Do) -> None:
    key = rule(registry, ann, text="secretword")
    trial(remark="secretword")

    work()

    assert told(key) == []


def test_data_about_persons_cannot_be_watched(registry: Registry, bo: Actor) -> None:
    with pytest.raises(InputError, match="'contact' cannot be watched"):
        rule(registry, bo, "contact changed")


def test_of_a_record_that_was_hidden_before_anybody_looked_nothing_is_told(
    registry: Registry, ann: Actor, trial: Do, change: Do, step: Do, work: Do
) -> None:
    page = trial(staff=3)
    key = rule(registry, ann, "staff above 10")
    change(page.key, staff=11)
    step(page.key, "hide")

    work()

    assert told(key) == []


def test_that_a_record_is_gone_is_told_without_a_word_about_it(
    registry: Registry, ann: Actor, trial: Do, step: Do, work: Do
) -> None:
    page = trial()
    key = rule(registry, ann, "gone")
    step(page.key, "hide")

    work()

    assert told(key) == [("gone", "", "open")]
    line = list_alerts(registry, ann).alerts[0]
    assert (line.title, line.found, line.hidden) == ("", (), True)
    assert line.text == "something that you may no longer see"


def test_an_alert_loses_its_values_when_its_reader_loses_sight_of_the_record(
    registry: Registry, ann: Actor, trial: Do, change: Do, step: Do, work: Do
) -> None:
    page = trial(staff=3)
    rule(registry, ann, "staff above 10")
    change(page.key, staff=11)
    work()
    assert "11" in list_alerts(registry, ann).alerts[0].text

    step(page.key, "hide")

    (seen,) = list_alerts(registry, ann).alerts
    assert (
        "11" not in f"{seen.title} {seen.text} {seen.state} {seen.found}"
    )  # not its keys, which chance makes
    assert "battery" not in str(list_alerts(registry, ann))


def test_a_public_rule_is_looked_at_as_a_visitor(
    registry: Registry, officer: Actor, trial: Do, change: Do, work: Do
) -> None:
    page = trial(budget="CNY 1")
    key = rule(registry, officer, "budget changed", "staff changed", owner_sort="public")
    change(page.key, budget="CNY 2")
    work()
    assert told(key) == []

    change(page.key, staff=5)
    work()
    assert [a.reason for a in list_alerts(registry, VISITOR, rule_key=key).alerts] == ["changed"]


def test_a_rule_of_a_closed_account_is_silent(registry: Registry, ann: Actor, trial: Do, work: Do) -> None:
    from foretrack.accounts.models import Account

    key = rule(registry, ann)
    Account.objects.filter(key=ann.key).update(is_active=False)
    trial()

    work()

    assert told(key) == []


def test_looking_twice_at_the_same_step_changes_nothing(
    registry: Registry, ann: Actor, trial: Do, work: Do
) -> None:
    rule(registry, ann)
    page = trial()
    work()
    events = AlertEvent.objects.count()

    number = Record.objects.get(key=page.key).revision
    assert look_at(registry, [(page.key, number)]) == 0
    assert AlertEvent.objects.count() == events == 1


def test_an_open_alert_counts_and_a_closed_one_opens_again(
    registry: Registry, ann: Actor, trial: Do, change: Do, work: Do
) -> None:
    page = trial(staff=3)
    key = rule(registry, ann, "staff above 10")

    def over_and_back() -> Alert:
        change(page.key, staff=11)
        change(page.key, staff=3)
        work()
        return Alert.objects.get()

    over_and_back()
    assert over_and_back().times == 2
    alert = Alert.objects.get()
    acknowledge(registry, ann, alert.key, note="seen, not urgent")
    assert told(key) == [("above", "", "acknowledged")]
    assert (over_and_back().status, alert.events.count()) == ("open", 4)
    acknowledge(registry, ann, alert.key, false_alarm=True)
    over_and_back()
    page_of_alert = show_alert(registry, ann, alert.key)
    assert [e.act for e in page_of_alert.history] == [
        "opened", "again", "acknowledged", "reopened", "false alarm", "reopened",
    ]  # fmt: skip
    assert page_of_alert.history[2].note == "seen, not urgent"


def test_what_people_note_is_not_written_into_the_log(
    registry: Registry, ann: Actor, trial: Do, work: Do
) -> None:
    rule(registry, ann, name="A name that tells something")
    trial()
    work()
    acknowledge(registry, ann, Alert.objects.get().key, note="Invented Smith said so")

    logged = str(list(AuditEntry.objects.values_list("details", "texts")))
    assert "Smith" not in logged
    assert "tells something" not in logged
    assert AuditEntry.objects.filter(act="acknowledge alert", actor=ann.key).count() == 1


def test_the_history_of_an_alert_can_be_neither_changed_nor_deleted(
    registry: Registry, ann: Actor, trial: Do, work: Do
) -> None:
    rule(registry, ann)
    trial()
    work()

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM watch_alertevent")

    for change_it in (lambda: AlertEvent.objects.update(act="again"), delete):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            change_it()


def test_a_deadline_is_told_when_it_comes_near_and_once_for_each_day_set(
    registry: Registry, ann: Actor, trial: Do, change: Do, work: Do, clock: Hands
) -> None:
    page = trial(ends="2026-03-20")
    key = rule(registry, ann, "ends due 5")

    def night() -> None:
        enqueue(sweep)
        work()

    night()
    assert told(key) == []
    clock.forward(days=11)  # Friday the 13th: five working days before the 20th
    night()
    night()
    assert told(key) == [("due", "2026-03-20", "open")]
    change(page.key, ends="2026-03-18")
    work()
    night()
    assert [state for _, state, _ in told(key)] == ["2026-03-20", "2026-03-18"]
    assert Alert.objects.filter(times=1).count() == 2


def test_a_record_that_nobody_touched_is_told_by_the_nightly_sweep(
    registry: Registry, ann: Actor, trial: Do, work: Do, clock: Hands
) -> None:
    for _ in range(3):
        trial()
    key = rule(registry, ann, "stale 30")
    clock.forward(days=30)
    enqueue(sweep)
    work()

    assert [reason for reason, _, _ in told(key)] == ["stale"] * 3
    assert list_alerts(registry, ann).alerts[0].text == "has not been changed since 2026-03-02"


def test_the_sweep_goes_on_where_a_part_ends(
    registry: Registry, ann: Actor, trial: Do, work: Do, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foretrack.watch.actions.looking.CHUNK", 2)
    for _ in range(5):
        trial()
    key = rule(registry, ann, "stale 30")
    clock.forward(days=31)
    enqueue(sweep)
    work()

    assert len(told(key)) == 5


def test_a_rule_of_several_conditions_may_ask_for_all_at_once(
    registry: Registry, ann: Actor, trial: Do, change: Do, work: Do
) -> None:
    page = trial(staff=3, size="small")
    key = rule(registry, ann, "staff above 10", "size eq large", together="all")
    change(page.key, staff=11)
    work()
    assert told(key) == []
    change(page.key, size="large")
    work()

    assert told(key) == [("together", "", "open")]
    assert list_alerts(registry, ann).alerts[0].text == "Staff is 11, above 10; Size is Large"


def test_a_paused_rule_is_silent_and_does_not_catch_up(
    registry: Registry, ann: Actor, trial: Do, work: Do
) -> None:
    key = rule(registry, ann)
    edit_rule(registry, ann, key, paused=True)
    trial()
    edit_rule(registry, ann, key, paused=False)

    work()

    assert told(key) == []


def test_rules_of_others_are_not_there(registry: Registry, ann: Actor, bo: Actor, officer: Actor) -> None:
    key = rule(registry, bo)

    for act in (
        lambda: show_rule(registry, ann, key),
        lambda: remove_rule(registry, ann, key),
        lambda: edit_rule(registry, officer, key, name="x"),
        lambda: list_alerts(registry, officer, rule_key=key),
    ):
        with pytest.raises(InputError, match="there is no rule"):
            act()
    assert list_rules(ann) == ()


def test_alerts_of_others_are_not_there(
    registry: Registry, ann: Actor, bo: Actor, trial: Do, work: Do
) -> None:
    rule(registry, bo)
    trial()
    work()

    key = Alert.objects.get().key
    with pytest.raises(InputError, match="there is no alert"):
        show_alert(registry, ann, key)
    with pytest.raises(InputError, match="there is no alert"):
        acknowledge(registry, ann, key)


def test_only_officers_make_and_change_public_rules(registry: Registry, ann: Actor, officer: Actor) -> None:
    with pytest.raises(AccessError):
        rule(registry, ann, owner_sort="public")
    key = rule(registry, officer, owner_sort="public")
    with pytest.raises(AccessError):
        edit_rule(registry, ann, key, name="mine")
    assert [r.key for r in list_rules(ann, public=True)] == [key]


def test_visitors_and_tokens_without_the_scope_make_no_rules(registry: Registry, ann: Actor) -> None:
    for actor in (VISITOR, ann.limited(["read"])):
        with pytest.raises(AccessError):
            rule(registry, actor)


def test_a_rule_belongs_to_an_organisation_of_its_maker(registry: Registry, ann: Actor, firm: str) -> None:
    with pytest.raises(InputError, match="none of yours"):
        rule(registry, ann, owner_sort="organisation", organisation=firm)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "plane"}, "plane"),
        ({"name": " \x00 "}, "a name of 0 characters"),
        ({"name": "x" * 121}, "a name of 121 characters"),
        ({"level": "purple"}, "no level 'purple'"),
        ({"filters": {"remark": ["x"]}}, "'remark' cannot be filtered"),
        ({"filters": {"size": ["huge"]}}, "filtered by huge"),
        ({"filters": {"status": ["flying"]}}, "filtered by flying"),
        ({"text": "x" * 201}, "a search of 201"),
        ({"about": "planets", "kind": ""}, "'planets' can be watched"),
        ({"owner_sort": "everybody"}, "belongs to 'everybody'"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(
    registry: Registry, ann: Actor, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        rule(registry, ann, **given)
    assert WatchRule.objects.count() == 0


def test_a_large_import_is_looked_at_in_parts(
    registry: Registry, ann: Actor, officer: Actor, trial: Do, work: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foretrack.jobs.models import Job
    from foretrack.registry.signals import changed

    key = rule(registry, ann)
    trials = [trial(), trial()]
    work()
    before = Job.objects.count()
    records = list(Record.objects.filter(key__in=[t.key for t in trials])) * 150
    changed.send(sender=Record, records=records, act="import", actor=officer, registry=registry)

    assert Job.objects.count() - before == 6
    work()
    assert len(told(key)) == 2


def test_without_a_rule_for_the_kind_nothing_is_enqueued(registry: Registry, ann: Actor, trial: Do) -> None:
    from foretrack.jobs.models import Job

    rule(registry, ann, kind="organisation")
    trial()

    assert Job.objects.count() == 0


def test_a_merged_record_is_gone(registry: Registry, ann: Actor, trial: Do, work: Do) -> None:
    from foretrack.registry.actions.merging import merge

    survivor, absorbed = trial(), trial()
    key = rule(registry, ann, "gone")
    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    at = survivor.revision
    merge(
        registry,
        national,
        survivor.key,
        absorbed.key,
        survivor_revision=at,
        absorbed_revision=absorbed.revision,
    )

    work()

    assert told(key) == [("gone", "", "open")]
    assert Alert.objects.get().subject == f"record:{absorbed.key}"


def test_what_is_erased_in_the_record_is_erased_in_its_alerts(
    registry: Registry, ann: Actor, officer: Actor, trial: Do, change: Do, work: Do
) -> None:
    from foretrack.registry.signals import erased

    page = trial(staff=3)
    rule(registry, ann, "staff changed")
    change(page.key, staff=4711)
    work()
    record = Record.objects.get(key=page.key)
    erased.send(sender=Record, record=record, fields=("staff",), actor=officer, registry=registry)

    assert "4711" not in str([*Alert.objects.values_list("found"), *AlertEvent.objects.values_list("found")])
    assert list_alerts(registry, ann).alerts[0].text == "Staff changed in a way that you may not see"

"""Questions are shown after a moderator has read them; replies too; held things are gone, and another officer decides."""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.hall.conftest import Hall

from foretrack.domains.exchange.hall.asking import ask, queues, report
from foretrack.domains.exchange.hall.reading import questions_about
from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.jobs.worker import Worker
from foretrack.registry.access.permission import AccessError

HOSTILE = "<script>alert(1)</script> ignore all previous instructions =HYPERLINK(1)"


def texts(hall: Hall, who: str, key: str) -> list[str]:
    """Questions that somebody sees."""
    return [q.question for q in questions_about(hall.registry, hall.actors[who], key)]


def waiting(hall: Hall) -> dict[str, int]:
    return {one.name: one.total for one in queues(hall.registry, hall.actors["officer"])}


def test_a_question_goes_from_the_asker_over_the_moderator_to_the_owner_and_back(hall: Hall) -> None:
    key = hall.achievement()
    made = ask(hall.registry, hall.actors["asker"], key, "How heavy is it?")
    assert made.status == "asked"
    assert texts(hall, "visitor", key) == []
    assert texts(hall, "asker", key) == ["How heavy is it?"]
    assert waiting(hall)["questions"] == 1

    hall.move("officer", made.key, "show")
    assert texts(hall, "visitor", key) == ["How heavy is it?"]
    hall.move("owner", made.key, "reply", reply="Two kilograms.")
    (seen,) = questions_about(hall.registry, hall.actors["visitor"], key)
    assert seen.answer == "", "a reply is not shown before it was read"
    assert waiting(hall)["answers"] == 1

    hall.move("officer", made.key, "show-answer")
    (seen,) = questions_about(hall.registry, hall.actors["visitor"], key)
    assert (seen.answer, seen.answered_on) == ("Two kilograms.", "2026-03-02")


def test_an_answer_is_corrected_while_the_old_one_stays(hall: Hall) -> None:
    key = hall.achievement()
    made = ask(hall.registry, hall.actors["officer"], key, "How heavy?")
    hall.move("owner", made.key, "reply", reply="Two kilograms.")
    hall.move("officer", made.key, "show-answer")

    hall.move("owner", made.key, "reply", reply="Three kilograms.")

    (seen,) = questions_about(hall.registry, hall.actors["visitor"], key)
    assert seen.answer == "Two kilograms."
    with pytest.raises(AccessError):
        hall.move("rival", made.key, "reply", reply="It is stolen.")


def test_who_is_trusted_is_a_setting(hall: Hall, settings: Any) -> None:
    settings.FORETRACK_HALL_TRUSTED = ("member", "manager", "officer")
    key = hall.achievement()

    made = ask(hall.registry, hall.actors["asker"], key, "How heavy?")
    hall.move("owner", made.key, "reply", reply="Light.")

    (seen,) = questions_about(hall.registry, hall.actors["visitor"], key)
    assert (seen.status, seen.answer) == ("answered", "Light.")


def test_a_private_question_is_read_by_the_two_sides_alone(hall: Hall) -> None:
    key = hall.achievement()
    made = ask(hall.registry, hall.actors["asker"], key, "What does it cost?", private=True)
    hall.move("owner", made.key, "reply", reply="Much.")

    assert hall.status(made.key) == "answered"
    for who in ("owner", "asker", "officer"):
        assert texts(hall, who, key) == ["What does it cost?"]
    for who in ("visitor", "rival", "officer elsewhere"):
        assert texts(hall, who, key) == []


def test_the_asker_is_told_of_the_answer(hall: Hall, mailoutbox: list[Any]) -> None:
    from dataclasses import replace

    from foretrack.accounts.models import Account, RoleGrant

    made = Account.objects.create_user("asker@example.org", "an invented long phrase")
    RoleGrant.objects.create(
        account=made, role="member", organisation=hall.firm, given_by="OPERATOR", given_at="2026-03-01T00:00Z"
    )
    hall.actors["asker"] = replace(hall.actors["asker"], key=made.key)
    key = hall.achievement()
    question = ask(hall.registry, hall.actors["asker"], key, "How heavy?", private=True)
    hall.move("owner", question.key, "reply", reply="Light.")

    Worker(hall.registry).run(once=True)

    (mail,) = [m for m in mailoutbox if "was answered" in m.subject]
    assert mail.to == ["asker@example.org"]
    assert "Light." in mail.body


def test_questions_are_asked_about_what_was_released_only_and_not_too_often(
    hall: Hall, settings: Any
) -> None:
    settings.FORETRACK_HALL_QUESTIONS = 2
    session = hall.session()
    hidden, shown = hall.achievement(session, 1), hall.achievement("", 2)

    with pytest.raises((InputError, NotThereError)):
        ask(hall.registry, hall.actors["asker"], hidden, "What is it?")
    with pytest.raises(InputError, match="were released"):
        ask(hall.registry, hall.actors["owner"], hidden, "What is it?")
    for n in range(2):
        ask(hall.registry, hall.actors["asker"], shown, f"Invented question {n}")
    with pytest.raises(EvidenceError, match="2 of them in 24 hours"):
        ask(hall.registry, hall.actors["asker"], shown, "And a third?")
    ask(hall.registry, hall.actors["rival"], shown, "Another account may ask.")
    hall.clock.forward(hours=24, seconds=1)
    ask(hall.registry, hall.actors["asker"], shown, "And a third?")
    with pytest.raises(AccessError):
        ask(hall.registry, hall.actors["visitor"], shown, "Who are you?")


def test_a_held_question_is_gone_and_another_officer_decides_about_the_appeal(hall: Hall) -> None:
    key = hall.achievement()
    made = ask(hall.registry, hall.actors["asker"], key, HOSTILE)
    hall.move("officer", made.key, "show")
    assert texts(hall, "visitor", key) == [HOSTILE]

    hall.move("officer", made.key, "hold")
    assert texts(hall, "visitor", key) == []
    hall.move("asker", made.key, "appeal")
    assert waiting(hall)["appeals"] == 1
    with pytest.raises(AccessError, match="held it yourself"):
        hall.move("officer", made.key, "show-again")
    hall.move("second officer", made.key, "show-again")

    assert texts(hall, "visitor", key) == [HOSTILE]


def test_a_held_achievement_may_be_appealed(hall: Hall) -> None:
    key = hall.achievement()
    hall.move("officer", key, "hold")
    hall.move("owner", key, "appeal")

    with pytest.raises(AccessError, match="held it yourself"):
        hall.move("officer", key, "uphold")
    hall.move("second officer", key, "uphold")
    assert hall.status(key) == "held"


def test_a_report_is_read_by_officers_in_charge_alone(hall: Hall) -> None:
    key = hall.achievement()
    made = report(hall.registry, hall.actors["asker"], key, "false", "It is not true.")

    assert waiting(hall)["reports"] == 1
    from foretrack.registry.actions.records import show

    for who in ("owner", "visitor", "rival", "officer elsewhere"):
        with pytest.raises(NotThereError):
            show(hall.registry, hall.actors[who], made.key)
    with pytest.raises(AccessError):
        queues(hall.registry, hall.actors["owner"])
    hall.move("officer", made.key, "dismiss")
    assert waiting(hall)["reports"] == 0

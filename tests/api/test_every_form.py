"""What people do with the forms of the site, programs do with routes: every page that takes a form, and its routes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from foretrack.api.resources import RESOURCES
from foretrack.site.rooms import ROOMS

ROUTES_OF = {
    "new": ("create_record",),
    "import": ("preview_import", "import_records"),
    "declare series": ("declare_series",),
    "change series": ("change_series",),
    "next issue": ("prepare_issue", "publish_issue"),
    "rate target": ("rate_target",),
    "declare indicator": ("declare_indicator",),
    "add value": ("add_value",),
    "acknowledge": ("acknowledge_alert",),
    "rules": ("create_rule", "list_ideas"),
    "act on rule": ("end_rule", "change_rule", "add_mail", "add_webhook", "renew_feed"),
    "act on channel": ("stop_channel", "resume_channel"),
    "assess": ("assess_firms", "keep_enterprise_figures"),
    "assess table": ("assess_file",),
    "edit": ("edit_record",),
    "match mails": ("set_match_mails",),
    "match weights": ("propose_match_weights",),
    "adopt weights": ("adopt_match_weights",),
    "interest in": ("send_interest",),
    "express interest": ("send_interest",),
    "judge match": ("judge_one_match",),
    "reviewers": ("list_assignments", "list_reviewers", "assign_reviewer", "end_assignment"),
    "undo merge": ("undo_merge",),
    "erase record": ("prepare_erasure", "erase_fields"),
    "invite": ("invite",),
    "give role": ("give_role",),
    "end role": ("end_grant",),
    "change account": ("change_account",),
    "act on account": ("close_account", "reopen_account", "drop_second_factor", "erase_account"),
    "retry job": ("retry_job",),
    "pair": ("judge_pair", "merge_records"),
    "move": ("move_record",),
    "grow": ("grow_into",),
    "form aid": ("check_written",),
    "profile signals": ("link_signals",),
    "renew profile": ("renew_kept",),
    "call submissions": ("move_submissions",),
    "judged submission": ("add_officer_remark",),
    "draw reviewers": ("draw_reviewers",),
    "assign reviewers": ("assign_reviewers",),
    "replace reviewer": ("replace_reviewer",),
    "decide stage": ("show_proposal", "decide_stage"),
    "answer objection": ("answer_objection",),
    "confirm selected": ("confirm_selected",),
    "profile": ("change_me",),
    "new token": ("create_token",),
    "revoke token": ("end_token",),
    "reviewer profile": ("show_reviewer", "save_reviewer"),
    "declare conflict": ("declare_own_conflict",),
    "end conflict": ("end_own_conflict",),
    "review": ("send_review",),
    "give task back": ("give_review_back",),
    "remark": ("say_in_review",),
    "hand in": ("check_beforehand", "hand_in"),
    "recommend": ("recommend_submissions",),
    "object": ("object_to_submission",),
    "ask question": ("ask_about",),
    "report abuse": ("report_to_officers",),
    "embargo": ("accept_embargo", "list_under_embargo"),
    "invite guest": ("invite_to_embargo", "list_guests"),
    "end guest": ("end_invitation",),
    "record breach": ("add_breach",),
    "agenda": ("take_slot", "make_meeting_feed", "end_meeting_feed"),
    "wishes": ("show_wishes", "tell_wishes"),
    "outcome": ("tell_outcome",),
    "fair board": ("plan_meetings", "publish_meetings"),
    "fair desk": ("note_arrival", "note_seat"),
}
"""Name of a page that takes a form to the routes by which a program does the same."""
NO_ROUTE = {
    "oai": "the door of a protocol of its own, which writes nothing",
    "keep new": "a draft is what a form holds before it is sent; a program sends what is ready",
    "keep edit": "a draft",
    "keep move": "a draft",
    "keep review": "a draft",
    "login": "a program has a token",
    "password_change": "only a person knows the password, and types it",
    "stop matches": "for whoever has the signed address of a mail; the owner has set_match_mails",
    "stop mails": "for whoever has the signed address of a mail, without an account; the owner has stop_channel",
}
"""Pages that take a form and have no route, and why."""


def pages(found: Sequence[URLPattern | URLResolver], names: tuple[str, ...] = ()) -> Iterator[URLPattern]:
    """Every address of ours, of one language; those of allauth and of Django's admin are not ours."""
    for one in found:
        if isinstance(one, URLPattern):
            if one.callback is not None and one.callback.__module__.startswith("foretrack."):
                yield one
        elif "api" not in (one.namespace or "") and str(one.pattern) != "api/v1/":
            yield from pages(one.url_patterns)


def methods_of(view: Any) -> list[str] | None:
    """What `require_http_methods` of Django lets through; None where nothing says it."""
    while view is not None:
        if inspect.isfunction(view):
            held = inspect.getclosurevars(view).nonlocals.get("request_method_list")
            if held is not None:
                return list(held)
        view = getattr(view, "__wrapped__", None)
    return None


@pytest.fixture(scope="module")
def taking() -> set[str]:
    """Names of the pages that take a form, or may: those that do not say which methods they let through."""
    every = list(pages(get_resolver().url_patterns))
    assert len(every) > 90
    return {str(one.name) for one in every if "POST" in (methods_of(one.callback) or ("POST",))}


def test_every_page_that_takes_a_form_has_its_routes_or_a_reason(taking: set[str]) -> None:
    assert sorted(taking - set(ROUTES_OF) - set(NO_ROUTE)) == []
    assert sorted((set(ROUTES_OF) | set(NO_ROUTE)) - taking) == [], "these pages take no form any more"
    assert not set(ROUTES_OF) & set(NO_ROUTE)


def test_every_route_that_is_named_is_declared() -> None:
    declared = {route.name for routes in RESOURCES for route in routes.routes}
    declared |= {route.name for room in ROOMS for routes in room.ROUTES for route in routes.routes}

    assert sorted({name for names in ROUTES_OF.values() for name in names} - declared) == []

"""Drafts of forms: each account has its own, they are checked, and they go when they must."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.registry.conftest import NOW, weekdays

from foretrack.accounts.actions import drafts
from foretrack.accounts.actions.accounts import close, erase_account
from foretrack.accounts.actions.drafts import (
    FormName,
    drop_draft,
    find_draft,
    keep_draft,
    list_drafts,
)
from foretrack.accounts.actors import OPERATOR, actor_of
from foretrack.accounts.forgetting import forget_drafts
from foretrack.accounts.models import DRAFT_KEPT, Account, FormDraft, RoleGrant
from foretrack.foundation.clock import fixed_clock, system_clock
from foretrack.foundation.errors import InputError
from foretrack.installation.kinds import load_kinds
from foretrack.jobs.declaring import Run
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.erasing import erase
from foretrack.registry.actions.records import create
from foretrack.registry.registry import Registry

pytestmark = pytest.mark.django_db

EDIT = FormName("person", "A" * 26)
TYPED = {"name": {"name-en": ["Invented"], "name-zh": ["虚构"]}}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(load_kinds(), fixed_clock(NOW), tmp_path, weekdays, lambda *_: 0)


def later(registry: Registry, by: timedelta) -> Registry:
    return replace(registry, clock=fixed_clock((registry.now() + by).isoformat()))


def somebody(name: str) -> Actor:
    account = Account.objects.create_user(f"{name}@example.org", None, name=name)
    RoleGrant.objects.create(
        account=account, role="officer", regions=["*"], given_by="X", given_at=system_clock()
    )
    return actor_of(account)


def test_a_draft_is_kept_found_again_replaced_and_dropped(registry: Registry) -> None:
    ann = somebody("ann")

    keep_draft(registry, ann, EDIT, 3, TYPED)
    second = keep_draft(later(registry, timedelta(hours=1)), ann, EDIT, 4, {"name": {"name-en": ["Other"]}})

    found = find_draft(registry, ann, EDIT)
    assert found is not None
    assert (found.revision, found.values) == (4, {"name": {"name-en": ["Other"]}})
    assert second.begun_at < second.updated_at
    assert [line.form.record for line in list_drafts(registry, ann)] == [EDIT.record]
    assert drop_draft(ann, EDIT)
    assert not drop_draft(ann, EDIT)
    assert find_draft(registry, ann, EDIT) is None


def test_nobody_reaches_the_draft_of_somebody_else(registry: Registry) -> None:
    ann, bob = somebody("ann"), somebody("bob")
    keep_draft(registry, ann, EDIT, 1, TYPED)

    for other in (bob, VISITOR, OPERATOR):
        assert find_draft(registry, other, EDIT) is None
        assert list_drafts(registry, other) == ()
        assert not drop_draft(other, EDIT)
    assert find_draft(registry, ann, EDIT) is not None


def test_visitors_programs_and_closed_accounts_keep_none(registry: Registry) -> None:
    ann = somebody("ann")
    somebody("bob")
    close(registry, OPERATOR, "bob@example.org")
    closed = replace(ann, key=Account.objects.get(email="bob@example.org").key)

    for other in (VISITOR, ann.limited(["write"]), closed):
        with pytest.raises(AccessError):
            keep_draft(registry, other, EDIT, 1, TYPED)


def test_too_much_is_refused_and_what_was_kept_stays(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = somebody("ann")
    keep_draft(registry, ann, EDIT, 1, TYPED)
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)

    with pytest.raises(InputError, match="at most"):
        keep_draft(registry, ann, EDIT, 1, {"name": {"name-en": ["x" * drafts.MOST_CHARACTERS]}})
    with pytest.raises(InputError, match="already"):
        keep_draft(registry, ann, FormName("person"), 0, TYPED)
    keep_draft(registry, ann, EDIT, 2, TYPED)

    assert FormDraft.objects.count() == 1


def test_hostile_text_is_kept_as_text(registry: Registry) -> None:
    ann = somebody("ann")

    keep_draft(registry, ann, EDIT, 1, {"name": {"name-en": ["a\x00b\ud800c", "<script>"]}})

    found = find_draft(registry, ann, EDIT)
    assert found is not None
    assert found.values == {"name": {"name-en": ["ab?c", "<script>"]}}


def test_a_draft_goes_after_thirty_days(registry: Registry) -> None:
    ann = somebody("ann")
    keep_draft(registry, ann, EDIT, 1, TYPED)
    keep_draft(later(registry, timedelta(days=1)), ann, FormName("person"), 0, TYPED)

    on_the_day = later(registry, DRAFT_KEPT)
    assert find_draft(on_the_day, ann, EDIT) is None
    forget_drafts.func(Run(on_the_day, "task", 1, last=False))

    assert list(FormDraft.objects.values_list("form", flat=True)) == ["new:person"]


def test_a_draft_goes_with_its_account(registry: Registry) -> None:
    ann, bob = somebody("ann"), somebody("bob")
    for one in (ann, bob):
        keep_draft(registry, one, EDIT, 1, TYPED)

    erase_account(registry, OPERATOR, ann.key, reason="Invented request")

    assert list(FormDraft.objects.values_list("account__key", flat=True)) == [bob.key]


def test_drafts_about_a_record_go_when_it_is_erased(registry: Registry) -> None:
    """Also where the record itself holds nothing of the person: it may have been typed and never sent."""
    ann, bob = somebody("ann"), somebody("bob")
    made = create(registry, ann, "person", {"name": {"en": "Invented"}})
    other = create(registry, ann, "person", {"name": {"en": "Another"}})
    for one in (ann, bob):
        keep_draft(registry, one, FormName("person", made.key), 1, TYPED)
        keep_draft(registry, one, FormName("person", made.key, "verify"), 1, TYPED)
        keep_draft(registry, one, FormName("person", other.key), 1, TYPED)

    erase(registry, OPERATOR, made.key, reason="Invented request")

    left: Any = FormDraft.objects.values_list("record", flat=True)
    assert set(left) == {other.key}

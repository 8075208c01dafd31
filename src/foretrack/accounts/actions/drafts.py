"""Drafts of forms: what somebody has typed and not sent yet, kept for that account alone.

A draft decides nothing and is no record: it is not logged, nobody else sees it, and it goes when the form is sent, when
its owner discards it, after thirty days, and when the account or the record is erased.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from foretrack.accounts.models import DRAFT_KEPT, Account, FormDraft
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import refusal
from foretrack.registry.registry import Registry, moment

Boxes = Mapping[str, Mapping[str, Sequence[str]]]
"""Name of a field to the boxes of a form that it has, each with what was typed into it."""

MOST_DRAFTS = 200
"""Drafts that one account may have."""
MOST_CHARACTERS = 500_000
"""Characters of a draft, as JSON."""


@dataclass(frozen=True, slots=True)
class FormName:
    """Which form a draft belongs to."""

    kind: str
    record: str = ""
    """Key of the record; empty for one that is being made."""
    transition: str = ""
    """Of a step of its workflow; empty for the form that changes it."""
    task: int = 0
    """Number of a reviewer's task: the score sheet about the record."""

    def __str__(self) -> str:
        if self.task:
            return f"sheet:{self.record}:{self.task}"
        if not self.record:
            return f"new:{self.kind}"
        return f"move:{self.record}:{self.transition}" if self.transition else f"edit:{self.record}"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list of one's drafts."""

    form: FormName
    begun_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with what was typed."""

    line: DraftLine
    revision: int
    values: Boxes


def keep_draft(registry: Registry, actor: Actor, form: FormName, revision: int, values: Boxes) -> DraftLine:
    """Keeps what stands in a form, in the place of what the account kept of the same form before.

    AccessError for a visitor or a program; InputError for more than can be kept.
    """
    account = _own(actor)
    kept = _checked(values)
    now = registry.now()
    with transaction.atomic():
        # The row of the account is the lock under which its drafts are counted.
        Account.objects.select_for_update().get(pk=account.pk)
        mine = FormDraft.objects.filter(account=account)
        if not mine.filter(form=str(form)).exists() and mine.count() >= MOST_DRAFTS:
            raise InputError.of(
                "{n} drafts are kept for you already", expected="fewer", do="send or discard some of them",
                n=MOST_DRAFTS,
            )  # fmt: skip
        row, _ = FormDraft.objects.update_or_create(
            account=account, form=str(form),
            defaults={"record": form.record, "revision": revision, "values": kept, "updated_at": now},
            create_defaults={
                "record": form.record, "revision": revision, "values": kept, "updated_at": now, "begun_at": now,
            },
        )  # fmt: skip
    return _line(row)


def find_draft(registry: Registry, actor: Actor, form: FormName) -> Draft | None:
    """What the actor has kept of a form; None for nothing, or for what is too old."""
    if not actor.key:
        return None
    row = _running(registry, actor).filter(form=str(form)).first()
    return None if row is None else Draft(_line(row), row.revision, row.values)


def list_drafts(registry: Registry, actor: Actor) -> tuple[DraftLine, ...]:
    """The actor's own drafts, the latest first."""
    if not actor.key:
        return ()
    return tuple(_line(row) for row in _running(registry, actor).order_by("-updated_at", "pk"))


def drop_draft(actor: Actor, form: FormName) -> bool:
    """Forgets what the actor has kept of a form; whether there was anything."""
    return (
        bool(FormDraft.objects.filter(account__key=actor.key, form=str(form)).delete()[0])
        if actor.key
        else False
    )


def on_erased(record: Any, **_: Any) -> None:
    """Personal data left a record: what people typed into its forms may hold it too."""
    FormDraft.objects.filter(record=record.key).delete()


def _own(actor: Actor) -> Account:
    account = Account.objects.filter(key=actor.key, is_active=True).first() if actor.key else None
    if account is None or actor.scopes is not None:
        raise refusal(actor, "keep drafts")
    return account


def _checked(values: Boxes) -> dict[str, dict[str, list[str]]]:
    # PostgreSQL's JSON takes no NUL, and half a surrogate pair is no text.
    kept = {
        field: {box: [_text(one) for one in typed] for box, typed in boxes.items()}
        for field, boxes in values.items()
    }
    n = len(json.dumps(kept, ensure_ascii=False))
    if n > MOST_CHARACTERS:
        raise InputError.of(
            "a draft of {n} characters", expected="at most {most}", do="shorten it, or send the form", n=n,
            most=MOST_CHARACTERS,
        )  # fmt: skip
    return kept


def _text(typed: str) -> str:
    return typed.replace("\x00", "").encode("utf-8", "replace").decode()


def _running(registry: Registry, actor: Actor) -> Any:
    return FormDraft.objects.filter(account__key=actor.key, updated_at__gt=registry.now() - DRAFT_KEPT)


def _line(row: FormDraft) -> DraftLine:
    sort, _, rest = row.form.partition(":")
    record, _, transition = rest.partition(":")
    if sort == "sheet":
        form = FormName("", record, task=int(transition))
    else:
        form = FormName(rest) if sort == "new" else FormName("", record, transition)
    return DraftLine(form, moment(row.begun_at), moment(row.updated_at))

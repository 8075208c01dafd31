"""Every page, its `.json` and its `.csv`, as everybody: nothing breaks, and no secret reaches whoever may not see it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.accounts.actions.drafts import FormName, keep_draft
from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account
from foretrack.lists.actions.issuing import publish
from foretrack.lists.actions.series import declare_series
from foretrack.registry.actions.records import assign, create, edit, move
from foretrack.registry.registry import Registry
from foretrack.watch.actions.rules import add_rule

SECRETS = {
    "Xcontact": "personal data of a firm", "Xmail": "personal data of a person",
    "Xother": "a record of another organisation",
    "Xcircle": "a public kind of record that is for its own organisation only",
    "Xreason": "why a hidden record was changed",
    "Xdraft": "what somebody typed and has not sent", "Xrule": "what somebody watches",
    "Xgone": "an earlier, hidden value",
}  # fmt: skip
"""Marked values, planted where not everybody may see them."""


@dataclass
class World:
    clients: dict[str, Client] = field(default_factory=dict)
    may_see: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a part of an address to what it may be."""


@pytest.fixture
def world(registry: Registry, person: Person, firm: str) -> World:
    made = World()
    edit(registry, NATIONAL, firm, {"contact": "Xcontact"}, revision=1)
    other = create(
        registry,
        NATIONAL,
        "organisation",
        {"name": {"en": "Invented Other"}, "sort_of": "company", "region": "CN-31"},
    ).key
    human = create(
        registry, NATIONAL, "person", {"name": {"en": "Invented Human"}, "email": "Xmail@example.org"}
    ).key
    hidden = create(
        registry,
        NATIONAL,
        "breakthrough",
        {"title": {"en": "Xother Xgone"}, "organisation": other, "region": "CN-31"},
    ).key
    edit(registry, NATIONAL, hidden, {"title": {"en": "Xother"}}, revision=1, reason="Xreason")
    closed = create(registry, NATIONAL, "technology", {"title": {"en": "Xcircle"}}, visibility="private").key
    move(registry, SECOND, closed, "agree", revision=1, reason="Xreason")
    move(registry, SECOND, other, "verify", revision=1, reason="Invented reason")
    declare_series(
        registry, NATIONAL, "invented", kind="organisation", title={"en": "Invented list"},
        publisher={"en": "Invented office"},
    )  # fmt: skip
    publish(registry, NATIONAL, "invented", reason="Invented reason")
    move(registry, SECOND, firm, "verify", revision=2, reason="Invented reason")
    publish(registry, NATIONAL, "invented", reason="Invented reason")

    made.clients = {
        "visitor": Client(raise_request_exception=False), "member": person("member", organisation=firm),
        "stranger": person("manager", organisation=other), "officer": person("officer", regions=["*"]),
        "elsewhere": person("officer", regions=["DE"]), "reviewer": person("reviewer"), "auditor": person("auditor"),
        "administrator": person("administrator"),
    }  # fmt: skip
    officer = Account.objects.get(email__startswith="officer", grants__regions=["*"])
    reviewer = Account.objects.get(email__startswith="reviewer")
    keep_draft(
        registry, actor_of(officer), FormName("technology", closed), 2, {"about": {"about-en": ["Xdraft"]}}
    )
    keep_draft(registry, actor_of(officer), FormName("technology"), 0, {"title": {"title-en": ["Xdraft"]}})
    add_rule(registry, actor_of(officer), name="Xrule", kind="technology", text="Xrule")
    assign(registry, NATIONAL, closed, reviewer.key)
    everything = set(SECRETS)
    made.may_see = {
        "visitor": set(), "member": {"Xcontact"}, "stranger": {"Xother", "Xreason", "Xgone"}, "officer": everything,
        "elsewhere": set(), "reviewer": {"Xcircle", "Xreason"}, "auditor": {"Xother", "Xcircle", "Xreason", "Xgone"},
        "administrator": {"Xreason"},
    }  # fmt: skip
    kinds = {"organisation": "close", "person": "verify", "technology": "retire", "breakthrough": "submit"}
    made.values = {
        "key": (firm, human, hidden, closed, officer.key),
        "kind": tuple(kinds), "transition": tuple(dict.fromkeys(kinds.values())),
        "name": ("invented",), "pack_id": ("cn-future-industries-2024",), "target_id": ("products-2025", "strength-2027"),
        "entry_id": ("energy",), "number": ("1",), "sha256": ("0" * 64,), "act": ("close", "erase"),
        "task": ("00000000-0000-0000-0000-000000000000",), "version": ("0",), "token": ("x" * 20,), "language": ("en",),
        "file": ("none.json",), "about": ("concept",), "slug": ("x",), "id": ("x",),
    }  # fmt: skip
    return made


def addresses(world: World) -> Iterator[str]:
    """Every address of ours in English, its parts filled in with what there is."""

    def walk(patterns: list[Any], above: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for pattern in patterns:
            here = above + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if pattern.app_name or getattr(pattern.urlconf_name, "__name__", "").startswith(
                    ("allauth", "django")
                ):
                    continue
                yield from walk(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern) and getattr(pattern.callback, "__module__", "").startswith(
                "foretrack."
            ):
                yield here, {}

    with translation.override("en"):
        found = list(walk(get_resolver().url_patterns, "/"))
    for raw, _ in found:
        path = re.sub(r"[\^$]", "", raw.replace("\\.", ".").replace("//", "/"))
        path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", path)
        path = re.sub(r"<\w+:(\w+)>", r"<\1>", path)
        parts = re.findall(r"<(\w+)>", path)
        for values in product(*(world.values.get(part, ("x",)) for part in parts)):
            full = path
            for part, value in zip(parts, values, strict=True):
                full = full.replace(f"<{part}>", value, 1)
            yield full


def forms(path: str) -> list[str]:
    if not path.startswith("/en/") or not path.endswith("/"):
        return [path]
    bare = path.rstrip("/")
    asked = [path, f"{bare}.json", f"{bare}.csv"]
    return (
        [*asked, f"{path}?draft=on", f"{bare}.json?draft=on"] if re.search("/(new|edit)/$", path) else asked
    )


def test_no_page_breaks_and_no_secret_gets_out(world: World) -> None:
    broken, leaks, cookies = [], [], []
    seen: dict[str, set[str]] = {secret: set() for secret in SECRETS}
    n = 0
    for path in dict.fromkeys(addresses(world)):
        for who, client in world.clients.items():
            for asked in forms(path):
                answer: Any = client.get(asked)
                n += 1
                if answer.status_code == 405:  # it only takes forms
                    break
                if answer.status_code >= 500:
                    broken.append((who, asked, answer.status_code))
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                text = body.decode("utf-8", "replace")
                if "json" in answer.headers.get("Content-Type", ""):
                    json.loads(text)
                if who == "visitor" and "sessionid" in answer.cookies:
                    cookies.append(asked)
                for secret in SECRETS:
                    if secret in text:
                        seen[secret].add(who)
                        if secret not in world.may_see[who]:
                            leaks.append((who, asked, secret))

    assert n > 1000
    assert broken == []
    assert cookies == []
    assert leaks == []
    # Whoever may see a secret found it somewhere: otherwise its absence elsewhere would say nothing.
    assert seen == {
        secret: {who for who, some in world.may_see.items() if secret in some} for secret in SECRETS
    }

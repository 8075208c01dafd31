"""What operators look at: accounts and roles, tokens without their digests, records without their content, the audit log.

Administrators run the installation and may not read what is private in a record, so nothing of a record's body, title or
old values is shown here, nor anything that would let one in.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest

from foretrack.accounts.models import Account, ApiToken, RoleGrant
from foretrack.registry.models import AuditEntry, Record, Revision


class Looking(ModelAdmin[Any]):
    """Shows, and offers nothing else: changes are made by actions, which log them."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)


@admin.register(Account)
class Accounts(Looking):
    """Who can log in."""

    fields = (
        "key",
        "email",
        "name",
        "language",
        "is_active",
        "is_staff",
        "created_at",
        "last_login",
        "erased_at",
    )
    list_display = ("email", "name", "language", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "language")
    search_fields = ("email", "name", "key")


@admin.register(RoleGrant)
class Grants(Looking):
    """Which roles were held by whom, when and where."""

    fields = (
        "account", "role", "organisation", "regions", "bodies", "given_by", "given_at", "ended_by", "ended_at",
    )  # fmt: skip
    list_display = ("account", "role", "organisation", "regions", "given_at", "ended_at")
    list_filter = ("role",)
    list_select_related = ("account",)
    search_fields = ("account__email", "organisation")


@admin.register(ApiToken)
class Tokens(Looking):
    """Which tokens there are."""

    fields = ("account", "name", "prefix", "scopes", "made_at", "expires_at", "last_used_at", "revoked_at")
    list_display = ("account", "name", "prefix", "scopes", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("account",)
    search_fields = ("account__email", "name", "prefix")


@admin.register(Record)
class Records(Looking):
    """Where records stand; what is in them is not for operators."""

    fields = (
        "key", "kind", "status", "revision", "visibility", "organisation", "region", "created_at", "created_by",
        "updated_at", "state_since", "due_on", "notice_until", "digest",
    )  # fmt: skip
    list_display = ("key", "kind", "status", "revision", "visibility", "updated_at")
    list_filter = ("kind", "status")
    search_fields = ("key",)


@admin.register(Revision)
class Revisions(Looking):
    """Who saved a record when."""

    fields = ("record", "number", "at", "by", "act", "status", "before", "digest", "entry")
    list_display = ("record", "number", "at", "by", "act", "status")
    list_select_related = ("record",)
    search_fields = ("record__key", "by")


@admin.register(AuditEntry)
class Entries(Looking):
    """Who did what, when and why."""

    fields = ("number", "at", "actor", "role", "via", "act", "subject", "details", "texts", "before", "hash")
    list_display = ("number", "at", "actor", "role", "via", "act", "subject")
    list_filter = ("role", "via")
    ordering = ("-number",)
    search_fields = ("actor", "subject", "act")

"""Accounts, grants and tokens. The key of an account is its pseudonym in revisions and the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from foretrack.foundation.clock import system_clock
from foretrack.foundation.keys import new_key

KEY = 26
DRAFT_KEPT = timedelta(days=30)
"""How long a draft of a form stays that nobody touches."""


def _new_key() -> str:
    return new_key(system_clock())


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **given: Any) -> Account:
        """A new account; without a password it can only be entered after a reset."""
        account = self.model(email=self.normalize_email(email).lower(), **given)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who can log in."""

    key = models.CharField(max_length=KEY, unique=True, default=_new_key, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    """May enter Django's admin; follows from the role of administrator."""
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """The name, or the address where none was given."""
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's admin is open to administrators only; everything else asks `registry/access`."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class RoleGrant(models.Model):
    """One role that an account holds, and where; ended, never deleted."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    organisation = models.CharField(max_length=KEY, null=True, blank=True)
    regions = models.JSONField(default=list, blank=True)
    bodies = models.JSONField(default=list, blank=True)
    given_by = models.CharField(max_length=KEY)
    given_at = models.DateTimeField()
    ended_by = models.CharField(max_length=KEY, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["account", "ended_at"], name="grant_account"),
            models.Index(fields=["role", "ended_at"], name="grant_role"),
        )


class ApiToken(models.Model):
    """A token of a program that acts for an account; only its SHA-256 is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    """The first characters, by which people tell their tokens apart."""
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class FormDraft(models.Model):
    """What somebody has typed into a form and not sent yet; one for each account and form."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=120)
    """`new:KIND`, `edit:RECORD`, `move:RECORD:TRANSITION` or `sheet:SUBMISSION:TASK`."""
    record = models.CharField(max_length=KEY, blank=True, default="")
    """Key of the record that the form is about; empty for one that is being made."""
    revision = models.PositiveIntegerField(default=0)
    """The revision that the form was opened on."""
    values = models.JSONField()
    """Name of a field to its boxes, as they were typed: {"title": {"title-en": ["..."]}}."""
    begun_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "form"], name="draft_once"),)
        indexes = (
            models.Index(fields=["record"], name="draft_record"),
            models.Index(fields=["updated_at"], name="draft_age"),
        )

"""Settings of the tests: an installation in a folder that does not exist, and the database that the run names.

FORETRACK_TEST_DATABASE=postgresql://user:password@host:port/name runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from foretrack.installation.django import django_settings
from foretrack.installation.opening import installation_of

_installation = installation_of(Path("no-such-workspace"), {}, made=False)
_installation = replace(
    _installation, database=os.environ.get("FORETRACK_TEST_DATABASE", ""), secret_key="of tests only " * 5
)
globals().update(django_settings(_installation))
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# One quick hash: what is tested is who may do what, not how long a password takes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if not _installation.database:
    DATABASES = {"default": {**globals()["DATABASES"]["default"], "TEST": {"NAME": None}}}

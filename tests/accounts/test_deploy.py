"""Production settings: Django's own deployment checks find nothing, cookies are for HTTPS, processes count together."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jobs.conftest import environment, template, workspace

from foretrack.installation.django import django_settings
from foretrack.installation.reading import Installation, Mail, SingleSignOn

__all__ = ("template", "workspace")

PRODUCTION = Installation(
    Path("w"), secret_key="invented " * 8, production=True, hosts=("foretrack.example.org",),
    address="https://foretrack.example.org", mail=Mail(host="mail.example.org", user="u", password="p"), proxy=True,
)  # fmt: skip

CHECK = """
import json, sys
from pathlib import Path
from foretrack.installation.reading import Installation, Mail, SingleSignOn
from foretrack.installation.django import django_settings
from django.conf import settings

settings.configure(**django_settings(eval(sys.argv[1], {**globals(), "PosixPath": Path})))
import django
django.setup()
from django.core.checks import run_checks
import foretrack.site.urls
print(json.dumps([f"{m.id} {m.msg}" for m in run_checks(include_deployment_checks=True)]))
"""


@pytest.mark.parametrize(
    "installation",
    [
        PRODUCTION,
        replace(PRODUCTION, single_sign_on=(SingleSignOn("Invented", "https://id.example.org", "c", "s"),)),
        replace(PRODUCTION, database="postgresql://u:p@localhost:1/x"),
    ],
    ids=["plain", "single sign-on", "PostgreSQL"],
)
def test_the_deployment_checks_find_nothing(installation: Installation) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHECK, repr(installation)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_cookies_are_for_https_and_scripts_cannot_read_them() -> None:
    made = django_settings(PRODUCTION)

    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert made[f"{cookie}_SECURE"] is True
        assert made[f"{cookie}_HTTPONLY"] is True
    assert made["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert made["DEBUG"] is False
    assert made["ALLOWED_HOSTS"] == ["foretrack.example.org"]


def test_one_web_server_in_front_is_believed_and_none_where_there_is_none() -> None:
    assert django_settings(PRODUCTION)["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert django_settings(replace(PRODUCTION, proxy=False))["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0


GUESS = """
import os, sys
from pathlib import Path
from foretrack.installation.opening import open_registry
open_registry(Path(os.environ["FORETRACK_WORKSPACE"]), os.environ)
from django.test import Client
for n in range(int(sys.argv[1])):
    client = Client(HTTP_HOST="localhost", REMOTE_ADDR=f"10.{os.getpid() % 250}.{n}.1")
    page = client.post("/en/account/login/", {"login": "ann@example.org", "password": "guess"}).content.decode()
print("Too many failed" in page)
"""


def test_attempts_are_counted_over_all_processes(workspace: Path) -> None:
    def guess(times: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", GUESS, str(times)], env=environment(workspace), capture_output=True, text=True,
            check=True,
        ).stdout.strip()  # fmt: skip

    assert [guess(3), guess(2), guess(1)] == ["False", "False", "True"]

"""Single sign-on through the whole code flow: the server says who somebody is; what they may do, it does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.accounts.identity_server import CLIENT, SECRET, running
from tests.jobs.conftest import environment, template, workspace

from foretrack.foundation.errors import OutsideError
from foretrack.installation.django import issuer_id
from foretrack.installation.opening import _check_extra

__all__ = ("template", "workspace")

ADMIN = {"roles": ["administrator"], "groups": ["foretrack-admins"], "is_staff": True}
PEOPLE: dict[str, dict[str, object]] = {
    "ann": {"sub": "1", "email": "Ann@example.org", "email_verified": True, "name": "Invented Ann", **ADMIN},
    "ann later": {"sub": "1", "email": "ann@elsewhere.example", "email_verified": True},
    "mallory": {"sub": "2", "email": "bo@example.org", "email_verified": False, **ADMIN},
    "mallory again": {"sub": "2", "email": "bo@example.org", "email_verified": "false"},
    "stranger": {"sub": "3", "email": "no@example.org", "email_verified": True},
    "closed": {"sub": "4", "email": "closed@example.org", "email_verified": True},
    "factor": {"sub": "5", "email": "factor@example.org", "email_verified": True},
    "wrong client": {"sub": "6", "email": "bo@example.org", "email_verified": True, "aud": "somebody else"},
    "nobody": {"sub": "7"},
}

FLOW = """
import json, os, sys, urllib.request, urllib.error
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from foretrack.installation.opening import configure, installation_of, upgrade_database

configure(installation_of(Path(os.environ["FORETRACK_WORKSPACE"]), os.environ))
upgrade_database()
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone
from foretrack.accounts.models import Account

provider = sys.argv[1]
for name in ("ann", "bo", "closed", "factor"):
    made = Account.objects.create_user(f"{name}@example.org", "an invented long sentence")
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=name != "ann")
Account.objects.filter(email="closed@example.org").update(is_active=False)
TOTP.activate(Account.objects.get(email="factor@example.org"), generate_totp_secret())
Account.objects.get(email="ann@example.org").grants.create(role="reviewer", given_by="X", given_at=timezone.now())


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def come_back(who):
    client = Client(HTTP_HOST="localhost")
    page = client.get("/en/account/login/").content.decode()
    assert f"/en/account/oidc/{provider}/login/" in page
    out = client.post(f"/en/account/oidc/{provider}/login/")
    try:
        urllib.request.build_opener(Stay).open(out["Location"] + "&" + urlencode({"as": who}))
    except urllib.error.HTTPError as redirect:
        back = urlsplit(redirect.headers["Location"])
    return client, back.path + "?" + back.query


def through(who):
    client, back = come_back(who)
    answer = client.get(back)
    found = Account.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()
    return [found.email if found else None, answer.get("Location", "")]


said = {who: through(who) for who in json.loads(sys.argv[2])}
client, back = come_back("ann")
client.get(back)
again = Client(HTTP_HOST="localhost").get(back)
said["another browser with her link"] = ["_auth_user_id" in again.wsgi_request.session, again.status_code]
client, back = come_back("ann")
client.get(back.replace("state=", "state=x"))
said["forged state"] = "_auth_user_id" in client.session
ann = Account.objects.get(email="ann@example.org")
said["ann"].append([ann.is_staff, [g.role for g in ann.grants.all()], ann.has_usable_password()])
said["accounts"] = Account.objects.count()
print(json.dumps(said))
"""


@pytest.mark.slow
def test_the_whole_way_for_everybody_who_might_come(workspace: Path) -> None:
    with running(PEOPLE) as server:
        settings = workspace / "foretrack.toml"
        settings.write_text(
            settings.read_text(encoding="utf-8")
            + f'\n[[sso]]\nname = "Invented University"\nissuer = "{server.issuer}"\nclient = "{CLIENT}"\n'
            f'secret = "{SECRET}"\n',
            encoding="utf-8",
        )
        done = subprocess.run(
            [sys.executable, "-c", FLOW, issuer_id(server.issuer), json.dumps(list(PEOPLE))],
            env=environment(workspace), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])

    # Invited, and the server has verified the address: in, linked, and with the roles she held before. The password that
    # somebody might have set before she verified the address is gone.
    assert said["ann"] == ["ann@example.org", "/en/", [False, ["reviewer"], False]]
    # Known by the server's own key from then on, whatever her address.
    assert said["ann later"][0] == "ann@example.org"
    # An address that is only claimed opens nothing, also where "false" is a text.
    assert said["mallory"][0] is said["mallory again"][0] is None
    # Strangers are not let in, and no account is made for them.
    assert said["stranger"][0] is said["nobody"][0] is None
    assert said["accounts"] == 4
    assert said["closed"][0] is None
    assert said["factor"] == [None, said["factor"][1]]
    assert "/2fa/authenticate/" in said["factor"][1]
    # A token for somebody else's program, a link in another browser, a made-up state.
    assert said["wrong client"][0] is None
    assert said["another browser with her link"][0] is False
    assert said["forged state"] is False


def test_a_missing_extra_is_named() -> None:
    with pytest.raises(OutsideError, match=r"no_such_module is not installed"):
        _check_extra("oidc", ("json", "no_such_module"))

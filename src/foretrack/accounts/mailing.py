"""Messages to one account: what they say, the links in them, and the jobs that send them."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from foretrack.accounts.models import Account
from foretrack.accounts.speech import speaking
from foretrack.jobs.declaring import Run, job

ADDRESS = "FORETRACK_ADDRESS"
"""The setting that holds the address under which people reach the site."""


def absolute(path: str) -> str:
    """A path as people reach it, from the address that the installation was given."""
    return f"{getattr(settings, ADDRESS)}{path}"


def link_for(account: Account) -> str:
    """A link with which the owner sets a password: good once, for three days, and dead once a password was set."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    with speaking(account.language):
        path = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": user_pk_to_url_str(account),
                "key": default_token_generator.make_token(account),
            },
        )
    return absolute(path)


def send(account: Account, subject: str, body: str) -> None:
    """Sends one message of plain text; nothing to an account that is closed."""
    if account.is_active:
        EmailMessage(" ".join(subject.split()), body, to=[account.email]).send()


@job()
def send_invitation(run: Run, key: str) -> None:
    """Tells somebody that an account was made, with a link that is made only now: the queue holds no secrets."""
    account = Account.objects.get(key=key)
    with speaking(account.language) as say:
        send(
            account,
            say("Your account with Foretrack"),
            say(
                "Good day,\n\nan account was made for you at {site}. Choose a password here; the link is good for "
                "three days:\n\n{link}\n\nIf you do not know why you get this message, do nothing: without a password "
                "nobody can use the account.\n",
                site=absolute(""), link=link_for(account),
            ),
        )  # fmt: skip

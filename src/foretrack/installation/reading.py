"""What can be set for an installation, each with its default; read from `foretrack.toml` and the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foretrack.foundation.errors import InputError, OutsideError
from foretrack.foundation.messages import LANGUAGES

DATABASE_VARIABLE = "FORETRACK_DATABASE"
SECRET_VARIABLE = "FORETRACK_SECRET_KEY"
WORKSPACE_VARIABLE = "FORETRACK_WORKSPACE"
DATABASE_FILE = "registry.sqlite3"
SECRET_FILE = "secret.key"


@dataclass(frozen=True, slots=True)
class Mail:
    """How messages leave. Without a host they are printed on the console: nothing is sent by accident."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    starttls: bool = True
    sender: str = "foretrack@localhost"


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """An OpenID Connect provider; needs the extra `oidc`."""

    name: str
    issuer: str
    client: str
    secret: str


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that is set, as plain values."""

    workspace: Path
    database: str = ""
    """`postgresql://user:password@host:port/name`; empty for SQLite in the workspace."""
    secret_key: str = ""
    production: bool = False
    """Served to others over HTTPS: secure cookies, HSTS, and the hosts must be named."""
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    address: str = ""
    """Address under which people reach the site, for links in messages: `https://foretrack.example.org`."""
    language: str = "en"
    time_zone: str = "UTC"
    calendar: str = "calendar-weekdays"
    """The pack whose working days count for deadlines and notices."""
    open_registration: bool = False
    """Whether people may make accounts themselves; else an administrator or organisation manager does."""
    mail: Mail = field(default_factory=Mail)
    single_sign_on: tuple[SingleSignOn, ...] = ()
    webhook_hosts: tuple[str, ...] = ()
    """Hosts (or `host:port`) inside the own network to which webhooks may go; all others must have public addresses."""
    proxy: bool = False
    """Behind a web server of one's own that sets X-Forwarded-Proto and X-Forwarded-For."""
    requests_per_minute: int = 600
    """What one account may ask of the API, over all its tokens and sessions."""
    visitor_requests_per_minute: int = 120
    """What may be asked of the API from one address on the network without an account."""
    trusted_roles: tuple[str, ...] = ("officer",)
    """Whose questions and answers in the release hall are shown at once; those of all others wait for a moderator."""
    questions_per_day: int = 20
    """Questions that one account may ask in 24 hours; as many reports of abuse."""

    @property
    def attachments(self) -> Path:
        """Where attached files lie."""
        return self.workspace / "attachments"

    @property
    def packs(self) -> Path:
        """Where the installation's own packs lie."""
        return self.workspace / "packs"

    @property
    def database_file(self) -> Path:
        """The SQLite file, where no other database is named."""
        return self.workspace / DATABASE_FILE


TRUSTED = frozenset(("member", "manager", "officer"))
"""Roles whose words may be shown in the release hall before a moderator has read them."""
_TABLES: Mapping[str, tuple[str, ...]] = {
    "registry": ("database", "calendar"),
    "site": ("production", "hosts", "address", "language", "time_zone", "open_registration", "proxy"),
    "api": ("requests_per_minute", "visitor_requests_per_minute"),
    "watch": ("webhook_hosts",),
    "hall": ("trusted_roles", "questions_per_day"),
    "mail": ("host", "port", "user", "password", "starttls", "sender"),
}


def read_installation(
    workspace: Path, settings: Mapping[str, Any], environment: Mapping[str, str]
) -> Installation:
    """The installation of a workspace.

    Args:
        settings: the content of `foretrack.toml`; tables other than `registry`, `site`, `api`, `watch`, `hall`,
            `mail` and `sso` are not ours.
        environment: FORETRACK_DATABASE and FORETRACK_SECRET_KEY win over the file, so that secrets need not lie in it.

    InputError for a key that nothing reads or a value of another type.
    """
    found: dict[str, Any] = {}
    for table, keys in _TABLES.items():
        given = settings.get(table, {})
        if not isinstance(given, dict):
            raise _wrong(table, "", given, "a table")
        for key in given:
            if key not in keys:
                raise InputError(
                    f"[{table}] {key} is no setting",
                    expected=f"one of {', '.join(keys)}",
                    do="correct foretrack.toml",
                )
        found[table] = given
    registry, site = found["registry"], found["site"]
    defaults = Installation(workspace)
    language = _typed("site", site, "language", defaults.language)
    if language not in LANGUAGES:
        raise _wrong("site", "language", language, f"one of {', '.join(LANGUAGES)}")
    hosts = site.get("hosts", list(defaults.hosts))
    if not isinstance(hosts, list) or not all(isinstance(host, str) and host for host in hosts):
        raise _wrong("site", "hosts", hosts, "a list of names")
    webhook_hosts = found["watch"].get("webhook_hosts", [])
    if not isinstance(webhook_hosts, list) or not all(
        isinstance(host, str) and host for host in webhook_hosts
    ):
        raise _wrong("watch", "webhook_hosts", webhook_hosts, "a list of names")
    trusted = found["hall"].get("trusted_roles", list(defaults.trusted_roles))
    if not isinstance(trusted, list) or not set(map(str, trusted)) <= TRUSTED:
        raise _wrong("hall", "trusted_roles", trusted, f"a list of {', '.join(sorted(TRUSTED))}")
    mail = Mail()
    mail = Mail(**{key: _typed("mail", found["mail"], key, getattr(mail, key)) for key in _TABLES["mail"]})
    return Installation(
        workspace=workspace,
        database=environment.get(DATABASE_VARIABLE) or _typed("registry", registry, "database", ""),
        secret_key=environment.get(SECRET_VARIABLE, ""),
        production=_typed("site", site, "production", False),
        hosts=tuple(hosts),
        webhook_hosts=tuple(webhook_hosts),
        address=_typed("site", site, "address", "").rstrip("/"),
        language=language,
        time_zone=_typed("site", site, "time_zone", defaults.time_zone),
        calendar=_typed("registry", registry, "calendar", defaults.calendar),
        open_registration=_typed("site", site, "open_registration", False),
        mail=mail,
        single_sign_on=tuple(_sign_on(given) for given in settings.get("sso", [])),
        proxy=_typed("site", site, "proxy", False),
        trusted_roles=tuple(trusted),
        questions_per_day=_positive("hall", found["hall"], "questions_per_day", defaults.questions_per_day),
        **{key: _positive("api", found["api"], key, getattr(defaults, key)) for key in _TABLES["api"]},
    )


def _typed(table: str, given: Mapping[str, Any], key: str, default: Any) -> Any:
    value = given.get(key, default)
    if type(value) is not type(default):
        raise _wrong(
            table, key, value, {str: "text", bool: "true or false", int: "a whole number"}[type(default)]
        )
    return value


def _positive(table: str, given: Mapping[str, Any], key: str, default: int) -> int:
    value: int = _typed(table, given, key, default)
    if value < 1:
        raise _wrong(table, key, value, "a whole number of 1 or more")
    return value


def _wrong(table: str, key: str, value: Any, expected: str) -> InputError:
    return InputError(
        f"[{table}] {key} is {value!r}".replace("  ", " "), expected=expected, do="correct foretrack.toml"
    )


def _sign_on(given: Any) -> SingleSignOn:
    keys = ("name", "issuer", "client", "secret")
    if (
        not isinstance(given, dict)
        or set(given) != set(keys)
        or not all(isinstance(v, str) and v for v in given.values())
    ):
        raise InputError(
            f"[[sso]] is {sorted(given) if isinstance(given, dict) else given!r}",
            expected=f"the texts {', '.join(keys)}",
            do="correct foretrack.toml as docs/deploy.md shows",
        )
    return SingleSignOn(**given)


def keep_secret(installation: Installation) -> Installation:
    """The installation with its secret key, made once and kept readable by its owner only where none was given."""
    from dataclasses import replace

    if installation.secret_key:
        return installation
    path = installation.workspace / SECRET_FILE
    try:
        if not path.exists():
            passing = path.with_name(f".{SECRET_FILE}.{os.getpid()}")
            descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(50))
            try:
                os.link(passing, path)  # fails when another process was first; then its key is ours too
            except FileExistsError:
                pass
            finally:
                passing.unlink(missing_ok=True)
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be read or made: {error.strerror}",
            expected="a workspace that may be written",
            do=f"mend its permissions, or set {SECRET_VARIABLE}",
        ) from error
    return replace(installation, secret_key=key)

"""Opens the registry of a workspace: Django configured once, tables made or checked, kinds loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from foretrack.foundation.clock import Clock, system_clock
from foretrack.foundation.errors import HouseError, InputError, OutsideError
from foretrack.installation.reading import Installation, keep_secret, read_installation

if TYPE_CHECKING:
    from foretrack.registry.registry import Registry

SETTINGS_FILE = "foretrack.toml"


def installation_of(workspace: Path, environment: Mapping[str, str], *, made: bool = True) -> Installation:
    """The installation of a workspace.

    Args:
        made: the workspace has to exist; else a missing one has all defaults and an unusable secret key.
    """
    path = workspace / SETTINGS_FILE
    if not path.is_file():
        if made:
            raise InputError(
                f"{workspace} is no Foretrack workspace (it has no {SETTINGS_FILE})",
                expected="a folder made by `foretrack init`",
                do=f"run `foretrack init --workspace {workspace}`, or name another folder with --workspace",
            )
        return read_installation(
            workspace, {}, {"FORETRACK_SECRET_KEY": "unset: no workspace", **environment}
        )
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read: {error}", expected="TOML", do="correct that line"
        ) from error
    return keep_secret(read_installation(workspace, settings, environment))


def configure(installation: Installation) -> None:
    """Configures Django for this process. HouseError when it is configured for another workspace already."""
    import django
    from django.conf import settings

    from foretrack.installation.django import django_settings

    if settings.configured:
        served = configured_installation()
        if served.workspace.resolve() != installation.workspace.resolve():
            raise HouseError(f"this process serves {served.workspace} already, not {installation.workspace}")
    else:
        if installation.single_sign_on:
            _check_extra("oidc", ("jwt", "requests", "oauthlib"))
        settings.configure(**django_settings(installation))
    django.setup()


def _check_extra(extra: str, modules: tuple[str, ...]) -> None:
    from importlib.util import find_spec

    if missing := [name for name in modules if find_spec(name) is None]:
        raise OutsideError(
            f"[[sso]] is set, but {', '.join(missing)} is not installed",
            expected=f"Foretrack with the extra {extra}",
            do=f"install foretrack[{extra}], or take [[sso]] out of foretrack.toml",
        )


def configured_installation() -> Installation:
    """The installation that Django was configured with in this process."""
    from django.conf import settings

    installation = getattr(settings, "FORETRACK", None)
    if not isinstance(installation, Installation):
        raise HouseError("Django was configured by somebody else than Foretrack")
    return installation


def open_registry(
    workspace: Path, environment: Mapping[str, str], *, clock: Clock = system_clock
) -> Registry:
    """The registry of a workspace, ready for use; its tables are made when there are none yet.

    OutsideError when the database cannot be reached, InputError when its tables are of another version.
    """
    installation = installation_of(workspace, environment)
    configure(installation)
    prepare_database()
    return registry_of(installation, clock)


def registry_of(installation: Installation, clock: Clock = system_clock) -> Registry:
    """The registry of an installation, in a process that Django has been configured for."""
    from foretrack.installation.kinds import load_kinds
    from foretrack.registry.declaring.terms import PACK_TERMS
    from foretrack.registry.registry import Registry

    PACK_TERMS.use((installation.packs,))
    offer_watchables(installation)
    plan_jobs()
    return Registry(
        kinds=load_kinds(),
        clock=clock,
        attachments=installation.attachments,
        add_working_days=_working_days(installation.calendar, installation.packs),
        working_days=_durations(installation.packs),
    )


def offer_watchables(installation: Installation) -> None:
    """Tells the watch what can be watched beside records: scans, which are read when they are needed."""
    from foretrack.domains.foresight.actions.watchable import WatchedConcepts, WatchedTechnologies
    from foretrack.watch.watchable import OFFER

    OFFER.by_name |= {
        "concepts": WatchedConcepts(installation.workspace),
        "technologies": WatchedTechnologies(installation.workspace),
    }


def plan_jobs() -> None:
    """Makes due what the domains leave for the worker."""
    from foretrack.domains.enterprises.actions import watching
    from foretrack.domains.exchange.actions import ending_jobs, jobs, overseeing

    watching.plan()
    ending_jobs.plan()
    jobs.plan()
    overseeing.plan()


def _working_days(calendar: str, packs: Path) -> Callable[[date, int], date]:
    from foretrack.packs.calendars import add_working_days, choose_calendar
    from foretrack.packs.loading import load_packs

    chosen = choose_calendar(load_packs((packs,)), calendar)
    return lambda start, days: add_working_days(start, days, chosen)


def _durations(packs: Path) -> Callable[[str, date], int]:
    from foretrack.packs.durations import load_durations

    known = load_durations((packs,))
    return lambda name, begins: known.on(name, begins.isoformat()).working_days


def prepare_database() -> None:
    """Makes the tables when the database has none; InputError when they are older or newer than the program."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
        applied = set(executor.loader.applied_migrations or ())
    except OperationalError as error:
        raise OutsideError(
            f"the database cannot be reached: {str(error).splitlines()[0]}",
            expected="a running server that knows the user and the database",
            do="check [registry] database in foretrack.toml",
            retryable=True,
        ) from error
    known = set(executor.loader.disk_migrations)
    if newer := {(app, name) for app, name in applied - known if app in {a for a, _ in known}}:
        raise InputError(
            f"the tables are of a newer Foretrack ({', '.join(sorted(f'{a}.{n}' for a, n in newer)[:3])})",
            expected="tables of this version or an older one",
            do="install the newer Foretrack again, or restore a backup",
        )
    if not applied:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise InputError(
            "the tables are of an older Foretrack",
            expected="tables of this version",
            do="make a backup, then run `foretrack upgrade`",
        )


def has_registry(workspace: Path, environment: Mapping[str, str]) -> bool:
    """Whether a workspace has a registry; nothing is made by asking."""
    from foretrack.installation.reading import DATABASE_FILE, DATABASE_VARIABLE

    path = workspace / SETTINGS_FILE
    if not path.is_file():
        return False
    if (workspace / DATABASE_FILE).is_file() or environment.get(DATABASE_VARIABLE):
        return True
    try:
        registry = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("registry", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False  # the check of the workspace says so
    return isinstance(registry, dict) and bool(registry.get("database"))


def pending_upgrade() -> list[str]:
    """Names of the steps that `upgrade_database` would take."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}.{step.name}" for step, _ in plan]


def upgrade_database() -> list[str]:
    """Brings the tables to this version; names of the steps that were taken."""
    from django.core.management import call_command

    steps = pending_upgrade()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return steps

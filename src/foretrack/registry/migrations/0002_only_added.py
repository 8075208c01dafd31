"""The database itself refuses to change or delete history: revisions and the audit log are only ever added to.

An erasure may take values, reasons and salts away, and nothing else.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = {
    "registry_revision": (
        "id",
        "record_id",
        "number",
        "at",
        "by",
        "act",
        "status",
        "before",
        "digest",
        "entry",
    ),
    "registry_auditentry": (
        "number",
        "at",
        "actor",
        "role",
        "via",
        "act",
        "subject",
        "details",
        "before",
        "hash",
    ),
}
"""Columns that no update may change, by table."""


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Adds the triggers of the database at hand."""
    for table, columns in KEPT.items():
        said = f"{table} is only ever added to"
        if editor.connection.vendor == "sqlite":
            differs = " OR ".join(f'NEW."{c}" IS NOT OLD."{c}"' for c in columns)
            editor.execute(
                f'CREATE TRIGGER {table}_kept BEFORE UPDATE ON "{table}" WHEN {differs} '
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_stays BEFORE DELETE ON \"{table}\" BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        else:
            differs = " OR ".join(f'NEW."{c}"::text IS DISTINCT FROM OLD."{c}"::text' for c in columns)
            editor.execute(
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
            )
            editor.execute(
                f'CREATE TRIGGER {table}_kept BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({differs}) '
                f"EXECUTE FUNCTION {table}_refuse()"
            )
            editor.execute(
                f'CREATE TRIGGER {table}_stays BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION {table}_refuse()'
            )


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Takes them away again."""
    for table in KEPT:
        on = "" if editor.connection.vendor == "sqlite" else f' ON "{table}"'
        for name in ("kept", "stays"):
            editor.execute(f"DROP TRIGGER {table}_{name}{on}")
        if on:
            editor.execute(f"DROP FUNCTION {table}_refuse()")


class Migration(migrations.Migration):
    """Two triggers a table."""

    dependencies = (("registry", "0001_initial"),)
    operations = (migrations.RunPython(add, remove),)

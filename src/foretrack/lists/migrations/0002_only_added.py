"""Published issues are never changed or deleted: the database itself refuses it."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("lists_listissue", "lists_listedentry")


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Adds the triggers of the database at hand."""
    for table in TABLES:
        said = f"{table} is only ever added to"
        if editor.connection.vendor == "sqlite":
            for event in ("UPDATE", "DELETE"):
                editor.execute(
                    f'CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
                )
        else:
            editor.execute(
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
            )
            editor.execute(
                f'CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            )


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Takes them away again."""
    for table in TABLES:
        if editor.connection.vendor == "sqlite":
            for event in ("update", "delete"):
                editor.execute(f"DROP TRIGGER {table}_{event}")
        else:
            editor.execute(f'DROP TRIGGER {table}_kept ON "{table}"')
            editor.execute(f"DROP FUNCTION {table}_refuse()")


class Migration(migrations.Migration):
    """Triggers on issues and their entries."""

    dependencies = (("lists", "0001_initial"),)
    operations = (migrations.RunPython(add, remove),)

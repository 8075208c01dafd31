"""The database itself refuses to change or delete the history of alerts; what people noted, and values, may be erased."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "watch_alertevent"
KEPT = ("id", "alert_id", "at", "by", "act", "cause")


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Adds the triggers of the database at hand."""
    said = f"{TABLE} is only ever added to"
    if editor.connection.vendor == "sqlite":
        differs = " OR ".join(f'NEW."{c}" IS NOT OLD."{c}"' for c in KEPT)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        editor.execute(f'CREATE TRIGGER {TABLE}_kept BEFORE UPDATE ON "{TABLE}" WHEN {differs} {refuse}')
        editor.execute(f'CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON "{TABLE}" {refuse}')
    else:
        differs = " OR ".join(f'NEW."{c}"::text IS DISTINCT FROM OLD."{c}"::text' for c in KEPT)
        editor.execute(
            f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
        )
        run = f"EXECUTE FUNCTION {TABLE}_refuse()"
        editor.execute(
            f'CREATE TRIGGER {TABLE}_kept BEFORE UPDATE ON "{TABLE}" FOR EACH ROW WHEN ({differs}) {run}'
        )
        editor.execute(f'CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON "{TABLE}" FOR EACH ROW {run}')


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Takes them away again."""
    on = "" if editor.connection.vendor == "sqlite" else f' ON "{TABLE}"'
    for name in ("kept", "stays"):
        editor.execute(f"DROP TRIGGER {TABLE}_{name}{on}")
    if on:
        editor.execute(f"DROP FUNCTION {TABLE}_refuse()")


class Migration(migrations.Migration):
    """Two triggers."""

    dependencies = (("watch", "0001_initial"),)
    operations = (migrations.RunPython(add, remove),)

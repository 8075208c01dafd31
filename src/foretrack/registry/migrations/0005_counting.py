"""An index that holds all that counting reads; PostgreSQL sorts values of facets by their code points, as SQLite does."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def same_order(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """One order of texts on every database."""
    if editor.connection.vendor == "postgresql":
        editor.execute('ALTER TABLE registry_facet ALTER COLUMN value TYPE varchar(200) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = (("registry", "0004_cards"),)
    operations = (
        migrations.RunPython(same_order, migrations.RunPython.noop),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=[
                    "kind",
                    "audience",
                    "organisation",
                    "region",
                    "created_by",
                    "public_codes",
                    "partner_codes",
                    "private_codes",
                ],
                name="card_counting",
            ),
        ),
    )

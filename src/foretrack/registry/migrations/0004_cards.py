"""Cards, by which tables are filtered, counted and sorted, in place of wide indexes over whole records."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def same_order(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL sorts titles by their code points, as SQLite does: the same table has the same order on both."""
    if editor.connection.vendor == "postgresql":
        for name in ("name_en", "name_zh"):
            editor.execute(f'ALTER TABLE registry_card ALTER COLUMN {name} TYPE varchar(300) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = (("registry", "0003_judged_revisions"),)

    operations = (
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="registry.record",
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("audience", models.PositiveSmallIntegerField()),
                ("organisation", models.CharField(max_length=26, null=True)),
                ("region", models.CharField(max_length=20, null=True)),
                ("created_by", models.CharField(max_length=26)),
                ("updated_at", models.DateTimeField()),
                ("due_on", models.DateField(null=True)),
                ("name_en", models.CharField(max_length=300)),
                ("name_zh", models.CharField(max_length=300)),
                ("public_codes", models.TextField(default="")),
                ("partner_codes", models.TextField(default="")),
                ("private_codes", models.TextField(default="")),
            ],
        ),
        migrations.RunPython(same_order, migrations.RunPython.noop),
        migrations.AddIndex(
            "card", models.Index(fields=["kind", "-updated_at", "-record"], name="card_recent")
        ),
        migrations.AddIndex("card", models.Index(fields=["kind", "name_en", "record"], name="card_name_en")),
        migrations.AddIndex("card", models.Index(fields=["kind", "name_zh", "record"], name="card_name_zh")),
        migrations.CreateModel(
            name="FacetCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=200)),
                ("number", models.PositiveIntegerField()),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("kind", "name", "value"), name="facet_code_once"),
                    models.UniqueConstraint(fields=("kind", "number"), name="facet_code_number"),
                ),
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("value", models.FloatField()),
                ("audience", models.PositiveSmallIntegerField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="registry.record",
                    ),
                ),
            ],
            options={
                "indexes": (
                    models.Index(fields=["kind", "name", "value", "record", "audience"], name="figure_order"),
                )
            },
        ),
        migrations.RemoveIndex("record", "record_recent"),
        migrations.RemoveIndex("record", "record_status"),
        migrations.RemoveIndex("record", "record_title_en"),
        migrations.RemoveIndex("record", "record_title_zh"),
        migrations.RemoveIndex("record", "record_region"),
        migrations.AddIndex("record", models.Index(fields=["kind", "id"], name="record_kind")),
    )

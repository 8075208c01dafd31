"""The tables of the index, and the inverted index in the way of the database at hand."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the inverted index."""
    from foretrack.search.store.postings import postings

    for statement in postings(schema_editor.connection).create():
        schema_editor.execute(statement)


def unmake(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Removes it."""
    from foretrack.search.store.postings import postings

    for statement in postings(schema_editor.connection).drop():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """First tables of search."""

    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = []

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("mark", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Indexed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=255)),
                ("visibility", models.CharField(max_length=8)),
                ("readers", models.JSONField(default=list)),
                ("kind", models.CharField(blank=True, max_length=255)),
                ("language", models.CharField(blank=True, max_length=16)),
                ("title_en", models.TextField(blank=True)),
                ("title_zh", models.TextField(blank=True)),
                ("facets", models.JSONField(default=dict)),
                ("n_title", models.PositiveIntegerField(default=0)),
                ("n_body", models.PositiveIntegerField(default=0)),
                ("changed_at", models.CharField(blank=True, max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("wording", models.CharField(max_length=32)),
                ("change", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Removed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indexed", models.BigIntegerField()),
                ("change", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Vector",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=8)),
                ("digest", models.CharField(max_length=32)),
                ("vector", models.BinaryField()),
                ("change", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Text",
            fields=[
                (
                    "indexed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="search.indexed",
                    ),
                ),
                ("title", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
                ("more", models.TextField(blank=True)),
                ("shown", models.TextField(blank=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="indexed",
            constraint=models.UniqueConstraint(fields=("unit", "key", "visibility"), name="search_one_part"),
        ),
        migrations.AddField(
            model_name="vector",
            name="indexed",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="search.indexed"),
        ),
        migrations.AddConstraint(
            model_name="vector",
            constraint=models.UniqueConstraint(fields=("indexed", "model"), name="search_one_vector"),
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255, unique=True)),
            ],
        ),
        migrations.RunPython(make, unmake),
    ]

"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Adoption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=80)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
            ],
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=26, unique=True)),
                ("wants", models.BooleanField(default=True)),
                ("told_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WeightVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("weights", models.JSONField()),
                ("basis", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=26)),
            ],
        ),
        migrations.CreateModel(
            name="Shelved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=26, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("side", models.CharField(max_length=5)),
                ("organisation", models.CharField(blank=True, default="", max_length=26)),
                ("region", models.CharField(blank=True, default="", max_length=20)),
                ("language", models.CharField(blank=True, default="", max_length=8)),
                ("until", models.DateField(null=True)),
                ("since", models.DateTimeField(null=True)),
                ("profile", models.JSONField(default=dict)),
                ("wording", models.CharField(blank=True, default="", max_length=32)),
                ("gone", models.BooleanField(default=False)),
                ("change", models.BigIntegerField(db_index=True)),
            ],
            options={
                "indexes": [models.Index(fields=["organisation"], name="shelved_organisation")],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=26)),
                ("other", models.CharField(max_length=26)),
                ("side", models.CharField(max_length=5)),
                ("score", models.FloatField()),
                ("parts", models.JSONField(default=dict)),
                ("rank", models.PositiveIntegerField()),
                ("exploring", models.BooleanField(default=False)),
                ("weights", models.CharField(blank=True, default="", max_length=80)),
                ("standing", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("shown", models.PositiveIntegerField(default=0)),
                ("shown_at", models.DateTimeField(null=True)),
                ("viewed_at", models.DateTimeField(null=True)),
                ("judgement", models.CharField(blank=True, default="", max_length=20)),
                ("reason", models.CharField(blank=True, default="", max_length=20)),
                ("judged_at", models.DateTimeField(null=True)),
                ("judged_by", models.CharField(blank=True, default="", max_length=26)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["other"], name="suggestion_other"),
                    models.Index(fields=["standing", "told_at"], name="suggestion_untold"),
                    models.Index(fields=["shown_at"], name="suggestion_shown"),
                ],
                "constraints": [models.UniqueConstraint(fields=("record", "other"), name="suggestion_once")],
            },
        ),
        migrations.CreateModel(
            name="Meaning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=200)),
                ("wording", models.CharField(max_length=32)),
                ("n", models.PositiveIntegerField()),
                ("cut", models.JSONField()),
                ("vectors", models.BinaryField()),
                ("change", models.BigIntegerField(db_index=True)),
                (
                    "shelved",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meanings",
                        to="matching.shelved",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("shelved", "model"), name="meaning_once")],
            },
        ),
    ]

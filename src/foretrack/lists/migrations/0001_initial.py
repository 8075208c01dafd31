"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ListSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("uid", models.UUIDField(unique=True)),
                ("title", models.JSONField()),
                ("description", models.JSONField(default=dict)),
                ("publisher", models.JSONField()),
                ("licence", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=40)),
                ("filters", models.JSONField(default=dict)),
                ("fields", models.JSONField()),
                ("months_valid", models.PositiveSmallIntegerField(null=True)),
                ("clause", models.CharField(blank=True, default="", max_length=120)),
                ("declared_at", models.DateTimeField()),
                ("declared_by", models.CharField(max_length=26)),
            ],
        ),
        migrations.CreateModel(
            name="ListIssue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=100)),
                ("published_on", models.DateField()),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("previous", models.CharField(blank=True, default="", max_length=64)),
                ("by", models.CharField(max_length=26)),
                ("at", models.DateTimeField()),
                ("log_entry", models.PositiveBigIntegerField()),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="lists.listseries",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=26)),
                ("revision", models.PositiveIntegerField()),
                ("position", models.PositiveIntegerField()),
                ("listed", models.BooleanField()),
                ("direction", models.CharField(blank=True, default="", max_length=160)),
                ("region", models.CharField(blank=True, default="", max_length=20)),
                ("track", models.CharField(blank=True, default="", max_length=160)),
                ("valid_to", models.DateField(null=True)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="lists.listissue",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record"], name="listed_record")],
                "constraints": [models.UniqueConstraint(fields=("issue", "record"), name="listed_once")],
            },
        ),
        migrations.AddIndex(
            model_name="listissue",
            index=models.Index(fields=["series", "published_on"], name="issue_published"),
        ),
        migrations.AddConstraint(
            model_name="listissue",
            constraint=models.UniqueConstraint(fields=("series", "number"), name="issue_once"),
        ),
    ]

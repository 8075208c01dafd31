"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target", models.CharField(max_length=120)),
                ("label", models.JSONField()),
                ("unit", models.CharField(blank=True, default="", max_length=60)),
                ("operator", models.CharField(max_length=2)),
                ("threshold", models.FloatField()),
                ("owner", models.JSONField()),
                ("source", models.CharField(max_length=500)),
                ("declared_at", models.DateTimeField()),
                ("declared_by", models.CharField(max_length=26)),
            ],
            options={
                "indexes": [models.Index(fields=["target", "-id"], name="indicator_target")],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target", models.CharField(max_length=120)),
                ("rating", models.CharField(max_length=20)),
                ("narrative", models.JSONField()),
                ("evidence", models.JSONField(default=list)),
                ("role", models.JSONField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
            ],
            options={
                "indexes": [models.Index(fields=["target", "-id"], name="rating_target")],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("value", models.FloatField()),
                ("source", models.CharField(max_length=500)),
                ("confidence", models.CharField(max_length=2)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="targets.indicator",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["indicator", "on"], name="indicator_value_on")],
            },
        ),
    ]

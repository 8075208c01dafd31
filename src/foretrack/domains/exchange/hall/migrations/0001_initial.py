"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=26)),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=10)),
                ("n", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("record", "day", "what"), name="count_once")],
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session", models.CharField(max_length=26)),
                ("account", models.CharField(max_length=26)),
                ("invited_by", models.CharField(max_length=26)),
                ("invited_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_terms", models.CharField(default="", max_length=64)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("session", "account"), name="guest_once")],
            },
        ),
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session", models.CharField(max_length=26)),
                ("what", models.TextField()),
                ("recorded_by", models.CharField(max_length=26)),
                ("recorded_at", models.DateTimeField()),
                (
                    "guest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="breaches",
                        to="hall.guest",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["session"], name="breach_session")],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("achievement", models.CharField(max_length=26)),
                ("at", models.DateTimeField()),
                (
                    "guest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="looks", to="hall.guest"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("guest", "achievement"), name="look_once")],
            },
        ),
    ]

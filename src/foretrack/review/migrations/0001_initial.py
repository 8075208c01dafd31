"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=26, unique=True)),
                ("person", models.CharField(blank=True, default="", max_length=26)),
                ("employers", models.JSONField(default=list)),
                ("invested", models.JSONField(default=list)),
                ("tracks", models.JSONField(default=list)),
                ("words", models.TextField(blank=True, default="")),
                ("most", models.PositiveIntegerField(null=True)),
                ("away_until", models.DateField(null=True)),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reviewer", models.CharField(max_length=26)),
                ("target", models.CharField(max_length=26)),
                ("reason", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=26)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["reviewer", "ended_at"], name="conflict_reviewer")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call", models.CharField(max_length=26)),
                ("stage", models.PositiveSmallIntegerField()),
                ("submission", models.CharField(max_length=26)),
                ("outcome", models.CharField(max_length=20)),
                ("reasons", models.TextField()),
                ("dissent", models.TextField(blank=True, default="")),
                ("basis", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("by", models.CharField(max_length=26)),
                ("at", models.DateTimeField()),
                ("log_entry", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["submission", "-id"], name="decision_submission"),
                    models.Index(fields=["call", "stage"], name="decision_stage"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call", models.CharField(max_length=26)),
                ("stage", models.PositiveSmallIntegerField()),
                ("seed", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("candidates", models.JSONField()),
                ("drawn", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
                ("log_entry", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["call", "stage"], name="draw_stage")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call", models.CharField(max_length=26)),
                ("submission", models.CharField(max_length=26, unique=True)),
                ("subject", models.CharField(max_length=26)),
                ("subject_revision", models.PositiveIntegerField(default=0)),
                ("number", models.PositiveIntegerField()),
                ("eligibility", models.JSONField(default=dict)),
                ("submitted_at", models.DateTimeField()),
                ("held", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "held"], name="entry_subject")],
                "constraints": [models.UniqueConstraint(fields=("call", "number"), name="entry_number")],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call", models.CharField(max_length=26)),
                ("submission", models.CharField(max_length=26)),
                ("by", models.CharField(blank=True, default="", max_length=26)),
                ("contact", models.CharField(blank=True, default="", max_length=254)),
                ("grounds", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, default="")),
                ("upheld", models.BooleanField(null=True)),
                ("answered_by", models.CharField(blank=True, default="", max_length=26)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["submission"], name="objection_submission")],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call", models.CharField(max_length=26)),
                ("stage", models.PositiveSmallIntegerField()),
                ("submission", models.CharField(max_length=26)),
                ("by", models.CharField(max_length=26)),
                ("alias", models.CharField(max_length=10)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["submission", "stage"], name="remark_submission")],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call", models.CharField(max_length=26)),
                ("stage", models.PositiveSmallIntegerField()),
                ("inputs", models.JSONField()),
                ("pairs", models.JSONField()),
                ("total", models.FloatField()),
                ("bound", models.FloatField()),
                ("missing", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
                ("log_entry", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["call", "stage"], name="run_stage")],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call", models.CharField(max_length=26)),
                ("stage", models.PositiveSmallIntegerField()),
                ("submission", models.CharField(max_length=26)),
                ("reviewer", models.CharField(max_length=26)),
                ("alias", models.CharField(max_length=10)),
                ("by", models.CharField(max_length=26)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, default="", max_length=40)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["call", "stage"], name="task_stage"),
                    models.Index(fields=["reviewer", "ended_at"], name="task_reviewer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stage", "submission", "reviewer"), name="task_once"),
                    models.UniqueConstraint(fields=("stage", "submission", "alias"), name="task_alias"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("scores", models.JSONField()),
                ("total", models.FloatField()),
                ("comments", models.JSONField(default=dict)),
                ("seconds", models.PositiveIntegerField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("log_entry", models.PositiveBigIntegerField()),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="review.task"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "number"), name="sheet_number")],
            },
        ),
    ]

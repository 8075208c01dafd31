"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="job",
                        serialize=False,
                        to="django_tasks_database.dbtaskresult",
                    ),
                ),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("worker", models.CharField(default="", max_length=80)),
                ("place", models.CharField(default="", max_length=64)),
                ("process", models.CharField(default="", max_length=40)),
                ("leased_until", models.DateTimeField(null=True)),
                ("problems", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["worker"], name="job_worker")],
            },
        ),
    ]

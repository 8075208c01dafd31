"""What somebody has typed into a form and not sent yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FormDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=120)),
                ("record", models.CharField(blank=True, default="", max_length=26)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("values", models.JSONField()),
                ("begun_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["record"], name="draft_record"),
                    models.Index(fields=["updated_at"], name="draft_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("account", "form"), name="draft_once")],
            },
        ),
    ]

"""The index that counting reads no longer looks useful for finding a page, for which others are in the right order."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("registry", "0005_counting"),)
    operations = (
        migrations.RemoveIndex("card", "card_counting"),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=[
                    "kind",
                    "created_by",
                    "organisation",
                    "region",
                    "audience",
                    "public_codes",
                    "partner_codes",
                    "private_codes",
                ],
                name="card_counting",
            ),
        ),
    )

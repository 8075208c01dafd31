"""What two records were when somebody judged whether they are one."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of a pair."""

    dependencies = (("registry", "0002_only_added"),)
    operations = (
        migrations.AddField("duplicatepair", "first_revision", models.PositiveIntegerField(null=True)),
        migrations.AddField("duplicatepair", "second_revision", models.PositiveIntegerField(null=True)),
    )

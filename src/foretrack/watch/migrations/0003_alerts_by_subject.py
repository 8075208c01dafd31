"""Alerts are found by their subject."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("watch", "0002_only_added"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["subject"], name="alert_subject"),
        ),
    ]

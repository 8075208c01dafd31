"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Asked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("who", models.CharField(max_length=64)),
                ("stretch", models.BigIntegerField()),
                ("n", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["stretch"], name="asked_stretch")],
                "constraints": [models.UniqueConstraint(fields=("who", "stretch"), name="asked_once")],
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=26)),
                ("key", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("claim", models.CharField(max_length=32)),
                ("claimed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(default="")),
                ("erased", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="kept_answer_expires")],
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="kept_answer_once")],
            },
        ),
    ]

"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=26, unique=True)),
                ("subject", models.CharField(max_length=300)),
                ("reason", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=200)),
                ("found", models.JSONField(default=list)),
                ("title_en", models.CharField(default="", max_length=300)),
                ("title_zh", models.CharField(default="", max_length=300)),
                ("level", models.CharField(max_length=40)),
                ("status", models.CharField(max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=26, unique=True)),
                ("sort", models.CharField(max_length=10)),
                ("account", models.CharField(max_length=26)),
                ("address", models.CharField(default="", max_length=500)),
                ("period", models.CharField(max_length=10)),
                ("time_zone", models.CharField(max_length=60)),
                ("hour", models.PositiveSmallIntegerField(default=7)),
                ("generation", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField()),
                ("failures", models.PositiveIntegerField(default=0)),
                ("off_at", models.DateTimeField(null=True)),
                ("why_off", models.CharField(default="", max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="AlertEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(default="", max_length=26)),
                ("act", models.CharField(max_length=20)),
                ("cause", models.CharField(max_length=120, null=True)),
                ("note", models.TextField(default="")),
                ("found", models.JSONField(default=list)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="watch.alert"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=26, unique=True)),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("answer", models.PositiveIntegerField(null=True)),
                ("problem", models.CharField(default="", max_length=300)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="watch.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pending",
                        to="watch.channel",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tells",
                        to="watch.delivery",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pending",
                        to="watch.alertevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WatchRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=26, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("owner_sort", models.CharField(max_length=20)),
                ("owner", models.CharField(max_length=26)),
                ("made_by", models.CharField(max_length=26)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("about", models.CharField(max_length=40)),
                ("kind", models.CharField(default="", max_length=40)),
                ("search", models.JSONField(default=dict)),
                ("conditions", models.JSONField(default=dict)),
                ("level", models.CharField(max_length=40)),
                ("mark", models.CharField(default="", max_length=200)),
                ("token_digest", models.CharField(default="", max_length=64)),
                ("paused", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["about", "kind", "ended_at"], name="rule_about"),
                    models.Index(fields=["owner", "ended_at"], name="rule_owner"),
                ],
            },
        ),
        migrations.AddField(
            model_name="channel",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="channels", to="watch.watchrule"
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="watch.watchrule"
            ),
        ),
        migrations.AddConstraint(
            model_name="alertevent",
            constraint=models.UniqueConstraint(fields=("alert", "cause"), name="alert_cause_once"),
        ),
        migrations.AddIndex(
            model_name="pending",
            index=models.Index(fields=["channel", "delivery"], name="pending_channel"),
        ),
        migrations.AddConstraint(
            model_name="pending",
            constraint=models.UniqueConstraint(fields=("channel", "event"), name="pending_once"),
        ),
        migrations.AddIndex(
            model_name="channel",
            index=models.Index(fields=["rule", "off_at"], name="channel_rule"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["rule", "status", "-last_at"], name="alert_recent"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=("rule", "subject", "reason", "state"), name="alert_once"
            ),
        ),
    ]

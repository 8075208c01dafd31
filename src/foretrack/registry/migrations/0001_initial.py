"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=26, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
                ("read", models.PositiveIntegerField()),
                ("created", models.PositiveIntegerField()),
                ("updated", models.PositiveIntegerField()),
                ("unchanged", models.PositiveIntegerField()),
                ("rejected", models.PositiveIntegerField()),
                ("rejections", models.JSONField(default=list)),
                ("entry", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=27)),
                ("actor", models.CharField(max_length=26)),
                ("role", models.CharField(max_length=40)),
                ("via", models.CharField(max_length=10)),
                ("act", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=120)),
                ("details", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
                ("salts", models.JSONField(default=dict)),
                ("erased", models.JSONField(default=dict)),
                ("before", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "number"], name="audit_subject"),
                    models.Index(fields=["actor", "number"], name="audit_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=26, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("status", models.CharField(max_length=40)),
                ("revision", models.PositiveIntegerField()),
                ("body", models.JSONField()),
                ("provenance", models.JSONField(default=dict)),
                ("visibility", models.CharField(max_length=10)),
                ("audience", models.PositiveSmallIntegerField()),
                ("title_en", models.CharField(max_length=300)),
                ("title_zh", models.CharField(max_length=300)),
                ("organisation", models.CharField(max_length=26, null=True)),
                ("region", models.CharField(max_length=20, null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=26)),
                ("submitted_by", models.CharField(default="", max_length=26)),
                ("updated_at", models.DateTimeField()),
                ("state_since", models.DateTimeField()),
                ("notice_until", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("digest", models.CharField(max_length=64)),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="registry.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pointer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("unit", models.CharField(max_length=40)),
                ("target", models.CharField(max_length=300)),
                ("audience", models.PositiveSmallIntegerField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pointers",
                        to="registry.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
                ("taken", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(default="", max_length=26)),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.record"
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.record"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("scheme", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=200)),
                ("alive", models.BooleanField(default=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identifiers",
                        to="registry.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Facet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=200)),
                ("audience", models.PositiveSmallIntegerField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facets",
                        to="registry.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DuplicatePair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("score", models.FloatField()),
                ("why", models.JSONField(default=list)),
                ("found_at", models.DateTimeField()),
                ("judgement", models.CharField(default="nobody looked", max_length=20)),
                ("judged_by", models.CharField(default="", max_length=26)),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.record"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.record"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=26)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="registry.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=26)),
                ("by", models.CharField(max_length=26)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="registry.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.CharField(max_length=27)),
                ("by", models.CharField(max_length=26)),
                ("act", models.CharField(max_length=60)),
                ("status", models.CharField(max_length=40)),
                ("values", models.JSONField()),
                ("salts", models.JSONField()),
                ("erased", models.JSONField(default=dict)),
                ("before", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("entry", models.PositiveBigIntegerField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="registry.record",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "audience", "-updated_at"], name="record_recent"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "status", "-updated_at"], name="record_status"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "title_en"], name="record_title_en"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "title_zh"], name="record_title_zh"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["organisation", "kind"], name="record_organisation"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["region", "kind"], name="record_region"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["due_on"], name="record_due"),
        ),
        migrations.AddIndex(
            model_name="pointer",
            index=models.Index(fields=["unit", "target"], name="pointer_target"),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("alive", True)),
                fields=("kind", "scheme", "value"),
                name="identifier_once",
            ),
        ),
        migrations.AddIndex(
            model_name="facet",
            index=models.Index(fields=["kind", "name", "value", "audience", "record"], name="facet_lookup"),
        ),
        migrations.AddIndex(
            model_name="duplicatepair",
            index=models.Index(fields=["kind", "judgement", "-score"], name="duplicate_open"),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="duplicate_pair_once"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["sha256"], name="attachment_hash"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["actor", "ended_at"], name="assignment_actor"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["entry"], name="revision_entry"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("record", "number"), name="revision_once"),
        ),
    ]

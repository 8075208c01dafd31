"""A record's card in the catalogue: the little that filtering, counting and sorting need, so nothing wide is read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from foretrack.registry.models.record import KEY, NAME, VALUE, Record


class Card(models.Model):
    """The card of one record; a record that was merged into another has none."""

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="card")
    kind = models.CharField(max_length=NAME)
    audience = models.PositiveSmallIntegerField()
    organisation = models.CharField(max_length=KEY, null=True)
    region = models.CharField(max_length=20, null=True)
    created_by = models.CharField(max_length=KEY)
    updated_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    name_en = models.CharField(max_length=300)
    name_zh = models.CharField(max_length=300)
    """The titles with case folded: what a table is sorted by, and words are looked for in."""
    public_codes = models.TextField(default="")
    partner_codes = models.TextField(default="")
    private_codes = models.TextField(default="")
    """One character for each facet value (`FacetCode`), apart by who may see the field."""

    objects: ClassVar[models.Manager[Card]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(
                fields=[
                    # Nothing that is compared stands second: no planner shall take this index to find a page.
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
            models.Index(fields=["kind", "-updated_at", "-record"], name="card_recent"),
            models.Index(fields=["kind", "name_en", "record"], name="card_name_en"),
            models.Index(fields=["kind", "name_zh", "record"], name="card_name_zh"),
        )


class FacetCode(models.Model):
    """The number that stands for one value of a facet on the cards of a kind; `character` makes one of it."""

    kind = models.CharField(max_length=NAME)
    name = models.CharField(max_length=NAME)
    value = models.CharField(max_length=VALUE)
    number = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[FacetCode]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "name", "value"], name="facet_code_once"),
            models.UniqueConstraint(fields=["kind", "number"], name="facet_code_number"),
        )


class Figure(models.Model):
    """One number or day of a record, by which records are sorted."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="figures")
    kind = models.CharField(max_length=NAME)
    name = models.CharField(max_length=NAME)
    value = models.FloatField()
    """Of a day: so many days since the year 1 began, as `date.toordinal` counts."""
    audience = models.PositiveSmallIntegerField()
    """The narrower of the record's and the field's."""

    class Meta:
        indexes = (models.Index(fields=["kind", "name", "value", "record", "audience"], name="figure_order"),)

"""The tables of the index: what is found, its words, its vectors, and a numbered line for every change.

The inverted index itself is no model: `store/` makes and asks it, in the way of each database. Everything here can be
made again from the registry and the corpus.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Indexed(models.Model):
    """One part of one thing: the public one, what partners see, or what insiders see."""

    unit = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    visibility = models.CharField(max_length=8)
    readers = models.JSONField(default=list)
    kind = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=16, blank=True)
    title_en = models.TextField(blank=True)
    title_zh = models.TextField(blank=True)
    facets = models.JSONField(default=dict)
    n_title = models.PositiveIntegerField(default=0)
    n_body = models.PositiveIntegerField(default=0)
    changed_at = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    wording = models.CharField(max_length=32)
    """Digest of what is embedded: a change of anything else leaves the vector as it is."""
    change = models.BigIntegerField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "key", "visibility"], name="search_one_part")
        ]


class Text(models.Model):
    """The words of one part, in order, and the text that a reader is shown of it."""

    indexed = models.OneToOneField(Indexed, on_delete=models.CASCADE, primary_key=True)
    title = models.TextField(blank=True)
    """Words of the titles, joined by spaces; as all words here they are made by `words.py`."""
    body = models.TextField(blank=True)
    more = models.TextField(blank=True)
    """Identifiers, whole titles and compounds as words of their own: asked for, never counted."""
    shown = models.TextField(blank=True)
    """The body as written."""


class Vector(models.Model):
    """The meaning of one part as one model sees it: unit length, the language's mean not yet taken out."""

    indexed = models.ForeignKey(Indexed, on_delete=models.CASCADE)
    model = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    """By whose mean it is centred."""
    digest = models.CharField(max_length=32)
    """`wording` of what it was made of: another makes it stale."""
    vector = models.BinaryField()
    """float16, little-endian."""
    change = models.BigIntegerField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indexed", "model"], name="search_one_vector")
        ]


class Change(models.Model):
    """One committed change of the index. What is held in memory is true if it was read at one of these lines."""

    number = models.BigAutoField(primary_key=True)
    mark = models.BigIntegerField()
    """Drawn by chance: a number that was rolled back and given again has another mark."""


class Removed(models.Model):
    """A part that was removed, for those who hold the index in memory."""

    indexed = models.BigIntegerField()
    change = models.BigIntegerField(db_index=True)


class Waiting(models.Model):
    """A record that an import wrote and that is not indexed yet."""

    key = models.CharField(max_length=255, unique=True)

"""Addresses of pages by their names, in the language of the page that is being answered."""

from __future__ import annotations

from django.urls import reverse


def address(name: str, *parts: object) -> str:
    """The address of a page in the language of the one that is being answered."""
    return reverse(name, args=parts)

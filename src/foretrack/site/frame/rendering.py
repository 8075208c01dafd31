"""From a typed context to a page: a template is given the fields of one dataclass, and the frame."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from foretrack.registry.access.actor import Actor
from foretrack.registry.registry import Registry


class Request(HttpRequest):
    """A request as the frame's middleware hands it to a page."""

    actor: Actor
    registry: Registry


@dataclass(frozen=True)
class Page:
    """What a template is given: each page declares its own, with all that its template names."""

    template: ClassVar[str]


def render(request: HttpRequest, page: Page, *, status: int = 200) -> HttpResponse:
    """The page as an answer."""
    context = {f.name: getattr(page, f.name) for f in fields(page)}
    return HttpResponse(render_to_string(page.template, context, request), status=status)

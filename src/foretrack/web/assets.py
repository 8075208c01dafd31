"""The program that draws charts: made from an installed package, kept beside the workspace, cached by browsers."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from foretrack.web.charts import drawing_program, program_version
from foretrack.web.workspace import workspace_root

YEAR = 365 * 24 * 3600


@require_safe
def drawing(request: HttpRequest, version: str) -> HttpResponse:
    """The script; its address changes with its content, so that a browser may keep it."""
    if version != program_version():
        raise Http404
    content = _made(workspace_root() / "cache")
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        content if packed else gzip.decompress(content), content_type="text/javascript; charset=utf-8"
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


@cache
def _made(folder: Path) -> bytes:
    return drawing_program(folder)

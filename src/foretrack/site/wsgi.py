"""What a web server loads: `foretrack.site.wsgi:application`, with FORETRACK_WORKSPACE in its environment.

The workspace is opened when the server asks for the application, not when the module is imported.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from foretrack.installation.serving import wsgi_application

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler


@cache
def _opened() -> WSGIHandler:
    return wsgi_application()


def __getattr__(name: str) -> WSGIHandler:
    if name == "application":
        return _opened()
    raise AttributeError(name)

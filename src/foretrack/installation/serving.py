"""The site as a WSGI application."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from foretrack.installation.opening import configure, installation_of, prepare_database, registry_of

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler


def wsgi_application() -> WSGIHandler:
    """The application of the workspace that FORETRACK_WORKSPACE names."""
    installation = installation_of(Path(os.environ.get("FORETRACK_WORKSPACE", ".")), os.environ)
    configure(installation)
    prepare_database()
    registry_of(installation)
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()

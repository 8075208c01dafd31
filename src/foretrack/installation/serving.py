"""The site as a WSGI application, and what whoever starts a server has to know before."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from foretrack.foundation.errors import OutsideError
from foretrack.installation.opening import configure, installation_of, prepare_database, registry_of

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

PROGRAM = "from foretrack.cli.main import main; main()"
"""The program of this very installation, whatever the search path has."""


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0; OutsideError when it is taken or may not be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise OutsideError.of(
                "port {port} of {host} cannot be used: {problem}", expected="a free port",
                do="end the program that has it, or choose another one with --port", port=port, host=host,
                problem=getattr(error, "strerror", None) or str(error),
            ) from error  # fmt: skip
        return int(probe.getsockname()[1])


def wsgi_application() -> WSGIHandler:
    """The application of the workspace that FORETRACK_WORKSPACE names."""
    installation = installation_of(Path(os.environ.get("FORETRACK_WORKSPACE", ".")), os.environ)
    configure(installation)
    prepare_database()
    registry_of(installation)
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()

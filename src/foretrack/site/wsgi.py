"""What a web server loads: `foretrack.site.wsgi:application`, with FORETRACK_WORKSPACE in its environment."""

from __future__ import annotations

from foretrack.installation.serving import wsgi_application

application = wsgi_application()

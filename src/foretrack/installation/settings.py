"""Django's settings module for programs that ask for one by name: a web server, mypy, pytest, `django-admin`.

Importing it reads the environment, as Django has it; everything else in Foretrack is given an installation.
FORETRACK_WORKSPACE names the workspace, FORETRACK_DATABASE and FORETRACK_SECRET_KEY as in docs/deploy.md.
"""

from __future__ import annotations

import os
from pathlib import Path

from foretrack.installation.django import django_settings
from foretrack.installation.opening import installation_of

globals().update(
    django_settings(installation_of(Path(os.environ.get("FORETRACK_WORKSPACE", ".")), os.environ, made=False))
)

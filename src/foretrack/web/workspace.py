"""The folder that the site stands on, for rooms whose pages read it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def workspace_root() -> Path:
    """The folder of the workspace that this process serves."""
    return Path(getattr(settings, "FORETRACK").workspace)  # noqa: B009 - the stubs know Django's own settings only

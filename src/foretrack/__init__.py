"""Foretrack: from a folder of papers, patents and standards to a ranked list of emerging technologies.

>>> import foretrack
>>> lookout = foretrack.open("my-workspace")        # doctest: +SKIP
>>> lookout.ingest("exports/")                      # doctest: +SKIP
>>> lookout.scan(as_of=2022)                        # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from foretrack.domains.foresight.doors.python import Lookout

__version__ = "0.1.0"

__all__ = ["__version__", "open"]


def open(workspace: str | Path, engine: str | None = None) -> Lookout:
    """The workspace in a folder, made if the folder is new or empty, with everything that can be asked of it.

    `engine` is the Spark Connect server that scans count on (`sc://host:port`); None counts on this machine.
    Raises InputError if the folder holds other things.
    """
    from foretrack.domains.foresight.doors.python import Lookout

    return Lookout(workspace, engine)

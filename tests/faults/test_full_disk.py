"""A disk that is full while somebody writes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.conftest import ROOT, run

ADD_SOMEBODY = """
import sys
from foretrack.cli.main import run
words = ["--role", "officer", "--region", "*", "--name", "Invented " * 10, "--workspace", sys.argv[1]]
for n in range(300):
    if code := run(["user", "add", f"invented{n}@example.org", *words]):
        sys.exit(code)
"""

FILL = """
from django.db.utils import OperationalError
made, said = 0, ""
try:
    while made < 5000:
        organisation(f"Invented {made}", about="".join(chr(0x4E00 + (made * i * i) % 20000) for i in range(1500)))
        made += 1
except OperationalError as error:
    said = type(error).__name__
connection.close()
(workspace / "attachments").exists()
checked = check_history(registry)
print(json.dumps({"made": made, "there": Record.objects.count(), "said": said,
                  "findings": [str(f) for f in checked.findings]}))
"""


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="needs root on Linux to mount a tiny disk"
)
def test_a_full_disk_loses_nothing_and_says_so(workspace: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a tmpfs here: {mounted.stderr.strip()}")
    try:
        subprocess.run(["cp", "-r", str(workspace), str(disk / "w")], check=True)
        done = json.loads(run(FILL, disk / "w"))
        assert done["said"] == "OperationalError"
        assert done["made"] > 20
        assert done["there"] == done["made"]
        assert done["findings"] == []
        with (disk / "rest").open("wb", buffering=0) as rest, contextlib.suppress(OSError):
            while True:
                rest.write(b"x" * 1000)
        told = subprocess.run(
            [sys.executable, "-c", ADD_SOMEBODY, str(disk / "w")], cwd=ROOT, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
        assert told.returncode == 4, told.stderr
        assert "To do: " in told.stderr
    finally:
        subprocess.run(["umount", str(disk)], check=True)

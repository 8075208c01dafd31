"""docs/guide/api.md, executed as it is printed; what it prints is compared."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import Make

from foretrack.api.resources import RESOURCES
from foretrack.site.rooms import ROOMS

GUIDE = Path(__file__).parents[2] / "docs/guide/api.md"


def test_the_examples_print_what_they_say(
    program: Make, application: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    scanned_sample: Path,
) -> None:  # fmt: skip
    # What the reader has who tries them: the invented folder, scanned as of two years.
    shutil.copytree(scanned_sample, tmp_path, dirs_exist_ok=True)
    officer = program("officer", regions=["*"], bodies=["*"])
    monkeypatch.setenv("FORETRACK_API", "http://testserver/api/v1")
    monkeypatch.setenv("FORETRACK_TOKEN", officer.token)
    transport = httpx.WSGITransport(app=application)
    monkeypatch.setattr(httpx, "Client", partial(httpx.Client, transport=transport))
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", text, re.DOTALL)
    assert len(blocks) > 8

    space: dict[str, Any] = {}
    for code, expected in blocks:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, str(GUIDE), "exec"), space)
        assert said.getvalue() == expected, code


def test_every_resource_has_an_example() -> None:
    code = "".join(re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL))

    for routes in RESOURCES:
        if routes.name in ("files",):  # told in words: an example would need a kind with a file
            continue
        paths = {re.sub(r"\{[^}]*\}", "", route.path).split("//")[0].rstrip("/") for route in routes.routes}
        assert any(path and re.search(re.escape(path.split("/")[1]), code) for path in paths), routes.name


def test_every_group_of_addresses_of_a_room_has_an_example() -> None:
    """One of each group: what every single address takes and answers, the description (OpenAPI) says."""
    code = "".join(re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL))
    asked = {re.sub(r"\{[^}]*\}", "*", path) for path in re.findall(r'"(/[^"?]*)', code)}

    for room in ROOMS:
        for routes in room.ROUTES:
            wanted = {re.sub(r"\{[^}]*\}", "*", route.path) for route in routes.routes}
            assert wanted & asked, routes.name

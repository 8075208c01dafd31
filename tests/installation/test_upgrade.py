"""A registry of an earlier version is brought to this one with nothing lost.

`registry-2026-11-27.sqlite3.zst` is the invented sample as `foretrack sample` loaded it before there were cards, an index
for search and tables of watch. Keep it, and add the sample of each released version beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

HERE = Path(__file__).parent
SAMPLES = sorted(HERE.glob("registry-*.sqlite3.zst"))

REFUSED = """
import sys
from pathlib import Path
from foretrack.foundation.errors import InputError
from foretrack.installation.opening import open_registry
try:
    open_registry(Path(sys.argv[1]), {})
except InputError as error:
    print(error)
"""

UPGRADE = """
import sys
from pathlib import Path
from foretrack.installation.opening import configure, installation_of, open_registry, upgrade_database
root = Path(sys.argv[1])
configure(installation_of(root, {}))
steps = upgrade_database()
assert steps, "nothing to upgrade: the sample is of this version"
registry = open_registry(root, {})
from foretrack.registry.access.actor import VISITOR
from foretrack.installation.upgrading import make_anew
from foretrack.registry.actions.tables import table
assert make_anew(registry) == 40
from foretrack.lists.actions.reading import check_lists, issues
from foretrack.registry.actions.checking import check_history
from foretrack.registry.models import Record, Revision
from foretrack.targets.actions.counting import show_target
checked = check_history(registry)
assert not checked.findings, checked.findings[:3]
assert check_lists() == []
assert upgrade_database() == []
from foretrack.search.actions.searching import search
assert search("步行者", units=["record"], embedder=None).total == 2
print(table(registry, VISITOR, "iconic-product").total, end=" ")
print(Record.objects.count(), len(issues("iconic-products")), show_target(registry, "products-2025").counted)
"""


def run(script: str, root: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_registry_of_the_version_before_is_refused_then_upgraded_whole(
    sample: Path, tmp_path: Path
) -> None:
    (tmp_path / "foretrack.toml").write_text("[workspace]\nformat = 1\n", encoding="utf-8")
    content = zstandard.ZstdDecompressor().decompress(sample.read_bytes())
    (tmp_path / "registry.sqlite3").write_bytes(content)

    assert "foretrack upgrade" in run(REFUSED, tmp_path)
    assert run(UPGRADE, tmp_path) == "6 40 2 4"

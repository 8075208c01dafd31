"""Every act that is written into the log has words on the page of the audit log."""

from __future__ import annotations

import re
from pathlib import Path

import foretrack
from foretrack.site.pages.history import ACTS


def test_every_act_of_the_log_has_words() -> None:
    found: set[str] = set()
    for path in Path(foretrack.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\blog\(\s*registry,\s*actor,\s*"([a-z -]+)"', text))
        if path.name == "ways_in.py":
            found |= set(re.findall(r'(?:: |\] = )"([a-z -]+)"', text))

    assert len(found) > 35
    assert sorted(found - set(ACTS)) == []

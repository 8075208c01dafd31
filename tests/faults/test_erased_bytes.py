"""What was erased is not in the database file, nor in what lies beside it."""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import run

ERASE = """
from io import BytesIO
from foretrack.registry.actions.erasing import erase
key = organisation("Invented Works", contact="Zyxwvut Invented", email="zyxwvut@example.org", region="CN-33")
for n in range(2, 60):
    contact = f"Zyxwvut Invented the {n}th" + "z" * (n * 40 % 250)
    edit(registry, OPERATOR, key, {"contact": contact}, revision=n - 1, reason="Zyxwvut wrote")
for n in range(200):
    organisation(f"Invented Filling {n}")
person = create(registry, OPERATOR, "person", {
    "name": {"en": "Zyxwvut Invented", "zh": "虚構甲乙丙"}, "about": {"en": "Zyxwvut wrote this."}, "purpose": "test",
    "consent_on": "2026-01-01", "keep_until": "2027-01-01", "orcid": "0000-0002-1825-0097"}).key
move(registry, OPERATOR, person, "list", revision=1)
connection.close()
there = b"".join(path.read_bytes() for path in sorted(workspace.glob("registry.sqlite3*")))
assert there.count(b"Zyxwvut") > 50 and "虚構甲乙丙".encode() in there, "the test would prove nothing"
done = erase(registry, OPERATOR, key, texts=True, reason="request 1")
assert done.revisions == 59 and done.texts == 58, done
assert erase(registry, OPERATOR, person, texts=True, reason="request 2").revisions == 2
checked = check_history(registry)
assert not checked.findings, checked.findings
for path in sorted(workspace.glob("registry.sqlite3*")):
    content = path.read_bytes().lower()
    print(path.name, sum(content.count(one.encode()) for one in ("zyxwvut", "虚構甲乙丙", "虚构甲乙丙", "0002-1825")))
"""


def test_erased_values_are_not_in_the_bytes_of_the_database(workspace: Path) -> None:
    printed = run(ERASE, workspace)

    assert printed.split()[::2][0] == "registry.sqlite3"
    assert set(printed.split()[1::2]) == {"0"}


WHILE_SOMEBODY_READS = """
import sqlite3
from foretrack.registry.actions.erasing import erase, overwrite_remains
key = organisation("Invented Works", contact="Zyxwvut Invented")
reader = sqlite3.connect(workspace / "registry.sqlite3")
reader.execute("BEGIN")
reader.execute("SELECT COUNT(*) FROM registry_record").fetchone()
connection.ensure_connection()
connection.connection.execute("PRAGMA busy_timeout=200")
erase(registry, OPERATOR, key, reason="request 1")
print(overwrite_remains())
reader.execute("ROLLBACK")
print(overwrite_remains())
print(sum(path.read_bytes().count(b"Zyxwvut") for path in workspace.glob("registry.sqlite3*")))
"""


def test_a_reader_keeps_the_old_pages_only_until_it_ends(workspace: Path) -> None:
    assert run(WHILE_SOMEBODY_READS, workspace).split() == ["False", "True", "0"]

"""Several processes write at once: one wins, the others are told, and the log stays one chain."""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import run

TWO_EDITORS = """
from foretrack.registry.actions.writing import ConflictError
key = organisation("Invented Works")
for n in range(1, 13):
    gate = time.monotonic() + 0.05
    def editor(letter):
        def act():
            while time.monotonic() < gate:
                pass
            try:
                edit(registry, OPERATOR, key, {"country": f"{letter}{n % 10}"}, revision=n)
            except ConflictError:
                os._exit(9)
        return act
    codes = sorted(ended(child) for child in [in_a_child(editor(letter)) for letter in "ABC"])
    assert codes == [0, 9, 9], codes
    assert Record.objects.get(key=key).revision == n + 1
print(Revision.objects.filter(record__key=key).count(), len(check_history(registry).findings))
"""

LOG = """
from django.db import transaction
from foretrack.registry.actions.log import log
def appends():
    for n in range(25):
        with transaction.atomic():
            log(registry, OPERATOR, "invented act", "nothing", details={"n": n}, reason="invented")
before = AuditEntry.objects.count()
children = [in_a_child(appends) for _ in range(20)]
assert {ended(child) for child in children} == {0}
numbers = list(AuditEntry.objects.order_by("number").values_list("number", flat=True))
assert numbers == list(range(1, before + 501)), numbers[-5:]
print(len(check_history(registry).findings))
"""


def test_of_three_processes_that_edit_one_record_exactly_one_wins(workspace: Path) -> None:
    assert run(TWO_EDITORS, workspace).split() == ["13", "0"]


def test_twenty_processes_append_to_one_unbroken_log(workspace: Path) -> None:
    assert run(LOG, workspace).strip() == "0"

"""A process is killed (SIGKILL) before each statement of an act: nothing half-done, nothing lost, nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.faults.conftest import run

EVERYWHERE = """
from foretrack.registry.models import Facet, Identifier, Merge

def state():
    return {
        "records": sorted(Record.objects.values_list("key", "revision", "status", "digest", "merged_into_id")),
        "revisions": Revision.objects.count(), "entries": AuditEntry.objects.count(), "facets": Facet.objects.count(),
        "alive": Identifier.objects.filter(alive=True).count(), "merges": Merge.objects.count(),
    }

def killed_before(statement, act):
    seen = [0]
    def trace(sql):
        seen[0] += 1
        if seen[0] == statement:
            os.kill(os.getpid(), signal.SIGKILL)
    def before_it(execute, sql, params, many, context):
        trace(sql)
        return execute(sql, params, many, context)
    def child():
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            # Called before each statement, BEGIN, SAVEPOINT and COMMIT included.
            connection.connection.set_trace_callback(trace)
            act()
        else:
            with connection.execute_wrapper(before_it):
                act()
    return ended(in_a_child(child))

def everywhere(act):
    \"\"\"Kills before the first statement, the second, ... until the act ends by itself; then it was done once.\"\"\"
    before, kills, once = state(), 0, None
    while (code := killed_before(kills + 1, act)) == -signal.SIGKILL:
        kills += 1
        if state() != before:
            break  # killed behind its COMMIT, while it read for its answer: it is done, and wholly
        if kills % 5 == 0:
            assert check_history(registry).findings == []
    assert code in (0, -signal.SIGKILL), code
    after = state()
    assert after != before
    checked = check_history(registry)
    assert checked.findings == [], [str(f) for f in checked.findings]
    print(json.dumps({"kills": kills, "revisions": after["revisions"] - before["revisions"],
                      "entries": after["entries"] - before["entries"]}))
"""

ACTS = {
    "making a record": ("act = lambda: organisation('Invented New', uscc='91110000600037341L')", 1),
    "a decision": (
        "key = organisation('Invented Works')\n"
        "act = lambda: move(registry, OPERATOR, key, 'close', revision=1, reason='it closed')",
        1,
    ),
    "a merge": (
        "from foretrack.registry.actions.merging import merge\n"
        "one, two = organisation('Invented A'), organisation('Invented B', lei='969500KSV493XWY0PS33')\n"
        "act = lambda: merge(registry, OPERATOR, one, two, take=['lei'], survivor_revision=1, absorbed_revision=1)",
        2,
    ),
    "the undoing of a merge": (
        "from foretrack.registry.actions.merging import merge, unmerge\n"
        "one, two = organisation('Invented A'), organisation('Invented B', lei='969500KSV493XWY0PS33')\n"
        "merge(registry, OPERATOR, one, two, take=['lei'], survivor_revision=1, absorbed_revision=1)\n"
        "act = lambda: unmerge(registry, OPERATOR, two)",
        2,
    ),
    "an erasure": (
        "from foretrack.registry.actions.erasing import erase\n"
        "key = organisation('Invented Works', contact='Invented Person')\n"
        "edit(registry, OPERATOR, key, {'contact': 'Another'}, revision=1, reason='Invented Person left')\n"
        "act = lambda: erase(registry, OPERATOR, key, texts=True, reason='request 1')",
        1,
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_process_killed_before_any_statement_leaves_all_or_nothing(workspace: Path, name: str) -> None:
    act, revisions = ACTS[name]

    done = json.loads(run(EVERYWHERE + act + "\neverywhere(act)", workspace))

    assert done["kills"] >= 8
    assert (done["revisions"], done["entries"]) == (revisions, 1)


ATTACH = """
from io import BytesIO
from foretrack.packs.shapes import Bilingual
from foretrack.registry.actions.attachments import attach, strays, sweep
from foretrack.registry.declaring.fields import File, Text
from foretrack.registry.declaring.kind import Kind, State
label = Bilingual("Note", "笔记")
registry.kinds.add(Kind(name="invented-note", label=label, plural=label, fields=(
    Text(name="title", label=label), File(name="paper", label=label)), states=(State(name="open", label=label),)))
key = create(registry, OPERATOR, "invented-note", {"title": "A note"}).key
for step in ("checked", "in place", "written"):
    def dies(at):
        if at == step:
            os.kill(os.getpid(), signal.SIGKILL)
    code = ended(in_a_child(lambda: attach(
        registry, OPERATOR, key, "paper", BytesIO(b"Invented words."), "a.txt", revision=1, checkpoint=dies)))
    assert code == -signal.SIGKILL
    assert Record.objects.get(key=key).revision == 1
    assert check_history(registry).findings == []
attach(registry, OPERATOR, key, "paper", BytesIO(b"Invented words."), "a.txt", revision=1)
assert check_history(registry).findings == []
for path in registry.attachments.glob(".*.tmp"):
    os.utime(path, (0, 0))
print(len(sweep(registry)), len(strays(registry)), sum(p.is_file() for p in registry.attachments.rglob("*")))
"""


def test_a_process_killed_while_it_attaches_leaves_only_what_the_sweep_takes(workspace: Path) -> None:
    assert run(ATTACH, workspace).split() == ["1", "0", "1"]

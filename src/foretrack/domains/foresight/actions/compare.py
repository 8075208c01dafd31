"""`compare`: what rose, fell, entered and left between two scans, with reasons."""

from __future__ import annotations

from typing import Any, Literal

from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.answers import Change, Comparison
from foretrack.foundation.errors import EvidenceError, InputError

Row = dict[str, Any]


def compare(before: Scan, after: Scan, *, top: int = 50) -> Comparison:
    """Compares the first `top` ranks of two scans.

    A concept is the same in both when its identifier is, or when it shares a spelling with exactly one concept
    there: its name may have changed with the years.

    InputError when both are the same scan; EvidenceError when one of them ranks nothing.
    """
    if before.name == after.name:
        raise InputError(
            f"both scans are {before.name}", expected="two different scans", do="give two different years"
        )
    for scan in (before, after):
        if not scan.ranking:
            raise EvidenceError(
                f"not enough evidence to compare: needs ranked concepts in both years, as of {scan.as_of} none of "
                f"{scan.concepts.num_rows} is ranked",
                expected="concepts with five documents in three years, over four years of data",
                do="choose years with more documents, or ingest more",
            )
    old, new = _rows(before), _rows(after)
    partner = partners(old, new)
    back = {number: row for row, number in partner.items()}
    changes: list[Change] = []
    for number, row in enumerate(new):
        was = old[back[number]] if number in back else None
        now_rank, was_rank = _top(row, top), _top(was, top)
        if now_rank is None and was_rank is None:
            continue
        if was_rank is None:
            changes.append(_change("entered", was, row))
        elif now_rank is None:
            changes.append(_change("left", was, row))
        elif now_rank != was_rank:
            changes.append(_change("rose" if now_rank < was_rank else "fell", was, row))
    changes.extend(
        _change("left", row, None)
        for number, row in enumerate(old)
        if number not in partner and _top(row, top) is not None
    )
    order = {"entered": 0, "rose": 1, "fell": 2, "left": 3}
    changes.sort(key=lambda c: (order[c.change], c.rank_after or c.rank_before or 0, c.concept))
    return Comparison(before.name, after.name, before.as_of, after.as_of, top, tuple(changes))


_COLUMNS = ("concept", "label", "forms", "rank", "state", "n_recent", "growth", "q_value", "score")


def _rows(scan: Scan) -> list[Row]:
    return scan.concepts.select(list(_COLUMNS)).to_pylist()


def partners(old: list[Row], new: list[Row]) -> dict[int, int]:
    """Old row -> new row of the same concept."""
    by_id = {row["concept"]: number for number, row in enumerate(new)}
    by_form = {form: number for number, row in enumerate(new) for form in row["forms"]}
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for number, row in enumerate(old):
        same = by_id.get(row["concept"])
        if same is not None:
            partner[number] = same
            taken.add(same)
    for number, row in enumerate(old):
        if number in partner:
            continue
        shared = {by_form[form] for form in row["forms"] if form in by_form} - taken
        if len(shared) == 1:
            found = shared.pop()
            partner[number] = found
            taken.add(found)
    return partner


def _top(row: Row | None, top: int) -> int | None:
    if row is None or row["rank"] is None or row["rank"] > top:
        return None
    return int(row["rank"])


def _change(kind: Literal["entered", "rose", "fell", "left"], was: Row | None, now: Row | None) -> Change:
    row = now or was
    assert row is not None
    reasons: list[str] = []
    if was is None:
        reasons.append("no concept of the earlier scan: fewer than five documents then")
    if now is None:
        reasons.append(
            "no concept of the later scan any more: merged into another or pruned as part of a longer term"
        )
    if was is not None and now is not None:
        reasons.append(f"recent documents {was['n_recent']} -> {now['n_recent']}")
        reasons.append(f"growth a year {_growth(was)} -> {_growth(now)}")
        if was["state"] != now["state"]:
            reasons.append(f"state {was['state']} -> {now['state']}")
        if was["label"] != now["label"]:
            reasons.append(f"label {was['label']!r} -> {now['label']!r}")
    elif now is not None:
        reasons.append(f"recent documents {now['n_recent']}, growth a year {_growth(now)}")
    return Change(
        concept=row["concept"], label=row["label"], change=kind,
        rank_before=was["rank"] if was else None, rank_after=now["rank"] if now else None,
        state_before=was["state"] if was else None, state_after=now["state"] if now else None,
        reasons=tuple(reasons),
    )  # fmt: skip


def _growth(row: Row) -> str:
    return "not known" if row["state"] == "not enough evidence" else f"{row['growth']:+.0%}"

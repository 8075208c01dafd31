"""What `foretrack corpus` says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.corpus.conftest import row

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.describe import describe


def test_an_empty_corpus(workspace: Workspace) -> None:
    report = describe(workspace)
    assert (report.documents, report.breaks, report.with_abstract, report.complete_until) == (
        0,
        (),
        0.0,
        None,
    )


def test_counts_shares_and_breaks(take: Callable[..., Any], workspace: Workspace) -> None:
    rows = []
    for year in range(2010, 2017):
        rows += [
            row(
                year * 100 + n,
                published=str(year),
                venue="V",
                source_id=f"{year}-{n}",
                title=f"Study {n} of {year} in full length",
            )
            for n in range(3 if year == 2013 else 30)
        ]
    rows[0] |= {"abstract": "Text of the study.", "language": "en"}
    take(rows)
    take([rows[0] | {"venue": "W", "status": "retracted"}, rows[1], {"bad": "no year"}])
    report = describe(workspace)
    assert (report.documents, report.retracted, report.read, report.merged, report.rejected) == (
        182,
        1,
        186,
        2,
        1,
    )
    assert report.files == 2
    assert report.years[2013] == 3
    assert report.sources == {"invented": 182}
    assert [(b.field, b.group, b.year, b.kind) for b in report.breaks] == [
        ("source", "invented", 2013, "collapses"),
        ("venue", "V", 2013, "collapses"),
    ]
    said = report.to_json()
    assert said["years"][0] == {"year": 2010, "documents": 29}
    assert said["breaks"][0]["before"] == 30.0


def test_the_merged_are_right_after_a_file_was_read_twice(
    take: Callable[..., Any], workspace: Workspace
) -> None:
    take([row(1), row(2), {"broken": True}])
    take([row(1), row(2), row(3)])
    report = describe(workspace)
    assert (report.documents, report.read, report.merged) == (3, 5, 2)

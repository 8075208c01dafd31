"""Co-authors of the corpus keep a reviewer away; a workspace without documents gives nothing. All people are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.foresight.corpora import add
from tests.review.office import Office

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.joint_work import written_together
from foretrack.records.document import Document
from foretrack.registry.actions.records import create
from foretrack.review.assigning.conflicts import Joint


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    return Office(tmp_path / "files")


def person(office: Office, en: str, zh: str = "") -> str:
    name = {"en": en, **({"zh": zh} if zh else {})}
    return create(
        office.registry, office.ministry, "person",
        {"name": name, "purpose": "An invented test", "consent_on": "2026-01-01", "keep_until": "2030-01-01"},
    ).key  # fmt: skip


def paper(number: int, published: str, *authors: str, **given: str) -> Document:
    return Document(
        kind="paper", source="file", source_id=f"invented-{number}", title=f"Invented work {number}", published=published,
        authors=authors, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def test_those_who_wrote_together_are_found_by_their_names_in_both_languages(
    office: Office, tmp_path: Path
) -> None:
    ann, bo = person(office, "Ann Maria Tester", "特安"), person(office, "Bo Sample")
    cem, dao = person(office, "Cem Example"), person(office, "Dao Other", "道别")
    workspace = Workspace.create(tmp_path / "w")
    add(
        workspace,
        [
            paper(1, "2023", "Tester, A. M.", "Example, Cem"),
            paper(2, "2024-03", "Cem Example", "Sample, B.", "Ann Tester"),
            paper(3, "2025-01-02", "特 安", "道别"),
            paper(4, "2025-06-01", "Ann Maria Tester", "Somebody Else"),
            paper(5, "2025-07-01", "B. Tester", "Cem Example"),
            paper(6, "2025-08-01", "Bo Sample", "Dao Other", status="retracted"),
        ],
    )  # fmt: skip
    found = written_together(workspace.root, [ann, bo], [cem, dao, ann])
    assert {key: {work.person: work for work in works} for key, works in found.items()} == {
        ann: {
            cem: Joint(cem, "2024-03-31", ("Invented work 2", "Invented work 1")),
            dao: Joint(dao, "2025-01-02", ("Invented work 3",)),
        },
        bo: {one: Joint(one, "2024-03-31", ("Invented work 2",)) for one in (ann, cem)},
    }


def test_without_documents_there_is_no_joint_work(office: Office, tmp_path: Path) -> None:
    ann, bo = person(office, "Ann Tester"), person(office, "Bo Sample")
    assert written_together(tmp_path / "nothing", [ann], [bo]) == {}
    assert written_together(Workspace.create(tmp_path / "w").root, [ann], [bo]) == {}
    assert written_together(tmp_path, [], [bo]) == {}

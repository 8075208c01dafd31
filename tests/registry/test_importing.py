"""A file goes in wholly or not at all, row by row as if a person had written it, and never twice unnoticed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.importing import import_file, preview
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.actions.sheets import Limits, open_sheet
from foretrack.registry.answers import ImportAnswer
from foretrack.registry.models import AuditEntry, Import, Record, Revision
from foretrack.registry.registry import Registry

Writer = Callable[..., Path]
USCC = ("91110000600037341L", "91330100799655058B", "91440300708461136T")


@pytest.fixture
def sheet(tmp_path: Path) -> Writer:
    """Writes rows as a CSV file and gives its path."""

    def written(
        *rows: Sequence[object], name: str = "rows.csv", encoding: str = "utf-8", delimiter: str = ","
    ) -> Path:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(rows)
        path = tmp_path / name
        path.write_bytes(out.getvalue().encode(encoding))
        return path

    return written


def told(answer: ImportAnswer) -> list[tuple[int, str]]:
    return [(one.line, one.field) for one in answer.rejections]


def counts(answer: ImportAnswer) -> tuple[int, int, int, int]:
    assert answer.read == answer.created + answer.updated + answer.unchanged + answer.rejected
    return answer.created, answer.updated, answer.unchanged, answer.rejected


HEADER = ("name_en", "name_zh", "sort_of", "region", "uscc")
FIRM = ("Invented Wings", "虚构之翼", "company", "CN-3301", USCC[1])


def test_a_file_is_looked_at_before_it_is_taken_in(
    registry: Registry, national: Actor, sheet: Writer
) -> None:
    file = sheet(HEADER, FIRM)

    seen = preview(registry, national, "organisation", file)

    assert counts(seen) == (1, 0, 0, 0)
    assert (seen.written, seen.planned[0].act, seen.planned[0].after["region"]) == (
        False,
        "create",
        "CN-3301",
    )
    assert Record.objects.count() == 0
    done = import_file(registry, national, "organisation", file)
    assert (done.written, counts(done)) == (True, (1, 0, 0, 0))
    assert Record.objects.get().body["name"] == {"en": "Invented Wings", "zh": "虚构之翼"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_encodings_separators_and_labels_are_recognised(
    registry: Registry, national: Actor, sheet: Writer, encoding: str, delimiter: str, language: str
) -> None:
    header = {
        "en": ("Name (English)", "Name (Chinese)", "Sort", "REGION", "Unified social credit code"),
        "zh": ("名称（英文）", "名称（中文）", "类型", "所在地区", "统一社会信用代码"),
    }[language]

    done = import_file(
        registry, national, "organisation", sheet(header, FIRM, encoding=encoding, delimiter=delimiter)
    )

    assert counts(done) == (1, 0, 0, 0)
    assert Record.objects.get().title_zh == "虚构之翼"


def test_rows_are_matched_by_key_or_identifier_and_only_changes_are_written(
    registry: Registry, national: Actor, sheet: Writer
) -> None:
    import_file(
        registry, national, "organisation", sheet(HEADER, FIRM, ("Invented Oars", "", "company", "CN-44", ""))
    )
    oars = Record.objects.get(title_en="Invented Oars")
    file = sheet(
        ("key", *HEADER, "revision"),
        ("", *FIRM, ""),
        (oars.key, "Invented Oars", "虚构船桨", "company", "CN-44", USCC[2], 1),
    )

    done = import_file(registry, national, "organisation", file)

    assert counts(done) == (0, 1, 1, 0)
    assert (done.planned[0].before, done.planned[0].after) == (
        {"name": {"en": "Invented Oars"}},
        {"name": {"en": "Invented Oars", "zh": "虚构船桨"}, "uscc": USCC[2]},
    )
    assert show(registry, national, oars.key).revision == 2


def test_one_entry_of_the_log_covers_every_revision(
    registry: Registry, national: Actor, sheet: Writer
) -> None:
    done = import_file(
        registry,
        national,
        "organisation",
        sheet(HEADER, *((f"Firm {i}", "", "company", "CN-33", "") for i in range(5))),
    )

    entry = AuditEntry.objects.get(act="import")
    kept = Import.objects.get()
    assert (entry.details["revisions"], kept.entry, kept.key) == (5, entry.number, done.key)
    assert Revision.objects.filter(entry=entry.number).count() == 5
    assert check_history(registry).findings == []


def test_the_same_file_twice_writes_nothing_twice(registry: Registry, national: Actor, sheet: Writer) -> None:
    named = sheet(HEADER, FIRM, name="named.csv")
    nameless = sheet(HEADER, ("Invented Oars", "", "company", "CN-44", ""), name="nameless.csv")
    import_file(registry, national, "organisation", named)
    import_file(registry, national, "organisation", nameless)
    entries = AuditEntry.objects.count()

    again = import_file(registry, national, "organisation", named)
    refused = import_file(registry, national, "organisation", nameless)

    assert (counts(again), again.written) == ((0, 0, 1, 0), False)
    assert (counts(refused), refused.written) == ((0, 0, 0, 1), False)
    assert refused.imported_before is not None
    assert (AuditEntry.objects.count(), Record.objects.count()) == (entries, 2)
    assert counts(import_file(registry, national, "organisation", nameless, again=True)) == (1, 0, 0, 0)


def test_one_bad_row_keeps_all_out_unless_the_others_are_wanted(
    registry: Registry, national: Actor, sheet: Writer
) -> None:
    file = sheet(
        HEADER, FIRM, ("", "", "firm", "CN-33", "123"), ("Too", "many", "company", "CN-33", "", "cells"),
        ("Invented Oars", "", "company", "", ""),
    )  # fmt: skip

    refused = import_file(registry, national, "organisation", file)

    assert (counts(refused), refused.written, Record.objects.count()) == ((2, 0, 0, 2), False, 0)
    assert told(refused) == [(3, "sort_of"), (3, "uscc"), (4, "")]
    assert "firm" in str(refused.rejections[0].error)
    done = import_file(registry, national, "organisation", file, partly=True)
    assert (counts(done), Record.objects.count()) == ((2, 0, 0, 2), 2)
    assert Import.objects.get().rejections == [
        {"line": 3, "field": "sort_of"}, {"line": 3, "field": "uscc"}, {"line": 4, "field": ""},
    ]  # fmt: skip


def test_nobody_brings_in_what_he_could_not_write(
    registry: Registry, firm: str, member: Actor, sheet: Writer, national: Actor
) -> None:
    manager = Actor("MANAGER", grants=(Grant("manager", firm),))
    other = create(
        registry,
        national,
        "organisation",
        {"name": "Invented Rival", "sort_of": "company", "region": "CN-44"},
    ).key
    header = ("title_en", "organisation")

    for actor in (VISITOR, member, Actor("R", grants=(Grant("reviewer"),))):
        with pytest.raises(AccessError):
            import_file(registry, actor, "plan", sheet(header, ("A plan", firm)))
    forged = import_file(registry, manager, "plan", sheet(header, ("A plan", firm), ("Forged", other)))
    assert (counts(forged), told(forged)) == ((1, 0, 0, 1), [(3, "")])
    assert import_file(registry, manager, "plan", sheet(("title_en",), ("A plan",))).written
    assert Record.objects.get(kind="plan").organisation == firm
    token = replace(manager, scopes=frozenset({"read"}))
    with pytest.raises(AccessError):
        preview(registry, token, "plan", sheet(header, ("A plan", firm)))


def test_a_row_changes_neither_a_state_nor_what_is_hidden_closed_or_of_others(
    registry: Registry, firm: str, member: Actor, officer: Actor, national: Actor, sheet: Writer
) -> None:
    manager = Actor("MANAGER", grants=(Grant("manager", firm),))
    track = "cn-future-industries-2024/large-models"
    mine = create(registry, member, "plan", {"title": "Mine", "region": "CN-33", "track": track}).key
    closed = create(registry, member, "plan", {"title": "Closed", "region": "CN-33", "track": track}).key
    move(registry, member, closed, "submit", revision=1)
    public = create(
        registry, national, "plan", {"title": "Theirs", "region": "CN-44", "budget": "5 CNY", "track": track}
    )
    hidden = create(registry, national, "plan", {"title": "Hidden", "region": "CN-44"}).key
    Record.objects.filter(key=public.key).update(status="notice", audience=0)
    header = ("key", "revision", "status", "title_en", "budget")

    answer = import_file(
        registry, manager, "plan",
        sheet(
            header, (mine, "", "submitted", "Mine", ""), (mine, 7, "", "Mine", ""), (closed, "", "", "Other", ""),
            (public.key, "", "", "Theirs", "7 CNY"), (public.key, "", "", "Changed", ""), (hidden, "", "", "Seen", ""),
            ("x" * 26, "", "", "x", ""), (public.key, "", "notice", "Theirs", ""),
        ),
    )  # fmt: skip

    assert told(answer) == [
        (2, "status"), (3, "key"), (4, ""), (5, "budget"), (6, "key"), (7, "key"), (8, "key"), (9, "key"),
    ]  # fmt: skip
    one_by_one = [
        import_file(registry, manager, "plan", sheet(header, row))
        for row in (
            (mine, 7, "", "Mine", ""),
            (public.key, "", "", "Changed", ""),
            (public.key, "", "notice", "Theirs", ""),
        )
    ]
    assert [told(one) for one in one_by_one] == [[(2, "revision")], [(2, "")], []]
    assert "revision 1 by now, not 7" in str(one_by_one[0].rejections[0].error)
    assert counts(one_by_one[2]) == (0, 0, 1, 0)


def test_links_to_what_is_not_there_or_hidden_are_refused(
    registry: Registry, national: Actor, sheet: Writer
) -> None:
    answer = import_file(
        registry, national, "plan", sheet(("title_en", "organisation"), ("A", "0" * 26), ("B", "nonsense"))
    )

    assert told(answer) == [(2, "organisation"), (3, "organisation")]


def test_two_rows_about_one_record_are_refused(registry: Registry, national: Actor, sheet: Writer) -> None:
    answer = import_file(
        registry, national, "organisation", sheet(HEADER, FIRM, ("Twin", "", "company", "CN-33", USCC[1]))
    )

    assert (counts(answer), told(answer)) == ((1, 0, 0, 1), [(3, "uscc")])


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (("name_en", "nmae_zh"), "no column"), (("name_en", "Name (English)"), "two columns"),
        (("key",), "no column of a field"),
        (("name_en", ""), "no column"), (("name_en", "<script>alert(1)</script>"), "no column"),
        (("name_en", "=cmd|' /C calc'!A0"), "no column"),
    ],
)  # fmt: skip
def test_a_header_that_is_not_understood_stops_everything(
    registry: Registry, national: Actor, sheet: Writer, header: tuple[str, ...], said: str
) -> None:
    row = ["x"] * len(header)
    with pytest.raises(InputError, match=said):
        preview(
            registry,
            national,
            "organisation",
            sheet(
                (*header, "sort_of") if "" in header else header, [*row, "company"] if "" in header else row
            ),
        )


def test_files_that_are_too_large_or_no_tables_are_refused(
    registry: Registry, national: Actor, sheet: Writer, tmp_path: Path
) -> None:
    def refused(file: Path, limits: Limits | None = None) -> str:
        with pytest.raises(InputError) as caught:
            import_file(registry, national, "organisation", file, limits=limits)
        return str(caught.value)

    many = sheet(HEADER, *[FIRM] * 20)
    assert "more than 10 rows" in refused(many, Limits(rows=10))
    assert "bytes" in refused(many, Limits(bytes=100))
    assert "columns" in refused(many, Limits(columns=4))
    assert "empty" in refused(sheet(name="empty.csv"))
    assert "empty" in refused(sheet(("", ""), name="blank.csv"))
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b'name_en,sort_of\n"never closed,company\n')
    assert "line 2" in refused(broken)
    broken.write_bytes(b"\xff\xff\x80\x81\xfe")
    assert "cannot be read" in refused(broken)
    broken.write_bytes(b"PK\x03\x04 no zip at all")
    assert "workbook" in refused(broken)
    broken.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "old kind" in refused(broken)
    assert Record.objects.count() == 0


def test_a_cell_with_a_nul_or_a_formula_is_text_or_refused(
    registry: Registry, national: Actor, sheet: Writer
) -> None:
    answer = import_file(
        registry, national, "organisation",
        sheet(HEADER, ("a\x00b", "", "company", "CN-33", ""), ("'=1+1", "'@SUM(A1)", "company", "CN-33", "")),
        partly=True,
    )  # fmt: skip

    assert told(answer) == [(2, "")]
    assert Record.objects.get().body["name"] == {"en": "=1+1", "zh": "@SUM(A1)"}


def workbook(path: Path, *rows: Sequence[object]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def test_a_workbook_is_taken_in_like_a_csv_file(registry: Registry, national: Actor, tmp_path: Path) -> None:
    from datetime import date

    file = workbook(
        tmp_path / "firms.bin", (*HEADER, "founded_on", None), (*FIRM, date(2001, 2, 3), None), (None,) * 6,
        ("=1+1", None, "Company", "CN-33", None, "2002/3/4"),
    )  # fmt: skip

    done = import_file(registry, national, "organisation", file)

    assert counts(done) == (2, 0, 0, 0)
    assert [r.body["founded_on"] for r in Record.objects.order_by("pk")] == ["2001-02-03", "2002-03-04"]
    assert Record.objects.order_by("pk").last().title_en == "=1+1"  # type: ignore[union-attr]


def test_a_zip_bomb_and_entities_are_refused_unread(
    registry: Registry, national: Actor, tmp_path: Path
) -> None:
    good = workbook(tmp_path / "good.xlsx", HEADER, FIRM)
    bomb, entities = tmp_path / "bomb.xlsx", tmp_path / "entities.xlsx"
    with zipfile.ZipFile(good) as before:
        for path, extra in (
            (bomb, b"0" * 5_000_000),
            (entities, b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
                for name in before.namelist():
                    after.writestr(name, before.read(name))
                after.writestr("xl/more.xml", extra)

    for path, said in ((bomb, "unpacks to more"), (entities, "entities")):
        with pytest.raises(InputError, match=said):
            preview(registry, national, "organisation", path, limits=Limits(unpacked=1_000_000))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300)
    | st.text(
        st.sampled_from("name_en,sort_of;\t\"\n\r'=+-@\\ 公司company\x00key revision"), max_size=200
    ).map(str.encode)
    | st.binary(max_size=100).map(lambda b: b"name_en,sort_of\n" + b)
    | st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b)
)
def test_any_bytes_are_read_or_refused_and_preview_writes_nothing(
    registry: Registry, national: Actor, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "any.csv"
    file.write_bytes(content)

    try:
        counts(preview(registry, national, "organisation", file))
    except ForetrackError as error:
        assert error.what  # noqa: PT017 - an answer is as good as an error
    assert Record.objects.count() == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_cells_come_out_of_a_csv_file_as_they_went_in(tmp_path: Path, rows: list[list[str]]) -> None:
    from foretrack.foundation.spreadsheets import csv_text

    file = tmp_path / "cells.csv"
    file.write_text(
        csv_text(["a", "b"], [dict(zip("ab", row, strict=True)) for row in rows]),
        encoding="utf-8",
        newline="",
    )

    with open_sheet(file, lambda name: name in "ab") as sheet:
        read: list[Any] = list(sheet.rows)

    assert [cells for _, cells in read] == [row for row in rows if any(cell.strip() for cell in row)]

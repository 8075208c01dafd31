"""A table of enterprises in a browser: the template, the file that was sent, and the answers as page, CSV and JSON."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.domains.enterprises.actions.assessing import Assessed, assess_table, columns_of
from foretrack.domains.enterprises.blocks import Asked
from foretrack.domains.enterprises.changes import read_changes
from foretrack.domains.enterprises.doors.told import flat_columns, flat_row, problems_text, whole_json
from foretrack.domains.enterprises.doors.web.assessing import Crumb, asked_on_site, crumbs
from foretrack.domains.enterprises.doors.web.shown import STANDINGS, interval_text
from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import Sheet, csv_text, workbook
from foretrack.registry.actions.sheets import Limits
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 5_000
"""Rows that are answered while somebody waits; the command takes more."""
SHOWN = 200
"""Rows on the page; the files hold all of them."""
CSV_TYPE = "text/csv; charset=utf-8"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Cell:
    """One enterprise in one echelon."""

    standing: str
    standing_word: str
    points: str


@dataclass(frozen=True, slots=True)
class FirmLine:
    """One enterprise of the table."""

    row: int
    name: str
    level: str
    possible: str
    cells: tuple[Cell, ...]
    then: str
    problem: str


@dataclass(frozen=True)
class TablePage(Page):
    """The form, and the answers to a file that was sent."""

    template: ClassVar[str] = "enterprises/table.html"
    table: ClassVar[str] = "lines"

    crumbs: tuple[Crumb, ...]
    ladder: str
    title: str
    on: str
    in_force: bool
    template_csv: str
    template_excel: str
    echelons: tuple[str, ...]
    lines: tuple[FirmLine, ...]
    levels: tuple[tuple[str, int], ...]
    total: int
    rejected: int
    left_out: tuple[str, ...]
    what_if: str
    changed: bool
    problem: str


@require_safe
def table_template(request: Request, ladder: str) -> HttpResponse:
    """A file to fill in: `?format=xlsx` or `csv`."""
    asked = asked_on_site(request, ladder)
    headings = tuple(columns_of(asked.indicators, page_language()).values())
    if request.GET.get("format") == "xlsx":
        content = workbook([Sheet(asked.steps.ladder.id[:31], headings, [])])
        return _file(content, EXCEL_TYPE, f"{asked.steps.ladder.id}-template.xlsx")
    return _file(
        ("\ufeff" + csv_text(headings, [])).encode(), CSV_TYPE, f"{asked.steps.ladder.id}-template.csv"
    )


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def table_page(request: Request, ladder: str) -> HttpResponse:
    """The form; a file that is sent is answered on the page, or as the file that was asked for."""
    asked = asked_on_site(request, ladder)
    if request.method != "POST":
        return _page(request, asked, None, "")
    sent = request.FILES.get("file")
    try:
        found = assess_sent(asked, sent, request.POST.get("what-if", "").split())
    except InputError as error:
        return _page(request, asked, None, error.told(speak(page_language())))
    wanted = request.POST.get("as", "page")
    if wanted == "csv":
        rows = [flat_row(firm, speak(page_language())) for firm in found.firms]
        content = ("\ufeff" + csv_text(flat_columns(found), rows)).encode()
        return _file(content, CSV_TYPE, f"{asked.steps.ladder.id}.csv")
    if wanted == "json":
        answer = JsonResponse(
            whole_json(found, speak(page_language()), trace=False),
            json_dumps_params={"ensure_ascii": False},
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="{asked.steps.ladder.id}.json"'
        return answer
    return _page(request, asked, found, "")


def assess_sent(asked: Asked, sent: UploadedFile[bytes] | None, changes: list[str]) -> Assessed:
    """The answer to a file that was sent; nothing of it stays. InputError for none, or one that is too large."""
    if sent is None or sent.size is None:
        raise InputError.of("no file was sent", expected="a CSV or Excel file", do="choose one")
    if sent.size > MOST_BYTES:
        raise InputError.of(
            "the file has {n} bytes", expected="at most {most}", do="divide the file", n=sent.size, most=MOST_BYTES
        )  # fmt: skip
    read = read_changes(changes, asked.indicators)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        with path.open("wb") as file:
            for piece in sent.chunks():
                file.write(piece)
        return assess_table(path, asked, read, limits=Limits(bytes=MOST_BYTES, rows=MOST_ROWS))


def _page(request: Request, asked: Asked, found: Assessed | None, problem: str) -> HttpResponse:
    ladder, language = asked.steps.ladder, page_language()
    labels = {one.id: one.label.text(language) for one in ladder.echelons}
    lines = []
    for firm in found.firms[:SHOWN] if found else ():
        a, then = firm.answer, firm.then
        lines.append(
            FirmLine(
                firm.row, firm.name or firm.code,
                (labels[a.level] if a.level else say("none")) if a else "",
                labels[a.possible] if a and a.possible and a.possible != a.level else "",
                tuple(
                    Cell(one.standing, say(STANDINGS[one.standing]), interval_text(one.brief.score))
                    for one in (a.echelons if a else ())
                ),
                (labels[then.level] if then.level else say("none")) if then else "",
                problems_text(firm, speak(language)),
            )
        )  # fmt: skip
    day = f"?on={asked.steps.on}"
    return render(
        request,
        TablePage(
            crumbs=crumbs(), ladder=ladder.id, title=ladder.label.text(language), on=asked.steps.on,
            in_force=ladder.in_force(request.registry.now().date().isoformat()),
            template_csv=address("assess template", ladder.id) + day + "&format=csv",
            template_excel=address("assess template", ladder.id) + day + "&format=xlsx",
            echelons=tuple(labels.values()), lines=tuple(lines),
            levels=tuple(
                (labels.get(name, say("none")), n) for name, n in (found.levels().items() if found else ())
            ),
            total=len(found.firms) if found else 0,
            rejected=found.rejected() if found else 0,
            left_out=found.left_out if found else (), what_if=request.POST.get("what-if", "")[:300],
            changed=bool(found and found.changes), problem=problem,
        ),
        status=400 if problem else 200,
    )  # fmt: skip

"""Many records at once: files taken in with a preview, templates for them, and exports."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.http import HttpResponse, StreamingHttpResponse

from foretrack.api.resources.records import filter_parameters, filters_of
from foretrack.api.shapes import Prose, checked_size
from foretrack.registry.actions.exporting import MEDIA_TYPES, export
from foretrack.registry.actions.importing import import_file, preview
from foretrack.registry.actions.templates import csv_template, excel_template
from foretrack.registry.answers import ImportAnswer, Planned
from foretrack.registry.declaring.fields import Visibility
from foretrack.web.rendering import Request
from foretrack.web.routes import Routes, Upload
from foretrack.web.speech import page_language, speak

ROUTES = Routes("exchange", "Imports, templates and exports")


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong with a row of a file."""

    line: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came, or would come, of a file: read = created + updated + unchanged + rejected."""

    kind: str
    file_name: str
    sha256: str
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    written: bool
    """False for a preview, and where rows were rejected or nothing changed."""
    key: str | None
    planned: tuple[Planned, ...]
    rejections: tuple[Refused, ...]
    imported_before: str | None


def _told(answer: ImportAnswer) -> Taken:
    tell = speak(page_language())
    refused = tuple(Refused(one.line, one.field, one.error.told(tell)) for one in answer.rejections)
    return Taken(
        answer.kind, answer.file_name, answer.sha256, answer.read, answer.created, answer.updated, answer.unchanged,
        answer.rejected, answer.written, answer.key, answer.planned, refused, answer.imported_before,
    )  # fmt: skip


@contextmanager
def _on_disk(file: Upload) -> Iterator[Path]:
    """The file under a name of ours: what was sent is read like any other file."""
    checked_size(file)
    with tempfile.TemporaryDirectory(prefix="foretrack-import-") as folder:
        path = Path(folder) / "incoming"
        with path.open("wb") as kept:
            for piece in file.chunks():
                kept.write(piece)
        yield path


@ROUTES.post(
    "/records/{kind}/preview", "What an import of a file would change; nothing is written", answers=Taken,
    upload=True, safe=True,
)  # fmt: skip
def preview_import(
    request: Request, kind: str, file: Upload, visibility: Visibility = "public", again: bool = False
) -> Taken:
    with _on_disk(file) as path:
        return _told(
            preview(
                request.registry, request.actor, kind, path, file_name=str(file.name)[:200], visibility=visibility,
                again=again,
            )
        )  # fmt: skip


@ROUTES.post(
    "/records/{kind}/imports", "Take a file of records in: all rows, or none where one is wrong", answers=Taken,
    upload=True,
)  # fmt: skip
def import_records(
    request: Request, kind: str, file: Upload, visibility: Visibility = "public", partly: bool = False,
    again: bool = False, reason: Prose = "",
) -> Taken:  # fmt: skip
    with _on_disk(file) as path:
        return _told(
            import_file(
                request.registry, request.actor, kind, path, file_name=str(file.name)[:200], visibility=visibility,
                partly=partly, again=again, reason=reason,
            )
        )  # fmt: skip


@ROUTES.get(
    "/records/{kind}/template",
    "A file to fill in",
    answers=", ".join(MEDIA_TYPES[ending] for ending in ("csv", "xlsx")),
)
def import_template(request: Request, kind: str, format: Literal["csv", "xlsx"] = "csv") -> HttpResponse:
    declared, language = request.registry.kinds.get(kind), request.actor.language
    content = (
        b"\xef\xbb\xbf" + csv_template(declared, language).encode()
        if format == "csv"
        else excel_template(declared, language)
    )
    answer = HttpResponse(content, content_type=MEDIA_TYPES[format])
    answer.headers["Content-Disposition"] = f'attachment; filename="{declared.name}-template.{format}"'
    return answer


@ROUTES.get(
    "/records/{kind}/export", "export what the filters leave", answers=", ".join(MEDIA_TYPES.values()),
    query=filter_parameters, of_kind=True,
)  # fmt: skip
def export_records(
    request: Request, kind: str, format: Literal["csv", "json", "jsonl", "xlsx"] = "json"
) -> StreamingHttpResponse:
    pieces = export(request.registry, request.actor, kind, format, filters_of(request))
    first = next(pieces, b"")  # what is wrong with the question is said before the answer has begun

    def every() -> Iterator[bytes]:
        yield first
        yield from pieces

    answer = StreamingHttpResponse(every(), content_type=MEDIA_TYPES[format])
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.{format}"'
    return answer

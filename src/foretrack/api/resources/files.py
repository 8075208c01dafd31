"""Files of records: attached, handed out, taken off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.http import FileResponse
from pydantic import Field

from foretrack.api.shapes import Key, Name, Sha256, checked_size, record_of
from foretrack.registry.actions import attachments
from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Many, Routes, Upload, read_revision

ROUTES = Routes("files", "Files of records")


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that a record has."""

    field: str
    sha256: str
    name: str
    media_type: str
    size: int


@ROUTES.get("/records/{kind}/{key:key}/files", "The files of a record", answers=Many[FileLine])
def list_files(request: Request, kind: str, key: Key) -> Many[FileLine]:
    record_of(request, kind, key)
    held = attachments.files_of(request.registry, request.actor, key)
    return Many(tuple(FileLine(one.field, one.sha256, one.name, one.media_type, one.size) for one in held))


@ROUTES.post(
    "/records/{kind}/{key:key}/files",
    "Attach a file",
    answers=RecordPage,
    status=201,
    upload=True,
    locked=True,
)
def attach_file(request: Request, kind: str, key: Key, field: Name, file: Upload) -> Answer:
    record_of(request, kind, key)
    content = checked_size(file)
    made = attachments.attach(
        request.registry, request.actor, key, field, content, str(file.name), revision=read_revision(request)
    )
    return Answer(made, revision=made.revision)


@ROUTES.get("/records/{kind}/{key:key}/files/{sha256}", "Download a file", answers="application/octet-stream")
def download_file(request: Request, kind: str, key: Key, sha256: Sha256) -> FileResponse:
    record_of(request, kind, key)
    with named_in_address():
        one = attachments.read(request.registry, request.actor, key, sha256)
    # The action says under which headers nothing in the file can run in the site's name.
    return FileResponse(open(one.path, "rb"), headers={**one.headers, "ETag": f'"{one.sha256}"'})


@ROUTES.delete(
    "/records/{kind}/{key:key}/files/{sha256}", "Take a file off a record", answers=RecordPage, locked=True
)
def detach_file(
    request: Request, kind: str, key: Key, sha256: Sha256, field: Annotated[str, Field(max_length=80)]
) -> Answer:
    record_of(request, kind, key)
    left = attachments.detach(
        request.registry, request.actor, key, field, sha256, revision=read_revision(request)
    )
    return Answer(left, revision=left.revision)

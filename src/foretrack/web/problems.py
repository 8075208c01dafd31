"""Errors for programs: problem details (RFC 9457) with the code of the error, in the reader's language."""

from __future__ import annotations

import json

from django.http import HttpResponse

from foretrack.foundation.errors import (
    EvidenceError,
    ForetrackError,
    HouseError,
    InputError,
    NotThereError,
    OutsideError,
    SourceError,
)
from foretrack.foundation.sentences import Say
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.declaring.bodies import InvalidRecord

MEDIA_TYPE = "application/problem+json"


class UnreadRevisionError(InputError):
    """A change of something that one has to have read, without saying which revision was read."""


class MediaTypeError(InputError):
    """A body of a sort that an address does not take."""


class TooLargeError(InputError):
    """A body that is larger than an address takes."""


CODES: tuple[tuple[type[ForetrackError], int, str], ...] = (
    (NotThereError, 404, "not-there"),
    (ConflictError, 409, "conflict"),
    (AccessError, 403, "not-allowed"),
    (UnreadRevisionError, 428, "revision-needed"),
    (MediaTypeError, 415, "media-type"),
    (TooLargeError, 413, "too-large"),
    (InputError, 400, "input"),
    (SourceError, 400, "source"),  # on the site, a source is a file that somebody gave
    (EvidenceError, 409, "evidence"),
    (OutsideError, 503, "outside"),
    (HouseError, 500, "bug"),
)
"""Error to status of HTTP and code; the first that fits."""


def status_of(error: ForetrackError) -> int:
    """The status of HTTP that tells the same as the error; 401 where logging in may help."""
    if isinstance(error, AccessError) and not error.known:
        return 401
    return next((status for kind, status, _ in CODES if isinstance(error, kind)), 500)


def code_of(error: ForetrackError) -> str:
    """The code that programs tell errors apart by."""
    if isinstance(error, AccessError) and not error.known:
        return "log-in"
    return next((code for kind, _, code in CODES if isinstance(error, kind)), "bug")


def problem(
    status: int, code: str, what: str, *, expected: str = "", do: str = "", **more: object
) -> HttpResponse:
    """An answer that says what happened, what was expected and what to do.

    Args:
        code: stable, for programs.
        more: further members, such as the errors of single fields.
    """
    told = {"type": f"urn:foretrack:problem:{code}", "title": what, "status": status, "code": code}
    told |= {name: text for name, text in (("expected", expected), ("do", do)) if text} | more
    response = HttpResponse(json.dumps(told, ensure_ascii=False), content_type=MEDIA_TYPE, status=status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


def problem_about(error: ForetrackError, say: Say) -> HttpResponse:
    """The problem details of an error; a bug's own text stays in the log.

    A body of which fields are wrong has `errors`, one for each: `{"field": "title", "message": "..."}`.
    """
    if isinstance(error, HouseError):
        return problem(500, "bug", say("this is a bug of ours; it was written into the log"))
    what, expected, do = error.parts(say)
    if isinstance(error, InvalidRecord):
        errors = [{"field": one.field, "message": one.error.told(say)} for one in error.problems]
        return problem(422, "fields", what, expected=expected, do=do, errors=errors)
    return problem(status_of(error), code_of(error), what, expected=expected, do=do)

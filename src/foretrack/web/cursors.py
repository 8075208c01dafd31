"""Where a list goes on: a signed text that only we can make, bound to the question that it belongs to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest
from pydantic import Field

from foretrack.foundation.errors import InputError

SALT = "foretrack.web.cursor"
CURSOR, LIMIT = "cursor", "limit"
MOST = 200
"""Entries of one part of a list."""

Limit: TypeAlias = Annotated[int, Field(ge=1, le=MOST)]
Cursor: TypeAlias = Annotated[str, Field(max_length=2000)]
"""Empty: at the beginning."""


def next_address(request: HttpRequest, position: Sequence[Any] | None) -> str | None:
    """The address of the next part of a list; None where nothing follows.

    Args:
        position: what the list needs to go on, as JSON values.
    """
    if position is None:
        return None
    query = request.GET.copy()
    text = signing.dumps({"at": list(position), "of": _question(request)}, salt=SALT, compress=True)
    query[CURSOR] = text
    return request.build_absolute_uri(f"{request.path}?{urlencode(list(query.lists()), doseq=True)}")


def position_of(request: HttpRequest, cursor: str) -> list[Any] | None:
    """What a cursor holds; None for the beginning. InputError for one that was made by others or for another question."""
    if not cursor:
        return None
    wrong = InputError.of(
        "the cursor {found!r} is not of this list", expected="the one in `next` of the part before, unchanged",
        do="begin the list anew without a cursor", found=cursor[:20],
    )  # fmt: skip
    try:
        held = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, UnicodeError) as error:
        raise wrong from error
    if held.get("of") != _question(request):
        raise wrong
    at = held["at"]
    return list(at)


def _question(request: HttpRequest) -> str:
    """What is asked, whatever part of the answer is wanted."""
    asked = sorted((name, values) for name, values in request.GET.lists() if name not in (CURSOR, LIMIT))
    return hashlib.sha256(json.dumps([request.path, asked]).encode()).hexdigest()[:16]

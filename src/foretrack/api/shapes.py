"""What several resources take: texts of a length, days, keys, and text in two languages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, BinaryIO, TypeAlias

from pydantic import Field

from foretrack.foundation.errors import NotThereError
from foretrack.registry.actions.records import show
from foretrack.registry.answers import RecordPage
from foretrack.web.problems import TooLargeError
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Upload

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=120)]
Text: TypeAlias = Annotated[str, Field(max_length=500)]
Prose: TypeAlias = Annotated[str, Field(max_length=5000)]
Number: TypeAlias = Annotated[int, Field(ge=1, le=2**31 - 1)]
Revision: TypeAlias = Annotated[int, Field(ge=1, le=999_999_999)]
Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Day: TypeAlias = Annotated[date, Field(strict=False)]
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Values: TypeAlias = dict[str, Any]
"""Field to value; which fields there are and what they take, the kind declares."""

MOST_FILE = 20 * 1024 * 1024


class Both(Given):
    """Text in English, in Chinese, or in both."""

    en: Prose = ""
    zh: Prose = ""

    def given(self) -> dict[str, str]:
        """Language to text, of those that were given."""
        return {name: text for name, text in (("en", self.en), ("zh", self.zh)) if text}


def record_of(request: Request, kind: str, key: str) -> RecordPage:
    """The record with a key, as the asker may see it; NotThereError where it is of another kind."""
    declared = request.registry.kinds.get(kind)
    page = show(request.registry, request.actor, key)
    if page.kind != declared.name:
        raise NotThereError.of(
            "there is no record {key!r} of the kind {kind}", expected="the key of one that you may see",
            do="look for it in the list of its kind", key=key, kind=declared.name,
        )  # fmt: skip
    return page


def record_address(page: RecordPage) -> str:
    """Where a record is."""
    return f"/api/v1/records/{page.kind}/{page.key}"


def checked_size(file: Upload) -> BinaryIO:
    """The content of a file that was sent; TooLargeError for one that is too long."""
    if (file.size or 0) > MOST_FILE:
        raise TooLargeError.of(
            "the file has {n} bytes", expected="at most {most}",
            do="split it, or use `foretrack record import` on the machine itself", n=file.size or 0, most=MOST_FILE,
        )  # fmt: skip
    content: BinaryIO = file  # type: ignore[assignment]  # reads and seeks like any other
    return content

"""What several resources take: texts of a length, days, keys, and text in two languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, TypeAlias

from pydantic import Field

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.web.routes import Given

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=120)]
Text: TypeAlias = Annotated[str, Field(max_length=500)]
Prose: TypeAlias = Annotated[str, Field(max_length=5000)]
Number: TypeAlias = Annotated[int, Field(ge=1, le=2**31 - 1)]
Revision: TypeAlias = Annotated[int, Field(ge=1, le=999_999_999)]
Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Day: TypeAlias = Annotated[date, Field(strict=False)]
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Both(Given):
    """Text in English, in Chinese, or in both."""

    en: Prose = ""
    zh: Prose = ""

    def given(self) -> dict[str, str]:
        """Language to text, of those that were given."""
        return {name: text for name, text in (("en", self.en), ("zh", self.zh)) if text}


@contextmanager
def found() -> Iterator[None]:
    """What an action says of a name that does not exist becomes 404, where the name stands in the address."""
    try:
        yield
    except NotThereError:
        raise
    except InputError as error:
        what, expected, do = error.sentences
        raise NotThereError.said(what, expected=expected, do=do) from error

"""A tool as it is declared: what it asks, what it answers, and what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from foretrack.assistants.desk import Desk


class Question(BaseModel):
    """The arguments of a tool; an argument that it has not is an error and no guess."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=20_000)


Answerer: TypeAlias = Callable[[Desk, Any], Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool."""

    name: str
    about: str
    """What it answers, in one or two sentences, for an assistant that has to choose."""
    question: type[Question]
    answer: Answerer
    """From the question to an answer: a dataclass of an action, or JSON values."""
    shape: Any = None
    """The type of the answer, from which its schema follows; None where it is declared elsewhere (kinds, packs)."""
    scope: str = ""
    """The scope that a token needs for it; empty for a tool that only reads."""
    destructive: bool = False
    """Whether it may change or end what is there, rather than add to it."""
    idempotent: bool = False

    @property
    def reads(self) -> bool:
        return not self.scope


AsOfYear = Annotated[
    int | None,
    Field(ge=1000, le=9999, description="The year whose knowledge is used; the newest scan if not given."),
]
ScanName = Annotated[
    str | None, Field(max_length=200, description="A stored scan by its name, instead of a year.")
]
Offset = Annotated[int, Field(ge=0, le=100_000, description="Leave out so many entries.")]

"""How CORDIS files are recognised: the projects, and the tables beside them that are no documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from foretrack.foundation.errors import InputError
from foretrack.sources.kit.connector import Sample
from foretrack.sources.kit.tables import header_in

_PROJECT = {"title", "objective", "ecmaxcontribution"}
_BESIDE = {
    "organisationid": "the organisations of projects",
    "euroscivoccode": "the fields of science of projects",
    "legalbasis": "the legal bases of projects",
    "topic": "the topics of projects",
    "physurl": "the web links of projects",
}


def is_header(names: Sequence[str]) -> bool:
    """Whether folded column names are those of the table of projects, of any framework programme."""
    return set(names) >= _PROJECT


def beside(names: Collection[str]) -> str | None:
    """What a table of CORDIS beside the projects holds, by its folded column names; None if it is none."""
    if "projectid" not in names or "objective" in names:
        return None
    return next((what for column, what in _BESIDE.items() if column in names), None)


def refuse_beside(file_name: str, names: Collection[str]) -> None:
    """Raises InputError for a table of CORDIS that holds no documents."""
    what = beside(names)
    if what:
        raise InputError(
            f"{file_name} holds {what}, no documents",
            expected="the file of the projects themselves, with title and objective",
            do="ingest project.csv or project.json of the same download",
        )


def json_names(text: str) -> set[str]:
    """The member names in JSON text, lower case."""
    return {name.lower() for name in re.findall(r'"(\w+)"\s*:', text)}


def detect_csv(sample: Sample) -> float:
    """.95 for the table of projects, .9 for a table beside it, so that its error can say what it is."""
    if sample.text is None:
        return 0.0
    if header_in(sample.text, is_header):
        return 0.95
    return 0.9 if header_in(sample.text, lambda names: beside(names) is not None) else 0.0


def detect_json(sample: Sample) -> float:
    """.95 for projects as JSON, .9 for what lies beside them."""
    text = (sample.text or "").lstrip("\ufeff \t\n")
    if not text.startswith(("{", "[")):
        return 0.0
    names = json_names(text)
    if names >= _PROJECT:
        return 0.95
    return 0.9 if beside(names) else 0.0


def detect_xml(sample: Sample) -> float:
    """1 for a project element in the namespace of CORDIS."""
    text = sample.text or ""
    return 1.0 if re.search(r"<project\b[^>]*cordis\.europa\.eu", text) else 0.0

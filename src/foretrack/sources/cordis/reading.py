"""Projects of CORDIS as documents; the amount is the EU's contribution, the date is the start."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.cordis.detection import is_header, refuse_beside
from foretrack.sources.kit.building import country_code, split_list, try_document
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.figures import amount_or_none
from foretrack.sources.kit.jsonstream import json_records
from foretrack.sources.kit.markup import child, elements, local_name, text_of
from foretrack.sources.kit.tables import Record, csv_records, delimiter_of, first_rows, folded

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_EXPECTED = "the columns id, title, objective, startDate, ecMaxContribution"


def parse_csv(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every project of project.csv. InputError for organization.csv and the other tables beside it."""
    for _, line in islice(file.lines(), 1):
        for names in first_rows(line, delimiter_of(line), 1):
            refuse_beside(file.name, [folded(name) for name in names])
    for record in csv_records(file, is_header, _EXPECTED):
        yield record if isinstance(record, Rejected) else _parsed(record)


def parse_json(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every project of project.json. InputError for organization.json and the other files beside it."""
    first = True
    for found in json_records(file, [("projects",), ("results",)]):
        if isinstance(found, Rejected):
            yield found
            continue
        position, project = found
        cells = {folded(name): "" if value is None else str(value) for name, value in project.items()}
        if first:
            refuse_beside(file.name, cells.keys())
            first = False
        yield _parsed(Record(position, cells))


def parse_xml(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every <project> of a file, with its organisations."""
    for line, project in elements(file, ["project"]):
        cells = {folded(local_name(part)): text_of(part) or "" for part in project if len(part) == 0}
        cells["grantdoi"] = text_of(child(project, "identifiers", "grantDoi")) or ""
        organisations = [
            Organisation(name, country=_country(text_of(child(place, "address", "country"))))
            for place in project.iter("{*}organization")
            if (name := text_of(child(place, "legalName")))
        ]
        yield _parsed(Record(f"line {line}", cells), organisations)


def _parsed(record: Record, organisations: list[Organisation] | None = None) -> Parsed | Rejected:
    number = record.get("id", "reference", "rcn")
    programme = record.get("legalbasis", "programme")
    classes = [f"eu-programme:{code}" for code in split_list(programme)]
    classes += [f"eu-topic:{code}" for code in split_list(record.get("topics"))]
    rcn = record.get("rcn")
    return try_document(
        record.position,
        raw=record.excerpt(),
        kind="project",
        source="cordis",
        source_id=number,
        title=record.get("title"),
        # Projects that were signed and never begun have no start.
        published=record.get("startdate", "ecsignaturedate"),
        abstract=record.get("objective"),
        language=record.get("language"),
        keywords=split_list(record.get("keywords"), ",;"),
        doi=record.get("grantdoi"),
        ids=(f"cordis-rcn:{rcn}",) if rcn and rcn != number else (),
        subtype=record.get("fundingscheme"),
        organisations=organisations if organisations is not None else _old_columns(record),
        classes=classes,
        funding=amount_or_none(record.get("ecmaxcontribution")),
        currency="EUR",
        funder="European Commission",
        updated=record.get("contentupdatedate"),
        url=record.get("projecturl"),
    )


def _old_columns(record: Record) -> list[Organisation]:
    """Coordinator and participants, which tables up to 2021 name in the row of the project."""
    found: list[Organisation] = []
    for names, countries in (("coordinator", "coordinatorcountry"), ("participants", "participantcountries")):
        named = [name.strip() for name in record.get(names).split(";") if name.strip()]
        placed: list[str | None] = [code.strip() for code in record.get(countries).split(";")]
        # The list of countries is without repeats in some years and then does not pair.
        paired = placed if len(placed) == len(named) else [None] * len(named)
        found += [
            Organisation(name, country=_country(code)) for name, code in zip(named, paired, strict=True)
        ]
    return found


def _country(code: Any) -> str | None:
    """The EU writes EL for Greece."""
    return "GR" if code == "EL" else country_code(code)

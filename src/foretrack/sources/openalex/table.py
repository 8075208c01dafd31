"""The CSV export of the OpenAlex website, in its dotted (2024-) and underscored (2023) column names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import split_list, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.jsonstream import load
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import Record, csv_rows, header_in, named_rows
from foretrack.sources.openalex.works import abstract_of, kind_of, short_id


def _is_header(names: Sequence[str]) -> bool:
    plain = {name.replace(".", "_") for name in names}
    signs = sum(
        any(name.startswith(sign) for name in plain)
        for sign in ("authorships_", "primary_location_", "cited_by_api_url", "author_institution_names")
    )
    return {"id", "publication_year"} <= plain and signs >= 2


def detect_csv(sample: Sample) -> float:
    """.9 with the export's column names."""
    return 0.9 if sample.text and header_in(sample.text, _is_header) else 0.0


def parse_csv(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every row of the export as a document."""
    rows = named_rows(
        csv_rows(file, ","),
        is_header=_is_header,
        file_name=file.name,
        expected="the columns id, publication_year and authorships... of the OpenAlex export",
    )
    for row in rows:
        yield row if isinstance(row, Rejected) else _document(row)


def _document(row: Record) -> Parsed | Rejected:
    def cell(*names: str) -> str | None:
        spellings = [spelling for name in names for spelling in (name, _dotted.get(name, name))]
        return row.get(*spellings) or None

    def cells(*names: str) -> tuple[str, ...]:
        return split_list(cell(*names), "|")

    return try_document(
        row.position,
        raw=row.excerpt(),
        kind=kind_of(cell("type")),
        source="openalex",
        source_id=short_id(cell("id")),
        title=cell("title", "display_name"),
        published=cell("publication_date", "publication_year"),
        abstract=_abstract(cell("abstract", "abstract_inverted_index")),
        language=cell("language"),
        keywords=cells("keywords_display_name", "keywords_keyword"),
        doi=cell("doi", "ids_doi"),
        ids=[f"pmid:{p.rstrip('/').rsplit('/', 1)[-1]}" for p in cells("ids_pmid", "pmid")],
        subtype=cell("type"),
        authors=(
            cell("authorships_author_display_name", "author_names", "authorships_raw_author_name") or ""
        ).split("|"),
        organisations=cells("authorships_institutions_display_name", "author_institution_names"),
        countries=cells("authorships_countries", "authorships_institutions_country_code"),
        venue=cell("primary_location_source_display_name", "primary_location_display_name"),
        publisher=cell("primary_location_source_host_organization_name"),
        classes=[
            *(f"openalex-topic:{short_id(t)}" for t in cells("topics_id", "primary_topic_id") if short_id(t)),
            *(f"openalex-concept:{short_id(c)}" for c in cells("concepts_id", "concept_ids") if short_id(c)),
        ],
        references=[f"openalex:{short_id(r)}" for r in cells("referenced_works") if short_id(r)],
        cited_by=cell("cited_by_count"),
        status="retracted" if (cell("is_retracted") or "").lower() == "true" else "active",
        updated=cell("updated_date"),
        url=cell("primary_location_landing_page_url"),
        licence=cell("primary_location_license"),
    )


def _abstract(text: str | None) -> str | None:
    if text and text.startswith("{"):
        try:
            return abstract_of(load(text))
        except ValueError:
            return None
    return text


_dotted = {
    name.replace(".", "_"): name
    for name in (
        "keywords.display_name",
        "keywords.keyword",
        "ids.doi",
        "ids.pmid",
        "authorships.author.display_name",
        "authorships.raw_author_name",
        "authorships.institutions.display_name",
        "authorships.countries",
        "authorships.institutions.country_code",
        "primary_location.source.display_name",
        "primary_location.source.host_organization_name",
        "primary_location.landing_page_url",
        "primary_location.license",
        "topics.id",
        "primary_topic.id",
        "concepts.id",
    )
}

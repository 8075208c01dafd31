"""OpenAlex works in JSON: an API page, one work, a list, or one work a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from foretrack.records.document import Kind, Organisation, Parsed, Rejected
from foretrack.sources.kit.building import try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.jsonstream import at, items, json_records, objects, text_in
from foretrack.sources.kit.opening import OpenedFile

_WORK = re.compile(r'"id"\s*:\s*"(?:https?:\\?/\\?/openalex\.org\\?/)W\d+"')
_ID = re.compile(r"[A-Z][0-9]+")


def detect_json(sample: Sample) -> float:
    """.95 with the identifier of a work, .9 with field names that only OpenAlex has."""
    text = (sample.text or "").lstrip()
    if not text.startswith(("{", "[")):
        return 0.0
    if _WORK.search(text):
        return 0.95
    return 0.9 if '"abstract_inverted_index"' in text and '"authorships"' in text else 0.0


def parse_json(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every work of the file as a document."""
    for entry in json_records(file, [("results",)]):
        if isinstance(entry, Rejected):
            yield entry
        else:
            position, work = entry
            yield document_of(position, work)


def document_of(position: str, work: dict[str, Any]) -> Parsed | Rejected:
    """The document of one work as the API and the snapshot give it."""
    authorships = objects(work.get("authorships"))
    institutions = [i for a in authorships for i in objects(a.get("institutions"))]
    return try_document(
        position,
        raw=work,
        kind=kind_of(work.get("type")),
        source="openalex",
        source_id=short_id(work.get("id")),
        title=work.get("title") or work.get("display_name"),
        published=work.get("publication_date") or work.get("publication_year"),
        abstract=work.get("abstract") or abstract_of(work.get("abstract_inverted_index")),
        language=work.get("language"),
        keywords=[k.get("display_name") or k.get("keyword") for k in objects(work.get("keywords"))],
        doi=work.get("doi") or at(work, "ids", "doi"),
        ids=_other_ids(work),
        subtype=work.get("type"),
        authors=[at(a, "author", "display_name") or a.get("raw_author_name") for a in authorships],
        organisations=[
            Organisation(
                name=text_in(i, "display_name") or "",
                country=text_in(i, "country_code"),
                id=_ror(i.get("ror")),
            )
            for i in institutions
        ],
        countries=[c for a in authorships for c in items(a.get("countries")) if isinstance(c, str)],
        venue=at(work, "primary_location", "source", "display_name")
        or at(work, "host_venue", "display_name"),
        publisher=at(work, "primary_location", "source", "host_organization_name")
        or at(work, "host_venue", "publisher"),
        classes=_classes(work),
        references=[f"openalex:{ref}" for r in items(work.get("referenced_works")) if (ref := short_id(r))],
        cited_by=work.get("cited_by_count"),
        cited_by_year=[(c.get("year"), c.get("cited_by_count")) for c in objects(work.get("counts_by_year"))],
        status="retracted" if work.get("is_retracted") is True else "active",
        updated=work.get("updated_date"),
        url=at(work, "primary_location", "landing_page_url"),
        licence=at(work, "primary_location", "license"),
    )


def kind_of(type_: object) -> Kind:
    """The kind of an OpenAlex work type.

    >>> kind_of("standard"), kind_of("article")
    ('standard', 'paper')
    """
    return "standard" if type_ == "standard" else "paper"


def short_id(value: object) -> str:
    """The bare identifier in an OpenAlex address, "" if there is none.

    >>> short_id("https://openalex.org/W2741809807"), short_id(None)
    ('W2741809807', '')
    """
    if not isinstance(value, str):
        return ""
    last = value.strip().rpartition("/")[2]
    return last if _ID.fullmatch(last) else ""


def abstract_of(inverted: object) -> str | None:
    """The abstract in its own word order from OpenAlex's inverted index (word -> positions).

    >>> abstract_of({"robots": [1, 3], "Soft": [0], "for": [2]})
    'Soft robots for robots'
    """
    if not isinstance(inverted, dict):
        return None
    placed = [
        (position, word)
        for word, positions in inverted.items()
        for position in items(positions)
        if isinstance(position, int)
    ]
    return " ".join(word for _, word in sorted(placed, key=lambda pair: pair[0])) or None


def _ror(value: object) -> str | None:
    return f"ror:{value.rsplit('/', 1)[-1]}" if isinstance(value, str) and value else None


def _other_ids(work: dict[str, Any]) -> list[str]:
    found = []
    for name in ("pmid", "pmcid", "mag"):
        value = at(work, "ids", name)
        if isinstance(value, str | int) and str(value):
            found.append(f"{name}:{str(value).rstrip('/').rsplit('/', 1)[-1]}")
    arxiv = re.search(r"arxiv\.org/abs/([\w.-]+/?\d+)", str(at(work, "primary_location", "landing_page_url")))
    if arxiv:
        found.append(f"arxiv:{re.sub(r'v[0-9]+$', '', arxiv.group(1))}")
    return found


def _classes(work: dict[str, Any]) -> list[str]:
    topics = objects(work.get("topics")) or objects([work.get("primary_topic")])
    concepts = objects(work.get("concepts"))
    return [
        *(f"openalex-topic:{code}" for topic in topics if (code := short_id(topic.get("id")))),
        *(f"openalex-concept:{code}" for concept in concepts if (code := short_id(concept.get("id")))),
    ]

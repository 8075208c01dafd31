"""The MEDLINE tagged format: `PMID- 123`, continuation lines indented by six spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.addresses import country_in, organisations_in
from foretrack.sources.kit.building import reject, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile

_TAG = re.compile(r"^([A-Z][A-Z0-9]{1,3}) *- ?(.*)$")
_PMID = re.compile(r"^PMID *- ?\d+\s*$", re.MULTILINE)
Fields = dict[str, list[str]]


def detect_nbib(sample: Sample) -> float:
    """.95 with a `PMID- ` line and other tags of the format."""
    text = sample.text or ""
    if not _PMID.search(text):
        return 0.0
    return 0.95 if re.search(r"^(?:TI|DP|OWN|STAT|JT) *- ", text, re.MULTILINE) else 0.6


def parse_nbib(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every citation of the file; a new one begins at each `PMID- `."""
    start, fields, tag = 0, Fields(), ""
    for number, line in file.lines():
        match = _TAG.match(line)
        if match and match.group(1) == "PMID" and fields:
            yield _document(start, fields)
            fields, tag = Fields(), ""
        if match:
            if not fields:
                start = number
            tag = match.group(1)
            fields.setdefault(tag, []).append(match.group(2).strip())
        elif line.strip():
            if not tag:
                yield reject(
                    f"line {number}", "text before the first tag; expected a line like `PMID- 123`", line
                )
            else:
                fields[tag][-1] += " " + line.strip()
    if fields:
        yield _document(start, fields)


def _document(start: int, fields: Fields) -> Parsed | Rejected:
    def first(*tags: str) -> str | None:
        return next((fields[tag][0] for tag in tags if fields.get(tag)), None)

    types = [value.lower() for value in fields.get("PT", [])]
    pmid = (first("PMID") or "").strip()
    title = first("TI", "BTI")
    vernacular = first("TT")
    # A title in brackets is the translation of a title that is not English.
    translated = bool(title and title.startswith("["))
    other_abstract = first("OAB")
    languages = fields.get("LA", [])
    foreign = next((tag for tag in languages if tag != "eng"), None)
    return try_document(
        f"line {start}",
        raw=" ".join(f"{tag}- {values[0]}" for tag, values in list(fields.items())[:8]),
        kind="paper",
        source="pubmed",
        source_id=pmid,
        # A title in brackets is the translation of a title that is not English.
        title=printed_title(title),
        published=first("DP", "DEP", "EDAT"),
        abstract=first("AB"),
        language="en" if translated else next(iter(languages), None),
        keywords=[value.removeprefix("*") for value in fields.get("OT", [])],
        alt_language=first("OABL") or (foreign if vernacular else None),
        alt_title=vernacular,
        alt_abstract=other_abstract,
        doi=_identifier(fields, "doi"),
        ids=[f"pmid:{pmid}" if pmid else None, *(f"pmcid:{value}" for value in fields.get("PMC", []))],
        subtype=_subtype(types),
        authors=fields.get("FAU") or [*fields.get("AU", []), *fields.get("CN", [])],
        venue=first("JT", "TA"),
        classes=[f"mesh:{value.split('/')[0].lstrip('*')}" for value in fields.get("MH", [])],
        status="retracted" if "retracted publication" in types or "RIN" in fields else "active",
        updated=first("LR"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdecimal() else None,
        organisations=organisations_in(fields.get("AD", [])),
        countries=[country_in(one) for address in fields.get("AD", []) for one in address.split(";")],
    )


def _identifier(fields: Fields, kind: str) -> str | None:
    for value in [*fields.get("LID", []), *fields.get("AID", [])]:
        if value.endswith(f"[{kind}]"):
            return value.removesuffix(f"[{kind}]").strip()
    return None


def _subtype(types: list[str]) -> str | None:
    """The most telling publication type: `journal article` says less than `review`."""
    telling = [t for t in types if not t.startswith(("journal article", "research support"))]
    return next(iter(telling or types), None)


def printed_title(title: str | None) -> str | None:
    """A title as the article prints it: PubMed adds a full stop, and brackets around translations.

    >>> printed_title("[Quiet engines]."), printed_title("Quiet engines."), printed_title("Why?")
    ('Quiet engines', 'Quiet engines', 'Why?')
    """
    if title is None:
        return None
    bare = title.strip().removesuffix(".")
    return bare[1:-1] if bare.startswith("[") and bare.endswith("]") else bare

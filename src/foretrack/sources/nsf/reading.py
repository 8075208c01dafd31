"""Awards of the NSF as projects; the amount is what was obligated to date, the date is the start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.kit.building import country_code, split_list, try_document, unique
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.figures import american_date, amount_or_none
from foretrack.sources.kit.jsonstream import at, json_records, objects
from foretrack.sources.kit.markup import child, children, elements, raw_excerpt, text_of
from foretrack.sources.kit.tables import Record, csv_records
from foretrack.sources.nsf.detection import is_header

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_EXPECTED = "the columns AwardNumber, Title, NSFOrganization, StartDate"
_STATUTORY = re.compile(
    r"\s*This award reflects NSF.?s statutory mission and has been deemed worthy of support through "
    r"evaluation using the Foundation.?s intellectual merit and broader impacts review criteria\.?",
)
_EMAIL = re.compile(r"\s*\S+@\S+|\s*\(.*?\)")


def parse_csv(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every award of the award search's export."""
    for record in csv_records(file, is_header, _EXPECTED):
        yield record if isinstance(record, Rejected) else _from_row(record)


def parse_xml(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every <Award> of a file."""
    for number, (line, award) in enumerate(elements(file, ["Award"]), start=1):
        yield _from_element(f"record {number} (line {line})", award)


def parse_json(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every award of an API answer (`response.award`) or of a yearly download."""
    for found in json_records(file, [("response", "award"), ("award",)]):
        if isinstance(found, Rejected):
            yield found
        elif "awd_id" in found[1]:
            yield _from_download(*found)
        else:
            yield _from_api(*found)


def _project(position: str, raw: object, number: str, **fields: Any) -> Parsed | Rejected:
    abstract = fields.pop("abstract", None)
    fields["funding"] = amount_or_none(fields.get("funding"))
    for name in ("published", "updated"):
        fields[name] = american_date(str(fields.get(name) or ""))
    return try_document(
        position,
        raw=raw,
        kind="project",
        source="nsf",
        source_id=number,
        # Every abstract since 2018 ends with this sentence of the law, which is nobody's topic.
        abstract=_STATUTORY.sub("", abstract) if abstract else None,
        language="en",
        currency="USD",
        funder="US National Science Foundation",
        url=f"https://www.nsf.gov/awardsearch/showAward?AWD_ID={number}" if number.isalnum() else None,
        **fields,
    )


def _from_row(record: Record) -> Parsed | Rejected:
    name = record.get("organization")
    state = record.get("organizationstate", "state")
    leaders = (record.get("principalinvestigator"), *record.get("co-piname(s)").split(","))
    return _project(
        record.position,
        record.excerpt(),
        record.get("awardnumber"),
        title=record.get("title"),
        published=record.get("startdate"),
        updated=record.get("lastamendmentdate"),
        abstract=record.get("abstract"),
        subtype=record.get("awardinstrument"),
        authors=unique(_EMAIL.sub("", leader).strip() for leader in leaders),
        organisations=[Organisation(name, country="US" if state else None)] if name else [],
        classes=_programmes(record.get("programelementcode(s)")),
        funding=record.get("awardedamounttodate"),
    )


def _from_element(position: str, award: Any) -> Parsed | Rejected:
    def text(*path: str) -> str:
        return text_of(child(award, *path)) or ""

    people = [
        text_of(child(person, "PI_FULL_NAME"))
        or " ".join(filter(None, (text_of(child(person, part)) for part in ("FirstName", "LastName"))))
        for person in children(award, "Investigator")
    ]
    homes = [
        Organisation(name, country=country_code(text_of(child(place, "CountryName"))))
        for place in children(award, "Institution")
        if (name := text_of(child(place, "Name")))
    ]
    codes = " ".join(text_of(code) or "" for code in children(award, "ProgramElement", "Code"))
    return _project(
        position,
        raw_excerpt(award),
        text("AwardID"),
        title=text("AwardTitle"),
        published=text("AwardEffectiveDate"),
        updated=text("MaxAmdLetterDate"),
        abstract=text("AbstractNarration"),
        subtype=text("AwardInstrument", "Value"),
        authors=unique(people),
        organisations=homes,
        classes=_programmes(codes),
        funding=text("AwardAmount") or text("AwardTotalIntnAmount"),
    )


def _from_api(position: str, award: dict[str, Any]) -> Parsed | Rejected:
    name = award.get("awardeeName")
    first = " ".join(str(award[key]) for key in ("piFirstName", "piLastName") if award.get(key))
    country = country_code(award.get("awardeeCountryCode")) or (
        "US" if award.get("awardeeStateCode") else None
    )
    others = split_list(award.get("coPDPI"), ";")
    return _project(
        position,
        award,
        str(award.get("id") or ""),
        title=award.get("title"),
        published=award.get("startDate"),
        updated=award.get("latestAmendmentDate"),
        abstract=award.get("abstractText"),
        subtype=award.get("transType"),
        authors=unique(
            (first or award.get("pdPIName"), *(_EMAIL.sub("", other).strip() for other in others))
        ),
        organisations=[Organisation(str(name), country=country)] if name else [],
        classes=_programmes(str(award.get("progEleCode") or "")),
        funding=award.get("fundsObligatedAmt"),
    )


def _from_download(position: str, award: dict[str, Any]) -> Parsed | Rejected:
    home = award.get("inst")
    places = [home] if isinstance(home, dict) else objects(home)
    codes = " ".join(str(element.get("pgm_ele_code") or "") for element in objects(award.get("pgm_ele")))
    return _project(
        position,
        award,
        str(award.get("awd_id") or ""),
        title=award.get("awd_titl_txt"),
        published=award.get("awd_eff_date"),
        updated=award.get("awd_max_amd_letter_date"),
        abstract=award.get("awd_abstract_narration"),
        subtype=award.get("awd_istr_txt"),
        authors=unique(str(at(person, "pi_full_name") or "").strip() for person in objects(award.get("pi"))),
        organisations=[
            Organisation(str(place["inst_name"]), country=country_code(place.get("inst_country_name")))
            for place in places
            if place.get("inst_name")
        ],
        classes=_programmes(codes),
        funding=award.get("awd_amount") or award.get("tot_intn_awd_amt"),
    )


def _programmes(codes: str) -> tuple[str, ...]:
    """Codes of programme elements; the six digits of 2024 and later begin with the four of before."""
    return unique(f"nsf-programme:{code[:4]}" for code in re.findall(r"\b[0-9A-Z]{4}(?:00)?\b", codes))

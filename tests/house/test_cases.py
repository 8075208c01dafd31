"""The frozen list of dated technologies is complete, sane and balanced."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
COLUMNS = [
    "id",
    "label_en",
    "label_zh",
    "forms",
    "domain",
    "outcome",
    "year_first",
    "year_takeoff",
    "source_first",
    "source_outcome",
    "confidence",
    "note",
]
# DOI, arXiv number, ISBN, web address, or the pages of a printed proceedings volume.
LOCATOR = re.compile(
    r"10\.\d{4,9}/\S+|arXiv:\d{4}\.\d{4,5}|ISBN 97[89][\d-]+|https://\S+|Proc\. \w+, \d+-\d+"
)
YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-2]\d)(?!\d)")
LAST_YEAR = 2023  # the list was frozen for dates up to here


def read_cases() -> list[dict[str, str]]:
    with (BENCHMARKS / "cases.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        assert reader.fieldnames == COLUMNS
        return list(reader)


CASES = read_cases()
IDS = [case["id"] for case in CASES]


def years_in(citation: str) -> list[int]:
    """Years of a citation, those inside a DOI, arXiv number or web address left out."""
    return [int(year) for year in YEAR.findall(LOCATOR.sub(" ", citation))]


def test_there_are_at_least_forty_cases() -> None:
    assert len(CASES) >= 40


def test_ids_and_labels_are_unique() -> None:
    for column in ("id", "label_en", "label_zh"):
        repeated = [value for value, n in Counter(case[column] for case in CASES).items() if n > 1]
        assert repeated == [], column


def test_no_form_belongs_to_two_cases() -> None:
    owners = Counter(form for case in CASES for form in case["forms"].split(";"))
    assert [form for form, n in owners.items() if n > 1] == []


def test_half_of_the_cases_did_not_keep_growing() -> None:
    outcomes = Counter(case["outcome"] for case in CASES)
    assert set(outcomes) == {"rise", "fad", "plateau"}
    share = outcomes["rise"] / len(CASES)
    assert 0.45 <= share <= 0.55


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_case_is_filled(case: dict[str, str]) -> None:
    assert None not in case, "more cells than columns"
    empty = [column for column in COLUMNS if not (case[column] or "").strip()]
    assert empty == []
    assert all(case[column] == case[column].strip() for column in COLUMNS)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", case["id"])
    assert re.search(r"[\u4e00-\u9fff]", case["label_zh"])
    assert case["confidence"] in {"high", "medium", "low"}
    # a spreadsheet must not take a cell for a formula
    assert not any(case[column].startswith(("=", "+", "-", "@")) for column in COLUMNS)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_forms_are_lower_case_and_distinct(case: dict[str, str]) -> None:
    forms = case["forms"].split(";")
    assert all(form and form == form.strip().lower() for form in forms)
    assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_years_are_sane(case: dict[str, str]) -> None:
    first, takeoff = int(case["year_first"]), int(case["year_takeoff"])
    assert 1950 <= first <= takeoff <= LAST_YEAR


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_each_date_has_a_source_that_can_be_found(case: dict[str, str]) -> None:
    first, outcome = case["source_first"], case["source_outcome"]
    assert LOCATOR.search(first), first
    assert LOCATOR.search(outcome), outcome
    assert int(case["year_first"]) in years_in(first), "the first source must name the first year"
    # a source can only look back on a take-off or a peak, never forward
    assert max(years_in(outcome)) >= int(case["year_takeoff"])


def test_the_list_is_explained_beside_it() -> None:
    text = (BENCHMARKS / "CASES.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"`{column}`" in text, column

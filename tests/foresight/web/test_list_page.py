"""The overview and the ranked list over HTTP."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from unittest.mock import patch

import pytest
from tests.foresight.web.conftest import FORESEEN, LONG, MANY, SCRIPT, Get

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.emerging import emerging
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.listing import COLUMNS

pytestmark = pytest.mark.usefixtures("lookout")


def test_the_list_shows_fifty_and_leads_on(get: Get) -> None:
    first = get(f"concepts/?scan={FORESEEN}").content.decode()
    second = get(f"concepts/?scan={FORESEEN}&page=2").content.decode()
    last = get(f"concepts/?scan={FORESEEN}&page={MANY // 50}").content.decode()

    assert first.count('<th scope="row">') == second.count('<th scope="row">') == 50
    assert "1 to 50 of 2,000 concepts" in first
    assert "51 to 100 of 2,000 concepts" in second
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last


def test_a_page_of_many_makes_only_its_own_lines(get: Get) -> None:
    get(f"concepts/?scan={FORESEEN}")
    asked: list[int] = []
    items = Scan.items

    def counting(self: Scan, rows: Any) -> Any:
        asked.append(len(rows))
        return items(self, rows)

    with patch.object(Scan, "items", counting):
        assert get(f"concepts/?scan={FORESEEN}&sort=-growth&state=emerging").status_code == 200
    assert sum(asked) <= 50


def test_links_keep_the_scan_and_the_filters(get: Get) -> None:
    page = get(f"concepts/?scan={FORESEEN}&state=emerging&words=form").content.decode()

    assert f"?scan={FORESEEN}&amp;state=emerging&amp;words=form&amp;page=2" in page
    assert f'/en/lookout/technologies/?scan={FORESEEN}"' in page
    assert (
        f"/en/lookout/concepts/hostile/?scan={FORESEEN}" in get(f"concepts/?scan={FORESEEN}").content.decode()
    )


def test_its_data_are_the_documented_ones(get: Get, scan: Scan) -> None:
    told = get("concepts.json").json()
    rows = list(csv.DictReader(io.StringIO(get("concepts.csv").content.decode("utf-8-sig"))))

    assert told == json.loads(json.dumps(to_json(emerging(scan))))
    assert tuple(rows[0]) == COLUMNS
    assert [row["concept"] for row in rows] == [item["concept"] for item in told["items"]]


def test_its_data_are_filtered_as_the_page_is(get: Get) -> None:
    told = get("concepts.json?state=emerging&sort=label").json()["items"]

    assert {item["state"] for item in told} == {"emerging"}
    assert [item["label"] for item in told] == sorted(item["label"] for item in told)


def test_a_year_that_was_not_scanned_is_said_with_what_to_do(get: Get) -> None:
    answer = get("concepts/?as-of=2019")

    assert answer.status_code == 200
    assert "The year 2019 was not scanned yet" in answer.content.decode()
    assert "foretrack scan --as-of 2019" in answer.content.decode()
    assert get("concepts.json?as-of=2019").status_code == 404


@pytest.mark.parametrize("query", ["as-of=2031", "as-of=1850", "scan=../../etc", "scan=nothing"])
def test_what_can_never_be_scanned_is_not_there(get: Get, query: str) -> None:
    assert get(f"concepts/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["as-of=abc", "page=0", "page=x", "sort=colour", "colour=red", "page=99999999"]
)
def test_what_cannot_be_understood_is_said(get: Get, query: str) -> None:
    assert get(f"concepts/?{query}").status_code == 400


def test_the_years_that_were_scanned_are_told_from_the_others(get: Get) -> None:
    page = get("concepts/?as-of=2017").content.decode()

    assert 'type="range" name="as-of"' in page
    assert 'value="2017"' in page
    assert '<a href="?as-of=2017" aria-current="true">2017</a>' in page
    assert 'aria-label="2019, not scanned yet"' in page
    assert '<a href="?">2020</a>' in page
    assert "Concepts as of 2017" in page


def test_nothing_later_stands_on_the_page_of_a_year(get: Get) -> None:
    told = get("concepts.json?as-of=2017").json()

    assert told["as_of"] == 2017
    assert all(item["measures"]["first_year"] <= 2017 for item in told["items"])


def test_hostile_names_stay_text(get: Get) -> None:
    for path in (f"concepts/?scan={FORESEEN}", f"?scan={FORESEEN}"):
        page = get(path).content.decode()

        assert SCRIPT not in page
        assert "&lt;script&gt;document" in page
        assert LONG in get(path, language="zh-hans").content.decode()


def test_nothing_found_says_so(get: Get) -> None:
    page = get("concepts/?words=zzzz").content.decode()

    assert "No concept of this scan fits these filters." in page
    assert "Without filters" in page


def test_the_overview_counts_what_the_list_finds(get: Get) -> None:
    told = get(".json").json()
    for policy in told["policies"]:
        for part in policy["directions"]:
            direction = f"{policy['id']}/{part['direction']['id']}"
            listed = get(f"concepts.json?direction={direction}").json()["items"]
            rising = [item for item in listed if item["state"] in ("emerging", "growing")]

            assert part["direction"]["n_concepts"] == len(listed), direction
            assert part["direction"]["n_rising"] == len(rising), direction
            assert len(part["strongest"]) == min(3, len(rising))
    assert len(told["policies"]) == 1
    assert len(told["policies"][0]["directions"]) == 6


def test_the_overview_says_what_changed_since_the_scan_before(get: Get) -> None:
    now, then = get(".json").json(), get(".json?as-of=2017").json()

    assert now["compared_with"] == 2017
    assert now["changes"]
    assert then["compared_with"] is None
    assert "foretrack scan --as-of 2016" in get("?as-of=2017").content.decode()


def test_the_overview_in_chinese(get: Get) -> None:
    page = get("", language="zh-hans").content.decode()

    assert "截至 2020 年的新兴动向" in page
    assert "未来能源" in page
    assert "Most likely" not in page


def test_without_a_scan_every_page_says_what_to_do(bare: Workspace, get: Get) -> None:
    for path in ("", "concepts/", "concepts/x/", "technologies/", "tracks/"):
        answer = get(path)

        assert answer.status_code == 409
        assert "nothing was scanned yet" in answer.content.decode()
        assert "foretrack ingest FILES" in answer.content.decode()

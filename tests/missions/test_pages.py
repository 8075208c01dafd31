"""What missions add to the pages of their records, in the page's data and in its text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.missions.test_competitions import competition, entry
from tests.missions.test_open_competition import listed, recognised
from tests.review.office import Office

from foretrack.installation.opening import configured_installation

__all__ = ("competition",)


@pytest.fixture
def site(office: Office, settings: Any) -> Client:
    """The site over the office's registry."""
    settings.FORETRACK = replace(configured_installation(), workspace=office.folder)
    return Client()


def dossier(site: Client, key: str) -> dict[str, Any]:
    return dict(site.get(f"/en/record/{key}.json").json()["dossier"])


def test_a_task_names_its_bids_and_a_bid_its_figures(office: Office, site: Client) -> None:
    task = listed(office)
    assert "bids" not in dossier(site, task)
    bid = recognised(office, "Acme Robots", task)
    office.go(office.firm("Acme Robots"), bid, "test", tested_by=office.organisation("Test Lab"))
    figures = dossier(site, bid)["figures"]
    assert not figures["tested"]
    assert [(f["measure"], f["wanted"], f["promised"], f["at_most"]) for f in figures["figures"]] == [
        ("Walking speed", 1.5, 2, False), ("Weight", 60, 55, True),
    ]  # fmt: skip
    measured = [{"measure": "Walking speed", "measured": 1.9}]
    office.go(office.second, bid, "fail", tested_on="2027-01-01", measured=measured)
    figures = dossier(site, bid)["figures"]
    assert [(f["measured"], f["met"]) for f in figures["figures"]] == [(1.9, False), (None, None)]
    (line,) = dossier(site, task)["bids"]["bids"]
    assert (line["status"], line["met"], line["of"]) == ("Test not passed", 0, 2)
    text = site.get(f"/zh-hans/record/{bid}/").content.decode()
    assert re.search(r"<span class=.tag bad.>[一-鿿]+<", text)
    assert "要求、承诺与实测指标" in text


def test_a_competition_ranks_its_entries(office: Office, site: Client, competition: str) -> None:
    keys = [entry(office, name, competition) for name in ("Acme Robots", "Beta Works")]
    office.go(office.ministry, keys[1], "place", rank=1, prize="First prize")
    ranking = dossier(site, competition)["ranking"]
    assert [(p["title"], p["rank"], p["prize"]) for p in ranking["places"]] == [
        ("Entry of Beta Works", 1, "First prize"), ("Entry of Acme Robots", None, ""),
    ]  # fmt: skip

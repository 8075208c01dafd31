"""OAI-PMH: the protocol's rules, harvested whole and in parts; tombstones; nothing that is not public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from tests.exchange.conftest import Market
from tests.exchange.inventing import OFFER

from foretrack.domains.exchange.actions import harvesting
from foretrack.installation.opening import configured_installation

NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "p": "https://foretrack.org/ns/profile/1",
}


@pytest.fixture
def ask(market: Market, settings: Any, tmp_path: Path) -> Any:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)

    def asked(method: str = "get", **query: str) -> etree._Element:
        query = {name.rstrip("_"): value for name, value in query.items()}
        answer = getattr(Client(), method)("/oai", query)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        root = etree.fromstring(answer.content)
        assert root.tag == f"{{{NS['o']}}}OAI-PMH"
        assert [etree.QName(one).localname for one in root][:2] == ["responseDate", "request"]
        return root

    return asked


def codes(root: etree._Element) -> list[str]:
    return [one.get("code", "") for one in root.findall("o:error", NS)]


def harvested(ask: Any, verb: str = "ListRecords", **query: str) -> Iterator[etree._Element]:
    root = ask(verb=verb, metadataPrefix="oai_dc", **query)
    while True:
        yield from root.iter(f"{{{NS['o']}}}header")
        token = root.find(".//o:resumptionToken", NS)
        if token is None or not token.text:
            return
        root = ask(verb=verb, resumptionToken=token.text)


def test_it_says_what_it_is(ask: Any) -> None:
    root = ask(verb="Identify")

    told = {etree.QName(one).localname: one.text for one in root.find("o:Identify", NS)}
    assert (told["protocolVersion"], told["deletedRecord"], told["granularity"]) == (
        "2.0", "persistent", "YYYY-MM-DDThh:mm:ssZ",
    )  # fmt: skip
    assert told["baseURL"].endswith("/oai")
    assert root.find("o:request", NS).get("verb") == "Identify"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "badVerb"), ({"verb": "Nothing"}, "badVerb"), ({"verb": "Identify", "set": "offer"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"), ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "x"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "yesterday"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-13-41"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-03-02", "until": "2026-03-01"},
         "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-03-02", "until": "2026-03-03T00:00:00Z"},
         "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "bm9uZQ"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:x:y"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:x:y"}, "idDoesNotExist"),
    ],
)  # fmt: skip
def test_each_error_has_its_code(ask: Any, query: dict[str, str], code: str) -> None:
    assert codes(ask(**query)) == [code]


def test_everything_public_is_harvested_in_parts_once_each(
    ask: Any, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvesting, "PART", 2)
    monkeypatch.setattr(harvesting, "_LOOKED_AT", 3)
    keys = [market.need(title={"en": f"Invented need {n} of its own"}) for n in range(4)]
    keys.append(market.offer())
    market.create("office", "offer", {**OFFER, "title": {"en": "PLANTED draft"}})

    found = [one.findtext("o:identifier", "", NS).rpartition(":")[2] for one in harvested(ask)]

    assert sorted(found) == sorted(keys)
    assert len(list(harvested(ask, "ListIdentifiers", set="need"))) == 4
    assert codes(ask(method="post", verb="ListSets")) == []


def test_a_record_has_its_words_and_never_what_is_not_public(ask: Any, market: Market) -> None:
    hostile = {"en": "Invented <script>alert(1)</script> 5 & ]]> Ignore previous instructions"}
    key = market.offer(
        description=hostile, confidential={"en": "PLANTED-A"}, details={"en": "PLANTED-B"}, contact="PLANTED-C",
        email="planted@example.org", keywords=["hydrogen"],
    )  # fmt: skip
    identifier = ask(verb="ListIdentifiers", metadataPrefix="oai_dc").findtext(".//o:identifier", "", NS)

    for prefix in ("oai_dc", "ft_profile"):
        root = ask(verb="GetRecord", metadataPrefix=prefix, identifier=identifier)
        assert b"planted" not in etree.tostring(root).lower()
        assert hostile["en"] in "".join(root.itertext())
    root = ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    titles = {
        one.get("{http://www.w3.org/XML/1998/namespace}lang"): one.text
        for one in root.iter(f"{{{NS['dc']}}}title")
    }
    assert titles == OFFER["title"]
    assert root.findtext(".//dc:creator", "", NS) == "Invented Transfer Office"
    assert key in root.findtext(".//dc:identifier", "", NS)


def test_what_was_public_leaves_a_tombstone_and_what_never_was_leaves_none(ask: Any, market: Market) -> None:
    gone, hidden = market.offer(), market.need()
    market.move("office", gone, "withdraw")
    market.move("national", hidden, "hold")
    draft = market.create("office", "offer", OFFER)
    market.move("office", draft, "withdraw")
    partner = market.create("firm", "offer", {**OFFER, "organisation": market.firm}, visibility="partner")
    market.move("firm", partner, "publish")

    root = ask(verb="ListRecords", metadataPrefix="oai_dc")

    headers = {
        one.findtext("o:identifier", "", NS).rpartition(":")[2]: one.get("status")
        for one in root.iter(f"{{{NS['o']}}}header")
    }
    assert headers == {gone: "deleted", hidden: "deleted"}
    assert b"Invented" not in etree.tostring(root)


def test_an_offer_that_is_over_is_gone_before_the_worker_has_noticed(
    ask: Any, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = market.offer(valid_until="2026-03-10")
    later = replace(market.registry, clock=lambda: market.registry.now().replace(month=4))

    item = harvesting.one_item(later, f"oai:x:{key}", "x", {"offer": "", "need": "", "achievement": ""})

    assert item.deleted

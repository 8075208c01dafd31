"""Patents and standards are looked up by their numbers; concepts that the text names are proposed and confirmed."""

from __future__ import annotations

import pytest
from tests.exchange.conftest import Market

from foretrack.domains.exchange.actions.backing import confirm_signals, numbers_of, proposals_for
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import show
from foretrack.search.actions.indexing import index
from foretrack.search.shapes import Thing


@pytest.fixture
def found_by_the_lookout(db: None) -> None:
    index(
        [
            Thing(
                unit="document", key="D1", title_en="Invented patent on leaks", identifiers=("CN112345678B",),
                facets={"year": ("2024",)},
            ),
            Thing(unit="document", key="D2", title_zh="虚构标准", identifiers=("GB/T 38031-2020",)),
            Thing(unit="concept", key="leak-sensor", title_en="leak sensor", body="leak sensor; leak sensors"),
            Thing(unit="concept", key="hydrogen-embrittlement", title_en="hydrogen embrittlement"),
            Thing(unit="concept", key="hydrogen-pipeline", title_zh="氢气管道", title_en="hydrogen pipeline"),
            Thing(unit="concept", key="氢气", title_zh="氢气"),
        ]
    )  # fmt: skip


def test_numbers_are_looked_up_in_one_spelling(market: Market, found_by_the_lookout: None) -> None:
    values = {"patents": ["CN 112345678 B", "CN999999999A", "no number"], "standards": ["GB/T38031—2020"]}

    found = numbers_of(market.actors["visitor"], values)

    assert [(one.scheme, one.key, one.year) for one in found] == [
        ("patent", "D1", "2024"), ("patent", "", ""), ("", "", ""), ("standard", "D2", ""),
    ]  # fmt: skip


def test_what_the_text_names_is_proposed_until_the_owner_links_it(
    market: Market, found_by_the_lookout: None
) -> None:
    key, office = market.offer(), market.actors["office"]

    proposed = proposals_for(office, show(market.registry, office, key))
    assert {one.link for one in proposed} == {
        "concept:leak-sensor",
        "concept:hydrogen-pipeline",
        "concept:氢气",
    }

    with pytest.raises(AccessError):
        confirm_signals(market.registry, market.actors["firm"], key, ["concept:leak-sensor"])
    page = confirm_signals(market.registry, office, key, ["concept:leak-sensor"])

    assert page.values["signals"] == ["concept:leak-sensor"]
    assert "concept:leak-sensor" not in {one.link for one in proposals_for(office, page)}


def test_what_is_not_public_proposes_nothing(market: Market, found_by_the_lookout: None) -> None:
    key = market.offer(
        confidential={"en": "hydrogen embrittlement"}, details={"en": "hydrogen embrittlement"}
    )

    found = proposals_for(market.actors["office"], show(market.registry, market.actors["office"], key))

    assert "concept:hydrogen-embrittlement" not in {one.link for one in found}

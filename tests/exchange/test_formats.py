"""Profiles in other forms and back: the network's JSON and XML, mapped tables, exports that are imported again."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.exchange.conftest import Market
from tests.exchange.inventing import NEED, OFFER

from foretrack.domains.exchange.actions.exchanging import (
    known_mapping,
    map_table,
    network_form,
    take_network_form,
)
from foretrack.domains.exchange.formats.mapping import mapped, read_mapping
from foretrack.domains.exchange.formats.network import (
    COOPERATION,
    STAGES,
    TYPES,
    from_network,
    read_xml,
    to_network,
    to_xml,
)
from foretrack.domains.exchange.kinds.parts import COOPERATION as OUR_COOPERATION
from foretrack.domains.exchange.kinds.parts import STAGES as OUR_STAGES
from foretrack.foundation.errors import InputError
from foretrack.registry.actions.exporting import export
from foretrack.registry.actions.importing import import_file
from foretrack.registry.actions.records import show

FULL = {
    **OFFER, "keywords": ["hydrogen", "泄漏"], "patents": ["CN112345678B"], "standards": ["GB/T 38031-2020"],
    "partner_types": ["small-company"], "partner_regions": ["DE"], "languages": ["en", "zh"], "flags": ["hazardous"],
    "cooperation": list(OUR_COOPERATION), "expertise": {"en": "Invented <expertise> & more"},
    "applications": {"zh": "虚构应用"}, "details": {"en": "SECRET-PARTNER"}, "confidential": {"en": "SECRET-OWN"},
    "contact": "SECRET-PERSON", "email": "secret@example.org",
}  # fmt: skip


def test_every_stage_and_cooperation_of_ours_has_a_word_of_the_network() -> None:
    assert (set(STAGES), set(COOPERATION)) == (set(OUR_STAGES), set(OUR_COOPERATION))


@pytest.mark.parametrize(("kind", "sort"), list(TYPES))
def test_a_profile_comes_back_from_the_network_as_it_went(kind: str, sort: str) -> None:
    values = {"sort_of": sort, **(FULL if kind == "offer" else NEED)}

    form = to_network(kind, values)
    came, back = from_network(read_xml(etree.tostring(to_xml(form))))

    gone = {"details", "confidential", "contact", "email"}
    assert form["profile_type"] == TYPES[kind, sort]
    assert (came, back) == (kind, {name: value for name, value in values.items() if name not in gone})


def test_what_is_not_public_never_goes_to_a_network_whoever_asks(market: Market) -> None:
    key = market.create("office", "offer", {**FULL, "organisation": market.office})
    market.move("office", key, "publish")

    told = str(network_form(market.registry, market.actors["office"], key))

    assert "SECRET" not in told.upper()
    assert "Invented leak sensor" in told


def test_a_form_of_another_network_becomes_a_draft(market: Market) -> None:
    form = {**to_network("offer", FULL), "cooperation_types": ["Commercial agency"]}

    page = take_network_form(market.registry, market.actors["office"], form)

    assert (page.status, page.values["cooperation"], page.organisation) == (
        "draft",
        ["agency"],
        market.office,
    )


@pytest.mark.parametrize(
    "form",
    [
        {"profile_type": "XX"}, {"profile_type": "TO", "price": 1}, {"profile_type": "TO", "development_stage": "mature"},
        {"profile_type": "TO", "cooperation_types": ["barter"]},
    ],
)  # fmt: skip
def test_a_form_that_is_none_says_what_is_wrong(form: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        from_network(form)


@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>", b"\xff\xfe", b"<profile xmlns='x'/>"])
def test_xml_that_is_no_profile_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read_xml(content)


def test_no_entity_of_an_xml_is_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("PLANTED")
    content = (
        f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]><profile xmlns="https://foretrack.org/ns/profile/1">'
        "<profile_type>TO</profile_type><keywords>&x;</keywords></profile>"
    )

    assert "PLANTED" not in str(read_xml(content.encode()))


def test_a_table_of_anybody_becomes_offers(market: Market, tmp_path: Path) -> None:
    table = tmp_path / "software.csv"
    with table.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "name", "description", "org", "tags", "usage", "keywords", "url", "updated"])
        writer.writerows(
            [n, f"Invented program {n}", "=1+1 Invented words " * 60, "X", "A; B", "", "", f"https://example.org/{n}", ""]
            for n in range(30)
        )  # fmt: skip
    rows = list(
        map_table(market.registry, table, known_mapping("nasa-software"), {"organisation": market.office})
    )
    made = tmp_path / "offers.csv"
    with made.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, list(rows[0]))
        out.writeheader()
        out.writerows(rows)

    taken = import_file(market.registry, market.actors["office"], "offer", made)

    assert (taken.read, taken.created, taken.rejected) == (30, 30, 0)
    assert len(rows[0]["summary_en"]) <= 600
    assert rows[0]["keywords"] == "A; B"


def test_every_mapping_that_comes_along_fills_columns_that_exist(market: Market, tmp_path: Path) -> None:
    for name in ("nasa-patents", "nasa-software", "sbir-topics", "sbir-awards"):
        known = known_mapping(name)
        theirs = {one for rule in known.columns for one in (rule.source, rule.otherwise) if one}
        table = tmp_path / f"{name}.csv"
        table.write_text(
            ",".join(sorted(theirs)) + "\n" + ",".join("1" for _ in theirs) + "\n", encoding="utf-8"
        )

        assert len(list(map_table(market.registry, table, known))) == 1


@pytest.mark.parametrize(
    "given", [{}, {"columns": {"title_en": 7}}, {"columns": {"title_en": {"form": "x"}}}]
)
def test_a_mapping_that_is_none_says_so(given: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        read_mapping(given)


def test_a_mapping_names_a_column_that_the_table_lacks() -> None:
    with pytest.raises(InputError, match="no column 'B'"):
        list(mapped([{"A": 1}], read_mapping({"columns": {"title_en": "B"}}), date(2026, 3, 2)))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_is_imported_again_unchanged(market: Market, tmp_path: Path, form: str) -> None:
    log = [{"about": "price", "hypothesis": {"en": "a; b | c"}, "standing": "open", "tried_on": "2026-02-01"}]
    key = market.offer(**{**FULL, "organisation": market.office, "hypotheses": log})
    before = show(market.registry, market.actors["office"], key)
    file = tmp_path / f"offers.{form}"
    file.write_bytes(b"".join(export(market.registry, market.actors["office"], "offer", form)))

    taken = import_file(market.registry, market.actors["office"], "offer", file)

    assert (taken.unchanged, taken.updated, taken.rejected) == (1, 0, 0)
    assert show(market.registry, market.actors["office"], key).values == before.values

"""Organisations: what is one, what is not, and what a person must say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.positions.worlds import ror

from foretrack.domains.foresight.positions.resolving import NameCount, Resolution, Settled, resolve
from foretrack.language.organisations import fold_name


def named(*names: tuple[str, str | None, str | None], settled: Settled | None = None) -> Resolution:
    return resolve([NameCount(*name, 5 - i if i < 4 else 1) for i, name in enumerate(names)], settled)


def one(*names: tuple[str, str | None, str | None], settled: Settled | None = None) -> bool:
    return len(named(*names, settled=settled).organisations) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Univ. of Nowhere", "UNIVERSITY OF NOWHERE"),
        ("Nowhere Technologies Co., Ltd.", "Nowhere Technology Corporation"),
        ("Nowhere & Sons GmbH & Co. KG", "Nowhere and Sons GmbH"),
        ("无处科技有限公司", "無處科技股份有限公司"),
        ("Nówhere Acad. Sci.", "Nowhere Academy of Sciences"),
        ("T.J. Nowhere Center", "T. J. Nowhere Centre"),
        ("Nowhere S.p.A.", "Nowhere SPA"),
        ("Nowhere（示例）大学", "Nowhere(示例)大学"),
    ],
)
def test_spellings_of_one_name_are_one(left: str, right: str) -> None:
    assert one((left, None, None), (right, None, None))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("University of Nowhere, North Campus", "University of Nowhere, South Campus"),
        ("University of Nowhere", "University of Nowhere, North Campus"),
        ("Nowhere University", "University of Nowhere"),
        ("Institute 5 of Nowhere", "Institute 6 of Nowhere"),
        ("Nowhere AG", "Nowhere SA"),
        ("无处大学", "无处大学北校区"),
        ("Nowhere University", "Nowhere University Hospital"),
    ],
)
def test_different_names_campuses_and_companies_stay_apart(left: str, right: str) -> None:
    assert not one((left, None, None), (right, None, None))


def test_one_identifier_makes_different_names_one_and_brings_the_name_without_it() -> None:
    found = named(
        ("Nowhere University", "SE", ror(7)), ("无处大学", "SE", ror(7)), ("NOWHERE UNIV", None, None)
    )

    assert [(o.key, o.label_zh, len(o.names)) for o in found.organisations] == [(ror(7), "无处大学", 3)]


def test_two_identifiers_of_one_scheme_are_never_one_whatever_a_person_says() -> None:
    names = (("Nowhere University", "SE", ror(7)), ("Nowhere University", "SE", ror(8)))

    assert not one(*names)
    assert not one(*names, settled=Settled(same=[[ror(7), ror(8)]]))


def test_a_name_in_two_countries_is_two_and_asked_about() -> None:
    found = named(
        ("Institute of Nowhere", "SE", None),
        ("Institute of Nowhere", "FI", None),
        ("Institute of Nowhere", None, None),
    )

    assert [o.country for o in found.organisations] == ["SE", "FI", None]
    assert {p.reason for p in found.unsure} == {"same_name_two_countries"}
    assert len(found.unsure) == 2
    assert len({o.key for o in found.organisations}) == 3


def test_a_wrong_check_digit_counts_for_nothing_and_is_told() -> None:
    good = ror(7)
    bad = good[:-1] + ("1" if good[-1] != "1" else "2")

    found = named(("Nowhere University", "SE", bad), ("Elsewhere University", "SE", bad))

    assert len(found.organisations) == 2
    assert found.invalid_ids == (bad,)


def test_near_spellings_are_asked_about_and_a_person_settles_them() -> None:
    names = (("University of Nowhere", "SE", None), ("Univeristy of Nowhere", "SE", None))

    assert [p.reason for p in named(*names).unsure] == ["spelling"]
    same = named(*names, settled=Settled(same=[[names[0][0], names[1][0]]]))
    different = named(*names, settled=Settled(different=[(names[0][0].upper(), names[1][0])]))
    assert (len(same.organisations), same.unsure) == (1, ())
    assert (len(different.organisations), different.unsure) == (2, ())


def test_a_person_can_part_what_would_be_merged() -> None:
    names = (("Nowhere Ltd", None, None), ("Nowhere Inc", None, None))

    assert one(*names)
    apart = named(*names, settled=Settled(different=[("Nowhere Ltd", "Nowhere Inc")]))
    assert len(apart.organisations) == 2
    assert len({o.key for o in apart.organisations}) == 2


def test_words_cut_short_are_asked_about_but_not_merged() -> None:
    found = named(
        ("Nowhere Polytechnic Med Res", "SE", None), ("Nowhere Polytechnic Medical Res", "SE", None)
    )

    assert [(len(found.organisations), p.reason) for p in found.unsure] == [(2, "abbreviation")]


def test_other_countries_and_numbers_are_not_even_asked_about() -> None:
    far = named(("University of Nowhere", "SE", None), ("Univeristy of Nowhere", "FI", None))
    numbered = named(("Laboratory II of Nowhere", "SE", None), ("Laboratory III of Nowhere", "SE", None))

    assert far.unsure == numbered.unsure == ()


@pytest.mark.parametrize(
    ("sole", "country"),
    [
        ({"SE": 4}, "SE"),
        ({"SE": 4, "FI": 1}, "SE"),
        ({"SE": 7, "FI": 2}, None),
        ({"SE": 1}, None),
        ({}, None),
    ],
)
def test_a_country_is_inferred_from_documents_of_one_country(
    sole: dict[str, int], country: str | None
) -> None:
    name = ("Nowhere University", None, None)

    found = resolve([NameCount(*name, 9)], None, {name: sole}).organisations[0]

    assert (found.country, found.country_from) == (country, "documents" if country else None)


@given(st.permutations(range(6)))
def test_the_order_of_names_changes_nothing(order: list[int]) -> None:
    names = [
        NameCount("Univ. of Nowhere", "SE", None, 3), NameCount("University of Nowhere", None, None, 3),
        NameCount("University of Nowhere", "FI", None, 2), NameCount("Nowhere AG", None, None, 1),
        NameCount("Nowhere SA", None, None, 1), NameCount("Univ of Nowheer", "SE", ror(3), 1),
    ]  # fmt: skip

    assert resolve([names[i] for i in order]) == resolve(names)


@given(st.text(max_size=40))
def test_folding_never_fails_and_folded_names_stay(name: str) -> None:
    key = fold_name(name).key

    assert key == " ".join(key.split())

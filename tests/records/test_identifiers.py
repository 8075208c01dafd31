"""Identifiers: any spelling in use gives one normal form, slips of the pen are noticed, and nothing else is raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import Messages, read_po
from foretrack.records import checkdigits
from foretrack.records.identifiers import SCHEMES, display, normalise, url

Promise: TypeAlias = Callable[[str, str], bool]
DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PUBLISHED = [
    # GB 32100 and GLEIF examples, the ORCID handbook's person, the ROR of the California Digital Library.
    ("uscc", "91110000600037341L"),
    ("lei", "969500KSV493XWY0PS33"),
    ("orcid", "0000-0002-1825-0097"),
    ("orcid", "0000-0002-1694-233X"),
    ("ror", "03yrm5c26"),
    # Applications of the same inventions in several offices, as their gazettes print them.
    ("application", "CN00814037.5"),
    ("application", "CN01800565.9"),
    ("application", "CN200510113767.6"),
    ("application", "CN201980006158.0"),
    ("application", "EP18275163.6"),
    ("application", "EP18275174.3"),
    ("application", "EP98660050.0"),
    ("application", "EP00957359.3"),
    ("application", "EP01902442.1"),
]


def refused(scheme: str, text: str) -> bool:
    try:
        normalise(scheme, text)
    except InputError:
        return True
    return False


def texts(alphabet: str, length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=length, max_size=length)


USCC_CODES = st.tuples(texts(checkdigits.USCC, 2), texts(DIGITS, 6), texts(checkdigits.USCC, 9)).map("".join)
WHOLE: dict[str, st.SearchStrategy[str]] = {
    "uscc": USCC_CODES.map(lambda body: body + checkdigits.uscc_check(body)),
    "lei": texts(DIGITS + UPPER, 18).map(lambda body: body + checkdigits.lei_check(body)),
    "orcid": texts(DIGITS, 15).map(lambda body: body + checkdigits.orcid_check(body)),
    "ror": texts(checkdigits.CROCKFORD, 6).map(lambda body: f"0{body}" + checkdigits.ror_check("0" + body)),
    "CN": st.tuples(st.integers(1985, 2099), st.sampled_from("12389"), texts(DIGITS, 7)).map(
        lambda p: f"{p[0]}{p[1]}{p[2]}" + checkdigits.cn_application_check(f"{p[0]}{p[1]}{p[2]}")
    ),
    "CN, until 2003": st.tuples(texts(DIGITS, 2), st.sampled_from("12389"), texts(DIGITS, 5)).map(
        lambda p: "".join(p) + checkdigits.cn_application_check("".join(p))
    ),
    "EP": texts(DIGITS, 8).map(lambda body: body + checkdigits.ep_application_check(body)),
}


def written(sort: str, code: str) -> tuple[str, str]:
    """Scheme and text of a code; applications begin with their office."""
    return ("application", sort[:2] + code) if sort[:2] in ("CN", "EP") else (sort, code)


def same_class(a: str, b: str) -> bool:
    return a.isdigit() == b.isdigit()


def always(a: str, b: str) -> bool:
    return a != b


CHANGES: Mapping[str, Promise] = dict.fromkeys(WHOLE, always) | {"lei": same_class}
"""Which changes of one character into another the scheme promises to notice."""
SWAPS: Mapping[str, Promise] = dict.fromkeys(WHOLE, always) | {
    "lei": same_class,
    "EP": lambda a, b: {a, b} != {"0", "9"},
}


@pytest.mark.parametrize("sort", WHOLE)
@settings(max_examples=60)
@given(data=st.data())
def test_any_one_changed_character_is_noticed(sort: str, data: st.DataObject) -> None:
    code = data.draw(WHOLE[sort])
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(DIGITS + UPPER))
    assume(other.lower() != code[at].lower() and CHANGES[sort](code[at], other))

    scheme, text = written(sort, code)
    assert re.sub("[^0-9a-zA-Z]", "", normalise(scheme, text)) == text
    scheme, text = written(sort, code[:at] + other + code[at + 1 :])
    assert refused(scheme, text)


@pytest.mark.parametrize("sort", WHOLE)
@settings(max_examples=60)
@given(data=st.data())
def test_any_two_swapped_neighbours_are_noticed(sort: str, data: st.DataObject) -> None:
    code = data.draw(WHOLE[sort])
    at = data.draw(st.integers(0, len(code) - 2))
    assume(code[at] != code[at + 1] and SWAPS[sort](code[at], code[at + 1]))

    assert refused(*written(sort, code[:at] + code[at + 1] + code[at] + code[at + 2 :]))


def test_what_the_lei_rule_cannot_see_is_what_its_docstring_says() -> None:
    unseen = {
        letter + digit
        for letter in UPPER
        for digit in DIGITS
        if int(str(int(letter, 36)) + digit) % 97 == int(digit + str(int(letter, 36))) % 97
    }
    assert unseen == {"B1", "M2", "X3"}


@pytest.mark.parametrize(("scheme", "text"), PUBLISHED)
def test_identifiers_that_were_really_given_out_are_right(scheme: str, text: str) -> None:
    assert normalise(scheme, text) == text


@pytest.mark.parametrize(("scheme", "text"), PUBLISHED)
def test_a_wrong_check_character_is_answered_with_the_right_one(scheme: str, text: str) -> None:
    wrong = text[:-1] + next(c for c in "1234" if c != text[-1])
    with pytest.raises(InputError) as caught:
        normalise(scheme, wrong)

    right = text[-2:] if scheme in ("lei", "ror") else text[-1]
    assert repr(wrong) in caught.value.what
    assert f"would be {right} if" in caught.value.do
    assert SCHEMES[scheme].example in caught.value.expected


@pytest.mark.parametrize(
    ("scheme", "spellings", "same"),
    [
        (
            "uscc",
            ("91110000600037341l", "9111 0000 6000 3734 1L", "９１１１0000600037341Ｌ"),
            "91110000600037341L",
        ),
        ("lei", ("lei:969500ksv493xwy0ps33", "9695 00KS V493 XWY0 PS33"), "969500KSV493XWY0PS33"),
        ("orcid", ("https://orcid.org/0000-0002-1694-233x", "000000021694233X"), "0000-0002-1694-233X"),
        ("ror", ("https://ror.org/03YRM5C26", "ror.org/03yrm5c26/", "ror:03yrm5c26"), "03yrm5c26"),
        ("doi", ("https://dx.doi.org/10.1000/A%3CB", "doi: 10.1000/a<b", "10.1000/A<B"), "10.1000/a<b"),
        ("patent", ("CN 115000001 A", "CN-115000001-A", "cn115000001a"), "CN115000001A"),
        ("patent", ("US 10,123,456 B2", "US10123456B2", "US-10123456-B2"), "US10123456B2"),
        ("patent", ("US 2020/0123456 A1", "US2020123456A1"), "US20200123456A1"),
        ("patent", ("EP 0 123 456 (A1)", "EP123456 A1", "EP.0123456.A1"), "EP0123456A1"),
        (
            "patent",
            ("WO 02/12345 A1", "WO0212345A1", "WO2002012345A1", "WO 2002/012345 A1"),
            "WO2002012345A1",
        ),
        ("patent", ("JP 2020-123456 A", "特開2020-123456", "JP2020123456A"), "JP2020123456A"),
        ("patent", ("特許第6123456号", "特許6123456", "JP6123456"), "JP6123456"),
        ("patent", ("KR 10-2020-0123456 A", "KR20200123456A", "KR1020200123456 A"), "KR20200123456A"),
        (
            "application",
            ("ZL 2019 8 0006158.0", "201980006158.0", "CN201980006158"),
            "CN201980006158.0",
        ),
        ("application", ("PCT/CN2020/123456", "PCTCN2020123456"), "PCT/CN2020/123456"),
        ("application", ("CN2019800061580",), "CN201980006158.0"),
        ("application", ("PCT/US99/12345",), "PCT/US1999/012345"),
        ("application", ("US 17/123,456", "US17123456"), "US17123456"),
        ("application", ("特願2020-123456", "JP 2020-123456"), "JP2020123456"),
        ("application", ("KR 10-2020-0123456",), "KR1020200123456"),
        ("standard", ("GB/T 32100—2015", "GB/T32100-2015", "gb/t 32100–2015"), "GB/T 32100-2015"),
        ("standard", ("ISO/IEC 27001：2022", "iso/iec 27001-2022"), "ISO/IEC 27001:2022"),
        ("standard", ("ISO 14971:2019/Amd 1:2024",), "ISO 14971:2019/Amd 1:2024"),
        ("standard", ("ISO/TS 10303-1001:2010", "ISO TS 10303-1001:2010"), "ISO/TS 10303-1001:2010"),
        (
            "standard",
            ("ETSI EN 303 645 V2.1.1 (2020-06)", "ETSI EN 303645 v2.1.1(2020-06)"),
            "ETSI EN 303 645 V2.1.1 (2020-06)",
        ),
        ("standard", ("T/CESA 1026—2018",), "T/CESA 1026-2018"),
        ("standard", ("DB44/T 2261-2020", "DB 44/T2261-2020"), "DB44/T 2261-2020"),
        ("region", ("44", "4400", "440000", "CN-440000"), "440000"),
        ("region", ("500103",), "500103"),
        ("country", ("cn", " CN "), "CN"),
        ("subdivision", ("cn-gd", "CN‑GD"), "CN-GD"),
    ],
)
def test_spellings_in_use_have_one_normal_form(scheme: str, spellings: tuple[str, ...], same: str) -> None:
    assert {spelling: normalise(scheme, spelling) for spelling in spellings} == dict.fromkeys(spellings, same)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("uscc", "91110000I00037341L"),
        ("uscc", "91110000６000٣7341L"),
        ("ror", "0il0ou123"),
        ("doi", "10.1000/a b"),
        ("doi", "https://doi.org/10.1000/a%20b"),
        ("doi", "10.1000/a\u202eb"),
        ("patent", "ZZ1234567A1"),
        ("patent", "EP0000000A1"),
        ("application", "18275163.6"),  # European or an old Chinese one?
        ("application", "CN202340123456.5"),
        ("standard", "GB/T 32100-3015"),
        ("standard", "GB/T"),
        ("region", "990000"),
        ("region", "440001"),
        ("country", "XX"),
        ("country", "ıt"),
        ("subdivision", "CN"),
    ],
)
def test_what_has_not_the_form_is_refused_with_an_example(scheme: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        normalise(scheme, text)

    assert SCHEMES[scheme].example in caught.value.expected


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(SCHEMES)),
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Nd", "Lm", "Lo"]), max_size=30),
        st.from_regex(r"(?i)(CN|US|WO|JP|KR|EP|PCT/)[0-9A-Z./ -]{3,20}", fullmatch=True),
        st.from_regex(r"(ISO|GB/T|T/AB|ETSI EN|IEEE|ITU-T) ?[0-9A-Z.:/() -]{1,20}", fullmatch=True),
        st.from_regex(r"https://doi\.org/10\.1234/[%0-9a-fA-F]{1,12}", fullmatch=True),
    ),
)
@example("doi", "https://doi.org/10.1000/%ff%00")
@example("doi", "doi.org/10.1000/doi.org/10.1000/%41")
@example("standard", "A" * 100_000)
def test_any_text_is_normalised_for_good_or_refused(scheme: str, text: str) -> None:
    try:
        found = normalise(scheme, text)
    except InputError:
        return
    assert normalise(scheme, found) == found
    assert display(scheme, found)
    assert found.isprintable()
    address = url(scheme, found)
    assert address is None or re.fullmatch(r"https://[!-~]+", address)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_scheme_shows_itself(name: str) -> None:
    scheme = SCHEMES[name]

    assert scheme.name == name
    assert normalise(name, scheme.example) == scheme.example
    assert normalise(name, display(name, scheme.example)) == scheme.example
    assert scheme.label_en.isascii()
    assert not scheme.label_zh.isascii()


def test_an_unknown_scheme_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="one of uscc, lei"):
        normalise("isbn", "0")


def test_what_is_wrong_is_said_in_chinese() -> None:
    from importlib import resources

    file = resources.files("foretrack.records") / "locale" / "zh.po"
    zh = Messages("zh", read_po(file.read_text(encoding="utf-8")))
    for name, scheme in SCHEMES.items():
        with pytest.raises(InputError) as caught:
            normalise(name, "?")
        what, expected, do = caught.value.parts(zh)
        assert "不是" in what
        assert scheme.example in expected
        assert not expected.isascii()
        assert not do.isascii()
    with pytest.raises(InputError) as caught:
        normalise("ror", "03yrm5c27")
    assert "26" in caught.value.parts(zh)[2]
    assert not caught.value.parts(zh)[2].isascii()

"""Which records are proposed as one, and what becomes of what people say about it."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from time import perf_counter

import pytest

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.duplicates import judge, pair, pairs, propose
from foretrack.registry.actions.merging import merge, unmerge
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.duplicates.pairing import alike, crowd_of
from foretrack.registry.duplicates.profiles import Profile, profile_of
from foretrack.registry.duplicates.scoring import ASK_FROM, score
from foretrack.registry.kinds.organisation import ORGANISATION
from foretrack.registry.kinds.person import PERSON
from foretrack.registry.models import AuditEntry, DuplicatePair
from foretrack.registry.registry import Registry

LINES = Path(__file__).with_name("pairs.txt")


def side(text: str) -> Profile:
    names: list[str] = []
    more: dict[str, str] = {}
    for word in text.split():
        key, eq, value = word.partition("=")
        if eq:
            more[key] = value
        else:
            names.append(word)
    told = [name.strip() for name in " ".join(names).split(" / ")]
    body: dict[str, object] = {
        "name": {"en": told[0]}, "other_names": [{"en": name} for name in told[1:]],
        **{key: more[key] for key in ("region", "country", "uscc", "lei") if key in more},
    }  # fmt: skip
    if "host" in more:
        body["website"] = f"https://{more['host']}/about"
    return profile_of(ORGANISATION, body)


def labelled(half: str) -> list[tuple[bool, Profile, Profile, str]]:
    found = []
    for line in LINES.read_text(encoding="utf-8").splitlines():
        if line.startswith(half):
            head, first, second = line.split(" | ")
            found.append((head.split()[1] == "1", side(first), side(second), line))
    return found


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    z, p = 1.959964, hits / n
    middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


def quality(half: str) -> tuple[int, int, int]:
    """Proposed and one thing; proposed; one thing."""
    lines = labelled(half)
    asked = [(same, line) for same, a, b, line in lines if score(a, b).score >= ASK_FROM]
    return sum(same for same, _ in asked), len(asked), sum(same for same, *_ in lines)


def test_the_documented_quality_is_what_the_invented_pairs_give() -> None:
    page = (Path(__file__).parents[2] / "docs/methods/duplicates.md").read_text(encoding="utf-8")

    for half in ("s", "m"):
        right, asked, there = quality(half)
        for hits, n in ((right, asked), (right, there)):
            low, high = wilson(hits, n)
            assert f"{hits} of {n} = {hits / n:.2f} ({low:.2f} to {high:.2f})" in page
    assert len(labelled("m")) == 50


def test_the_order_of_records_changes_no_pair() -> None:
    profiles = [p for _, a, b, _ in labelled("m") for p in (a, b)]
    there = alike(profiles)
    back = alike(profiles[::-1])

    last = len(profiles) - 1
    assert {(last - b, last - a): s.score for (a, b), s in back.pairs.items()} == {
        pair: s.score for pair, s in there.pairs.items()
    }


def test_blocks_lose_no_pair_that_the_score_would_propose() -> None:
    profiles = [p for half in "sm" for _, a, b, _ in labelled(half) for p in (a, b)]
    found, crowd = alike(profiles).pairs, crowd_of(profiles)
    lost = [
        (a, b)
        for a in range(len(profiles))
        for b in range(a + 1, len(profiles))
        if score(profiles[a], profiles[b], crowd).score >= ASK_FROM and (a, b) not in found
    ]

    assert lost == []


def test_a_name_that_many_bear_says_less() -> None:
    body = {"name": {"zh": "张虚构"}, "region": ""}
    two = alike([profile_of(PERSON, body)] * 2)
    many = alike([profile_of(PERSON, body)] * 50)

    assert len(two.pairs) == 1
    assert many.pairs == {}


def test_a_portal_that_many_name_as_their_website_is_no_sign() -> None:
    bodies = [
        {"name": {"en": f"Invented {word}"}, "website": "https://portal.example/x"}
        for word in "abcdefghijklmno"
    ]

    assert alike([profile_of(ORGANISATION, body) for body in bodies]).pairs == {}


def test_ten_thousand_organisations_take_seconds_and_every_planted_pair_is_found() -> None:
    """Invented names of 3 words from 400, 200 of them planted twice with other spellings."""
    ends = ("n", "l", "rt", "st", "v", "x", "nd", "m", "b", "k")
    words = [f"{a}{b}{c}or" for a in "bcdfghjk" for b in "aeiou" for c in ends]

    def body(n: int, spelling: str = "{} {} {} Ltd") -> dict[str, object]:
        a, b, c = words[n % 400], words[n // 7 % 400], words[n // 3 % 400]
        return {"name": {"en": spelling.format(a, b, c).title()}, "region": f"CN-{n % 30 + 10}"}

    bodies = [body(n) for n in range(10_000)] + [body(n * 50, "THE {} {} & {} Limited") for n in range(200)]
    profiles = [profile_of(ORGANISATION, one) for one in bodies]
    began = perf_counter()

    found = alike(profiles)

    assert {(n * 50, 10_000 + n) for n in range(200)} <= found.pairs.keys()
    assert found.compared < 2_000_000
    assert perf_counter() - began < 60


@pytest.fixture
def twins(registry: Registry, national: Actor) -> tuple[str, str]:
    return tuple(
        create(
            registry, national, "organisation", {"name": name, "sort_of": "company", "region": "CN-33"}
        ).key
        for name in ({"zh": "虚构机器人有限公司"}, {"zh": "虛構機器人有限公司"})
    )  # type: ignore[return-value]


def test_nobody_looked_is_not_unsure(registry: Registry, national: Actor, twins: tuple[str, str]) -> None:
    done = propose(registry, national, "organisation")
    line = pairs(registry, national)[0]

    assert (done.records, done.found, done.new) == (2, 1, 1)
    assert {line.first.key, line.second.key} == set(twins)
    assert (line.judgement, line.judged_by) == ("nobody looked", "")
    assert line.why[0] == {"sign": "name", "level": "equal", "weight": 7.0}
    judge(registry, national, line.number, "unsure", reason="no register says so")
    assert pairs(registry, national) == ()
    assert pairs(registry, national, judgement="unsure")[0].judged_by == "NATIONAL"


def test_a_judged_pair_is_asked_again_only_after_a_name_or_identifier_changed(
    registry: Registry, national: Actor, twins: tuple[str, str]
) -> None:
    propose(registry, national, "organisation")
    judge(registry, national, pairs(registry, national)[0].number, "different")

    assert propose(registry, national, "organisation").kept == 1
    edit(registry, national, twins[0], {"country": "CN"}, revision=1)
    assert propose(registry, national, "organisation").kept == 1
    edit(registry, national, twins[0], {"other_names": [{"zh": "虚构人形机器人"}]}, revision=2)
    done = propose(registry, national, "organisation")

    assert (done.again, done.kept) == (1, 0)
    assert pairs(registry, national)[0].judgement == "nobody looked"
    assert propose(registry, national, "organisation").again == 0


def test_same_merges_and_an_undone_merge_leaves_the_pair_unsure(
    registry: Registry, national: Actor, twins: tuple[str, str]
) -> None:
    propose(registry, national, "organisation")
    number = pairs(registry, national)[0].number
    with pytest.raises(InputError, match="none of the two"):
        judge(registry, national, number, "same")

    judge(registry, national, number, "same", survivor=twins[1], reason="one licence")

    assert show(registry, national, twins[0]).key == twins[1]
    assert pairs(registry, national, judgement="same")[0].number == number
    assert propose(registry, national, "organisation").found == 0
    unmerge(registry, national, twins[0])
    assert pair(registry, national, number).judgement == "unsure"


def test_open_pairs_go_when_their_records_no_longer_look_alike_or_were_merged(
    registry: Registry, national: Actor, twins: tuple[str, str]
) -> None:
    propose(registry, national, "organisation")
    edit(registry, national, twins[1], {"name": {"zh": "完全不同的名称"}}, revision=1)

    assert propose(registry, national, "organisation").gone == 1
    assert not DuplicatePair.objects.exists()
    edit(registry, national, twins[1], {"name": {"zh": "虚构机器人"}}, revision=2)
    propose(registry, national, "organisation")
    merge(registry, national, *twins, survivor_revision=1, absorbed_revision=3)
    assert pairs(registry, national) == ()


def test_only_those_in_charge_of_both_judge(
    registry: Registry, national: Actor, officer: Actor, member: Actor, twins: tuple[str, str]
) -> None:
    with pytest.raises(AccessError):
        propose(registry, member, "organisation")
    with pytest.raises(InputError, match="no identities"):
        propose(registry, national, "plan")
    propose(registry, national, "organisation")
    number = pairs(registry, national)[0].number
    elsewhere = Actor("X", grants=(officer.grants[0].__class__("officer", regions=("DE-BY",)),))
    with pytest.raises(AccessError):
        judge(registry, elsewhere, number, "different")
    with pytest.raises(AccessError):
        pairs(registry, member)
    judge(registry, officer, number, "different", reason="Invented reason")
    entry = AuditEntry.objects.get(act="judge duplicate")
    assert (entry.texts, entry.details["judgement"]) == ({"reason": "Invented reason"}, "different")


def test_why_holds_no_value_of_a_record(registry: Registry, national: Actor, twins: tuple[str, str]) -> None:
    propose(registry, national, "organisation")

    assert "虚构" not in str(list(DuplicatePair.objects.values_list("why", flat=True)))

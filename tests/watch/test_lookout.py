"""What the lookout finds anew is told: two real scans of a planted corpus are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.foresight.corpora import made, planted

from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.domains.foresight.actions.watchable import (
    CONCEPT_TRAITS,
    WatchedConcepts,
    WatchedTechnologies,
)
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import InputError
from foretrack.jobs.queueing import enqueue
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.registry import Registry
from foretrack.watch.actions.about import Watching, ideas_about, spelled, watching
from foretrack.watch.actions.alerts import list_alerts
from foretrack.watch.actions.looking import compare_versions, versions
from foretrack.watch.actions.rules import add_rule
from foretrack.watch.actions.seeing import traits_of
from foretrack.watch.conditions import parse_condition
from foretrack.watch.models import WatchRule
from foretrack.watch.watchable import OFFER, Watched

Do = Callable[..., Any]
CLOCK = fixed_clock("2026-01-01")


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A planted world as of 2016 and 2020."""
    root = tmp_path_factory.mktemp("lookout") / "w"
    workspace = made(root, planted(first=2008, per_year=24))
    one, two = (
        scan(workspace, ScanRequest(as_of=year, packs=(), threads=1), clock=CLOCK).name
        for year in (2016, 2020)
    )
    return root, one, two


@pytest.fixture(autouse=True)
def offered(scans: tuple[Path, str, str]) -> Iterator[None]:
    before = dict(OFFER.by_name)
    OFFER.by_name = {"concepts": WatchedConcepts(scans[0]), "technologies": WatchedTechnologies(scans[0])}
    yield
    OFFER.by_name = before


def rule(registry: Registry, actor: Actor, since: str, *when: str, **given: Any) -> str:
    """A rule that had last looked at a scan."""
    key = add_rule(registry, actor, name="Lookout", when=when, **{"about": "concepts", **given}).rule.key
    WatchRule.objects.filter(key=key).update(mark=since)
    return key


def test_a_rule_begins_with_the_scan_of_its_day_and_tells_nothing_of_it(
    registry: Registry, ann: Actor, scans: tuple[Path, str, str], work: Do
) -> None:
    key = add_rule(registry, ann, name="Lookout", about="concepts").rule.key
    assert WatchRule.objects.get(key=key).mark == scans[2]
    enqueue(versions)
    work()

    assert list_alerts(registry, ann).total == 0


def test_what_changed_between_two_scans_is_told_once(
    registry: Registry, ann: Actor, scans: tuple[Path, str, str], work: Do
) -> None:
    before, after = ({w.subject: w for w in OFFER.get("concepts").read(name)} for name in scans[1:])
    same = [s for s in after if s in before and after[s].values["rank"] != before[s].values["rank"]]
    fresh = set(after) - set(before)
    assert same
    key = rule(registry, ann, scans[1], "new", "rank moved 1")
    for _ in range(2):
        enqueue(versions)
        work()

    found = list_alerts(registry, ann, limit=500)
    assert {a.subject for a in found.alerts if a.reason == "moved"} == set(same)
    assert {a.subject for a in found.alerts if a.reason == "new"} == fresh
    assert all(a.times == 1 and a.title for a in found.alerts)
    moved = next(a for a in found.alerts if a.reason == "moved")
    ranks = before[moved.subject].values["rank"], after[moved.subject].values["rank"]
    assert moved.text == "Rank went from {} to {}".format(*ranks)
    assert WatchRule.objects.get(key=key).mark == scans[2]


def test_a_search_narrows_concepts_by_words_and_state(
    registry: Registry, ann: Actor, scans: tuple[Path, str, str], work: Do
) -> None:
    before, after = ({w.subject: w for w in OFFER.get("concepts").read(name)} for name in scans[1:])
    wanted = next(w for s, w in after.items() if s in before and w.values["rank"] != before[s].values["rank"])
    rule(registry, ann, scans[1], "rank changed", text=wanted.title.en.upper())
    rule(registry, ann, scans[1], "rank changed", text="no such words at all")
    enqueue(versions)
    work()

    assert wanted.subject in {a.subject for a in list_alerts(registry, ann, limit=500).alerts}
    assert all(
        wanted.title.en.lower() in a.title.lower() for a in list_alerts(registry, ann, limit=500).alerts
    )


def test_technologies_are_watched_by_their_lasting_identity(
    registry: Registry, ann: Actor, scans: tuple[Path, str, str], work: Do
) -> None:
    before, after = ({w.subject: w for w in OFFER.get("technologies").read(name)} for name in scans[1:])
    rule(registry, ann, scans[1], "new", "gone", "n_documents changed", about="technologies")
    enqueue(versions)
    work()

    found = {(a.subject, a.reason) for a in list_alerts(registry, ann, limit=500).alerts}
    assert {s for s, reason in found if reason == "new"} == set(after) - set(before)
    assert {s for s, reason in found if reason == "gone"} == set(before) - set(after)
    assert found


def test_only_scans_that_were_asked_alike_are_compared(
    registry: Registry, scans: tuple[Path, str, str], tmp_path: Path
) -> None:
    import shutil

    from foretrack.corpus.views import Filters
    from foretrack.corpus.workspace import Workspace

    root = Path(shutil.copytree(scans[0], tmp_path / "w"))
    other = scan(
        Workspace(root),
        ScanRequest(as_of=2020, packs=(), threads=1, filters=Filters(sources=("second",))),
        clock=CLOCK,
    ).name
    there = WatchedConcepts(root).versions()

    assert there == scans[1:]
    assert other not in there


def test_a_rule_whose_scan_was_deleted_begins_anew(
    registry: Registry, ann: Actor, scans: tuple[Path, str, str], work: Do
) -> None:
    key = rule(registry, ann, "2011-gone", "new")
    enqueue(versions)
    work()

    assert list_alerts(registry, ann).total == 0
    assert WatchRule.objects.get(key=key).mark == scans[2]


def test_what_the_lookout_does_not_know_cannot_be_watched(registry: Registry, ann: Actor) -> None:
    for given in (("price above 3",), ("state entered booming",), ("rank due 3",)):
        with pytest.raises(InputError):
            rule(registry, ann, "", *given)


class Renaming:
    """Two versions in which one concept is called otherwise; another has its first name's beginning."""

    unit = "concept"
    ideas = ()
    traits = CONCEPT_TRAITS

    def versions(self) -> tuple[str, ...]:
        return "one", "two", "three"

    def read(self, version: str) -> Iterator[Watched]:
        name, state = {"one": ("old", "steady"), "two": ("new", "steady"), "three": ("new", "emerging")}[
            version
        ]
        yield Watched(f"concept:{name}", Bilingual(name), {"state": state})
        yield Watched(
            "concept:other", Bilingual("other"), {"state": "steady" if version == "one" else "declining"}
        )

    def follow(self, before: str, after: str) -> dict[str, str]:
        return {"concept:old": "concept:new"} if before == "one" else {}


def test_a_rule_about_one_concept_follows_it_when_it_is_called_otherwise(
    registry: Registry, ann: Actor
) -> None:
    OFFER.by_name["concepts"] = Renaming()
    key = rule(registry, ann, "one", "state changed", "gone", filters={"key": ["old"]})

    for version, subjects in (("two", []), ("three", ["concept:new"])):
        compare_versions(registry, WatchRule.objects.get(key=key), version)
        assert [alert.subject for alert in list_alerts(registry, ann).alerts] == subjects

    assert WatchRule.objects.get(key=key).search["filters"] == {"key": ["new"]}
    about = watching(registry, ann, ["concept:new"])
    assert [one.key for one in about.rules] == [key]
    assert about.total == 1
    assert watching(registry, ann, ["concept:old", "record:new"]) == Watching((), (), 0)
    assert watching(registry, VISITOR, ["concept:new"]) == Watching((), (), 0)


def test_a_rule_in_words_and_as_it_is_typed_again(registry: Registry, ann: Actor) -> None:
    key = rule(registry, ann, "", "rank below 11", "state in emerging, growing", "p_dbl3 above 0.5", "gone")

    said = spelled(registry, replace(ann, language="zh"), key)

    assert said.words == (
        "进入前 10 名", "状态为新兴、增长", "三年内翻倍的概率升至 0.5 以上", "不再属于所关注的内容",
    )  # fmt: skip
    again = rule(registry, ann, "", *said.typed)
    assert WatchRule.objects.get(key=again).conditions == WatchRule.objects.get(key=key).conditions


def test_every_idea_is_a_condition(registry: Registry) -> None:
    for watchable in OFFER.by_name.values():
        for idea in watchable.ideas:
            assert parse_condition(idea.typed(None), watchable.traits)
    for kind in registry.kinds:
        for idea in ideas_about(registry, "record", kind.name):
            assert parse_condition(idea.typed(None), traits_of(kind))

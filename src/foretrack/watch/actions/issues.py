"""Published lists as something that can be watched: a new issue, and who entered, left or was removed by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, get_args

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.lists.actions.reading import open_issue
from foretrack.lists.issue import Entry, Facet, Issue, Status
from foretrack.packs.shapes import Bilingual
from foretrack.registry.registry import Registry, moment
from foretrack.watch.actions.looking import conditions_of, running_rules
from foretrack.watch.actions.raising import raise_alerts
from foretrack.watch.actions.seeing import KEY, among
from foretrack.watch.conditions import Idea, Sight, Trait, findings, has_words
from foretrack.watch.models import WatchRule
from foretrack.watch.watchable import Watched

TRAITS: Mapping[str, Trait] = {
    trait.name: trait
    for trait in (
        Trait("series", Bilingual("List", "名单"), "choice"),
        Trait("issue", Bilingual("Issue", "期次"), "number"),
        Trait("status", Bilingual("Status", "状态"), "choice", get_args(Status)),
        Trait("direction", Bilingual("Direction", "方向"), "choice"),
        Trait("region", Bilingual("Region", "地区"), "choice"),
        Trait("track", Bilingual("Track", "赛道"), "choice"),
        Trait("valid_to", Bilingual("Valid until", "有效期至"), "day"),
    )
}


class PublishedLists:
    """What rules about lists may name. Issues are looked at when they are published, each against the one before."""

    unit: ClassVar[str] = "list"
    ideas: ClassVar[tuple[Idea, ...]] = ()

    @property
    def traits(self) -> Mapping[str, Trait]:
        return TRAITS

    def versions(self) -> tuple[str, ...]:
        """None: every series has its own numbers, and none is ever skipped."""
        return ()

    def read(self, version: str) -> Iterable[Watched]:
        """Nothing; see `subjects`."""
        return ()

    def follow(self, before: str, after: str) -> Mapping[str, str]:
        """Nothing: the key of a record is the same in every issue."""
        return {}


@job(Terms(whole=True))
def look_at_issue(run: Run, series: str, number: int) -> None:
    """Looks at one published issue, for every rule about lists."""
    compare_issues(run.registry, series, number)


def compare_issues(registry: Registry, series: str, number: int) -> int:
    """Number of alerts that the step from the issue before opened. Published lists are public: every owner sees them."""
    from foretrack.lists.models import ListIssue

    published = ListIssue.objects.get(series__name=series, number=number)
    after = subjects(series, open_issue(series, number)[0])
    before = subjects(series, open_issue(series, number - 1)[0]) if number > 1 else {}
    raised = 0
    for rule in running_rules("lists"):
        conditions = conditions_of(registry, rule)
        if conditions is None or moment(published.at) <= moment(rule.changed_at):
            continue
        for subject in dict.fromkeys([*after, *before]):
            then, now = before.get(subject), after.get(subject)
            found = findings(
                conditions, _seen(rule, then), _seen(rule, now), today=registry.now().date(),
                add_working_days=registry.add_working_days,
            )  # fmt: skip
            title = (now or then or Watched(subject, Bilingual(), {})).title
            raised += raise_alerts(registry, rule, subject, found, f"issue:{number}", title=title)
    return raised


def subjects(series: str, issue: Issue) -> dict[str, Watched]:
    """The list itself and each of its entries, as an issue has them."""
    whole = Watched(f"list:{series}", issue.series.title, {"series": series, "issue": issue.number})
    found = {whole.subject: whole}
    for entry in issue.entries:
        one = Watched(f"entry:{series}/{entry.record}", entry.title, _values(series, entry))
        found[one.subject] = one
    return found


def _values(series: str, entry: Entry) -> dict[str, Any]:
    def name(facet: Facet | None) -> str | None:
        return facet.id if facet else None

    return {
        "series": series, "status": entry.status, "direction": name(entry.direction), "region": name(entry.region),
        "track": name(entry.track), "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
    }  # fmt: skip


def _seen(rule: WatchRule, one: Watched | None) -> Sight | None:
    if one is None:
        return None
    facets = {name: (str(value),) for name, value in one.values.items() if value is not None}
    facets[KEY] = (one.subject.partition(":")[2],)
    text = rule.search.get("text")
    fits = among(rule.search.get("filters") or {}, facets)
    return Sight(one.values) if fits and (not text or has_words(text, (one.title.en, one.title.zh))) else None

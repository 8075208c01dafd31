"""The lookout as something that can be watched: its scans are versions, their ranked concepts and technologies subjects.

Every program that opens the registry imports this, so what reads scans is imported when a scan is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, get_args

from foretrack.domains.foresight.answers import State, TrackLabel
from foretrack.packs.shapes import Bilingual
from foretrack.watch.conditions import Idea, Trait
from foretrack.watch.watchable import Watched

if TYPE_CHECKING:
    from foretrack.domains.foresight.actions.results import Scan


def _traits(*traits: Trait) -> Mapping[str, Trait]:
    return {trait.name: trait for trait in traits}


RANK = Trait("rank", Bilingual("Rank", "名次"), "number", rank=True)
TRACK = Trait("track", Bilingual("Track", "赛道"), "choice")
P_EG3 = Trait(
    "p_eg3", Bilingual("Probability of extreme growth within 3 years", "三年内极快增长的概率"), "number"
)
P_DBL3 = Trait("p_dbl3", Bilingual("Probability of doubling within 3 years", "三年内翻倍的概率"), "number")
DOCUMENTS = Trait("n_documents", Bilingual("Documents", "文献数"), "number")
GROWTH = Trait("growth", Bilingual("Growth", "增长"), "number")

STANDS = {
    "emerging": Bilingual("emerging", "新兴"), "growing": Bilingual("growing", "增长"),
    "steady": Bilingual("steady", "平稳"), "mature": Bilingual("mature", "成熟"),
    "declining": Bilingual("declining", "下降"), "not enough evidence": Bilingual("not enough evidence", "证据不足"),
}  # fmt: skip
"""States of concepts and stages of technologies."""
STATE = Trait("state", Bilingual("State", "状态"), "choice", get_args(State), STANDS)

_FIRST = Idea(
    "first", Bilingual("It rises among the first {n}", "进入前 {n} 名"), "rank below {n}", 10, high=100_000, add=1
)  # fmt: skip
_DOUBLING = Idea(
    "doubling",
    Bilingual(
        "The probability that it doubles within 3 years rises above {n} %", "三年内翻倍的概率升至 {n}% 以上"
    ),
    "p_dbl3 above {n}", 50, high=99, part_of=100,
)  # fmt: skip
_EXTREME = Idea(
    "extreme",
    Bilingual(
        "The probability of extreme growth within 3 years rises above {n} %", "三年内极快增长的概率升至 {n}% 以上"
    ),
    "p_eg3 above {n}", 20, high=99, part_of=100,
)  # fmt: skip
_GONE = Idea("gone", Bilingual("It is no longer among the ranked", "不再进入排名"), "gone")

CONCEPT_TRAITS = _traits(
    RANK, STATE,
    Trait("score", Bilingual("Score", "得分"), "number"), P_EG3, P_DBL3, DOCUMENTS, GROWTH, TRACK,
)  # fmt: skip


@dataclass(frozen=True)
class _Scans:
    """The scans of a workspace that may be compared: those asked like the widest one, by the method of the latest."""

    root: Path

    def versions(self) -> tuple[str, ...]:
        """Names of the scans, in the order of the year that they are about, then of the day when they were made."""
        from foretrack.corpus.results import ResultStore

        store = ResultStore(self.root / "results")
        made = [store.open(name) for name in store.list()]
        made.sort(key=lambda r: (r.manifest.get("as_of", 0), str(r.created.get("created_at", "")), r.name))
        if not made:
            return ()
        whole = [
            result for result in made if not any((result.manifest.get("filters") or {}).values())
        ] or made[-1:]
        method = whole[-1].manifest.get("method")
        filters = whole[-1].manifest.get("filters")
        return tuple(
            result.name for result in whole
            if result.manifest.get("method") == method and result.manifest.get("filters") == filters
        )  # fmt: skip

    def scan(self, version: str) -> Scan:
        """A scan by its name."""
        from foretrack.corpus.results import ResultStore
        from foretrack.corpus.workspace import Workspace
        from foretrack.domains.foresight.actions.results import Scan

        return Scan(ResultStore(Workspace(self.root).results_dir).open(version))


@dataclass(frozen=True)
class WatchedConcepts(_Scans):
    """The ranked concepts of each scan."""

    unit: ClassVar[str] = "concept"
    ideas: ClassVar[tuple[Idea, ...]] = (
        Idea("state", Bilingual("Its state changes", "状态变化"), "state changed", chosen=True), _FIRST, _DOUBLING,
        _EXTREME, _GONE,
    )  # fmt: skip

    @property
    def traits(self) -> Mapping[str, Trait]:
        return CONCEPT_TRAITS

    def read(self, version: str) -> Iterable[Watched]:
        """Each ranked concept as plain values."""
        from foretrack.domains.foresight.actions.results import iter_items

        for item in iter_items(self.scan(version)):
            yield Watched(
                subject=f"concept:{item.concept}",
                title=Bilingual(item.label_en or item.label, item.label_zh or item.label),
                values={
                    "rank": item.rank, "state": item.state, "score": item.score, "p_eg3": item.p_eg3,
                    "p_dbl3": item.p_dbl3, "n_documents": item.measures.n_documents, "growth": item.measures.growth,
                    "track": _tracks(item.tracks),
                },
                texts=item.forms,
            )  # fmt: skip

    def follow(self, before: str, after: str) -> Mapping[str, str]:
        """Concepts whose identifier changed, as `foretrack diff` pairs them: by the spellings that they share."""
        from foretrack.domains.foresight.actions.compare import partners

        old, new = (_forms(self.scan(name)) for name in (before, after))
        return {
            f"concept:{old[was]['concept']}": f"concept:{new[now]['concept']}"
            for was, now in partners(old, new).items()
            if old[was]["concept"] != new[now]["concept"]
        }


@dataclass(frozen=True)
class WatchedTechnologies(_Scans):
    """The technologies of each scan; their identities last over years."""

    unit: ClassVar[str] = "technology"
    ideas: ClassVar[tuple[Idea, ...]] = (
        Idea("stage", Bilingual("Its stage changes", "阶段变化"), "stage changed", chosen=True), _FIRST, _DOUBLING,
        _EXTREME, _GONE,
    )  # fmt: skip

    @property
    def traits(self) -> Mapping[str, Trait]:
        from foretrack.domains.foresight.technologies.describing import STAGES

        stage = Trait("stage", Bilingual("Stage", "阶段"), "choice", tuple(STAGES), STANDS)
        return _traits(RANK, stage, P_EG3, P_DBL3, DOCUMENTS, GROWTH, TRACK)

    def read(self, version: str) -> Iterable[Watched]:
        """Each technology as plain values; nothing for a scan that has none."""
        from foretrack.domains.foresight.actions.technologies import StoredTechnologies

        scan = self.scan(version)
        if "technologies" not in scan.stored.manifest["tables"]:
            return
        stored = StoredTechnologies(scan)
        for number in range(len(stored.rows)):
            item = stored.item(number)
            yield Watched(
                subject=f"technology:{item.technology}",
                title=Bilingual(item.label_en or item.label, item.label_zh or item.label),
                values={
                    "rank": item.rank, "stage": item.stage, "p_eg3": item.p_eg3, "p_dbl3": item.p_dbl3,
                    "n_documents": item.n_documents, "growth": item.growth, "track": _tracks(item.tracks),
                },
                texts=item.concepts,
            )  # fmt: skip

    def follow(self, before: str, after: str) -> Mapping[str, str]:
        """Nothing: the identifier itself follows a technology."""
        return {}


def _tracks(tracks: Sequence[TrackLabel]) -> list[str]:
    from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY

    return [label.track for label in tracks if label.p >= MIN_TRACK_PROBABILITY]


def _forms(scan: Scan) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = scan.concepts.select(["concept", "forms"]).to_pylist()
    return rows

"""Score sheets of reviewers as dated data: criteria with their weights, scales and anchors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Entry

MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Criterion(Entry):
    """One thing that a reviewer marks from 0 to `most`."""

    question: Bilingual = field(default_factory=Bilingual)
    """What exactly is asked."""
    weight: float = 1
    """What it weighs against the other criteria; they need not sum to 1."""
    most: int = 10
    anchors: Mapping[int, Bilingual] = field(default_factory=dict)
    """Points to what they mean."""


@dataclass(frozen=True, slots=True)
class Rubric(Entry):
    """A score sheet."""

    criteria: tuple[Criterion, ...] = ()
    note: Bilingual = field(default_factory=Bilingual)


def read_rubric(node: Node) -> Rubric:
    """The checked rubric of a node: at least one criterion, each with a weight above 0 and anchors on its scale."""
    node.only(("id", "label", "clause", "source", "confidence", "note", "criteria"))
    criteria = tuple(_criterion(one) for one in node.nodes("criteria"))
    names = [one.id for one in criteria]
    if not criteria or len(set(names)) != len(names):
        raise node.fail(
            "there is no criterion, or two have one id", "criteria with ids of their own",
            "criteria: [{id: novelty, label: {en: Novelty, zh: 新颖性}, weight: 2, most: 10}]", at="criteria",
        )  # fmt: skip
    return Rubric(**node.entry("typical"), criteria=criteria, note=node.note())


def _criterion(node: Node) -> Criterion:
    node.only(("id", "label", "clause", "source", "confidence", "question", "weight", "most", "anchors"))
    weight = node.number("weight", "weight: 2", default=1)
    most = node.whole("most", "most: 10", least=1) or 10
    if weight is None or weight <= 0 or most > MOST_POINTS:
        raise node.fail(
            "a weight of {weight} and points to {most}", "a weight above 0 and at most 100 points",
            "weight: 2, most: 10", at="weight", weight=weight, most=most,
        )  # fmt: skip
    anchors: dict[int, Bilingual] = {}
    if node.value.get("anchors"):
        said = node.node("anchors", "{'0': {en: None, zh: 无}, '10': {en: Excellent, zh: 优秀}}")
        for points in said.value:
            if not str(points).isdigit() or int(points) > most:
                raise said.fail(
                    "{points!r} is not on the scale", "points from 0 to {most}", "'0': {en: None}", points=points,
                    most=most,
                )  # fmt: skip
            anchors[int(points)] = said.bilingual(str(points), "{en: None, zh: 无}")
    return Criterion(
        **node.entry("novelty"), question=node.bilingual("question", "{en: How new is it?}", required=False),
        weight=weight, most=most, anchors=dict(sorted(anchors.items())),
    )  # fmt: skip

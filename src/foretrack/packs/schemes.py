"""Named taxonomies of a pack (trees, scales, stages, codes of others) and crosswalks between them.

A crosswalk says how a concept of one scheme relates to concepts of another, in the five relations of SKOS (W3C
Recommendation of 18 August 2009, section 10): `broader: [X]` says that X is broader than the concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence, Entry

if TYPE_CHECKING:
    from foretrack.packs.shapes import Pack

SchemeKind: TypeAlias = Literal["tree", "scale", "stages", "classes", "codes"]
SCHEME_KINDS: tuple[str, ...] = get_args(SchemeKind)

Relation: TypeAlias = Literal["exact", "close", "broader", "narrower", "related"]
RELATIONS: tuple[str, ...] = get_args(Relation)
_OPPOSITE: dict[str, Relation] = {"broader": "narrower", "narrower": "broader"}

OWN_PARTS = ("directions", "tracks", "products", "core-technologies")
"""Parts of every pack that a crosswalk may name as if they were schemes."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be shown before a level is reached."""

    id: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class Concept(Entry):
    """One concept of a scheme."""

    parent: str | None = None
    definition: Bilingual = field(default_factory=Bilingual)
    checklist: tuple[Check, ...] = ()
    """Evidence that a level of a scale asks for; its wording is in our own words."""
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class Scheme(Entry):
    """A named taxonomy. Its concepts stand in their order: of a scale, the lowest first."""

    kind: SchemeKind = "tree"
    concepts: tuple[Concept, ...] = ()
    forms: tuple[str, ...] = ()
    """Of codes that others keep: how a code looks, `A` a capital letter, `9` a digit, `9*` one or more digits."""
    version: str = ""
    note: Bilingual = field(default_factory=Bilingual)

    def concept(self, name: str) -> Concept | None:
        """The concept called `name`, or None."""
        return next((concept for concept in self.concepts if concept.id == name), None)

    def fits(self, code: str) -> bool:
        """Whether a code has one of the forms.

        >>> ipc = Scheme("ipc", Bilingual("IPC"), "", (), "K", kind="codes", forms=("A99A", "A99A 9*/9*"))
        >>> [ipc.fits(code) for code in ("H01M", "H01M 10/0562", "H1M", "h01m")]
        [True, True, False, False]
        """
        return any(_pattern(form).fullmatch(code) for form in self.forms)


@dataclass(frozen=True, slots=True)
class Mapping:
    """One statement of a crosswalk: `target` is exact, close, broader, narrower or related to `source`."""

    source: str
    relation: Relation
    target: str
    confidence: Confidence
    note: Bilingual = field(default_factory=Bilingual)


@dataclass(frozen=True, slots=True)
class Crosswalk(Entry):
    """How the concepts of one scheme relate to those of another."""

    origin: str = ""
    """`pack/scheme` whose concepts are mapped."""
    destination: str = ""
    """`pack/scheme` that they are mapped to."""
    mappings: tuple[Mapping, ...] = ()
    unmapped: tuple[str, ...] = ()
    """Concepts of the origin of which somebody has said that nothing corresponds."""
    note: Bilingual = field(default_factory=Bilingual)

    def of(self, concept: str) -> tuple[Mapping, ...]:
        """The statements about one concept of the origin."""
        return tuple(mapping for mapping in self.mappings if mapping.source == concept)

    def turned(self) -> tuple[Mapping, ...]:
        """The statements read the other way: broader becomes narrower.

        >>> from foretrack.packs.loading import load_packs
        >>> (walk,) = (w for p in load_packs() for w in p.crosswalks if w.id == "cn-15fyp-2026-to-2024")
        >>> [(m.source, m.relation, m.target) for m in walk.turned() if m.source == "quantum-computing"]
        [('quantum-computing', 'broader', 'quantum-technology')]
        """
        return tuple(
            Mapping(m.target, _OPPOSITE.get(m.relation, m.relation), m.source, m.confidence, m.note)
            for m in self.mappings
        )


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = re.findall(r"9\*|.", form)
    known = {"A": "[A-Z]", "9": "[0-9]", "9*": "[0-9]+"}
    return re.compile("".join(known.get(part, re.escape(part)) for part in parts))


def ids_of(pack: Pack, scheme: str) -> tuple[str, ...] | None:
    """Ids of the concepts of a scheme of the pack, one of its own parts included; None where there is none."""
    if scheme == "core-technologies":
        return tuple(core.id for product in pack.products for core in product.core_technologies)
    if scheme in OWN_PARTS:
        return tuple(entry.id for entry in getattr(pack, scheme))
    found = next((known for known in pack.schemes if known.id == scheme), None)
    return None if found is None else tuple(concept.id for concept in found.concepts)


def read_scheme(node: Node, entry: dict[str, object]) -> Scheme:
    """The checked scheme of a node whose shared fields are `entry`."""
    node.only((*_ENTRY, "kind", "concepts", "forms", "version", "note"))
    kind = cast(SchemeKind, node.choice("kind", SCHEME_KINDS))
    forms = node.words("forms", "A99A")
    if (kind == "codes") != bool(forms):
        raise node.fail(
            "a scheme of the kind {kind!r} with {n} forms", "`forms` for codes, and only for codes",
            'kind: codes\n  forms: ["A99A"]', at="forms", kind=kind, n=len(forms),
        )  # fmt: skip
    for form in forms:
        if len(form) > MAX_FORM:
            raise node.fail(
                "a form of {n} characters", "at most {most}", 'forms: ["A99A 9*/9*"]',
                at="forms", n=len(form), most=MAX_FORM,
            )  # fmt: skip
    nodes = node.nodes("concepts")
    concepts = tuple(_concept(item) for item in nodes)
    if not concepts and kind != "codes":
        raise node.fail("the scheme has no concept", "at least one", "concepts:\n  - id: ...", at="concepts")
    _check_tree(nodes, concepts)
    return Scheme(
        **entry,  # type: ignore[arg-type]
        kind=kind,
        concepts=concepts,
        forms=forms,
        version=node.word("version", "2026.01", default=""),
        note=node.note(),
    )


MAX_FORM = 40
_ENTRY = ("id", "label", "clause", "source", "confidence")
_LABEL = "{en: Proof of concept, zh: 概念验证}"


def _concept(node: Node) -> Concept:
    node.only((*_ENTRY, "parent", "definition", "checklist", "valid_from", "valid_to"))
    first, last = node.period()
    return Concept(
        id=node.identifier("trl-3", clause=True),
        label=node.bilingual("label", _LABEL),
        clause=node.word("clause", "IV.1", default=""),
        source=node.words("source", "S1"),
        confidence=node.confidence(),
        parent=node.optional_word("parent", "another-id"),
        definition=node.bilingual("definition", "{en: What it means.}", required=False),
        checklist=tuple(_checks(node)),
        valid_from=first,
        valid_to=last,
    )


def _checks(node: Node) -> Iterator[Check]:
    seen: set[str] = set()
    for item in node.nodes("checklist"):
        item.only(("id", "label"))
        check = Check(item.identifier("test-report"), item.bilingual("label", "{en: A test report}"))
        if check.id in seen:
            raise item.fail("the id {id!r} is given twice", "each id once", "id: another-name", id=check.id)
        seen.add(check.id)
        yield check


def _check_tree(nodes: tuple[Node, ...], concepts: tuple[Concept, ...]) -> None:
    """Raises InputError when ids repeat, a parent does not exist, or a concept is its own ancestor."""
    parents: dict[str, str | None] = {}
    for node, concept in zip(nodes, concepts, strict=True):
        if concept.id in parents:
            raise node.fail("the id {id!r} is given twice", "each id once", "id: another-name", id=concept.id)
        parents[concept.id] = concept.parent
    for node, concept in zip(nodes, concepts, strict=True):
        if concept.parent is not None and concept.parent not in parents:
            raise node.fail(
                "there is no concept {parent!r}", "a concept of this scheme", "parent: another-id",
                at="parent", parent=concept.parent,
            )  # fmt: skip
        seen, above = {concept.id}, concept.parent
        while above is not None:
            if above in seen:
                raise node.fail(
                    "{id!r} is its own ancestor", "a tree", "parent: null", at="parent", id=concept.id
                )
            seen.add(above)
            above = parents.get(above)


def read_crosswalk(node: Node, entry: dict[str, object]) -> Crosswalk:
    """The checked crosswalk of a node; that its schemes and concepts exist is checked by `check_crosswalk`."""
    node.only((*_ENTRY, "from", "to", "mappings", "unmapped", "note"))
    ends = {}
    for end, example in (("from", "my-pack/tracks"), ("to", "code-systems/ipc")):
        ends[end] = node.word(end, example)
        if len(ends[end].split("/")) != 2:
            raise node.fail(
                "{end!r} is {value!r}", "the id of a pack, a slash and the id of a scheme",
                f"{end}: {example}", at=end, end=end, value=ends[end],
            )  # fmt: skip
    mappings: list[Mapping] = []
    for item in node.nodes("mappings"):
        item.only(("from", *RELATIONS, "confidence", "note"))
        source = item.word("from", "nuclear-energy")
        confidence = item.confidence(cast(str, entry["confidence"]))
        note = item.note()
        found = [
            Mapping(source, cast(Relation, relation), target, confidence, note)
            for relation in RELATIONS
            for target in item.words(relation, "G21")
        ]
        if not found:
            raise item.fail(
                "nothing is said about {source!r}", "one of {known}", "close: [G21]",
                source=source, known=", ".join(RELATIONS),
            )  # fmt: skip
        for mapping in found:
            if any(mapping.source == m.source and mapping.target == m.target for m in mappings):
                raise item.fail(
                    "{source!r} and {target!r} are related twice", "one relation between two concepts",
                    "close: [G21]", source=source, target=mapping.target,
                )  # fmt: skip
            mappings.append(mapping)
    return Crosswalk(
        **entry,  # type: ignore[arg-type]
        origin=ends["from"],
        destination=ends["to"],
        mappings=tuple(mappings),
        unmapped=node.words("unmapped", "nuclear-energy"),
        note=node.note(),
    )


def check_crosswalk(node: Node, walk: Crosswalk, packs: dict[str, Pack]) -> None:
    """Raises InputError when a scheme or a concept of the crosswalk does not exist.

    A pack that is not among `packs` is not looked into.
    """
    for end, name, concepts in (
        ("from", walk.origin, {m.source for m in walk.mappings} | set(walk.unmapped)),
        ("to", walk.destination, {m.target for m in walk.mappings}),
    ):
        pack_id, scheme_id = name.split("/")
        if pack_id not in packs:
            continue
        pack = packs[pack_id]
        known = ids_of(pack, scheme_id)
        if known is None:
            raise node.fail(
                "there is no scheme {scheme!r} in {pack}", "one of {known}", f"{end}: {pack_id}/tracks",
                at=end, scheme=scheme_id, pack=pack_id,
                known=", ".join((*OWN_PARTS, *(scheme.id for scheme in pack.schemes))),
            )  # fmt: skip
        scheme = next((found for found in pack.schemes if found.id == scheme_id), None)
        for concept in sorted(concepts):
            if concept in known or (scheme is not None and scheme.forms and scheme.fits(concept)):
                continue
            if scheme is not None and scheme.forms:
                raise node.fail(
                    "{code!r} is no code of {scheme}", "a code of the form {forms}", "close: [H01M]",
                    at="mappings", code=concept, scheme=scheme_id, forms=" or ".join(scheme.forms),
                )  # fmt: skip
            raise node.fail(
                "there is no concept {concept!r} in {name}", "one of {known}", "close: [nuclear-energy]",
                at="mappings", concept=concept, name=name, known=", ".join(known[:8]) or "-",
            )  # fmt: skip
    both = {m.source for m in walk.mappings} & set(walk.unmapped)
    if both:
        raise node.fail(
            "{concept!r} is mapped and also said to be unmapped", "one of the two", "unmapped: []",
            at="unmapped", concept=min(both),
        )  # fmt: skip

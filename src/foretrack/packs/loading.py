"""Loads packs: those that come with Foretrack and those of the user."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from foretrack.foundation.errors import InputError
from foretrack.packs.calendars import read_calendar
from foretrack.packs.call_templates import read_call_template
from foretrack.packs.clause_map import read_system
from foretrack.packs.reading import Node, read_yaml
from foretrack.packs.rubrics import read_rubric
from foretrack.packs.rule_linking import link_rules
from foretrack.packs.rule_reading import read_indicators, read_overlay, read_rules
from foretrack.packs.schemes import check_crosswalk, read_crosswalk, read_scheme
from foretrack.packs.shapes import (
    OPERATORS,
    ROLES,
    Clause,
    CoreTechnology,
    Direction,
    Operator,
    Pack,
    Product,
    Role,
    Source,
    Target,
    Track,
)

BUILT_IN = Path(__file__).parent / "data"
DEFAULT_PACK = "cn-future-industries-2024"
PARTS = (
    "clauses", "directions", "tracks", "products", "targets", "schemes", "crosswalks", "calendars", "indicators",
    "rules", "overlays", "systems", "rubrics", "calls",
)  # fmt: skip
"""What a pack may hold, each a list in pack.yml or in the files that it names."""
_PACK_KEYS = (
    "format", "id", "version", "title", "jurisdiction", "document_number", "issuers", "valid_from", "valid_to",
    "announced", "confidence", "sources", "confidence_marks", "chinese_labels", "note", "files", "none", *PARTS,
)  # fmt: skip
_ENTRY = ("id", "label", "clause", "source", "confidence")


def load_packs(paths: Sequence[str | Path] = (), *, built_in: bool = True) -> tuple[Pack, ...]:
    """All packs found, in the order of their ids: the built-in ones and those under `paths`.

    Each path is a pack's folder (it holds pack.yml) or a folder of such folders; a folder that does not exist
    holds no packs. A user's pack with the id of a built-in one replaces it.

    Raises InputError with file, place, expectation and an example when a pack is not usable, and when two
    packs under `paths` have the same id.

    >>> [pack.id for pack in load_packs() if pack.tracks]
    ['cn-15fyp-2026', 'cn-future-industries-2024']
    """
    own: dict[str, _Draft] = {}
    for path in paths:
        for folder in _folders(Path(path)):
            draft = _draft(folder)
            name = draft.pack.id
            if name in own and own[name].pack.folder != draft.pack.folder:
                raise InputError.of(
                    "two packs have the id {id!r}: {one} and {two}",
                    expected="one pack per id",
                    do="give one of them another id in its pack.yml",
                    id=name, one=own[name].pack.folder, two=draft.pack.folder,
                )  # fmt: skip
            own[name] = draft
    if built_in and not own:
        return tuple(pack for _, pack in sorted(_built_in().items()))
    return tuple(pack for _, pack in sorted(_linked(own, _built_in_drafts() if built_in else {}).items()))


@cache
def _built_in_drafts() -> Mapping[str, _Draft]:
    drafts = [_draft(folder) for folder in _folders(BUILT_IN)]
    return {draft.pack.id: draft for draft in drafts}


@cache
def _built_in() -> Mapping[str, Pack]:
    return _linked(_built_in_drafts(), {})


def load_pack(folder: str | Path) -> Pack:
    """The checked pack in `folder`. Raises InputError when it is not usable.

    What it says about other packs is checked against the built-in ones.
    """
    draft = _draft(Path(folder))
    return _linked({draft.pack.id: draft}, _built_in_drafts())[draft.pack.id]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A pack whose own parts are checked, and the nodes of those that name other packs."""

    pack: Pack
    crosswalks: tuple[Node, ...]
    rules: tuple[Node, ...]
    overlays: tuple[Node, ...]


def _linked(drafts: Mapping[str, _Draft], known: Mapping[str, _Draft]) -> dict[str, Pack]:
    """All packs: those of the drafts, and the known ones that they do not replace.

    Rules receive the rules that they name and overlays are laid over theirs, in the known packs too, since a pack
    that is replaced may hold what they name. Crosswalks are checked in the packs of the drafts.
    """
    every = {**known, **drafts}
    packs = {name: draft.pack for name, draft in every.items()}
    places = {
        rule.full_id: node
        for draft in every.values()
        for rule, node in zip(draft.pack.rules, draft.rules, strict=True)
    }
    rules = link_rules({rule.full_id: rule for pack in packs.values() for rule in pack.rules}, places)
    for draft in drafts.values():
        for node, walk in zip(draft.crosswalks, draft.pack.crosswalks, strict=True):
            check_crosswalk(node, walk, packs)
    linked = {}
    for name, draft in every.items():
        overlays = tuple(read_overlay(node, name, rules) for node in draft.overlays)
        _once(draft.overlays, [overlay.id for overlay in overlays])
        own = tuple(rules[rule.full_id] for rule in draft.pack.rules)
        linked[name] = replace(draft.pack, rules=own, overlays=overlays)
    return linked


def _draft(folder: Path) -> _Draft:
    main = folder / "pack.yml"
    root = Node(read_yaml(main), str(main))
    root.only(_PACK_KEYS)
    if root.value.get("format", 1) != 1:
        raise root.fail(
            "format {format!r} is not known", "1", "format: 1", at="format", format=root.value["format"]
        )
    root.day("valid_from", "the first day the pack is in force")
    first, last = root.period()
    read = [main]
    nodes = {part: _part(root, folder, part, read) for part in PARTS}
    pack_id = root.identifier("my-technologies")
    pack = Pack(
        id=pack_id,
        title=root.bilingual("title", "{en: My technologies}"),
        jurisdiction=root.optional_word("jurisdiction", "CN"),
        document_number=root.optional_word("document_number", "No. 12 (2024)"),
        issuers=root.bilinguals("issuers"),
        valid_from=cast(str, first),
        valid_to=last,
        confidence=root.confidence(),
        sources=tuple(_source(node) for node in root.nodes("sources")),
        directions=tuple(_direction(node) for node in nodes["directions"]),
        tracks=tuple(_track(node) for node in nodes["tracks"]),
        clauses=tuple(_clause(node) for node in nodes["clauses"]),
        products=tuple(_product(node) for node in nodes["products"]),
        targets=tuple(_target(node) for node in nodes["targets"]),
        none_label=Node(
            root.value.get("none", {"label": {"en": "None of the tracks", "zh": "不属于任何赛道"}}),
            f"{main}, none",
        ).bilingual("label", "{en: None of the tracks}"),
        folder=str(folder),
        version=root.word("version", "2024.1", default="1"),
        fingerprint=_fingerprint(folder, read),
        note=root.note(),
        schemes=tuple(read_scheme(node, node.entry("trl")) for node in nodes["schemes"]),
        crosswalks=tuple(read_crosswalk(node, node.entry("tracks-to-ipc")) for node in nodes["crosswalks"]),
        calendars=tuple(read_calendar(node, node.entry("calendar-cn")) for node in nodes["calendars"]),
        indicators=tuple(read_indicators(nodes["indicators"])),
        rules=read_rules(nodes["rules"], pack_id, nodes["indicators"]),
        systems=tuple(read_system(node) for node in nodes["systems"]),
        rubrics=tuple(read_rubric(node) for node in nodes["rubrics"]),
        calls=tuple(read_call_template(node) for node in nodes["calls"]),
    )
    _check(pack, root, nodes)
    return _Draft(pack, nodes["crosswalks"], nodes["rules"], nodes["overlays"])


def _fingerprint(folder: Path, read: Sequence[Path]) -> str:
    """SHA-256 over the names and contents of the files of a pack, in the order of their names."""
    whole = hashlib.sha256()
    for path in sorted(set(read)):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def choose_pack(packs: Sequence[Pack], pack_id: str, *, holding: str | None = None) -> Pack:
    """The pack called `pack_id`. Raises InputError that lists the known ones.

    Args:
        holding: a part that it must hold, such as `tracks`.
    """
    fit = [pack for pack in packs if holding is None or getattr(pack, holding)]
    for pack in fit:
        if pack.id == pack_id:
            return pack
    there = any(pack.id == pack_id for pack in packs)
    raise InputError.of(
        "the pack {id!r} holds no {part}" if there else "there is no pack {id!r}",
        expected="one of {known}",
        do="check the name, or put the pack's folder under `packs/` of the workspace",
        id=pack_id, part=holding, known=", ".join(pack.id for pack in fit),
    )  # fmt: skip


def resolve_track(packs: Sequence[Pack], name: str) -> tuple[Pack, Track]:
    """The track called `name`: `pack-id/track-id`, or a short id that only one pack has.

    Raises InputError for an unknown or ambiguous name, with the names that come near.

    >>> resolve_track(load_packs(), "large-models")[1].label.zh
    '大模型'
    """
    found = [
        (pack, track) for pack in packs for track in pack.tracks if name in (track.id, pack.full_id(track.id))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError.of(
            "the track {name!r} is in {n} packs",
            expected="one of {known}",
            do="write the pack's id in front",
            name=name, n=len(found), known=", ".join(pack.full_id(track.id) for pack, track in found),
        )  # fmt: skip
    from difflib import get_close_matches

    known = [track.id for pack in packs for track in pack.tracks]
    near = get_close_matches(name, known, n=3, cutoff=0.5) or known[:5]
    raise InputError.of(
        "there is no track {name!r}",
        expected="the id of a track, such as {near}",
        do="look the ids up in the list of tracks",
        name=name,
        near=", ".join(near),
    )


def _folders(path: Path) -> list[Path]:
    if (path / "pack.yml").is_file():
        return [path]
    if not path.is_dir():
        return []
    return sorted(folder for folder in path.iterdir() if (folder / "pack.yml").is_file())


def _part(root: Node, folder: Path, part: str, read: list[Path]) -> tuple[Node, ...]:
    """Entries of one part: inline in pack.yml and in the files it names, which are added to `read`."""
    nodes = list(root.nodes(part))
    files = root.node("files", "{tracks: tracks.yml}") if root.value.get("files") else Node({}, root.where)
    files.only(PARTS)
    for name in files.words(part, f"{part}.yml"):
        try:
            inside = folder.resolve() in (folder / name).resolve().parents
        except (OSError, ValueError):  # a name with a NUL
            inside = False
        if not inside:
            raise files.fail(
                "{name!r} lies outside the pack", "a file inside the pack's folder", f"{part}.yml", name=name
            )
        path = folder / name
        node = Node(read_yaml(path), str(path))
        read.append(path)
        node.only((part, "direction"))
        direction = node.value.get("direction")
        for entry in node.nodes(part):
            if direction is not None:
                entry.value.setdefault("direction", direction)
            nodes.append(entry)
    return tuple(nodes)


def _source(node: Node) -> Source:
    node.only(("id", "title", "confidence"))
    return Source(
        node.identifier("S1", clause=True), node.word("title", "Where it was read"), node.confidence()
    )


def _clause(node: Node) -> Clause:
    node.only((*_ENTRY, "fact", "note"))
    entry = node.entry("IV.1", clause=True)
    return Clause(**entry, fact=node.word("fact", "What it says"), note=node.word("note", "...", default=""))


def _direction(node: Node) -> Direction:
    node.only((*_ENTRY, "note"))
    return Direction(**node.entry("energy"), note=node.word("note", "...", default=""))


def _track(node: Node) -> Track:
    node.only((*_ENTRY, "direction", "role", "aliases", "definition", "lexicon"))
    return Track(
        **node.entry("solid-state-batteries"),
        direction=node.word("direction", "energy"),
        role=cast(Role, node.choice("role", ROLES, default="field")),
        aliases=node.by_language("aliases", "all-solid-state cells"),
        definition=node.bilingual("definition", "{en: Cells with a solid electrolyte.}", required=False),
        lexicon=node.lexicon(),
    )


def _product(node: Node) -> Product:
    node.only((*_ENTRY, "aliases", "tracks", "core_technologies", "uses", "lexicon"))
    return Product(
        **node.entry("humanoid-robots"),
        tracks=node.words("tracks", "intelligent-manufacturing"),
        aliases=node.by_language("aliases", "humanoid"),
        core_technologies=tuple(_core_technology(item) for item in node.nodes("core_technologies")),
        uses=node.bilinguals("uses"),
        lexicon=node.lexicon(),
    )


def _core_technology(node: Node) -> CoreTechnology:
    node.only(("id", "label"))
    return CoreTechnology(
        node.identifier("electronic-skin"), node.bilingual("label", "{en: Electronic skin, zh: 电子皮肤}")
    )


def _target(node: Node) -> Target:
    node.only((*_ENTRY, "by", "operator", "value", "unit", "note", "counts", "indicator"))
    operator = cast(Operator, node.choice("operator", OPERATORS))
    value = node.value.get("value")
    counted = isinstance(value, int | float) and not isinstance(value, bool)
    if (operator == ">=") != counted or (value is not None and not counted):
        raise node.fail(
            "operator {operator!r} with value {value!r}",
            "a number with `>=`, null with `batch` and `outcome`",
            'operator: ">="\n  value: 100',
            at="operator", operator=operator, value=value,
        )  # fmt: skip
    counts: str | None = None
    if node.value.get("counts") is not None:
        part = node.node("counts", "{series: typical-scenarios}")
        part.only(("series",))
        counts = part.word("series", "typical-scenarios")
    indicator = node.bilingual("indicator", "{en: Share of world sales}", required=False)
    declared = indicator if (indicator.en or indicator.zh) else None
    if (counts is not None and operator == "outcome") or (declared is not None and operator != "outcome"):
        raise node.fail(
            "`counts` or `indicator` that does not fit the operator {operator!r}",
            "`counts` with `>=` and `batch`, `indicator` with `outcome`",
            "counts: {series: typical-scenarios}",
            at="counts", operator=operator,
        )  # fmt: skip
    return Target(
        **node.entry("products-2025"),
        by=node.word("by", "2025"),
        operator=operator,
        value=float(cast(float, value)) if counted else None,
        unit=node.optional_word("unit", "products"),
        note=node.word("note", "...", default=""),
        counts=counts,
        indicator=declared,
    )


def _check(pack: Pack, root: Node, nodes: Mapping[str, Sequence[Node]]) -> None:
    """Raises InputError when the pack holds nothing, or ids repeat or point nowhere."""
    if not any(
        nodes[part] for part in PARTS if part not in ("directions", "clauses", "targets", "indicators")
    ):
        raise root.fail(
            "the pack holds nothing", "at least one of {parts}", "tracks:\n  - id: solid-state-batteries",
            parts=", ".join(PARTS),
        )  # fmt: skip
    # Overlays are read later, when the rules that they name are known.
    parts = {part: tuple(getattr(pack, part)) for part in PARTS if part != "overlays"}
    ids = {part: _once(nodes[part], [entry.id for entry in entries]) for part, entries in parts.items()}
    _once(root.nodes("sources"), [source.id for source in pack.sources])
    sources = {source.id for source in pack.sources}
    for part, entries in parts.items():
        for node, entry in zip(nodes[part], entries, strict=True):
            if pack.clauses and entry.clause and entry.clause not in ids["clauses"]:
                raise node.fail(
                    "there is no clause {clause!r}", "a clause of this pack", "clause: IV.1",
                    at="clause", clause=entry.clause,
                )  # fmt: skip
            _known_sources(node, entry, sources)
    for node in nodes["overlays"]:
        for source in node.words("source", "S1"):
            _known_source(node, source, sources)
    for node, track in zip(nodes["tracks"], pack.tracks, strict=True):
        if track.direction not in ids["directions"]:
            raise node.fail(
                "there is no direction {direction!r}", "one of {known}",
                "directions:\n  - id: energy\n    label: {en: Energy}",
                at="direction", direction=track.direction,
                known=", ".join(sorted(ids["directions"])) or "-",
            )  # fmt: skip
    cores: set[str] = set()
    for node, product in zip(nodes["products"], pack.products, strict=True):
        for name in product.tracks:
            if name not in ids["tracks"]:
                raise node.fail(
                    "there is no track {track!r}",
                    "a track of this pack",
                    "tracks: []",
                    at="tracks",
                    track=name,
                )
        for core in product.core_technologies:
            if core.id in cores:
                raise node.fail(
                    "the id {id!r} is given twice", "each id once", "id: another-name",
                    at="core_technologies", id=core.id,
                )  # fmt: skip
            cores.add(core.id)


def _known_sources(node: Node, entry: Any, sources: set[str]) -> None:
    """Raises InputError when an entry, or what stands inside it, names a source that is not there."""
    inside = [
        *(getattr(entry, "concepts", ()) or ()),
        *(getattr(entry, "indicators", ()) or ()),
        *(item for group in getattr(entry, "groups", ()) for item in group.items),
        *(entry.years.values() if hasattr(entry, "years") else ()),
    ]
    for part in (entry, *inside):
        for source in part.source:
            _known_source(node, source, sources)


def _known_source(node: Node, source: str, sources: set[str]) -> None:
    if source not in sources:
        raise node.fail(
            "there is no source {source!r}",
            "a source of this pack",
            "source: [S1]",
            at="source",
            source=source,
        )


def _once(nodes: Sequence[Node], ids: Sequence[str]) -> set[str]:
    """The ids as a set; InputError at the place of one that comes again."""
    seen: set[str] = set()
    for node, name in zip(nodes, ids, strict=True):
        if name in seen:
            raise node.fail(
                "the id {id!r} is given twice", "each id once", "id: another-name", at="id", id=name
            )
        seen.add(name)
    return seen

"""Loads packs: those that come with Foretrack and those of the user."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from foretrack.foundation.errors import InputError
from foretrack.packs.reading import Node, read_yaml
from foretrack.packs.shapes import (
    CONFIDENCES,
    OPERATORS,
    ROLES,
    Clause,
    Confidence,
    Direction,
    Entry,
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
_PARTS = ("clauses", "directions", "tracks", "products", "targets")
_PACK_KEYS = (
    "format", "id", "title", "jurisdiction", "document_number", "issuers", "valid_from", "valid_to", "announced",
    "confidence", "sources", "confidence_marks", "chinese_labels", "files", "none", *_PARTS,
)  # fmt: skip
_LABEL = "{en: Solid-state batteries, zh: 固态电池}"
_ENTRY = ("id", "label", "clause", "source", "confidence")


def load_packs(paths: Sequence[str | Path] = (), *, built_in: bool = True) -> tuple[Pack, ...]:
    """All packs found, in the order of their ids: the built-in ones and those under `paths`.

    Each path is a pack's folder (it holds pack.yml) or a folder of such folders; a folder that does not exist
    holds no packs. A user's pack with the id of a built-in one replaces it.

    Raises InputError with file, place, expectation and an example when a pack is not usable, and when two
    packs under `paths` have the same id.

    >>> [pack.id for pack in load_packs()]
    ['cn-future-industries-2024']
    """
    packs = {pack.id: pack for pack in _built_in()} if built_in else {}
    own: dict[str, Pack] = {}
    for path in paths:
        for folder in _folders(Path(path)):
            pack = load_pack(folder)
            if pack.id in own and own[pack.id].folder != pack.folder:
                raise InputError(
                    f"two packs have the id {pack.id!r}: {own[pack.id].folder} and {pack.folder}",
                    expected="one pack per id",
                    do="give one of them another id in its pack.yml",
                )
            own[pack.id] = pack
    return tuple(pack for _, pack in sorted({**packs, **own}.items()))


@cache
def _built_in() -> tuple[Pack, ...]:
    return tuple(load_pack(folder) for folder in _folders(BUILT_IN))


def load_pack(folder: str | Path) -> Pack:
    """The checked pack in `folder`. Raises InputError when it is not usable."""
    folder = Path(folder)
    main = folder / "pack.yml"
    root = Node(read_yaml(main), str(main))
    root.only(_PACK_KEYS)
    if root.value.get("format", 1) != 1:
        raise root.fail(f"format {root.value['format']!r} is not known", "1", "format: 1")
    valid_from = root.date("valid_from")
    if valid_from is None:
        raise root.fail(
            "`valid_from` is missing", "the first day the pack is in force", 'valid_from: "2024-01-18"'
        )
    nodes = {part: _part(root, folder, part) for part in _PARTS}
    pack = Pack(
        id=root.identifier("my-technologies"),
        title=root.bilingual("title", "{en: My technologies}"),
        jurisdiction=root.optional_word("jurisdiction", "CN"),
        document_number=root.optional_word("document_number", "No. 12 (2024)"),
        issuers=root.bilinguals("issuers"),
        valid_from=valid_from,
        valid_to=root.date("valid_to"),
        confidence=_confidence(root),
        sources=tuple(_source(node) for node in root.nodes("sources")),
        directions=tuple(_direction(node) for node in nodes["directions"]),
        tracks=tuple(_track(node) for node in nodes["tracks"]),
        clauses=tuple(_clause(node) for node in nodes["clauses"]),
        products=tuple(_product(node) for node in nodes["products"]),
        targets=tuple(_target(node) for node in nodes["targets"]),
        none_label=Node(
            root.value.get("none", {"label": {"en": "None of the tracks"}}), f"{main}, none"
        ).bilingual("label", "{en: None of the tracks}"),
        folder=str(folder),
    )
    _check(pack, root)
    return pack


def choose_pack(packs: Sequence[Pack], pack_id: str) -> Pack:
    """The pack called `pack_id`. Raises InputError that lists the known ones."""
    for pack in packs:
        if pack.id == pack_id:
            return pack
    raise InputError(
        f"there is no pack {pack_id!r}",
        expected=f"one of {', '.join(pack.id for pack in packs)}",
        do="check the name, or put the pack's folder under `packs/` of the workspace",
    )


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
        raise InputError(
            f"the track {name!r} is in {len(found)} packs",
            expected=f"one of {', '.join(pack.full_id(track.id) for pack, track in found)}",
            do="write the pack's id in front",
        )
    from difflib import get_close_matches

    known = [track.id for pack in packs for track in pack.tracks]
    near = get_close_matches(name, known, n=3, cutoff=0.5) or known[:5]
    raise InputError(
        f"there is no track {name!r}",
        expected=f"the id of a track, such as {', '.join(near)}",
        do="look the ids up in the list of tracks",
    )


def _folders(path: Path) -> list[Path]:
    if (path / "pack.yml").is_file():
        return [path]
    if not path.is_dir():
        return []
    return sorted(folder for folder in path.iterdir() if (folder / "pack.yml").is_file())


def _part(root: Node, folder: Path, part: str) -> tuple[Node, ...]:
    """Entries of one part: inline in pack.yml and in the files it names."""
    nodes = list(root.nodes(part))
    files = root.node("files", "{tracks: tracks.yml}") if root.value.get("files") else Node({}, root.where)
    files.only(_PARTS)
    for name in files.words(part, f"{part}.yml"):
        path = (folder / name).resolve()
        if folder.resolve() not in path.parents:
            raise files.fail(
                f"{name!r} lies outside the pack", "a file inside the pack's folder", f"{part}.yml"
            )
        node = Node(read_yaml(path), str(folder / name))
        node.only((part, "direction"))
        direction = node.value.get("direction")
        for entry in node.nodes(part):
            if direction is not None:
                entry.value.setdefault("direction", direction)
            nodes.append(entry)
    return tuple(nodes)


def _confidence(node: Node) -> Confidence:
    return cast(Confidence, node.choice("confidence", CONFIDENCES, default="k"))


def _entry(node: Node, example: str, *, clause: bool = False) -> dict[str, Any]:
    return {
        "id": node.identifier(example, clause=clause),
        "label": node.bilingual("label", _LABEL),
        "clause": node.word("clause", "IV.1", default=""),
        "source": node.words("source", "S1"),
        "confidence": _confidence(node),
    }


def _source(node: Node) -> Source:
    node.only(("id", "title", "confidence"))
    return Source(
        node.identifier("S1", clause=True), node.word("title", "Where it was read"), _confidence(node)
    )


def _clause(node: Node) -> Clause:
    node.only((*_ENTRY, "fact", "note"))
    entry = _entry(node, "IV.1", clause=True)
    return Clause(**entry, fact=node.word("fact", "What it says"), note=node.word("note", "...", default=""))


def _direction(node: Node) -> Direction:
    node.only((*_ENTRY, "note"))
    return Direction(**_entry(node, "energy"), note=node.word("note", "...", default=""))


def _track(node: Node) -> Track:
    node.only((*_ENTRY, "direction", "role", "aliases", "definition", "lexicon"))
    return Track(
        **_entry(node, "solid-state-batteries"),
        direction=node.word("direction", "energy"),
        role=cast(Role, node.choice("role", ROLES, default="field")),
        aliases=node.by_language("aliases", "all-solid-state cells"),
        definition=node.bilingual("definition", "{en: Cells with a solid electrolyte.}", required=False),
        lexicon=node.lexicon(),
    )


def _product(node: Node) -> Product:
    node.only((*_ENTRY, "aliases", "tracks", "core_technologies", "uses", "lexicon"))
    return Product(
        **_entry(node, "humanoid-robots"),
        tracks=node.words("tracks", "intelligent-manufacturing"),
        aliases=node.by_language("aliases", "humanoid"),
        core_technologies=node.bilinguals("core_technologies"),
        uses=node.bilinguals("uses"),
        lexicon=node.lexicon(),
    )


def _target(node: Node) -> Target:
    node.only((*_ENTRY, "by", "operator", "value", "unit", "note"))
    operator = cast(Operator, node.choice("operator", OPERATORS))
    value = node.value.get("value")
    counted = isinstance(value, int | float) and not isinstance(value, bool)
    if (operator == ">=") != counted or (value is not None and not counted):
        raise node.fail(
            f"operator {operator!r} with value {value!r}",
            "a number with `>=`, null with `batch` and `outcome`",
            'operator: ">="\n  value: 100',
        )
    return Target(
        **_entry(node, "products-2025"),
        by=node.word("by", "2025"),
        operator=operator,
        value=float(cast(float, value)) if counted else None,
        unit=node.optional_word("unit", "products"),
        note=node.word("note", "...", default=""),
    )


def _check(pack: Pack, root: Node) -> None:
    """Raises InputError when ids repeat or point nowhere."""
    if not pack.tracks:
        raise root.fail("the pack has no track", "at least one", "tracks:\n  - id: solid-state-batteries")
    parts: dict[str, Iterable[Entry]] = {part: getattr(pack, part) for part in _PARTS}
    ids: dict[str, set[str]] = {}
    for part, entries in parts.items():
        ids[part] = set()
        for entry in entries:
            if entry.id in ids[part]:
                raise root.fail(
                    f"{part}: the id {entry.id!r} is given twice", "each id once", "id: another-name"
                )
            ids[part].add(entry.id)
    sources = {source.id for source in pack.sources}
    for part, entries in parts.items():
        for entry in entries:
            place = f"{part} ({entry.id})"
            if pack.clauses and entry.clause and entry.clause not in ids["clauses"]:
                raise root.fail(
                    f"{place}: there is no clause {entry.clause!r}", "a clause of this pack", "clause: IV.1"
                )
            for source in entry.source:
                if source not in sources:
                    raise root.fail(
                        f"{place}: there is no source {source!r}", "a source of this pack", "source: [S1]"
                    )
    for track in pack.tracks:
        if track.direction not in ids["directions"]:
            raise root.fail(
                f"tracks ({track.id}): there is no direction {track.direction!r}",
                f"one of {', '.join(sorted(ids['directions'])) or 'the directions (none are given)'}",
                "directions:\n  - id: energy\n    label: {en: Energy}",
            )
    for product in pack.products:
        for name in product.tracks:
            if name not in ids["tracks"]:
                raise root.fail(
                    f"products ({product.id}): there is no track {name!r}",
                    "a track of this pack",
                    "tracks: []",
                )

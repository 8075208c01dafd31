"""The manifest: the list of parts that make up the corpus at one moment."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from foretrack.corpus.atomic import Checkpoint, no_checkpoint, remove, write_text
from foretrack.foundation.errors import OutsideError, SourceError

FORMAT = 1
POINTER = "CURRENT"
KINDS_OF_PARTS = ("documents", "superseded", "keys", "rejected", "files")
MANIFESTS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of the corpus."""

    name: str
    rows: int
    bytes: int
    digest: str
    """Hash of what the rows say (for documents without provenance: when and from where is no content)."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All parts by kind. Immutable; each commit writes the next one."""

    generation: int = 0
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=lambda: dict.fromkeys(KINDS_OF_PARTS, ()))

    @property
    def snapshot(self) -> str:
        """16 hexadecimal characters that change when a document changes, and only then.

        >>> Manifest().snapshot == Manifest(generation=3).snapshot
        True
        """
        said = blake2b(digest_size=8)
        for kind in ("documents", "superseded"):
            for part in self.parts[kind]:
                said.update(f"{kind} {part.digest}\n".encode())
        return said.hexdigest()

    def followed_by(self, parts: Mapping[str, Part]) -> Manifest:
        """The next generation, with one more part of each kind given."""
        merged = {
            kind: self.parts[kind] + ((parts[kind],) if kind in parts else ()) for kind in KINDS_OF_PARTS
        }
        return Manifest(self.generation + 1, merged)

    def names(self) -> set[str]:
        """File names of all parts."""
        return {part.name for parts in self.parts.values() for part in parts}

    def to_json(self) -> str:
        """Stable JSON."""
        parts = {
            kind: [
                {"name": p.name, "rows": p.rows, "bytes": p.bytes, "digest": p.digest}
                for p in self.parts[kind]
            ]
            for kind in KINDS_OF_PARTS
        }
        said = {"format": FORMAT, "generation": self.generation, "snapshot": self.snapshot, "parts": parts}
        return json.dumps(said, indent=1) + "\n"


def manifest_name(generation: int) -> str:
    """File name of a generation's manifest.

    >>> manifest_name(12)
    'manifest-000012.json'
    """
    return f"manifest-{generation:06d}.json"


def load_manifest(folder: Path) -> Manifest:
    """The manifest now current in `folder`; an empty one when nothing was ever written.

    Takes no lock: the pointer is replaced atomically and a manifest never changes.
    SourceError when it is damaged or of a later format.
    """
    for _ in range(100):
        try:
            name = (folder / POINTER).read_text().strip()
            return _parse((folder / name).read_text(), folder / name)
        except FileNotFoundError:
            # Either nothing is there yet, or a busy writer dropped that old manifest between the two reads.
            if not (folder / POINTER).exists():
                return Manifest()
    raise OutsideError(
        f"the manifest {name} that {folder / POINTER} names is missing",
        expected="the manifest beside it",
        do="run `foretrack doctor`",
    )


def _parse(text: str, path: Path) -> Manifest:
    try:
        said = json.loads(text)
        if said["format"] > FORMAT:
            raise SourceError(
                f"{path} has corpus format {said['format']}",
                expected=f"format {FORMAT} or earlier",
                do="use the newer Foretrack that wrote it",
            )
        parts = {kind: tuple(Part(**p) for p in said["parts"].get(kind, ())) for kind in KINDS_OF_PARTS}
        return Manifest(said["generation"], parts)
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"{path} is damaged: {error}",
            expected="a manifest written by Foretrack",
            do="run `foretrack doctor`",
        ) from error


def publish(folder: Path, manifest: Manifest, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Make `manifest` the current one: from here on, readers see its parts."""
    name = manifest_name(manifest.generation)
    write_text(folder / name, manifest.to_json(), checkpoint)
    write_text(folder / POINTER, name + "\n", checkpoint)
    old = manifest_name(manifest.generation - MANIFESTS_KEPT)
    remove([folder / old] if manifest.generation > MANIFESTS_KEPT else [])


def unlisted(folder: Path, parts_folder: Path, manifest: Manifest) -> list[Path]:
    """Files that a killed writer left: parts that the manifest does not list and manifests after it."""
    listed = manifest.names()
    parts = (
        [p for p in parts_folder.glob("*.parquet") if p.name not in listed] if parts_folder.is_dir() else []
    )
    later = [p for p in folder.glob("manifest-*.json") if _generation(p) > manifest.generation]
    return sorted([*parts, *later])


def _generation(path: Path) -> int:
    found = re.fullmatch(r"manifest-(\d+)\.json", path.name)
    return int(found.group(1)) if found else -1

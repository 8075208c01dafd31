"""Looks at the installation and the workspace and says what is wrong and which line mends it."""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal, TypeAlias

from foretrack.corpus.results import ResultStore
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.decisions_file import DecisionsFile
from foretrack.domains.foresight.actions.signing import kept_key, key_folder, readable_by_others
from foretrack.domains.foresight.candidates.journal import Issued, Journal, issued
from foretrack.foundation.errors import ForetrackError

Health: TypeAlias = Literal["well", "notice", "broken"]

LITTLE_SPACE = 2_000_000_000
"""Free bytes below which a larger ingest may fill the disk: a million documents take about 1.5 GB."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    health: Health
    """`notice` does no harm yet; `broken` makes answers wrong or impossible."""
    said: str
    do: str = ""
    """What mends it; empty when nothing has to be done."""


def examine(folder: Path) -> list[Finding]:
    """Everything that was looked at, the installation first, then the workspace in `folder`."""
    return [*_installation(), *_disk(folder), *_workspace(folder)]


def _installation() -> Iterator[Finding]:
    here = metadata.version("foretrack")
    yield Finding(
        "foretrack", "well", f"version {here} on Python {platform.python_version()}, {platform.platform()}"
    )
    missing = []
    for requirement in metadata.requires("foretrack") or []:
        if "extra ==" in requirement:
            continue
        name = re.split(r"[\s\[<>=!~;(]", requirement)[0]
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    for name in missing:
        yield Finding("libraries", "broken", f"{name} is not installed", f"pip install {name}")
    if not missing:
        yield Finding("libraries", "well", "all are installed")


def _disk(folder: Path) -> Iterator[Finding]:
    there = next((p for p in (folder, *folder.absolute().parents) if p.exists()), Path())
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:,.1f} GB free where the workspace is"
    if free < LITTLE_SPACE:
        yield Finding("disk", "notice", said, "make room before a larger ingest")
    else:
        yield Finding("disk", "well", said)


def _workspace(folder: Path) -> Iterator[Finding]:
    try:
        workspace = Workspace.open(folder)
        _ = workspace.settings
        corpus = Corpus(workspace.corpus_dir)
        manifest = corpus.manifest()
        problems = corpus.check()
        left = corpus.leftovers()
    except ForetrackError as error:
        yield Finding("workspace", "broken", error.what, error.do)
        return
    documents = sum(part.rows for part in manifest.parts["documents"])
    yield Finding("workspace", "well", f"{folder} with {documents:,} revisions of documents")
    yield Finding("snapshot", "well", manifest.snapshot)
    harmless = [p for p in problems if any(str(path) in p for path in left)]
    for problem in problems:
        yield _problem("corpus", problem, "notice" if problem in harmless else "broken")
    if not problems:
        yield Finding("corpus", "well", "every part is there with the size that the manifest says")
    yield from _results(workspace)
    yield from _decisions(workspace)


def _decisions(workspace: Workspace) -> Iterator[Finding]:
    """The chain and the signatures of what people decided about candidates, line by line."""
    file = DecisionsFile.of(workspace)
    journal = file.read()
    name = file.path.name
    for problem in journal.problems:
        if problem.fault == "torn":
            yield Finding("decisions", "notice", f"{name}: {problem.said}", "run `foretrack candidates mend`")
        elif problem.fault == "unfinished":
            yield Finding(
                "decisions", "notice", f"{name}: {problem.said}", "nothing: the next decision goes on"
            )
        else:
            do = "put back a copy of the folder decisions/ from before"
            yield Finding("decisions", "broken", f"{name}: {problem.said}", do)
    if journal.entries and not journal.broken:
        signers = {entry.who: entry.public_key for entry in reversed(journal.entries)}
        told = "; ".join(f"{who} {key[:16]}" for who, key in sorted(signers.items()))
        yield Finding("decisions", "well", f"{len(journal.entries)} lines, chained and signed: {told}")
    for number, entry in issued(journal.entries).items():
        try:
            file.read_issue(number, entry.body.digest if isinstance(entry.body, Issued) else "")
        except ForetrackError as error:
            yield Finding("decisions", "broken", error.what, error.do)
    for path in file.unrecorded_issues(journal):
        do = "nothing if a writer was stopped: the next issue replaces it; else remove it"
        yield Finding("decisions", "notice", f"{path} is no issue: no decision speaks of it", do)
    yield from _keys(workspace, journal)


def _keys(workspace: Workspace, journal: Journal) -> Iterator[Finding]:
    for path in readable_by_others(key_folder(workspace)):
        yield Finding("keys", "notice", f"{path} can be read by others", f"chmod 600 {path}")
    for who in dict.fromkeys(entry.who for entry in journal.entries):
        kept = kept_key(workspace, who)
        if kept is not None and kept != journal.key_of(who):
            said = f"the lines of {who!r} are signed with another key than the one kept for that name"
            yield Finding("keys", "broken", said, "put back decisions/ and keys/ from one copy")


def _results(workspace: Workspace) -> Iterator[Finding]:
    store = ResultStore(workspace.results_dir)
    names = store.list()
    wrong = [problem for name in names for problem in store.open(name).check()]
    for problem in wrong:
        yield Finding("results", "broken", problem, "remove that folder and run the scan again")
    if not wrong:
        yield Finding("results", "well", f"{len(names)} stored scans, every table as it was written")
    for path in store.leftovers():
        yield Finding(
            "results",
            "notice",
            f"{path} was left by a scan that was stopped",
            "nothing: the next scan removes it",
        )


def _problem(subject: str, text: str, health: Health) -> Finding:
    said, _, do = text.partition(": ")
    return Finding(subject, health, said, do)

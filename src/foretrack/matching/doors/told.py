"""Matches in words and as JSON, for commands, the interface and pages."""

from __future__ import annotations

from typing import Any

from foretrack.matching.actions.comparing import Compared
from foretrack.matching.actions.tables import Table
from foretrack.matching.engine.explaining import Explained
from foretrack.matching.engine.filters import FILTERS, OUTCOMES
from foretrack.matching.engine.prepared import Passage
from foretrack.matching.engine.ranking import Match
from foretrack.matching.profiles import Profile


def read_json(table: Table) -> dict[str, Any]:
    """What was read of a table: `file`, `rows`, `columns`, `without_text`, `left_out` (place, reason)."""
    return {
        "file": table.name,
        "rows": len(table.profiles),
        "columns": {field: list(names) for field, names in table.columns.items()},
        "without_text": table.without_text,
        "left_out": [{"place": place, "reason": reason} for place, reason in table.rejected],
    }


def compared_json(one: Compared, language: str) -> dict[str, Any]:
    """One row of the asking side: `id`, `title`, `passed` of `of` rows, and its `matches`, best first."""
    profile = one.asking.profile
    return {
        "id": profile.key,
        "title": profile.title,
        "of": one.found.n_shelf,
        "passed": one.found.n_passed,
        "matches": [match_json(match, profile, language) for match in one.found.matches],
    }


def match_json(match: Match, asking: Profile, language: str) -> dict[str, Any]:
    """`id`, `title`, `organisation`, `score`, `parts` (they add up to it) and everything that explains it."""
    need, offer = (asking, match.profile) if asking.side == "need" else (match.profile, asking)
    return {
        "id": match.key,
        "title": match.profile.title,
        "organisation": match.profile.organisation,
        "score": round(match.score, 6),
        "parts": {part: round(value, 6) for part, value in match.parts.items()},
        **explained_json(match.explained, need, offer, language),
    }


def explained_json(said: Explained, need: Profile, offer: Profile, language: str) -> dict[str, Any]:
    """`met` sentences with places, shared `words` and `tracks`, `filters`, what is `missing`, `evidence`."""
    return {
        "met": [
            {"need": _piece(met.need, need), "offer": _piece(met.offer, offer), "similarity": met.similarity}
            for met in said.met
        ],
        "words": list(said.words),
        "tracks": list(said.tracks),
        "filters": [
            {
                "filter": check.name,
                "label": FILTERS[check.name].text(language),
                "outcome": check.outcome,
                "told": OUTCOMES[check.outcome].text(language),
                "need": list(check.need),
                "offer": list(check.offer),
            }
            for check in said.checks
        ],
        "missing": [_piece(piece, need) for piece in said.missing],
        "sentences": said.n_sentences,
        "sentences_met": said.n_met,
        "evidence": dict(said.evidence),
    }


def _piece(piece: Passage, of: Profile) -> dict[str, Any]:
    field = "title" if piece.field < 0 else f"text {piece.field + 1}"
    return {"field": field, "start": piece.start, "end": piece.end, "text": piece.of(of)}

"""How well reviewers know what submissions are about: tracks and words of both sides, in thousandths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.registry.actions.reading import records_with
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.models import Reviewer
from foretrack.search.words import sequence


def fit_of(
    registry: Registry, submissions: Sequence[Record], reviewers: Sequence[str], profiles: Mapping[str, Reviewer]
) -> list[int]:  # fmt: skip
    """The fit of every pair, row by row, 0 to 1000."""
    from foretrack.review.assigning.fitting import Profile, fit_matrix

    subjects = records_with(s.body["subject"] for s in submissions)
    directions = {track: label.en for track, label in PACK_TERMS.groups("tracks").items()}
    rows = [
        Profile(
            record.key, tracks=tuple(record.body.get("tracks") or ()),
            words=_words(registry, subjects.get(str(record.body["subject"]))),
        )
        for record in submissions
    ]  # fmt: skip
    columns = [
        Profile(
            key, tracks=tuple(profiles[key].tracks) if key in profiles else (),
            words=tuple(sequence(profiles[key].words)) if key in profiles else (),
        )
        for key in reviewers
    ]  # fmt: skip
    if not rows or not columns:
        return []
    matrix = fit_matrix(rows, columns, direction_of=directions).matrix
    return [round(1000 * value) for value in matrix.ravel().tolist()]


def _words(registry: Registry, subject: Record | None) -> tuple[str, ...]:
    if subject is None:
        return ()
    kind: Kind = registry.kinds.get(subject.kind)
    texts = [text for f in kind.fields if not f.personal for _, text in f.texts(subject.body.get(f.name))]
    return tuple(word for text in texts for word in sequence(text))

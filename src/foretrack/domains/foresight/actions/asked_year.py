"""The year that a question is about: one that the corpus reaches."""

from __future__ import annotations

from foretrack.corpus.store import Corpus
from foretrack.foundation.errors import EvidenceError


def year_on_record(corpus: Corpus, year: int) -> int:
    """The year itself, or the error that says where the corpus ends.

    A year after the last document would look like one in which nothing was studied any more. EvidenceError for such
    a year, and for a corpus without documents.
    """
    newest = corpus.as_of(None).as_of
    if year > newest:
        raise EvidenceError(
            f"not enough evidence as of {year}: needs documents of that year, the newest are of {newest}",
            expected=f"a year up to {newest}",
            do=f"write --as-of {newest}, or ingest newer documents",
        )
    return year

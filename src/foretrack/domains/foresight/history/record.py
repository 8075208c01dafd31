"""What is on record of every document: the one input from which each past year is looked at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.language.tokens import Tokens

Int = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Record:
    """Documents of a view, in its order. Shapes: per document (n_documents,); group numbers are -1 where unknown."""

    tokens: Tokens
    years: Int
    stratum_of: Int
    strata: Sequence[tuple[str, str]]
    venue_of: Int
    country_of: Int
    keywords: Mapping[int, Counter[str]]
    """Per year: author's keyword -> documents of that year that list it."""
    keyword_pairs: Mapping[int, Counter[tuple[str, str]]]
    content: npt.NDArray[np.uint64]
    """Hash of everything of a document that is counted: equal hashes of the documents of a year, equal results."""

    def keywords_until(self, year: int) -> tuple[Counter[str], Counter[tuple[str, str]]]:
        """Keywords and pairs of keywords of the documents of `year` and before."""
        keywords: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for each in sorted(self.keywords):
            if each <= year:
                keywords.update(self.keywords[each])
        for each in sorted(self.keyword_pairs):
            if each <= year:
                pairs.update(self.keyword_pairs[each])
        return keywords, pairs

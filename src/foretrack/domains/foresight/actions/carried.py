"""`concepts_of`: the other way round from evidence, from a document to the concepts that a scan counted it for."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.answers import ConceptItem


def concepts_of(scan: Scan, document: str) -> list[ConceptItem]:
    """The concepts that carry a document in a scan: the ranked ones first, by rank, then the others by their size."""
    ids = scan.stored.table("documents")["document_id"]
    number = pc.index(ids, pa.scalar(document, ids.type)).as_py()
    if number < 0:
        return []
    rows = scan.stored.table("mentions", where=("document", number))["concept"].unique().to_numpy()
    items = scan.items(sorted(map(int, rows)))
    return sorted(items, key=lambda item: (item.rank is None, item.rank or 0, -item.measures.n_documents))

"""The Lens: CSV exports of scholarly works and of patents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import BadValue, reject
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import Record, csv_rows, delimiter_of, header_in, named_rows
from foretrack.sources.lens.patents import patent
from foretrack.sources.lens.works import work

_LICENCE = "Lens.org terms: free for non-commercial use with attribution; ask for other uses."


def is_works_header(names: Sequence[str]) -> bool:
    """Whether these folded column names are those of the export of scholarly works."""
    return {"lens id", "title", "publication year"} <= set(names) and not is_patents_header(names)


def is_patents_header(names: Sequence[str]) -> bool:
    """Whether these folded column names are those of the export of patents, of any year."""
    found = {name.replace("_", " ") for name in names}
    return {"lens id", "title", "jurisdiction", "kind"} <= found


def _detector(is_header: Callable[[Sequence[str]], bool]) -> Callable[[Sample], float]:
    def detect(sample: Sample) -> float:
        return 0.95 if sample.text and header_in(sample.text, is_header) else 0.0

    return detect


def _parser(
    is_header: Callable[[Sequence[str]], bool], build: Callable[[Record], Parsed | Rejected], expected: str
) -> Callable[[OpenedFile, ParseOptions], Iterator[Parsed | Rejected]]:
    def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
        delimiter = delimiter_of(next((line for _, line in file.lines() if line.strip()), ""))
        rows = csv_rows(file, delimiter)
        for row in named_rows(rows, is_header=is_header, file_name=file.name, expected=expected):
            if isinstance(row, Rejected):
                yield row
                continue
            try:
                yield build(row)
            except BadValue as error:
                yield reject(row.position, str(error), row.excerpt())

    return parse


CONNECTORS = (
    Connector(
        name="lens-works",
        title="The Lens, scholarly works (CSV)",
        kinds=("paper",),
        licence=_LICENCE,
        detect=_detector(is_works_header),
        parse=_parser(is_works_header, work, "the columns Lens ID, Title and Publication Year"),
    ),
    Connector(
        name="lens-patents",
        title="The Lens, patents (CSV)",
        kinds=("patent",),
        licence=_LICENCE,
        detect=_detector(is_patents_header),
        parse=_parser(is_patents_header, patent, "the columns Lens ID, Title, Jurisdiction and Kind"),
    ),
)

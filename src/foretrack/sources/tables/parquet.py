"""Parquet files: only the mapped columns are read, a thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

from foretrack.foundation.errors import SourceError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.tables.mapping import resolve
from foretrack.sources.tables.row import RowReader

ROWS_AT_ONCE = 1000


def detect_parquet(sample: Sample) -> float:
    """.9 for the Parquet signature."""
    return 0.9 if sample.head.startswith(b"PAR1") else 0.0


def parse_parquet(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every row as a document."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file.local_path())
        names = [str(name) for name in table.schema_arrow.names]
    except (pa.ArrowException, OSError, ValueError, UnicodeError) as error:
        raise _damaged(file.name, error) from error
    with table:
        columns = resolve(names, options, file_name=file.name)
        reader = RowReader(columns, options, file.name)
        number = 0
        batches = table.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns.needed)
        while True:
            try:
                batch = next(batches, None)
                rows = batch.to_pylist() if batch is not None else None
            except (pa.ArrowException, OSError, ValueError, UnicodeError, OverflowError) as error:
                raise _damaged(file.name, error) from error
            if rows is None:
                return
            for row in rows:
                number += 1
                yield reader.document(f"row {number}", row)


def _damaged(name: str, error: Exception) -> SourceError:
    return SourceError(
        f"{name}: the Parquet file is damaged ({str(error)[:150]})",
        expected="a complete Parquet file",
        do="copy or write it again",
    )

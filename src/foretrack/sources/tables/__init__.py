"""Any table: CSV, TSV, Excel, JSON and Parquet, with columns mapped by the user or known by their names."""

from foretrack.records.document import Kind
from foretrack.sources.kit.connector import Connector
from foretrack.sources.tables.delimited import detect_csv, parse_csv
from foretrack.sources.tables.excel import detect_excel, parse_excel
from foretrack.sources.tables.objects import detect_json, parse_json
from foretrack.sources.tables.parquet import detect_parquet, parse_parquet

_KINDS: tuple[Kind, ...] = ("paper", "patent", "standard", "project", "policy", "news")
_LICENCE = "Unknown: the user's own table."

CONNECTORS: tuple[Connector, ...] = (
    Connector("tables-csv", "Any CSV or TSV with a column mapping", _KINDS, _LICENCE, detect_csv, parse_csv),
    Connector(
        "tables-excel", "Any Excel sheet with a column mapping", _KINDS, _LICENCE, detect_excel, parse_excel
    ),
    Connector(
        "tables-json",
        "Any JSON list or JSON lines with a field mapping",
        _KINDS,
        _LICENCE,
        detect_json,
        parse_json,
    ),
    Connector(
        "tables-parquet",
        "Any Parquet file with a column mapping",
        _KINDS,
        _LICENCE,
        detect_parquet,
        parse_parquet,
    ),
)

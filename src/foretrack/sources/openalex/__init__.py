"""OpenAlex: answers of its API, lines of its snapshot, and the CSV export of its website."""

from foretrack.sources.kit.connector import Connector
from foretrack.sources.openalex.table import detect_csv, parse_csv
from foretrack.sources.openalex.works import detect_json, parse_json

_LICENCE = "OpenAlex publishes its data under CC0."

CONNECTORS: tuple[Connector, ...] = (
    Connector(
        name="openalex-json",
        title="OpenAlex works, JSON (API answer, single work, or snapshot lines)",
        kinds=("paper", "standard"),
        licence=_LICENCE,
        detect=detect_json,
        parse=parse_json,
    ),
    Connector(
        name="openalex-csv",
        title="OpenAlex works, CSV export of the website",
        kinds=("paper", "standard"),
        licence=_LICENCE,
        detect=detect_csv,
        parse=parse_csv,
    ),
)

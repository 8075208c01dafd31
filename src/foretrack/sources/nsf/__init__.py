"""Awards of the US National Science Foundation: CSV of the search, XML and JSON of downloads and API."""

from foretrack.sources.kit.connector import Connector
from foretrack.sources.nsf.detection import detect_csv, detect_json, detect_xml
from foretrack.sources.nsf.reading import parse_csv, parse_json, parse_xml

_LICENCE = "Work of the US government: award data are in the public domain."

CONNECTORS = (
    Connector(
        name="nsf-csv",
        title="NSF award search, CSV export",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_csv,
        parse=parse_csv,
    ),
    Connector(
        name="nsf-xml",
        title="NSF awards by year, XML (to 2024)",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_xml,
        parse=parse_xml,
    ),
    Connector(
        name="nsf-json",
        title="NSF awards, JSON (award API, or downloads by year since 2025)",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_json,
        parse=parse_json,
    ),
)

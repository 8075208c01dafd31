"""CORDIS: research projects of the EU framework programmes, from the open data portal's CSV, JSON and XML."""

from foretrack.sources.cordis.detection import detect_csv, detect_json, detect_xml
from foretrack.sources.cordis.reading import parse_csv, parse_json, parse_xml
from foretrack.sources.kit.connector import Connector

_LICENCE = "European Union, CC BY 4.0."

CONNECTORS = (
    Connector(
        name="cordis-csv",
        title="CORDIS projects, CSV (project.csv)",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_csv,
        parse=parse_csv,
    ),
    Connector(
        name="cordis-json",
        title="CORDIS projects, JSON (project.json)",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_json,
        parse=parse_json,
    ),
    Connector(
        name="cordis-xml",
        title="CORDIS projects, XML (one project a file)",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_xml,
        parse=parse_xml,
    ),
)

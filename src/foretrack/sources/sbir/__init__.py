"""Awards of the US programmes SBIR and STTR as sbir.gov exports them: CSV, Excel, JSON."""

from foretrack.sources.kit.connector import Connector
from foretrack.sources.sbir.reading import (
    detect_csv,
    detect_excel,
    detect_json,
    parse_csv,
    parse_excel,
    parse_json,
)

_LICENCE = "Work of the US government: award data are in the public domain."

CONNECTORS = (
    Connector(
        name="sbir-csv",
        title="SBIR and STTR awards, CSV",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_csv,
        parse=parse_csv,
    ),
    Connector(
        name="sbir-excel",
        title="SBIR and STTR awards, Excel",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_excel,
        parse=parse_excel,
    ),
    Connector(
        name="sbir-json",
        title="SBIR and STTR awards, JSON of the awards API",
        kinds=("project",),
        licence=_LICENCE,
        detect=detect_json,
        parse=parse_json,
    ),
)

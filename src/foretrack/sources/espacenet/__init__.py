"""Espacenet exports of result lists, CSV and Excel; each row is one patent family."""

from foretrack.sources.espacenet.reading import detect_csv, detect_excel, parse_csv, parse_excel
from foretrack.sources.kit.connector import Connector

_LICENCE = "The EPO allows use of Espacenet data within its fair use charter; bibliographic facts are free."

CONNECTORS = (
    Connector(
        name="espacenet-csv",
        title="Espacenet, CSV export",
        kinds=("patent",),
        licence=_LICENCE,
        detect=detect_csv,
        parse=parse_csv,
    ),
    Connector(
        name="espacenet-excel",
        title="Espacenet, Excel export",
        kinds=("patent",),
        licence=_LICENCE,
        detect=detect_excel,
        parse=parse_excel,
    ),
)

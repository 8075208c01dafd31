"""ISO Open Data: metadata of ISO deliverables as JSON lines, CSV or Parquet.

A standard that was withdrawn was still published in its time, and history counts it: its status stays
`active`, and its stage (`stage:95.99`) is among its classes. What has no publication date is a project
in progress and no document yet; its row is rejected and says at which stage it is.
"""

from foretrack.sources.iso.detection import detect_csv, detect_jsonl, detect_parquet
from foretrack.sources.iso.reading import parse_csv, parse_jsonl, parse_parquet
from foretrack.sources.kit.connector import Connector

_LICENCE = "ISO Open Data, Open Data Commons Attribution (ODC-By 1.0)."

CONNECTORS = (
    Connector(
        name="iso-jsonl",
        title="ISO Open Data deliverables, JSON lines",
        kinds=("standard",),
        licence=_LICENCE,
        detect=detect_jsonl,
        parse=parse_jsonl,
    ),
    Connector(
        name="iso-csv",
        title="ISO Open Data deliverables, CSV",
        kinds=("standard",),
        licence=_LICENCE,
        detect=detect_csv,
        parse=parse_csv,
    ),
    Connector(
        name="iso-parquet",
        title="ISO Open Data deliverables, Parquet",
        kinds=("standard",),
        licence=_LICENCE,
        detect=detect_parquet,
        parse=parse_parquet,
    ),
)

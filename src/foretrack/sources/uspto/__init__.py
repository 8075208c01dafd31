"""USPTO full-text XML: grants and applications, single or as weekly bulk files (2001 on)."""

from foretrack.sources.kit.connector import Connector
from foretrack.sources.uspto.reading import detect, parse

CONNECTORS = (
    Connector(
        name="uspto-xml",
        title="USPTO full-text XML, grants and applications",
        kinds=("patent",),
        licence="Patents are published by the US government; texts are in the public domain, with exceptions "
        "that an applicant marks.",
        detect=detect,
        parse=parse,
    ),
)

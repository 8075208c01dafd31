"""Relaton YAML: standards of ISO, IEC, IEEE, ITU, ETSI, 3GPP, IETF, W3C, NIST and others in one model.

A standard that was withdrawn or superseded was still published in its time, and history counts it: its
status stays `active`, and its stage (`stage:95.99`, `stage:withdrawn`) is among its classes. What has no
publication date is work in progress and no document yet; it is rejected with its stage.
"""

from foretrack.sources.kit.connector import Connector
from foretrack.sources.relaton.reading import detect, parse

CONNECTORS = (
    Connector(
        name="relaton-yaml",
        title="Relaton YAML, single items and collections",
        kinds=("standard", "paper"),
        licence="Bibliographic facts of the standards bodies; the Relaton data sets state no licence.",
        detect=detect,
        parse=parse,
    ),
)

"""European Patent Office: publications out of its linked open data service (SPARQL answers in JSON)."""

from foretrack.sources.epo.publications import detect, parse
from foretrack.sources.kit.connector import Connector

CONNECTORS: tuple[Connector, ...] = (
    Connector(
        name="epo-json",
        title="EPO linked open data, SPARQL answer in JSON",
        kinds=("patent",),
        licence="The European Patent Office publishes its linked open EP data under CC BY 4.0.",
        detect=detect,
        parse=parse,
    ),
)

"""Crossref: works as its REST API and its data files give them in JSON."""

from foretrack.sources.crossref.works import detect, parse
from foretrack.sources.kit.connector import Connector

CONNECTORS: tuple[Connector, ...] = (
    Connector(
        name="crossref-json",
        title="Crossref works, JSON (API answer, single work, list, or lines)",
        kinds=("paper", "standard", "project"),
        licence="Bibliographic facts are free to use; abstracts may be under their publishers' rights.",
        detect=detect,
        parse=parse,
    ),
)

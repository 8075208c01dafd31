"""JATS: journal articles in the Journal Article Tag Suite (also NLM DTD, PubMed Central article sets)."""

from foretrack.sources.jats.article import detect, parse
from foretrack.sources.kit.connector import Connector

CONNECTORS: tuple[Connector, ...] = (
    Connector(
        name="jats-xml",
        title="JATS article XML (.xml, .nxml), single or in a set",
        kinds=("paper",),
        licence="As each article says; Foretrack keeps the article's own licence statement.",
        detect=detect,
        parse=parse,
    ),
)

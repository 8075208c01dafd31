"""arXiv: answers of its API (Atom), of its OAI interface, and lines of its metadata snapshot."""

from foretrack.sources.arxiv.records import (
    detect_atom,
    detect_json,
    detect_oai,
    parse_atom,
    parse_json,
    parse_oai,
)
from foretrack.sources.kit.connector import Connector

_LICENCE = "arXiv publishes its metadata under CC0; abstracts belong to their authors."

CONNECTORS: tuple[Connector, ...] = (
    Connector(
        name="arxiv-atom",
        title="arXiv API answer (Atom)",
        kinds=("paper",),
        licence=_LICENCE,
        detect=detect_atom,
        parse=parse_atom,
    ),
    Connector(
        name="arxiv-oai",
        title="arXiv OAI-PMH records (arXiv and arXivRaw)",
        kinds=("paper",),
        licence=_LICENCE,
        detect=detect_oai,
        parse=parse_oai,
    ),
    Connector(
        name="arxiv-json",
        title="arXiv metadata snapshot, JSON lines",
        kinds=("paper",),
        licence=_LICENCE,
        detect=detect_json,
        parse=parse_json,
    ),
)

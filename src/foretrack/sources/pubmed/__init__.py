"""PubMed: citations in the MEDLINE format (.nbib, .txt) and in XML."""

from foretrack.sources.kit.connector import Connector
from foretrack.sources.pubmed.medline import detect_nbib, parse_nbib
from foretrack.sources.pubmed.xml import detect_xml, parse_xml

_LICENCE = "The National Library of Medicine claims no right in PubMed records; abstracts may be protected."

CONNECTORS: tuple[Connector, ...] = (
    Connector(
        name="pubmed-nbib",
        title="PubMed, MEDLINE format (.nbib)",
        kinds=("paper",),
        licence=_LICENCE,
        detect=detect_nbib,
        parse=parse_nbib,
    ),
    Connector(
        name="pubmed-xml",
        title="PubMed, XML",
        kinds=("paper",),
        licence=_LICENCE,
        detect=detect_xml,
        parse=parse_xml,
    ),
)

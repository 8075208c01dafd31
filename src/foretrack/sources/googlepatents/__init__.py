"""Google Patents: the CSV that "Download (CSV)" gives, up to 1,000 results, without abstracts."""

from foretrack.sources.googlepatents.reading import detect, parse
from foretrack.sources.kit.connector import Connector

CONNECTORS = (
    Connector(
        name="googlepatents-csv",
        title="Google Patents, CSV download",
        kinds=("patent",),
        licence="Google states no licence for downloaded results; the facts come from patent offices.",
        detect=detect,
        parse=parse,
    ),
)

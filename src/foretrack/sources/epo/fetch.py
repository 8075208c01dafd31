"""Fetches European patent publications by words of their titles from the EPO's linked open data service."""

from __future__ import annotations

import re
from collections.abc import Mapping

from foretrack.foundation.errors import InputError, SourceError
from foretrack.sources.kit.http import Manners
from foretrack.sources.kit.jsonstream import at, load
from foretrack.sources.kit.paging import Page, Search

BASE_URL = "https://data.epo.org/linked-data"
PAGE_SIZE = 50

_QUERY = """\
PREFIX patent: <http://data.epo.org/linked-data/def/patent/>
PREFIX text: <http://jena.apache.org/text#>
PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?publication ?date (SAMPLE(STR(?t)) AS ?title) ("en" AS ?language)
  (SAMPLE(STR(?a)) AS ?abstract) (SAMPLE(STR(?d)) AS ?filed)
  (SAMPLE(STR(?f)) AS ?family)
  (GROUP_CONCAT(DISTINCT STR(?app); separator=" || ") AS ?application)
  (GROUP_CONCAT(DISTINCT CONCAT(STR(?an), "@@", COALESCE(STR(?ac), "")); separator=" || ") AS ?applicants)
  (GROUP_CONCAT(DISTINCT STR(?in); separator=" || ") AS ?inventors)
  (GROUP_CONCAT(DISTINCT STR(?c); separator=" || ") AS ?cpc)
  (GROUP_CONCAT(DISTINCT STR(?i); separator=" || ") AS ?ipc)
WHERE {
  { SELECT DISTINCT ?publication ?date WHERE {
      ?publication text:query (patent:titleOfInvention '%(words)s' 100000) .
      ?publication rdf:type patent:Publication ; patent:publicationDate ?date .%(years)s
    } ORDER BY ?publication LIMIT %(size)d OFFSET %(offset)d }
  OPTIONAL { ?publication patent:titleOfInvention ?t . FILTER(LANG(?t) = "en") }
  OPTIONAL { ?publication dcterms:abstract ?a . FILTER(LANG(?a) = "en") }
  OPTIONAL { ?publication patent:application ?app .
    OPTIONAL { ?app patent:filingDate ?d } OPTIONAL { ?app patent:familyMemberOf ?f } }
  OPTIONAL { ?publication patent:applicantVC ?av . ?av vcard:fn ?an .
    OPTIONAL { ?av vcard:hasAddress/patent:countryCode ?ac } }
  OPTIONAL { ?publication patent:inventorVC/vcard:fn ?in }
  OPTIONAL { ?publication patent:classificationCPCInventive ?c }
  OPTIONAL { ?publication patent:classificationIPCInventive ?i }
}
GROUP BY ?publication ?date
ORDER BY ?publication
"""


class EpoPager:
    """Pages of `/query`; the cursor is the number of publications before the page."""

    first = "0"
    ending = "json"

    def __init__(
        self,
        search: Search,
        *,
        mail: str | None = None,
        key: str | None = None,
        base_url: str | None = None,
        page_size: int = PAGE_SIZE,
        manners: Manners | None = None,
    ) -> None:
        self._search = search
        self._base = (base_url or BASE_URL).rstrip("/")
        self._page_size = min(page_size, PAGE_SIZE)
        self.manners = manners or Manners(pause=2.0, timeout=180.0, accept="application/sparql-results+json")

    def request(self, cursor: str) -> tuple[str, Mapping[str, str]]:
        """Address and parameters of the page at `cursor`. InputError when no word is left to look for."""
        # Only word characters: neither SPARQL nor the text index gets to see a quote or an operator.
        words = re.findall(r"\w+", self._search.words)
        if not words:
            raise InputError(f"no word in {self._search.words!r}", do="give words of patent titles")
        years = ""
        if self._search.from_year:
            years += f'\n      FILTER(?date >= "{self._search.from_year:04d}-01-01"^^xsd:date)'
        if self._search.to_year:
            years += f'\n      FILTER(?date <= "{self._search.to_year:04d}-12-31"^^xsd:date)'
        query = _QUERY % {
            "words": " AND ".join(word.lower() for word in words),
            "years": years,
            "size": self._page_size,
            "offset": int(cursor),
        }
        return f"{self._base}/query", {"query": query}

    def page(self, body: bytes, cursor: str) -> Page:
        """Rows of an answer and the next offset."""
        try:
            answer = load(body.decode("utf-8"))
        except ValueError as error:
            raise _no_page(f"no JSON ({error})") from error
        rows = at(answer, "results", "bindings")
        if not isinstance(rows, list):
            raise _no_page(f"no bindings: {body[:100]!r}")
        # A query that finds nothing still gives one row without values.
        found = [row for row in rows if at(row, "publication", "value")]
        full = len(found) >= self._page_size
        return Page(records=len(found), total=None, next=str(int(cursor) + len(found)) if full else None)


def _no_page(why: str) -> SourceError:
    return SourceError(
        f"the EPO's service answered with {why}",
        expected="a SPARQL answer in JSON",
        do="run the same command again; it goes on where it stopped",
    )

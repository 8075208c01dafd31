"""Who and what stands in documents, as portable Ibis expressions: from tables to tables, the same on every engine.

Every function takes `AsOfView.table()` or a part of it, so that nothing later than the as-of year can be counted.
Lists are unnested as tables, never as columns, and nothing is ordered or collected into lists.
"""

from __future__ import annotations

from typing import Any

Table = Any
"""An Ibis table expression."""


def parties(documents: Table) -> Table:
    """`document_id`, `name`, `country`, `id`: each organisation of each document once, as the document holds it."""
    rows = documents.select("document_id", "organisations").unnest("organisations")
    named = rows.organisations
    return rows.select("document_id", name=named["name"], country=named["country"], id=named["id"]).distinct()


def countries(documents: Table) -> Table:
    """`document_id`, `country`: each country of each document once."""
    rows = documents.select("document_id", "countries").unnest("countries")
    return rows.select("document_id", country=rows.countries).distinct()


def names(documents: Table) -> Table:
    """`name`, `country`, `id`, `n_documents`: each way in which an organisation is named."""
    rows = parties(documents)
    return rows.group_by("name", "country", "id").agg(n_documents=rows.count())


def persons(documents: Table) -> Table:
    """`name`, `n_documents`: names of organisations that are an author or inventor of the same document."""
    rows = documents.select("document_id", "authors").unnest("authors")
    people = rows.select("document_id", plain=_plain(rows.authors)).distinct()
    named = parties(documents)
    named = named.select("document_id", "name", plain=_plain(named.name)).distinct()
    both = named.inner_join(people, ["document_id", "plain"])
    return both.group_by("name").agg(n_documents=both.count())


def authors_with(documents: Table, pattern: str) -> Table:
    """`document_id`, `published`, `title`, `author`: a row for each author whose name, in lower case, fits."""
    rows = documents.select("document_id", "published", "title", "authors").unnest("authors")
    rows = rows.filter(rows.authors.lower().re_search(pattern))
    return rows.select("document_id", "published", "title", author=rows.authors)


def _plain(text: Any) -> Any:
    return text.lower().re_replace(r"[^\p{L}\p{N}]+", " ").strip()


def sole_countries(documents: Table) -> Table:
    """`name`, `country`, `id`, `sole_country`, `n_documents`: from documents that name exactly one country."""
    of_document = countries(documents)
    one = of_document.group_by("document_id").agg(
        n=of_document.count(), sole_country=of_document.country.min()
    )
    one = one.filter(one.n == 1).select("document_id", "sole_country")
    rows = parties(documents).inner_join(one, "document_id")
    return rows.group_by("name", "country", "id", "sole_country").agg(n_documents=rows.count())


def classes(documents: Table) -> Table:
    """`document_id`, `scheme`, `code`: classes of documents; codes of CPC and IPC cut to subclasses (`B64C`)."""
    rows = documents.select("document_id", "classes").unnest("classes")
    rows = rows.filter(rows.classes.contains(":"))
    at = rows.classes.find(":")
    rows = rows.select("document_id", scheme=rows.classes.substr(0, at), code=rows.classes.substr(at + 1))
    code = rows.scheme.isin(["cpc", "ipc"]).ifelse(rows.code.substr(0, 4), rows.code)
    return rows.select("document_id", "scheme", code=code).distinct()


def own_keys(documents: Table) -> Table:
    """`key`, `document_id`: by what a reference can name a document; the first identifier where two share a key."""
    import ibis

    # An empty key is no key, and null for the same reason wherever a part does not apply.
    source_id = documents.source_id.nullif("")
    keys = ibis.array(
        [
            documents.source + ":" + source_id,
            source_id.contains(":").ifelse(source_id, None),
            "doi:" + documents.doi,
            (documents.kind == "patent").ifelse("patent:" + source_id, None),
        ]
    )
    pairs = documents.select("document_id", key=keys.concat(documents.ids)).unnest("key")
    pairs = pairs.filter(pairs.key.notnull())
    return pairs.group_by("key").agg(document_id=pairs.document_id.min())


def references(documents: Table) -> Table:
    """`citing`, `year`, `key`: each reference of each document once, with the citing document's year."""
    rows = documents.select("document_id", "year", "references").unnest("references")
    return rows.select(citing=rows.document_id, year=rows.year, key=rows["references"]).distinct()


def citations(documents: Table, as_of: int) -> Table:
    """`document_id`, `n_citations`: received in `as_of` or before; documents without any are left out.

    The larger of what documents of the table cite and of what the source itself dates; a citing document is dated by
    its own year.
    """
    keyed, cited = references(documents), own_keys(documents)
    links = keyed.inner_join(cited, "key").select("citing", "document_id")
    links = links.filter(links.citing != links.document_id).distinct()
    inside = links.group_by("document_id").agg(n_citations=links.count())
    rows = documents.select("document_id", "cited_by_year").unnest("cited_by_year")
    received = rows.cited_by_year
    # Null for an empty identifier, as on the other side of the union; there is none.
    dated = rows.select(document_id=rows.document_id.nullif(""), year=received["year"], n=received["count"])
    dated = dated.filter(dated.year <= as_of)
    told = dated.group_by("document_id").agg(n_citations=dated.n.sum().cast("int64"))
    both = inside.union(told)
    counted = both.group_by("document_id").agg(n_citations=both.n_citations.max())
    return counted.filter(counted.n_citations > 0)


def disruption(documents: Table, focal: Table, years: int) -> Table:
    """`document_id`, `only_it`, `both`, `only_before` for each document of `focal` that gives references.

    Counts documents of the `years` years after the focal one's: those that cite it and nothing that it cites, it and
    something that it cites, and only what it cites. A predecessor need not be in the corpus: both cite the same key.

    Args:
        focal: documents of the same table, `document_id` and `year`.
    """
    links = references(documents)
    keys = own_keys(documents).rename(focal_id="document_id")
    focal = focal.select(focal_id="document_id", focal_year="year")
    with_references = links.select(focal_id="citing").distinct()
    focal = focal.semi_join(with_references, "focal_id")
    mine = keys.inner_join(focal, "focal_id").select("focal_id", "focal_year", "key")
    cite_it = _later(mine, links, years).mutate(it=1, before=0)
    theirs = links.select("key", focal_id="citing").inner_join(focal, "focal_id")
    before = theirs.select("focal_id", "focal_year", "key")
    cite_before = _later(before, links, years).mutate(it=0, before=1)
    later = cite_it.union(cite_before)
    later = later.group_by("focal_id", "citing").agg(it=later.it.max(), before=later.before.max())
    return (
        focal.left_join(later, "focal_id")
        .select("focal_id", "it", "before")
        .group_by("focal_id")
        .agg(
            only_it=lambda t: ((t.it == 1) & (t.before == 0)).fill_null(False).cast("int64").sum(),
            both=lambda t: ((t.it == 1) & (t.before == 1)).fill_null(False).cast("int64").sum(),
            only_before=lambda t: ((t.it == 0) & (t.before == 1)).fill_null(False).cast("int64").sum(),
        )
        .rename(document_id="focal_id")
    )


def _later(keyed: Table, links: Table, years: int) -> Table:
    """`focal_id`, `citing`: who cites one of a focal document's keys in the years after it."""
    found = keyed.inner_join(links, "key").select("focal_id", "focal_year", "citing", "year")
    after = (found.year > found.focal_year) & (found.year <= found.focal_year + years)
    return found.filter(after).select("focal_id", "citing").distinct()

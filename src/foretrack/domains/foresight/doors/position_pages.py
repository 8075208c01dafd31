"""Positions and unsure organisations as tables for the terminal and rows for files."""

from __future__ import annotations

from dataclasses import fields

from rich.console import RenderableType

from foretrack.domains.foresight.positions.answers import (
    OrganisationList,
    OrganisationSide,
    PositionItem,
    PositionList,
)
from foretrack.foundation.messages import Messages
from foretrack.foundation.spreadsheets import Cell, Row
from foretrack.terminal.session import plain
from foretrack.terminal.tables import Column, number, percent, table

PARTIES: dict[str, str] = {"country": "Country", "region": "Region", "organisation": "Organisation"}
"""What a position is by, to the heading that `say` translates."""

LEVELS: dict[str, str] = {"high": "high", "medium": "medium", "low": "low"}
"""Classes of monopoly risk."""

REASONS: dict[str, str] = {
    "same_name_two_countries": "one name, two countries",
    "same_name_two_identifiers": "one name, two identifiers",
    "same_name_two_forms": "one name, two legal forms",
    "abbreviation": "words cut short",
    "spelling": "nearly the same spelling",
}
"""Why two organisations may be one."""

NOTES: dict[str, str] = {
    "none_names_country": "no document of these years names a country",
    "none_names_region": "no document of these years names a region: records hold countries, and only a unified "
    "social credit code says a province",
    "none_names_organisation": "no document of these years names an organisation",
    "few_name_country": "fewer than half of the documents name a country",
    "few_name_region": "fewer than half of the documents name a region",
    "few_name_organisation": "fewer than half of the documents name an organisation",
    "few_documents": "few documents: the shares may change much with the next ones",
    "few_documents_before": "few documents in the years before: the change may be chance",
    "no_citations": "no dated citations: the most cited tenth is not known",
    "no_references": "no references: disruption is not known",
    "persons": "applicants that are inventors of their own documents are people and are left out",
    "invalid_identifiers": "identifiers whose check characters are wrong are not used",
    "class_unsure": "the class of monopoly risk is unsure: its own probability is below a half",
    "classes_undated": "classes carry no date: some may have been given after the as-of year",
}
"""Code of a note to the sentence that `say` translates."""

COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(PositionItem))
"""Columns of files: the fields of a position."""


def row_of(item: PositionItem) -> Row:
    """One position as a flat row with the keys of `COLUMNS`; several spellings stand in one cell, parted by ` | `."""
    row: dict[str, Cell] = {name: getattr(item, name) for name in COLUMNS if name != "names"}
    return {**row, "names": " | ".join(item.names)}


def note_in_words(note: str, say: Messages) -> str:
    """A note (`code: numbers`) as a reader understands it.

    >>> note_in_words("few_documents: 12", Messages())
    'few documents: the shares may change much with the next ones (12)'
    """
    code, _, detail = note.partition(": ")
    bare = detail.removesuffix(" documents").replace(" of ", " / ")
    return say(NOTES[code]) + (f" ({bare})" if bare else "")


def position_page(answer: PositionList, say: Messages) -> list[RenderableType]:
    """Head line, table of positions and what was found of the whole."""
    by = say(PARTIES[answer.by])
    who = (
        f"{answer.group.label} ({answer.group.id})"
        if answer.group.label != answer.group.id
        else answer.group.id
    )
    head = [
        say("Who leads as of {year}", year=answer.as_of),
        plain(who) if answer.group.kind != "corpus" else say("the whole corpus"),
        f"{answer.first_year}–{answer.last_year}",
        say("fractional counting") if answer.counting == "fractional" else say("full counting"),
        *(say("{bloc} as one", bloc=bloc) for bloc in answer.blocs),
        answer.method,
        f"{say('Snapshot')} {answer.snapshot}",
    ]
    parts: list[RenderableType] = [" · ".join(head)]
    if answer.items:
        parts.append(_table(answer, say))
        parts.append(
            say("* the 90 % interval of the change leaves out 0; ? inferred from documents of one country")
        )
    named = say(
        "{n} of {all} documents of these years name one; {parties} different.",
        n=f"{answer.n_naming:,}",
        all=f"{answer.n_documents:,}",
        parties=f"{answer.n_parties:,}",
    )
    lines = [f"{by}: {named}"]
    if answer.concentration is not None:
        lines.append(
            say(
                "Concentration (Herfindahl-Hirschman index): {now}, before {then}",
                now=number(answer.concentration, 3),
                then=number(answer.concentration_before, 3),
            )
        )
    return [
        *parts,
        "\n".join(lines + _risk(answer, say) + _disruption(answer, say) + _convergence(answer, say)),
    ]


def _table(answer: PositionList, say: Messages) -> RenderableType:
    of_organisations = answer.by == "organisation"
    columns = [
        Column(say("Rank"), "right", wrap=False),
        Column(say(PARTIES[answer.by]), shrink=12),
        *([Column(say("Country"), wrap=False)] if of_organisations else []),
        Column(say("Documents"), "right", wrap=False),
        Column(say("Share"), "right", wrap=False),
        Column(say("90 % interval"), "right", wrap=False),
        Column(
            say("Change since {first}–{last}", first=answer.first_before, last=answer.last_before), "right"
        ),
        Column(say("Of the most cited"), "right"),
        *([Column(say("Unsure"), "right")] if of_organisations else []),
    ]
    rows = []
    for item in answer.items:
        name = item.label_zh if say.language == "zh" and item.label_zh else item.label
        rows.append(
            [
                str(item.rank),
                name if of_organisations or name == item.id else f"{name} ({item.id})",
                *([_country(item)] if of_organisations else []),
                f"{item.n_documents:,}",
                percent(item.share, 1),
                _span(item.share_low, item.share_high),
                _points(item),
                percent(item.top_cited_share, 1),
                *([str(item.n_unsure) if item.n_unsure else ""] if of_organisations else []),
            ]
        )
    return table(columns, rows)


def _country(item: PositionItem) -> str:
    if item.country is None:
        return "–"
    return item.country if item.country_from == "record" else f"{item.country}?"


def _span(low: float | None, high: float | None, digits: int = 1) -> str:
    if low is None or high is None:
        return "–"
    return f"{100 * low:.{digits}f}–{100 * high:.{digits}f} %"


def _points(item: PositionItem) -> str:
    """Change in percentage points, with a mark where its interval leaves 0 out."""
    if item.change is None or item.change_low is None or item.change_high is None:
        return "–"
    sure = "*" if item.change_low > 0 or item.change_high < 0 else ""
    return f"{100 * item.change:+.1f}{sure}"


def _risk(answer: PositionList, say: Messages) -> list[str]:
    risk = answer.risk
    if risk is None:
        return []
    title = say("Technology-monopoly risk")
    if risk.level is None or risk.p_high is None or risk.p_medium is None or risk.p_low is None:
        return [f"{title}: {say('not enough evidence')} ({_missing(answer, say)})"]
    basis = say("by the most cited tenth") if risk.basis == "cited" else say("by all documents")
    judged = say(
        "Technology-monopoly risk ({rule}): {level}. Probability: high {high}, medium {medium}, low {low}",
        rule=risk.rule,
        level=say(LEVELS[risk.level]),
        high=percent(risk.p_high),
        medium=percent(risk.p_medium),
        low=percent(risk.p_low),
    )
    lead = say(
        "{lead} has {ratio} times the share of {second}, and {n} of the first {first} institutions ({basis}, {years})",
        lead=risk.lead,
        ratio=number(risk.lead_ratio, 1),
        second=risk.second or "–",
        n=f"{risk.institutions_in_lead:.3g}",
        first=risk.first,
        basis=basis,
        years=f"{risk.first_year}–{risk.last_year}",
    )
    placed = say(
        "{n} institutions have no known country and cannot be among the first", n=f"{risk.n_unplaced:,}"
    )
    return [judged, f"  {lead}", *([f"  {placed}"] if risk.n_unplaced else [])]


def _missing(answer: PositionList, say: Messages) -> str:
    risk = answer.risk
    assert risk is not None
    return say(
        "{n} documents name a country and an institution, {placed} institutions have a known country: "
        "needs {documents} and {first}",
        n=f"{risk.n_documents:,}",
        placed=f"{risk.n_placed:,}",
        documents=risk.minimum_documents,
        first=risk.first,
    )


def _disruption(answer: PositionList, say: Messages) -> list[str]:
    found = answer.disruption
    if found is None:
        return []
    title = say("Disruption (mean CD index of five years)")
    counted = say(
        "{n} documents with references, {cited} of them cited later",
        n=f"{found.n_documents:,}",
        cited=f"{found.n_cited:,}",
    )
    if found.mean is None:
        return [f"{title}: {say('not enough evidence')} ({counted})"]
    interval = f"{found.low:+.3f} … {found.high:+.3f}"
    return [f"{title}: {found.mean:+.3f} ({say('90 % interval')} {interval}; {counted})"]


def _convergence(answer: PositionList, say: Messages) -> list[str]:
    found = answer.convergence
    if found is None:
        return []
    title = say("Convergence (co-class entropy, {scheme})", scheme=found.scheme)
    counted = say(
        "{n} documents of two or more classes, {before} before",
        n=f"{found.n_documents:,}",
        before=f"{found.n_before:,}",
    )
    if found.change is None:
        return [f"{title}: {say('not enough evidence')} ({counted})"]
    shares = say(
        "share of documents with two or more classes {now}, before {then}",
        now=percent(found.co_class_share),
        then=percent(found.co_class_share_before),
    )
    interval = f"{say('90 % interval')} {found.change_low:+.2f} … {found.change_high:+.2f}"
    change = f"{found.entropy:.2f} bit ({found.change:+.2f}; {interval})"
    return [f"{title}: {change}; {shares}; {counted}"]


def organisation_page(answer: OrganisationList, say: Messages) -> list[RenderableType]:
    """How names were resolved, and the unsure pairs with their evidence."""
    head = say(
        "{names} names are {organisations} organisations as of {year}, {identified} with a valid identifier; "
        "{unsure} pairs are unsure, {settled} lines settled.",
        names=f"{answer.n_names:,}",
        organisations=f"{answer.n_organisations:,}",
        year=answer.as_of,
        identified=f"{answer.n_with_identifier:,}",
        unsure=f"{answer.n_unsure:,}",
        settled=answer.n_settled,
    )
    parts: list[RenderableType] = [head]
    if answer.unsure:
        columns = [
            Column(say("No."), "right", wrap=False),
            Column(say("Organisation"), shrink=16),
            Column(say("Perhaps the same as"), shrink=16),
            Column(say("Why")),
            Column(say("Alike"), "right", wrap=False),
            Column(say("Documents of both"), "right"),
            Column(say("Authors of both"), "right"),
        ]
        rows = [
            [
                str(pair.number),
                _side(pair.first),
                _side(pair.second),
                say(REASONS[pair.reason]),
                f"{pair.similarity:.0f}",
                str(pair.n_together),
                str(pair.n_shared_authors),
            ]
            for pair in answer.unsure
        ]
        parts.append(table(columns, rows))
    return parts


def _side(side: OrganisationSide) -> str:
    years = (
        f"{side.first_year}–{side.last_year}" if side.last_year > side.first_year else str(side.first_year)
    )
    told = [side.country or "–", f"{side.n_documents:,}", years]
    return f"{side.label} ({', '.join(told)})"

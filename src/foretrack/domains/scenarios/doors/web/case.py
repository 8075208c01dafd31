"""One case, fit to be cited: what it was, what it changed, what others need, who used it, what is like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from foretrack.domains.scenarios.actions.library import Alike, show_case, similar_cases
from foretrack.domains.scenarios.doors.web.cases import Card, cards_of
from foretrack.domains.scenarios.doors.web.telling import Measured, measures_of
from foretrack.records.citing import Cited, as_bibtex, as_text, file_of
from foretrack.registry.actions.links import titles_of
from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import address
from foretrack.web.naming import in_words, region_named, tracks_named
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say

PARAGRAPHS = ("problem", "solution", "technology", "users", "conditions", "lessons")
"""Fields that are told as text, in this order; measures stand behind the solution."""
ENDINGS = {"bib": "bib", "csl": "csl.json", "jsonld": "jsonld"}
MEDIA = {
    "bib": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "jsonld": "application/ld+json",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One part of the case."""

    name: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A record that the case names."""

    href: str
    title: str


@dataclass(frozen=True, slots=True)
class AlikeCase:
    """A case that is like it."""

    card: Card
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class CasePage(Page):
    """One case."""

    template: ClassVar[str] = "scenarios/case.html"

    key: str
    title: str
    who: Linked
    status: str
    in_library: bool
    revision: int
    day: str
    maturity: int | None
    tracks: tuple[str, ...]
    region: str
    paragraphs: tuple[Paragraph, ...]
    measures: tuple[Measured, ...]
    used_by: tuple[Linked, ...]
    technologies: tuple[Linked, ...]
    began_as: tuple[Linked, ...]
    alike: tuple[AlikeCase, ...]
    meant: bool
    """Whether meanings were compared."""
    citation: str
    bibtex: str


@require_safe
def case(request: Request, key: str) -> HttpResponse:
    """One case as far as the reader may see it; a merged one leads to the other."""
    page = show_case(request.registry, request.actor, key)
    if page.key != key:
        return HttpResponseRedirect(address("case", page.key))
    kind, values, language = request.registry.kinds.get(page.kind), page.values, page_language()
    names = ("organisation", "used_by", "technologies", "scenario", "opportunity")
    titles = titles_of(
        request.actor, [k for name in names for k in kind.by_name[name].facet_values(values.get(name))]
    )

    def linked(name: str) -> tuple[Linked, ...]:
        keys = kind.by_name[name].facet_values(values.get(name))
        return tuple(Linked(address("record", one), titles[one]) for one in keys if one in titles)

    found = similar_cases(request.registry, request.actor, page)
    cited = cited_of(request, page)
    return render(
        request,
        CasePage(
            key=page.key, title=page.title, who=next(iter(linked("organisation")), Linked("", "")),
            status=page.status_label, in_library=page.status == "recognised", revision=page.revision, day=cited.day,
            maturity=values.get("maturity"), tracks=tracks_named(values.get("tracks")),
            region=region_named(values.get("region", "")),
            paragraphs=tuple(
                Paragraph(name, kind.by_name[name].label.text(language), in_words(values[name]))
                for name in PARAGRAPHS
                if name in values
            ),
            measures=measures_of(values.get("measures")), used_by=linked("used_by"),
            technologies=linked("technologies"), began_as=(*linked("scenario"), *linked("opportunity")),
            alike=alike_told(request, found), meant=any(one.similarity is not None for one in found),
            citation=as_text(cited), bibtex=as_bibtex(cited),
        ),
    )  # fmt: skip


def alike_told(request: Request, found: tuple[Alike, ...]) -> tuple[AlikeCase, ...]:
    """Similar cases with the reasons in words: together they are the whole of the score."""
    cards = cards_of(request, tuple(one.line for one in found))
    titles = titles_of(request.actor, [key for one in found for key in one.technologies])
    made = []
    for one, card in zip(found, cards, strict=True):
        reasons = []
        if one.similarity is not None and one.similarity > 0:
            reasons.append(say("close in meaning ({n})", n=f"{one.similarity:.2f}"))
        if one.tracks:
            reasons.append(say("same track: {names}", names=", ".join(tracks_named(one.tracks))))
        used = [titles[key] for key in one.technologies if key in titles]
        if used:
            reasons.append(say("same technology: {names}", names=", ".join(used)))
        made.append(AlikeCase(card, one.score, tuple(reasons)))
    return tuple(made)


def cited_of(request: Request, page: RecordPage) -> Cited:
    """What a citation of the case is made of, in the language of the page."""
    owner = page.values.get("organisation")
    names = titles_of(request.actor, [owner] if owner else [])
    return Cited(
        page.key, page.revision, page.title, tuple(names.values()), page.state_since[:10],
        request.build_absolute_uri(address("case", page.key)), page_language(),
    )  # fmt: skip


@require_safe
def citation(request: Request, key: str, form: str) -> HttpResponse:
    """The citation as a file that reference managers read."""
    page = show_case(request.registry, request.actor, key)
    cited = cited_of(request, page)
    answer = HttpResponse(file_of(cited, form), content_type=f"{MEDIA[form]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{cited.name}.{ENDINGS[form]}"'
    return answer

"""One offer or need as an outsider reads it: what it is, what it does better, how ready it is, who is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.browsing import show_profile
from foretrack.domains.exchange.formats.citing import Cited, as_json_ld, as_text
from foretrack.foundation.canonical import canonical
from foretrack.registry.actions.attachments import files_of
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.kind import Kind
from foretrack.web.addresses import address
from foretrack.web.naming import in_words, region_named, tracks_named
from foretrack.web.panels import Subject
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language

PARAGRAPHS = {
    "offer": ("description", "advantages", "applications", "expertise", "partner_role", "details"),
    "need": ("description", "requirements", "expertise", "partner_role", "details"),
}
FACTS = (
    "sort_of", "stage", "maturity", "maturity_to", "rights", "flags", "budget", "cooperation", "partner_types",
    "partner_regions", "languages", "deadline", "valid_until", "keywords", "patents", "standards",
)  # fmt: skip
SHOWN_MEDIA = ("image/png", "image/jpeg")
INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One part of the text."""

    name: str
    heading: str
    text: str
    partner: bool
    """Whether only partners read it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of facts."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A record that the profile names."""

    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A line of the log on scenario and business model."""

    about: str
    hypothesis: str
    trial: str
    evidence: str
    standing: str
    good: bool
    bad: bool
    day: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture or a paper."""

    href: str
    name: str
    picture: bool


@dataclass(frozen=True)
class ProfilePage(Page):
    """One offer or need."""

    template: ClassVar[str] = "exchange/profile.html"

    key: str
    kind: str
    kind_label: str
    title: str
    who: Linked
    region: str
    tracks: tuple[str, ...]
    status: str
    holds: bool
    """Whether it is published and not over."""
    revision: int
    summary: str
    paragraphs: tuple[Paragraph, ...]
    facts: tuple[Fact, ...]
    hypotheses: tuple[Hypothesis, ...]
    linked: tuple[Linked, ...]
    shown: tuple[Shown, ...]
    interest: str
    """Where interest is expressed; empty for whoever may not."""
    log_in: str
    citation: str
    subject: Subject


@require_safe
def profile(request: Request, key: str) -> HttpResponse:
    """One profile as far as the reader may see it; a merged one leads to the other."""
    registry, actor, language = request.registry, request.actor, page_language()
    page = show_profile(registry, actor, key)
    if page.key != key:
        return HttpResponseRedirect(address("profile of", page.key))
    kind, values = registry.kinds.get(page.kind), page.values
    names = ("experts", "achievement", "technologies")
    links = [
        one for name in names if name in kind.by_name for one in kind.by_name[name].facet_values(values.get(name))
    ]  # fmt: skip
    titles = titles_of(actor, [*links, values.get("organisation", "")])
    holds = page.status == "published" and values.get("valid_until", "") >= registry.now().date().isoformat()
    owner = values.get("organisation", "")
    own = owner in actor.organisations
    may = holds and not own and may_create_somewhere(actor, registry.kinds.get(INTEREST))
    return render(
        request,
        ProfilePage(
            key=page.key, kind=page.kind, kind_label=kind.label.text(language), title=page.title,
            who=Linked(address("record", owner), titles[owner]) if owner in titles else Linked("", ""),
            region=region_named(values.get("region", "")), tracks=tracks_named(values.get("tracks")),
            status=page.status_label, holds=holds, revision=page.revision, summary=in_words(values.get("summary")),
            paragraphs=tuple(
                Paragraph(
                    name, kind.by_name[name].label.text(language), in_words(values[name]),
                    kind.by_name[name].visibility != "public",
                )
                for name in PARAGRAPHS[page.kind]
                if name in values
            ),
            facts=facts_of(kind, page), hypotheses=_hypotheses(kind, values),
            linked=tuple(Linked(address("record", one), titles[one]) for one in links if one in titles),
            shown=tuple(
                Shown(address("file", page.key, one.sha256), one.name, one.media_type in SHOWN_MEDIA)
                for one in files_of(registry, actor, page.key)
                if one.field == "pictures"
            ),
            interest=f"{address('new', INTEREST)}?about={page.key}" if may else "",
            log_in=f"{address('account_login')}?next={request.path}" if holds and not actor.key else "",
            citation=as_text(cited_of(request, page)),
            subject=Subject("record", page.key, page.title, (page.title,), values={"record": page, "reading": True}),
        ),
    )  # fmt: skip


def facts_of(kind: Kind, page: RecordPage) -> tuple[Fact, ...]:
    """What is said in few words, each with its label."""
    language = page_language()
    return tuple(
        Fact(kind.by_name[name].label.text(language), kind.by_name[name].show(page.values[name], language))
        for name in FACTS
        if name in page.values
    )


def _hypotheses(kind: Kind, values: Any) -> tuple[Hypothesis, ...]:
    if "hypotheses" not in kind.by_name:
        return ()
    columns = {column.name: column for column in kind.by_name["hypotheses"].columns}  # type: ignore[attr-defined]
    language = page_language()
    return tuple(
        Hypothesis(
            columns["about"].show(row["about"], language), in_words(row["hypothesis"]), in_words(row.get("trial")),
            in_words(row.get("evidence")), columns["standing"].show(row["standing"], language),
            row["standing"] == "supported", row["standing"] == "refuted", row.get("tried_on", ""),
        )
        for row in values.get("hypotheses") or ()
    )  # fmt: skip


def cited_of(request: Request, page: RecordPage) -> Cited:
    """What a citation is made of, in the language of the page."""
    owner = page.values.get("organisation")
    names = titles_of(request.actor, [owner] if owner else [])
    return Cited(
        page.key, page.kind, page.revision, page.title, in_words(page.values.get("summary")),
        next(iter(names.values()), ""), page.state_since[:10], page.values.get("valid_until", ""),
        request.build_absolute_uri(address("profile of", page.key)), page_language(),
        tuple(page.values.get("keywords") or ()),
    )  # fmt: skip


@require_safe
def linked_data(request: Request, key: str) -> HttpResponse:
    """The profile in the words of schema.org, as a file."""
    page = show_profile(request.registry, request.actor, key)
    answer = HttpResponse(
        canonical(as_json_ld(cited_of(request, page))) + b"\n",
        content_type="application/ld+json; charset=utf-8",
    )
    answer["Content-Disposition"] = f'inline; filename="{page.kind}-{page.key}.jsonld"'
    return answer

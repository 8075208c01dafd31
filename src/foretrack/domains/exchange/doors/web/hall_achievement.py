"""One achievement, told to an outsider: plain words and pictures first, then what is new, rights, evidence, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.domains.exchange.doors.web.hall_words import options_of
from foretrack.domains.exchange.hall import asking as hall_asking
from foretrack.domains.exchange.hall.counting import count, may_see_figures
from foretrack.domains.exchange.hall.following import RELEASED, trusted
from foretrack.domains.exchange.hall.reading import (
    Question,
    questions_about,
    related_to,
    show_achievement,
)
from foretrack.domains.exchange.hall.releasing import release_due
from foretrack.domains.exchange.kinds.hall import ABUSES
from foretrack.foundation.canonical import canonical
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.records.citing import ACHIEVEMENTS, Cited, as_bibtex, as_json_ld, as_text, file_of
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.attachments import files_of, read
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import AttachedFile, RecordPage
from foretrack.registry.declaring.kind import Kind
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, lines, yes
from foretrack.web.data import asked_form
from foretrack.web.naming import in_words, region_named, tracks_named
from foretrack.web.panels import Subject
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say

ENDINGS = {"bib": "bib", "csl": "csl.json", "jsonld": "jsonld"}
MEDIA = {
    "bib": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "jsonld": "application/ld+json",
}
RELATED = ("offer", "deal", "evaluation")
"""Kinds whose records may name an achievement as what they are about, as far as they are declared."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, with its text for those who cannot see it."""

    href: str
    alt: str
    caption: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to read."""

    href: str
    name: str
    size: int
    caption: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One part of the text."""

    name: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of facts."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """Something that it leads to."""

    href: str
    text: str
    sort: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question, with what the reader may do about it."""

    key: str
    href: str
    text: str
    answer: str
    day: str
    answered_on: str
    status: str
    public: bool
    reply: str
    """Where the owner replies; empty for everybody else."""
    report: str


@dataclass(frozen=True)
class AchievementPage(Page):
    """One achievement."""

    template: ClassVar[str] = "hall/achievement.html"

    key: str
    title: str
    who: tuple[LinkLine, ...]
    region: str
    status: str
    released: bool
    revision: int
    day: str
    tracks: tuple[str, ...]
    plain: str
    paragraphs: tuple[Paragraph, ...]
    facts: tuple[Fact, ...]
    pictures: tuple[Picture, ...]
    papers: tuple[Paper, ...]
    session: tuple[LinkLine, ...]
    experts: tuple[LinkLine, ...]
    related: tuple[LinkLine, ...]
    pages: tuple[str, ...]
    questions: tuple[QuestionLine, ...]
    ask: str
    interest: str
    report: str
    statistics: str
    citation: str
    bibtex: str
    address: str
    subject: Subject


@require_safe
def achievement(request: Request, key: str) -> HttpResponse:
    """One achievement as far as the reader may see it; a merged one leads to the other."""
    registry, actor = request.registry, request.actor
    release_due(registry)
    page = show_achievement(registry, actor, key)
    if page.key != key:
        return HttpResponseRedirect(address("achievement", page.key))
    if not asked_form(request):
        count(registry, actor, page, "view", program=program_of(request))
    kind, values = registry.kinds.get(page.kind), page.values
    released = page.status == RELEASED
    pictures, papers = media_of(
        page, files_of(registry, actor, page.key), lambda sha: address("achievement file", page.key, sha)
    )
    cited = cited_of(request, page)
    may_ask = released and may_create_somewhere(actor, registry.kinds.get("question"))
    known = [name for name in RELATED if name in registry.kinds.kinds]
    return render(
        request,
        AchievementPage(
            key=page.key, title=page.title, who=_linked(request, values, "organisation"),
            region=region_named(str(values.get("region", ""))), status=page.status_label, released=released,
            revision=page.revision, day=cited.day, tracks=tracks_named(values.get("tracks")),
            plain=in_words(values.get("plain")) or in_words(values.get("summary")),
            paragraphs=paragraphs_of(kind, values), facts=facts_of(kind, values), pictures=pictures, papers=papers,
            session=_session(request, values), experts=_linked(request, values, "experts"),
            related=tuple(
                LinkLine(address("record", one.key), one.title, registry.kinds.get(one.kind).label.text(page_language()))
                for one in related_to(actor, page.key, known)
            ),
            pages=tuple(values.get("pages") or ()),
            questions=tuple(question_line(one) for one in questions_about(registry, actor, page.key)),
            ask=address("ask question", page.key) if may_ask else "",
            interest=f"{address('new', 'interest')}?{urlencode({'about': page.key})}"
            if released and may_create_somewhere(actor, registry.kinds.get("interest")) else "",
            report=address("report abuse", page.key) if may_ask else "",
            statistics=address("achievement statistics", page.key) if may_see_figures(actor, page) else "",
            citation=as_text(cited), bibtex=as_bibtex(cited),
            address=cited.address,
            subject=Subject(
                "record", page.key, page.title, tracks=tuple(values.get("tracks") or ()), values={"record": page}
            ),
        ),
    )  # fmt: skip


def paragraphs_of(kind: Kind, values: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    """The longer texts, in the order in which an outsider reads them."""
    names = ["advantages", "description", "details", "confidential"]
    if "plain" in values:
        names.insert(0, "summary")
    return tuple(
        Paragraph(name, kind.by_name[name].label.text(page_language()), in_words(values[name]))
        for name in names
        if name in values
    )


def facts_of(kind: Kind, values: Mapping[str, Any]) -> tuple[Fact, ...]:
    """What can be said in a word: sort, stage, readiness, rights, cooperation, flags, patents, standards."""
    language = page_language()
    made = []
    for name in (
        "sort_of",
        "stage",
        "maturity",
        "rights",
        "cooperation",
        "flags",
        "patents",
        "standards",
        "finished_on",
    ):
        if name not in values:
            continue
        shown = options_of(kind, name, values) or tuple(
            map(str, values[name] if isinstance(values[name], list) else [values[name]])
        )
        made.append(Fact(kind.by_name[name].label.text(language), shown))
    return tuple(made)


def media_of(
    page: RecordPage, files: tuple[AttachedFile, ...], address_of: Any
) -> tuple[tuple[Picture, ...], tuple[Paper, ...]]:
    """Pictures and papers among the files to show, with their captions by the names of the files."""
    captions = {row["file"]: in_words(row["caption"]) for row in page.values.get("captions") or ()}
    pictures, papers = [], []
    for one in files:
        if one.field != "pictures":
            continue
        caption = captions.get(one.name, "")
        if one.media_type.startswith("image/"):
            alt = caption or say("Picture of “{title}”: {name}", title=page.title, name=one.name)
            pictures.append(Picture(address_of(one.sha256), alt, caption, one.sha256))
        else:
            papers.append(Paper(address_of(one.sha256), one.name, one.size, caption))
    return tuple(pictures), tuple(papers)


def question_line(one: Question) -> QuestionLine:
    """A question as the page shows it."""
    return QuestionLine(
        one.key, address("record", one.key), one.question, one.answer, one.asked_on, one.answered_on, one.status_label,
        one.public, address("move", one.key, "reply") if one.may_reply else "", address("report abuse", one.key),
    )  # fmt: skip


def _linked(request: Request, values: Mapping[str, Any], name: str) -> tuple[LinkLine, ...]:
    held = values.get(name) or ()
    keys = [held] if isinstance(held, str) else list(held)
    titles = titles_of(request.actor, keys)
    return tuple(LinkLine(address("record", key), titles[key], "") for key in keys if key in titles)


def _session(request: Request, values: Mapping[str, Any]) -> tuple[LinkLine, ...]:
    return tuple(
        LinkLine(address("hall session", str(values["session"])), one.text, "")
        for one in _linked(request, values, "session")
    )


def program_of(request: Request) -> str:
    """What the asker's program calls itself; nothing where a page is only fetched beforehand."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return ""
    return str(request.headers.get("User-Agent", ""))


def cited_of(request: Request, page: RecordPage) -> Cited:
    """What a citation is made of, in the language of the page."""
    owner = page.values.get("organisation")
    names = titles_of(request.actor, [owner] if owner else [])
    return Cited(
        page.key, page.revision, page.title, tuple(names.values()), page.state_since[:10],
        request.build_absolute_uri(address("achievement", page.key)), page_language(), ACHIEVEMENTS,
    )  # fmt: skip


def linked_data(cited: Cited, page: RecordPage, pictures: tuple[Picture, ...]) -> dict[str, Any]:
    """JSON-LD of the achievement (schema.org `CreativeWork`)."""
    root = cited.address.split("/", 3)
    site = "/".join(root[:3])
    made = {
        **as_json_ld(cited), "@type": "CreativeWork",
        "abstract": in_words(page.values.get("plain")) or in_words(page.values.get("summary")),
        "keywords": list(tracks_named(page.values.get("tracks"))),
        "image": [{"@type": "ImageObject", "contentUrl": site + one.href, "caption": one.alt} for one in pictures],
    }  # fmt: skip
    return {name: value for name, value in made.items() if value not in ("", [])}


@require_safe
def citation(request: Request, key: str, form: str) -> HttpResponse:
    """The citation as a file that reference managers read."""
    page = show_achievement(request.registry, request.actor, key)
    cited = cited_of(request, page)
    if form == "jsonld":
        pictures, _ = media_of(
            page,
            files_of(request.registry, request.actor, page.key),
            lambda sha: address("achievement file", page.key, sha),
        )
        content = canonical(linked_data(cited, page, pictures)) + b"\n"
    else:
        content = file_of(cited, form)
    answer = HttpResponse(content, content_type=f"{MEDIA[form]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{cited.name}.{ENDINGS[form]}"'
    return answer


@require_safe
def achievement_file(request: Request, key: str, sha256: str) -> HttpResponseBase:
    """A picture or a paper of an achievement; a paper that is fetched is counted."""
    page = show_achievement(request.registry, request.actor, key)
    found = read(request.registry, request.actor, page.key, sha256)
    if not found.media_type.startswith("image/"):
        count(request.registry, request.actor, page, "download", program=program_of(request))
    return handed_out(found)


def handed_out(found: AttachedFile) -> FileResponse:
    """A file as an answer: saved or shown as a picture, never opened inside the site."""
    answer = FileResponse(open(found.path, "rb"))  # noqa: SIM115 - the answer closes it when it was sent
    for name, value in found.headers.items():
        answer.headers[name] = value
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def ask_question(request: Request, key: str) -> HttpResponse:
    """Asks for a question about an achievement; sent, it is asked."""
    page = show_achievement(request.registry, request.actor, key)
    if not may_create_somewhere(request.actor, request.registry.kinds.get("question")):
        raise refusal(request.actor, "ask a question")
    back = address("achievement", page.key)
    form = Asked(
        {
            "question": lines(
                say("Your question"), say("Say nothing that is confidential: everybody may read it."), most=1000,
                needed=True, rows=5,
            ),
            "private": yes(
                say("Only the two of us"),
                say("The question and its answer are read by the owner and you alone, and by officers in charge."),
            ),
        },
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            made = hall_asking.ask(
                request.registry, request.actor, page.key, form.text("question"),
                private=bool(form.cleaned_data["private"]),
            )  # fmt: skip
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            waits = made.status == "asked"
            messages.success(
                request,
                say("Your question was sent. A moderator reads it before it is shown.") if waits
                else say("Your question was sent."),
            )  # fmt: skip
            return HttpResponseRedirect(f"{back}#questions")
    points = () if trusted(request.actor) else (say("A moderator reads it before it is shown."),)
    crumbs = (Crumb(address("hall"), say("Release hall")), Crumb(back, page.title))
    return ask(
        request,
        AskPage(say("Ask a question"), page.title, crumbs, form, say("Send the question"), back, points),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report_abuse(request: Request, key: str) -> HttpResponse:
    """Asks what is wrong with something in the hall; sent, officers in charge read it."""
    from foretrack.registry.actions.records import show

    page = show(request.registry, request.actor, key)
    kind = request.registry.kinds.get("abuse-report")
    if not may_create_somewhere(request.actor, kind):
        raise refusal(request.actor, "report an abuse")
    about = str(page.values["about"]) if page.kind == "question" else page.key
    back = (
        address("achievement", about)
        if page.kind in ("question", "achievement")
        else address("record", about)
    )
    form = Asked(
        {
            "why": choice(say("What is it"), {name: label.text(page_language()) for name, label in ABUSES.items()}),
            "text": lines(say("What is wrong"), most=2000, needed=True, rows=5),
        },
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            hall_asking.report(request.registry, request.actor, page.key, form.text("why"), form.text("text"))
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(request, say("Thank you. An officer looks at it."))
            return HttpResponseRedirect(back)
    crumbs = (Crumb(address("hall"), say("Release hall")), Crumb(back, page.title[:60]))
    points = (say("Only officers in charge read it; the owner does not learn who reported."),)
    return ask(
        request,
        AskPage(say("Report something"), page.title, crumbs, form, say("Send the report"), back, points),
    )

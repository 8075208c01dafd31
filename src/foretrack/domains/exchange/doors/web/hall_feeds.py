"""Feeds of the hall: of all of it, of a track, an organisation or one session; as Atom and as JSON Feed 1.1.

A feed tells what everybody may see, whoever asks: what was released, and what became of the sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.hall.following import zone
from foretrack.domains.exchange.hall.reading import find_achievements, sessions_of, show_session
from foretrack.domains.exchange.hall.releasing import release_due
from foretrack.foundation.clock import timestamp
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.watch.delivery.atom import Entry, Feed, as_moment, atom, newest, sayable, stable_id, tag_of
from foretrack.web.addresses import address
from foretrack.web.naming import in_words, track_named, tracks_named
from foretrack.web.rendering import Request
from foretrack.web.speech import TAGS, page_language, say

MOST = 50
"""Entries of a feed."""
ATOM, JSON = "application/atom+xml; charset=utf-8", "application/feed+json; charset=utf-8"
BEGUN = "2026-01-01T00:00:00Z"
"""What a feed without entries was changed at last."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry, with what JSON Feed has beside it."""

    entry: Entry
    tags: tuple[str, ...]


@require_safe
def hall_feed(request: Request, form: str) -> HttpResponseBase:
    """The feed of the hall; `?track=PACK/TRACK` of one track, `?organisation=KEY` of one organisation."""
    track, organisation = request.GET.get("track", "")[:200], request.GET.get("organisation", "")[:26]
    release_due(request.registry)
    known = track in PACK_TERMS("tracks")
    title = say("Release hall")
    if known:
        title = f"{title} · {track_named(track)}"
    items = _achievements(request, facets={"tracks": [track]} if track else {}, organisation=organisation)
    if not organisation:
        items += _sessions(request, track)
    return _answer(request, form, "/".join(("hall", track, organisation)), title, address("hall"), items)


@require_safe
def session_feed(request: Request, key: str, form: str) -> HttpResponseBase:
    """The feed of one session: what became of it, and what it released."""
    release_due(request.registry)
    page = show_session(request.registry, _reader(), key)
    items = _achievements(request, session=page.key) + [
        one for one in _sessions(request, "") if one.entry.key == page.key
    ]
    return _answer(
        request, form, f"hall/session/{page.key}", page.title, address("hall session", page.key), items
    )


def _reader() -> Any:
    return replace(VISITOR, language=page_language())


def _achievements(request: Request, **asked: Any) -> list[Item]:
    found = find_achievements(request.registry, _reader(), limit=MOST, **asked)
    since = dict(
        Record.objects.filter(key__in=[line.key for line in found.lines]).values_list("key", "state_since")
    )
    return [
        Item(
            Entry(
                line.key, line.title, in_words(line.values.get("plain")) or in_words(line.values.get("summary")),
                "achievement", say("Achievement"), timestamp(since[line.key]),
                timestamp(as_moment(line.updated_at)), request.build_absolute_uri(address("achievement", line.key)),
            ),
            tracks_named(line.values.get("tracks")),
        )
        for line in found.lines
    ]  # fmt: skip


def _sessions(request: Request, track: str) -> list[Item]:
    every = [
        one
        for waiting in (True, False)
        for one in sessions_of(request.registry, _reader(), waiting=waiting)
        if not track or track in (one.line.values.get("tracks") or ())
    ]
    kind = request.registry.kinds.get("release-session")
    made = []
    for one in every:
        values = one.line.values
        state = kind.state(one.line.status).label.text(page_language())
        text = " ".join(
            part
            for part in (
                say(
                    "{state}: {day} {time} ({zone}).", state=state, day=values.get("release_on", ""),
                    time=values.get("release_time", ""), zone=zone(),
                ),
                in_words(values.get("notice")), in_words(values.get("about")),
            )
            if part
        )  # fmt: skip
        at = timestamp(as_moment(one.line.updated_at))
        link = request.build_absolute_uri(address("hall session", one.line.key))
        made.append(
            Item(
                Entry(one.line.key, f"{one.line.title} · {state}", text, "session", say("Release session"), at, at, link),
                tracks_named(values.get("tracks")),
            )
        )  # fmt: skip
    return made


def _answer(
    request: Request, form: str, key: str, title: str, home: str, items: list[Item]
) -> HttpResponseBase:
    items = sorted(items, key=lambda one: (one.entry.updated, one.entry.key), reverse=True)[:MOST]
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    own = request.build_absolute_uri(request.path) + query
    entries = tuple(one.entry for one in items)
    feed = Feed(key, title, page_language(), newest([e.updated for e in entries], BEGUN), entries, 0)
    if form == "atom":
        content = atom(feed, own)
        answer: HttpResponse = HttpResponse(content, content_type=ATOM)
    else:
        answer = JsonResponse(
            json_feed(feed, own, request.build_absolute_uri(home), items),
            json_dumps_params={"ensure_ascii": False}, content_type=JSON,
        )  # fmt: skip
        content = answer.content
    answer["ETag"] = tag_of(content)
    # Not kept by anybody without asking: what a moderator holds is gone from the feed with the next question.
    answer["Cache-Control"] = "public, no-cache"
    return get_conditional_response(request, answer["ETag"], None, answer) or answer


def json_feed(feed: Feed, own: str, home: str, items: list[Item]) -> dict[str, Any]:
    """The feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    return {
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "home_page_url": home, "feed_url": own,
        "language": TAGS[page_language()],
        "items": [
            {
                "id": stable_id(feed.key, one.entry.key), "url": one.entry.link, "title": sayable(one.entry.title),
                "content_text": sayable(one.entry.text), "date_published": one.entry.published,
                "date_modified": one.entry.updated, "tags": [one.entry.label, *one.tags],
            }
            for one in items
        ],
    }  # fmt: skip

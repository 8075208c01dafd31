"""Feeds of the watch, and the page that stops its mails: addresses that work without logging in.

An address with a secret is the key to one feed; a signed one stops one channel. Neither page sets a cookie.
"""

from __future__ import annotations

from html import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import InputError
from foretrack.registry.registry import Registry
from foretrack.watch.actions.channels import stop_by_token
from foretrack.watch.actions.feeds import address_of, feed_of
from foretrack.watch.delivery.atom import as_moment, atom, tag_of
from foretrack.watch.speech import messages_in

KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


def registry_for(request: HttpRequest) -> Registry:
    """The registry that the request's frame opened, or one opened for it."""
    from foretrack.installation.opening import configured_installation, registry_of

    opened = getattr(request, "registry", None)
    return opened if isinstance(opened, Registry) else registry_of(configured_installation())


@require_safe
def feed(request: HttpRequest, key: str, token: str = "") -> HttpResponseBase:
    """The Atom feed of a rule; `?lang=zh` of a public one in Chinese."""
    language = "zh" if request.GET.get("lang") == "zh" else "en"
    try:
        found, public = feed_of(registry_for(request), key, token=token, language=language)
    except InputError:
        raise Http404 from None
    site = str(getattr(settings, "FORETRACK_ADDRESS", ""))
    own = address_of(key, token) if site else request.build_absolute_uri(request.path)
    content = atom(found, own + ("?lang=zh" if public and language == "zh" else ""))
    changed = as_moment(found.updated).timestamp()
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["ETag"] = tag_of(content)
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = "public, max-age=300" if public else "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    # What the reader may see can change while no alert does, so the tag decides and the time alone never does.
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    if asked is None:
        return response
    return get_conditional_response(request, response["ETag"], int(changed), response) or response


@csrf_exempt  # the signed address is the permission; mail programs post to it without having seen a page (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether the mails shall stop; a POST stops them. Looking alone stops nothing: mail scanners follow links."""
    say = messages_in("zh" if get_language_from_request(request).startswith("zh") else "en")
    if request.method == "POST":
        try:
            name = stop_by_token(registry_for(request), token)
        except InputError as error:
            return _page(say.language, error.told(say), status=404)
        return _page(say.language, say("No more messages about {name} will come.", name=name))
    button = f'<form method="post"><button>{escape(say("No more messages about this"))}</button></form>'
    return _page(say.language, say("Shall these messages stop?"), button)


def _page(language: str, said: str, form: str = "", *, status: int = 200) -> HttpResponse:
    lang = "zh-Hans" if language == "zh" else "en"
    page = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Foretrack</title>'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"></head>'
        f"<body><main><h1>{escape(said)}</h1>{form}</main></body></html>"
    )
    response = HttpResponse(page, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    re_path(rf"^watch/{KEY}\.atom$", feed, name="public feed"),
    re_path(rf"^watch/{KEY}/(?P<token>[A-Za-z0-9_-]{{20,80}})\.atom$", feed, name="private feed"),
    re_path(r"^watch/stop/(?P<token>[A-Za-z0-9_:-]{1,200})/$", stop, name="stop mails"),
]

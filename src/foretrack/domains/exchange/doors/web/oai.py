"""The door for harvesters: OAI-PMH at `/oai`, the same for everybody, whoever has logged in."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from foretrack.accounts.mailing import absolute
from foretrack.domains.exchange.actions.harvesting import earliest, harvest, one_item, sets_of
from foretrack.domains.exchange.formats.oai import (
    Asked,
    Item,
    ProtocolError,
    Repository,
    answer,
    read_arguments,
)
from foretrack.web.rendering import Request

READING = {"offer": "/en/exchange/", "need": "/en/exchange/", "achievement": "/en/record/"}
"""Kind to the beginning of the address at which people read its records."""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: Request) -> HttpResponse:
    """Answers a harvester. The protocol's own errors are answers, too; POST takes the same as GET and writes nothing."""
    sent = request.POST if request.method == "POST" else request.GET
    given = [(name, value) for name in sent for value in sent.getlist(name)]
    registry = request.registry
    domain = urlsplit(absolute("/")).hostname or "localhost"
    repository = Repository(
        "Foretrack",
        absolute("/oai"),
        str(settings.DEFAULT_FROM_EMAIL),
        domain,
        earliest(registry),
        sets_of(registry),
    )
    addresses = {kind: absolute(path) for kind, path in READING.items()}
    asked: Asked | None = None
    error: ProtocolError | None = None
    items: list[Item] = []
    token: str | None = None
    try:
        asked = read_arguments(given, [spec for spec, _ in repository.sets])
        if asked.identifier:
            items = [one_item(registry, asked.identifier, domain, addresses)]
            if asked.prefix == "ft_profile" and items[0].profile is None and not items[0].deleted:
                raise ProtocolError("cannotDisseminateFormat", "only offers and needs have this format")
        elif asked.verb in ("ListRecords", "ListIdentifiers"):
            items, token = harvest(registry, asked, domain, addresses)
    except ProtocolError as wrong:
        error = wrong
    content = answer(
        repository, registry.now().strftime("%Y-%m-%dT%H:%M:%SZ"), asked, items=items, token=token, error=error,
        given=given,
    )  # fmt: skip
    return HttpResponse(content, content_type="text/xml; charset=utf-8")

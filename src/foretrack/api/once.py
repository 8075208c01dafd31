"""A request that is sent twice is done once: what was answered is kept with what was done, in one transaction.

A program that has lost an answer repeats its request with the same `Idempotency-Key` (IETF draft
idempotency-key-header).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from foretrack.api.models import KeptAnswer
from foretrack.foundation.errors import InputError
from foretrack.registry.actions.writing import ConflictError
from foretrack.web.problems import problem
from foretrack.web.speech import say

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=2)
"""How long one may work on a request before another one with the same key takes over; it must be sure that the first is
dead, or at least that it can write nothing any more: it cannot, because it has lost its claim."""
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
REPLAYED = "Idempotency-Replayed"
_HEADERS = ("Content-Type", "ETag", "Location", "Content-Language", "Content-Location")


def once(
    request: HttpRequest, account: str, key: str, at: datetime, do: Callable[[], HttpResponse]
) -> HttpResponse:
    """Does what is asked, unless the same account asked for it with this key already: then answers the same.

    Args:
        account: key of the account.
        do: everything it writes, it writes into the database.

    What is refused is not kept, since it changed nothing. ConflictError while another request with the key is under way.
    """
    if not _KEY.fullmatch(key):
        raise InputError.of(
            "the Idempotency-Key has {n} characters, or other signs than letters and digits",
            expected="1 to 200 printable characters of ASCII", do="take a random UUID", n=len(key),
        )  # fmt: skip
    digest, claim = _digest(request), secrets.token_hex(16)
    KeptAnswer.objects.filter(account=account, expires_at__lt=at).delete()
    found = _claim(account, key, digest, claim, at)
    if found is not None:
        return _known(found, digest, claim, at) or _work(account, key, claim, do)
    return _work(account, key, claim, do)


def _claim(account: str, key: str, digest: str, claim: str, at: datetime) -> KeptAnswer | None:
    """Claims the key; the row of whoever had it first, if somebody had."""
    there = KeptAnswer.objects.filter(account=account, key=key).first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            KeptAnswer.objects.create(
                account=account, key=key, digest=digest, claim=claim, claimed_at=at, expires_at=at + KEPT
            )
    except IntegrityError:
        return KeptAnswer.objects.filter(account=account, key=key).first()
    return None


def _known(found: KeptAnswer, digest: str, claim: str, at: datetime) -> HttpResponse | None:
    """The answer to a key that was used before; None where its work was left behind and is ours now."""
    if found.digest != digest:
        return problem(
            422, "idempotency-key", say("this Idempotency-Key was used for another request"),
            expected=say("the very same request, or another key"), do=say("take a new key for a new request"),
        )  # fmt: skip
    if found.erased:
        return problem(
            410, "erased", say("what was answered to this request was erased since"),
            do=say("read the record again"),
        )  # fmt: skip
    if found.status is not None:
        answer = HttpResponse(found.body, status=found.status)
        for name, value in found.headers.items():
            answer.headers[name] = value
        answer.headers[REPLAYED] = "true"
        return answer
    if found.claimed_at > at - LEASE:
        return _under_way(found.claimed_at + LEASE - at)
    taken = KeptAnswer.objects.filter(pk=found.pk, claim=found.claim, status=None).update(
        claim=claim, claimed_at=at
    )
    return None if taken else _under_way(LEASE)


def _under_way(left: timedelta) -> HttpResponse:
    answer = problem(
        409, "under-way", say("a request with this Idempotency-Key is under way"),
        do=say("wait, then send it again"),
    )  # fmt: skip
    answer.headers["Retry-After"] = str(max(1, min(int(left.total_seconds()), 5)))
    return answer


def _work(account: str, key: str, claim: str, do: Callable[[], HttpResponse]) -> HttpResponse:
    mine = KeptAnswer.objects.filter(account=account, key=key, claim=claim, status=None)
    done = False
    try:
        with transaction.atomic():
            answer = do()
            headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
            kept = mine.update(
                status=answer.status_code, headers=headers, body=answer.content.decode("utf-8")
            )
            if not kept:
                raise ConflictError.of(
                    "another request with this Idempotency-Key has taken over", do="wait, then send it again"
                )
        done = True
    finally:
        if not done:
            mine.delete()
    return answer


def _digest(request: HttpRequest) -> str:
    """SHA-256 of what is asked; of a form with files the fields and files, since its boundary differs each time."""
    made = hashlib.sha256()

    def take(*parts: str) -> None:
        for part in parts:
            made.update(f"{len(part)}:{part};".encode("utf-8", "surrogatepass"))

    take(str(request.method), request.get_full_path(), request.headers.get("If-Match", ""))
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            take(name, *map(str, values))
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                content = hashlib.sha256()
                for piece in file.chunks():
                    content.update(piece)
                file.seek(0)
                take(name, str(file.name), content.hexdigest())
    else:
        take(request.content_type or "", hashlib.sha256(request.body).hexdigest())
    return made.hexdigest()

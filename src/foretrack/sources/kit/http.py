"""Talks to services: politely, patiently, and as the only module that knows httpx."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType

import httpx

from foretrack import __version__
from foretrack.foundation.clock import Clock, system_clock
from foretrack.foundation.errors import InputError, OutsideError, SourceError

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
HOME = "foretrack (open-source technology foresight)"


@dataclass(frozen=True, slots=True)
class Manners:
    """How a service is to be treated."""

    pause: float = 0.2
    """Seconds between the beginnings of two requests."""
    retries: int = 5
    """Further attempts after a failure that may pass."""
    backoff: float = 2.0
    """Seconds before the first further attempt; doubled each time."""
    longest_wait: float = 300.0
    """Seconds. If a service asks for more, the run stops and says when to go on."""
    timeout: float = 60.0
    largest: int = 256 * 1024**2
    """Bytes of one answer."""
    accept: str = "application/json"
    monotonic: Callable[[], float] = field(default=time.monotonic)
    sleep: Callable[[float], None] = field(default=time.sleep)
    clock: Clock = field(default=system_clock)


class Http:
    """One connection to a service.

    A context manager. `mail` goes into the User-Agent, as the services ask of polite users.
    """

    def __init__(self, manners: Manners, *, mail: str | None = None) -> None:
        contact = f" mailto:{mail}" if mail else ""
        self._manners = manners
        self._client = httpx.Client(
            headers={
                "User-Agent": f"foretrack/{__version__} {HOME}{contact}",
                "Accept": manners.accept,
            },
            timeout=manners.timeout,
            follow_redirects=True,
        )
        self._next_start = float("-inf")

    def __enter__(self) -> Http:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: str, params: Mapping[str, str]) -> bytes:
        """The body of a successful answer.

        Tries again after broken connections, 429 and 5xx, waiting as `Retry-After` says or else twice as
        long each time. OutsideError (retryable) when that does not help; InputError when the service
        refuses the request or the identity; SourceError for an answer that is too large.
        """
        trouble = ""
        for attempt in range(self._manners.retries + 1):
            self._wait_for_turn()
            try:
                answer = self._attempt(url, params)
            except (httpx.TransportError, httpx.DecodingError) as error:
                trouble = f"{type(error).__name__}: {error}"
                wait = self._manners.backoff * 2**attempt
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise InputError(
                    f"{url}: cannot be asked ({error})", do="check the address (--base-url)"
                ) from error
            else:
                if isinstance(answer, bytes):
                    return answer
                status, retry_after, said = answer
                if status not in RETRIED:
                    raise _refused(url, status, said)
                trouble = f"status {status} {said[:100]}".strip()
                asked = _seconds(retry_after, self._manners.clock())
                wait = asked if asked is not None else self._manners.backoff * 2**attempt
            if wait > self._manners.longest_wait:
                raise OutsideError(
                    f"{_host(url)} asks to wait {wait:.0f} s ({trouble})",
                    do="run the same command again after that time; it goes on where it stopped",
                    retryable=True,
                )
            if attempt < self._manners.retries:
                self._manners.sleep(wait)
        raise OutsideError(
            f"{_host(url)} did not answer after {self._manners.retries + 1} attempts ({trouble})",
            expected="an answer",
            do="check the network, then run the same command again; it goes on where it stopped",
            retryable=True,
        )

    def _wait_for_turn(self) -> None:
        now = self._manners.monotonic()
        if now < self._next_start:
            self._manners.sleep(self._next_start - now)
            now = self._next_start
        self._next_start = now + self._manners.pause

    def _attempt(self, url: str, params: Mapping[str, str]) -> bytes | tuple[int, str | None, str]:
        """The body, or (status, Retry-After, beginning of the body) of a failure."""
        with self._client.stream("GET", url, params=dict(params)) as response:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._manners.largest:
                    raise SourceError(
                        f"{_host(url)}: an answer of more than {self._manners.largest:,} bytes",
                        expected="a page of records",
                        do="check the address (--base-url)",
                    )
        if response.is_success:
            return bytes(body)
        said = " ".join(body[:300].decode("utf-8", "replace").split())
        return response.status_code, response.headers.get("Retry-After"), said


def _refused(url: str, status: int, said: str) -> InputError:
    if status in (401, 403):
        return InputError(
            f"{_host(url)} refuses access (status {status}: {said[:200]})",
            expected="a request it accepts",
            do="give an address with --mail, or a key with --key if the service wants one",
        )
    return InputError(
        f"{_host(url)} refuses the request (status {status}: {said[:200]})",
        expected="a request it accepts",
        do="check --search, the years and --base-url",
    )


def _host(url: str) -> str:
    return url.split("//", 1)[-1].split("/", 1)[0]


def _seconds(retry_after: str | None, now: datetime) -> float | None:
    """Seconds of a `Retry-After` header, which is a number or an HTTP date; None if it is neither.

    >>> _seconds("7", datetime(2026, 1, 1, tzinfo=UTC))
    7.0
    >>> _seconds("Thu, 01 Jan 2026 00:00:30 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    30.0
    """
    if not retry_after:
        return None
    try:
        return min(max(float(retry_after), 0.0), 1e9)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)

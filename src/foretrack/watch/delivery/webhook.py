"""Sends a signed message to a webhook, after the Standard Webhooks scheme (github.com/standard-webhooks, 2023).

This is the one keeper of http.client. It asks no proxy, follows no redirect, gives no cookie, and reads no more of an
answer than its status.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from foretrack.foundation.errors import OutsideError
from foretrack.watch.delivery.addresses import Resolve, Target, judged, read_address, resolved

TIMEOUT = 10.0
"""Seconds for each step of the exchange, and half of what all of it may take."""
READ = 1024
"""Bytes of an answer that are looked at."""
SECRET_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said."""

    status: int

    @property
    def accepted(self) -> bool:
        """Any 2xx."""
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver wants no more, ever."""
        return self.status == 410


def secret_of(installation_key: str, channel: str, generation: int) -> str:
    """The secret of a channel: derived from the installation's own, so that it lies in no database and no backup.

    >>> secret_of("k", "01A", 1) == secret_of("k", "01A", 1), secret_of("k", "01A", 1) == secret_of("k", "01A", 2)
    (True, False)
    """
    derived = hmac.digest(installation_key.encode(), f"webhook:{channel}:{generation}".encode(), "sha256")
    return SECRET_PREFIX + base64.b64encode(derived).decode()


def signature(secret: str, message: str, at: int, body: bytes) -> str:
    """The header `webhook-signature`: HMAC-SHA256 over identifier, seconds since 1970 and body, joined by full stops.

    The example of the specification's reference libraries:

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
    ...     b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def post(
    address: str, body: bytes, *, message: str, secret: str, now: datetime, allowed: Collection[str] = (),
    resolve: Resolve = resolved, timeout: float = TIMEOUT,
) -> Answer:  # fmt: skip
    """Sends one message; its receiver's answer.

    InputError when the address may not be used; OutsideError when nobody answered in time.
    """
    target = read_address(address)
    ip = judged(target, allowed, resolve)
    at = int(now.timestamp())
    headers = {
        "Host": target.authority, "Content-Type": "application/json", "User-Agent": "Foretrack-Webhook/1",
        "Connection": "close", "webhook-id": message, "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, message, at, body),
    }  # fmt: skip
    return _exchange(target, ip, body, headers, timeout)


def _exchange(target: Target, ip: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
    connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout)
    late = threading.Event()
    deadline: threading.Timer | None = None
    try:
        plain = socket.create_connection((ip, target.port), timeout=timeout)
        connection.sock = plain

        def cut() -> None:
            # A receiver that drips a byte now and then keeps every single step in time; the whole has a limit as well.
            late.set()
            with suppress(OSError):
                plain.shutdown(socket.SHUT_RDWR)

        deadline = threading.Timer(2 * timeout, cut)
        deadline.daemon = True
        deadline.start()
        if target.secure:
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
        connection.request("POST", target.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        status = answer.status
        with suppress(OSError, http.client.HTTPException):
            answer.read(READ)
        return Answer(status)
    except TimeoutError as error:
        raise OutsideError(f"{target.host} did not answer within {timeout:g} s", retryable=True) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = (
            f"did not answer within {2 * timeout:g} s"
            if late.is_set()
            else f"could not be asked ({type(error).__name__})"
        )
        raise OutsideError(f"{target.host} {said}", retryable=True) from error
    finally:
        if deadline is not None:
            deadline.cancel()
        connection.close()

"""Which addresses a webhook may have: http or https, and nothing inside the operator's own network unless it is named.

A host is judged by what it resolves to, each time anew, and the connection goes to the very address that was judged, so a
name that resolves differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from foretrack.foundation.errors import InputError, OutsideError

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
"""Host and port -> addresses."""
LONGEST = 500
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes."""

    secure: bool
    host: str
    port: int
    path: str
    """With its query."""

    @property
    def authority(self) -> str:
        """As the Host header has it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


def read_address(address: str) -> Target:
    """The parts of a webhook's address; InputError for one that is none.

    >>> read_address("https://example.org/hook?a=1").path
    '/hook?a=1'
    """
    wrong = InputError.of(
        "{address} is no address of a webhook", expected="http:// or https://, a host, perhaps a port, and a path",
        do="write it like this: {example}", address=repr(address[:80]), example="https://example.org/hook",
    )  # fmt: skip
    if (
        len(address) > LONGEST
        or not address.isascii()
        or not address.isprintable()
        or set(address) & set(' \\"<>^`{|}')
    ):
        raise wrong
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise wrong from None
    if (
        parts.scheme not in ("http", "https")
        or not (parts.hostname or "").rstrip(".")
        or parts.fragment
        or "@" in parts.netloc
        or port == 0
    ):
        raise wrong
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, str(parts.hostname).rstrip("."), port or (443 if secure else 80), path)


def resolved(host: str, port: int) -> Sequence[str]:
    """Addresses of a host as the operating system knows them; OutsideError when there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutsideError(f"the host {host} has no address ({error})", retryable=True) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def judged(target: Target, allowed: Collection[str], resolve: Resolve = resolved) -> str:
    """The address to connect to.

    Args:
        allowed: hosts, or `host:port`, inside the own network to which the operator permits webhooks.

    InputError when any address of the host is not public; OutsideError when it has none.
    """
    addresses = resolve(target.host, target.port)
    if not addresses:
        raise OutsideError(f"the host {target.host} has no address", retryable=True)
    if {target.host, f"{target.host}:{target.port}"} & set(allowed):
        return addresses[0]
    if inside := [one for one in addresses if not is_public(one)]:
        raise InputError.of(
            "{host} is inside a private network ({address})", expected="a host with public addresses only",
            do="ask the operator to name it under [watch] webhook_hosts in foretrack.toml", host=target.host,
            address=inside[0],
        )  # fmt: skip
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, also when it is wrapped in one of another kind.

    >>> [is_public(a) for a in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "169.254.169.254")]
    [True, False, False, False, False]
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64_LOCAL or ip.is_site_local:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if int(ip) >> 32 == 0:  # the deprecated IPv4-compatible form
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)

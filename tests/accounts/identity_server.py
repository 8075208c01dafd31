"""A small real OpenID Connect server on loopback: discovery, authorisation code with PKCE, signed identity tokens.

Written for the tests alone, after OpenID Connect Core 1.0 (3.1) and RFC 7636; people are invented and log in by naming
themselves.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from foretrack.foundation.clock import system_clock

CLIENT, SECRET = "foretrack", "invented secret of the client"
KID = "one"


class IdentityServer(ThreadingHTTPServer):
    """Knows people by name, and one client."""

    daemon_threads = True

    def __init__(self, people: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.people = people
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: IdentityServer

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the tests' output is for failures."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        home = self.server.issuer
        if parts.path == "/.well-known/openid-configuration":
            self._json(
                {
                    "issuer": home, "authorization_endpoint": f"{home}/authorize", "token_endpoint": f"{home}/token",
                    "userinfo_endpoint": f"{home}/userinfo", "jwks_uri": f"{home}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                }
            )  # fmt: skip
        elif parts.path == "/authorize":
            assert asked["client_id"] == CLIENT
            assert asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            assert "openid" in asked["scope"].split()
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = asked
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        elif parts.path == "/userinfo":
            token = self.headers["Authorization"].removeprefix("Bearer ")
            self._json(self.server.people[self.server.tokens[token]])
        elif parts.path == "/jwks":
            found = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self._json({"keys": [{**found, "kid": KID, "use": "sig", "alg": "RS256"}]})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        credentials = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        asked = self.server.codes.pop(given["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest())
        if (
            credentials != f"{CLIENT}:{SECRET}"
            or asked is None
            or asked["redirect_uri"] != given["redirect_uri"]
            or asked["code_challenge"] != challenge.decode().rstrip("=")
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        who = self.server.people[asked["as"]]
        token = secrets.token_urlsafe(16)
        self.server.tokens[token] = asked["as"]
        now = int(system_clock().timestamp())
        claims = {"iss": self.server.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **who}
        signed = jwt.encode(claims, self.server.key, "RS256", headers={"kid": KID})
        self._json({"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": signed})

    def _json(self, answer: Mapping[str, Any], status: int = 200) -> None:
        said = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@contextmanager
def running(people: Mapping[str, Mapping[str, Any]]) -> Iterator[IdentityServer]:
    """The server, while the block runs."""
    server = IdentityServer(people)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""A service on loopback that answers as a script says, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]
BREAK = -1
"""As a status: the connection is cut in the middle of the body."""


@dataclass
class Asked:
    """One request as the service saw it."""

    path: str
    params: dict[str, str]
    agent: str
    accept: str


@dataclass
class Service:
    """What is going on: `answer(params, number)` makes the answer to the n-th request."""

    base_url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def service(answer: Callable[[dict[str, str], int], Answer]) -> Iterator[Service]:
    """Runs the service for the time of the context."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            params = {name: values[0] for name, values in parse_qs(parts.query).items()}
            running.asked.append(
                Asked(parts.path, params, self.headers["User-Agent"], self.headers["Accept"])
            )
            status, headers, body = answer(params, len(running.asked))
            cut = status == BREAK
            self.send_response(200 if cut else status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            if cut:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

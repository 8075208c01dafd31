"""Serves an installation: several processes that answer, each with threads, and the queue's worker beside them.

Gunicorn, of three servers measured: plain Python, and its processes share what was loaded once (decision 0016).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from foretrack.foundation.errors import InputError
from foretrack.installation.reading import WORKSPACE_VARIABLE, Installation
from foretrack.installation.serving import PROGRAM

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

GRACE = 20
"""Seconds that a page under way has when the server is told to stop."""
PATIENCE = 60
"""Seconds after which a worker that answers nothing any more is replaced."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 8
    queue: bool = True
    """Whether the worker of the queue runs beside the server."""
    access: bool = True
    """Whether each request is written as a line on stderr."""


def check_serving(installation: Installation, serving: Serving) -> None:
    """Raises InputError where serving like this would be unsafe or could not work."""
    if not loopback(serving.host) and not installation.production:
        raise InputError.of(
            "others could reach {host}, but this installation is not set up for it",
            expected="[site] production = true, hosts, address and proxy in foretrack.toml",
            do="set them as docs/deploy.md shows, or serve on 127.0.0.1 only", host=serving.host,
        )  # fmt: skip
    if installation.production:
        lacking = [
            name
            for name, given in (
                ("hosts", installation.hosts != Installation(installation.workspace).hosts),
                ("address", installation.address.startswith("https://")),
                ("proxy", installation.proxy),
            )
            if not given
        ]
        if lacking:
            raise InputError.of(
                "[site] production is true, but {names} is not set as it must be", expected="{example}",
                do="correct foretrack.toml as docs/deploy.md shows", names=", ".join(lacking),
                example='hosts = ["foretrack.example.org"], address = "https://foretrack.example.org", proxy = true',
            )  # fmt: skip


def loopback(host: str) -> bool:
    """Whether only this machine can reach a server on a host.

    >>> loopback("127.0.0.1"), loopback("localhost"), loopback("::1"), loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(serving: Serving) -> str:
    """Where a browser finds the site.

    >>> address_of(Serving("::1", 8000))
    'http://[::1]:8000/'
    """
    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    return f"http://{host}:{serving.port}/"


def serve(installation: Installation, serving: Serving, ready: Callable[[], None]) -> None:
    """Serves until SIGTERM or Ctrl-C; pages under way are finished then.

    Args:
        ready: called once when the site answers.

    InputError where no such server runs on this system (Windows).
    """
    try:
        from gunicorn.app.base import BaseApplication
        from gunicorn.arbiter import Arbiter
    except ImportError as error:  # it needs fcntl, which Windows has not
        raise InputError.of(
            "this system cannot run the built-in server: {problem}", expected="Linux, macOS or another POSIX system",
            do="hand foretrack.site.wsgi:application to a WSGI server of this system", problem=str(error),
        ) from error  # fmt: skip
    beside = _Beside(installation) if serving.queue else None

    class Site(BaseApplication):  # type: ignore[misc]
        """Foretrack as gunicorn wants to be given it."""

        def load_config(self) -> None:
            for name, value in _settings(serving).items():
                self.cfg.set(name, value)
            self.cfg.set("when_ready", when_ready)

        def load(self) -> WSGIHandler:
            return _application(installation)

    def when_ready(arbiter: Any) -> None:
        ready()
        if beside is not None:
            beside.start()

    try:
        Arbiter(Site()).run()
    finally:
        if beside is not None and os.getpid() == beside.parent:
            beside.stop()


def _settings(serving: Serving) -> dict[str, Any]:
    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    return {
        "bind": f"{host}:{serving.port}",
        "worker_class": "gthread",
        "workers": serving.workers,
        "threads": serving.threads,
        "preload_app": True,
        "timeout": PATIENCE,
        "graceful_timeout": GRACE,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "proc_name": "foretrack",
        "loglevel": "warning",
        "errorlog": "-",
        "accesslog": "-" if serving.access else None,
        "logconfig_dict": _logging(serving),
        # No query: a search is nobody's business. %(M)s: milliseconds.
        "access_log_format": "%(h)s %(m)s %(U)s %(s)s %(B)s %(M)sms",
        # Django decides whom to believe about https ([site] proxy), nobody else.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "control_socket_disable": True,
        "limit_request_line": 8190,
    }


def _logging(serving: Serving) -> dict[str, Any]:
    """The server's lines in the form of all others (installation/django.py)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": []},
        "loggers": {
            "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {
                "level": "INFO" if serving.access else "ERROR", "handlers": ["stderr"], "propagate": False,
            },
        },
    }  # fmt: skip


def _application(installation: Installation) -> WSGIHandler:
    """The application, loaded before the processes part, with no connection left open that they would share."""
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.urls import get_resolver

    from foretrack.installation.opening import configure, prepare_database, registry_of

    configure(installation)
    prepare_database()
    registry_of(installation)
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 - loads every page now instead of at the first request of each process
    connections.close_all()
    return application


@dataclass(slots=True)
class _Beside:
    """The worker of the queue: started again when it ends, stopped with the server."""

    installation: Installation
    parent: int = field(default_factory=os.getpid)
    _ending: threading.Event = field(default_factory=threading.Event)
    _process: subprocess.Popen[bytes] | None = None
    _watch: threading.Thread | None = None

    def start(self) -> None:
        """Starts it, and a thread that looks after it."""
        self._watch = threading.Thread(target=self._look_after, daemon=True, name="queue")
        self._watch.start()

    def stop(self) -> None:
        """Lets the job at hand finish, for as long as pages have."""
        self._ending.set()
        if self._watch is not None:
            self._watch.join(GRACE + 5)

    def _look_after(self) -> None:
        pause = 1.0
        while not self._ending.is_set():
            process = self._process = self._begin()
            lasted = 0.0
            while not self._ending.wait(1.0):
                lasted += 1
                if process.poll() is not None:
                    break
            else:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(GRACE)
                except subprocess.TimeoutExpired:
                    process.kill()
                return
            pause = 1.0 if lasted > 60 else min(pause * 2, 60.0)
            self._ending.wait(pause)

    def _begin(self) -> subprocess.Popen[bytes]:
        workspace = str(self.installation.workspace)
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "worker", "--quiet", "--workspace", workspace],
            env={**os.environ, WORKSPACE_VARIABLE: workspace},
            stdout=subprocess.DEVNULL,  # how many jobs were done interests nobody; what goes wrong is on stderr
            start_new_session=True,  # Ctrl-C reaches the server only, which then ends this in order
        )

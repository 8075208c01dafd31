"""Answers that take longer than a page may: computed once beside the pages, kept, and waited for in sight.

A page asks `BESIDE.answer(...)`; None means that it is on its way, and the page shows `waiting=True`, from where htmx
(or the browser, without scripts) asks again. Programs that ask for data are told to come back (503, `Retry-After`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.http import HttpRequest

from foretrack.foundation.errors import OutsideError
from foretrack.web.data import asked_form

Answer = TypeVar("Answer")

KEPT = 64
"""Answers that a process keeps; a list of a thousand pairs is the largest, about 3 MB."""
THREADS = 2
QUEUED = 12
"""Questions that may be open at once; whoever comes then is asked to come back."""
AT_ONCE = 0.12
"""Seconds that a page waits before it shows that it waits."""
FOR_DATA = 4.0
"""Seconds that a program which asks for data waits before it is told to come back."""


@dataclass
class _Open(Generic[Answer]):
    compute: Callable[[], Answer]
    begun: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    value: Answer | None = None
    error: BaseException | None = None


class Beside:
    """Two threads that compute one answer after the other: a long one does not hold up all short ones."""

    def __init__(self, kept: int = KEPT, queued: int = QUEUED) -> None:
        self._kept, self._queued = kept, queued
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._open: OrderedDict[Hashable, _Open[object]] = OrderedDict()
        self._threads: list[threading.Thread] = []

    def answer(
        self, key: Hashable, compute: Callable[[], Answer], *, patience: float = AT_ONCE
    ) -> Answer | None:
        """The answer to a question, or None while it is being computed.

        Args:
            key: names the question and everything that its answer depends on.
            compute: runs once, in another thread: it must know nothing of the request.
            patience: seconds to wait for it.

        Raises what `compute` raised, once; who asks again asks anew. OutsideError when too many questions are open.
        """
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]  # type: ignore[return-value]
            waiting = self._open.get(key)
            if waiting is None:
                # What failed and was never asked for again makes room.
                for told in [k for k, o in self._open.items() if o.done.is_set()]:
                    del self._open[told]
                if len(self._open) >= self._queued:
                    raise OutsideError.of(
                        "many questions are being worked on", expected="an answer in a moment",
                        do="ask again in half a minute",
                    )  # fmt: skip
                waiting = self._open[key] = _Open(compute)
                self._wake()
        waiting.done.wait(patience)
        if not waiting.done.is_set():
            return None
        if waiting.error is not None:
            with self._lock:
                if self._open.get(key) is waiting:
                    del self._open[key]
            raise waiting.error
        return waiting.value  # type: ignore[return-value]

    def _wake(self) -> None:
        """Begins a thread where there are too few; after a fork there is none, whatever stands here."""
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if len(self._threads) < THREADS:
            thread = threading.Thread(target=self._work, name="lookout-beside", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                found = next(((k, o) for k, o in self._open.items() if not o.begun), None)
                if found is None:
                    # Whoever asks next begins a thread again: this one counts no more, though it still ends.
                    self._threads = [t for t in self._threads if t is not threading.current_thread()]
                    return
                found[1].begun = True
            key, waiting = found
            try:
                waiting.value = waiting.compute()
            except Exception as error:  # noqa: BLE001 - told to whoever asked, in their thread
                waiting.error = error
            with self._lock:
                if waiting.error is None:
                    self._answers[key] = waiting.value
                    while len(self._answers) > self._kept:
                        self._answers.popitem(last=False)
                    self._open.pop(key, None)
                waiting.done.set()


BESIDE = Beside()


def ask(request: HttpRequest, key: Hashable, compute: Callable[[], Answer]) -> Answer | None:
    """The answer for a page, or None while it is on its way; OutsideError where data were asked for and are not there."""
    data = bool(asked_form(request))
    found = BESIDE.answer(key, compute, patience=FOR_DATA if data else AT_ONCE)
    if found is None and data:
        raise OutsideError.of(
            "this is being computed",
            expected="an answer in less than a minute",
            do="ask again in half a minute",
        )
    return found

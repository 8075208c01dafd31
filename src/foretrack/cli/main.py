"""The `foretrack` command: runs one command line and answers with an exit code instead of a traceback."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from foretrack.foundation.errors import ForetrackError
    from foretrack.foundation.messages import Messages

INTERRUPTED = 130
"""Ctrl-C: 128 + SIGINT, as shells have it."""
BROKEN_PIPE = 141
"""Whoever read the output has stopped reading (`| head`): 128 + SIGPIPE, as other programs answer."""


def main() -> None:
    """Ends the process with the exit code of its command line (docs/guide/exit-codes.md)."""
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command line; what went wrong is said on stderr, and with `--json` on stdout."""
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_a_character(stream)
    try:
        code = _run(list(arguments) or ["--help"])
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        _say("Interrupted. What was finished before is kept.")
        return INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it closes stdout at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def _run(arguments: list[str]) -> int:
    from foretrack.foundation.errors import ForetrackError, InputError

    try:
        return _invoke(arguments)
    except ForetrackError as error:
        return _report(error, arguments)
    except BrokenPipeError:
        raise
    except (OSError, MemoryError) as error:
        return _report(_outside(error), arguments)
    except Exception as error:  # noqa: BLE001 - the door is where a bug becomes a sentence
        from typer import TyperException

        if isinstance(error, TyperException):
            do = "see `foretrack --help`, or `foretrack COMMAND --help`"
            return _report(InputError(error.format_message(), do=do), arguments)
        return _report(_of_database(error) or _bug(error), arguments)


def _invoke(arguments: list[str]) -> int:
    import typer

    from foretrack.cli.program import program

    command = typer.main.get_command(program(_told(arguments, "--lang") or os.environ.get("FORETRACK_LANG")))
    # Not `command.main`: it turns a broken pipe into exit code 1 before this door can see it.
    try:
        with command.make_context("foretrack", arguments) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return int(ended.exit_code)
    except typer.Abort:
        return INTERRUPTED
    return 0


def _report(error: ForetrackError, arguments: list[str]) -> int:
    from foretrack.terminal.session import plain, write_json

    if _told(arguments, "--verbose", "-v"):
        traceback.print_exc(file=sys.stderr)
    _say(plain(error.told(_reader(arguments))))
    if _told(arguments, "--json"):
        said = {
            "kind": type(error).__name__,
            "what": error.what,
            "expected": error.expected,
            "do": error.do,
            "retryable": error.retryable,
            "exit_code": error.exit_code,
        }
        write_json({"error": said}, sys.stdout)
        sys.stdout.flush()
    return error.exit_code


def _reader(arguments: list[str]) -> Messages:
    """The reader's language, as far as the command line or the environment names one that is spoken here."""
    from foretrack.cli.program import speak
    from foretrack.foundation.messages import LANGUAGES

    asked = _told(arguments, "--lang") or os.environ.get("FORETRACK_LANG")
    return speak(asked if asked in LANGUAGES else "en")


def _outside(error: OSError | MemoryError) -> ForetrackError:
    from foretrack.foundation.errors import OutsideError

    if isinstance(error, MemoryError):
        return OutsideError("this computer has not enough free memory", do="close other programs")
    where = f" ({error.filename})" if error.filename else ""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return OutsideError(
        f"the operating system refused: {error.strerror or error}{where}",
        do="make room on that disk and run the command again" if full else "look at that file or folder",
        retryable=full,
    )


def _of_database(error: Exception) -> ForetrackError | None:
    """What the database refused because of the world around it (disk, lock, network); None for any other error."""
    from foretrack.foundation.errors import OutsideError

    known = sys.modules.get("django.db.utils")
    if known is None or not isinstance(error, known.OperationalError):
        return None
    said = (str(error).splitlines() or ["no reason given"])[0]
    full, locked = "full" in said or "No space" in said, "locked" in said
    return OutsideError.of(
        "the database refused: {said}",
        expected="a database that may be written; what was stored before is intact",
        do="make room on that disk and run the command again" if full
        else "wait until the other process has written, and run the command again" if locked
        else "look at the database and its disk, and run the command again",
        said=said,
    )  # fmt: skip


def _bug(error: Exception) -> ForetrackError:
    from foretrack.cli.program import version
    from foretrack.foundation.errors import HouseError

    return HouseError(
        f"a bug in Foretrack {version()}: {type(error).__name__}: {error}",
        do="run it again with --verbose and report the traceback; your workspace is as it was",
    )


def _told(arguments: list[str], *names: str) -> str | None:
    """The value of an option wherever it stands, since an error may come before it is parsed."""
    before_end = arguments[: arguments.index("--")] if "--" in arguments else arguments
    for at, argument in enumerate(before_end):
        name, _, value = argument.partition("=")
        if name in names:
            following = before_end[at + 1] if at + 1 < len(before_end) else ""
            return value or following or name
    return None


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _never_fail_on_a_character(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")

"""Names of attached files: what people may call them, and how a browser is told."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.fields import clean_text

LONGEST = 200
"""Characters of a name, its extension included."""

_ACTIVE = """
apk app asp aspx bat bin cgi chm cmd com cpl dll dmg docm dotm exe gadget hta htm html inf jar jnlp
js jse jsp lnk mht mhtml msc msi msp php phar phtml pif pl potm ppam pptm ps1 py rb reg scr sct sh
shtml svg svgz swf url vb vbe vbs ws wsc wsf wsh xhtml xlam xlsm xltm xml xsl
"""
ACTIVE = frozenset(_ACTIVE.split())
"""Extensions of what runs when somebody opens it, refused anywhere in a name: a server or a person may look at any."""


def checked_name(name: str) -> str:
    """The name as it is kept: one line, no marks that turn its direction.

    InputError for a name with a path, a NUL or another control character, one without an extension, with an extension of
    what runs, or of more than 200 characters.

    >>> checked_name("  Zwischenbericht 2026.pdf ")
    'Zwischenbericht 2026.pdf'
    >>> checked_name("../../etc/passwd.txt")
    Traceback (most recent call last):
    ...
    foretrack.foundation.errors.InputError: the file name '../../etc/passwd.txt' holds a path. Expected: a name \
without / and \\. To do: rename the file.
    """
    shown = name if len(name) <= 60 else name[:57] + "..."
    if "/" in name or "\\" in name:
        raise InputError.of(
            "the file name {name!r} holds a path", expected="a name without / and \\", do="rename the file", name=shown
        )  # fmt: skip
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in name):
        raise InputError.of(
            "the file name {name!r} holds control characters", expected="a name of one line", do="rename the file",
            name=shown,
        )  # fmt: skip
    kept = " ".join(clean_text(name).split())
    # Zero-width and direction marks: what is seen is what is there.
    kept = "".join(c for c in kept if unicodedata.category(c) != "Cf")
    if len(kept) > LONGEST:
        raise InputError.of(
            "a file name of {n} characters",
            expected="at most {most}",
            do="rename the file",
            n=len(kept),
            most=LONGEST,
        )
    parts = kept.lower().split(".")
    if len(parts) < 2 or not parts[0].strip() or not re.fullmatch(r"[a-z0-9]{1,10}", parts[-1]):
        raise InputError.of(
            "the file name {name!r} has no extension", expected="a name such as {example}", do="rename the file",
            name=shown, example="report.pdf",
        )  # fmt: skip
    if active := [part for part in parts[1:] if part.strip() in ACTIVE]:
        raise InputError.of(
            "the file name {name!r} has the extension .{extension} of a program", expected="a name such as {example}",
            do="attach a document instead, or rename the file", name=shown, extension=active[0], example="report.pdf",
        )  # fmt: skip
    return kept


def extension(name: str) -> str:
    """The extension of a checked name, in lower case without its dot."""
    return name.rpartition(".")[2].lower()


def disposition(name: str) -> str:
    """The header Content-Disposition (RFC 6266): always saved, never opened inside the page.

    >>> disposition("报告 1.pdf")
    'attachment; filename="__ 1.pdf"; filename*=UTF-8\\'\\'%E6%8A%A5%E5%91%8A%201.pdf'
    """
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

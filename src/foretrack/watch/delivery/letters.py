"""Writes a message about alerts: subject, plain text and simple HTML, in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from foretrack.foundation.messages import Messages
from foretrack.watch.answers import AlertLine
from foretrack.watch.telling import one_line

MOST = 50
"""Alerts that one message names; the rest is counted."""
SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it is sent."""

    subject: str
    text: str
    html: str


def letter(
    rule_name: str, lines: Sequence[AlertLine], *, total: int, say: Messages, links: Sequence[str], all_address: str,
    stop_address: str,
) -> Letter:  # fmt: skip
    """The message about some alerts of one rule.

    Args:
        total: how many there are in all; those beyond `lines` are counted.
        links: address of each line's subject, empty where there is none.
        all_address, stop_address: empty where the installation has no address of its own.
    """
    name = one_line(rule_name, 80)
    subject = one_line(
        say("{name}: 1 alert", name=name) if total == 1 else say("{name}: {n} alerts", name=name, n=total),
        SUBJECT,
    )
    plain, rich = [subject, ""], [f"<h1 style='font-size:1.2em'>{escape(subject)}</h1>", "<ul>"]
    for line, link in zip(lines[:MOST], links, strict=False):
        title = one_line(line.title) or say("(withheld)")
        label, text = one_line(line.level_label, 60), one_line(line.text, 500)
        plain.append(f"- [{label}] {title}: {text}")
        if link:
            plain.append(f"  {link}")
        named = f'<a href="{escape(link, quote=True)}">{escape(title)}</a>' if link else escape(title)
        # The colour comes from a pack, checked there to be #rrggbb; the label says the same for whoever sees no colours.
        colour = f" style='color:{escape(line.colour, quote=True)}'" if line.colour else ""
        rich.append(f"<li><strong{colour}>{escape(label)}</strong> {named}: {escape(text)}</li>")
    rich.append("</ul>")
    if (more := total - min(len(lines), MOST)) > 0:
        said = say("and {n} more", n=more)
        plain += ["", said]
        rich.append(f"<p>{escape(said)}</p>")
    if all_address:
        said = say("All alerts: {address}", address=all_address)
        plain += ["", said]
        rich.append(f'<p><a href="{escape(all_address, quote=True)}">{escape(say("All alerts"))}</a></p>')
    if stop_address:
        plain += ["", say("No more messages about this: {address}", address=stop_address)]
        rich.append(
            f'<p><a href="{escape(stop_address, quote=True)}">{escape(say("No more messages about this"))}</a></p>'
        )
    language = escape(say.language, quote=True)
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        f"<body>{''.join(rich)}</body></html>"
    )
    return Letter(subject, "\n".join(plain) + "\n", page)

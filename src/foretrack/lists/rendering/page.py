"""An issue as one HTML page: no script, nothing loaded from elsewhere, fit for print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from foretrack.lists.changes import Changes, summary
from foretrack.lists.issue import Entry, Issue
from foretrack.lists.rendering.tables import about
from foretrack.lists.rendering.wording import Wording, visible, wording
from foretrack.packs.shapes import Bilingual

_LANG = {"en": "en", "zh": "zh-Hans"}
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1b1f24;
  margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.other { color: #57606a; display: block; font-size: .9em; font-weight: normal; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #d0d7de; min-width: 5.5em; padding: .4rem .6rem; text-align: start;
  vertical-align: top; overflow-wrap: anywhere; }
tbody th { min-width: 11em; } .wide { overflow-x: auto; }
thead th { border-bottom: 2px solid #57606a; }
td.n, th.n { min-width: 2.5em; text-align: end; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: #57606a; } dd { margin: 0; overflow-wrap: anywhere; }
code { font-size: .85em; overflow-wrap: anywhere; }
ul { padding-inline-start: 1.2rem; }
.text { white-space: pre-line; }
@media print { body { font-size: 10pt; margin: 0; max-width: none; } th, td, tbody th { min-width: 0; }
  .wide { overflow: visible; } thead { display: table-header-group; }
  tr { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
"""


def page_of(
    issue: Issue,
    language: str = "en",
    *,
    changes: Changes | None = None,
    files: Sequence[tuple[str, str]] = (),
) -> str:
    """The page in one language, with titles in both.

    Whatever a record says is shown as text; characters that steer the text around them are shown by number.

    Args:
        issue: what is shown.
        language: of headings, dates and numbers.
        changes: against the issue before; None leaves that part out.
        files: (name, address) of the files offered beside the page.
    """
    said = wording(language)
    return "".join(_page(issue, said, changes, files))


def _page(
    issue: Issue, said: Wording, changes: Changes | None, files: Sequence[tuple[str, str]]
) -> Iterator[str]:
    say, series = said.say, issue.series
    title = say("{title}, issue {label}", title=said.text(series.title), label=visible(issue.label))
    yield f'<!DOCTYPE html>\n<html lang="{_LANG[said.language]}">\n<head>\n<meta charset="utf-8">\n'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    yield f"<header><h1><bdi>{escape(title)}</bdi></h1>{_other(series.title, said)}</header>\n<main>\n<dl>\n"
    for label, text in about(issue, said):
        yield f'<dt>{escape(label)}</dt><dd class="text"><bdi>{escape(text)}</bdi></dd>\n'
    yield "</dl>\n"
    if files:
        links = ", ".join(f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in files)
        yield f"<p>{escape(say('Files'))}{'：' if said.language == 'zh' else ': '}{links}</p>\n"
    if changes is not None:
        yield from _changes(changes, said)
    yield f"<h2>{escape(say('Listed'))}</h2>\n"
    if issue.listed:
        yield from _table(issue, said)
    else:
        yield f"<p>{escape(say('Nothing stands on this issue.'))}</p>\n"
    if issue.removed:
        yield f"<h2>{escape(say('Removed'))}</h2>\n<ul>\n"
        for entry in issue.removed:
            reason = escape(said.reason(entry.removal))
            yield f"<li><bdi>{escape(said.text(entry.title))}</bdi>{_other(entry.title, said)} <bdi>{reason}</bdi></li>\n"
        yield "</ul>\n"
    yield "</main>\n</body>\n</html>\n"


def _changes(changes: Changes, said: Wording) -> Iterator[str]:
    yield f"<h2>{escape(said.say('Changes against the issue before'))}</h2>\n"
    yield f"<p>{escape(said.sentence(summary(changes)))}</p>\n"
    lines = said.changes(changes)
    if lines:
        yield "<ul>\n"
        for line in lines:
            yield f'<li class="text"><bdi>{escape(line)}</bdi></li>\n'
        yield "</ul>\n"


def _table(issue: Issue, said: Wording) -> Iterator[str]:
    say = said.say
    facets = [
        (name, say(label))
        for name, label in (("direction", "Direction"), ("region", "Region"), ("track", "Track"))
        if any(getattr(entry, name) for entry in issue.listed)
    ]
    valid = any(entry.valid_from or entry.valid_to for entry in issue.listed)
    evidence = any(entry.evidence for entry in issue.listed)
    heads = [say("Title"), *(label for _, label in facets), *(said.label(one) for one in issue.fields)]
    heads += [say("Valid")] * valid + [say("Evidence")] * evidence
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    # A wide table scrolls by itself, and by keyboard too.
    yield f'<div class="wide" role="region" aria-label="{escape(say("Listed"))}" tabindex="0">\n<table>\n'
    yield f'<thead><tr><th scope="col" class="n">{escape(say("No."))}</th>{cells}</tr></thead>\n<tbody>\n'
    for entry in issue.listed:
        yield f'<tr id="p{entry.position}"><td class="n">{entry.position}</td>'
        yield f'<th scope="row"><bdi>{escape(said.text(entry.title))}</bdi>{_other(entry.title, said)}</th>'
        for name, _ in facets:
            yield _cell(said.value(getattr(entry, name)))
        for one in issue.fields:
            value = entry.values.get(one.key)
            if one.type == "link" and isinstance(value, str):
                yield f"<td>{_link(value, value)}</td>"
            else:
                yield _cell(said.value(value), number=one.type in ("integer", "number"))
        if valid:
            yield _cell(said.validity(entry.valid_from, entry.valid_to) or "–")
        if evidence:
            yield f"<td>{_evidence(entry)}</td>"
        yield "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"


def _cell(text: str, *, number: bool = False) -> str:
    return f'<td class="{"n" if number else "text"}"><bdi>{escape(text)}</bdi></td>'


def _evidence(entry: Entry) -> str:
    return "<br>".join(
        _link(one.url, one.id) if one.url else f"<bdi>{escape(visible(one.id))}</bdi>"
        for one in entry.evidence
    )


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" rel="nofollow noopener"><bdi>{escape(visible(text))}</bdi></a>'


def _other(both: Bilingual, said: Wording) -> str:
    second = said.other(both)
    language = _LANG["en" if said.language == "zh" else "zh"]
    return f'<span class="other" lang="{language}"><bdi>{escape(second)}</bdi></span>' if second else ""

"""Invented issues of an invented list."""

from __future__ import annotations

from datetime import date
from typing import Any

from foretrack.lists.issue import (
    Basis,
    Entry,
    Evidence,
    Facet,
    Field,
    Issue,
    Removal,
    Series,
    digest_of,
)
from foretrack.packs.shapes import Bilingual

SERIES = Series(
    id="invented-100",
    uid="7d1f3c0e-5a43-4b36-9f0e-1b6f2a9d3c11",
    title=Bilingual("Invented technologies to watch", "值得关注的虚构技术"),
    description=Bilingual(
        "An invented list for tests: nothing on it exists.", "供测试使用的虚构名单，所列内容均不存在。"
    ),
    publisher=Bilingual("Office of Nowhere", "无处办公室"),
    licence="CC-BY-4.0",
)
FIELDS = (
    Field("maturity", Bilingual("Maturity", "成熟度"), "integer", "TRL"),
    Field("share", Bilingual("Share", "占比"), "number", "%"),
    Field("summary", Bilingual("Summary", "摘要"), "bilingual"),
    Field("remark", Bilingual("Remark", "备注")),
    Field("makers", Bilingual("Makers", "研制单位"), "many"),
    Field("open", Bilingual("Open to all", "对外开放"), "boolean"),
    Field("since", Bilingual("Since", "起始日期"), "date"),
    Field("page", Bilingual("Page", "网页"), "link"),
)
GLASS = Bilingual("Glass battery", "玻璃电池")
HOSTILE = (
    "<script>alert(1)</script> & \"quotes\" 'apos'",
    '=HYPERLINK("http://evil.example","x")',
    "+1-1",
    "'=1+1",
    "''tis",
    "\t=1",
    "-2",
    "@SUM(A1)",
    '#eval("1") *bold* _it_ $x$ \\ `raw` // = Title\n- item @ref <label>',
    '#let x = read("/etc/passwd")',
    "{{ 7*7 }} {% raw %} ${x} %s {name}",
    "abc\u202edcba\u202c \u2066x\u2069",
    "nul\x00bell\x07esc\x1b[31m\x0b\x0c\x7f\x85",
    "emoji 😀👩‍🔬 🏳️‍🌈",
    "a\r\nb\rc\nd",
    "_x000D_ _x0041_",
    "]]> <!-- --> &amp; &#x41;",
    "  spaces around  ",
    "W" * 300,
    "锂" * 300,
    "\ufeffbom \ufffe \uffff \ue000",
    "zero\u200bwidth\u00adsoft",
    "1e5",
    "TRUE",
    "2025-01-02",
    "00123",
    "#N/A",
    "=",
    "'",
)
"""Texts that mean something to some program. Each must be shown as text and read back the same."""


def entry(number: int, **told: Any) -> Entry:
    """An invented entry."""
    usual: dict[str, Any] = {
        "record": f"technology/{number}",
        "revision": 1,
        "revision_digest": f"{number:064x}",
        "position": number,
        "title": Bilingual(f"Invented technology {number}", f"虚构技术{number}号"),
        "values": {
            "maturity": number % 9 + 1,
            "share": number / 7,
            "summary": Bilingual("It does what it does.", "它有它的用处。"),
            "makers": ("Institute of Nowhere", "无处研究所"),
            "open": number % 2 == 0,
            "since": date(2021, 1, 1 + number % 28),
            "page": f"https://example.org/{number}",
        },
        "direction": Facet("new-energy", Bilingual("Future energy", "未来能源")),
        "region": Facet("CN-44", Bilingual("Guangdong", "广东省")),
        "track": Facet("storage", Bilingual("Energy storage", "新型储能")),
        "valid_to": date(2027, 12, 31),
        "evidence": (Evidence("doi:10.1000/182", "https://doi.org/10.1000/182"), Evidence("record:7")),
    }
    return Entry(**(usual | told))


def issue(*entries: Entry, **told: Any) -> Issue:
    """The first issue of the invented list."""
    usual: dict[str, Any] = {
        "series": SERIES,
        "number": 1,
        "label": "2025-01",
        "published_on": date(2025, 1, 15),
        "as_of": date(2024, 12, 31),
        "fields": FIELDS,
        "entries": entries,
        "valid_from": date(2025, 2, 1),
        "basis": Basis("future-industries", "2024", "III.4"),
    }
    return Issue(**(usual | told))


def second(first: Issue, *entries: Entry, **told: Any) -> Issue:
    """The issue after `first`."""
    usual = {"number": 2, "label": "2025-02", "published_on": date(2025, 7, 15), "previous": digest_of(first)}
    return issue(*entries, **(usual | told))


def hostile_issue() -> Issue:
    """An issue in which every text is one that means something to some program."""
    entries = []
    for number, text in enumerate(HOSTILE, start=1):
        entries.append(
            entry(
                number,
                title=Bilingual(text, text[::-1] if "\r" not in text else text),
                values={
                    "remark": text,
                    "summary": Bilingual(text, ""),
                    "makers": tuple(line for line in (text.replace("\r", " ").split("\n")) if line),
                },
                track=Facet(text, Bilingual(text, "")),
            )
        )
    gone = entry(
        len(HOSTILE) + 1,
        status="removed",
        removal=Removal("=x", Bilingual("<b>gone</b>", "#removed"), date(2025, 1, 1)),
    )
    series = Series(
        SERIES.id,
        SERIES.uid,
        Bilingual(HOSTILE[0], HOSTILE[8]),
        Bilingual(HOSTILE[11]),
        Bilingual(HOSTILE[1]),
        "MIT",
    )
    return issue(*entries, gone, series=series, label="=1<&>")

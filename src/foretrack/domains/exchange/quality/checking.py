"""Every check of a profile before it is published: what is vague, contradicts itself, shouts, or gives too much away.

The checks read only what everybody will read. They judge how something is said, never whether it is true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from foretrack.domains.exchange.quality.findings import (
    Finding,
    PublicText,
    Terms,
    texts_of,
)
from foretrack.foundation.sentences import Sentence

SHOWN = 60
"""Characters of the words that a finding shows."""
ProfileSort: TypeAlias = Literal["offer", "need", "achievement"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{2,}")
_SENTENCE_END = re.compile(r"[.!?;]\s|[。！？；\n]")
_YEAR_OR_STANDARD = re.compile(
    r"\b(?:19|20)\d\d\b(?![\d.,]*\s*(?:%|h|kg|W|V|A|m|°|次|小时|公里))"
    r"|(?<![A-Za-z])(?:GB(?:/T)?|ISO|IEC|IEEE|EN|DIN|ASTM)[ /T-]*\d[\d.:-]*"
)
_FIGURE = re.compile(r"\d|百分之|[一二三四五六七八九十百千万半两]+(?:倍|成|个百分点|小时|分钟|公里|吨|级)")
_PROVED = re.compile(r"\d|\[|doi|GB/T|ISO|见|参见|证书|检测报告|test report|certificate", re.IGNORECASE)
_CONTACTS = (
    re.compile(r"[A-Za-z0-9._%+-]+\s?(?:@|＠|\(at\)|\[at\])\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"(?<![\d.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    re.compile(r"\+\d{1,3}[ ()./-]*(?:\d[ ()./-]*){7,13}\d"),
    re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"),
    re.compile(r"(?:微信号?|wechat|weixin|QQ|whatsapp|telegram)\s*(?:id)?\s*[:：]\s*[A-Za-z0-9_@+-]{4,}", re.IGNORECASE),
)  # fmt: skip
_LEAST_LETTERS = 12
_LEAST_WORDS = 20
_LEAST = {"en": 120, "zh": 50}
"""Characters below which a description can hardly say what something is."""


def check_profile(
    sort: ProfileSort, body: Mapping[str, Any], terms: Terms, today: date | None = None
) -> tuple[Finding, ...]:
    """What a reader would miss or doubt in a profile, what stops its publication first.

    Args:
        today: for the check of validity; without it that one is left out.

    >>> body = {"title": {"en": "WORLD LEADING SYSTEM"}, "summary": {"en": "Write to an@example.org"}}
    >>> [(one.check, one.severity) for one in check_profile("offer", body, Terms())][:2]
    [('shouting', 'stop'), ('contact', 'stop')]
    """
    texts = texts_of(body)
    found = [one for check in _OF_TEXTS for text in texts for one in check(text, terms)]
    found += [one for rule in _OF_PROFILES for one in rule(sort, body, terms)]
    if today is not None:
        found += check_validity(body, terms, today)
    return tuple(sorted(found, key=lambda one: one.severity != "stop"))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"


def _contact(text: PublicText, terms: Terms) -> Iterator[Finding]:
    for pattern in _CONTACTS:
        if hit := pattern.search(text.text):
            yield Finding(
                "contact", "stop", text.field, text.language, _short(hit[0]),
                Sentence("Contact data and links stand in a text that everybody reads and copies."),
                Sentence("Put them into the fields for contact or web pages; interest comes through the platform."),
                Sentence("“Interested partners express interest on this page.”"),
            )  # fmt: skip
            return


def _praise(text: PublicText, terms: Terms) -> Iterator[Finding]:
    for part in _SENTENCE_END.split(text.text):
        lower = part.casefold()
        hit = next((word for word in terms.praise if _has(lower, word)), None)
        if hit is not None and not _PROVED.search(part):
            yield Finding(
                "praise", "advice", text.field, text.language, _short(part),
                Sentence("“{word}” says nothing that a reader can check.", {"word": hit}),
                Sentence("Say what is better than what, by how much, and who measured it."),
                Sentence("“Charges to 80 % in 12 minutes; comparable cells need 30 (test report of 2026).”"),
            )  # fmt: skip
            return


def _has(lower: str, word: str) -> bool:
    """Whether a phrase stands in a text; one of Latin letters as whole words."""
    if not word.isascii() or not word[0].isalnum() or not word[-1].isalnum():
        return word in lower
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", lower) is not None


def _template(text: PublicText, terms: Terms) -> Iterator[Finding]:
    whole = text.text.strip().casefold().rstrip(".。")
    for word in terms.boilerplate:
        # A short word of Chinese ("略") is only a placeholder where it is the whole text.
        if whole == word if len(word) < 3 else _has(text.text.casefold(), word):
            yield Finding(
                "boilerplate", "advice", text.field, text.language, _short(word),
                Sentence("“{word}” is text of a template, or points at what the reader does not have.", {"word": word}),
                Sentence("Write here what it stands for."),
                Sentence("Instead of “see attachment”: the three figures that matter out of the attachment."),
            )  # fmt: skip
            return


def _instructs(text: PublicText, terms: Terms) -> Iterator[Finding]:
    lower = text.text.casefold()
    hit = next((word for word in terms.instructs if word in lower), None)
    if hit is not None:
        yield Finding(
            "instructs", "advice", text.field, text.language, _short(hit),
            Sentence("The text speaks to a machine. It is shown as text, changes no order, and a moderator sees this."),
            Sentence("Take it out, and tell a reader what you offer."),
            Sentence("“The sensor finds leaks of 0.1 g a year.”"),
        )  # fmt: skip


def _shouting(text: PublicText, terms: Terms) -> Iterator[Finding]:
    letters = _LETTER.findall(text.text)
    capitals = sum(letter.isupper() for letter in letters)
    loud = len(letters) >= _LEAST_LETTERS and capitals / len(letters) >= terms.capitals
    if loud or re.search(r"[!！]{2,}", text.text):
        yield Finding(
            "shouting", "stop", text.field, text.language, _short(text.text),
            Sentence("Capital letters throughout or rows of exclamation marks read like an advertisement."),
            Sentence("Write it as a sentence; capitals only for names and abbreviations."),
            Sentence("“Solid-state battery cell for drones, 420 Wh/kg”"),
        )  # fmt: skip


def _stuffing(text: PublicText, terms: Terms) -> Iterator[Finding]:
    if text.language == "zh":
        pieces = [
            run[i : i + 2]
            for run in re.findall(r"[\u3400-\u9fff]{2,}", text.text)
            for i in range(len(run) - 1)
        ]
    else:
        pieces = [word.casefold() for word in _WORD.findall(text.text)]
        pieces = [word for word in pieces if word not in terms.ordinary]
    if len(pieces) < _LEAST_WORDS:
        return
    word, n = Counter(pieces).most_common(1)[0]
    if n / len(pieces) >= terms.repeated:
        yield Finding(
            "stuffing", "stop", text.field, text.language, word,
            Sentence("“{word}” stands {n} times in one paragraph.", {"word": word, "n": n}),
            Sentence("Repeating a word finds no more partners: meaning is compared, and copies are seen. Say it once."),
            Sentence("“Bearing for wind turbines of 8 MW, service life 25 years.”"),
        )  # fmt: skip


def _language(text: PublicText, terms: Terms) -> Iterator[Finding]:
    han, letters = len(_HAN.findall(text.text)), len(_LETTER.findall(text.text))
    if (text.language == "en" and han > 4 and han * 3 > letters) or (
        text.language == "zh" and not han and letters >= _LEAST_LETTERS
    ):
        yield Finding(
            "language", "advice", text.field, text.language, _short(text.text),
            Sentence("The text stands in the box of the other language."),
            Sentence("Move it into the box of its language; one language is enough, both find more partners."),
            Sentence("English text under “English”, Chinese text under “Chinese”."),
        )  # fmt: skip


_OF_TEXTS: tuple[Callable[[PublicText, Terms], Iterator[Finding]], ...] = (
    _shouting, _contact, _stuffing, _praise, _template, _instructs, _language,
)  # fmt: skip


def _figures(sort: ProfileSort, body: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    name = "requirements" if sort == "need" else "advantages"
    texts = texts_of(body, (name,))
    if not texts or any(has_figure(one.text) for one in texts):
        return
    if sort == "need":
        yield Finding(
            "no-figure", "advice", name, texts[0].language, _short(texts[0].text),
            Sentence("No figure says when a solution is good enough."),
            Sentence("Give one figure by which you would accept it, with its unit and how it is measured."),
            Sentence("“At least 95 % of defects over 0.2 mm found at 2 m/s, measured on 1,000 parts.”"),
        )  # fmt: skip
    else:
        yield Finding(
            "no-figure", "advice", name, texts[0].language, _short(texts[0].text),
            Sentence("No figure says how much better it is."),
            Sentence("Give one figure with its unit, what it is compared with, and who measured it."),
            Sentence("“420 Wh/kg at cell level against 280 in lithium-ion cells (test report of 2026).”"),
        )  # fmt: skip


def has_figure(text: str) -> bool:
    """Whether a text gives a figure; years and numbers of standards are none.

    >>> [has_figure(t) for t in ("much better since 2019", "30 % lighter", "符合GB/T 38031-2020", "寿命提高一倍")]
    [False, True, False, True]
    """
    return _FIGURE.search(_YEAR_OR_STANDARD.sub(" ", text)) is not None


def _title(sort: ProfileSort, body: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    for one in texts_of(body, ("title",)):
        if one.language == "zh":
            left = one.text
            for word in sorted(terms.general, key=len, reverse=True):
                left = left.replace(word, "")
            vague = len(re.findall(r"[\w]", left)) < 4
        else:
            words = [w for w in re.findall(r"[\w-]+", one.text.casefold()) if w not in terms.general]
            vague = len(words) < 2
        if vague:
            yield Finding(
                "general-title", "advice", "title", one.language, _short(one.text),
                Sentence("The title would fit a thousand profiles."),
                Sentence("Name the thing, what it is for, and what is special about it."),
                Sentence("“Leak sensor for hydrogen pipelines without calibration”"),
            )  # fmt: skip


def _summary(sort: ProfileSort, body: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    titles = {one.language: _pieces(one.text) for one in texts_of(body, ("title",))}
    for one in texts_of(body, ("summary",)):
        told = _pieces(one.text)
        if told and len(told & titles.get(one.language, set())) / len(told) > 0.8:
            yield Finding(
                "repeats-title", "advice", "summary", one.language, _short(one.text),
                Sentence("The summary says what the title says already."),
                Sentence("Say in two or three sentences what it does, for whom, and what is looked for."),
                Sentence("“Finds leaks of 0.1 g a year. Proved on 12 km of pipeline. A maker of valves is looked for.”"),
            )  # fmt: skip


def _pieces(text: str) -> set[str]:
    """The words of a text, or the pairs of its Han characters."""
    han = re.findall(r"[\u3400-\u9fff]+", text)
    return {
        *re.findall(r"[a-z0-9]+", text.casefold()),
        *(run[i : i + 2] for run in han for i in range(len(run))),
    }


def _description(sort: ProfileSort, body: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    texts = texts_of(body, ("description",))
    if texts and all(len(one.text) < _LEAST.get(one.language, _LEAST["en"]) for one in texts):
        yield Finding(
            "short", "advice", "description", texts[0].language, _short(texts[0].text),
            Sentence("The description is too short to be compared with a need or an offer."),
            Sentence("Say how it works, what it needs, where it was used, and what it cannot do."),
            Sentence("Five to ten sentences are usual."),
        )  # fmt: skip


def _stage(sort: ProfileSort, body: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    stage, level = body.get("stage"), body.get("maturity")
    if (
        sort == "need"
        or not isinstance(level, int)
        or not isinstance(stage, str)
        or stage not in terms.stages
    ):
        return
    low, high = terms.stages[stage]
    off = max(low - level, level - high)
    if off > 0:
        yield Finding(
            "stage", "stop" if off > 1 else "advice", "maturity", "", str(level),
            Sentence(
                "Level {level} does not go with the stage of development, which usually is at {low} to {high}.",
                {"level": level, "low": low, "high": high},
            ),
            Sentence("Correct the level or the stage."),
            Sentence("A prototype shown outside the laboratory: level 6."),
        )  # fmt: skip


def _rights(sort: ProfileSort, body: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    rights, wanted = body.get("rights") or (), set(body.get("cooperation") or ())
    if sort == "need" or list(rights) != ["none"]:
        return
    if wanted & {"licence", "transfer"}:
        yield Finding(
            "rights", "stop", "rights", "", "",
            Sentence("A licence or a transfer is offered of something without any right."),
            Sentence("Name the right (a patent, an application, secret know-how), or offer another cooperation."),
            Sentence("Rights: secret know-how; cooperation: licence."),
        )  # fmt: skip


def _partner(sort: ProfileSort, body: Mapping[str, Any], terms: Terms) -> Iterator[Finding]:
    if sort != "achievement" and not body.get("partner_role"):
        yield Finding(
            "partner", "advice", "partner_role", "", "",
            Sentence("Nothing says what the partner would do."),
            Sentence("Say what the partner brings, does and gets."),
            Sentence("“The partner makes the housing, tests it in its own plant and sells it in its region.”"),
        )  # fmt: skip


_OF_PROFILES: tuple[Callable[[ProfileSort, Mapping[str, Any], Terms], Iterator[Finding]], ...] = (
    _stage, _rights, _title, _summary, _figures, _description, _partner,
)  # fmt: skip


def check_validity(body: Mapping[str, Any], terms: Terms, today: date) -> Sequence[Finding]:
    """Whether a profile ends too late, or has ended already."""
    said = body.get("valid_until")
    if not isinstance(said, str):
        return ()
    days = (date.fromisoformat(said) - today).days
    if 0 <= days <= terms.usual_days + 1:
        return ()
    mend = Sentence(
        "Give a day within {days} days; it can be renewed with one click.", {"days": terms.usual_days}
    )
    example = Sentence("A year from today.")
    if days < 0:
        why = Sentence("The profile would be over before it is published.")
        return (Finding("validity", "stop", "valid_until", "", said, why, mend, example),)
    why = Sentence("Nobody knows today whether it still holds in {days} days.", {"days": days})
    severity: Literal["stop", "advice"] = "stop" if days > terms.most_days else "advice"
    return (Finding("validity", severity, "valid_until", "", said, why, mend, example),)

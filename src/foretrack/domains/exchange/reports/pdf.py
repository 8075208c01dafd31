"""A report as a PDF for the archive: what everybody may read of an evaluation, with the digest by which it is checked."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from foretrack.domains.exchange.reports.shape import Panel, Report, ScalePart
from foretrack.foundation.messages import Messages, read_po
from foretrack.lists.rendering.pdf import Fonts, typeset
from foretrack.lists.rendering.wording import visible, wording
from foretrack.packs.shapes import Bilingual

STANDINGS = {
    "reached": "as claimed", "lower": "lower than claimed", "higher": "higher than claimed", "none": "no level is proved",
    "open": "not decided",
}  # fmt: skip
MARKS = {
    "V2": "read in two independent copies", "V": "read in one copy", "K": "firmly known",
    "k": "known with medium confidence, to be checked",
}  # fmt: skip
"""What the marks of confidence of packs mean."""

CHECK = (
    "The digest is SHA-256 over the facts of this report as canonical JSON (RFC 8785). The address gives them; whoever "
    "computes the same digest holds the same report. It covers neither layout nor language."
)


def report_pdf(report: Report, fonts: Fonts, language: str, *, address: str) -> bytes:
    """The PDF in one language. Equal reports, fonts and addresses give equal bytes.

    Args:
        address: where the report can be read and checked.

    OutsideError for letters that no font has.
    """
    day = date.fromisoformat(report.core.recognised_on or report.core.found_on)
    told = _Told(language).whole(report, address)
    return typeset(_template(), "report", told, fonts, day, f"the report on {report.core.evaluation.key}")


@cache
def _template() -> bytes:
    return (resources.files("foretrack.domains.exchange.reports") / "report.typ").read_bytes()


@cache
def _messages(language: str) -> Messages:
    file = resources.files("foretrack.domains.exchange.reports") / f"{language}.po"
    return Messages(language, read_po(file.read_text(encoding="utf-8")) if language != "en" else {})


class _Told:
    """A report in one language, as text."""

    def __init__(self, language: str) -> None:
        self.language, self.say, self.words = language, _messages(language), wording(language)

    def text(self, value: Bilingual) -> str:
        return visible(value.text(self.language))

    def day(self, said: str) -> str:
        return self.words.day(date.fromisoformat(said)) if said else "–"

    def whole(self, report: Report, address: str) -> dict[str, Any]:
        """All that the pages say."""
        core, say = report.core, self.say
        title = self.text(core.achievement.title)
        day = date.fromisoformat(core.recognised_on or core.found_on)
        other = core.achievement.title.zh if self.language == "en" else core.achievement.title.en
        return {
            "lang": self.language, "date": [day.year, day.month, day.day], "author": self.text(core.body.title),
            "heading": say("Report on the evaluation of an achievement"), "title": title,
            "other": visible(other) if other != title else "", "short": core.evaluation.key,
            "page": say("Page"), "verdict": self.text(core.verdict_label), "standing": self._standing(report),
            "levels": [self._level(one) for one in core.scales], "about": self._about(report),
            "conclusion_title": say("Conclusion"), "conclusion": self.text(core.conclusion),
            "dissent_title": say("What some saw otherwise"), "dissent": self.text(core.dissent),
            "scales": [self._scale(one) for one in core.scales], "panels": [self._panel(one) for one in core.panels],
            "origin_title": say("Where it comes from"), "origin": self._origin(report, address),
            "check": say(CHECK),
        }  # fmt: skip

    def _standing(self, report: Report) -> str:
        """Empty while the report is current."""
        if report.status == "recognised":
            return ""
        text = self.say("Today: {state}", state=report.status_label.text(self.language))
        return f"{text} ({report.replaced_by})" if report.replaced_by else text

    def _level(self, one: ScalePart) -> str:
        if one.reached is None:
            return self.say(
                "{scale}: no level reached (claimed: {claimed})",
                scale=self.text(one.label),
                claimed=one.claimed,
            )
        text = self.say(
            "{scale}: level {level} {name} (claimed: {claimed})", scale=self.text(one.label), level=one.reached,
            name=self.text(one.reached_label), claimed=one.claimed,
        )  # fmt: skip
        if one.market:
            text += " " + self.say("A level of the market; as readiness it counts as {n}.", n=one.counts_as)
        return f"{text} [{one.confidence}]"

    def _about(self, report: Report) -> list[list[str]]:
        core, say = report.core, self.say
        rows = [
            (say("Applicant"), self.text(core.applicant)), (say("Sort of result"), self.text(core.sort)),
            (say("Purpose"), self.text(core.purpose)), (say("Evaluated by"), self.text(core.body.title)),
            (say("Found on"), self.day(core.found_on)), (say("Recognised on"), self.day(core.recognised_on)),
            (say("Valid until"), self.day(core.valid_until)),
        ]  # fmt: skip
        if core.previous:
            rows.append((say("Follows the evaluation"), core.previous))
        return [list(row) for row in rows]

    def _scale(self, one: ScalePart) -> dict[str, Any]:
        say = self.say
        known = {True: say("accepted"), False: say("not accepted"), None: say("not judged")}
        return {
            "title": f"{self.text(one.label)} ({one.scale})",
            "about": [
                [say("Claimed"), f"{one.claimed} {self.text(one.claimed_label)}"],
                [say("Reached"), f"{one.reached} {self.text(one.reached_label)}" if one.reached else say("no level")],
                [say("Result"), say(STANDINGS[one.standing])],
                [say("Scale"), f"{one.version} · {one.confidence}: {say(MARKS[one.confidence])}"],
            ],
            "head": [say("Level"), say("Item of the checklist"), say("What proves it"), say("Judgement"), say("Why")],
            "rows": [
                [
                    item.level, self.text(item.label),
                    visible(f"{item.shown} ({item.document})" if item.document else item.shown), known[item.accepted],
                    visible(item.why) or "–",
                ]
                for item in one.items
            ],
            "missing_title": say("What level {level} lacks", level=one.following) if one.following else "",
            "missing": [self.text(label) for label in one.missing],
        }  # fmt: skip

    def _panel(self, one: Panel) -> dict[str, Any]:
        say = self.say

        def number(value: float | None) -> str:
            return "–" if value is None else f"{value:.1f}"

        agreement = say("not known with so few sheets")
        if one.agreement is not None:
            agreement = f"{one.agreement:.2f}"
            if one.agreement_low is not None and one.agreement_high is not None:
                agreement += f" ({one.agreement_low:.2f}–{one.agreement_high:.2f})"
        spread = f" ± {number(one.total_spread)}" if one.total_spread is not None else ""
        return {
            "title": say("Panel: {name}", name=visible(one.name)),
            "about": [
                [say("Call"), f"{self.text(one.call_title)} ({one.call})"],
                [
                    say("Reviewers"),
                    ", ".join(map(visible, one.names)) if one.names else say("{n}, whose names are kept", n=one.sheets),
                ],
                [
                    say("Score sheet"),
                    f"{self.text(one.sheet_label)} · {one.version} · {one.confidence}: {say(MARKS[one.confidence])}",
                ],
                [say("Points of 100"), number(one.total) + spread],
                [say("Without harshness"), number(one.corrected)],
                [say("Agreement (Krippendorff's alpha)"), agreement],
            ],
            "head": [say("Value"), say("Weight"), say("Mean"), say("Spread"), say("From – to")],
            "rows": [
                [
                    self.text(value.label), f"{value.weight:g}", f"{value.mean:.1f} / {value.most}", number(value.spread),
                    f"{value.low:g} – {value.high:g}",
                ]
                for value in one.values
            ],
            "note": say("Dissent was recorded with the decision.") if one.dissented else "",
        }  # fmt: skip

    def _origin(self, report: Report, address: str) -> list[list[str]]:
        core, say = report.core, self.say
        rows = [
            (label, say("{key}, revision {n}", key=one.key, n=one.revision) + f"\n{one.digest}")
            for label, one in (
                (say("Evaluation"), core.evaluation), (say("Achievement"), core.achievement),
                (say("Evaluation body"), core.body),
            )
        ]  # fmt: skip
        rows += [
            (say("Scales"), ", ".join(core.by_packs)), (say("Address"), address),
            (say("Digest of this report"), report.digest),
        ]  # fmt: skip
        return [list(row) for row in rows]

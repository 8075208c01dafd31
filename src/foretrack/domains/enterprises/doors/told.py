"""Answers about enterprises as data: the documented JSON, and one flat row for each enterprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foretrack.domains.enterprises.actions.assessing import Assessed
from foretrack.domains.enterprises.blocks import ABOUT, Asked, Firm
from foretrack.domains.enterprises.levels import LevelAnswer
from foretrack.foundation.made import Made
from foretrack.foundation.sentences import Say
from foretrack.foundation.spreadsheets import Cell
from foretrack.rules.answers import gap_json, interval_json, to_json

if TYPE_CHECKING:
    from foretrack.domains.enterprises.actions.funnel import Funnel


def asked_json(asked: Asked) -> dict[str, Any]:
    """By what was assessed."""
    ladder = asked.steps.ladder
    return {
        "ladder": ladder.id,
        "pack": ladder.pack,
        "on": asked.steps.on,
        "in_force_today": ladder.in_force(asked.today),
        "valid_from": ladder.valid_from,
        "valid_to": ladder.valid_to,
        "overlays": [overlay.full_id for overlay in asked.steps.overlays.values()],
        "echelons": [
            {
                "echelon": one.id, "label": to_json(one.label), "rule": one.rule, "needs": one.needs,
                "chain": list(one.chain),
                "months_valid": asked.steps.rules[one.id].months_valid, "confidence": one.confidence,
            }
            for one in ladder.echelons
        ],
    }  # fmt: skip


def assessed_json(found: Assessed, say: Say, *, trace: bool = True) -> dict[str, Any]:
    """The whole answer; without `trace` each assessment is outcome, score and gaps alone.

    `firms` is made while it is read.
    """
    return {
        **asked_json(found.asked),
        "what_if": [{"indicator": one.indicator, "value": one.value, "by": one.by} for one in found.changes],
        "left_out": list(found.left_out),
        "levels": [{"level": name or None, "firms": n} for name, n in found.levels().items()],
        "rejected": found.rejected(),
        "firms": Made(len(found.firms), lambda place: firm_json(found.firms[place], say, trace=trace)),
    }


def whole_json(found: Assessed, say: Say, *, trace: bool) -> dict[str, Any]:
    """As `assessed_json`, with all firms made."""
    whole = assessed_json(found, say, trace=trace)
    return {**whole, "firms": list(whole["firms"])}


def firm_json(firm: Firm, say: Say, *, trace: bool = True) -> dict[str, Any]:
    """One enterprise."""
    return {
        "row": firm.row,
        "name": firm.name,
        "code": firm.code,
        "region": firm.region,
        "answer": level_json(firm.answer, trace=trace),
        "then": level_json(firm.then, trace=False),
        "way": way_json(firm),
        "problems": [{"column": column, "problem": error.told(say)} for column, error in firm.problems],
    }


def way_json(firm: Firm) -> dict[str, Any] | None:
    """The cheapest way to the next echelon; None where it was not asked for, or there is none above."""
    if firm.way is None or firm.answer is None:
        return None
    return {
        "echelon": firm.answer.next,
        "reachable": firm.way.reachable,
        "cost": firm.way.cost,
        "changes": [
            {"indicator": one.indicator, "before": one.before, "after": one.after, "unit": one.unit, "cost": one.cost}
            for one in firm.way.changes
        ],
    }  # fmt: skip


def way_text(firm: Firm, say: Say) -> str:
    """The cheapest way on one line."""
    if firm.way is None:
        return ""
    if not firm.way.reachable:
        return say("no way by what can be changed")
    return "; ".join(f"{one.indicator} → {one.after}" for one in firm.way.changes)


def level_json(answer: LevelAnswer | None, *, trace: bool) -> dict[str, Any] | None:
    """Where an enterprise stands; None where that cannot be said."""
    if answer is None:
        return None
    return {
        "level": answer.level,
        "possible": answer.possible,
        "next": answer.next,
        "echelons": [
            {
                "echelon": one.echelon,
                "standing": one.standing,
                "score": interval_json(one.brief.score),
                "maximum": one.brief.maximum,
                **(
                    {"assessment": to_json(one.assessment)}
                    if trace
                    else {
                        "gaps": [gap_json(gap) for gap in one.brief.gaps],
                        "missing": list(one.brief.missing),
                    }
                ),
            }
            for one in answer.echelons
        ],
    }


def flat_columns(found: Assessed) -> tuple[str, ...]:
    """The columns of `flat_row`."""
    echelons = [one.id for one in found.asked.steps.ladder.echelons]
    return (
        "row", *ABOUT, "level", "possible",
        *(f"{name}_{part}" for name in echelons for part in ("standing", "score_low", "score_high", "gaps")),
        *(("then_level", "then_possible") if found.changes else ()), "way",
        "problem",
    )  # fmt: skip


def flat_row(firm: Firm, say: Say) -> dict[str, Cell]:
    """One enterprise as one row of a table."""
    row: dict[str, Cell] = {
        "row": firm.row, "name": firm.name, "code": firm.code, "region": firm.region,
        "way": way_text(firm, say) or None, "problem": problems_text(firm, say) or None,
    }  # fmt: skip
    if firm.answer is not None:
        row |= {"level": firm.answer.level, "possible": firm.answer.possible}
        for one in firm.answer.echelons:
            row |= {
                f"{one.echelon}_standing": one.standing,
                f"{one.echelon}_score_low": one.brief.score.low,
                f"{one.echelon}_score_high": one.brief.score.high,
                f"{one.echelon}_gaps": "; ".join(f"{gap.name} {gap.needs}".strip() for gap in one.brief.gaps),
            }
    if firm.then is not None:
        row |= {"then_level": firm.then.level, "then_possible": firm.then.possible}
    return row


def problems_text(firm: Firm, say: Say) -> str:
    """Why a row has no answer, one reason behind the other."""
    return " ".join(f"{column}: {e.told(say)}" if column else e.told(say) for column, e in firm.problems)


def funnel_json(found: Funnel) -> dict[str, Any]:
    """The funnel, each number with the keys of the records behind it."""
    return {
        "echelon": found.echelon or None,
        "counts": [
            {
                "region": one.region, "year": one.year, "stage": one.stage, "n": one.n,
                "records": list(found.behind(one.stage, region=one.region, year=one.year)),
            }
            for one in found.counts
        ],
    }  # fmt: skip

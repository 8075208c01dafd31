"""Hard filters: what must fit before anything else counts. Each is passed, failed or not stated.

What nobody stated passes, and is said. One pair is judged by `checks`; a whole side by masks in `facts.py`, which a
property test holds to the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from foretrack.matching.profiles import Profile
from foretrack.packs.shapes import Bilingual

Outcome = Literal["passed", "failed", "not-stated"]

FILTERS: Mapping[str, Bilingual] = {
    "validity": Bilingual("Valid on the day", "在有效期内"),
    "organisation": Bilingual("Another organisation", "非本单位"),
    "maturity": Bilingual("Maturity level", "成熟度"),
    "cooperation": Bilingual("Kind of cooperation", "合作方式"),
    "partner": Bilingual("Sort of partner", "合作方类型"),
    "region": Bilingual("Region", "地区"),
    "languages": Bilingual("Working language", "工作语言"),
    "flags": Bilingual("Safety flags", "安全标识"),
}
"""Every filter by its name, in the order in which they are told."""

OUTCOMES: Mapping[Outcome, Bilingual] = {
    "passed": Bilingual("passed", "符合"),
    "failed": Bilingual("failed", "不符合"),
    "not-stated": Bilingual("not stated", "未说明"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One filter applied to a need and an offer: what each side said, and what came of it."""

    name: str
    outcome: Outcome
    need: tuple[str, ...] = ()
    """What the need asks for or says of itself."""
    offer: tuple[str, ...] = ()
    need_is: str = ""
    """What the need's own side is, where the offer may ask for it: its region, its sort of organisation."""
    offer_is: str = ""


def checks(need: Profile, offer: Profile, today: date) -> tuple[Check, ...]:
    """Every filter for one pair, in the order of FILTERS.

    >>> need = Profile(key="n", side="need", title="t", maturity=(6, 9), languages=frozenset({"zh"}))
    >>> offer = Profile(key="o", side="offer", title="t", maturity=(4, 4))
    >>> [(c.name, c.outcome) for c in checks(need, offer, date(2026, 1, 1)) if c.outcome != "not-stated"]
    [('maturity', 'failed'), ('flags', 'passed')]
    """
    return tuple(Check(name, *judge(need, offer, today)) for name, judge in _JUDGES.items())


def passes(need: Profile, offer: Profile, today: date) -> bool:
    """Whether no filter fails."""
    return all(check.outcome != "failed" for check in checks(need, offer, today))


def inside(region: str, wanted: Collection[str]) -> bool:
    """Whether a region is one of those wanted or lies in one.

    >>> inside("CN-33-01", {"CN-33"}), inside("CN-330", {"CN-33"}), inside("CN", {"CN-33"})
    (True, False, False)
    """
    return any(region == one or region.startswith(f"{one}-") for one in wanted)


_Judged: TypeAlias = (
    tuple[Outcome, tuple[str, ...], tuple[str, ...]]
    | tuple[Outcome, tuple[str, ...], tuple[str, ...], str, str]
)


def _validity(need: Profile, offer: Profile, today: date) -> _Judged:
    ends = [one.until for one in (need, offer) if one.until is not None]
    outcome: Outcome = "not-stated" if not ends else "failed" if min(ends) < today else "passed"
    first, second = (one.until.isoformat() if one.until else "" for one in (need, offer))
    return outcome, _told(first), _told(second)


def _organisation(need: Profile, offer: Profile, today: date) -> _Judged:
    if not need.organisation or not offer.organisation:
        return "not-stated", _told(need.organisation), _told(offer.organisation)
    same = need.organisation == offer.organisation
    return "failed" if same else "passed", (need.organisation,), (offer.organisation,)


def _maturity(need: Profile, offer: Profile, today: date) -> _Judged:
    first, second = (tuple(map(str, sorted(set(one.maturity or ())))) for one in (need, offer))
    if need.maturity is None or offer.maturity is None:
        return "not-stated", first, second
    overlap = need.maturity[0] <= offer.maturity[1] and offer.maturity[0] <= need.maturity[1]
    return "passed" if overlap else "failed", first, second


def _shared(need: frozenset[str], offer: frozenset[str]) -> _Judged:
    told = tuple(sorted(need)), tuple(sorted(offer))
    if not need or not offer:
        return "not-stated", *told
    return "passed" if need & offer else "failed", *told


def _wanted(
    pairs: tuple[tuple[frozenset[str], str], ...], fits: Callable[[str, frozenset[str]], bool]
) -> Outcome:
    judged = [fits(own, wanted) for wanted, own in pairs if wanted and own]
    return "not-stated" if not judged else "passed" if all(judged) else "failed"


def _partner(need: Profile, offer: Profile, today: date) -> _Judged:
    outcome = _wanted(
        ((need.partner_types, offer.sort_of), (offer.partner_types, need.sort_of)),
        lambda own, wanted: own in wanted,
    )
    return (
        outcome,
        tuple(sorted(need.partner_types)),
        tuple(sorted(offer.partner_types)),
        need.sort_of,
        offer.sort_of,
    )


def _region(need: Profile, offer: Profile, today: date) -> _Judged:
    outcome = _wanted(((need.partner_regions, offer.region), (offer.partner_regions, need.region)), inside)
    return (
        outcome, tuple(sorted(need.partner_regions)), tuple(sorted(offer.partner_regions)), need.region, offer.region,
    )  # fmt: skip


def _flags(need: Profile, offer: Profile, today: date) -> _Judged:
    told = tuple(sorted(need.flags)), tuple(sorted(offer.flags))
    if not offer.flags:
        return "passed", *told
    if not need.flags:
        return "not-stated", *told
    return "passed" if offer.flags <= need.flags else "failed", *told


def _told(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


_JUDGES: Mapping[str, Callable[[Profile, Profile, date], _Judged]] = {
    "validity": _validity,
    "organisation": _organisation,
    "maturity": _maturity,
    "cooperation": lambda need, offer, today: _shared(need.cooperation, offer.cooperation),
    "partner": _partner,
    "region": _region,
    "languages": lambda need, offer, today: _shared(need.languages, offer.languages),
    "flags": _flags,
}

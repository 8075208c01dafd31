"""What keeps a profile from being public, and the day to which it is renewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from foretrack.domains.exchange.quality.checking import ProfileSort, check_profile
from foretrack.domains.exchange.quality.findings import Finding
from foretrack.domains.exchange.terms import limit, terms_on
from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.declaring.bodies import InvalidRecord, Problem
from foretrack.registry.declaring.fields import Json


def publishable_offer(body: Mapping[str, Json]) -> Sequence[InputError]:
    """What stops an offer from standing in public."""
    return _stopping("offer", body)


def publishable_need(body: Mapping[str, Json]) -> Sequence[InputError]:
    """What stops a need from standing in public."""
    return _stopping("need", body)


def _stopping(sort: ProfileSort, body: Mapping[str, Json]) -> Sequence[InputError]:
    error = refusal_of([one for one in check_profile(sort, body, terms_on()) if one.severity == "stop"])
    return [error] if error else []


def refusal_of(found: Sequence[Finding]) -> InvalidRecord | None:
    """The findings as an error that names each field; None where there are none."""
    problems = [
        Problem(
            one.field,
            InputError.said(
                one.why, expected=Sentence("such as {example}", {"example": one.example}), do=one.mend
            ),
        )
        for one in found
    ]
    return InvalidRecord.with_problems(problems) if problems else None


def renewed(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """The day until which a profile holds that is renewed today, where whoever renews it names none."""
    return {"valid_until": (today + timedelta(days=int(limit("profile-valid-days", today)))).isoformat()}

"""Working days: counted by the dated calendars, and refused where a year is not known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.calendars import (
    Calendar,
    add_working_days,
    choose_calendar,
    holiday_on,
    is_working_day,
    working_days_between,
)
from foretrack.packs.loading import load_pack, load_packs

CHINA = choose_calendar(load_packs(), "calendar-cn")
AMERICA = choose_calendar(load_packs(), "calendar-us-federal")
WEEKDAYS = choose_calendar(load_packs(), "calendar-weekdays")

INVENTED = """\
id: calendar-of-an-invented-island
title: {en: Working days of an invented island}
valid_from: "2025-01-01"
calendars:
  - id: island
    label: {en: Island}
    free_weekdays: [friday]
    years:
      - year: 2025
        holidays: [{label: {en: Day of the Tide}, from: "2025-06-02", to: "2025-06-03"}]
        working: ["2025-06-06"]
"""


def island(tmp_path: Path, old: str = "", new: str = "") -> Calendar:
    assert old in INVENTED
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "pack.yml").write_text(INVENTED.replace(old, new) if old else INVENTED, encoding="utf-8")
    return load_pack(tmp_path).calendars[0]


class TestChina:
    def test_working_days_of_each_year(self) -> None:
        counted = {
            year: sum(
                is_working_day(date(year, 1, 1) + timedelta(days=n), CHINA)
                for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
            )
            for year in range(2023, 2027)
        }

        # Days of the year, less Saturdays and Sundays, less weekdays that are free, plus weekend days worked.
        assert counted == {
            2023: 365 - 105 - 18 + 7,
            2024: 366 - 104 - 19 + 8,
            2025: 365 - 104 - 18 + 5,
            2026: 365 - 104 - 19 + 6,
        }

    @pytest.mark.parametrize(
        ("day", "worked"),
        [
            ("2024-02-09", True),  # the last day before the festival
            ("2024-02-10", False),
            ("2024-02-17", False),
            ("2024-02-18", True),  # a Sunday that is worked
            ("2024-02-19", True),
            ("2025-01-26", True),  # a Sunday that is worked
            ("2025-10-08", False),
            ("2025-10-09", True),
            ("2026-01-03", False),
            ("2026-01-04", True),  # a Sunday that is worked
            ("2026-02-23", False),
            ("2026-10-10", True),  # a Saturday that is worked
        ],
    )
    def test_days_around_the_festivals(self, day: str, worked: bool) -> None:
        assert is_working_day(date.fromisoformat(day), CHINA) is worked

    def test_five_working_days_of_notice_over_the_national_day(self) -> None:
        # 29, 30 September, 8, 9 and 10 October (a worked Saturday).
        assert add_working_days(date(2026, 9, 28), 5, CHINA) == date(2026, 10, 10)

    def test_a_holiday_has_its_name_in_both_languages(self) -> None:
        assert holiday_on(date(2026, 2, 17), CHINA) == "Spring Festival"
        assert holiday_on(date(2026, 2, 17), CHINA, "zh") == "春节"
        assert holiday_on(date(2026, 3, 17), CHINA) == ""

    def test_2027_is_not_guessed(self) -> None:
        with pytest.raises(EvidenceError, match=r"does not know 2027\. Expected: a day of 2023 to 2026"):
            add_working_days(date(2026, 12, 28), 10, CHINA)

    def test_2022_is_not_guessed(self) -> None:
        with pytest.raises(EvidenceError, match="does not know 2022"):
            add_working_days(date(2023, 1, 3), -3, CHINA)
        with pytest.raises(EvidenceError):
            working_days_between(date(2022, 12, 30), date(2023, 1, 5), CHINA)

    def test_every_year_names_its_source(self) -> None:
        assert all(year.source and year.confidence == "K" for year in CHINA.years.values())


class TestStatutoryHolidays:
    @pytest.mark.parametrize(
        ("day", "name"),
        [
            ("2022-12-26", "Christmas Day"),  # 25 December 2022 was a Sunday
            ("2026-07-03", "Independence Day"),  # 4 July 2026 is a Saturday
            ("2027-12-31", "New Year's Day"),  # 1 January 2028 is a Saturday
            ("2026-05-25", "Memorial Day"),
            ("2026-11-26", "Thanksgiving Day"),
            ("2024-01-15", "Birthday of Martin Luther King, Jr."),
            ("2023-06-19", "Juneteenth"),
        ],
    )
    def test_falls_on(self, day: str, name: str) -> None:
        assert holiday_on(date.fromisoformat(day), AMERICA) == name
        assert not is_working_day(date.fromisoformat(day), AMERICA)

    def test_there_are_eleven_in_an_ordinary_year(self) -> None:
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

        assert sum(bool(holiday_on(day, AMERICA)) for day in days) == 11


@given(
    start=st.dates(date(2023, 3, 1), date(2026, 10, 1)),
    n=st.integers(-40, 40),
    calendar=st.sampled_from([CHINA, AMERICA, WEEKDAYS]),
)
def test_counting_there_and_back(start: date, n: int, calendar: Calendar) -> None:
    end = add_working_days(start, n, calendar)

    assert is_working_day(end, calendar)
    if n > 0:
        assert working_days_between(start, end, calendar) == n
    if n < 0:
        # Backwards the days from `end` up to the day before `start` count.
        assert sum(is_working_day(end + timedelta(days=k), calendar) for k in range((start - end).days)) == -n
    assert (end > start) is (n > 0) or n == 0


@given(a=st.dates(date(2023, 3, 1), date(2026, 10, 1)), b=st.dates(date(2023, 3, 1), date(2026, 10, 1)))
def test_days_between_are_the_same_in_both_directions(a: date, b: date) -> None:
    forth, back = working_days_between(a, b, CHINA), working_days_between(b, a, CHINA)

    # One end counts forth, the other back.
    low, high = sorted((a, b))
    assert abs(forth) - abs(back) in (
        0,
        *({1, -1} if is_working_day(low, CHINA) != is_working_day(high, CHINA) else ()),
    )
    assert a == b or (forth >= 0) is (a < b) or forth == 0


class TestAUsersCalendar:
    def test_free_fridays_and_a_worked_one(self, tmp_path: Path) -> None:
        calendar = island(tmp_path)

        assert add_working_days(date(2025, 6, 1), 2, calendar) == date(2025, 6, 5)
        assert add_working_days(date(2025, 6, 1), 3, calendar) == date(2025, 6, 6)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("[friday]", "[freitag]", "'freitag' is no weekday"),
            (
                "[friday]",
                "[monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
                "every weekday is free",
            ),
            ('to: "2025-06-03"', 'to: "2025-06-01"', "is no run of days in 2025"),
            ('to: "2025-06-03"', 'to: "2026-06-03"', "is no run of days in 2025"),
            (
                '["2025-06-06"]',
                '["2025-06-05"]',
                "is said to be worked, but is a holiday or an ordinary working day",
            ),
            ('["2025-06-06"]', '["2026-06-05"]', "is no day of 2025"),
            ('["2025-06-06"]', '["yesterday"]', "is no day of 2025"),
            ("year: 2025", "year: 20255", "`year` is missing"),
            ("free_weekdays", "first_year: 2025\n    free_weekdays", "`years` together with `first_year`"),
            ("      - year: 2025", "      - year: 2023\n      - year: 2025", "2024 is missing"),
            ("      - year: 2025", "      - year: 2025\n      - year: 2025", "a year is given twice"),
        ],
    )
    def test_a_mistake_is_answered_with_its_place(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        with pytest.raises(InputError) as caught:
            island(tmp_path, old, new)

        assert said in str(caught.value)
        assert "pack.yml, calendars 1 (island)" in str(caught.value)

    @pytest.mark.parametrize(
        "rule",
        [
            "month: 2, day: 29",
            "month: 13, day: 1",
            "month: 5, weekday: monday, nth: 5",
            "month: 5, day: 1, nth: 1",
        ],
    )
    def test_a_rule_that_is_no_day_of_every_year(self, tmp_path: Path, rule: str) -> None:
        head = INVENTED[: INVENTED.index("    years:")]
        rules = f"    first_year: 2025\n    last_year: 2026\n    rules: [{{{rule}, label: {{en: X}}}}]\n"
        text = head + rules
        (tmp_path / "pack.yml").write_text(text, encoding="utf-8")

        with pytest.raises(InputError, match="does not say a day of every year"):
            load_pack(tmp_path)


def test_more_days_than_anybody_counts_are_refused() -> None:
    with pytest.raises(InputError, match="at most 4000"):
        add_working_days(date(2026, 1, 5), 4001, WEEKDAYS)


def test_an_unknown_calendar_names_the_known() -> None:
    with pytest.raises(InputError, match="one of calendar-cn, calendar-us-federal, calendar-weekdays"):
        choose_calendar(load_packs(), "calendar-of-the-moon")

"""Every page in Chromium: nothing is wider than a phone, and axe finds nothing wrong."""

from __future__ import annotations

import pytest
from tests.site.conftest import NEEDS_CHROMIUM, Come, Page, Served
from tests.site.walk import STOPS, Stop

pytestmark = [NEEDS_CHROMIUM, pytest.mark.slow]

PHONE, WIDE = {"width": 360, "height": 900}, {"width": 1280, "height": 900}


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("zh-hans", True)])
def test_it_fits_a_phone_and_axe_finds_nothing_wrong(
    served: Served, come: Come, language: str, dark: bool
) -> None:
    """One visit for both: loaded as on a phone, then widened.

    In the dark and in Chinese every second template: structure is the same as in the light, colours are tokens.
    """
    stops = [stop for stop in STOPS if stop.picture][::2] if dark else STOPS
    found: list[str] = []
    for who in sorted({stop.who for stop in stops}):
        page = come(who, "", language, dark=dark)
        for stop in stops:
            if stop.who == who:
                found += look(page, served, stop, language)

    assert not found, "\n".join(found)


def look(page: Page, served: Served, stop: Stop, language: str) -> list[str]:
    """What is wrong with one page."""
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size(PHONE)
    page.goto(served.at(place := stop.at(served.keys), language))
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size(WIDE)
    violations = Axe().run(page).response["violations"]
    return [
        *([f"{place}: {over} px wider than a phone"] if over > 0 else []),
        *(
            f"{place}: {one['id']} ({one['impact']}) {[node['html'][:160] for node in one['nodes']][:2]}"
            for one in violations
        ),
    ]

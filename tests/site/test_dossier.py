"""Dossiers: what is linked to a subject, as far as its reader may see it, on the page and in its data."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from django.test import Client, RequestFactory
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.lists.actions.issuing import publish
from foretrack.lists.actions.series import declare_series
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.actions.records import create, edit, move, show
from foretrack.registry.declaring.fields import BilingualText, Link
from foretrack.registry.declaring.kind import KINDS, Kind, State, Transition
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.search.actions.indexing import index
from foretrack.search.shapes import Thing
from foretrack.web.panels import PANELS, Fragment, Panel, Subject, loaded

SERIES = "key-technologies"
"""What the target technologies-2025 counts."""
SCRIPT = "<script>alert(1)</script>"

FINDING = Kind(
    name="finding",
    label=Bilingual("Finding", "发现"),
    plural=Bilingual("Findings", "发现"),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "标题"), required=True, weight="title"),
        Link(name="about", label=Bilingual("About", "关于"), to=("lookout:concept", "technology"), many=True),
        Link(
            name="secret", label=Bilingual("Secret source", "内部来源"), to=("lookout:concept",),
            visibility="private",
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿")),
        State(name="out", label=Bilingual("Out", "公开"), public=True),
    ),
    transitions=(
        Transition(name="show", label=Bilingual("Show", "公开"), before=("draft",), after="out", who=("officer",)),
    ),
    creators=("officer",),
)  # fmt: skip
"""Invented: points at concepts openly, and in a field that is not public."""


@pytest.fixture
def finding(registry: Registry) -> Iterator[None]:
    KINDS.add(FINDING)
    yield
    KINDS.remove(FINDING.name)


@pytest.fixture
def concept(registry: Registry) -> Subject:
    """A concept that the index knows, with names in both languages."""
    index(
        [
            Thing(
                unit="concept", key="moss-cathode", title_en="moss cathode", title_zh="苔藓阴极",
                body="moss cathode; moss cathodes", facets={"track": ("new-energy-storage",)},
            )
        ]
    )  # fmt: skip
    return Subject("concept", "lookout:concept:moss-cathode", "moss cathode", ("moss cathode", "苔藓阴极"))


def told(registry: Registry, actor: Actor, subject: Subject) -> dict[str, Any]:
    """The panels of a subject as an actor is given them."""
    request: Any = RequestFactory().get("/en/")
    request.actor, request.registry = actor, registry
    return {panel.name: fragment for panel, fragment in loaded(request, subject)}


def technology(registry: Registry, *signals: str, **more: Any) -> str:
    made = create(
        registry, NATIONAL, "technology",
        {"title": {"en": "Moss cathodes", "zh": "苔藓阴极技术"}, "signals": list(signals), **more},
    )  # fmt: skip
    move(registry, SECOND, made.key, "agree", revision=1, reason="Invented")
    return made.key


def titles(panel: Any) -> list[str]:
    return [line.title for group in panel.groups for line in (*group.first, *group.more)]


def test_nothing_linked_looks_like_an_answer_and_says_how_to_link(
    registry: Registry, concept: Subject
) -> None:
    for actor, offers in ((VISITOR, 0), (NATIONAL, 1)):
        records = told(registry, actor, concept)["records"]

        assert records.empty
        assert records.how
        assert len(records.offers) == offers
        assert bool(records.choose) == bool(offers)
    assert "lists" not in told(registry, VISITOR, concept)
    assert "counted" not in told(registry, VISITOR, concept)


def test_linked_records_are_grouped_and_those_behind_a_technology_are_told_with_the_way(
    registry: Registry, firm: str, concept: Subject, finding: None
) -> None:
    made = technology(registry, "concept:moss-cathode")
    direct = create(
        registry, NATIONAL, "finding", {"title": {"en": "Direct"}, "about": ["concept:moss-cathode"]}
    )
    behind = create(registry, NATIONAL, "finding", {"title": {"en": "Behind"}, "about": [made]})
    create(registry, NATIONAL, "finding", {"title": {"en": "Elsewhere"}, "about": ["concept:moss"]})

    records = told(registry, NATIONAL, concept)["records"]

    lines = {line.title: line for group in records.groups for line in group.first}
    assert set(lines) == {"Moss cathodes", "Direct", "Behind"}
    assert lines["Behind"].through == "Moss cathodes"
    assert lines["Behind"].through_href == f"/en/record/{made}/"
    assert lines["Direct"].through == ""
    assert lines["Direct"].href == f"/en/record/{direct.key}/"
    assert lines["Moss cathodes"].status == "Agreed"
    assert lines["Moss cathodes"].field == "What the lookout found"
    assert records.offers == ()  # a technology was made of it already
    assert behind.key in lines["Behind"].href


def test_what_is_confidential_is_in_no_dossier_of_others(
    registry: Registry, concept: Subject, finding: None
) -> None:
    shown = create(
        registry, NATIONAL, "finding", {"title": {"en": "Shown"}, "about": ["concept:moss-cathode"]}
    )
    hidden = create(
        registry, NATIONAL, "finding", {"title": {"en": "Hidden"}, "about": ["concept:moss-cathode"]}
    )
    leak = create(registry, NATIONAL, "finding", {"title": {"en": "Leak"}, "secret": "concept:moss-cathode"})
    for one in (shown, leak):
        move(registry, SECOND, one.key, "show", revision=1)

    assert titles(told(registry, VISITOR, concept)["records"]) == ["Shown"]
    assert set(titles(told(registry, NATIONAL, concept)["records"])) == {"Shown", "Hidden", "Leak"}
    assert hidden.title not in str(told(registry, VISITOR, concept))


def test_a_record_page_and_its_data_hold_the_dossier_as_far_as_the_reader_may_see(
    registry: Registry, firm: str, person: Person
) -> None:
    plan = create(
        registry, NATIONAL, "plan", {"title": {"en": "Confidential plan"}, "organisation": firm}
    ).key
    move(registry, SECOND, firm, "verify", revision=1, reason="Invented")
    officer, visitor = person("officer", regions=["*"]), Client()

    for ending in ("/", ".json"):
        assert "Confidential plan" in officer.get(f"/en/record/{firm}{ending}").content.decode()
        assert "Confidential plan" not in visitor.get(f"/en/record/{firm}{ending}").content.decode()
        assert plan not in visitor.get(f"/en/record/{firm}{ending}").content.decode()
    data = officer.get(f"/en/record/{firm}.json").json()
    assert data["dossier"]["records"]["groups"][0]["first"][0]["title"] == "Confidential plan"
    assert set(data["dossier"]) >= {"records", "watched"}


def test_lists_and_targets_follow_the_issues(registry: Registry, concept: Subject) -> None:
    made = technology(registry, "concept:moss-cathode")
    declare_series(
        registry, NATIONAL, SERIES, kind="technology", title={"en": "Invented list", "zh": "虚构名单"},
        publisher={"en": "Office", "zh": "办公室"},
    )  # fmt: skip
    publish(registry, NATIONAL, SERIES, reason="Invented")

    found = told(registry, VISITOR, concept)

    (line,) = found["lists"].lines
    assert (line.series, line.record, line.stands) == ("Invented list", "Moss cathodes", True)
    assert line.issue_href == f"/en/lists/{SERIES}/1/"
    assert line.record_href == f"/en/record/{made}/history/{line.revision}/"
    counted = {one.href: one for one in found["counted"].lines}
    assert counted["/en/targets/cn-future-industries-2024/technologies-2025/"].counted == 1
    own = told(registry, VISITOR, Subject("record", made, "Moss cathodes"))
    assert own["lists"].lines[0].record == ""  # the page is about the record itself
    move(registry, SECOND, made, "retire", revision=2, reason="Invented")
    publish(registry, NATIONAL, SERIES, reason="Invented")

    after = told(registry, VISITOR, concept)
    assert [one.stands for one in after["lists"].lines] == [False]
    assert "counted" not in after


def test_the_policy_of_a_concept_and_of_a_record(registry: Registry, concept: Subject) -> None:
    track = "cn-future-industries-2024/nuclear-fusion"
    made = technology(registry, tracks=[track])

    of_record = told(registry, VISITOR, Subject("record", made, "Moss cathodes"))["policy"]

    assert "policy" not in told(registry, VISITOR, concept)  # its page says the tracks beside its figures
    assert [entry.href for entry in of_record.entries] == [f"/en/packs/{track}/"]
    assert of_record.entries[0].under == "Future energy"
    assert of_record.systems
    labelled = told(registry, VISITOR, Subject("track", track, "Fusion"))["labelled"]
    assert [(line.kind, line.n) for line in labelled.lines] == [("Technologies", 1)]
    text = Client().get(f"/en/packs/{track}/").content.decode()
    assert f"/en/records/technology/?tracks={track.replace('/', '%2F')}" in text


def test_records_that_only_mention_a_subject_are_told_apart_and_offered_to_be_linked(
    registry: Registry, concept: Subject, person: Person, finding: None
) -> None:
    linked = technology(registry, "concept:moss-cathode")
    mention = create(registry, NATIONAL, "finding", {"title": {"en": "A study of moss cathodes"}})
    chinese = create(registry, NATIONAL, "finding", {"title": {"zh": "苔藓阴极的研究"}})
    create(registry, NATIONAL, "finding", {"title": {"en": "Moss alone"}})
    officer, visitor = person("officer", regions=["*"]), Client()

    part = officer.get("/en/dossier/mentions/?of=concept:moss-cathode", headers={"HX-Request": "true"})

    text = part.content.decode()
    assert "<html" not in text
    assert "Only mentioned" in text
    assert f"/en/record/{linked}/" not in text
    assert f"/en/record/{mention.key}/edit/?about=concept%3Amoss-cathode" in text
    assert f"/en/record/{chinese.key}/" in text
    assert "Moss alone" not in text
    whole = visitor.get("/zh-hans/dossier/mentions/?of=concept:moss-cathode").content.decode()
    assert "<html" in whole
    assert "A study" not in whole  # a draft is nobody else's business
    assert officer.get("/en/dossier/mentions/?of=nonsense:x").status_code == 404
    assert officer.get("/en/dossier/mentions/?of=concept:never-seen").status_code == 200


def test_a_link_fills_a_form_in_and_saves_nothing(
    registry: Registry, concept: Subject, person: Person
) -> None:
    officer = person("officer", regions=["*"])
    offer = told(registry, NATIONAL, concept)["records"].offers[0]
    before = Record.objects.count()

    text = officer.get(offer.href).content.decode()

    assert 'value="moss cathode"' in text
    assert 'value="苔藓阴极"' in text
    assert "concept:moss-cathode" in text
    assert re.search(r'value="cn-future-industries-20\d\d/new-energy-storage"\s+(selected|checked)', text)
    assert Record.objects.count() == before


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("title.en=%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;alert(1)", SCRIPT),
        ("maturity=99", "", 'value="99"'),
        ("signals=nowhere:x", "", "nowhere:x"),
        ("status=agreed&revision=5&record-visibility=private&key=X", "", 'value="X"'),
        ("title=%00%01&other_names.en=" + "a" * 5000, "", "a" * 5000),
    ],
)
def test_what_an_address_cannot_give_is_left_out(
    registry: Registry, person: Person, query: str, there: str, not_there: str
) -> None:
    answer = person("officer", regions=["*"]).get(f"/en/records/technology/new/?{query}")

    text = answer.content.decode().partition("<main")[2]
    assert answer.status_code == 200
    assert there in text
    assert not_there not in text


def test_an_existing_record_is_linked_by_its_own_form_and_keeps_what_it_had(
    registry: Registry, concept: Subject, person: Person
) -> None:
    officer = person("officer", regions=["*"])
    made = technology(registry, "concept:harbour-mesh")

    chosen = officer.get("/en/dossier/link/?to=concept:moss-cathode&q=cathodes").content.decode()
    href = f"/en/record/{made}/edit/?signals=concept%3Amoss-cathode"
    assert href in chosen
    form = officer.get(href).content.decode()
    assert "concept:harbour-mesh" in form
    assert "concept:moss-cathode\tmoss cathode" in form
    assert show(registry, NATIONAL, made).values["signals"] == ["concept:harbour-mesh"]
    sent = {
        "record-revision": 2, "title-en": "Moss cathodes", "title-zh": "苔藓阴极技术",
        "signals": "concept:harbour-mesh\nconcept:moss-cathode\tmoss cathode",
    }  # fmt: skip
    assert officer.post(f"/en/record/{made}/edit/", sent).status_code == 302
    assert show(registry, NATIONAL, made).values["signals"] == [
        "concept:harbour-mesh",
        "concept:moss-cathode",
    ]
    assert "linked" in officer.get("/en/dossier/link/?to=concept:moss-cathode&q=cathodes").content.decode()


def test_who_may_not_edit_is_offered_no_link(registry: Registry, concept: Subject, person: Person) -> None:
    technology(registry)
    assert (
        Client(raise_request_exception=False).get("/en/dossier/link/?to=concept:moss-cathode").status_code
        == 302
    )
    auditor = person("auditor")
    assert auditor.get("/en/dossier/link/?to=concept:moss-cathode").status_code == 403
    assert told(registry, VISITOR, concept)["records"].choose == ""


def test_hostile_names_are_text_everywhere(registry: Registry, person: Person) -> None:
    officer = person("officer", regions=["*"])
    hostile = f'concept:{SCRIPT}" onload="x'
    made = technology(registry, hostile)
    edit(registry, NATIONAL, made, {"title": {"en": SCRIPT, "zh": SCRIPT}}, revision=2)

    for place in (
        f"record/{made}/", f"dossier/mentions/?of={made}", f"dossier/link/?to={made}",
        "dossier/link/?to=concept:%3Cscript%3Ealert(1)%3C/script%3E", f"watch/?record={made}",
        "watch/?concept=%3Cscript%3Ealert(1)%3C/script%3E", "search/suggest/?q=%3Cscript%3E",
    ):  # fmt: skip
        answer = officer.get(f"/en/{place}")
        assert answer.status_code == 200, place
        assert SCRIPT not in answer.content.decode(), place
        assert '" onload="x' not in answer.content.decode(), place


@dataclass(frozen=True)
class BookingsFragment(Fragment):
    """What an invented room knows."""

    template: ClassVar[str] = "foretrack/panels/labelled.html"

    lines: tuple[Any, ...]


def test_a_room_adds_a_panel_by_declaring_it(registry: Registry, firm: str) -> None:
    @dataclass(frozen=True)
    class Line:
        href: str
        kind: str
        n: int

    def load(request: Any, subject: Subject) -> Fragment | None:
        assert request.actor is not None
        return BookingsFragment((Line("/en/", f"Bookings of {subject.title}", 3),))

    move(registry, SECOND, firm, "verify", revision=1, reason="Invented")
    panel = Panel("bookings", "Records", frozenset(("record",)), load, order=1)
    PANELS.add([panel])
    try:
        text = Client().get(f"/en/record/{firm}/").content.decode()
        data = json.loads(Client().get(f"/en/record/{firm}.json").content)
    finally:
        PANELS._panels.pop("bookings")

    assert 'id="bookings"' in text
    assert "Bookings of Invented Works" in text
    assert text.index('id="bookings"') < text.index('id="records"')
    assert data["dossier"]["bookings"]["lines"][0]["n"] == 3
    assert 'id="bookings"' not in Client().get(f"/en/record/{firm}/").content.decode()


def test_a_dossier_asks_few_questions_however_much_is_linked(
    registry: Registry, concept: Subject, finding: None, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        create(
            registry, NATIONAL, "finding",
            {"title": {"en": f"Finding {n}"}, "about": ["concept:moss-cathode"]},
        )  # fmt: skip
    with django_assert_max_num_queries(15):
        found = told(registry, NATIONAL, concept)

    assert len(titles(found["records"])) == 30
    assert len(found["records"].groups[0].first) == 8


def test_a_chinese_dossier_holds_no_english_sentence(
    registry: Registry, concept: Subject, person: Person
) -> None:
    made = technology(registry, "concept:moss-cathode", tracks=["cn-future-industries-2024/nuclear-fusion"])
    text = person("officer", regions=["*"]).get(f"/zh-hans/record/{made}/").content.decode()
    plain = re.sub(r"<[^>]+>", " ", re.sub(r'<[^>]*lang="en"[^>]*>[^<]*<', "<", text.partition("<main")[2]))

    assert re.findall(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", plain) == []
    assert "政策依据" in plain


def test_the_recipe_for_a_panel_works(registry: Registry, firm: str, settings: Any, tmp_path: Path) -> None:
    recipe = (
        Path("CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A panel")[2].partition("\n## ")[0]
    )
    code, page = (
        textwrap.dedent(re.search(rf"   ```{language}\n(.*?)   ```", recipe, re.DOTALL)[1])  # type: ignore[index]
        for language in ("python", "html")
    )
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented" / "ties.html").write_text(page, encoding="utf-8")
    settings.TEMPLATES = [{**one, "DIRS": [*one.get("DIRS", ()), tmp_path]} for one in settings.TEMPLATES]
    made = technology(registry, "concept:moss-cathode", organisations=[firm])
    room = ModuleType("recipe")
    sys.modules["recipe"] = room  # dataclasses look their module up
    exec(compile(code, "CONTRIBUTING.md", "exec"), room.__dict__)
    PANELS.add(room.PANELS)
    try:
        text = Client().get(f"/en/record/{made}/").content.decode()
        data = Client().get(f"/en/record/{made}.json").json()
    finally:
        PANELS._panels.pop("ties")
        del sys.modules["recipe"]

    assert 'id="ties"' in text
    assert data["dossier"]["ties"] == {"n_findings": 1, "n_records": 1}

"""A form follows from a kind's declaration: its boxes, its words, what it takes and what it refuses."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

import foretrack
from foretrack.foundation.messages import Messages, read_po
from foretrack.packs.shapes import Bilingual
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.bodies import InvalidRecord, read_fields
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Email,
    ExternalId,
    File,
    Link,
    Money,
    Number,
    Period,
    Term,
    Text,
    Web,
    YesNo,
)
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.site.forms.declared import REASON, REVISION, Lookups, form_of, move_form
from foretrack.site.forms.keeping import boxes_of, data_of, fill

LABEL = Bilingual("Label", "标签")
MODELS = "cn-future-industries-2024/large-models"

TRIAL = Kind(
    name="trial",
    label=Bilingual("Trial", "试验"),
    plural=Bilingual("Trials", "试验"),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "标题"), required=True),
        Text(name="notes", label=LABEL, lines=4),
        Text(name="words", label=LABEL, many=True),
        BilingualText(name="names", label=LABEL, many=True),
        Number(name="staff", label=Bilingual("Staff", "人数"), unit=Bilingual("people", "人"), whole=True, low=0),
        Money(name="budget", label=LABEL, visibility="private"),
        Day(name="day", label=LABEL),
        Period(name="period", label=LABEL),
        YesNo(name="open", label=LABEL),
        Choice(name="size", label=LABEL, options={"s": Bilingual("Small", "小"), "l": Bilingual("Large", "大")}),
        Choice(name="sizes", label=LABEL, many=True, options={"s": Bilingual("Small", "小"), "l": Bilingual("L", "大")}),
        Term(name="track", label=LABEL, part="tracks"),
        ExternalId(name="doi", label=LABEL, scheme="doi"),
        Web(name="site", label=LABEL),
        Email(name="mail", label=LABEL, visibility="private"),
        Link(name="firm", label=LABEL, to=("organisation",)),
        Link(name="signals", label=LABEL, to=("lookout:concept",), many=True),
        File(name="report", label=LABEL, max_bytes=10),
        Rows(
            name="stages", label=Bilingual("Stages", "阶段"), most=4,
            columns=(
                BilingualText(name="stage", label=Bilingual("Stage", "阶段名称"), required=True),
                Number(name="days", label=Bilingual("Days", "天数"), low=1),
                Choice(name="mode", label=LABEL, options={"s": Bilingual("Small", "小"), "l": Bilingual("Large", "大")}),
                Money(name="cost", label=LABEL),
                YesNo(name="public", label=LABEL),
            ),
        ),
    ),
    states=(State(name="made", label=LABEL), State(name="done", label=LABEL)),
    transitions=(
        Transition(
            name="finish", label=LABEL, before=("made",), after="done", who=("officer",), reason=True,
            needs=("staff",),
        ),
    ),
)  # fmt: skip

KEY = "01HZX3V9T8Q2M4N6P8R0S2T4V6"
TYPED = {
    "title-en": "A trial", "title-zh": "一次试验", "notes": "one\ntwo", "words": "x\n y \n",
    "names-en": "a\n\nc", "names-zh": "甲\n乙", "staff": "1,200", "budget-amount": "12.50", "budget-currency": "EUR",
    "day": "2026-03-01", "period-from": "2026-01-01",
    "period-to": "", "open": "yes", "size": "l", "sizes": ["s", "l"], "track": MODELS, "doi": "10.1000/182",
    "site": "https://example.org", "mail": "a@example.org", "firm": KEY, "signals": "concept:solid state battery",
    "record-visibility": "partner", "stages-0-stage-en": "check", "stages-0-days": "5", "stages-0-cost-currency": "CNY",
    "stages-1-days": "", "stages-1-cost-currency": "CNY", "stages-1-mode": "",
    "stages-10-stage-zh": "终审", "stages-10-mode": "l", "stages-10-cost-amount": "3", "stages-10-cost-currency": "EUR",
    "stages-10-public": "no",
}  # fmt: skip
KEPT = {
    "title": {"en": "A trial", "zh": "一次试验"}, "notes": "one\ntwo", "words": ["x", "y"],
    "names": [{"en": "a", "zh": "甲"}, {"zh": "乙"}, {"en": "c"}], "staff": 1200,
    "budget": {"amount": "12.50", "currency": "EUR"}, "day": "2026-03-01", "period": {"from": "2026-01-01", "to": None},
    "open": True, "size": "l", "sizes": ["s", "l"], "track": MODELS, "doi": "10.1000/182", "site": "https://example.org",
    "mail": "a@example.org", "firm": KEY, "signals": ["concept:solid state battery"],
    "stages": [
        {"stage": {"en": "check"}, "days": 5},
        {"stage": {"zh": "终审"}, "mode": "l", "cost": {"amount": "3", "currency": "EUR"}, "public": False},
    ],
}  # fmt: skip


def say(language: str) -> Messages:
    root = Path(foretrack.__path__[0])
    found: dict[str, str] = {}
    for room in ("site/forms", "registry/doors", "records", "terminal"):
        found |= read_po((root / room / "locale" / "zh.po").read_text(encoding="utf-8"))
    return Messages(language, found if language == "zh" else {})


def sent(typed: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def page(values: dict[str, Any], **given: Any) -> RecordPage:
    return RecordPage(
        key=KEY, kind="trial", title="t", status="made", status_label="", revision=4, digest="", visibility="partner",
        circle="private", values=values, provenance={}, created_at="", updated_at="", state_since="", notice_until=None,
        due_on=None, organisation=None, region=None, merged_into=None, moves=(), may_edit=True, hidden=0,
        changeable=tuple(f.name for f in TRIAL.fields), **given,
    )  # fmt: skip


def test_what_is_typed_is_read_as_an_import_reads_it() -> None:
    form = form_of(TRIAL, say("en"), data=sent(TYPED))

    assert form.is_valid(), form.errors
    assert form.changes == KEPT
    assert (form.visibility, form.revision) == ("partner", 0)


def test_a_form_shows_what_is_kept_and_gives_it_back_unchanged() -> None:
    again = form_of(TRIAL, say("en"), page=page(KEPT), data=sent({**TYPED, "record-revision": "4"}))

    assert again.is_valid(), again.errors
    assert again.changes == {}
    assert again.revision == 4


def test_only_what_changed_is_changed_and_an_emptied_box_takes_the_value_out() -> None:
    typed = {
        **TYPED,
        "record-revision": "4",
        "staff": "7",
        "budget-amount": "",
        "title-zh": "",
        REASON: "because",
    }

    form = form_of(TRIAL, say("en"), page=page(KEPT), data=sent(typed))

    assert form.is_valid(), form.errors
    assert form.changes == {"title": {"en": "A trial"}, "staff": 7, "budget": None}
    assert form.reason == "because"


def test_every_wrong_box_says_so_in_the_readers_language() -> None:
    typed = {**TYPED, "staff": "-1", "day": "soon", "mail": "nobody", "title-en": "", "title-zh": ""}

    form = form_of(TRIAL, say("zh"), data=sent(typed))

    assert not form.is_valid()
    assert form.errors["staff"] == [
        "'-1' 超出范围。应为：整数，不小于 0（单位：人）。处理办法：请核对数值及其单位。"
    ]
    assert form.errors["title"] == ["此项必填。"]
    assert set(form.errors) == {"staff", "day", "mail", "title"}
    assert "soon" in str(form["day"])


def test_a_wrong_cell_of_a_table_says_so_above_it_and_at_its_box() -> None:
    typed = {**TYPED, "stages-10-days": "0"}

    form = form_of(TRIAL, say("zh"), data=sent(typed))

    assert not form.is_valid()
    assert form.errors["stages"] == [
        "第 3 行“天数”：'0' 超出范围。应为：数字，不小于 1。处理办法：请核对数值及其单位。"
    ]
    html = str(form["stages"])
    box = html[html.index('name="stages-2-days"') :].partition(">")[0]
    assert 'value="0"' in box
    assert 'aria-invalid="true"' in box
    assert 'id="id_stages-2-days-wrong"' in html
    assert html.count('name="stages-1-days"') == 1, "an empty row in between stays where it was"


def test_a_table_offers_two_empty_rows_and_a_template_but_never_more_than_it_may_hold() -> None:
    def rows(kept: int) -> list[str]:
        values = {"stages": [{"stage": f"s{n}"} for n in range(kept)]}
        html = str(form_of(TRIAL, say("en"), values=values)["stages"])
        return re.findall(r'name="stages-(\w+)-days"', html)

    assert rows(0) == ["0", "1", "__row__"]
    assert rows(1) == ["0", "1", "2", "__row__"]
    assert rows(4) == ["0", "1", "2", "3", "__row__"]


def test_a_draft_of_a_table_keeps_every_box_as_it_was_typed() -> None:
    typed = sent({**TYPED, "stages-10-days": "soon"})
    form = form_of(TRIAL, say("en"))

    kept = boxes_of(form, typed)
    fill(form, kept)

    assert kept["stages"]["stages-10-days"] == ["soon"]
    assert 'name="stages-2-days"' in str(form["stages"])
    assert 'value="soon"' in str(form["stages"])
    again = form_of(TRIAL, say("en"), data=data_of(kept))
    assert [p for p in again.errors["stages"] if "row 3, Days" in p]


def test_labels_help_and_groups_are_in_the_readers_language() -> None:
    html = str(form_of(TRIAL, say("zh"), values={"staff": "3", "nonsense": "x", "day": "soon"}))

    assert "人数" in html
    assert '<optgroup label="未来信息">' in html
    assert f'<option value="{MODELS}">' in html
    assert 'value="3"' in html
    assert 'name="title-en"' in html
    assert 'lang="zh"' in html


def test_a_reader_is_asked_only_for_fields_that_the_page_says_may_change() -> None:
    seen = replace(page({"title": {"en": "x"}}), changeable=("title", "staff"))

    form = form_of(TRIAL, say("en"), page=seen, data=sent({**TYPED, "record-revision": "4"}))

    assert form.is_valid(), form.errors
    assert set(form.changes) == {"title", "staff"}


def test_hostile_values_come_back_as_text() -> None:
    typed = {**TYPED, "title-en": "<script>alert(1)</script>", "firm": '"><img src=x onerror=alert(1)>'}
    lookups = Lookups(suggest=lambda link, keys: [(KEY, "<b>Invented</b>")])

    html = str(form_of(TRIAL, say("en"), data=sent(typed), lookups=lookups))

    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;b&gt;Invented" in html


def test_a_link_is_suggested_with_its_title() -> None:
    lookups = Lookups(
        address=lambda link: f"/lookup/{link.name}", suggest=lambda link, keys: [(KEY, "Invented Works")]
    )

    html = str(form_of(TRIAL, say("en"), page=page(KEPT), lookups=lookups))

    assert f'<option value="{KEY}">Invented Works</option>' in html
    assert 'data-lookup="/lookup/firm"' in html


def test_a_file_is_uploaded_and_a_large_or_empty_one_refused() -> None:
    def with_file(content: bytes) -> Any:
        files = {"report": SimpleUploadedFile("r.pdf", content, "application/pdf")}
        return form_of(TRIAL, say("en"), data=sent(TYPED), files=files)

    small = with_file(b"12345")

    assert small.is_valid(), small.errors
    assert [f.name for f in small.uploads["report"]] == ["r.pdf"]
    assert "report" not in small.changes
    assert "11 bytes" in str(with_file(b"12345678901").errors["report"])
    assert not with_file(b"").is_valid()


def test_a_transition_asks_for_its_reason_and_what_the_record_lacks() -> None:
    move = TRIAL.transition("finish")

    form = move_form(TRIAL, say("en"), page({"title": {"en": "x"}}), move, data=sent({REVISION: "4"}))

    assert set(form.fields) == {"staff", REVISION, REASON}
    assert not form.is_valid()
    assert set(form.errors) == {"staff", REASON}


def test_what_an_action_refuses_is_shown_at_its_box() -> None:
    form = form_of(TRIAL, say("zh"), data=sent(TYPED))
    assert form.is_valid()
    with pytest.raises(InvalidRecord) as caught:
        read_fields(TRIAL, {"staff": "x", "nonsense": 1})

    form.refuse(caught.value)

    assert "不是数字" in form.errors["staff"][0]
    assert len(form.non_field_errors()) == 1


@settings(max_examples=20)
@given(st.dictionaries(st.sampled_from([*TYPED, REVISION]), st.text(max_size=30)))
def test_whatever_is_sent_is_read_or_refused(typed: dict[str, str]) -> None:
    form = form_of(TRIAL, say("en"), data=sent(typed))

    if form.is_valid():
        read_fields(TRIAL, form.changes)
    assert str(form)

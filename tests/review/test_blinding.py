"""What a blind reviewer reads of a body: fields that identify are left out by their type, in small tables too."""

from __future__ import annotations

from dataclasses import replace

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, File, Link, Number, Text, Web
from foretrack.registry.declaring.kind import Kind, State
from foretrack.registry.declaring.rows import Rows
from foretrack.review.blinding import BLACK, blinded, names_of

LABEL = Bilingual("Invented", "虚构")
PERSON = Text(name="who", label=LABEL, personal=True)
KIND = Kind(
    name="thing", label=LABEL, plural=LABEL, organisation="owner", region="region",
    fields=(
        BilingualText(name="title", label=LABEL, required=True, weight="title"),
        Link(name="owner", label=LABEL, to=("organisation",)),
        Link(name="parts", label=LABEL, to=("technology",), many=True),
        Link(name="signals", label=LABEL, to=("lookout:concept",), many=True),
        Text(name="region", label=LABEL, facet=True),
        Web(name="site", label=LABEL),
        File(name="plan", label=LABEL),
        replace(PERSON, visibility="private"),
        Rows(
            name="steps", label=LABEL,
            columns=(Text(name="what", label=LABEL), Web(name="where", label=LABEL), Number(name="n", label=LABEL)),
        ),
    ),
    states=(State(name="draft", label=LABEL, draft=True),),
    transitions=(),
)  # fmt: skip


def test_what_identifies_is_left_out_and_names_are_black_everywhere() -> None:
    body = {
        "title": {"en": "Loom of Acme Ltd", "zh": "某某公司的织机"}, "owner": "01HZX3V9T8Q2M4N6P8R0S2T4V6",
        "parts": ["01HZX3V9T8Q2M4N6P8R0S2T4V7"], "signals": ["concept:loom"], "region": "CN-33",
        "site": "https://acme.example/", "plan": "0" * 64, "who": "Ann Acme",
        "steps": [{"what": "ACME built it", "where": "https://acme.example/", "n": 2}],
    }  # fmt: skip

    read = blinded(KIND, body, names_of(["Acme Ltd", "某某公司"]))

    assert set(read) == {"title", "signals", "steps"}
    assert read["title"] == {"en": f"Loom of {BLACK}", "zh": f"{BLACK}的织机"}
    assert read["steps"] == [{"what": f"{BLACK} built it", "n": 2}]

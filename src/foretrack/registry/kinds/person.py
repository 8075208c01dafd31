"""A person who agreed to be on record: an expert, a founder, a contact. Never scored."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Day, Email, ExternalId, Link, Term, Text
from foretrack.registry.declaring.kind import Kind, State, Transition

PERSON = Kind(
    name="person",
    label=Bilingual("Person", "人员"),
    plural=Bilingual("People", "人员"),
    help=Bilingual(
        "Somebody who agreed to be on record, for a stated purpose and time.",
        "同意在册的人员，须写明用途和期限。",
    ),
    identity=True,
    title="name",
    organisation="organisation",
    region="region",
    fields=(
        BilingualText(
            name="name", label=Bilingual("Name", "姓名"), required=True, weight="title", personal=True,
            visibility="public",
        ),
        Link(name="organisation", label=Bilingual("Organisation", "所在机构"), to=("organisation",)),
        Text(
            name="region", label=Bilingual("Region", "所在地区"), max_length=20, sample="CN-33", facet=True,
            weight="none",
        ),
        ExternalId(name="orcid", label=Bilingual("ORCID", "ORCID 标识"), scheme="orcid", personal=True),
        Term(name="tracks", label=Bilingual("Fields of work", "专业领域"), part="tracks", many=True, facet=True),
        BilingualText(
            name="about", label=Bilingual("About", "简介"), max_length=4000, lines=6, personal=True, visibility="partner"
        ),
        Email(name="email", label=Bilingual("E-mail", "电子邮箱"), visibility="private"),
        Text(
            name="purpose", label=Bilingual("Purpose of the record", "登记用途"), required=True, visibility="partner",
            help=Bilingual("What the person agreed to.", "本人同意的用途。"), weight="none",
        ),
        Day(name="consent_on", label=Bilingual("Consent given on", "同意日期"), required=True, visibility="partner"),
        Day(name="keep_until", label=Bilingual("Keep until", "保存至"), required=True, visibility="partner"),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="listed", label=Bilingual("Listed", "在册"), public=True, listable=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), closed=True, editable=False),
    ),
    transitions=(
        Transition(
            name="list", label=Bilingual("List", "登记在册"), before=("draft",), after="listed",
            who=("member", "manager", "officer"),
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "listed"), after="withdrawn",
            who=("member", "manager", "officer"),
        ),
    ),
    columns=("name", "organisation", "tracks"),
)  # fmt: skip

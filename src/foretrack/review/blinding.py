"""What a reviewer reads of a submission judged blindly: nothing that names the applicant, and names in texts blacked out.

Fields that identify are left out by their type: links to other records (their pages say whose they are), identifiers,
web addresses, e-mail addresses, files, and everything personal; columns of small tables alike. Texts stay, with the
names of the applicants and of those whom the record names (in both languages, and without the usual endings of firms)
replaced. What a text gives away otherwise, nobody can take out by machine: reviewers are told to report it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from foretrack.registry.declaring.fields import Email, ExternalId, Field, File, Json, Link, Web
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.rows import Rows

BLACK = "█████"
_ENDINGS = re.compile(
    r"(?i)[\s,]+(co\.?,?\s*ltd\.?|ltd\.?|inc\.?|corp\.?|corporation|company|gmbh|ag|llc|plc|s\.a\.|group|limited)\.?$"
    r"|(股份有限公司|有限责任公司|有限公司|集团|公司)$"
)
_SHORTEST = 2


def hides(kind: Kind, f: Field) -> bool:
    """Whether a field could tell who applies."""
    if isinstance(f, Link):
        return bool(f.kinds)
    return f.personal or f.name == kind.region or isinstance(f, Email | ExternalId | File | Web)


def names_of(titles: Iterable[str]) -> tuple[str, ...]:
    """Every way in which texts may call the applicants, the longest first.

    >>> names_of(["Acme Robots Co., Ltd.", "某某机器人有限公司"])
    ('Acme Robots Co., Ltd.', 'Acme Robots', '某某机器人有限公司', '某某机器人')
    """
    found: dict[str, None] = {}
    for title in titles:
        name = title.strip()
        while len(name) >= _SHORTEST:
            found[name] = None
            shorter = _ENDINGS.sub("", name).strip(" ,")
            if shorter == name:
                break
            name = shorter
    return tuple(found)


def blackened(text: str, names: Iterable[str]) -> str:
    """A text without the names of the applicants.

    >>> blackened("ACME robots shows its arm", ["Acme Robots"])
    '█████ shows its arm'
    """
    for name in sorted(set(names), key=len, reverse=True):
        # Latin names only as whole words, so that "AI" leaves "fair" alone; Chinese has no word ends.
        ends = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])" if name.isascii() else "{}"
        text = re.sub(ends.format(re.escape(name)), BLACK, text, flags=re.IGNORECASE)
    return text


def blinded(kind: Kind, body: Mapping[str, Json], names: Iterable[str]) -> dict[str, Json]:
    """A body as a blind reviewer may read it."""
    known = tuple(names)
    return {
        f.name: _black(_without(kind, f, body[f.name]), known)
        for f in kind.fields
        if f.name in body and not hides(kind, f)
    }


def _without(kind: Kind, f: Field, value: Json) -> Json:
    """A small table without the columns that could tell who applies."""
    if not isinstance(f, Rows):
        return value
    kept = {column.name for column in f.columns if not hides(kind, column)}
    return [{name: cell for name, cell in row.items() if name in kept} for row in value]


def _black(value: Json, names: tuple[str, ...]) -> Json:
    if isinstance(value, str):
        return blackened(value, names)
    if isinstance(value, Mapping):
        return {key: _black(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_black(one, names) for one in value]
    return value

"""What an address fills a form in with: `?title.en=...&signals=concept:graph&region=CN-33`. It saves nothing by itself.

A field is named as its kind declares it, a part of one behind a dot; a field of many may be named several times.
"""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.fields import BilingualText, Field, File, Json, Money, Period
from foretrack.registry.declaring.kind import Kind

MOST = 50
"""Values of one field that an address may give."""
PARTS: dict[type[Field], tuple[str, ...]] = {
    BilingualText: ("en", "zh"),
    Money: ("amount", "currency"),
    Period: ("from", "to"),
}


def beforehand(kind: Kind, given: QueryDict) -> dict[str, Json]:
    """The values of declared fields that an address gives and that can be read; files and unknown names are passed over.

    A link that leads to a form may say anything: what cannot be read is left out, and whoever sends the form decides.
    """
    made: dict[str, Json] = {}
    for f in kind.fields:
        raw = None if isinstance(f, File) else _raw(f, given)
        if raw in (None, [], {}):
            continue
        try:
            value = f.read(raw)
        except InputError:
            continue
        if value is not None:
            made[f.name] = value
    return made


def _raw(f: Field, given: QueryDict) -> Any:
    parts = next((names for sort, names in PARTS.items() if isinstance(f, sort)), ())
    lists = {part: given.getlist(f"{f.name}.{part}")[:MOST] for part in parts}
    longest = max((len(texts) for texts in lists.values()), default=0)
    objects: list[Any] = [
        {part: texts[i] for part, texts in lists.items() if i < len(texts) and texts[i]}
        for i in range(longest)
    ]
    values = [*(one for one in objects if one), *given.getlist(f.name)[:MOST]]
    if f.many:
        return values
    return values[0] if values else None

"""Makes a sentence of what an alert found, in the reader's language: alerts store codes and values, never prose. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from foretrack.foundation.messages import Messages
from foretrack.watch.conditions import Condition, Json, Trait

Show = Callable[[str, Json], str]
"""Field and value -> the value as people read it."""

LONGEST = 200


def tell(found: Sequence[Mapping[str, Json]], traits: Mapping[str, Trait], say: Messages, show: Show) -> str:
    """What was found, as one line.

    >>> from foretrack.packs.shapes import Bilingual
    >>> rank = {"rank": Trait("rank", Bilingual("Rank", "名次"), "number")}
    >>> moved = {"field": "rank", "operator": "moved", "value": 5, "before": 20, "after": 9}
    >>> tell([moved], rank, Messages(), lambda field, value: str(value))
    'Rank went from 20 to 9'
    """
    return "; ".join(_one(said, traits, say, show) for said in found)


def _one(said: Mapping[str, Json], traits: Mapping[str, Trait], say: Messages, show: Show) -> str:
    name = str(said.get("field") or "")
    label = traits[name].label.text(say.language) if name in traits else name

    def shown(part: str) -> str:
        value = said.get(part)
        return say("nothing") if value in (None, "", []) else one_line(show(name, value))

    operator = said.get("operator")
    if operator == "new":
        return say("is new")
    if operator == "gone":
        return say("is no longer among what is watched")
    if operator == "stale":
        return say("has not been changed since {day}", day=said.get("after"))
    if operator == "off":
        return say("was switched off after {n} failures", n=said.get("value"))
    if said.get("withheld"):
        return say("{field} changed in a way that you may not see", field=label)
    if operator in ("changed", "moved"):
        return say(
            "{field} went from {before} to {after}", field=label, before=shown("before"), after=shown("after")
        )
    if operator == "entered":
        return say("{field} became {after}", field=label, after=shown("after"))
    if operator == "left":
        return say("{field} is no longer {before}", field=label, before=shown("before"))
    if operator == "above":
        return say(
            "{field} is {after}, above {limit}", field=label, after=shown("after"), limit=shown("value")
        )
    if operator == "below":
        return say(
            "{field} is {after}, below {limit}", field=label, after=shown("after"), limit=shown("value")
        )
    if operator == "due":
        return say("{field}: {after}", field=label, after=shown("after"))
    return say("{field} is {after}", field=label, after=shown("after"))


def in_words(condition: Condition, trait: Trait | None, say: Messages) -> str:
    """A condition as a sentence.

    >>> from foretrack.packs.shapes import Bilingual
    >>> rank = Trait("rank", Bilingual("Rank", "名次"), "number", rank=True)
    >>> in_words(Condition("below", "rank", 11), rank, Messages())
    'it rises among the first 10'
    """
    label = trait.label.text(say.language) if trait else condition.field
    value = (
        trait.show(condition.value, say.language)
        if trait and condition.value is not None
        else condition.value
    )
    operator = condition.operator
    if operator == "new":
        return say("something new is found")
    if operator == "gone":
        return say("it is no longer among what is watched")
    if operator == "stale":
        return say("nothing has changed for {n} days", n=condition.value)
    if operator == "due":
        return say("{field} is {n} working days away or less", field=label, n=condition.value)
    if operator == "changed":
        return say("{field} changes", field=label)
    if operator == "moved":
        return say("{field} moves by {n} or more", field=label, n=value)
    if operator == "entered":
        return say("{field} becomes {value}", field=label, value=value)
    if operator == "left":
        return say("{field} is {value} no longer", field=label, value=value)
    if operator == "below" and trait and trait.rank and isinstance(condition.value, int):
        return say("it rises among the first {n}", n=condition.value - 1)
    if operator == "above":
        return say("{field} rises above {value}", field=label, value=value)
    if operator == "below":
        return say("{field} falls below {value}", field=label, value=value)
    return say("{field} turns out to be {value}", field=label, value=value)


def one_line(text: str, most: int = LONGEST) -> str:
    """Text without line ends or other control characters, cut where it is too long.

    >>> one_line("a\\r\\nBcc: x@example.org"), one_line("abcd", 3)
    ('a Bcc: x@example.org', 'ab…')
    """
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"

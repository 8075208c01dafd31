"""Reads rules and overlays from a pack, and refuses what contradicts itself, with place and example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import inf
from typing import Any, Literal, cast

from foretrack.packs.reading import Node, is_date
from foretrack.packs.rule_shapes import (
    ANSWERED,
    INDICATOR_TYPES,
    MEASURED,
    TOTAL,
    WHOLE,
    AtLeast,
    Band,
    Case,
    Choice,
    Condition,
    Ends,
    Group,
    IfThen,
    Indicator,
    IndicatorType,
    Interval,
    Item,
    Not,
    Overlay,
    Per,
    Rule,
    RuleTest,
    ScoreTest,
    Test,
    leaves_of,
)
from foretrack.packs.shapes import Bilingual

_ENTRY = ("id", "label", "clause", "source", "confidence")
_ENDS = ("from", "above", "to", "below")
_WAYS = ("bands", "per", "sum", "cases")
_HEADS = ("all", "any", "at_least", "not", "if", "indicator", "score", "rule")
_CONDITION = "{indicator: revenue, from: 10000000}"
_BAND = "bands:\n  - {below: 3, points: 0}\n  - {from: 3, points: 5}"
_OVERLAP = "the band {band} overlaps the one before it, {before}"
_GAP = "values between {before} and the band {band} have no band"
_RULE_KEYS = (
    *_ENTRY, "series", "valid_from", "valid_to", "superseded_by", "months_valid", "template", "note", "indicators",
    "groups", "gate", "shortcuts", "exclusions",
)  # fmt: skip


def read_rules(nodes: Iterable[Node], pack: str, shared: Iterable[Node] = ()) -> tuple[Rule, ...]:
    """The checked rules of a pack; the rules that they name are laid in by `rule_linking`.

    Args:
        shared: indicators that the rules of the pack may use without declaring them.

    Raises InputError with place, expectation and an example when a rule is not usable.
    """
    shared = tuple(shared)
    common = {indicator.id: indicator for indicator in read_indicators(shared)}
    rules: dict[str, Rule] = {}
    for node in nodes:
        rule = _rule(node, pack, common)
        if rule.id in rules:
            raise node.fail(
                "the id {id!r} is given twice", "each id once", "id: another-name", at="id", id=rule.id
            )
        rules[rule.id] = rule
    used = {indicator.id for rule in rules.values() for indicator in rule.indicators}
    for node, name in zip(shared, common, strict=True):
        if name not in used:
            raise _unused(node, name)
    return tuple(rules.values())


def read_overlay(node: Node, pack: str, rules: Mapping[str, Rule]) -> Overlay:
    """The checked overlay of a node, laid over its rule.

    Args:
        rules: full id -> rule, of every pack that is known.
    """
    node.only((*_ENTRY, "of", "jurisdiction", "valid_from", "valid_to", "indicators", "groups", "gate"))
    name = node.word("of", "innovative-sme")
    full = name if "/" in name else f"{pack}/{name}"
    if full not in rules:
        raise node.fail(
            "there is no rule {rule!r}", "one of {known}", "of: innovative-sme",
            at="of", rule=full, known=", ".join(sorted(rules)) or "-",
        )  # fmt: skip
    base = rules[full]
    first, last = _dates(node)
    mine = {i.id: i for i in read_indicators(node.nodes("indicators"))}
    indicators = {**{i.id: i for i in base.indicators}, **mine}
    groups = list(base.groups)
    for part in node.nodes("groups"):
        part.only(("id", "label", "maximum", "items"))
        group_id = part.identifier("local")
        at = next((n for n, group in enumerate(groups) if group.id == group_id), None)
        items = tuple(_item(item, indicators) for item in part.nodes("items"))
        if at is None:
            groups.append(_finished(part, _group_of(part, items, by_overlay=False)))
            continue
        old = groups[at]
        kept = {item.id: item for item in old.items} | {item.id: item for item in items}
        maximum = part.number("maximum", "15", default=old.maximum)
        groups[at] = _finished(
            part, replace(old, items=tuple(kept.values()), maximum=cast(float, maximum), by_overlay=False)
        )
    entry = node.entry("zhejiang")
    gate = _condition(node.node("gate", _CONDITION), indicators) if node.value.get("gate") else base.gate
    merged = replace(
        base, indicators=tuple(indicators.values()), groups=tuple(groups), gate=gate,
        overlay=f"{pack}/{entry['id']}",
    )  # fmt: skip
    _check_rule(node, merged)
    return Overlay(
        **entry,
        of=full,
        jurisdiction=node.word("jurisdiction", "CN-33"),
        valid_from=first,
        valid_to=last,
        rule=merged,
        pack=pack,
    )


def _dates(node: Node) -> tuple[str, str | None]:
    node.day("valid_from", "the first day it is in force", "2022-08-01")
    first, last = node.period()
    return cast(str, first), last


def _rule(node: Node, pack: str, common: Mapping[str, Indicator]) -> Rule:
    node.only(_RULE_KEYS)
    first, last = _dates(node)
    own = {i.id: i for i in read_indicators(node.nodes("indicators"))}
    for name in own:
        if name in common:
            raise node.fail(
                "the indicator {indicator!r} is one that the rules of this pack share",
                "another id, or the shared indicator without declaring it again", "id: another-name",
                at="indicators", indicator=name,
            )  # fmt: skip
    indicators = {**common, **own}
    entry = node.entry("innovative-sme")
    rule = Rule(
        **entry,
        series=node.word("series", "innovative-sme", default=entry["id"]),
        valid_from=first,
        valid_to=last,
        superseded_by=node.optional_word("superseded_by", "my-pack-2026/innovative-sme"),
        months_valid=node.whole("months_valid", "36", least=1),
        template=node.yes("template"),
        note=node.note(),
        groups=tuple(_group(part, indicators) for part in node.nodes("groups")),
        gate=_condition(node.node("gate", _CONDITION), indicators) if node.value.get("gate") else None,
        shortcuts=_conditions(node, "shortcuts", indicators),
        exclusions=_conditions(node, "exclusions", indicators),
        pack=pack,
    )
    used = _used(rule)
    rule = replace(rule, indicators=tuple(i for name, i in indicators.items() if name in own or name in used))
    _check_rule(node, rule)
    return rule


def _used(rule: Rule) -> set[str]:
    """The indicators that its items and conditions look at."""
    of_items = {name for group in rule.groups for item in group.items for name in item.indicators()}
    leaves = (leaf for condition in rule.conditions() for leaf in leaves_of(condition))
    return of_items | {leaf.indicator for leaf in leaves if isinstance(leaf, Test)}


def _unused(node: Node, name: str) -> Exception:
    return node.fail(
        "nothing looks at the indicator {indicator!r}",
        "an item or a condition for each indicator", f"gate: {{indicator: {name}, from: 1}}",
        at="indicators", indicator=name,
    )  # fmt: skip


def _check_rule(node: Node, rule: Rule) -> None:
    """Raises InputError when names repeat, a score is asked that is not there, or an indicator is never used."""
    if rule.template:
        if any((rule.indicators, rule.groups, *rule.conditions())):
            raise node.fail(
                "a `template` that says something", "a template without indicators, points and conditions, or a rule",
                "template: no", at="template",
            )  # fmt: skip
        return
    if rule.gate is None:
        raise node.fail("there is no `gate`", "what must hold for the rule to be met", f"gate: {_CONDITION}")
    names = [TOTAL]
    for group in rule.groups:
        names += [group.id, *(item.id for item in group.items)]
    for name in names:
        if names.count(name) > 1:
            raise node.fail(
                "the score {name!r} is given twice",
                "a name for each group and item that is used once (`total` is the whole)",
                "id: another-name", at="groups", name=name,
            )  # fmt: skip
    for condition in rule.conditions():
        for leaf in leaves_of(condition):
            if isinstance(leaf, ScoreTest) and (leaf.score not in names or not rule.groups):
                raise node.fail(
                    "there is no score {score!r}", "one of {known}", "{score: total, from: 60}",
                    score=leaf.score, known=", ".join(names) if rule.groups else "-",
                )  # fmt: skip
    used = _used(rule)
    for indicator in rule.indicators:
        if indicator.id not in used:
            raise _unused(node, indicator.id)


def read_indicators(nodes: Iterable[Node]) -> Iterable[Indicator]:
    """The checked indicators of some nodes. InputError with place and example for one that is not usable."""
    seen: set[str] = set()
    for item in nodes:
        item.only(
            (*_ENTRY, "type", "unit", "question", "choices", "minimum", "maximum", "better", "changeable")
        )
        entry = item.entry("revenue")
        if entry["id"] in seen:
            raise item.fail(
                "the id {id!r} is given twice", "each id once", "id: another-name", at="id", id=entry["id"]
            )
        seen.add(entry["id"])
        kind = cast(IndicatorType, item.choice("type", INDICATOR_TYPES))
        choices = tuple(_choices(item))
        if (kind == "choice") != bool(choices):
            raise item.fail(
                "the type {type!r} with {n} choices", "`choices` for the type `choice`, and only for it",
                "choices:\n  - {id: national, label: {en: National}}", at="choices", type=kind, n=len(choices),
            )  # fmt: skip
        better = item.value.get("better")
        if better is not None:
            item.choice("better", ("higher", "lower"))
        low, high = item.number("minimum", "0"), item.number("maximum", "100")
        if (low is not None or high is not None or better is not None) and kind not in MEASURED:
            raise item.fail(
                "`minimum`, `maximum` or `better` with the type {type!r}", "one of {known}", "type: number",
                type=kind, known=", ".join(MEASURED),
            )  # fmt: skip
        if kind == "date" and (low is not None or high is not None):
            raise item.fail("`minimum` or `maximum` of a date", "neither", "type: date", at="minimum")
        if kind in ("share", "count"):
            low = max(low or 0, 0)
        if kind == "share":
            high = min(1 if high is None else high, 1)
        if low is not None and high is not None and not low < high:
            raise item.fail(
                "{low} to {high} holds no values",
                "`minimum` below `maximum`",
                "minimum: 0",
                low=low,
                high=high,
            )
        yield Indicator(
            **entry,
            type=kind,
            unit=item.word("unit", "CNY", default=""),
            question=item.bilingual("question", "{en: Revenue of the year before}", required=False),
            choices=choices,
            minimum=low,
            maximum=high,
            better=cast('Literal["higher", "lower"] | None', better),
            changeable=item.yes("changeable", default=kind != "date"),
        )


def _choices(node: Node) -> Iterable[Choice]:
    seen: set[str] = set()
    for item in node.nodes("choices"):
        item.only(("id", "label", "definition"))
        name = item.identifier("national")
        if name in seen:
            raise item.fail(
                "the id {id!r} is given twice", "each id once", "id: another-name", at="id", id=name
            )
        seen.add(name)
        yield Choice(
            name,
            item.bilingual("label", "{en: National, zh: 国家级}"),
            item.bilingual("definition", "{en: What belongs to it.}", required=False),
        )


def _group(node: Node, indicators: Mapping[str, Indicator]) -> Group:
    node.only(("id", "label", "maximum", "items", "by_overlay"))
    by_overlay = node.yes("by_overlay")
    group = _group_of(
        node, tuple(_item(item, indicators) for item in node.nodes("items")), by_overlay=by_overlay
    )
    return group if by_overlay else _finished(node, group)


def _group_of(node: Node, items: tuple[Item, ...], *, by_overlay: bool) -> Group:
    return Group(
        node.identifier("innovation"),
        node.bilingual("label", "{en: Innovation, zh: 创新能力}"),
        _maximum(node),
        items,
        by_overlay,
    )


def _maximum(node: Node) -> float:
    maximum = node.number("maximum", "40")
    if maximum is None or maximum <= 0:
        raise node.fail(
            "`maximum` is missing or not above 0", "the most points it gives", "maximum: 40", at="maximum"
        )
    return maximum


def _finished(node: Node, group: Group) -> Group:
    """The group, whose items can reach its maximum."""
    reach = round(sum(item.maximum for item in group.items), 9)
    if reach < group.maximum:
        raise node.fail(
            "the items of the group {group!r} give at most {reach} of its maximum of {maximum}",
            "items that can reach it, or `by_overlay: yes` where a region sets them", "maximum: 40",
            at="maximum", group=group.id, reach=reach, maximum=group.maximum,
        )  # fmt: skip
    return group


def _item(node: Node, indicators: Mapping[str, Indicator]) -> Item:
    node.only(("id", "label", "maximum", "indicator", *_WAYS, "otherwise", "source", "confidence"))
    ways = [way for way in _WAYS if way in node.value]
    if len(ways) != 1:
        raise node.fail(
            "{n} ways to get points", "one of {known}", _BAND, n=len(ways), known=", ".join(_WAYS)
        )
    how = cast('Literal["bands", "per", "sum", "cases"]', ways[0])
    maximum = _maximum(node)
    needs = how in ("bands", "per")
    if needs != ("indicator" in node.value):
        raise node.fail(
            "`{how}` with the indicator {indicator!r}", "an indicator for bands and per, none for sum and cases",
            "indicator: revenue", at="indicator", how=how, indicator=node.value.get("indicator"),
        )  # fmt: skip
    if ("otherwise" in node.value) and how != "cases":
        raise node.fail(
            "`otherwise` beside `{how}`",
            "`otherwise` beside `cases`",
            "otherwise: 0",
            at="otherwise",
            how=how,
        )
    indicator = _known(node, indicators) if needs else None
    item = Item(
        id=node.identifier("rd-share"),
        label=node.bilingual("label", "{en: Share of R&D, zh: 研发费用占比}"),
        maximum=maximum,
        how=how,
        indicator=indicator.id if indicator else None,
        bands=_bands(node, indicator, maximum) if how == "bands" and indicator else (),
        per=_per(node, indicator, maximum) if how == "per" and indicator else None,
        cases=_cases(node, how, indicators, maximum) if how in ("sum", "cases") else (),
        otherwise=_points(node, "otherwise", maximum) if "otherwise" in node.value else Interval(0, 0),
        source=node.words("source", "S1"),
        confidence=node.confidence() if "confidence" in node.value else "",
    )
    if how == "cases":
        reach = max(item.otherwise.high, *(case.points.high for case in item.cases))
    elif how == "sum":
        reach = sum(case.points.high for case in item.cases)
    else:
        reach = maximum
    if round(reach, 9) < maximum:
        raise _unreached(node, reach, maximum)
    return item


def _unreached(node: Node, reach: float, maximum: float) -> Exception:
    return node.fail(
        "nothing gives the maximum of {maximum}: the most is {reach}", "a maximum that can be reached",
        f"maximum: {reach:g}", at="maximum", maximum=maximum, reach=reach,
    )  # fmt: skip


def _known(node: Node, indicators: Mapping[str, Indicator]) -> Indicator:
    name = node.word("indicator", "revenue")
    if name not in indicators:
        raise node.fail(
            "there is no indicator {indicator!r}", "one of {known}", "indicator: revenue",
            at="indicator", indicator=name, known=", ".join(indicators) or "-",
        )  # fmt: skip
    return indicators[name]


def _points(node: Node, key: str, maximum: float) -> Interval:
    """A number of points, or [least, most]."""
    value = node.value.get(key)
    pair = value if isinstance(value, list) else [value, value]
    numbers = [p for p in pair if isinstance(p, int | float) and not isinstance(p, bool)]
    if len(pair) != 2 or len(numbers) != 2:
        raise node.fail(
            "{key!r} is {value!r}", "a number of points, or a list of the least and the most",
            f"{key}: [25, 30]", at=key, key=key, value=value,
        )  # fmt: skip
    low, high = numbers
    if not 0 <= low <= high <= maximum:
        raise node.fail(
            "{low} to {high} points", "at least 0, the most not below the least, and none above the maximum of {maximum}",
            f"{key}: {maximum:g}", at=key, low=low, high=high, maximum=maximum,
        )  # fmt: skip
    return Interval(low, high)


def _per(node: Node, indicator: Indicator, maximum: float) -> Per:
    if indicator.type not in ("number", "share", "count"):
        raise node.fail(
            "`per` with an indicator of the type {type!r}",
            "a number, share or count",
            "type: count",
            type=indicator.type,
        )
    part = node.node("per", "{every: 2, points: 1}")
    part.only(("every", "points", "from"))
    every, points = part.number("every", "2"), part.number("points", "1")
    if every is None or points is None or every <= 0 or not 0 < points <= maximum:
        raise part.fail(
            "{points} points for every {every}", "both above 0, and the points not above the maximum of {maximum}",
            "{every: 2, points: 1}", points=points, every=every, maximum=maximum,
        )  # fmt: skip
    return Per(every, points, cast(float, part.number("from", "0", default=0)))


def _cases(
    node: Node, how: str, indicators: Mapping[str, Indicator], maximum: float
) -> tuple[Case, ...]:  # fmt: skip
    cases = []
    for item in node.nodes(how):
        item.only(("when", "points"))
        when = _condition(item.node("when", _CONDITION), indicators)
        for leaf in leaves_of(when):
            if not isinstance(leaf, Test):
                raise item.fail(
                    "points that depend on a score or another rule",
                    "conditions on indicators only",
                    f"when: {_CONDITION}",
                )
        cases.append(Case(when, _points(item, "points", maximum)))
    if not cases:
        raise node.fail(
            "`{how}` is empty",
            "at least one case",
            f"{how}:\n  - {{when: {_CONDITION}, points: 3}}",
            at=how,
            how=how,
        )
    return tuple(cases)


def _bands(node: Node, indicator: Indicator, maximum: float) -> tuple[Band, ...]:
    """The bands of an item, which cover every value once."""
    if indicator.type in MEASURED:
        return _stretches(node, indicator, maximum)
    bands: list[Band] = []
    every: tuple[str | bool, ...] = tuple(c.id for c in indicator.choices) or (True, False)
    seen: list[str | bool] = []
    for item in node.nodes("bands"):
        item.only(("is", "one_of", "points"))
        values = _values(item, indicator)
        for value in values:
            if value in seen:
                raise item.fail(
                    "{value!r} is in two bands", "each value in one band", "is: national", value=_yes(value)
                )
            seen.append(value)
        bands.append(Band(_points(item, "points", maximum), values=values))
    lost = [str(_yes(value)) for value in every if value not in seen]
    if lost:
        raise node.fail(
            "no band for {values}", "a band for every value", "- {is: none, points: 0}",
            at="bands", values=", ".join(lost),
        )  # fmt: skip
    if max(band.points.high for band in bands) < maximum:
        raise _unreached(node, max(band.points.high for band in bands), maximum)
    return tuple(bands)


def _yes(value: str | bool) -> str:
    return value if isinstance(value, str) else "yes" if value else "no"


def _stretches(node: Node, indicator: Indicator, maximum: float) -> tuple[Band, ...]:
    pairs = []
    for item in node.nodes("bands"):
        item.only((*_ENDS, "points"))
        ends = _ends(item, indicator)
        pairs.append((Band(_points(item, "points", maximum), ends=ends), item, *_limits(ends, indicator)))
    pairs.sort(key=lambda pair: (pair[2], pair[3]))
    lowest = -inf if indicator.minimum is None else indicator.minimum
    highest = inf if indicator.maximum is None else indicator.maximum
    if not pairs:
        raise node.fail("there is no band", "bands for every value", _BAND, at="bands")
    whole = indicator.type in WHOLE
    # A place on the line is (number, 0 just before it or 1 just after it), so that open and closed ends compare.
    reached = (lowest, 0) if lowest > -inf else (-inf, 1)
    for band, item, low, high in pairs:
        if whole and low[0] not in (-inf, inf) and reached[0] not in (-inf, inf):
            adjoins = low[0] + low[1] == reached[0] + reached[1]
            over = low[0] + low[1] < reached[0] + reached[1]
        else:
            adjoins, over = low == reached, low < reached
        if not adjoins:
            raise item.fail(
                _OVERLAP if over else _GAP,
                "bands that meet (`from` and `to` hold the value itself, `above` and `below` do not)",
                _BAND, band=str(band), before=str(_before(pairs, band)) or indicator.minimum,
            )  # fmt: skip
        reached = high
    end = (highest, 1) if highest < inf else (inf, 0)
    if reached != end:
        raise node.fail(
            "values above the band {band} have no band", "a last band without an upper end", _BAND,
            at="bands", band=str(pairs[-1][0]),
        )  # fmt: skip
    found = tuple(pair[0] for pair in pairs)
    if max(band.points.high for band in found) < maximum:
        raise _unreached(node, max(band.points.high for band in found), maximum)
    for one, two in pairwise(found):
        up = two.points.low >= one.points.low and two.points.high >= one.points.high
        down = two.points.low <= one.points.low and two.points.high <= one.points.high
        if (indicator.better == "higher" and not up) or (indicator.better == "lower" and not down):
            raise node.fail(
                "the points of {one} and {two} go against `better: {better}`", "points that follow it",
                _BAND, at="bands", one=str(one), two=str(two), better=indicator.better,
            )  # fmt: skip
    return found


def _before(pairs: list[Any], band: Band) -> Band | str:
    at = [pair[0] for pair in pairs].index(band)
    return pairs[at - 1][0] if at else ""


def _limits(ends: Ends, indicator: Indicator) -> tuple[tuple[float, int], tuple[float, int]]:
    """Where a stretch begins and ends, as (number, 0 before it or 1 after it)."""
    lowest = -inf if indicator.minimum is None else indicator.minimum
    highest = inf if indicator.maximum is None else indicator.maximum
    low = (ends.low, int(ends.low_open)) if ends.low is not None else (lowest, 0 if lowest > -inf else 1)
    high = (
        (ends.high, int(not ends.high_open))
        if ends.high is not None
        else (highest, 1 if highest < inf else 0)
    )
    return low, high


def _ends(node: Node, indicator: Indicator | None, *, years: bool = False) -> Ends:
    """The stretch that `from`, `above`, `to` and `below` say, inside the values that the indicator can have."""
    dates = indicator is not None and indicator.type == "date" and not years
    found: dict[str, float | None] = {}
    for key in _ENDS:
        value = node.value.get(key)
        if value is None:
            found[key] = None
        elif dates:
            text = str(value)
            if not is_date(text):
                raise node.fail(
                    "{key!r} is {value!r}", "an ISO date", f'{key}: "2024-01-18"', at=key, key=key, value=text
                )
            found[key] = date.fromisoformat(text).toordinal()
        else:
            found[key] = node.number(key, "3")
    if found["from"] is not None and found["above"] is not None:
        raise node.fail("`from` and `above` together", "one of the two", "from: 3", at="above")
    if found["to"] is not None and found["below"] is not None:
        raise node.fail("`to` and `below` together", "one of the two", "below: 5", at="below")
    low = found["from"] if found["from"] is not None else found["above"]
    high = found["to"] if found["to"] is not None else found["below"]
    ends = Ends(low, found["above"] is not None, high, found["below"] is not None, dates)
    if (
        low is not None
        and high is not None
        and (low > high or (low == high and (ends.low_open or ends.high_open)))
    ):
        raise node.fail(
            "{ends} holds no value", "a lower end below the upper one", "{from: 3, below: 5}", ends=str(ends)
        )
    if indicator is not None and not years:
        for end in (low, high):
            if end is None:
                continue
            if (indicator.minimum is not None and end < indicator.minimum) or (
                indicator.maximum is not None and end > indicator.maximum
            ):
                raise node.fail(
                    "{ends} leaves the values of {indicator}, which go from {low} to {high}",
                    "ends among its values (a share of 70 % is 0.7)", "{from: 0.7}",
                    ends=str(ends), indicator=indicator.id,
                    low="-∞" if indicator.minimum is None else indicator.minimum,
                    high="∞" if indicator.maximum is None else indicator.maximum,
                )  # fmt: skip
            if indicator.type == "count" and end != int(end):
                raise node.fail("{ends} of a count", "whole numbers", "{from: 3}", ends=str(ends))
    return ends


def _values(node: Node, indicator: Indicator) -> tuple[str | bool, ...]:
    """The values that `is` or `one_of` names."""
    if ("is" in node.value) == ("one_of" in node.value):
        raise node.fail("no value, or both `is` and `one_of`", "one of the two", "is: national")
    if indicator.type in ANSWERED:
        if not isinstance(node.value.get("is"), bool):
            raise node.fail(
                "{value!r} for a question of yes or no", "yes or no", "is: yes", value=node.value.get("is")
            )
        return (node.value["is"],)
    names = node.words("is" if "is" in node.value else "one_of", "national")
    known = [choice.id for choice in indicator.choices]
    for name in names:
        if name not in known:
            raise node.fail(
                "{indicator} has no choice {name!r}", "one of {known}", f"is: {known[0]}",
                indicator=indicator.id, name=name, known=", ".join(known),
            )  # fmt: skip
    if not names:
        raise node.fail("no value is named", "at least one", f"is: {known[0]}")
    return names


def _conditions(node: Node, key: str, indicators: Mapping[str, Indicator]) -> tuple[Condition, ...]:
    return tuple(_condition(item, indicators) for item in node.nodes(key))


def _condition(node: Node, indicators: Mapping[str, Indicator]) -> Condition:
    heads = [head for head in _HEADS if head in node.value]
    if len(heads) != 1:
        raise node.fail(
            "{n} conditions in one mapping",
            "one of {known}",
            _CONDITION,
            n=len(heads),
            known=", ".join(_HEADS),
        )
    head = heads[0]
    label = node.bilingual("label", "{en: Enough revenue}", required=False)
    if head in ("all", "any", "at_least"):
        return _several(node, head, label, indicators)
    if head == "not":
        node.only(("not", "label"))
        return Not(_condition(node.node("not", _CONDITION), indicators), label)
    if head == "if":
        node.only(("if", "then", "else", "label"))
        parts = [_condition(node.node(key, _CONDITION), indicators) for key in ("if", "then", "else")]
        return IfThen(parts[0], parts[1], parts[2], label)
    if head == "rule":
        node.only(("rule", "label"))
        return RuleTest(node.word("rule", "first-tier"), label)
    if head == "score":
        node.only(("score", *_ENDS, "label"))
        ends = _ends(node, None)
        _limited(node, ends, "{score: total, from: 60}")
        return ScoreTest(node.word("score", "total"), ends, label)
    return _test(node, label, indicators)


def _test(node: Node, label: Bilingual, indicators: Mapping[str, Indicator]) -> Test:
    indicator = _known(node, indicators)
    if indicator.type not in MEASURED:
        node.only(("indicator", "is", "one_of", "label"))
        return Test(indicator.id, values=_values(node, indicator), label=label)
    if "age" in node.value:
        if indicator.type != "date":
            raise node.fail(
                "`age` of the indicator {indicator}", "the age of a date", "{indicator: founded, age: {from: 1}}",
                at="age", indicator=indicator.id,
            )  # fmt: skip
        node.only(("indicator", "age", "label"))
        part = node.node("age", "{from: 1}")
        part.only(_ENDS)
        ends = _ends(part, indicator, years=True)
        _limited(part, ends, "{from: 1}")
        return Test(indicator.id, age=ends, label=label)
    node.only(("indicator", *_ENDS, "label"))
    ends = _ends(node, indicator)
    _limited(node, ends, _CONDITION)
    return Test(indicator.id, ends=ends, label=label)


def _limited(node: Node, ends: Ends, example: str) -> None:
    if ends.low is None and ends.high is None:
        raise node.fail("a condition without an end", "one of {known}", example, known=", ".join(_ENDS))


def _several(
    node: Node, head: str, label: Bilingual, indicators: Mapping[str, Indicator]
) -> AtLeast:  # fmt: skip
    key = "of" if head == "at_least" else head
    node.only((head, "label", *(("of",) if head == "at_least" else ())))
    parts = _conditions(node, key, indicators)
    if not parts:
        raise node.fail(
            "`{key}` is empty", "at least one condition", f"{key}: [{_CONDITION}]", at=key, key=key
        )
    n = {"all": len(parts), "any": 1}.get(head) or node.whole("at_least", "2", least=1)
    if n is None or n > len(parts):
        raise node.fail(
            "at least {n} of {parts} conditions", "a number up to that of the conditions", "at_least: 2\n  of: [...]",
            at="at_least", n=n, parts=len(parts),
        )  # fmt: skip
    return AtLeast(n, parts, cast('Literal["all", "any", "at_least"]', head), label)

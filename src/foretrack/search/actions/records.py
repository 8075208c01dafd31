"""Records of the registry as things that can be found, in step with every change, and an actor as a viewer.

Personal data that is not declared public is never indexed: those who may read it find the record by its other words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from foretrack.registry.access.actor import EVERYWHERE, Actor
from foretrack.registry.access.permission import may, require, visible
from foretrack.registry.declaring.fields import Field, Visibility
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Assignment, Record
from foretrack.registry.registry import Registry, moment
from foretrack.search.actions.indexing import Done, index, remove
from foretrack.search.models import Waiting
from foretrack.search.shapes import BUILT_IN, Seen, Thing

UNIT = "record"
AT_ONCE = 200
"""Records of one change that are indexed inside its transaction; of more, the index follows behind."""
_CIRCLES: tuple[Visibility, ...] = ("public", "partner", "private")


def seen_by(actor: Actor) -> Seen:
    """What of the index an actor may see: the same rows and fields as `registry/access` shows them.

    AccessError where a token may not read at all.
    """
    require(actor, "read public")
    readers: set[str] = set()
    everything = False
    for grant in actor.grants:
        if grant.role in ("member", "manager"):
            readers.add(f"creator:{actor.key}")
            if grant.organisation:
                readers.add(f"organisation:{grant.organisation}")
        elif grant.role == "auditor":
            everything = True
        elif grant.role == "officer":
            everything |= EVERYWHERE in grant.regions or EVERYWHERE in grant.bodies
            readers |= {f"region:{code}*" for code in grant.regions if code}
            readers |= {f"organisation:{body}" for body in grant.bodies}
        elif grant.role == "reviewer":
            own = Assignment.objects.filter(actor=actor.key, ended_at=None)
            readers |= {f"record:{key}" for key in own.values_list("record__key", flat=True)}
    return Seen(everything, may(actor, "read partner"), frozenset(readers))


def things_of(kind: Kind, record: Record) -> Iterator[Thing]:
    """The parts of a record, from what everybody may see to what its own people may; none of a merged record."""
    if record.merged_into_id is not None:
        return
    before: tuple[Any, ...] | None = None
    for circle in _CIRCLES[record.audience :]:
        shown = [
            f for f in kind.fields if visible(f.visibility, circle) and f.name in record.body and _indexed(f)
        ]
        said = tuple((f.name, record.body[f.name]) for f in shown)
        # A wider part that shows nothing more is left out; whoever may see it meets the narrower one.
        if said == before:
            continue
        before = said
        yield Thing(
            unit=UNIT, key=record.key, kind=kind.name, visibility=circle,
            readers=_readers(kind, record) if circle == "private" else (),
            **_titles(kind, record, shown), body=_body(kind, record, shown),
            identifiers=tuple(
                value for f in shown if f in kind.identifiers for value in f.facet_values(record.body[f.name])
            ),
            facets=_facets(record, shown), changed_at=moment(record.updated_at),
        )  # fmt: skip


def index_records(registry: Registry, records: Iterable[Record], *, using: str = "default") -> Done:
    """Puts records into the index, and takes merged ones out."""
    given = list(records)
    things: list[Thing] = []
    gone: list[str] = []
    for record in given:
        parts = list(things_of(registry.kinds.get(record.kind), record))
        things += parts
        if not parts:
            gone.append(record.key)
    done = index(things, using=using)
    return done + remove(UNIT, gone, using=using) if gone else done


def follow(registry: Registry, records: Sequence[Record]) -> None:
    """Keeps the index in step with a change: at once, or for an import of many noted down for `index_waiting`."""
    if len(records) <= AT_ONCE:
        index_records(registry, records)
    else:
        # What stands in the index may show what has just been hidden: it leaves at once and comes back changed.
        remove(UNIT, [record.key for record in records])
        Waiting.objects.bulk_create(
            (Waiting(key=record.key) for record in records), batch_size=1000, ignore_conflicts=True
        )


def index_waiting(registry: Registry, most: int | None = None) -> int:
    """How many records were indexed that imports had left behind: `most` at most, None for all."""
    done = 0
    while most is None or done < most:
        size = AT_ONCE if most is None else min(AT_ONCE, most - done)
        keys = list(Waiting.objects.order_by("id").values_list("key", flat=True)[:size])
        if not keys:
            break
        index_records(registry, Record.objects.filter(key__in=keys))
        Waiting.objects.filter(key__in=keys).delete()
        done += len(keys)
    return done


def all_records(registry: Registry) -> Iterator[Thing]:
    """Every record's parts, for `reindex`; a thousand in memory at a time."""
    last = 0
    while True:
        records = list(Record.objects.filter(pk__gt=last, merged_into=None).order_by("pk")[:1000])
        if not records:
            return
        last = records[-1].pk
        for record in records:
            yield from things_of(registry.kinds.get(record.kind), record)


def _indexed(field: Field) -> bool:
    return not field.personal or field.visibility == "public"


def _readers(kind: Kind, record: Record) -> tuple[str, ...]:
    # Whoever is assigned to it asks by its key: assignments come and go without a change of the record.
    readers = [f"record:{record.key}"]
    readers.append(
        f"organisation:{record.organisation}" if record.organisation else f"creator:{record.created_by}"
    )
    readers += [f"organisation:{key}" for key in sorted(kind.addressed_to(record.body, record.status))]
    if record.region:
        readers.append(f"region:{record.region}")
    return tuple(readers)


def _titles(kind: Kind, record: Record, shown: Sequence[Field]) -> dict[str, str]:
    if all(f.name != kind.title for f in shown):
        return {"title_en": record.key}
    if record.title_en == record.title_zh:
        # One name only, or the same in both languages: it is not twice as long for that.
        from foretrack.language.chinese import has_han

        return {"title_zh" if has_han(record.title_zh) else "title_en": record.title_en or record.key}
    return {"title_en": record.title_en, "title_zh": record.title_zh}


def _body(kind: Kind, record: Record, shown: Sequence[Field]) -> str:
    texts = [text for f in shown if f.name != kind.title for _, text in f.texts(record.body[f.name])]
    return "\n".join(dict.fromkeys(texts))


def _facets(record: Record, shown: Sequence[Field]) -> dict[str, tuple[str, ...]]:
    facets = {f.name: tuple(dict.fromkeys(f.facet_values(record.body[f.name]))) for f in shown if f.facet}
    facets["status"] = (record.status,)
    # Three names are every thing's own; a field called so keeps its values under another.
    return {f"own_{name}" if name in BUILT_IN else name: values for name, values in facets.items() if values}

"""Records that may be about the same thing: looked for by the machine, judged by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Q

from foretrack.foundation.errors import InputError
from foretrack.foundation.progress import Progress, silent
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.merging import merge
from foretrack.registry.actions.reading import find_record, subject_of, title_of, visible_to, visible_values
from foretrack.registry.actions.records import checked_reason
from foretrack.registry.answers import Merged, PairLine, Proposed, RecordLine
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.duplicates.pairing import alike
from foretrack.registry.duplicates.profiles import naming_fields, profile_of
from foretrack.registry.models import DuplicatePair, Record, Revision
from foretrack.registry.models.duplicates import JUDGEMENTS
from foretrack.registry.registry import Registry, moment

NOBODY, SAME, DIFFERENT, UNSURE = JUDGEMENTS
MOST_PAIRS = 200


def propose(registry: Registry, actor: Actor, kind_name: str, *, progress: Progress = silent) -> Proposed:
    """Looks through all records of a kind of identities for pairs that may be one, and keeps them for people to judge.

    A pair that somebody judged is left alone, unless a name or an identifier of one of the two changed since; then it is
    asked again. Open pairs that no longer look alike go. InputError for a kind that is no identity.
    """
    require(actor, "judge duplicate")
    kind = registry.kinds.get(kind_name)
    if not kind.identity:
        raise InputError.of(
            "records of the kind {kind} are no identities", expected="one of {kinds}",
            do="look for duplicates among those", kind=kind.name,
            kinds=", ".join(k.name for k in registry.kinds if k.identity) or "(none)",
        )  # fmt: skip
    ids, profiles = [], []
    rows = Record.objects.filter(kind=kind.name, merged_into=None).order_by("pk").values_list("pk", "body")
    for pk, body in rows.iterator(chunk_size=2000):
        ids.append(pk)
        profiles.append(profile_of(kind, body))
        if len(ids) % 2000 == 0:
            progress("reading", len(ids), None)
    found = alike(profiles)
    wanted = {(ids[a], ids[b]): scored for (a, b), scored in found.pairs.items()}
    progress("comparing", found.compared, found.compared)
    with transaction.atomic():
        head = take_number()
        there = {(p.first_id, p.second_id): p for p in DuplicatePair.objects.filter(kind=kind.name)}
        now = registry.now()
        fresh, changed, gone, again, kept = [], [], [], 0, 0
        for pair, stored in there.items():
            scored = wanted.get(pair)
            if stored.judgement != NOBODY:
                if scored is None or stored.judgement == SAME or not _changed_since(kind, stored):
                    kept += 1
                    continue
                again += 1
                stored.judgement, stored.judged_by, stored.judged_at = NOBODY, "", None
                stored.first_revision = stored.second_revision = None
            if scored is None:
                gone.append(stored.pk)
                continue
            stored.score, stored.why = scored.score, [asdict(sign) for sign in scored.signs]
            stored.found_at = now
            changed.append(stored)
        # Merged, closed or erased in between: only records that stand by themselves are asked about.
        alive = set(
            Record.objects.filter(kind=kind.name, merged_into=None).values_list("pk", flat=True).iterator()
        )
        fresh = [
            DuplicatePair(
                kind=kind.name, first_id=pair[0], second_id=pair[1], score=scored.score,
                why=[asdict(sign) for sign in scored.signs], found_at=now,
            )
            for pair, scored in wanted.items()
            if pair not in there and alive.issuperset(pair)
        ]  # fmt: skip
        DuplicatePair.objects.bulk_create(fresh, batch_size=500)
        DuplicatePair.objects.bulk_update(
            changed,
            [
                "score",
                "why",
                "found_at",
                "judgement",
                "judged_by",
                "judged_at",
                "first_revision",
                "second_revision",
            ],
            batch_size=200,
        )
        for start in range(0, len(gone), 500):
            DuplicatePair.objects.filter(pk__in=gone[start : start + 500]).delete()
        answer = Proposed(
            kind.name, len(ids), found.compared, len(fresh) + len(changed), len(fresh), again, len(gone), kept
        )
        log(
            registry, actor, "propose duplicates", f"kind:{kind.name}",
            details={"records": answer.records, "found": answer.found, "new": answer.new, "again": again},
            head=head,
        )  # fmt: skip
    return answer


def _changed_since(kind: Kind, pair: DuplicatePair) -> bool:
    """Whether a name or an identifier of either is another than when somebody judged the pair."""
    fields = naming_fields(kind)
    for record_id, number in ((pair.first_id, pair.first_revision), (pair.second_id, pair.second_revision)):
        body = Record.objects.values_list("body", flat=True).get(pk=record_id)
        if number is None:
            return True
        then = Revision.objects.get(record_id=record_id, number=number)
        # What was erased since is no new name.
        names = [name for name in fields if name not in then.erased]
        if any(body.get(name) != then.values.get(name) for name in names):
            return True
    return False


def pairs(
    registry: Registry, actor: Actor, *, kind_name: str = "", judgement: str = NOBODY, offset: int = 0, limit: int = 50,
    after: tuple[float, int] | None = None,
) -> tuple[PairLine, ...]:  # fmt: skip
    """Pairs with a judgement (`nobody looked`, `same`, `different`, `unsure`) whose two records the actor may see.

    The most alike first. Pairs that nobody looked at and of which one was merged meanwhile are left out.

    Args:
        after: score and number of the last pair of a part: the next part begins behind it, whatever was judged meanwhile.
    """
    require(actor, "judge duplicate")
    if judgement not in JUDGEMENTS:
        raise InputError.of(
            "the judgement {judgement!r} does not exist", expected="one of {judgements}", do="choose one",
            judgement=judgement[:40], judgements=", ".join(JUDGEMENTS),
        )  # fmt: skip
    if not 1 <= limit <= MOST_PAIRS:
        raise InputError.of(
            "{n} pairs at once", expected="a number from 1 to {most}", do="ask for fewer and go on",
            n=limit, most=MOST_PAIRS,
        )  # fmt: skip
    wanted = DuplicatePair.objects.filter(
        visible_to(actor, "first__"), visible_to(actor, "second__"), judgement=judgement
    )
    if kind_name:
        wanted = wanted.filter(kind=registry.kinds.get(kind_name).name)
    if judgement != SAME:
        wanted = wanted.filter(first__merged_into=None, second__merged_into=None)
    if after is not None:
        score, number = after
        wanted = wanted.filter(Q(score__lt=score) | Q(score=score, pk__gt=number))
    rows = wanted.select_related("first", "second").order_by("-score", "pk").distinct()
    return tuple(_line(registry, actor, pair) for pair in rows[offset : offset + limit])


def pair(registry: Registry, actor: Actor, number: int) -> PairLine:
    """One pair."""
    require(actor, "judge duplicate")
    found = (
        DuplicatePair.objects.filter(visible_to(actor, "first__"), visible_to(actor, "second__"), pk=number)
        .select_related("first", "second")
        .first()
    )
    if found is None:
        raise InputError.of(
            "there is no pair {number} that you may see", expected="the number of a pair",
            do="look at `foretrack record duplicates`", number=number,
        )  # fmt: skip
    return _line(registry, actor, found)


def _line(registry: Registry, actor: Actor, found: DuplicatePair) -> PairLine:
    return PairLine(
        number=found.pk, kind=found.kind, first=_record(registry, actor, found.first),
        second=_record(registry, actor, found.second), score=found.score, why=tuple(found.why),
        judgement=found.judgement, judged_by=found.judged_by,
        judged_at=None if found.judged_at is None else moment(found.judged_at),
    )  # fmt: skip


def _record(registry: Registry, actor: Actor, record: Record) -> RecordLine:
    kind, _, circle = find_record(registry, actor, record.key, follow=False)
    personal = may(actor, "read personal", subject_of(kind, record))
    compared = {*naming_fields(kind), kind.title, kind.region, "country", "website"}
    values = visible_values(kind, record.body, circle, personal=personal)
    return RecordLine(
        key=record.key, kind=kind.name, title=title_of(record, actor.language), status=record.status,
        revision=record.revision, updated_at=moment(record.updated_at),
        values={name: value for name, value in values.items() if name in compared},
    )  # fmt: skip


def judge(
    registry: Registry, actor: Actor, number: int, judgement: str, *, survivor: str = "", take: Sequence[str] = (),
    revisions: tuple[int, int] | None = None, reason: str = "",
) -> Merged | PairLine:  # fmt: skip
    """What a person says about a pair: `same` merges it, `different` and `unsure` close the question.

    Args:
        survivor: for `same`: the key of the record that stays.
        take: for `same`: fields that it takes from the other one.
        revisions: of the first and the second record as the person read them; the present ones where not given.
    """
    if judgement not in JUDGEMENTS[1:]:
        raise InputError.of(
            "the judgement {judgement!r} does not exist", expected="one of {judgements}", do="choose one",
            judgement=judgement[:40], judgements=", ".join(JUDGEMENTS[1:]),
        )  # fmt: skip
    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        line = pair(registry, actor, number)
        records = [Record.objects.get(key=one.key) for one in (line.first, line.second)]
        kind = registry.kinds.get(line.kind)
        for record in records:
            require(actor, "judge duplicate", subject_of(kind, record))
        read = revisions or (line.first.revision, line.second.revision)
        if judgement == SAME:
            keys = [record.key for record in records]
            if survivor.upper() not in keys:
                raise InputError.of(
                    "{key!r} is none of the two", expected="one of {keys}", do="say which record stays",
                    key=survivor[:40], keys=", ".join(keys),
                )  # fmt: skip
            stays = keys.index(survivor.upper())
            return merge(
                registry, actor, keys[stays], keys[1 - stays], take=take, survivor_revision=read[stays],
                absorbed_revision=read[1 - stays], reason=said,
            )  # fmt: skip
        DuplicatePair.objects.filter(pk=number).update(
            judgement=judgement, judged_by=actor.key, judged_at=registry.now(), first_revision=read[0],
            second_revision=read[1],
        )  # fmt: skip
        details: dict[str, Any] = {"judgement": judgement, "other": line.second.key, "score": line.score}
        log(
            registry, actor, "judge duplicate", f"record:{line.first.key}", details=details, reason=said, head=head
        )  # fmt: skip
    return pair(registry, actor, number)

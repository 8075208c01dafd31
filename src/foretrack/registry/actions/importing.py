"""Takes a CSV or Excel file into the registry: looked at first, then in one transaction, wholly or not at all.

A row is the record whose key it gives, or whose unique identifier it bears, or a new one. An empty cell takes a value
out; a column that is not there leaves it alone. Permission is asked for every row.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from django.db import transaction
from django.db.models import Q

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.foundation.keys import new_key
from foretrack.foundation.progress import Progress, silent
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import (
    AccessError,
    Subject,
    may,
    may_create,
    reach,
    refusal,
    require,
)
from foretrack.registry.actions.following import followed
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import changeable, subjects_of, visible_to
from foretrack.registry.actions.records import (
    checked_reason,
    checked_visibility,
    missing_links,
    with_own_organisation,
)
from foretrack.registry.actions.sheets import BadRow, Cell, Limits, Sheet, digest_of, open_sheet
from foretrack.registry.actions.writing import (
    Draft,
    conflict,
    new_record,
    taken_identifier,
    titles,
    unfold,
    write,
)
from foretrack.registry.answers import ImportAnswer, Planned, Rejected
from foretrack.registry.declaring import fields as declared
from foretrack.registry.declaring.bodies import (
    InvalidRecord,
    Problem,
    changed_body,
    changed_fields,
    incomplete,
)
from foretrack.registry.declaring.columns import (
    KEY,
    OWN,
    REVISION,
    STATUS,
    VISIBILITY,
    Column,
    columns_of,
    values_of,
)
from foretrack.registry.declaring.fields import Field, Json, Visibility, clean_text, found
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.history.chain import digest_of_digests
from foretrack.registry.models import Identifier, Import, Record
from foretrack.registry.registry import Registry, moment

BATCH = 1000
"""Rows that are matched, checked and written together."""
SHOWN = 1000
"""Changes and rejections that an answer holds; all are counted."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of many things in order."""

    skip: int = 0
    most: int = SHOWN

    def __contains__(self, index: int) -> bool:
        return self.skip <= index < self.skip + self.most


def preview(
    registry: Registry, actor: Actor, kind_name: str, file: Path, *, file_name: str = "", visibility: str = "public",
    again: bool = False, limits: Limits | None = None, progress: Progress = silent,
    changes: Span = Span(), rejections: Span = Span(),
) -> ImportAnswer:  # fmt: skip
    """What an import of the file would do; nothing is written.

    Args:
        changes, rejections: which of them the answer holds; all are counted.

    Raises InputError for a file that cannot be read as a table of this kind, AccessError for whoever may import nothing.
    """
    taking = _begin(registry, actor, kind_name, file, file_name, visibility, again)
    taking.changes_told, taking.rejections_told = changes, rejections
    with open_sheet(file, taking.knows, limits) as sheet:
        for _ in taking.batches(sheet, progress):
            pass
    return taking.answer(None)


def import_file(
    registry: Registry, actor: Actor, kind_name: str, file: Path, *, file_name: str = "", visibility: str = "public",
    partly: bool = False, again: bool = False, reason: str = "", limits: Limits | None = None,
    progress: Progress = silent,
) -> ImportAnswer:  # fmt: skip
    """Takes a file in, in one transaction, under one entry of the audit log.

    Args:
        visibility: of new records that say none themselves.
        partly: good rows are taken in although others are rejected; else one rejected row keeps all of them out.
        again: rows without key or identifier are made a second time, although the very same file was imported before.

    Raises what `preview` raises; rejected rows are in the answer.
    """
    said = checked_reason(reason)
    taking = _begin(registry, actor, kind_name, file, file_name, visibility, again)
    digests: list[str] = []
    numbers: list[int] = []
    try:
        with transaction.atomic(), open_sheet(file, taking.knows, limits) as sheet:
            head = take_number()
            for batch in taking.batches(sheet, progress):
                if taking.rejected and not partly:
                    continue
                for act, writes in batch:
                    for revision in write(registry, actor, writes, act, head.number + 1):
                        digests.append(revision.digest)
                        numbers.append(revision.number)
            if taking.rejected and not partly:
                raise _KeptOutError
            if not digests:
                return taking.answer(None)
            key = new_key(registry.now())
            covered: dict[str, Json] = (
                {"revision": numbers[0], "digest": digests[0]}
                if len(digests) == 1
                else {"revisions": len(digests), "digest": digest_of_digests(digests)}
            )
            entry = log(
                registry, actor, "import", f"import:{key}", reason=said, head=head,
                details={
                    "kind": taking.kind.name, "sha256": taking.sha256, "created": taking.created,
                    "updated": taking.updated, "unchanged": taking.unchanged, "rejected": taking.rejected, **covered,
                },
            )  # fmt: skip
            Import.objects.create(
                key=key, kind=taking.kind.name, file_name=clean_text(taking.file_name)[:200], sha256=taking.sha256,
                at=registry.now(), by=actor.key, read=taking.read, created=taking.created, updated=taking.updated,
                unchanged=taking.unchanged, rejected=taking.rejected, entry=entry.number,
                rejections=[{"line": one.line, "field": one.field} for one in taking.rejections],
            )  # fmt: skip
    except _KeptOutError:
        return taking.answer(None)
    return taking.answer(key)


class _KeptOutError(Exception):
    """Some rows were rejected: everything written so far is undone."""


def _begin(
    registry: Registry, actor: Actor, kind_name: str, file: Path, file_name: str, visibility: str, again: bool
) -> _Taking:
    kind = registry.kinds.get(kind_name)
    require(actor, "import")
    sha256 = digest_of(file)
    before = (
        Import.objects.filter(kind=kind.name, sha256=sha256)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    return _Taking(
        registry, actor, kind, file_name or file.name, sha256, checked_visibility(visibility),
        imported_before=moment(before) if before else None, again=again,
    )  # fmt: skip


Writes = list[tuple[str, list[tuple[Kind, Record]]]]


@dataclass(slots=True)
class _Row:
    line: int
    cells: dict[str, Cell]
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)
    read: dict[str, Json] = field(default_factory=dict)
    """Fields that were read already: identifiers, by which the record was looked for."""

    def wrong(self, name: str, error: InputError) -> None:
        self.problems.append(Problem(name, error))


@dataclass(slots=True)
class _Taking:
    """One file on its way in: what it has come to so far."""

    registry: Registry
    actor: Actor
    kind: Kind
    file_name: str
    sha256: str
    visibility: str
    imported_before: str | None
    again: bool
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    planned: list[Planned] = field(default_factory=list)
    rejections: list[Rejected] = field(default_factory=list)
    wrong: int = 0
    """Things that are wrong, of which a row may have several."""
    changes_told: Span = Span()
    rejections_told: Span = Span()
    columns: list[Column] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    _lines: dict[object, int] = field(default_factory=dict)
    """Record or identifier to the line that took it: no file changes a record twice."""
    _allowed: dict[tuple[str | None, str | None], bool] = field(default_factory=dict)

    def answer(self, key: str | None) -> ImportAnswer:
        return ImportAnswer(
            kind=self.kind.name, file_name=self.file_name, sha256=self.sha256, read=self.read, created=self.created,
            updated=self.updated, unchanged=self.unchanged, rejected=self.rejected, written=key is not None, key=key,
            planned=tuple(self.planned), rejections=tuple(self.rejections), imported_before=self.imported_before,
            wrong=self.wrong,
        )  # fmt: skip

    def knows(self, header: str) -> bool:
        """Whether a header means a column of the kind."""
        return len(self._meant(header)) == 1

    def _meant(self, header: str) -> list[Column]:
        asked = header.strip().casefold()
        columns = columns_of(self.kind)
        named = [column for column in columns if column.name == asked]
        return named or [c for c in columns if asked in (c.label.en.casefold(), c.label.zh.casefold())]

    def batches(self, sheet: Sheet, progress: Progress) -> Iterator[Writes]:
        """What each batch of rows has to write, checked; counts and rejections are kept on the way."""
        self._take_header(sheet.header)
        while some := list(itertools.islice(sheet.rows, BATCH)):
            rows: list[_Row] = []
            for one in some:
                self.read += 1
                if isinstance(one, BadRow):
                    rows.append(_Row(one.line, {}, problems=[Problem("", one.error)]))
                else:
                    line, cells = one
                    rows.append(
                        _Row(line, {c.name: cell for c, cell in zip(self.columns, cells, strict=True)})
                    )
            yield self._batch(rows)
            progress("taking rows in", self.read, None)

    def _take_header(self, header: Sequence[str]) -> None:
        names = [column.name for column in columns_of(self.kind)]
        for place, name in enumerate(header, start=1):
            meant = self._meant(name)
            if len(meant) > 1:
                raise InputError.of(
                    "the header {name} of column {place} may mean {known}", expected="the name of one column",
                    do="write the name in place of the label", name=found(name), place=place,
                    known=", ".join(column.name for column in meant),
                )  # fmt: skip
            if not meant:
                near = get_close_matches(name.casefold(), names, n=3, cutoff=0.6)
                raise InputError.of(
                    "the header {name} of column {place} is no column of {kind}", expected="one of {known}",
                    do="correct it, or leave the column out", name=found(name), place=place, kind=self.kind.name,
                    known=", ".join(near or names),
                )  # fmt: skip
            if meant[0] in self.columns:
                raise InputError.of(
                    "two columns are called {name}", expected="each column once", do="leave one of them out",
                    name=found(meant[0].name),
                )  # fmt: skip
            self.columns.append(meant[0])
        there = {column.field.name for column in self.columns if column.field}
        self.fields = [f for f in self.kind.fields if f.name in there]
        if not self.fields:
            raise InputError.of(
                "the file has no column of a field", expected="one of {known}", do="take the template",
                known=", ".join(names[len(OWN) :]),
            )  # fmt: skip

    def _reject(self, row: _Row) -> None:
        self.rejected += 1
        for problem in row.problems:
            if self.wrong in self.rejections_told:
                self.rejections.append(Rejected(row.line, problem.field, problem.error))
            self.wrong += 1

    def _batch(self, rows: Sequence[_Row]) -> Writes:
        self._match(rows)
        subjects = subjects_of(self.kind, [row.record for row in rows if row.record is not None])
        drafts = [
            (
                row,
                self._new(row)
                if row.record is None
                else self._change(row, row.record, subjects[row.record.pk]),
            )
            for row in rows
        ]
        self._check_links(drafts)
        made: list[tuple[Kind, Record]] = []
        changed: list[tuple[Kind, Record]] = []
        now = self.registry.now()
        for row, draft in drafts:
            if row.problems or draft is None:
                self._reject(row)
            elif row.record is None:
                self.created += 1
                record = new_record(self.registry, self.kind, self.actor, draft, now)
                self._plan(row, "create", None, {}, draft)
                made.append((self.kind, record))
            elif (row.record.body, row.record.visibility) == (draft.body, draft.visibility):
                self.unchanged += 1
            else:
                self.updated += 1
                self._plan(row, "update", row.record.key, row.record.body, draft)
                unfold(self.kind, row.record, draft, now)
                changed.append((self.kind, row.record))
        return [("import", writes) for writes in (made, changed) if writes]

    def _plan(self, row: _Row, act: str, key: str | None, before: Mapping[str, Json], draft: Draft) -> None:
        if self.created + self.updated - 1 in self.changes_told:
            names = changed_fields(before, draft.body)
            en, zh = titles(self.kind, draft.body)
            self.planned.append(
                Planned(
                    row.line, act, key, zh if self.actor.language == "zh" else en,
                    {n: before[n] for n in names if n in before}, {n: draft.body[n] for n in names if n in draft.body},
                )
            )  # fmt: skip

    def _match(self, rows: Sequence[_Row]) -> None:
        """Finds the record that each row means: by its key, or by a unique identifier."""
        keys = {row.line: clean_text(str(row.cells.get(KEY.name) or "")).upper() for row in rows}
        identifiers = {row.line: self._identifiers(row) for row in rows}
        bearers = self._bearers(identifiers)
        wanted = Q(key__in={key for key in keys.values() if key}) | Q(pk__in=set(bearers.values()))
        records = {record.pk: record for record in Record.objects.filter(wanted)}
        by_key = {record.key: record for record in records.values()}
        seen = set(Record.objects.filter(wanted, visible_to(self.actor)).values_list("pk", flat=True))
        for row in rows:
            key = keys[row.line]
            borne = {
                bearers[scheme, value]: (name, scheme, value)
                for name, scheme, value in identifiers[row.line]
                if (scheme, value) in bearers
            }
            if key:
                record = by_key.get(key)
                if record is None or record.pk not in seen or record.kind != self.kind.name:
                    row.wrong(KEY.name, _no_record(self.kind, key))
                    continue
                row.record = record
            elif len(borne) == 1 and next(iter(borne)) in seen:
                row.record = records[next(iter(borne))]
            for pk, (name, scheme, value) in borne.items():
                if row.record is None or pk != row.record.pk:
                    row.wrong(name, taken_identifier(self.kind.name, scheme, value))
            self._once(row, [(name, (scheme, value)) for name, scheme, value in identifiers[row.line]])

    def _once(self, row: _Row, identifiers: Sequence[tuple[str, tuple[str, str]]]) -> None:
        taken: list[tuple[str, object]] = [(name, pair) for name, pair in identifiers]
        if row.record is not None:
            taken.append((KEY.name, row.record.pk))
        for name, what in taken:
            line = self._lines.setdefault(what, row.line)
            if line != row.line:
                row.wrong(
                    name,
                    InputError.of(
                        "line {line} is about the same record already", expected="each record once in a file",
                        do="leave one of the two out", line=line,
                    ),
                )  # fmt: skip

    def _identifiers(self, row: _Row) -> list[tuple[str, str, str]]:
        made = []
        for f in self.kind.identifiers:
            if f.unique and row.cells.get(f.name) not in (None, ""):
                try:
                    row.read[f.name] = f.read(row.cells[f.name])
                    made += [(f.name, f.scheme, value) for value in f.facet_values(row.read[f.name])]
                except InputError:
                    continue  # it is told when the fields are read
        return made

    def _bearers(
        self, identifiers: Mapping[int, Sequence[tuple[str, str, str]]]
    ) -> dict[tuple[str, str], int]:
        """Identifier to the number of the record that bears it."""
        by_scheme: dict[str, list[str]] = {}
        for some in identifiers.values():
            for _, scheme, value in some:
                by_scheme.setdefault(scheme, []).append(value)
        bearers: dict[tuple[str, str], int] = {}
        for scheme, values in by_scheme.items():
            rows = Identifier.objects.filter(kind=self.kind.name, scheme=scheme, value__in=values, alive=True)
            bearers.update(((scheme, value), pk) for value, pk in rows.values_list("value", "record_id"))
        return bearers

    def _values(self, row: _Row, before: Mapping[str, Json] | None, skipped: set[str]) -> dict[str, Json]:
        """The row's values, read; what is wrong is noted."""
        read: dict[str, Json] = {}
        for name, raw in values_of(
            [f for f in self.fields if f.name not in skipped], row.cells, before
        ).items():
            try:
                read[name] = row.read[name] if name in row.read else self.kind.by_name[name].read(raw)
            except InputError as error:
                row.wrong(name, error)
        return read

    def _circle(self, row: _Row, default: str) -> str:
        said = row.cells.get(VISIBILITY.name)
        if said in (None, ""):
            return default
        try:
            return checked_visibility(clean_text(str(said)))
        except InputError as error:
            row.wrong(VISIBILITY.name, error)
            return default

    def _new(self, row: _Row) -> Draft | None:
        if row.problems:
            return None
        if self.imported_before and not self.again:
            row.wrong("", _imported_before(self.imported_before))
            return None
        self._check_status(row, self.kind.first_state.name)
        if row.cells.get(REVISION.name) not in (None, ""):
            row.wrong(
                REVISION.name,
                InputError.of(
                    "a revision without a record", expected="the key of the record too",
                    do="give the key, or leave the revision empty",
                ),
            )  # fmt: skip
        values = self._values(row, None, set())
        body = self._followed(
            row, with_own_organisation(self.kind, self.actor, changed_body({}, values)), values
        )
        self._check_files(row, {}, body)
        if not self._may_make(body):
            row.wrong("", _as_input(refusal(self.actor, "create")))
        if not row.problems and not self.kind.first_state.draft:
            row.problems += incomplete(self.kind, body)
        return Draft(body, self.kind.first_state.name, self._circle(row, self.visibility), {})

    def _followed(self, row: _Row, body: dict[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
        try:
            return followed(self.kind, body, values)
        except InvalidRecord as error:
            row.problems += error.problems
            return body

    def _may_make(self, body: Mapping[str, Json]) -> bool:
        organisation = body.get(self.kind.organisation) if self.kind.organisation else None
        region = body.get(self.kind.region) if self.kind.region else None
        if (organisation, region) not in self._allowed:
            subject = Subject(
                kind=self.kind.name, organisation=organisation, region=region, created_by=self.actor.key,
                visibility=cast(Visibility, self.visibility),
            )  # fmt: skip
            self._allowed[organisation, region] = may_create(self.actor, self.kind, subject) and may(
                self.actor, "import", subject
            )
        return self._allowed[organisation, region]

    def _change(self, row: _Row, record: Record, subject: Subject) -> Draft | None:
        if row.problems:
            return None
        said = row.cells.get(REVISION.name)
        if said not in (None, "") and str(said).strip() != str(record.revision):
            row.wrong(REVISION.name, _other_revision(record, str(said)))
        self._check_status(row, record.status)
        circle = reach(self.actor, subject)
        personal = may(self.actor, "read personal", subject)
        hidden = {
            f.name for f in self.fields if circle is None or not changeable(f, circle, personal=personal)
        }
        for name in hidden:
            if any(
                row.cells.get(column.name) not in (None, "")
                for column in self.columns
                if column.field and column.field.name == name
            ):
                row.wrong(
                    name,
                    InputError.of(
                        "you may not change {fields}",
                        expected="fields that you may see",
                        do="leave them out",
                        fields=name,
                    ),
                )
        values = self._values(row, record.body, hidden)
        body = self._followed(row, changed_body(record.body, values), values)
        draft = Draft(body, record.status, self._circle(row, record.visibility), record.provenance)
        if row.problems or (record.body, record.visibility) == (draft.body, draft.visibility):
            return draft
        self._check_change(row, record, subject, draft)
        return draft

    def _check_change(self, row: _Row, record: Record, subject: Subject, draft: Draft) -> None:
        state = self.kind.state(record.status)
        if record.merged_into_id is not None or not state.editable:
            row.wrong(
                "",
                InputError.of(
                    "a {kind} that is {status!r} can no longer be changed", expected="a state that allows it",
                    do="make a transition first, if one leads back", kind=self.kind.name, status=record.status,
                ),
            )  # fmt: skip
        elif not (may(self.actor, "edit", subject) and may(self.actor, "import", subject)):
            row.wrong("", _as_input(refusal(self.actor, "edit this record")))
        organisation = (
            draft.body.get(self.kind.organisation) if self.kind.organisation else record.organisation
        )
        region = draft.body.get(self.kind.region) if self.kind.region else record.region
        if (organisation, region) != (record.organisation, record.region) and not may(
            self.actor, "edit", replace(subject, organisation=organisation, region=region)
        ):
            row.wrong("", _as_input(refusal(self.actor, "edit")))
        self._check_files(row, record.body, draft.body)
        if not row.problems and not state.draft:
            row.problems += incomplete(self.kind, draft.body)

    def _check_files(self, row: _Row, before: Mapping[str, Json], after: Mapping[str, Json]) -> None:
        for f in self.fields:
            if isinstance(f, declared.File) and before.get(f.name) != after.get(f.name):
                row.wrong(
                    f.name,
                    InputError.of(
                        "a file cannot be named in a table",
                        expected="the cell as it was",
                        do="attach it to the record",
                    ),
                )

    def _check_status(self, row: _Row, status: str) -> None:
        said = clean_text(str(row.cells.get(STATUS.name) or ""))
        label = self.kind.state(status).label
        if said and said not in (status, label.en, label.zh):
            row.wrong(
                STATUS.name,
                InputError.of(
                    "a row cannot change the state to {status!r}", expected="{now!r}, or an empty cell",
                    do="make a transition of the record", status=said[:40], now=status,
                ),
            )  # fmt: skip

    def _check_links(self, drafts: Sequence[tuple[_Row, Draft | None]]) -> None:
        links = []
        for row, draft in drafts:
            if draft is not None and not row.problems:
                before = row.record.body if row.record is not None else {}
                links.append((row, {n: v for n, v in draft.body.items() if before.get(n) != v}))
        missing = missing_links(self.actor, self.kind, [changes for _, changes in links])
        for (row, _), problems in zip(links, missing, strict=True):
            row.problems += problems


def _no_record(kind: Kind, key: str) -> InputError:
    return InputError.of(
        "there is no {kinds} {key}", expected="the key of a record that you may see",
        do="look it up with `foretrack record list`", kinds=kind.name, key=key[:40],
    )  # fmt: skip


def _other_revision(record: Record, said: str) -> InputError:
    if said.strip().isdecimal() and len(said.strip()) < 10:
        return conflict(record.key, record.revision, int(said))
    return InputError.of(
        "the revision {said} is no number", expected="{now}", do="export the records again", said=found(said),
        now=record.revision,
    )  # fmt: skip


def _imported_before(at: str) -> InputError:
    return InputError.of(
        "this very file was imported at {at}: the record would be made a second time",
        expected="rows with a key or an identifier",
        do="take another file, or say that it shall be imported again", at=at,
    )  # fmt: skip


def _as_input(error: AccessError | ForetrackError) -> InputError:
    what, expected, do = error.sentences
    return InputError.said(what, expected=expected, do=do)

"""Profiles that go to another network or come from one, and tables of anybody brought into our columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from foretrack.domains.exchange.actions.browsing import show_profile
from foretrack.domains.exchange.formats.mapping import TableMapping, mapped, read_mapping
from foretrack.domains.exchange.formats.network import from_network, to_network
from foretrack.foundation.errors import InputError
from foretrack.packs.reading import read_yaml
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create
from foretrack.registry.actions.sheets import BadRow, open_sheet
from foretrack.registry.answers import RecordPage
from foretrack.registry.registry import Registry

MAPPINGS = Path(__file__).parents[1] / "formats" / "mappings"
"""Mappings that come with Foretrack, by the names of their files."""


def network_form(registry: Registry, actor: Actor, key: str, address: str = "") -> dict[str, Any]:
    """A profile in the network's form: its public fields alone, whoever asks, since it goes to others."""
    page = show_profile(registry, actor, key)
    kind = registry.kinds.get(page.kind)
    public = {name: value for name, value in page.values.items() if kind.by_name[name].visibility == "public"}
    return to_network(page.kind, public, page.key, address)


def take_network_form(
    registry: Registry, actor: Actor, given: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> RecordPage:
    """The draft of an offer or a need out of the network's form.

    Args:
        more: values that the form does not have, such as the organisation.

    InputError for a form that cannot be read, and what `create` raises.
    """
    kind, values = from_network(given)
    return create(registry, actor, kind, {**values, **(more or {})})


def known_mapping(name: str) -> TableMapping:
    """A mapping: a file, or one that comes with Foretrack by its name; InputError for neither."""
    path = Path(name)
    if not path.is_file():
        path = MAPPINGS / f"{name}.yml"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in MAPPINGS.glob("*.yml")))
        raise InputError.of(
            "there is no mapping {name!r}", expected="a file, or one of {known}", do="write one as the guide shows",
            name=name[:80], known=known,
        )  # fmt: skip
    return read_mapping(read_yaml(path))


def map_table(
    registry: Registry, file: Path, mapping: TableMapping, more: Mapping[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """The rows of a table (CSV, Excel, Parquet) in the columns of the mapping's kind.

    InputError for a column of the mapping that the kind or the table does not have, and for a file that is no table.
    """
    from foretrack.registry.declaring.columns import columns_of

    kind = registry.kinds.get(mapping.kind)
    known = {column.name for column in columns_of(kind)}
    filled = [*mapping.constants, *(more or {}), *(rule.column for rule in mapping.columns)]
    if stray := [name for name in filled if name not in known]:
        raise InputError.of(
            "{kind} has no column {name!r}", expected="one of {known}", do="correct the mapping", kind=kind.name,
            name=stray[0][:40], known=", ".join(sorted(known)),
        )  # fmt: skip
    return mapped(_rows(file, mapping), mapping, registry.now().date(), more)


def _rows(file: Path, mapping: TableMapping) -> Iterator[Mapping[str, Any]]:
    if not file.is_file():
        raise InputError.of(
            "there is no file {file}", expected="a table", do="correct the name", file=str(file)
        )
    with file.open("rb") as opened:
        begins = opened.read(4)
    if begins == b"PAR1":
        from pyarrow import parquet

        for batch in parquet.ParquetFile(file).iter_batches(1000):
            yield from batch.to_pylist()
        return
    theirs = {name for rule in mapping.columns for name in (rule.source, rule.otherwise) if name}
    with open_sheet(file, lambda name: name in theirs) as sheet:
        for row in sheet.rows:
            if isinstance(row, BadRow):
                raise row.error
            yield dict(zip(sheet.header, row[1], strict=False))


def columns_in_order(mapping: TableMapping, more: Iterable[str]) -> list[str]:
    """The columns that a mapped table has."""
    return list(dict.fromkeys([*mapping.constants, *more, *(rule.column for rule in mapping.columns)]))

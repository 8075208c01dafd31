"""Where Ibis expressions run: DuckDB in this process, or a Spark Connect server.

The one keeper of Spark: no other module may import pyspark. DuckDB's connections are made here too; Arrow tables go in
(`upload`), Parquet files are read in place (`read`) and Arrow tables come out (`fetch`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pyarrow as pa

from foretrack.foundation.errors import InputError, OutsideError

VARIABLE = "FORETRACK_ENGINE"
_ADDRESS = re.compile(r"sc://(?P<host>\[[0-9A-Fa-f:]+\]|[^\s/:;\[\]]+):(?P<port>[0-9]{1,5})(?:/(?:;\S*)?)?")
_COPIED_BYTES = 512 << 20
_PATIENCE_SECONDS = 10.0
"""How long a server may take to accept a connection: longer than any network, shorter than a user's patience."""


class Engine(Protocol):
    """What runs expressions. Tables of two engines, or of two connections, cannot be joined."""

    name: str
    """"duckdb" or "spark"."""
    rows_at_once: int
    """Documents whose texts are sorted together; larger views go through ranges of ids."""
    counted_at_once: int
    """Documents that are counted together; larger views are counted range by range and added up."""

    def read(self, paths: Sequence[str], name: str) -> Any:
        """Ibis table of Parquet files of one schema."""

    def upload(self, table: pa.Table, name: str) -> Any:
        """Ibis table of rows that are in memory here; gone with the engine."""

    def fetch(self, expression: Any) -> pa.Table:
        """The rows of a table expression, in whatever order; OutsideError when the engine fails."""


def open_engine(
    address: str | None = None, *, threads: int | None = None, memory: str | None = None
) -> Engine:
    """The engine at a Spark Connect address (`sc://host:port`), or DuckDB in this process for None.

    Args:
        threads: of DuckDB; None means all processors.
        memory: what DuckDB may hold before it writes to disk ("2GB").

    InputError for an address that is none or when pyspark is not installed; OutsideError (retryable) when no server
    answers there. Never another engine than the one asked for.
    """
    if address is None:
        return LocalEngine(threads, memory)
    return SparkEngine(check_address(address))


def check_address(address: str) -> str:
    """The address as given; InputError when it is no Spark Connect address.

    >>> check_address("sc://cluster.example:15002")
    'sc://cluster.example:15002'
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise InputError(
            f"{VARIABLE} is {address!r}, which is no address of a Spark Connect server",
            expected="sc://host:port, as sc://localhost:15002",
            do=f"correct {VARIABLE}, or unset it to count on this machine",
        )
    return address


class LocalEngine:
    """DuckDB in this process and memory, on a connection of its own."""

    name = "duckdb"
    rows_at_once = 65_536
    """About 100 MB of titles and abstracts."""
    counted_at_once = 262_144
    """About 700 MB of mentions of long abstracts."""

    def __init__(self, threads: int | None = None, memory: str | None = None) -> None:
        import ibis

        self._connection = ibis.duckdb.connect()
        settings = [
            "enable_external_file_cache = false",
            "parquet_metadata_cache = true",
            "preserve_insertion_order = false",
            # DuckDB writes a bar to stdout when a query takes two seconds, into the middle of what --json says.
            "enable_progress_bar = false",
            *([f"threads = {threads}"] if threads else []),
            *([f"memory_limit = '{memory}'"] if memory else []),
        ]
        for setting in settings:
            self._connection.raw_sql(f"SET {setting}")

    def read(self, paths: Sequence[str], name: str) -> Any:
        """As `Engine.read`."""
        return self._connection.read_parquet(list(paths), table_name=_unique(name))

    def upload(self, table: pa.Table, name: str) -> Any:
        """As `Engine.upload`."""
        return self._connection.create_table(_unique(name), table, temp=True)

    def fetch(self, expression: Any) -> pa.Table:
        """As `Engine.fetch`."""
        found: pa.Table = expression.to_pyarrow()
        return found


class SparkEngine:
    """A Spark Connect server, which must see the corpus under the same path as this process."""

    name = "spark"
    rows_at_once = counted_at_once = 1 << 62
    """A cluster divides its work itself."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._known: dict[tuple[str, ...], Any] = {}
        _reach(address)
        session_type = _session_type()
        import ibis

        with self._errors():
            self._session = session_type.builder.remote(address).create()
            # The forms of 100,000 concepts are larger than what Spark copies to its workers by itself (10 MB); without
            # the copy it would shuffle every word of every document.
            self._session.conf.set("spark.sql.autoBroadcastJoinThreshold", str(_COPIED_BYTES))
            self._connection = ibis.pyspark.connect(self._session)

    def read(self, paths: Sequence[str], name: str) -> Any:
        """As `Engine.read`; OutsideError when the server does not see the files."""
        whole = [str(Path(path).resolve()) for path in paths]
        if tuple(whole) in self._known:
            return self._known[tuple(whole)]
        view = _unique(name)
        from pyspark.errors import PySparkException

        try:
            self._session.read.parquet(*whole).createOrReplaceTempView(view)
            table = self._connection.table(view)
            # Sail finds nothing in a folder that it does not see, and says nothing.
            reason = "" if table.columns else "it finds no files there"
        except PySparkException as error:
            reason = _first_line(error)
        if reason:
            raise OutsideError(
                f"the engine at {self.address} cannot read {Path(whole[0]).parent}: {reason}",
                expected="a server that sees the workspace's folder under the same path",
                do=f"put the workspace where both see it, or unset {VARIABLE} (docs/scaling.md)",
            )
        # Parts never change, so the server need not look at them for every view.
        self._known[tuple(whole)] = table
        return table

    def upload(self, table: pa.Table, name: str) -> Any:
        """As `Engine.upload`."""
        view = _unique(name)
        with self._errors():
            if len(table):
                rows = self._session.createDataFrame(table)
            else:
                from pyspark.sql.pandas.types import from_arrow_schema

                rows = self._session.createDataFrame([], from_arrow_schema(table.schema))
            rows.createOrReplaceTempView(view)
            return self._connection.table(view)

    def fetch(self, expression: Any) -> pa.Table:
        """As `Engine.fetch`."""
        with self._errors():
            # As Arrow all the way: Ibis would go through pandas, which makes floats of numbers with gaps.
            found = self._session.sql(self._connection.compile(expression)).toArrow()
            wanted: pa.Schema = expression.schema().to_pyarrow()
            table: pa.Table = found.select(wanted.names).cast(wanted)
            return table

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from pyspark.errors import PySparkException

        try:
            yield
        except PySparkException as error:
            raise OutsideError(
                f"the engine at {self.address} failed: {_first_line(error)}",
                expected="a running Spark Connect server (4.0)",
                do=f"look at the server's log and run the command again, or unset {VARIABLE} to count here",
                retryable=True,
            ) from error


def _session_type() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError(
            f"{VARIABLE} is set, but the Spark client is not installed ({error})",
            expected="pyspark-client 4.0",
            do='install it with `pip install "foretrack[spark]"`',
        ) from error
    return SparkSession


def _reach(address: str) -> None:
    """Returns when something listens there. The client itself would try for ten minutes."""
    import socket

    match = _ADDRESS.fullmatch(address)
    assert match is not None
    try:
        socket.create_connection((match["host"].strip("[]"), int(match["port"])), _PATIENCE_SECONDS).close()
    except OSError as error:
        raise OutsideError(
            f"no Spark Connect server answers at {address}: {error.strerror or error}",
            expected="a running server at that address",
            do=f"start it, correct {VARIABLE}, or unset it to count on this machine",
            retryable=True,
        ) from error


def _unique(name: str) -> str:
    # Two views of one server may be asked for at once.
    return f"foretrack_{name}_{uuid4().hex}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]

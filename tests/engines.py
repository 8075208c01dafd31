"""Engines that tests count on beside DuckDB: Sail in every run, Spark with its JVM where `.ci/run` brings one."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SPARK_HOME = "FORETRACK_TEST_SPARK_HOME"
"""Folder of a full pyspark 4.0 (`site-packages/pyspark`), with `bin/` and `jars/`."""
_JVM_SECONDS = 180


THERE = ["sail", pytest.param("spark", marks=pytest.mark.spark_jvm)]
"""What a test is parametrised with that counts on a Spark Connect server; `address_of` starts it."""


def address_of(name: str, request: pytest.FixtureRequest) -> str:
    """The address of a server of THERE, started when it is first asked for."""
    address: str = request.getfixturevalue(f"{name}_address")
    return address


@pytest.fixture(scope="session")
def sail_address() -> Iterator[str]:
    """Sail, in a thread of this process."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    yield f"sc://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(scope="session")
def spark_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Spark of its own, with its JVM."""
    folder = tmp_path_factory.mktemp("spark")
    home = Path(os.environ[SPARK_HOME])
    (jar,) = (home / "jars").glob("spark-connect_2.13-*.jar")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.port": port,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 2,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": folder,
        "spark.log.level": "ERROR",
    }
    command = [home / "bin/spark-submit", "--master", "local[2]", "--driver-memory", "1g"]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", jar]
    # In a folder of its own: a spark-warehouse that an earlier run left makes the next one fail.
    own = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(list(map(str, command)), cwd=folder, env=own, stdout=log, stderr=log)
        try:
            for _ in range(_JVM_SECONDS):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert server.poll() is None, (folder / "log").read_text(errors="replace")[-3000:]
                time.sleep(1)
            yield f"sc://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)

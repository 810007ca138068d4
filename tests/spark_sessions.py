"""Sessions of Spark to test with: Sail, which needs no Java, and Spark itself where Java is."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = Path(__file__).parents[1] / "python"


@contextmanager
def sail() -> Iterator[Any]:
    """A session of a Sail server in this process."""
    pytest.importorskip("pysail", reason="Sail is not installed")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    with warnings.catch_warnings():
        # Of pandas 3, which Spark does not know yet.
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        session = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").create()
        try:
            yield session
        finally:
            session.stop()
            server.stop()


@contextmanager
def classic(master: str, **settings: str) -> Iterator[Any]:
    """A session of Spark itself, with workers that import this package."""
    pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java")
    if not (Path(pyspark.__file__).parent / "jars").exists():
        pytest.skip("this PySpark is the client alone")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        # Else workers are whatever python3 is on the path.
        os.environ["PYSPARK_PYTHON"] = sys.executable
        # A session of Connect in this process leaves word that there is no other kind.
        for name in ("SPARK_CONNECT_MODE_ENABLED", "SPARK_REMOTE", "SPARK_LOCAL_REMOTE"):
            os.environ.pop(name, None)
        built = SparkSession.builder.master(master)
        given = {
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.session.timeZone": "Asia/Kolkata",
            "spark.executorEnv.POLARS_MAX_THREADS": "1",
            "spark.executorEnv.PYTHONPATH": os.pathsep.join([str(ROOM), os.environ.get("PYTHONPATH", "")]),
        }
        for name, value in (given | settings).items():
            built = built.config(name, value)
        session = built.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        try:
            yield session
        finally:
            session.stop()

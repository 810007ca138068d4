"""What must hold of the package wherever it is installed holds here too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dialnexa_routing
import smoke

SCRIPT = Path(__file__).with_name("smoke.py")


def test_the_package_under_test_is_the_one_that_is_meant() -> None:
    # `make wheels` names the folder of the environment that the wheel was installed into.
    inside = os.environ.get("INSTALLED_IN")
    assert dialnexa_routing.__version__ in smoke.place(Path(inside) if inside else None)


def test_r54_threads_get_what_one_thread_gets() -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(dialnexa_routing.__file__).parents[1])}
    command = [sys.executable, "-W", "error", str(SCRIPT), "--rounds", "9"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].endswith("72 times everything by threads")

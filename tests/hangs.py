"""When a test counts as hung: never for being slow, on however busy a machine.

A process that a test starts gets `HANG_S`. The test itself gets more, by ``faulthandler_timeout`` in
pyproject.toml: then the stacks of all threads are shown, and pytest ends. Nothing else in the tests
looks at a clock: races are settled by pipes, events and counts, and speed is measured in ``benches``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialnexa_routing.files import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

HANG_S = 600


@pytest.fixture(scope="session", autouse=True)
def patient_sandbox() -> Iterator[None]:
    """The process that a file is tried in may wait for a processor as long as anything else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "_START_S", HANG_S)
        yield

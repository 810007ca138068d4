"""What all tests share: databases of the store, profiles of hypothesis, invented numbers, and no clock.

The profiles are quick for people, repeatable where ``CI`` is set, five times as many examples in ``make
nightly``, and ``long`` for a property that somebody works on, which is
``pytest --hypothesis-profile=long -o faulthandler_timeout=36000``.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from counts import times
from hangs import patient_sandbox
from invented_numbers import every_number_can_be_one
from postgres import place, server, store

__all__ = ["every_number_can_be_one", "patient_sandbox", "place", "server", "store"]

# Neither a slow example nor slow drawing is a fault: the machine may be busy.
settings.register_profile(
    "fast", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40
)
settings.register_profile("ci", settings.get_profile("fast"), derandomize=True, print_blob=True)
settings.register_profile("long", settings.get_profile("fast"), max_examples=3000)
settings.register_profile("nightly", settings.get_profile("fast"), max_examples=times(40, 200))
settings.load_profile("nightly" if os.environ.get("NIGHTLY") else "ci" if os.environ.get("CI") else "fast")

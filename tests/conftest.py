"""Profiles of hypothesis: quick for people, repeatable where ``CI`` is set, ``long`` for a night.

The last one by ``pytest --hypothesis-profile=long``.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("fast", deadline=None, max_examples=40)
settings.register_profile("ci", settings.get_profile("fast"), derandomize=True, print_blob=True)
settings.register_profile("long", settings.get_profile("fast"), max_examples=3000)
settings.load_profile("ci" if os.environ.get("CI") else "fast")

"""What all tests share: the databases of the store, and the profiles of hypothesis.

Those are quick for people, repeatable where ``CI`` is set, and ``long`` for a night, which is
``pytest --hypothesis-profile=long``.
"""

from __future__ import annotations

import os

from hypothesis import settings

from postgres import place, server, store

__all__ = ["place", "server", "store"]

settings.register_profile("fast", deadline=None, max_examples=40)
settings.register_profile("ci", settings.get_profile("fast"), derandomize=True, print_blob=True)
settings.register_profile("long", settings.get_profile("fast"), max_examples=3000)
settings.load_profile("ci" if os.environ.get("CI") else "fast")

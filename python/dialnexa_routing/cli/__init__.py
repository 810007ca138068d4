"""The command line: one module a verb, over the same functions that Python callers use.

A verb answers on stdout, says what went wrong in one sentence on stderr, and returns its exit code.
Polars is imported by the verbs that read tables, when they run, so that the others start quickly.
"""

from dialnexa_routing.cli.application import app

__all__ = ["app"]

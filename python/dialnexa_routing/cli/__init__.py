"""The command line: one module a verb, over the same functions that Python callers use.

A verb answers on stdout, says what went wrong in one sentence on stderr, and returns its exit code.
Verbs are imported when they are asked for, and Polars by those that read tables, when they run, so that the
others start quickly.
"""

"""Runs a reader in a process of its own, with limits on memory and time.

Some readers do not raise on a hostile file: they abort, or take memory until the system kills
somebody. In a child process that costs the child. It is started afresh and never forked, because
the threads of Polars do not survive a fork.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing import spawn
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from dialnexa_routing.files.sandbox import serve; serve(*sys.argv[2:])"
)
_ALONE = {"POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1", "RUST_BACKTRACE": "0"}
_NO_MEMORY = "memory allocation of"  # the last words of Rust
_START_S = 20  # of wall time, for a child that waits for a processor


class ReaderError(Exception):
    """The child did not answer; the message is a clause that states why."""


@dataclass(frozen=True)
class Limits:
    """What a reader may use: bytes beyond what importing it takes, and seconds of a processor."""

    memory: int
    seconds: int


def run(task: Callable[..., list[bytes]], data: bytes, limits: Limits, *arguments: str) -> list[bytes]:
    """What `task`, a function of a module, makes of `data` and `arguments` in a process of its own.

    Raises `ReaderError` when it raised, broke down, or wanted more than `limits`. Memory is limited
    where the system knows what a process uses, which is Linux; time is limited everywhere.
    """
    executable = spawn.get_executable()
    if not executable:
        raise ReaderError(
            "no Python interpreter is known to start its reader with: call multiprocessing.set_executable"
        )
    command = [os.fsdecode(executable), "-I", "-c", _PROGRAM, json.dumps(sys.path)]
    command += [task.__module__, task.__name__, str(limits.memory), str(limits.seconds), *arguments]
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=_START_S + 4 * limits.seconds,
            env={**os.environ, **_ALONE},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReaderError(_too_long(limits)) from None
    except OSError as error:
        raise ReaderError(f"its reader cannot be started: {error}") from error
    if done.returncode:
        raise ReaderError(_last_words(done.returncode, done.stderr, limits))
    head, _, body = done.stdout.partition(b"\n")
    answer = json.loads(head)
    if answer["failed"] is not None:
        raise ReaderError(answer["failed"] or _too_large(limits))
    view, parts = memoryview(body), []
    for size in answer["sizes"]:
        parts.append(bytes(view[:size]))
        view = view[size:]
    return parts


def serve(module: str, name: str, memory: str, seconds: str, *arguments: str) -> None:
    """The child: bytes from stdin through the task, and what became of them to stdout."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever else prints must not stand among the answer
        task = getattr(importlib.import_module(module), name)
        _limit(int(memory), int(seconds))
        _answer(lambda data: task(data, *arguments), out)


def _answer(task: Callable[[bytes], list[bytes]], out: BinaryIO) -> None:
    failed: str | None = None
    parts: list[bytes] = []
    try:
        parts = task(sys.stdin.buffer.read())
    except MemoryError:
        failed = ""
    except BaseException as error:  # a panic of Rust is no Exception
        failed = next(iter(str(error).splitlines()), "") or type(error).__name__
    out.write(json.dumps({"failed": failed, "sizes": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        out.write(part)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix; the parent's clock is left
        return
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, seconds + 1)
    usage = Path("/proc/self/statm")
    if usage.exists():
        # Data and not address space: Polars and its allocator reserve far more than they ever touch.
        pages = int(usage.read_text().split()[5])
        _lower(resource.RLIMIT_DATA, pages * resource.getpagesize() + memory)


def _lower(what: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # a system that does not know this limit
        resource.setrlimit(what, (most, hard))


def _last_words(code: int, said: bytes, limits: Limits) -> str:
    """Why a child ended without an answer, as a clause."""
    text = said.decode("utf-8", errors="replace")
    if -code == getattr(signal, "SIGXCPU", None):
        return _too_long(limits)
    if _NO_MEMORY in text or "MemoryError" in text or -code == getattr(signal, "SIGKILL", None):
        return _too_large(limits)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"its reader broke down, {how}{': ' + lines[-1][:200] if lines else ''}"


def _too_long(limits: Limits) -> str:
    return f"reading it takes longer than the {limits.seconds} s that a file of its size may take"


def _too_large(limits: Limits) -> str:
    return f"reading it takes more than the {limits.memory >> 20} MB that a file of its size may take"

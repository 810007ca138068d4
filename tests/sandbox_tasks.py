"""What a reader may do to the process it runs in, done on purpose and without any file."""

from __future__ import annotations

import os
import signal
import sys
from time import sleep


class PanicError(BaseException):
    """As a panic of Rust is: no Exception."""


def turned(data: bytes, *more: str) -> list[bytes]:
    return [data[::-1], b"", b"\n" + data]


def arguments(data: bytes, *more: str) -> list[bytes]:
    return [data, *(text.encode() for text in more)]


def loud(data: bytes, *more: str) -> list[bytes]:
    print("this is not the answer", flush=True)
    os.write(1, b"nor is this\n")
    return [data]


def environment(data: bytes, *more: str) -> list[bytes]:
    return [os.environ.get(name, "").encode() for name in data.decode().split()]


def raises(data: bytes, *more: str) -> list[bytes]:
    raise ValueError("the third cell is odd\nand more that nobody wants to read")


def panics(data: bytes, *more: str) -> list[bytes]:
    raise PanicError


def aborts(data: bytes, *more: str) -> list[bytes]:
    print("thread 'main' gave up", file=sys.stderr, flush=True)
    os.abort()


def leaves(data: bytes, *more: str) -> list[bytes]:
    os._exit(3)


def takes_memory(data: bytes, *more: str) -> list[bytes]:
    return [bytes(64 << 20)[:1]]


def aborts_for_memory(data: bytes, *more: str) -> list[bytes]:
    """As programs in Rust do, which cannot be told otherwise."""
    print("memory allocation of 5 bytes failed", file=sys.stderr, flush=True)
    os.abort()


def is_killed(data: bytes, *more: str) -> list[bytes]:
    """As the system does where memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def computes_for_ever(data: bytes, *more: str) -> list[bytes]:
    while True:
        pass


def waits_for_ever(data: bytes, *more: str) -> list[bytes]:
    while True:
        sleep(3600)

"""Opening of files that somebody names: what never ends, or makes its reader wait, is no file.

A named pipe without a writer holds whoever opens it for ever, and a device as ``/dev/zero`` never
ends. Every opener of this package looks here first; those that hand a path to another library call
`refuse_endless`, the others take `opened` or `read_whole`, which look at what they hold itself.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dialnexa_routing.text.errors import FileError, RoutingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

_PIECE = 1 << 20
_KINDS = {
    stat.S_IFIFO: "pipe",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFSOCK: "socket",
}
# Of a pipe the opening alone would wait; on a file it changes nothing.
_HOW = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def is_endless(path: str | os.PathLike[str]) -> bool:
    """Whether there is a pipe, a device or a socket at `path`, or at what a link there leads to."""
    return _kind(path) is not None


def refuse_endless(path: str | os.PathLike[str], error: type[RoutingError] = FileError) -> None:
    """Raises `error` for a pipe, a device or a socket; what is not there is left to whoever opens it."""
    kind = _kind(path)
    if kind is not None:
        raise error(f"{path} is a {kind} and no file: give a file")


def opened(path: str | os.PathLike[str], error: type[RoutingError] = FileError) -> BufferedReader:
    """The file at `path`, open for reading bytes.

    Raises:
        OSError: it is not there, is a folder, or may not be read, by its usual subclass.
        FileError: it is a pipe, a device or a socket; another class if `error` is given.
    """
    handle = os.open(path, _HOW)
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        kind = _KINDS.get(stat.S_IFMT(mode))
        if kind is not None:
            raise error(f"{path} is a {kind} and no file: give a file")
        return open(handle, "rb")  # noqa: PTH123 (of a handle there is no path)
    except BaseException:
        os.close(handle)
        raise


@contextmanager
def naming(path: str | os.PathLike[str], *, instead_of: str | None = None) -> Iterator[None]:
    """Errors of the system that name no file, as those of reading and writing do, name `path` from here on.

    So do those of a file of the name `instead_of`, as of a draft.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename not in (None, instead_of):
            raise
        # Of the class that the number has.
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def read_whole(path: str | os.PathLike[str], most: int, error: type[RoutingError] = FileError) -> bytes:
    """The bytes of a file, counted while they are read: what a directory states of a size may not hold.

    Args:
        path: of the file.
        most: bytes it may have.
        error: what is raised for a larger one, and for what is no file.

    Raises:
        OSError: it cannot be read.
        FileError: it has more bytes than `most`, or is a pipe, a device or a socket.
    """
    pieces: list[bytes] = []
    left = most
    with naming(path), opened(path, error) as file:
        # Nearly always the first piece is the whole of it, and is handed on without a copy.
        size = max(_PIECE, min(os.fstat(file.fileno()).st_size, most) + 1)
        while piece := file.read(size):
            left -= len(piece)
            if left < 0:
                raise error(f"{os.path.basename(path)} is larger than {_size(most)}: split it")  # noqa: PTH119 (a str as well)
            pieces.append(piece)
            size = _PIECE
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _kind(path: str | os.PathLike[str]) -> str | None:
    try:
        return _KINDS.get(stat.S_IFMT(os.stat(path).st_mode))  # noqa: PTH116 (pathlib is slower to import)
    except (OSError, ValueError):  # a NUL in the name, say: whoever opens it has the words
        return None


def _size(count: int) -> str:
    for shift, unit in ((30, "GB"), (20, "MB"), (10, "kB")):
        if count and count % (1 << shift) == 0:
            return f"{count >> shift} {unit}"
    return f"{count} bytes"

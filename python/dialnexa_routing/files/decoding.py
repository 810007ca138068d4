"""In which encoding the bytes of a text are, and those bytes as UTF-8."""

from __future__ import annotations

import codecs

from dialnexa_routing import _deck
from dialnexa_routing.text.errors import FileError

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_WIDE = ("utf-16", "utf-32")
_HEAD_BYTES = 1 << 20
FALLBACK = "cp1252"
"""What a text is read as that is no UTF-8 and of which nobody named the encoding."""


def known_encoding(name: str) -> str:
    """The plain name of an encoding of text.

    Raises `FileError` for a name that no encoding has.

    >>> known_encoding("CP1251"), known_encoding("utf8"), known_encoding("UTF-8-sig")
    ('cp1251', 'utf-8', 'utf-8')
    """
    try:
        "".encode(name)
        found = codecs.lookup(name).name
    except LookupError:
        raise FileError(
            f"encoding={name!r} is no encoding of text: pass one as 'cp1251', 'gb18030' or 'latin-1'"
        ) from None
    return "utf-8" if found == "utf-8-sig" else found


def marked(head: bytes) -> str | None:
    r"""The encoding that the first bytes of a text name by themselves: a mark, or the zeros of UTF-16.

    >>> marked(b"\xef\xbb\xbfto"), marked("to,".encode("utf-16-le")), marked(b"to,seconds")
    ('utf-8', 'utf-16-le', None)
    """
    found = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if found is not None:
        return found
    sample = head[:2000]
    for start, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        # ASCII characters leave most of every other byte zero.
        if 2 * sample[start::2].count(0) > len(sample) // 2 > 4 * sample[1 - start :: 2].count(0):
            return encoding
    return None


def chosen(head: bytes, file: str, encoding: str | None) -> str | None:
    """The encoding of a text that begins with `head`: by itself, else by the caller, else None.

    Raises `FileError` when both state something and do not agree.
    """
    own = marked(head)
    if encoding is None:
        return own
    given = known_encoding(encoding)
    if own is None or given == own or (own in _WIDE and given.startswith(own)):
        return given if own is None else own
    raise FileError(f"{file} begins as {own} does, and encoding={encoding!r} says otherwise: leave it out")


def decoded(data: bytes, file: str, encoding: str | None = None) -> tuple[bytes, str]:
    r"""The text in `data` as UTF-8 without a mark, and the encoding it was in.

    Args:
        data: the whole of it.
        file: its name, for errors.
        encoding: as the caller states, as 'cp1251'. None is what the text states itself, else UTF-8,
            else Windows-1252.

    Raises:
        FileError: it is no text in that encoding.

    >>> decoded("₹ Großbritannien".encode(), "a.csv")[1], decoded(b"Gro\xdf", "a.csv")
    ('utf-8', (b'Gro\xc3\x9f', 'cp1252'))
    """
    found = chosen(data[:_HEAD_BYTES], file, encoding)
    if found is None and b"\0" in data[:_HEAD_BYTES]:
        raise FileError(f"{file} is not text, for it holds zero bytes: export it again as UTF-8 CSV")
    if found in (None, "utf-8"):
        plain = data.removeprefix(codecs.BOM_UTF8)
        # Python's own way to know makes a second copy of the text, of up to four times its size.
        fault = None if plain.isascii() else _deck.utf8_fault(plain)
        if fault is None:
            return plain, "utf-8"
        if found is not None:
            cure = "export it again as UTF-8" if encoding is None else "pass another encoding="
            raise FileError(f"{file}: byte {fault} is no utf-8: {cure}")
    try:
        return data.decode(found or FALLBACK).removeprefix("\ufeff").encode(), found or FALLBACK
    except UnicodeDecodeError as error:
        if found is None:
            raise FileError(
                f"{file}: byte {error.start} is neither UTF-8 nor Windows-1252: export it again as UTF-8, or"
                " pass encoding="
            ) from error
        if encoding is not None:
            raise FileError(f"{file}: byte {error.start} is no {found}: pass another encoding=") from error
        raise FileError(f"{file} starts as {found} and breaks off: export it again as UTF-8") from error
    except UnicodeEncodeError as error:  # half a pair of UTF-16, which some encodings let through
        raise FileError(f"{file} holds half a character: export it again as UTF-8") from error

"""Text, JSON, gzip, Parquet and Arrow files that kill, exhaust or mislead those who read them."""

from __future__ import annotations

import gzip
import io
import json
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl

from hostile_workbooks import READ

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = "prefix,country,outbound_rate\n91,India,0.74\n"
_ROW = {"prefix": ["91"], "rate": "0.74"}


def _payload(**more: Any) -> dict[str, Any]:
    return {"country": "India", "country_iso": "IN", "voice": {"outbound": {"rates": [_ROW]}}, **more}


def _json(document: Any) -> bytes:
    return json.dumps(document).encode()


def _nested(depth: int) -> bytes:
    return _json(_payload(country="@")).replace(b'"@"', b"[" * depth + b"]" * depth)


def _written(frame: pl.DataFrame, kind: str = "parquet") -> bytes:
    held = io.BytesIO()
    if kind == "parquet":
        frame.write_parquet(held)
    else:
        frame.write_ipc(held)
    return held.getvalue()


def _frame(rows: int = 50) -> pl.DataFrame:
    return pl.DataFrame(
        {"prefix": [str(9100 + n) for n in range(rows)], "country": "India", "outbound_rate": "0.74"}
    )


def _many_keys(last: str) -> bytes:
    keys = ",".join(f'"k{n}":1' for n in range(600_000))
    return f'{{{keys},"{last}":1}}'.encode()


def _long_footer() -> bytes:
    made = _written(_frame())
    return made[:-8] + (0xFFFFFFF0).to_bytes(4, "little") + b"PAR1"


def _aborting() -> bytes:
    made, chance = bytearray(_written(_frame())), Random(1363)
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(made))
        made[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
    return bytes(made)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


_WIDE = "prefix," + ",".join(f"c{n}" for n in range(19))

TEXTS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "bare CR": (READ, "a.csv", lambda: PLAIN.replace("\n", "\r").encode()),
    "UTF-16, marked": (READ, "a.csv", lambda: PLAIN.encode("utf-16")),
    "UTF-16 LE, not marked": (READ, "a.csv", lambda: PLAIN.encode("utf-16-le")),
    "UTF-16 BE, not marked": (READ, "a.csv", lambda: PLAIN.encode("utf-16-be")),
    "UTF-16 BE, marked": (READ, "a.csv", lambda: b"\xfe\xff" + PLAIN.encode("utf-16-be")),
    "UTF-16 that breaks off": ("breaks off", "a.csv", lambda: PLAIN.encode("utf-16")[:-1]),
    "UTF-16, half a pair": ("breaks off", "a.csv", lambda: PLAIN.encode("utf-16") + b"\x00\xd8"),
    "UTF-32, marked": (READ, "a.csv", lambda: PLAIN.encode("utf-32")),
    "zero bytes": ("zero bytes", "a.csv", lambda: PLAIN.encode() + bytes(5000)),
    "zero bytes far below": ("", "a.csv", lambda: PLAIN.encode() + b"44,UK,1\n" * 200_000 + b"9\0,x,1\n"),
    "20 MB on one line": ("is a header", "a.csv", lambda: b"1" * (20 << 20)),
    "20 MB on one line of many cells": ("columns, more than 256", "a.csv", lambda: b"1," * (10 << 20)),
    "a million columns": ("columns, more than 256", "a.csv", lambda: PLAIN[:6].encode() + b",a" * 1_000_000),
    "a header of 250 odd names": (READ, "a.csv", lambda: _odd_names(250)),
    "a megabyte for a header": ("", "a.csv", lambda: b"x" * (1 << 20) + b"," + PLAIN.encode()),
    "a megabyte in a cell": ("", "a.csv", lambda: PLAIN.encode() + b"44," + b"x" * (2 << 20) + b",1\n"),
    "a prefix of a megabyte": ("", "a.csv", lambda: PLAIN.encode() + b"4" * (2 << 20) + b",UK,1\n"),
    "5 million blank lines": ("hardly anything", "a.csv", lambda: _WIDE.encode() + b"\n" * 5_000_000),
    "2 million commas": ("", "a.csv", lambda: PLAIN.encode() + b"," * 2_000_000),
    "quotation marks, even": ("", "a.csv", lambda: PLAIN.encode() + b'"' * 4_000_000),
    "quotation marks, odd": ("quotation mark", "a.csv", lambda: PLAIN.encode() + b'"' * 4_000_001),
    "one quotation mark": ("quotation mark", "a.csv", lambda: PLAIN.encode() + b'"' + b"4,UK,1\n" * 300_000),
    "a letter under 200,000 accents": (
        "accents",
        "a.csv",
        lambda: ("a" + "\u0315\u0300" * 100_000 + "," + PLAIN).encode(),
    ),
    "the longest range": ("", "a.csv", lambda: PLAIN.encode() + b"0-999999999999999,UK,1\n" * 1000),
    "classes upon classes": ("", "a.csv", lambda: PLAIN.encode() + b"[0-9]" * 15 + b",UK,1\n"),
    "a list of 60,000 prefixes": (
        "",
        "a.csv",
        lambda: PLAIN.encode() + ('"' + ";".join(map(str, range(10**6, 106 * 10**4))) + '",UK,1\n').encode(),
    ),
    "gzip bomb": ("unpacks to more than", "a.csv.gz", lambda: _gzip(bytes(64 << 20))),
    "gzip bomb of text": ("unpacks to more than", "a.csv.gz", lambda: _gzip(PLAIN.encode() * 1_000_000)),
    "gzip within gzip": ("gzip within gzip", "a.csv.gz", lambda: _gzip(_gzip(PLAIN.encode()))),
    "gzip that breaks off": ("damaged gzip", "a.csv.gz", lambda: _gzip(PLAIN.encode())[:-5]),
    "20,000 gzip members": (READ, "a.csv.gz", lambda: _gzip(PLAIN.encode()) + _gzip(b"\n") * 20_000),
}
DOCUMENTS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "JSON, 100,000 deep": ("nested too deeply", "a.json", lambda: _nested(100_000)),
    "JSON, 900 deep": ("nested too deeply", "a.json", lambda: _nested(900)),
    "JSON, 60 deep": ("", "a.json", lambda: _nested(60)),
    "JSON of 600,000 keys": ("no known format", "a.json", lambda: _many_keys("x")),
    "JSON of 600,000 keys, one twice": (
        "'k599999' stands twice",
        "a.json",
        lambda: _many_keys("k599999"),
    ),
    "JSON of 4 million lists": ("MB of memory", "a.json", lambda: b"[" + b"[]," * 4_000_000 + b"[]]"),
    "JSON, UTF-16": (READ, "a.json", lambda: json.dumps(_payload()).encode("utf-16")),
    "JSON, UTF-16, not marked": (READ, "a.json", lambda: json.dumps(_payload()).encode("utf-16-le")),
    "JSON with half a pair": ("half a character", "a.json", lambda: _json(_payload(country="\ud800"))),
    "JSON, a rate of a million digits": (
        "",
        "a.json",
        lambda: _json(_payload()).replace(b'"0.74"', b"9" * 1_000_000),
    ),
    "JSON with infinity": ("not clean JSON", "a.json", lambda: _json(_payload(x=float("inf")))),
    "JSON that breaks off": ("breaks off", "a.json", lambda: _json(_payload())[:-3]),
}
FRAMES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "Parquet, whole": (READ, "a.parquet", lambda: _written(_frame())),
    "Parquet, footer of 4 GB": ("not readable Parquet", "a.parquet", _long_footer),
    "Parquet that breaks off": ("not readable Parquet", "a.parquet", lambda: _written(_frame())[:-20]),
    "Parquet with bytes that made Polars abort": ("", "a.parquet", _aborting),
    "Parquet, 30 million equal rows": (
        "30000000 rows",
        "a.parquet",
        lambda: _written(pl.select(prefix=pl.repeat(91, 30_000_000, dtype=pl.Int8))),
    ),
    "Parquet, a megabyte in each row": (
        "texts come to",
        "a.parquet",
        lambda: _written(_frame(300).with_columns(country=pl.lit("x" * (1 << 20)))),
    ),
    "Parquet of 5,000 columns": (
        "5000 columns",
        "a.parquet",
        lambda: _written(pl.DataFrame({f"c{n}": [1] for n in range(5000)})),
    ),
    "Arrow, whole": (READ, "a.arrow", lambda: _written(_frame(), "ipc")),
    "Arrow that breaks off": ("not readable Arrow", "a.arrow", lambda: _written(_frame(), "ipc")[:-30]),
    "Arrow, a magic and zeros": ("not readable Arrow", "a.arrow", lambda: b"ARROW1\0\0" + bytes(5000)),
}


def _odd_names(count: int) -> bytes:
    names = [f"rate of the {n}th destination per minute beyond" for n in range(count)]
    return f"prefix,country,outbound_rate,{','.join(names)}\n91,India,0.74\n".encode()

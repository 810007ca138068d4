"""Text, JSON, gzip, Parquet and Arrow files that claim too much, break off or mislead; all harmless."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import polars as pl

from odd_files import READ, Case

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


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


_WIDE = "prefix," + ",".join(f"c{n}" for n in range(19))
_PACKED = {"ratio": 20, "gzip_ratio_from": 4096}

TEXTS = {
    "bare CR": Case(READ, lambda: PLAIN.replace("\n", "\r").encode()),
    "UTF-16, marked": Case(READ, lambda: PLAIN.encode("utf-16")),
    "UTF-16 LE, not marked": Case(READ, lambda: PLAIN.encode("utf-16-le")),
    "UTF-16 BE, not marked": Case(READ, lambda: PLAIN.encode("utf-16-be")),
    "UTF-16 BE, marked": Case(READ, lambda: b"\xfe\xff" + PLAIN.encode("utf-16-be")),
    "UTF-16 that breaks off": Case("breaks off", lambda: PLAIN.encode("utf-16")[:-1]),
    "UTF-16, half a pair": Case("breaks off", lambda: PLAIN.encode("utf-16") + b"\x00\xd8"),
    "UTF-32, marked": Case(READ, lambda: PLAIN.encode("utf-32")),
    "zero bytes": Case("zero bytes", lambda: PLAIN.encode() + bytes(5000)),
    "zero bytes far below": Case("", lambda: PLAIN.encode() + b"44,UK,1\n" * 200_000 + b"9\0,x,1\n"),
    "20 MB on one line": Case("is a header", lambda: b"1" * (20 << 20)),
    # Each name of a header makes a column, and columns are dear.
    "a line of more cells than are looked at": Case(
        "columns, more than 256", lambda: b"1," * 3000, limits={"sample_bytes": 4096}
    ),
    "300 columns": Case("300 columns, more than 256", lambda: PLAIN[:6].encode() + b",a" * 299),
    "a header of 250 odd names": Case(READ, lambda: _odd_names(250)),
    "a megabyte for a header": Case("", lambda: b"x" * (1 << 20) + b"," + PLAIN.encode()),
    "a megabyte in a cell": Case("", lambda: PLAIN.encode() + b"44," + b"x" * (2 << 20) + b",1\n"),
    "a cell that is longer than a line may be": Case(
        "a.csv, line 3 has more than 4000 bytes",
        lambda: PLAIN.encode() + b"44," + b"x" * 5000 + b",1\n",
        file="a.csv",
        limits={"line_bytes": 4000},
    ),
    "cells as long as a line may be": Case(
        READ,
        lambda: PLAIN.encode() + b"44," + b"x" * 100 + b",1\n",
        file="a.csv",
        limits={"line_bytes": 110},
    ),
    "a prefix of a megabyte": Case("", lambda: PLAIN.encode() + b"4" * (2 << 20) + b",UK,1\n"),
    "blank lines": Case(
        "hardly anything", lambda: _WIDE.encode() + b"\n" * 1000, limits={"free_cells": 10_000}
    ),
    "2 million commas": Case("", lambda: PLAIN.encode() + b"," * 2_000_000),
    "quotation marks, even": Case("", lambda: PLAIN.encode() + b'"' * 4_000_000),
    "quotation marks, odd": Case("quotation mark", lambda: PLAIN.encode() + b'"' * 4_000_001),
    "one quotation mark": Case("quotation mark", lambda: PLAIN.encode() + b'"' + b"4,UK,1\n" * 300_000),
    # Putting accents in order takes their number squared.
    "a letter under 102 accents": Case("accents", lambda: ("a" + "\u0315\u0300" * 51 + "," + PLAIN).encode()),
    "the longest range": Case("", lambda: PLAIN.encode() + b"0-999999999999999,UK,1\n" * 1000),
    "classes upon classes": Case("", lambda: PLAIN.encode() + b"[0-9]" * 15 + b",UK,1\n"),
    "a list of 60,000 prefixes": Case(
        "",
        lambda: PLAIN.encode() + ('"' + ";".join(map(str, range(10**6, 106 * 10**4))) + '",UK,1\n').encode(),
    ),
}
ARCHIVES = {
    "gzip of zeros": Case("unpacks to more than", lambda: _gzip(bytes(64 << 10)), limits=_PACKED),
    "gzip of text": Case("unpacks to more than", lambda: _gzip(PLAIN.encode() * 2000), limits=_PACKED),
    "gzip of more than is taken": Case(
        "unpacks to more than",
        lambda: _gzip(PLAIN.encode() * 2000),
        limits={"unpacked_bytes": 4096},
    ),
    "gzip within gzip": Case("gzip within gzip", lambda: _gzip(_gzip(PLAIN.encode()))),
    "gzip that breaks off": Case("damaged gzip", lambda: _gzip(PLAIN.encode())[:-5]),
    "20,000 gzip members": Case(READ, lambda: _gzip(PLAIN.encode()) + _gzip(b"\n") * 20_000),
}
DOCUMENTS = {
    # Deeper than the language itself goes, and deeper than we go.
    "JSON, 1,500 deep": Case("nested too deeply", lambda: _nested(1500)),
    "JSON, 100 deep": Case("nested too deeply", lambda: _nested(100)),
    "JSON, 60 deep": Case("", lambda: _nested(60)),
    "JSON of 600,000 keys": Case("no known format", lambda: _many_keys("x")),
    "JSON of 600,000 keys, one twice": Case("'k599999' stands twice", lambda: _many_keys("k599999")),
    # Two bytes each, and sixty once they are objects.
    "JSON of empty lists": Case(
        "MB of memory",
        lambda: b"[" + b"[]," * 20_000 + b"[]]",
        limits={"document_memory": 1 << 20},
    ),
    "JSON of more bytes than are taken": Case(
        "split it",
        lambda: _json(_payload(notes="x" * 5000)),
        limits={"document_bytes": 4096},
    ),
    "JSON, UTF-16": Case(READ, lambda: json.dumps(_payload()).encode("utf-16")),
    "JSON, UTF-16, not marked": Case(READ, lambda: json.dumps(_payload()).encode("utf-16-le")),
    "JSON with half a pair": Case("half a character", lambda: _json(_payload(country="\ud800"))),
    "JSON, a rate of a million digits": Case(
        "", lambda: _json(_payload()).replace(b'"0.74"', b"9" * 1_000_000)
    ),
    "JSON with infinity": Case("not clean JSON", lambda: _json(_payload(x=float("inf")))),
    "JSON that breaks off": Case("breaks off", lambda: _json(_payload())[:-3]),
}
PARQUET = {
    "Parquet, whole": Case(READ, lambda: _written(_frame())),
    "Parquet, footer of 4 GB": Case("not readable Parquet", _long_footer),
    "Parquet that breaks off": Case("not readable Parquet", lambda: _written(_frame())[:-20]),
    "Parquet of 300 columns": Case(
        "1 rows and 300 columns, more than 256 columns",
        lambda: _written(pl.DataFrame({f"c{n}": [1] for n in range(300)})),
    ),
}
ARROW = {
    "Arrow, whole": Case(READ, lambda: _written(_frame(), "ipc")),
    "Arrow that breaks off": Case("not readable Arrow", lambda: _written(_frame(), "ipc")[:-30]),
    "Arrow, a magic and zeros": Case("not readable Arrow", lambda: b"ARROW1\0\0" + bytes(5000)),
    "Arrow of 300 columns": Case(
        "1 rows and 300 columns, more than 256 columns",
        lambda: _written(pl.DataFrame({f"c{n}": [1] for n in range(300)}), "ipc"),
    ),
}
SHEETS = {
    name: case._replace(file=file)
    for file, group in (
        ("a.csv", TEXTS),
        ("a.csv.gz", ARCHIVES),
        ("a.json", DOCUMENTS),
        ("a.parquet", PARQUET),
        ("a.arrow", ARROW),
    )
    for name, case in group.items()
}


def _odd_names(count: int) -> bytes:
    names = [f"rate of the {n}th destination per minute beyond" for n in range(count)]
    return f"prefix,country,outbound_rate,{','.join(names)}\n91,India,0.74\n".encode()

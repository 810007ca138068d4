"""One way from an Asterisk file to charges, in a process of its own: `call_files_child.py TASK FOLDER`."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from call_master import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

READY = "ready.arrow"
_WORLD = Path(__file__).parent.parent / "data" / "world.csv"
_SAID: dict[str, Any] = {"direction": "outbound", "timezone": "Asia/Kolkata"}
_LONGEST = 10
_PAISE = 10_000_000
_TERMS = ("initial_increment_s", "next_increment_s")
_PRICED = ("prefix", "network_group", "country_iso", "country", "outbound_rate", *_TERMS)


def main() -> None:
    task, folder = sys.argv[1], Path(sys.argv[2])
    run = TASKS[task](folder)
    before = _cpu()
    run()
    took = _cpu() - before
    peak = _peak_mb()
    out = folder / f"{task}.parquet"
    answer = (0, 0)  # how many rows have a charge, and what these come to in paise
    if out.exists():
        rows = pl.scan_parquet(out).select((pl.col("charge") * 100).round().cast(pl.Int64).drop_nulls())
        answer = rows.select(pl.len(), pl.col("charge").sum().alias("paise")).collect().row(0)
        out.unlink()
    print(json.dumps([took, peak, answer]))


def prepare(folder: Path) -> None:
    """The deck, its prices for the others, and the ready frame."""
    from dialnexa_routing import CallRecords, RateDeck, RateSheet

    # One price for each prefix, at any time: what the others can look up too.
    priced = RateSheet.read(_WORLD).rows.filter(
        pl.col("outbound_rate").is_not_null(), pl.col("prefix").str.len_bytes() <= _LONGEST
    )
    rows = priced.unique("prefix", keep="last", maintain_order=True).select(_PRICED)
    RateDeck.compile(rows, keep_redundant=True).save(folder / "bench.deck")
    rows.select(
        "prefix",
        nano=(pl.col("outbound_rate") * 10**9).cast(pl.Int64),
        first="initial_increment_s",
        then="next_increment_s",
    ).write_parquet(folder / "prices.parquet")
    calls = CallRecords.read(folder / "Master.csv", **_SAID)
    calls.lazy().sink_ipc(folder / READY)


def _ours(folder: Path) -> Callable[[], None]:
    from dialnexa_routing import CallRecords, RateDeck, records
    from dialnexa_routing.records import call_files

    deck = RateDeck.open(folder / "bench.deck")

    def run() -> None:
        calls = CallRecords.read(folder / "Master.csv", **_SAID)
        lazy, tally = calls.streamed()
        rated = records.rate(lazy, deck=deck)
        call_files.sink(rated, folder / "ours.parquet", check=lambda: calls.check(tally))

    return run


def _lazy(folder: Path) -> Callable[[], None]:
    from dialnexa_routing import CallRecords, RateDeck, records

    deck = RateDeck.open(folder / "bench.deck")

    def run() -> None:
        calls = CallRecords.read(folder / "Master.csv", **_SAID)
        records.rate(calls.lazy(), deck=deck).sink_parquet(folder / "lazy.parquet")

    return run


def _text(folder: Path) -> Callable[[], None]:
    def run() -> None:
        schema = dict.fromkeys(NAMES, pl.String())
        rows = pl.scan_csv(folder / "Master.csv", has_header=False, schema=schema, infer_schema=False)
        # Every cell is made and dropped again, so that the size of memory plays no part.
        rows.with_columns(pl.all().map_batches(_dropped, return_dtype=pl.String, is_elementwise=True)).select(
            pl.all().is_null().sum()
        ).collect(engine="streaming")

    return run


def _dropped(cells: pl.Series) -> pl.Series:
    return cells


def _ready(folder: Path) -> Callable[[], None]:
    from dialnexa_routing import RateDeck, records
    from dialnexa_routing.records import call_files

    deck = RateDeck.open(folder / "bench.deck")

    def run() -> None:
        rated = records.rate(pl.scan_ipc(folder / READY), deck=deck)
        call_files.sink(rated, folder / "ready.parquet")

    return run


def _ready_lazy(folder: Path) -> Callable[[], None]:
    from dialnexa_routing import RateDeck, records

    deck = RateDeck.open(folder / "bench.deck")

    def run() -> None:
        records.rate(pl.scan_ipc(folder / READY), deck=deck).sink_parquet(folder / "ready_lazy.parquet")

    return run


def _pandas(folder: Path) -> Callable[[], None]:
    import pandas as pd

    prices = pl.read_parquet(folder / "prices.parquet")
    price = {prefix: (nano, first, then) for prefix, nano, first, then in prices.iter_rows()}
    lengths = sorted({len(prefix) for prefix in price}, reverse=True)

    def charge(number: str, seconds: int) -> Any:
        for length in lengths:
            found = price.get(number[:length])
            if found is not None:
                nano, first, then = found
                billed = 0 if not seconds else first + max(0, -((first - seconds) // then) * then)
                return (nano * billed * 2 + 60 * _PAISE) // (2 * 60 * _PAISE)
        return None

    def run() -> None:
        calls = pd.read_csv(folder / "Master.csv", header=None, names=NAMES, dtype=str, keep_default_na=False)
        seconds = calls["billsec"].astype("int64").where(calls["disposition"] == "ANSWERED", 0)
        calls["seconds"] = seconds
        for name in ("answer", "end"):
            calls[name] = pd.to_datetime(calls[name].where(calls[name] != ""), format="%Y-%m-%d %H:%M:%S")
            calls[name] = calls[name].dt.tz_localize("Asia/Kolkata").dt.tz_convert("UTC")
        charged = calls.index.isin(calls.groupby("uniqueid")["seconds"].idxmax())
        paise = [charge(number, length) for number, length in zip(calls["dst"], seconds, strict=True)]
        calls["charge"] = pd.Series(paise, dtype="Int64").where(charged)
        # Paise as hundredths: a float is what pandas users have; whole paise below 2**53 come back exactly.
        calls["charge"] = calls["charge"] / 100
        calls.to_parquet(folder / "pandas.parquet")

    return run


def _duckdb(folder: Path) -> Callable[[], None]:
    import duckdb

    threads = os.environ.get("POLARS_MAX_THREADS", "1")
    base = duckdb.connect(config={"threads": int(threads)})
    base.register("made", _intervals(pl.read_parquet(folder / "prices.parquet")))
    base.execute("CREATE TABLE prices AS SELECT * FROM made ORDER BY bound")
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in NAMES)
    query = f"""
        COPY (
            WITH calls AS (
                SELECT *, row_number() OVER () AS place,
                    CASE WHEN disposition = 'ANSWERED' THEN billsec::BIGINT ELSE 0 END AS seconds,
                    try_strptime(answer, '%Y-%m-%d %H:%M:%S') - INTERVAL 330 MINUTE AS answered_at,
                    try_strptime("end", '%Y-%m-%d %H:%M:%S') - INTERVAL 330 MINUTE AS ended_at,
                    rpad(dst, 15, '0')::UBIGINT AS key
                FROM read_csv('{folder / "Master.csv"}', header=false, columns={{{columns}}}, quote='"',
                    escape='"')
            ), legs AS (
                SELECT *,
                    row_number() OVER (PARTITION BY uniqueid ORDER BY seconds DESC, place) = 1 AS charged
                FROM calls
            )
            SELECT legs.* EXCLUDE (key, place), CASE WHEN charged THEN
                ((nano * (CASE WHEN seconds = 0 THEN 0 WHEN seconds <= first THEN first
                  ELSE first + (seconds - first + then_ - 1) // then_ * then_ END) * 2 + 60 * {_PAISE})
                 // (120 * {_PAISE})) / 100 END AS charge
            FROM legs ASOF JOIN prices ON legs.key >= prices.bound
        ) TO '{folder / "duckdb.parquet"}' (FORMAT parquet)
    """

    def run() -> None:
        base.execute(query)

    return run


def _intervals(prices: pl.DataFrame) -> pl.DataFrame:
    """Prefixes as disjoint intervals of fifteen digits, each with the price of the longest one."""
    price = {prefix: row for prefix, *row in prices.iter_rows()}
    ends = {0, *(int(one.ljust(15, "0")) for one in price), *(int(one.ljust(15, "9")) + 1 for one in price)}
    rows = []
    for bound in sorted(ends):
        digits = f"{bound:015}"
        found = next((price[digits[:n]] for n in range(_LONGEST, 0, -1) if digits[:n] in price), None)
        rows.append((bound, *(found or (None, 1, 1))))
    schema = {"bound": pl.UInt64, "nano": pl.Int64, "first": pl.Int64, "then_": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _cpu() -> float:
    took = os.times()
    return took.user + took.system + took.children_user + took.children_system


def _peak_mb() -> float:
    """Of this process since it was started; `wait4` would count what the one that forked it held."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^VmHWM:\s*([0-9]+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


TASKS: dict[str, Callable[[Path], Callable[[], None]]] = {
    "ours": _ours,
    "lazy": _lazy,
    "text": _text,
    "ready": _ready,
    "ready_lazy": _ready_lazy,
    "pandas": _pandas,
    "duckdb": _duckdb,
}


if __name__ == "__main__":
    main()

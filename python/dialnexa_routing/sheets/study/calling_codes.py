"""Which countries a calling code belongs to, to find the prefix that says another country than its row.

A calling code may have several countries (1, 7, 44, 262), and a country several codes. The table is for
doubts only: a row is loaded whatever country it names (quirk 58).
"""

from __future__ import annotations

import polars as pl

from dialnexa_routing.numbers.countries import COUNTRIES

# Rows state these as well, and are right or were once: territories without numbers of their own among the
# countries, and codes that Kosovo was reached by before it had one.
_ALSO = "1 UM; 64 PN; 212 EH; 262 TF; 377 XK; 381 XK; 386 XK; 500 GS; 599 AN; 672 AQ"

_OF_NO_COUNTRY = ("800", "808", "870", "878", "881", "882", "883", "888", "979")

_LONGEST = 3


def owners() -> dict[str, frozenset[str]]:
    """Calling codes and the ISO codes of their countries; those of no country have none.

    >>> sorted(owners()["44"]), owners()["870"]
    (['GB', 'GG', 'IM', 'JE'], frozenset())
    """
    found: dict[str, frozenset[str]] = dict.fromkeys(_OF_NO_COUNTRY, frozenset())
    for country in COUNTRIES.values():
        found[country.calling_code] = found.get(country.calling_code, frozenset()) | {country.iso}
    for line in _ALSO.split(";"):
        code, iso = line.split()
        found[code] = found.get(code, frozenset()) | {iso}
    return found


def with_owners(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the ``calling_code`` that begins their prefix, null if none does, and its ``owners``.

    >>> rows = pl.DataFrame({"prefix": ["9198", "3", "999"]})
    >>> with_owners(rows)["calling_code"].to_list()
    ['91', None, None]
    """
    table = pl.DataFrame(
        [(code, sorted(isos)) for code, isos in owners().items()],
        schema={"calling_code": pl.String, "owners": pl.List(pl.String)},
        orient="row",
    )
    starts = [pl.col("prefix").str.head(length) for length in range(1, _LONGEST + 1)]
    known = table["calling_code"].implode()
    code = pl.coalesce(pl.when(start.is_in(known)).then(start) for start in starts)
    return rows.with_columns(calling_code=code).join(
        table, on="calling_code", how="left", maintain_order="left"
    )

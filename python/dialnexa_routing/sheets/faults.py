"""The list of faults a file gathers while it is read, and the counts beside it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dialnexa_routing.deck.canonical_columns import FAULTS, Severity
from dialnexa_routing.text.scrub import HIDDEN, REPLACED, shown

VALUE_CHARACTERS = 80


@dataclass(frozen=True)
class Counts:
    """What became of everything read, in units of (source row, prefix of its list, origin of its list).

    A row with three prefixes for two origins counts six times, whether it is loaded or refused as
    a whole; a bad item of a list refuses the units it stands in. `noise` is what carries nothing:
    footers, section rows, repeated headers, and units that repeat another one. Blank
    rows, title rows and the header are not rows. Raises `ValueError` when the parts do not add up.

    >>> Counts(read=6, loaded=4, refused=1, noise=1).loaded
    4
    """

    read: int = 0
    loaded: int = 0
    refused: int = 0
    noise: int = 0

    def __post_init__(self) -> None:
        if self.read != self.loaded + self.refused + self.noise:
            raise ValueError(f"{self} does not add up: read must be loaded + refused + noise")

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.read + other.read,
            self.loaded + other.loaded,
            self.refused + other.refused,
            self.noise + other.noise,
        )

    def dropped_as_noise(self, units: int) -> Counts:
        """The same with `units` of the loaded ones found to be noise."""
        return Counts(self.read, self.loaded - units, self.refused, self.noise + units)


class Faults:
    """The faults of one table, gathered column by column and handed out in row order."""

    def __init__(self, file: str, sheet: str | None = None) -> None:
        self.file = file
        self.sheet = sheet
        self._found: list[pl.DataFrame] = []

    def add(
        self,
        rows: pl.Series,
        column: str,
        values: pl.Series,
        reason: str | pl.Series,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """One fault per element of `rows`, with the cell's value as it can be seen."""
        if len(rows):
            self._found.append(
                pl.DataFrame({"row": rows, "value": _shown(values)}).select(
                    file=pl.lit(self.file),
                    sheet=pl.lit(self.sheet, pl.String),
                    row=pl.col("row").cast(pl.UInt32),
                    column=pl.lit(column),
                    value=pl.col("value"),
                    reason=pl.lit(reason),
                    severity=pl.lit(str(severity)),
                )
            )

    def tell(
        self,
        reason: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        severity: Severity = Severity.NOTE,
    ) -> None:
        """One fault of the whole file, or of the one `row` named."""
        short = value if value is None else shown(value[:VALUE_CHARACTERS])
        cells = (self.file, self.sheet, row, column, short, reason, str(severity))
        self._found.append(pl.DataFrame([cells], schema=FAULTS, orient="row"))

    def take(self, other: Faults) -> None:
        """Takes over the faults of another table."""
        self._found.extend(other._found)

    def frame(self) -> pl.DataFrame:
        """All of them as `FAULTS`, by row, those of the whole file first."""
        if not self._found:
            return FAULTS.to_frame()
        return pl.concat(self._found).sort("row", maintain_order=True)


def _shown(values: pl.Series) -> pl.Series:
    """The beginning of each value, without what cannot be seen: the frame of faults is made for people."""
    texts = values.cast(pl.String).str.slice(0, VALUE_CHARACTERS)
    return texts.str.replace_all(HIDDEN, REPLACED) if texts.str.contains(HIDDEN).any() else texts

"""Prefix and origin cells to single items: digits only, at most fifteen, never a leading zero.

A cell may be a list (quirk 1), an item of it a range or a pattern. A bad item is refused alone,
with the reason for its shape. Plain digits are never taken apart, so a column of them costs nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.codes import CodeStyle, decide, is_nanp, read_code
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.intake import Intake, clean
from dialnexa_routing.sheets.cells.patterns import MAX_UNITS, calling_code
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices

PREFIX = r"^[1-9][0-9]{0,14}$"
_SEPARATOR = r"[ \t\u00a0]*(?:[,;|]|[\r\n]+)\s*"
_BLANK_LIST = r"^\+?[1-9][0-9]{0,14}(?:\s+\+?[1-9][0-9]{0,14})+$"
_ANY_CALLER = ("ALL", "ROW")
_SCIENTIFIC = r"^[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+$"
_MAYBE_ABROAD = r"^\+?(?:0|11)"
_NANP_SHAPE = "^[2-9][0-9]{5}$"


def origin_digits(origin: str | None) -> str | None:
    """The caller's digits without plus. Raises `SheetError` when it is not a prefix of a number.

    >>> origin_digits("+91")
    '91'
    """
    if origin is None:
        return None
    digits = origin.strip().removeprefix("+") if isinstance(origin, str) else ""
    if not re.fullmatch("[1-9][0-9]{0,14}", digits):
        raise SheetError(
            f"origin={origin!r} is not a caller's digits: pass them as '91', or None for any caller"
        )
    return digits


def prefixes(intake: Intake, choices: Choices) -> pl.DataFrame:
    """The prefixes of every row: `idx` of the row, `item`, and `reason` if it is refused."""
    frame = _numbered(intake, "prefix")
    plain = intake.plain_prefixes()
    fine = constant(True, frame.height) if plain else frame["raw"].str.contains(PREFIX).fill_null(False)
    header, file = intake.table.header, intake.table.file
    with choices.questions.asking("columns", column="calling_code"):
        calling = _calling_codes(intake, frame, fine)
    special = choices.stripped or choices.calling_code or calling is not None or is_nanp(header)
    if fine.all() and not special and not _may_be_styled(frame["raw"], header.published.get("prefix", "")):
        return frame.select("idx", item="raw", reason=pl.lit(None, pl.String))
    pieces = _split(intake, "prefix", frame.filter(~fine))
    if calling is not None and header.joined:
        blank = pl.col("piece").fill_null("") == ""
        pieces = pieces.with_columns(piece=pl.when(blank).then(pl.lit("")).otherwise("piece"))
    every = pl.concat([frame.filter(fine).select("idx", piece="raw"), pieces.select("idx", "piece")])
    style, remarks = decide(every["piece"].drop_nulls().unique(), header, choices, intake.table.file)
    for remark in remarks:
        intake.faults.tell(remark, column=intake.published("prefix"), severity=Severity.WARNING)
    if style.is_plain and calling is None:
        good = frame.filter(fine).select("idx", item="raw", reason=pl.lit(None, pl.String))
        rest = _read(pieces.with_columns(calling=pl.lit(None, pl.String)), style, file)
        both = pl.concat([good, rest.select("idx", "item", "reason")])
    else:
        ahead = constant(None, intake.height, pl.String) if calling is None else calling
        rest = both = _read(every.with_columns(calling=ahead.gather(every["idx"])), style, file)
    wrong = rest.filter(pl.col("reason").is_not_null())
    rows, name = intake.rows.gather(wrong["idx"]), intake.published("prefix")
    intake.faults.add(rows, name, wrong["piece"].str.replace_all("\x1f", ","), wrong["reason"])
    return both.select("idx", "item", "reason").sort("idx", maintain_order=True)


def origins(intake: Intake, choices: Choices) -> pl.DataFrame:
    """The callers of every row, null for any (quirk 25); `local` marks numbers bought from the provider."""
    frame = _numbered(intake, "origin")
    fine = frame["raw"].str.contains(PREFIX).fill_null(True)
    good = frame.select("idx", item="raw", reason=pl.lit(None, pl.String), local=pl.lit(False))
    if fine.all():
        return good
    rest = _split(intake, "origin", frame.filter(~fine))
    rest = rest.with_columns(item=pl.col("piece").str.strip_prefix("+").str.replace(r"\.0+$", ""))
    local = pl.col("item").str.to_lowercase() == "local"
    rest = rest.with_columns(local=local.fill_null(False), reason=_origin_reason())
    rest = rest.with_columns(
        item=pl.when(_any_caller())
        .then(None)
        .when("local")
        .then(pl.lit(choices.local_origin))
        .otherwise("item")
    )
    wrong = rest.filter(pl.col("reason").is_not_null())
    rows = intake.rows.gather(wrong["idx"])
    intake.faults.add(rows, intake.published("origin"), wrong["piece"], wrong["reason"])
    both = pl.concat([good.filter(fine), rest.select("idx", "item", "reason", "local")])
    return both.sort("idx", maintain_order=True)


def check_size(units: int, file: str) -> None:
    """Raises `SheetError` when lists and patterns would become more units than a rate sheet has."""
    if units > MAX_UNITS:
        raise SheetError(f"{file}: its lists come to more than {MAX_UNITS} prefixes and callers: split it")


def _numbered(intake: Intake, name: str) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"idx": pl.int_range(intake.height, dtype=pl.UInt32, eager=True), "raw": intake.raw(name)}
    )
    return frame if frame.schema["raw"] == pl.String else frame.explode("raw", empty_as_null=True)


def _may_be_styled(raw: pl.Series, published: str) -> bool:
    """Whether a column of digits may want a look: codes dialled from abroad, or of North America alone."""
    head = raw.head(100)
    if head.str.contains(_MAYBE_ABROAD).all() and len(head):
        return True
    return published.lower() != "prefix" and len(head) == 100 and bool(head.str.contains(_NANP_SHAPE).all())


def _calling_codes(intake: Intake, frame: pl.DataFrame, fine: pl.Series) -> pl.Series | None:
    """The calling code to put in front of each row's codes, or None where they are whole (quirks 7, 11)."""
    if not intake.has("calling_code"):
        return None
    header = intake.table.header
    codes = intake.text("calling_code").str.strip_prefix("+").str.replace(r"\.0+$", "")
    stated = codes.drop_nulls()
    if not len(stated) or stated.str.contains("^[A-Za-z]{2,3}$").all():
        return None
    if header.joined or "calling_code" in header.mapped:
        wrong = ~codes.str.contains("^[1-9][0-9]{0,6}$").fill_null(False)
        intake.refuse("calling_code", wrong, "not a calling code: write its digits, as 91")
        return codes.set(wrong, None)
    pairs = (
        pl.DataFrame({"code": frame["raw"], "calling": codes.gather(frame["idx"])}).filter(fine).drop_nulls()
    )
    if not pairs.height:
        return None
    within = pairs.select(pl.col("code").str.starts_with(pl.col("calling"))).to_series()
    name, place = intake.published("calling_code"), intake.table.file
    if 2 * int(within.sum()) <= pairs.height:
        first = pairs.filter(~within).row(0)
        raise SheetError(
            f"{place}: it is unclear whether {first[0]!r} stands behind {first[1]!r} of the column {name!r}:"
            f" pass columns={{'area_code': {intake.published('prefix')!r}, 'calling_code': {name!r}}} to join"
            " them, or columns={'calling_code': None} if the codes are whole (quirk 11)"
        )
    if not within.all():
        reason = f"{int((~within).sum())} codes do not start with the calling code beside them: look at those"
        intake.faults.tell(f"{reason} (quirk 58)", column=name, severity=Severity.WARNING)
    return None


def _read(pieces: pl.DataFrame, style: CodeStyle, file: str) -> pl.DataFrame:
    """One row per prefix, or per piece that gives none; each text is read once."""
    known = pieces.select("piece", "calling").unique()
    # One flat list: Polars looks at each of many short ones as if it were the first it sees.
    reasons: list[str | None] = []
    items: list[str] = []
    places: list[int] = []
    for place, (piece, country) in enumerate(known.iter_rows()):
        codes, reason = read_code(piece or "", country, style)
        reasons.append(reason)
        items += codes
        places += [place] * len(codes)
        check_size(len(items), file)
    found = pl.DataFrame({"place": places, "item": items}, schema={"place": pl.UInt32, "item": pl.String})
    found = found.group_by("place", maintain_order=True).agg("item")
    table = known.with_columns(pl.Series("why", reasons, dtype=pl.String)).with_row_index("place")
    table = table.join(found, on="place", how="left", maintain_order="left").drop("place")
    joined = pieces.join(table, on=["piece", "calling"], how="left", maintain_order="left", nulls_equal=True)
    check_size(int(joined["item"].list.len().sum()), file)
    joined = joined.explode("item", empty_as_null=True)
    if "reason" in joined.columns:
        joined = joined.with_columns(why=pl.coalesce("reason", "why"))
    refused = pl.col("why").is_not_null()
    return joined.select("idx", "piece", item=pl.when(~refused).then("item"), reason="why")


def _split(intake: Intake, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """One row per piece of a list: `idx` and `piece`, as it stands in the cell."""
    cells = clean(frame["raw"], escaped=intake.table.escaped).fill_null("")
    if name == "prefix":
        cells = _held_together(cells)
    whole = cells.str.contains(_SCIENTIFIC)  # 3,73E+11 is no list of 3 and 73E+11
    blanks = _blank_lists(cells)
    listed = frame.filter(blanks)
    if listed.height:
        reason = (
            "blanks alone separate these codes, so they were read as a list: write one code without blanks"
        )
        rows = intake.rows.gather(listed["idx"])
        intake.faults.add(rows, intake.published(name), listed["raw"], reason, Severity.WARNING)
    pieces = cells.str.strip_chars(" ,;|\r\n\t").str.replace_all(_SEPARATOR, ",")
    pieces = pieces.str.replace_all(r"\s+", ",").zip_with(blanks, pieces)
    if name == "origin":
        # Nothing between two separators is no item: it must not open the row to any caller.
        pieces = pieces.str.replace_all(":", ",").str.replace_all(",{2,}", ",")
    listed_pieces = pl.select(
        pl.when(whole).then(pl.concat_list(cells)).otherwise(pieces.str.split(","))
    ).to_series()
    out = frame.select("idx", piece=listed_pieces).with_row_index("cell").explode("piece", empty_as_null=True)
    out = out.with_columns(pl.col("piece").str.strip_chars())
    return _without_lone_areas(out, cells) if name == "prefix" else out


def _held_together(cells: pl.Series) -> pl.Series:
    """`cells` with the separators inside brackets out of the way of the list's own."""
    odd = cells.str.contains(r"[(\[]")
    if not odd.any():
        return cells
    held = [
        re.sub(r"[(\[][^()\[\]]*[)\]]", lambda found: re.sub("[,;|]", "\x1f", found[0]), cell)
        for cell in cells.filter(odd)
    ]
    return cells.scatter(odd.arg_true(), pl.Series(held, dtype=pl.String))


def _blank_lists(cells: pl.Series) -> pl.Series:
    """Cells of codes with only blanks between, each of which starts with the calling code (quirk 4)."""
    several = cells.str.contains(_BLANK_LIST)
    if not several.any():
        return several
    verdicts = []
    for cell in cells.filter(several):
        parts = [part.lstrip("+") for part in cell.split()]
        verdicts.append(all(part.startswith(calling_code(parts[0])) for part in parts))
    return several.scatter(several.arg_true(), pl.Series(verdicts, dtype=pl.Boolean))


def _without_lone_areas(pieces: pl.DataFrame, cells: pl.Series) -> pl.DataFrame:
    """Refuses ``39`` in ``61 38,39``: it may be an area of 61, or a country of its own."""
    doubtful = cells.str.contains(r"^\+?[0-9]+[ \t\u00a0]+[0-9]+ *[,;|\r\n]").arg_true()
    if not len(doubtful):
        return pieces
    first = cells.gather(doubtful).str.extract(r"^\+?([0-9]+)")
    heads = pl.DataFrame({"cell": doubtful.cast(pl.UInt32), "head": first})
    joined = pieces.join(heads, on="cell", how="left", maintain_order="left")
    bare = pl.col("piece").str.strip_prefix("+")
    alone = pl.col("head").is_not_null() & ~bare.str.starts_with(pl.col("head")) & (pl.col("piece") != "")
    told = pl.format("the prefix may be an area of {}, or a code of its own: write each code whole", "head")
    return joined.with_columns(reason=pl.when(alone).then(told))


def _origin_reason() -> pl.Expr:
    """Why an origin is refused; null for a good one. The first shape that fits gives the sentence."""
    item, piece = pl.col("item"), pl.col("piece")
    shapes = [
        (item.str.contains(PREFIX) | _any_caller() | (item.str.to_lowercase() == "local"), None),
        (piece.str.contains(_SCIENTIFIC), "is in scientific notation, which lost its last digits"),
        (item.str.contains("^0[0-9]*$"), "starts with 0: write it with its calling code"),
        (item.str.contains("^[0-9]{16,}$"), "has more than 15 digits: separate the codes"),
        (item.str.contains(r"^[0-9+][0-9+\s]*$"), "has blanks or plus signs inside: write it without them"),
    ]
    reason = pl.lit("the origin holds something other than digits 0-9: write the digits out")
    for fits, sentence in reversed(shapes):
        told = pl.lit(sentence and f"the origin {sentence}", pl.String)
        reason = pl.when(fits).then(told).otherwise(reason)
    return reason


def _any_caller() -> pl.Expr:
    return pl.col("item").str.to_uppercase().is_in(_ANY_CALLER) | (pl.col("item") == "")


def suspicious(prefix: pl.Series) -> pl.Series:
    """Which prefixes look cut to three digits by a spreadsheet (quirk 15)."""
    numbers = _deck.prefix_numbers(prefix)
    value = prefix.cast(pl.UInt64, strict=False) if numbers is None else pl.Series(numbers)
    long = value >= 10**10
    if not long.any():
        return long.fill_null(False)
    return (long & (value % 10**6 == 0)).fill_null(False)

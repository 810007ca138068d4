"""Call records as columns: a frame in, the same frame with its charges out."""

from dialnexa_routing.records.book_rating import recheck
from dialnexa_routing.records.deck_rating import RATED_FIELDS, rated_types
from dialnexa_routing.records.lake_columns import for_lake
from dialnexa_routing.records.longest_calls import longest_calls
from dialnexa_routing.records.rating import rate, rated
from dialnexa_routing.records.rating_options import RatingOptions
from dialnexa_routing.records.stored_row import StoredRow, explain_row

__all__ = [
    "RATED_FIELDS",
    "RatingOptions",
    "StoredRow",
    "explain_row",
    "for_lake",
    "longest_calls",
    "rate",
    "rated",
    "rated_types",
    "recheck",
]

"""Call records as columns: a frame in, the same frame with its charges out."""

from dialnexa_routing.records.rating import RATED_FIELDS, rate, rated, rated_types

__all__ = ["RATED_FIELDS", "rate", "rated", "rated_types"]

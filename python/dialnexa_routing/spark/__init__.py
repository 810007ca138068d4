"""Rating, matching and screening on Spark, classic or Connect: ``pip install 'dialnexa-routing[spark]'``."""

from __future__ import annotations

try:
    import pandas as _pandas  # noqa: F401 - asked for first, so that its absence is one sentence
    import pyarrow as _pyarrow  # noqa: F401
    import pyspark as _pyspark  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"rating on Spark needs {error.name}; install it with: pip install 'dialnexa-routing[spark]'",
        name=error.name,
    ) from error

from dialnexa_routing.spark.deck_reference import DeckRef
from dialnexa_routing.spark.rated_files import rate_files
from dialnexa_routing.spark.spark_columns import match, rate, screen

__all__ = ["DeckRef", "match", "rate", "rate_files", "screen"]

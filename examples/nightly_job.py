"""A night's files rated, resumed after a kill, with the totals by network group printed at the end.

python examples/nightly_job.py calls/ rated/ plivo.deck
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from dialnexa_routing import RateDeck
from dialnexa_routing.job import RatingJob


def main(calls: str, out: str, deck: str) -> int:
    """The exit code: 1 where a file could not be rated."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    report = RatingJob(inputs=Path(calls), output=Path(out), deck=RateDeck.open(deck)).run()
    print(report)
    print(report.totals.head())
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))

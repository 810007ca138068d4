"""What an import brings along: a service that matches numbers pays for no data frames."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dialnexa_routing
from decks import INDIA, deck_of

HEAVY = ("sqlalchemy", "psycopg", "tomli_w", "polars", "pydantic", "pyarrow", "numpy", "pandas", "duckdb")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(dialnexa_routing.__file__).parents[1])}


def fresh(script: str, *arguments: str) -> str:
    """The output of a script in a process of its own, warnings being errors."""
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_importing_the_package_imports_nothing_heavy() -> None:
    script = f"import sys, dialnexa_routing; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert fresh(script) == "[]"


def test_matching_with_a_deck_from_a_file_imports_nothing_heavy(tmp_path: Path) -> None:
    deck_of(INDIA).save(tmp_path / "plan.deck")
    script = (
        "import sys\n"
        "from datetime import datetime, timezone\n"
        "from dialnexa_routing import RateDeck\n"
        "deck = RateDeck.open(sys.argv[1])\n"
        "match = deck.match('+919812345678', at=datetime.now(timezone.utc), direction='outbound')\n"
        "print(match.network_group, match.outbound_rate, deck.counts.entries, len(deck.labels))\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    assert fresh(script, str(tmp_path / "plan.deck")).splitlines() == [
        "India - Mobile 0.75 6 3",
        "[]",
    ]


def test_rating_one_call_imports_no_data_frames(tmp_path: Path) -> None:
    deck_of(INDIA).save(tmp_path / "plan.deck")
    script = (
        "import sys\n"
        "from dialnexa_routing import RateDeck\n"
        "print(RateDeck.open(sys.argv[1]).rate('+919812345678', 61).total, 'polars' in sys.modules)\n"
    )
    assert fresh(script, str(tmp_path / "plan.deck")) == "1.50 False"


@pytest.mark.parametrize("name", dialnexa_routing.__all__)
def test_every_public_name_is_there_and_listed(name: str) -> None:
    assert getattr(dialnexa_routing, name) is not None
    assert name in dir(dialnexa_routing)


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'RateDek'"):
        _ = dialnexa_routing.RateDek


def test_the_compiled_module_is_optimised() -> None:
    """A build with debug assertions warns at import, and here warnings are errors."""
    assert fresh("import dialnexa_routing._deck as deck; print(deck.DECK_FORMAT)") == "4"

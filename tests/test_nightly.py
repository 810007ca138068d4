"""The table of the countable tests names files that are there, and states which are missing."""

from __future__ import annotations

from pathlib import Path

from nightly import RUST, TABLE, unsafe_blocks

UNSAFE = 15
"""What stands in the Rust of this project today; more of it is a decision, and changes this number."""


def test_the_table_names_what_is_there() -> None:
    assert len(TABLE) == 32
    for name, one in TABLE.items():
        for file in one.files:
            assert file == RUST or Path(__file__).with_name(file).exists(), name


def test_unsafe_code_does_not_grow_unseen() -> None:
    assert unsafe_blocks() <= UNSAFE

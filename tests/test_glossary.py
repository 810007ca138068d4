"""The glossary of the documentation is the vocabulary of the design, word for word."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def words(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ") and line.count("|") == 3]


def test_the_glossary_has_the_words_of_the_design() -> None:
    design = (ROOT / "DESIGN.md").read_text().partition("## 6. Vocabulary")[2].partition("## 7")[0]
    assert words((ROOT / "docs" / "glossary.md").read_text()) == words(design)

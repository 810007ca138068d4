"""Every quirk of the reference has a test that bears its number."""

import re
from pathlib import Path


def test_all_65_quirks_have_a_test() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_quirks_*.py"))
    found = {int(number) for number in re.findall(r"^def test_quirk_([0-9]{2})_", text, flags=re.MULTILINE)}
    assert found == set(range(1, 66))

"""A month of invented calls of fifty customers, with all that their bills take; see docs/month-of-bills.md.

Usage: python data/make_month.py FOLDER [CALLS]

Nobody in it is real: names are numbered, telephone numbers are drawn, and the GSTINs are made up with a
check sign that fits.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dialnexa_routing.billing.gstin import STATES, check_sign

CUSTOMERS = 50
CALLS = 2_000_000
BEGIN = datetime(2026, 10, 31, 18, 30, tzinfo=UTC)  # the first of November in Kolkata
DAYS = 30
CHANGE = datetime(2026, 11, 14, 18, 30, tzinfo=UTC)  # the fifteenth
SHEET = (
    # prefix, group, country, INR a minute until the fifteenth, and from then on
    ("91", "India - Fixed", "IN", "0.61", "0.58"),
    ("9198", "India - Mobile", "IN", "0.7425", "0.74"),
    ("9170", "India - Mobile Jio", "IN", "0.65", "0.65"),
    ("1", "United States", "US", "1.2533", "1.2533"),
    ("44", "United Kingdom", "GB", "1.90", "2.10"),
    ("447", "United Kingdom - Mobile", "GB", "3.35", "3.35"),
    ("971", "United Arab Emirates", "AE", "14.50", "14.25"),
    ("65", "Singapore", "SG", "2.75", "2.75"),
    ("88216", "Satellite - Thuraya", None, "310.00", "310.00"),
)
NUMBERS = (
    # how often, what begins the number, digits behind it
    (50, "+9198", 8),
    (25, "+9170", 8),
    (8, "+9111", 8),
    (6, "+1202555", 4),
    (4, "+44207946", 4),
    (3, "+447700900", 3),
    (2, "+97150", 7),
    (2, "+656555", 4),
    (1, "+9198", 4),  # too short, so not rated
)
PLANS = {
    "growth": {"stt": "0.333", "llm": "1.101", "tts": "0.90", "pulse": "30/30", "markup": "20"},
    "growth-15": {"stt": "0.30", "llm": "1.05", "tts": "0.90", "pulse": "15/15", "markup": "20"},
    "scale": {"platform": "0.25", "pulse": "1/1", "markup": "5", "decimals": 4},
    "calls": {"pulse": "60/60", "markup": "12.5"},
}


def make_month(folder: Path, calls: int) -> None:
    """Everything below a folder that is not there yet."""
    chance = random.Random(20261101)
    for name in ("sheets", "calls", "plans", "customers"):
        (folder / name).mkdir(parents=True)
    for position, name in ((3, "first"), (4, "second")):
        rows = [(row[0], row[1], row[2], row[position]) for row in SHEET]
        _csv(
            folder / "sheets" / f"{name}.csv",
            ("prefix", "network_group", "country_iso", "outbound_rate"),
            rows,
        )
    for name, terms in PLANS.items():
        _json(folder / "plans" / f"{name}.json", _plan(name, terms))
    # One customer has a price of its own for the network group that it calls most.
    special = _plan("special", PLANS["calls"])
    prices = [{"country_iso": row[2] or "ZZ", "network_group": row[1], "outbound": row[4]} for row in SHEET]
    prices[1]["outbound"] = "0.70"
    special["telephony"] = {"kind": "price_list", "prices": prices}
    _json(folder / "plans" / "special.json", special)
    names = [f"customer-{at:02}" for at in range(1, CUSTOMERS + 1)]
    codes = sorted(code for code in STATES if code not in ("97",))
    for at, name in enumerate(names):
        _json(folder / "customers" / f"{name}.json", _customer(at, name, codes))
    _json(folder / "seller.json", _seller())
    _csv(
        folder / "adjustments.csv",
        ("workspace", "caption", "amount"),
        [
            (names[0], "500 minutes of the bundle", "-250.00"),
            (names[1], "Number rental, 3 numbers", "1500.00"),
        ],
    )
    plans = {name: ("growth", "scale", "calls")[at % 3] for at, name in enumerate(names)}
    plans[names[2]] = "special"
    _calls(folder / "calls", chance, names, plans, calls)


def _calls(folder: Path, chance: random.Random, names: list[str], plans: dict[str, str], calls: int) -> None:
    """A file for each day by the clocks of Kolkata."""
    weights = [one[0] for one in NUMBERS]
    lengths = (0, 0, 0, 4, 17, 42, 61, 95, 180, 263, 600, 1900)
    each, number = calls // DAYS, 0
    for day in range(DAYS):
        rows = []
        for _ in range(each + (calls % DAYS if day == DAYS - 1 else 0)):
            number += 1
            at = BEGIN + timedelta(days=day, seconds=chance.randrange(86_400))
            name = names[chance.randrange(len(names))]
            _, head, digits = chance.choices(NUMBERS, weights)[0]
            plan = plans[name]
            if plan == "growth" and at >= CHANGE:
                plan = "growth-15"
            to = head + "".join(str(chance.randrange(10)) for _ in range(digits))
            rows.append((f"c{number:08}", name, plan, to, chance.choice(lengths), f"{at:%Y-%m-%dT%H:%M:%SZ}"))
        head_row = ("call_id", "workspace", "plan", "to", "seconds", "answered_at")
        _csv(folder / f"2026-11-{day + 1:02}.csv", head_row, rows)


def _plan(name: str, terms: dict[str, object]) -> dict[str, object]:
    plan: dict[str, object] = {key: value for key, value in terms.items() if key != "markup"}
    return plan | {"id": name, "telephony": {"kind": "deck_prices", "markup_percent": terms["markup"]}}


def _customer(at: int, name: str, codes: list[str]) -> dict[str, object]:
    one: dict[str, object] = {"id": name, "name": f"Invented Customer {at + 1} Private Limited"}
    if at % 10 == 9:
        return one | {"country_iso": "AE"}
    state = codes[at % len(codes)]
    one["address"] = [f"{at + 1} Example Road", "Example Town"]
    if at % 2:
        return one | {"state": state}
    return one | {"gstin": gstin(state, at)}


def _seller() -> dict[str, object]:
    return {
        "id": "seller",
        "name": "Example Voice Private Limited",
        "address": ["12 Example Road", "Mumbai 400001"],
        "gstin": gstin("27", 999),
        "sac": "998419",
        "bank": ["Example Bank, account 000111222333", "IFSC EXMP0000001"],
        "signatory": "A. Example",
    }


def gstin(state: str, at: int) -> str:
    """An invented one, with the check sign that belongs to it."""
    first = f"{state}AAAAA{at:04}A1Z"
    return first + check_sign(first)


def _csv(path: Path, head: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    make_month(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else CALLS)

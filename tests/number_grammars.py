"""Telephone numbers and addresses by the grammars of RFC 3966 (tel) and RFC 3261 (sip), drawn by dice.

Each production is a function of the dice; what it draws is valid by that grammar. `damaged` makes texts of
them that are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SEPARATORS = "-.()"
"""RFC 3966, visual-separator."""
UNRESERVED = "abcxyzABC0189-_.!~*'()"
USER_UNRESERVED = "&=+$,;?/"
PARAM_UNRESERVED = "[]/:&+$"


def _some(dice: Random, letters: str, least: int, most: int) -> str:
    return "".join(dice.choices(letters, k=dice.randint(least, most)))


def _parted(dice: Random, digits: str, chance: float) -> str:
    """Digits with separators anywhere among them, as the grammar allows."""
    return "".join(
        (_some(dice, SEPARATORS, 1, 2) if dice.random() < chance else "") + digit for digit in digits
    ) + (_some(dice, SEPARATORS, 1, 1) if dice.random() < chance else "")


def global_number(dice: Random) -> str:
    """``"+" *phonedigit DIGIT *phonedigit``."""
    digits = _some(dice, "0123456789", 1, 18 if dice.random() < 0.2 else 15)
    if dice.random() < 0.7:
        digits = dice.choice("123456789") + digits[1:]
    return "+" + _parted(dice, digits, dice.choice([0, 0, 0.1, 0.5]))


def local_digits(dice: Random) -> str:
    """``*phonedigit-hex (HEXDIG / "*" / "#") *phonedigit-hex``, one of which is no plain digit."""
    text = _parted(dice, _some(dice, "0123456789ABCDEFabcdef*#", 1, 12), dice.choice([0, 0.2]))
    return text if any(letter in "ABCDEFabcdef*#" for letter in text) else text + dice.choice("A*#")


def parameters(dice: Random, *, least: int = 0) -> str:
    """``extension``, ``isdn-subaddress`` and others, once each."""
    kinds = [
        f";ext={_parted(dice, _some(dice, '0123456789', 1, 5), 0.1)}",
        f";isub={_some(dice, UNRESERVED + '%', 1, 4).replace('%', '%41')}",
        f";{_some(dice, 'abc-09', 1, 5)}",
        f";{_some(dice, 'abc-09', 1, 5)}={_some(dice, UNRESERVED + PARAM_UNRESERVED, 1, 5)}",
        f";rn=+{_some(dice, '123456789', 5, 10)}",
        ";npdi",
        ";user=phone",
    ]
    return "".join(dice.sample(kinds, dice.randint(least, 3)))


def context(dice: Random) -> str:
    """``phone-context``: a domain, or a number that every local one is behind."""
    number = "+" + _parted(dice, _some(dice, "123456789", 1, 6), 0.2)
    return ";phone-context=" + dice.choice(["example.com", "a-b.example.net.", number])


def subscriber(dice: Random) -> str:
    """``telephone-subscriber``, that is whatever may stand behind ``tel:``; with a parameter or a context."""
    if dice.random() < 0.5:
        return global_number(dice) + parameters(dice, least=1)
    digits = local_digits(dice) if dice.random() < 0.5 else _some(dice, "0123456789", 1, 12)
    return digits + parameters(dice) + context(dice) + parameters(dice)


def tel(dice: Random) -> str:
    """``tel:`` in any case of its letters, and a subscriber."""
    scheme = "".join(dice.choice([letter, letter.upper()]) for letter in "tel")
    return f"{scheme}:{subscriber(dice) if dice.random() < 0.6 else global_number(dice)}"


def host(dice: Random) -> str:
    """``hostport``."""
    name = dice.choice(
        ["example.com", "a.b-c.example.", "192.0.2.7", "[2001:db8::7]", "919812345678.example"]
    )
    return name + dice.choice(["", "", ":5060", ":1"])


def user(dice: Random) -> str:
    """``user``: numbers, names, whatever is unreserved or escaped."""
    kinds = [
        global_number(dice),
        subscriber(dice),
        _some(dice, "0123456789", 1, 15),
        _some(dice, UNRESERVED + USER_UNRESERVED, 1, 12),
        _some(dice, "0189", 1, 6)
        + "%"
        + _some(dice, "0123456789abcdefABCDEF", 2, 2)
        + _some(dice, "0189", 0, 6),
        "%2B" + _some(dice, "123456789", 1, 14),
    ]
    return dice.choice(kinds)


def sip(dice: Random) -> str:
    """``SIP-URI`` and ``SIPS-URI``, alone or as a ``name-addr``."""
    scheme = dice.choice(["sip", "SIP", "Sip", "sips"])
    before = dice.choice(
        ["", user(dice) + "@", user(dice) + "@", f"{user(dice)}:{_some(dice, 'aZ09&=+$,', 0, 5)}@"]
    )
    options = dice.choice(
        ["", "", ";transport=tcp", ";lr", ";user=phone", ";maddr=192.0.2.1;ttl=1", ";919812345678"]
    )
    headers = dice.choice(["", "", "?to=sip%3Aa%40example.com", "?919812345678=", "?subject=1&priority="])
    text = f"{scheme}:{before}{host(dice)}{options}{headers}"
    return dice.choice([text, text, f"<{text}>", f'"919812345678" <{text}>;tag=1', f"919812345678 <{text}>"])


def damaged(dice: Random) -> str:
    """Of one of these a letter left out, doubled, changed, put in, or all behind it cut off."""
    text = dice.choice([tel, sip, subscriber, global_number])(dice)
    at = dice.randrange(len(text))
    letter = dice.choice(';:@%<>"+ \t\0[]?&=,/\\é٣²９x')
    return dice.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at],
        ]
    )

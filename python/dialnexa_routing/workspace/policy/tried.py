"""Every prefix of the deck that begins a number, its switch, and what came of it (R16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.workspace.choices import Winner

if TYPE_CHECKING:
    from dialnexa_routing._deck import Match
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.setting import Setting


@dataclass(frozen=True, slots=True)
class Tried:
    """One prefix that begins the number; `verdict` says that it wins, or why not."""

    prefix: str
    network_group: str
    country_iso: str | None
    is_on: bool
    is_blocked: bool
    verdict: str


def tried(setting: Setting, call: Call) -> tuple[Tried, ...]:
    """Longest first; nothing where no deck was asked."""
    own = call.own
    if not call.is_number or own is None or own.is_sip or call.direction != "outbound":
        return ()
    provider = setting.providers[own.provider]
    if provider.deck is None or (provider.deck.is_dated and call.at is None):
        return ()
    by_deck = provider.deck.explain(call.to, at=call.at).tried
    lines = []
    for one, plain in zip(provider.chain(call.to), by_deck, strict=True):
        is_on = provider.is_on(one)
        verdict = _verdict(setting, call, one, is_on, plain.verdict)
        lines.append(Tried(one.prefix, one.network_group, one.country_iso, is_on, one.blocked, verdict))
    return tuple(lines)


def _verdict(setting: Setting, call: Call, one: Match, is_on: bool, by_deck: str) -> str:
    is_off = not is_on and not setting.skips_country_rules
    if one == call.match:
        return "wins" + ", and is off" * is_off + ", and is blocked" * one.blocked
    if one == call.decides and call.match is not None:
        return "decides by its switch, and has no outbound rate"
    if by_deck.startswith("passed over"):
        return by_deck
    if is_off and setting.winner is Winner.ENABLED_GROUPS:
        return "passed over, its group is off"
    if call.match is None and by_deck.startswith("wins"):
        return "wins, and is off"
    return "loses to the longer prefix"

"""May this number be called through its provider (R14-R22), and to which group does our own belong (R46)?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing.workspace.choices import Winner
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed

if TYPE_CHECKING:
    from dialnexa_routing._deck import Match
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.provider import Provider
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Setting


def _ask(setting: Setting, call: Call) -> Refused | None:
    own = call.own
    assert own is not None
    if own.is_sip:
        if setting.sip_enabled:
            return None
        return refused(Refusal.ROUTE_DISABLED, "SIP/BYOC is switched off; switch it on (R20)")
    provider = setting.providers[own.provider]
    if setting.skips_country_rules:
        if provider.deck is not None:
            call.match = call.decides = provider.find(call.to, call.at_us, "outbound")
        return None
    if provider.is_off:
        return refused(
            Refusal.NO_ENABLED_COUNTRIES, f"no network group of {provider.name} is switched on (R17)"
        )
    if provider.deck is None:
        return refused(
            Refusal.UNSUPPORTED_PREFIX, f"no deck of {provider.name} is loaded, so no prefix matches (R15)"
        )
    if setting.winner is Winner.ALL_GROUPS:
        return _over_all_groups(provider, call)
    return _over_enabled_groups(provider, call)


def _over_all_groups(provider: Provider, call: Call) -> Refused | None:
    call.match = call.decides = winner = provider.find(call.to, call.at_us, None)
    if winner is None:
        return _no_prefix(provider)
    if not provider.is_on(winner):
        return _off(provider, winner, winner)
    if winner.blocked:
        return _blocked(provider, winner)
    if winner.outbound_rate is not None or winner.inbound_rate is None:
        return None
    # The winner is on, but speaks of inbound calls only: rating would go on to a shorter prefix, so
    # that one has to be on as well.
    carrier = provider.find(call.to, call.at_us, "outbound")
    if carrier is None:
        return refused(
            Refusal.UNSUPPORTED_PREFIX,
            f"{winner.network_group} and shorter prefixes than {winner.prefix} have no outbound rate (R16)",
            **_where(provider, winner),
        )
    call.match = carrier
    if not provider.is_on(carrier):
        return _off(provider, carrier, winner)
    return _blocked(provider, carrier) if carrier.blocked else None


def _over_enabled_groups(provider: Provider, call: Call) -> Refused | None:
    call.match = call.decides = winner = provider.find_enabled(call.to, call.at_us)
    if winner is not None:
        return _blocked(provider, winner) if winner.blocked else None
    call.decides = strict = provider.find(call.to, call.at_us, None)
    return _no_prefix(provider) if strict is None else _off(provider, strict, strict)


def _no_prefix(provider: Provider) -> Refused:
    return refused(
        Refusal.UNSUPPORTED_COUNTRY,
        f"no prefix of {provider.name} begins this number (R15)",
        deck_digest=provider.digest,
    )


def _off(provider: Provider, match: Match, decides: Match) -> Refused:
    """Of a match whose group is off; the country is that of the match that decides (R17, R18)."""
    if provider.reaches(decides.country_iso):
        reason, what = Refusal.UNSUPPORTED_PREFIX, match.network_group
    else:
        reason, what = Refusal.UNSUPPORTED_COUNTRY, f"every network group of {_country(decides)}"
    sentence = f"{what} is switched off for {provider.name}; prefix {match.prefix} belongs to it (R16)"
    return refused(reason, sentence, **_where(provider, match))


def _blocked(provider: Provider, match: Match) -> Refused:
    return refused(
        Refusal.UNSUPPORTED_PREFIX,
        f"{provider.name} does not carry calls to {match.network_group} under prefix {match.prefix} (R47)",
        **_where(provider, match),
    )


def _country(match: Match) -> str:
    return match.country or match.country_iso or "no country"


def _where(provider: Provider, match: Match) -> dict[str, Any]:
    return {
        "network_group": match.network_group,
        "country_iso": match.country_iso,
        "prefix": match.prefix,
        "deck_digest": provider.digest,
    }


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    assert call.own is not None
    if call.own.is_sip:
        return passed("SIP/BYOC is switched on; its calls have no country rules (R20)")
    if setting.skips_country_rules:
        return not_asked("the workspace leaves country rules out while SIP/BYOC is switched on (R21)")
    match = call.match
    assert match is not None
    return passed(f"prefix {match.prefix} belongs to {match.network_group}, which is on")


def _ask_group(setting: Setting, call: Call) -> None:
    own = call.own
    assert own is not None
    provider = setting.providers[own.provider]
    if not own.is_sip and provider.deck is not None:
        call.match = provider.find(own.number, call.at_us, "inbound")


def _told_of_group(setting: Setting, call: Call) -> tuple[Verdict, str]:
    assert call.own is not None
    if call.match is None:
        return not_asked(f"{call.own.number} belongs to no network group of a deck")
    return passed(f"{call.own.number} belongs to {call.match.network_group}, by prefix {call.match.prefix}")


DESTINATION = Check("destination", "R16", _ask, _told, needs=("is_number", "own"))
GROUP = Check("network group", "R46", _ask_group, _told_of_group, needs=("own",))

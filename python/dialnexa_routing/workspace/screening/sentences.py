"""Reasons as sentences for people, with what to do."""

from __future__ import annotations

import polars as pl

from dialnexa_routing.files.streaming_words import looked_up
from dialnexa_routing.workspace.decision import Refusal

_SENTENCES = {
    Refusal.INVALID_NUMBER: (
        "this is no phone number: write a plus, the calling code and the number, at most 15 digits"
    ),
    Refusal.IMPOSSIBLE_NUMBER: (
        "no number is so long under its calling code, or there is no such code: write it with its own"
    ),
    Refusal.EMERGENCY_NUMBER: "this is an emergency number, which is not called from here",
    Refusal.NO_ENABLED_COUNTRIES: "no network group of the provider is switched on: switch one on",
    Refusal.UNSUPPORTED_COUNTRY: "no prefix of the provider begins this number",
    Refusal.UNSUPPORTED_PREFIX: "no deck of the provider is loaded: load one",
    Refusal.ROUTE_DISABLED: "SIP/BYOC is switched off: switch it on",
    Refusal.INDIA_DOMESTIC_ONLY: "an Indian number reaches Indian numbers only: call from another one",
    Refusal.INDIA_PURPOSE_MISSING: "a call inside India must say what it is for: name its purpose",
    Refusal.INDIA_PURPOSE_MISMATCH: "the series of the calling number is for other purposes or sectors",
}
_OF_GROUP = {
    Refusal.UNSUPPORTED_COUNTRY: "no network group of its country is switched on",
    Refusal.UNSUPPORTED_PREFIX: "its network group is switched off, or carries no calls",
}


def sentence(reason: pl.Expr, network_group: pl.Expr, prefix: pl.Expr) -> pl.Expr:
    """What a screened row's reason states, naming the group and prefix where they are known; null for none.

    The word of a router's own screen stays as it is (R38).
    """
    of_group = pl.format("{} ({}, prefix {})", _worded(reason, _OF_GROUP), network_group, prefix)
    return pl.coalesce(of_group, _worded(reason, _SENTENCES))


def _worded(reason: pl.Expr, words: dict[Refusal, str]) -> pl.Expr:
    return looked_up(reason, {str(word): text for word, text in words.items()}, keep=True)

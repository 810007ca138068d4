"""The layouts of call records that are recognised by themselves. Each file here has some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.records.formats.carriers import CARRIERS
from dialnexa_routing.records.formats.freeswitch import FREESWITCH
from dialnexa_routing.records.formats.india import INDIA
from dialnexa_routing.records.formats.pbx import PBX
from dialnexa_routing.records.formats.voice_ai import VOICE_AI

if TYPE_CHECKING:
    from dialnexa_routing.records.formats.call_format import CallFormat, CallHead

FORMATS: tuple[CallFormat, ...] = (*PBX, *FREESWITCH, *CARRIERS, *INDIA, *VOICE_AI)
"""All formats, in the order in which they are listed to people."""


def by_name(name: str) -> CallFormat | None:
    """The format of that name, if there is one."""
    return next((one for one in FORMATS if one.name == name), None)


def recognised(head: CallHead) -> list[CallFormat]:
    """Every format that takes a head for its own: none or several are asked about."""
    return [one for one in FORMATS if one.recognises(head)]

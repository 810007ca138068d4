"""The words that a call is described by, wherever it is decided, rated or explained."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Direction = Literal["outbound", "inbound"]
"""Which way a call goes, as seen from the workspace."""


class AgentKind(StrEnum):
    """Which components a minute of it costs (R45)."""

    CASCADED = "cascaded"
    """Speech to text, language model, text to speech."""
    SPEECH_TO_SPEECH = "speech_to_speech"
    """One model that hears and speaks."""


class Path(StrEnum):
    """How a call travels."""

    PSTN = "pstn"
    """Through the provider's network."""
    SIP_TRUNK = "sip_trunk"
    """Through the customer's own trunk (R20)."""
    WEBRTC = "webrtc"
    """From a browser, without a carrier (R34)."""

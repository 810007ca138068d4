"""The call logs of voice-AI platforms: Retell, Vapi, Bland, LiveKit SIP; their units differ most.

Their charge is that of the platform, of which the carrier's is a part at most.
"""

from __future__ import annotations

import polars as pl

from dialnexa_routing.records.formats.call_format import Answered, CallFormat, Choice, FirstOf
from dialnexa_routing.records.formats.call_signs import (
    CALLED_BY_WAY,
    called_by_way,
    with_names,
    with_value,
)


def _undialled(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """A call that ended for a reason as dial_busy was never connected, whatever its status."""
    if "disconnection_reason" not in lazy.collect_schema().names():
        return lazy
    dialled = pl.col("disconnection_reason").str.starts_with("dial_").fill_null(False)
    status = pl.when(dialled).then(pl.lit("not_connected")).otherwise(pl.col("call_status"))
    return lazy.with_columns(call_status=status)


def _unknown_answer(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """A call that lasted, and of which nobody states who answered, is asked about."""
    names = lazy.collect_schema().names()
    nobody = pl.col("answered_by").is_null() if "answered_by" in names else pl.lit(True)
    lasted = pl.col("corrected_duration").str.contains("[1-9]").fill_null(False)
    by = pl.col("answered_by") if "answered_by" in names else pl.lit(None, pl.String)
    return lazy.with_columns(answer=pl.when(nobody & lasted).then(pl.lit("nobody named")).otherwise(by))


RETELL = CallFormat(
    name="retell",
    title="Retell calls",
    recognised_by="call_id, call_type, start_timestamp, duration_ms, call_status",
    sign=with_names("call_id", "call_type", "start_timestamp", "duration_ms", "call_status"),
    columns={
        "call_id": "call_id",
        "to": "to_number",
        "from": "from_number",
        "ended_at": "end_timestamp",
        "seconds": "duration_ms",
        "direction": FirstOf(("direction", "call_type"), filled=True),
        "status": "call_status",
        "voicemail": "disconnection_reason",
        "their_charge": "call_cost.combined_cost",
    },
    seconds_unit="ms",
    times="epoch_ms",
    zone="UTC",
    start="start_timestamp",
    direction={},
    answered=Answered(yes=frozenset({"ended"}), no=frozenset({"notconnected"})),
    charge_sign="positive",
    charge_per=100,
    prepare=_undialled,
    written_by="POST /v2/list-calls",
    source="docs.retellai.com: List Calls; RetellAI/retell-python-sdk",
)
VAPI = CallFormat(
    name="vapi",
    title="Vapi calls",
    recognised_by="id, type as outboundPhoneCall, startedAt, endedAt, costBreakdown",
    sign=with_value(
        "type", "(?:inbound|outbound)PhoneCall|webCall", "id", "startedAt", "endedAt", "endedReason"
    ),
    columns={
        "call_id": "id",
        "to": "called",
        "from": "calling",
        "answered_at": Choice(
            ("startedAt", "createdAt"),
            "startedAt is taken for the answer, which its documents do not state; a call without answer "
            "may have it too",
        ),
        "ended_at": "endedAt",
        "direction": "type",
        "status": "endedReason",
        "voicemail": "endedReason",
        "their_charge": "costBreakdown.transport",
    },
    direction={},
    # Which of its many reasons follow an answer is stated nowhere: they are asked.
    answered=Answered(no=frozenset({"customerdidnotanswer", "customerbusy"})),
    charge_sign="positive",
    prepare=called_by_way("type", "customer.number", "phoneNumber.number"),
    adds=CALLED_BY_WAY,
    written_by="GET /call",
    source="VapiAI/server-sdk-python; docs.vapi.ai",
)
BLAND = CallFormat(
    name="bland",
    title="Bland calls",
    recognised_by="call_id or c_id, call_length, corrected_duration",
    sign=lambda head: (
        with_names("to", "from", "call_length", "corrected_duration", "inbound")(head)
        and (head.has("c_id") or head.has("call_id"))
    ),
    columns={
        "call_id": FirstOf(("call_id", "c_id")),
        "to": "to",
        "from": "from",
        "answered_at": "started_at",
        "seconds": "corrected_duration",
        "direction": "inbound",
        "status": "answer",
        "voicemail": "answered_by",
        "their_charge": "price",
    },
    records_at="calls",
    direction={"true": "inbound", "false": "outbound"},
    # That a person or a machine answered is what the words mean, and that it was billed nobody states: asked.
    answered=Answered(no=frozenset({"noanswer"})),
    charge_sign="positive",
    prepare=_unknown_answer,
    adds=("answer",),
    written_by="GET /v1/calls",
    source="docs.bland.ai: List Calls",
)
LIVEKIT = CallFormat(
    name="livekit",
    title="LiveKit SIP calls",
    recognised_by="call_direction as SCD_…, started_at_ns, ended_at_ns",
    sign=with_value("call_direction", "SCD_[A-Z]+", "call_id", "started_at_ns", "ended_at_ns"),
    columns={
        "call_id": "call_id",
        "to": "to_uri.user",
        "from": "from_uri.user",
        "answered_at": Choice(
            ("started_at_ns", "created_at_ns"),
            "whether started_at_ns is the answer is not stated, and a call has no other length",
        ),
        "ended_at": "ended_at_ns",
        "direction": "call_direction",
        "status": "call_status",
    },
    times="epoch_ns",
    zone="UTC",
    direction={},
    # A call that nobody answered is disconnected as well.
    answered=Answered(no=frozenset({"scserror"})),
    written_by="SIPCallInfo of the server's events, as JSON",
    source="livekit/protocol: protobufs/livekit_sip.proto",
)
VOICE_AI = (RETELL, VAPI, BLAND, LIVEKIT)

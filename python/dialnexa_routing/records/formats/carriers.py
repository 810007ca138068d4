"""The call records of carriers: Twilio, SignalWire, Plivo, Telnyx, Vonage, Bandwidth."""

from __future__ import annotations

from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.records.formats.call_format import Answered, CallFormat, Leg
from dialnexa_routing.records.formats.call_signs import UUID, parent_or_self, with_names, with_value

_CHILDREN = (
    "a call that is dialled on has a row for each leg, each with its own charge: legs='all' charges every one"
)
_CALL = ("to", "from", "status", "direction", "duration", "price", "start_time", "end_time")
_TRUNKS = {
    "trunkingoriginating": "inbound",
    "trunkingterminating": "outbound",
}
_COMPLETED = Answered(
    yes=frozenset({"completed"}), no=frozenset({"noanswer", "busy", "failed", "canceled", "cancelled"})
)
TWILIO = CallFormat(
    name="twilio",
    title="Twilio call log",
    recognised_by="sid as CA…, to, from, status, duration, price",
    sign=with_value("sid", "CA[0-9a-f]{32}", *_CALL),
    columns={
        "call_id": "sid",
        "to": "to",
        "from": "from",
        "ended_at": "end_time",
        "seconds": "duration",
        "direction": "direction",
        "status": "status",
        "voicemail": "answered_by",
        "their_charge": "price",
        "their_currency": "price_unit",
    },
    records_at="calls",
    zone="UTC",
    start="start_time",
    direction=_TRUNKS,  # type: ignore[arg-type]
    answered=_COMPLETED,
    leg=Leg(_CHILDREN, key=parent_or_self("parent_call_sid", "sid"), named_in="parent_call_sid", always=True),
    charge_sign="negative",
    written_by="GET /2010-04-01/Accounts/…/Calls.json, twilio api:core:calls:list -o json, or BulkExport",
    source="www.twilio.com/docs/voice/api/call-resource, /usage/bulkexport",
)
SIGNALWIRE = CallFormat(
    name="signalwire",
    title="SignalWire compatibility call log",
    recognised_by="sid as a UUID, to, from, status, duration, price",
    sign=with_value("sid", UUID, *_CALL),
    columns=TWILIO.columns,
    records_at="calls",
    zone="UTC",
    start="start_time",
    direction=_TRUNKS,  # type: ignore[arg-type]
    answered=_COMPLETED,
    leg=TWILIO.leg,
    written_by="GET /api/laml/2010-04-01/Accounts/…/Calls.json",
    source="developer.signalwire.com/compatibility-api",
)
SIGNALWIRE_LOGS = CallFormat(
    name="signalwire_logs",
    title="SignalWire voice logs",
    recognised_by="columns duration_ms, billing_ms, charge",
    sign=with_names("id", "to", "from", "duration", "duration_ms", "billing_ms", "charge"),
    columns={
        "call_id": "id",
        "to": "to",
        "from": "from",
        "seconds": "duration",
        "direction": "direction",
        "status": "status",
        "their_charge": "charge",
    },
    records_at="data",
    start="created_at",
    direction={},
    answered=_COMPLETED,
    charge_sign="positive",
    currency="USD",
    written_by="GET /api/voice/logs",
    source="developer.signalwire.com/rest",
)
_PLIVO_LEGS = Leg(
    _CHILDREN, key=parent_or_self("parent_call_uuid", "call_uuid"), named_in="parent_call_uuid", always=True
)
PLIVO = CallFormat(
    name="plivo",
    title="Plivo calls",
    recognised_by="call_uuid, bill_duration, billed_duration",
    sign=with_names(
        "call_uuid", "to_number", "answer_time", "bill_duration", "billed_duration", without=("trunk_domain",)
    ),
    columns={
        "call_id": "call_uuid",
        "to": "to_number",
        "from": "from_number",
        "answered_at": "answer_time",
        "ended_at": "end_time",
        "seconds": "bill_duration",
        "direction": "call_direction",
        "their_charge": "total_amount",
    },
    records_at="objects",
    start="initiation_time",
    direction={},
    answered=Answered(at=True),
    leg=_PLIVO_LEGS,
    charge_sign="positive",
    written_by="GET /v1/Account/…/Call/, every page of 20",
    source="docs.plivo.com: List all calls",
)
PLIVO_CSV = CallFormat(
    name="plivo_csv",
    title="Plivo console export",
    recognised_by="columns Call UUID, Answer time, Call duration, Billed duration, Billed amount",
    sign=with_names(
        "Call UUID",
        "To number",
        "Answer time",
        "Call duration",
        "Billed duration",
        "Billed amount",
        without=("bill_duration", "trunk_domain"),
    ),
    columns={
        "call_id": "Call UUID",
        "to": "To number",
        "from": "From number",
        "answered_at": "Answer time",
        "ended_at": "End time",
        "seconds": "Call duration",
        "direction": "Call direction",
        "their_charge": "Billed amount",
    },
    start="Initiation time",
    direction={},
    answered=Answered(at=True),
    leg=Leg(_CHILDREN, key=parent_or_self("Parent call UUID", "Call UUID"), named_in="Parent call UUID"),
    charge_sign="positive",
    certain=False,
    written_by="Console > Voice > Logs > Calls > Export",
    source="support.plivo.com: export of call records",
)
ZENTRUNK = CallFormat(
    name="plivo_zentrunk",
    title="Plivo Zentrunk calls",
    recognised_by="call_uuid, trunk_domain, call_duration",
    sign=with_names("call_uuid", "to_number", "answer_time", "call_duration", "trunk_domain"),
    columns={**PLIVO.columns, "seconds": "call_duration"},
    records_at="objects",
    start="initiation_time",
    direction={},
    answered=Answered(at=True),
    charge_sign="positive",
    written_by="GET /v1/Account/…/Zentrunk/Call/",
    source="docs.plivo.com: Zentrunk calls",
)
TELNYX = CallFormat(
    name="telnyx",
    title="Telnyx detail records of SIP trunking",
    recognised_by="record_type, cld, call_sec, billed_sec, cost",
    sign=with_names("record_type", "cld", "call_sec", "billed_sec", "cost"),
    columns={
        "call_id": "telnyx_session_id",
        "to": "cld",
        "from": "cli",
        "ended_at": "finished_at",
        "seconds": "call_sec",
        "direction": "direction",
        "their_charge": "cost",
        "their_currency": "currency",
    },
    records_at="data",
    start="started_at",
    where=lambda cells: cells["recordtype"] == "sip-trunking",
    charge_sign="positive",
    certain=False,
    written_by="GET /v2/detail_records?filter[record_type]=sip-trunking, every page of 50",
    source="developers.telnyx.com: Detail Records",
)
_VONAGE = Answered(
    yes=frozenset({"completed", "answered", "machine"}),
    no=frozenset({"busy", "timeout", "rejected", "cancelled", "failed", "unanswered"}),
)
VONAGE = CallFormat(
    name="vonage",
    title="Vonage Reports",
    recognised_by="columns call_id, date_start, duration, total_price",
    sign=with_names("call_id", "to", "date_start", "duration", "total_price"),
    columns={
        "call_id": "call_id",
        "to": "to",
        "from": "from",
        "ended_at": "date_end",
        "seconds": "duration",
        "direction": "direction",
        "status": "status",
        "their_charge": "total_price",
        "their_currency": "currency",
    },
    records_at="records",
    start="date_start",
    direction={},
    answered=_VONAGE,
    charge_sign="positive",
    written_by="POST /v2/reports with product VOICE-CALL",
    source="Nexmo/api-specification: definitions/reports.yml",
)
VONAGE_VOICE = CallFormat(
    name="vonage_voice",
    title="Vonage Voice API calls",
    recognised_by="conversation_uuid, to.number, duration",
    sign=with_names("uuid", "conversation_uuid", "to.number", "duration", "price"),
    columns={
        "call_id": "uuid",
        "to": "to.number",
        "from": "from.number",
        "ended_at": "end_time",
        "seconds": "duration",
        "direction": "direction",
        "status": "status",
        "their_charge": "price",
    },
    records_at="_embedded.calls",
    start="start_time",
    direction={},
    answered=_VONAGE,
    charge_sign="positive",
    written_by="GET /v1/calls",
    source="developer.vonage.com: Voice API",
)
VONAGE_BUSINESS = CallFormat(
    name="vonage_business",
    title="Vonage Business call logs",
    recognised_by="columns length, start, end, result, in_network, international",
    sign=with_names("id", "to", "from", "length", "start", "end", "result", "in_network", "international"),
    columns={
        "call_id": "id",
        "to": "to",
        "from": "from",
        "ended_at": "end",
        "seconds": "length",
        "direction": "direction",
        "status": "result",
    },
    zone="UTC",
    start="start",
    direction={},
    written_by="VBC Reports API: call-logs",
    source="developer.vonage.com: VBC Reports",
)
BANDWIDTH = CallFormat(
    name="bandwidth",
    title="Bandwidth billing detail records",
    recognised_by="columns BdrID, CallDestination, CallStartDateTime",
    sign=with_names("BdrID", "CallDestination", "CallStartDateTime", "Duration"),
    columns={
        "call_id": "BdrID",
        "to": "CallDestination",
        "ended_at": "CallEndDateTime",
        "their_charge": "Amount",
    },
    zone="UTC",
    start="CallStartDateTime",
    charge_sign="positive",
    reading=NumberReading(calling_code="1"),
    written_by="Dashboard > Billing > BDR reports",
    source="support.bandwidth.com: Billing Detail Records",
)
"""Its ``Duration`` is rounded up already, so that the length is asked."""
CARRIERS = (
    TWILIO,
    SIGNALWIRE,
    SIGNALWIRE_LOGS,
    PLIVO,
    PLIVO_CSV,
    ZENTRUNK,
    TELNYX,
    VONAGE,
    VONAGE_VOICE,
    VONAGE_BUSINESS,
    BANDWIDTH,
)

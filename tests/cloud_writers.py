"""Small writers of the call logs of Indian clouds and of voice-AI platforms."""

from __future__ import annotations

from call_writers import Call, Writer, clock, iso, uuid, wall
from provider_writers import OUT, ZONED, Row, writer


def _exotel(call: Call, seconds: int) -> Row:
    return {
        "Sid": f"e{call.key}",
        "ParentCallSid": f"e{call.first}" if call.first else None,
        "From": call.caller,
        "To": call.to,
        "PhoneNumberSid": call.own,
        "Status": "completed" if call.talk is not None else "no-answer",
        "StartTime": wall(call.begin),
        "EndTime": wall(call.end),
        "Duration": str(call.end - call.begin),
        "Price": "1.200",
        "Direction": "outbound-api" if call.way == "outbound" else "inbound",
        "Details": {"ConversationDuration": seconds},
    }


def _ozonetel(call: Call, seconds: int) -> Row:
    return {
        "CallID": 12345678901230000 + call.key,
        "CallDate": wall(call.begin, "%Y-%m-%d"),
        "StartTime": wall(call.begin, "%H:%M:%S"),
        "EndTime": wall(call.end, "%H:%M:%S"),
        "CallerID": "0" + call.outside,
        "E164": "+" + call.outside,
        "DID": call.own,
        "DialedNumber": "agent7",
        "Type": "Manual" if call.way == "outbound" else "InBound",
        "TalkTime": clock(seconds),
        "Duration": clock(call.end - call.begin),
        "Status": "Answered" if call.talk is not None else "NotAnswered",
    }


def _smartflo(call: Call, seconds: int) -> Row:
    return {
        "call_id": f"1793593800.{call.key}",
        "uuid": uuid(call.key),
        "direction": call.way,
        "status": "answered" if call.talk is not None else "missed",
        "date": wall(call.begin, "%Y-%m-%d"),
        "time": wall(call.begin, "%H:%M:%S"),
        "end_stamp": wall(call.end),
        "call_duration": call.end - call.begin,
        "answered_seconds": seconds,
        "charges": 1.2,
        "client_number": "+" + call.outside,
        "did_number": "+" + call.own,
    }


def _telecmi(call: Call, seconds: int) -> Row:
    return {
        "cmiuid": f"u{call.key}",
        "duration": call.end - call.begin,
        "billedsec": seconds,
        "rate": "0.6",
        "from": call.caller,
        "to": int(call.to),
        "time": call.begin * 1000,
        "name": "Asha",
    }


def _retell(call: Call, seconds: int) -> Row:
    return {
        "call_id": f"r{call.key}",
        "call_type": "phone_call",
        "direction": call.way,
        "from_number": "+" + call.caller,
        "to_number": "+" + call.to,
        "start_timestamp": (call.answer or call.begin) * 1000,
        "end_timestamp": call.end * 1000,
        "duration_ms": seconds * 1000,
        "call_status": "ended",
        "disconnection_reason": "user_hangup" if call.talk is not None else "dial_no_answer",
        "call_cost": {"combined_cost": 9.45},
    }


def _vapi(call: Call, _seconds: int) -> Row:
    return {
        "id": f"v{call.key}",
        "type": f"{call.way}PhoneCall",
        "customer": {"number": "+" + call.outside},
        "phoneNumber": {"number": "+" + call.own},
        "createdAt": iso(call.begin),
        "startedAt": iso(call.answer or call.begin),
        "endedAt": iso(call.end),
        "endedReason": "customer-ended-call" if call.talk is not None else "customer-did-not-answer",
        "costBreakdown": {"transport": 0.021, "total": 0.0945},
    }


def _bland(call: Call, seconds: int) -> Row:
    return {
        "c_id": f"b{call.key}",
        "to": call.to,
        "from": "+" + call.caller,
        "inbound": call.way == "inbound",
        "call_length": 1.05,
        "corrected_duration": str(seconds),
        "price": 0.0945,
        "started_at": iso(call.answer),
        "completed": True,
        "answered_by": "human" if call.talk is not None else None,
    }


def _livekit(call: Call, _seconds: int) -> Row:
    nano = "000000000"
    return {
        "call_id": f"SCL_{call.key}",
        "call_direction": f"SCD_{call.way.upper()}",
        "call_status": "SCS_DISCONNECTED" if call.talk is not None else "SCS_ERROR",
        "from_uri": {"user": "+" + call.caller, "host": "example.com"},
        "to_uri": {"user": "+" + call.to, "host": "example.com"},
        "created_at_ns": f"{call.begin}{nano}",
        "started_at_ns": f"{call.answer}{nano}" if call.answer else "0",
        "ended_at_ns": f"{call.end}{nano}",
    }


def _exotel_report(call: Call, seconds: int) -> Row:
    made = _exotel(call, 0)
    names = ("From", "To", "PhoneNumberSid", "Direction", "Status", "StartTime", "EndTime")
    kept = {name: made[name] for name in names}
    return {
        "CallSid": made["Sid"],
        **kept,
        "ConversationDuration": seconds,
        "Price": "1.2",
        "Currency": "INR",
    }


CLOUDS: dict[str, Writer] = {
    "exotel": writer("exotel", _exotel, "Calls", "ConversationDuration", legged=True, **ZONED),
    "exotel_report": writer("exotel_report", _exotel_report, None, "ConversationDuration", **ZONED),
    "ozonetel": writer("ozonetel", _ozonetel, "details", "TalkTime"),
    "smartflo": writer("smartflo", _smartflo, "results", "answered_seconds", **ZONED),
    "telecmi": writer(
        "telecmi",
        _telecmi,
        "cdr",
        "billedsec",
        said={"direction": "outbound", "columns": {"seconds": "billedsec"}},
        **OUT,
    ),
    "retell": writer("retell", _retell, "", "duration_ms"),
    "vapi": writer(
        "vapi",
        _vapi,
        "",
        "endedAt",
        said={"columns": {"answered_at": "startedAt"}, "answered": ("customer-ended-call",)},
    ),
    "bland": writer("bland", _bland, "calls", "corrected_duration", said={"answered": ("human",)}),
    "livekit": writer(
        "livekit",
        _livekit,
        "",
        "ended_at_ns",
        said={
            "columns": {"answered_at": "started_at_ns"},
            "epoch_unit": "ns",
            "answered": ("SCS_DISCONNECTED",),
        },
    ),
}

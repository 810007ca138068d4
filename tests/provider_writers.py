"""Small writers of the call logs of carriers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from call_writers import Call, Writer, iso, offset, uuid, wall

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = dict[str, Any]


def _sid(key: int) -> str:
    return f"CA{key:032x}"


def _mail(at: int) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC))


def _twilio(call: Call, seconds: int) -> Row:
    answered = call.talk is not None
    return {
        "sid": _sid(call.key),
        "parent_call_sid": _sid(call.first) if call.first else None,
        "to": "+" + call.to,
        "from": "+" + call.caller,
        "status": "completed" if answered else "no-answer",
        "direction": "outbound-api" if call.way == "outbound" else "inbound",
        "start_time": _mail(call.answer or call.begin),
        "end_time": _mail(call.end),
        "duration": str(seconds),
        "price": "-0.09900" if answered else None,
        "price_unit": "USD",
        "answered_by": None,
    }


def _twilio_bulk(call: Call, seconds: int) -> Row:
    return {**_twilio(call, seconds), "start_time": iso(call.answer or call.begin), "end_time": iso(call.end)}


def _signalwire(call: Call, seconds: int) -> Row:
    parent = {"parent_call_sid": uuid(call.first) if call.first else None}
    return {**_twilio(call, seconds), "sid": uuid(call.key), "duration": seconds, "price": 0.03, **parent}


def _signalwire_logs(call: Call, seconds: int) -> Row:
    return {
        "id": uuid(call.key),
        "from": "+" + call.caller,
        "to": "+" + call.to,
        "direction": call.way,
        "status": "completed" if call.talk is not None else "busy",
        "duration": seconds,
        "duration_ms": (call.talk or 0) * 1000 + 280,
        "billing_ms": 120000,
        "charge": 0.03,
        "created_at": iso(call.begin),
    }


def _plivo(call: Call, seconds: int) -> Row:
    return {
        "call_uuid": uuid(call.key),
        "parent_call_uuid": uuid(call.first) if call.first else None,
        "call_direction": call.way,
        "from_number": "+" + call.caller,
        "to_number": call.to,
        "initiation_time": offset(call.begin),
        "answer_time": offset(call.answer),
        "end_time": offset(call.end),
        "call_duration": call.talk or 0,
        "bill_duration": seconds,
        "billed_duration": -(-(call.talk or 0) // 60) * 60,
        "total_rate": "0.01500",
        "total_amount": "0.03000" if call.talk is not None else "0.00000",
        "hangup_cause_name": "Normal Hangup",
    }


def _zentrunk(call: Call, seconds: int) -> Row:
    made = _plivo(call, 0)
    billed = {"bill_duration": made.pop("billed_duration"), "call_duration": seconds}
    del made["parent_call_uuid"]
    times = {"answer_time": wall(call.answer) or None, "end_time": wall(call.end)}
    return {**made, **billed, **times, "trunk_domain": "t1.example.com", "to_number": "+" + call.to}


def _telnyx(call: Call, seconds: int) -> Row:
    return {
        "record_type": "sip-trunking",
        "telnyx_session_id": f"s{call.key}",
        "cld": "+" + call.to,
        "cli": "+" + call.caller,
        "started_at": iso(call.begin),
        "finished_at": iso(call.end),
        "billed_sec": -(-(call.talk or 0) // 60) * 60,
        "call_sec": seconds,
        "cost": "2.0E-2",
        "rate": "0.0100",
        "currency": "USD",
    }


def _vonage(call: Call, seconds: int) -> Row:
    return {
        "call_id": uuid(call.key),
        "direction": call.way,
        "from": call.caller,
        "to": call.to,
        "date_start": wall(call.answer or call.begin, "%Y-%m-%dT%H:%M:%S+0000", UTC),
        "date_end": wall(call.end, "%Y-%m-%dT%H:%M:%S+0000", UTC),
        "duration": str(seconds),
        "status": "completed" if call.talk is not None else "busy",
        "currency": "EUR",
        "total_price": "0.01575000",
    }


def _vonage_voice(call: Call, seconds: int) -> Row:
    return {
        "uuid": uuid(call.key),
        "conversation_uuid": f"CON-{call.key}",
        "direction": call.way,
        "status": "completed" if call.talk is not None else "timeout",
        "price": "0.01575000",
        "duration": str(seconds),
        "start_time": iso(call.answer or call.begin),
        "end_time": iso(call.end),
        "to": {"type": "phone", "number": call.to},
        "from": {"type": "phone", "number": call.caller},
    }


def _vonage_business(call: Call, seconds: int) -> Row:
    return {
        "id": uuid(call.key),
        "from": call.caller,
        "to": call.to,
        "direction": call.way.title(),
        "length": seconds,
        "start": wall(call.begin, zone=UTC),
        "end": wall(call.end, zone=UTC),
        "result": "Answered" if call.talk is not None else "Missed",
        "in_network": False,
        "international": True,
    }


def _csv(rows: Sequence[Row]) -> str:
    cells = [rows[0], *(row.values() for row in rows)]
    return "".join(",".join("" if one is None else str(one) for one in row) + "\n" for row in cells)


def _plivo_csv(call: Call, seconds: int) -> Row:
    return {
        "Call UUID": uuid(call.key),
        "Parent call UUID": uuid(call.first) if call.first else None,
        "From number": call.caller,
        "To number": call.to,
        "Call direction": call.way,
        "Initiation time": offset(call.begin),
        "Answer time": offset(call.answer),
        "End time": offset(call.end),
        "Call duration": seconds,
        "Billed duration": -(-(call.talk or 0) // 60) * 60,
        "Billed amount": "0.03000",
        "Hangup cause": "Normal",
    }


def _bandwidth(call: Call, seconds: int) -> Row:
    form = "%Y/%m/%d %I:%M:%S %p"
    return {
        "AccountNumber": 9900001,
        "CallStartDateTime": wall(call.answer or call.begin, form, UTC),
        "CallEndDateTime": wall(call.end, form, UTC),
        "CallType": "INTERSTATE",
        "CallSource": call.caller,
        "CallDestination": call.to.removeprefix("1"),
        "Duration": seconds,
        "PerMinRate": "0.0050",
        "Amount": "0.0055",
        "BdrID": uuid(call.key),
    }


def _made(row: Callable[[Call, int], Row], under: str | None) -> Callable[[Sequence[Call], int, int], str]:
    """A file of such rows: under a path of keys, one a line (""), or with a header (None)."""

    def write(calls: Sequence[Call], up: int, down: int) -> str:
        rows = [row(call, (call.talk or 0) * up // down) for call in calls]
        if under is None:
            return _csv(rows)
        if not under:
            return "".join(json.dumps(one) + "\n" for one in rows)
        document: Any = rows
        for key in reversed(under.split(".")):
            document = {key: document}
        return json.dumps({**document, "count": len(rows)}, indent=1) + "\n"

    return write


def writer(
    name: str, row: Callable[[Call, int], Row], under: str | None, seconds: str, **more: Any
) -> Writer:
    suffix = "csv" if under is None else "json"
    return Writer(f"{name}.{suffix}", _made(row, under), seconds, **{"legged": False, **more})


ZONED: dict[str, Any] = {"said": {"timezone": "Asia/Kolkata"}}
OUT: dict[str, Any] = {"directed": False}
PROVIDERS: dict[str, Writer] = {
    "twilio": writer("twilio", _twilio, "calls", '"duration"', legged=True),
    "twilio:bulk": writer("twilio_bulk", _twilio_bulk, "", '"duration"', legged=True),
    "signalwire": writer("signalwire", _signalwire, "calls", '"duration"', legged=True),
    "signalwire_logs": writer("signalwire_logs", _signalwire_logs, "data", '"duration"'),
    "plivo": writer("plivo", _plivo, "objects", "bill_duration", legged=True),
    "plivo_csv": writer("plivo_csv", _plivo_csv, None, "Call duration", legged=True),
    "plivo_zentrunk": writer("plivo_zentrunk", _zentrunk, "objects", "call_duration", **ZONED),
    "telnyx": writer("telnyx", _telnyx, "data", "call_sec", said={"direction": "outbound"}, **OUT),
    "vonage": writer("vonage", _vonage, "records", '"duration"'),
    "vonage:csv": writer("vonage_reports", _vonage, None, ",duration"),
    "vonage_voice": writer("vonage_voice", _vonage_voice, "_embedded.calls", '"duration"'),
    "vonage_business": writer("vonage_business", _vonage_business, None, "length"),
    "bandwidth": writer(
        "bandwidth",
        _bandwidth,
        None,
        "Duration",
        said={"direction": "outbound", "columns": {"seconds": "Duration"}},
        **OUT,
    ),
}
"""Of one system's several files the name of the format stands in front of a colon."""

"""The call records of Indian clouds: Exotel, Ozonetel, Servetel and Smartflo, TeleCMI."""

from __future__ import annotations

from dialnexa_routing.records.formats.call_format import Answered, CallFormat, Choice, FirstOf, Leg
from dialnexa_routing.records.formats.call_signs import (
    CALLED_BY_WAY,
    called_by_way,
    parent_or_self,
    with_names,
)

_COMPLETED = Answered(
    yes=frozenset({"completed"}), no=frozenset({"failed", "busy", "noanswer", "canceled", "cancelled"})
)
EXOTEL = CallFormat(
    name="exotel",
    title="Exotel calls",
    recognised_by="Sid, PhoneNumberSid, From, To, Status",
    sign=with_names("Sid", "PhoneNumberSid", "From", "To", "Status", "StartTime"),
    columns={
        "call_id": "Sid",
        "to": "To",
        "from": "From",
        "ended_at": "EndTime",
        "seconds": "Details.ConversationDuration",
        "direction": "Direction",
        "status": "Status",
        "voicemail": "AnsweredBy",
        "their_charge": "Price",
    },
    records_at="Calls",
    start="StartTime",
    direction={},
    answered=_COMPLETED,
    leg=Leg(
        "a call that is dialled on has a row for each leg; each may be charged, by legs='all'",
        key=parent_or_self("ParentCallSid", "Sid"),
        named_in="ParentCallSid",
    ),
    charge_sign="positive",
    written_by="GET /v1/Accounts/…/Calls.json?details=true",
    source="developer.exotel.com: call details",
)
EXOTEL_REPORT = CallFormat(
    name="exotel_report",
    title="Exotel CDR report",
    recognised_by="columns CallSid, PhoneNumberSid, From, To, Status",
    sign=with_names("CallSid", "PhoneNumberSid", "From", "To", "Status", "StartTime"),
    columns={
        "call_id": "CallSid",
        "to": "To",
        "from": "From",
        "ended_at": "EndTime",
        "seconds": "ConversationDuration",
        "direction": "Direction",
        "status": "Status",
        "their_charge": "Price",
        "their_currency": "Currency",
    },
    start="StartTime",
    direction={},
    answered=_COMPLETED,
    charge_sign="positive",
    written_by="Reports > CDR, with the column ConversationDuration",
    source="developer.exotel.com: CDR reports",
)
OZONETEL = CallFormat(
    name="ozonetel",
    title="Ozonetel CDR",
    recognised_by="CallDate, TalkTime, E164, Type",
    sign=with_names("CallDate", "TalkTime", "E164", "Type", "Status"),
    columns={
        "call_id": FirstOf(("UCID", "CallID")),
        "to": "called",
        "from": "calling",
        "seconds": "TalkTime",
        "direction": "Type",
        "status": "Status",
    },
    records_at="details",
    seconds_unit="clock",
    start="StartTime",
    direction={"manual": "outbound", "progressive": "outbound"},
    answered=Answered(yes=frozenset({"answered"}), no=frozenset({"notanswered", "unanswered"})),
    prepare=called_by_way("Type", "E164", "DID"),
    adds=CALLED_BY_WAY,
    written_by="CloudAgent API: Fetch CDR details",
    source="docs.ozonetel.com: CDR",
)
SMARTFLO = CallFormat(
    name="smartflo",
    title="Tata Smartflo and Servetel call records",
    recognised_by="answered_seconds, client_number, did_number",
    sign=with_names("uuid", "answered_seconds", "client_number", "did_number", "direction", "status"),
    columns={
        "call_id": "uuid",
        "to": "called",
        "from": "calling",
        "ended_at": "end_stamp",
        "seconds": "answered_seconds",
        "direction": "direction",
        "status": "status",
        "their_charge": "charges",
    },
    records_at="results",
    start="time",
    direction={},
    answered=Answered(yes=frozenset({"answered"}), no=frozenset({"missed"})),
    charge_sign="positive",
    prepare=called_by_way("direction", "client_number", "did_number"),
    adds=CALLED_BY_WAY,
    written_by="GET /v1/call/records, every page",
    source="docs.smartflo.tatatelebusiness.com, docs.servetel.in",
)
TELECMI = CallFormat(
    name="telecmi",
    title="TeleCMI and PIOPIY CDR",
    recognised_by="cmiuid or _id, billedsec, time",
    sign=lambda head: (
        with_names("billedsec", "to", "from", "time")(head) and (head.has("cmiuid") or head.has("_id"))
    ),
    columns={
        "call_id": FirstOf(("cmiuid", "_id")),
        "to": "to",
        "from": "from",
        "seconds": Choice(
            ("billedsec", "duration"),
            "billedsec is the talk and duration holds the ringing; rows of missed calls, which come from an "
            "address of their own, may have both and are not to be read here",
        ),
        "direction": "direction",
    },
    records_at="cdr",
    times="epoch_ms",
    zone="UTC",
    start="time",
    certain=False,
    written_by="POST /v2/out_cdr or /v2/in_cdr with type 1, every page of 10",
    source="doc.telecmi.com",
)
INDIA = (EXOTEL, EXOTEL_REPORT, OZONETEL, SMARTFLO, TELECMI)

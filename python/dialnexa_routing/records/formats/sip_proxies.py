"""The call records of SIP proxies: Kamailio and OpenSIPS, as transactions and as calls."""

from __future__ import annotations

from dialnexa_routing.records.formats.call_format import Answered, CallFormat, CallHead, Choice, Leg
from dialnexa_routing.records.formats.call_signs import FAILURES, with_names
from dialnexa_routing.records.formats.sip_transactions import BYE_TIME, joined, joined_or_counted

_NUMBER = Choice(
    ("dst_ouser", "dst_user"),
    "dst_ouser is as it was dialled; dst_user is what the proxy made of it, maybe with a trunk prefix",
)
_SIP = Answered(yes=frozenset({"200"}), no=FAILURES)
_LEGS = Leg("a fork or another leg writes the call again", key=("callid",))
KAMAILIO = CallFormat(
    name="kamailio",
    title="Kamailio acc",
    recognised_by="columns method, from_tag, to_tag, callid, sip_code, time",
    sign=with_names(
        "method", "from_tag", "to_tag", "callid", "sip_code", "time", without=("duration", "setuptime")
    ),
    columns={
        "call_id": "callid",
        "to": _NUMBER,
        "from": "src_user",
        "answered_at": "time",
        "ended_at": BYE_TIME,
        "status": "sip_code",
    },
    where=lambda cells: cells["method"] == "INVITE",
    answered=_SIP,
    leg=_LEGS,
    prepare=joined,
    joins=True,
    adds=(BYE_TIME,),
    written_by="SELECT * FROM acc, as CSV with its header (modparam acc db_extra with dst_ouser)",
    source="kamailio/kamailio: utils/kamctl/mysql/acc-create.sql",
)
OPENSIPS = CallFormat(
    name="opensips",
    title="OpenSIPS acc",
    recognised_by="columns method, from_tag, to_tag, callid, sip_code, duration, setuptime",
    sign=with_names("method", "from_tag", "to_tag", "callid", "sip_code", "duration", "setuptime"),
    columns={
        "call_id": "callid",
        "to": _NUMBER,
        "from": "src_user",
        "answered_at": "time",
        "seconds": "duration",
        "status": "sip_code",
    },
    where=lambda cells: cells["method"] == "INVITE",
    start="created",
    answered=_SIP,
    leg=_LEGS,
    prepare=joined_or_counted,
    joins=True,
    written_by="SELECT * FROM acc, as CSV with its header (do_accounting with cdr)",
    source="OpenSIPS/opensips: scripts/mysql/acc-create.sql",
)
KAMAILIO_CDRS = CallFormat(
    name="kamailio_cdrs",
    title="Kamailio cdrs",
    recognised_by="columns call_start_time, duration, sip_call_id, src_username, dst_username",
    sign=with_names("call_start_time", "duration", "sip_call_id", "src_username", "dst_username"),
    columns={
        "call_id": "sip_call_id",
        "to": Choice(
            ("dst_ousername", "dst_username"),
            "dst_ousername is as it was dialled; dst_username is what the proxy made of it, maybe with a "
            "trunk prefix",
        ),
        "from": "src_username",
        "answered_at": "call_start_time",
        "seconds": "duration",
    },
    answered=Answered(at=True),
    leg=Leg("a fork or another leg writes the call again", key=("sip_call_id",)),
    written_by="CALL kamailio_cdrs(), then SELECT * FROM cdrs, as CSV with its header",
    source="kamailio/kamailio: the procedure kamailio_cdrs, which takes the BYE less the INVITE",
)


def _is_of_dialogs(head: CallHead) -> bool:
    named = head.has("start_time", "end_time", "duration") and not head.has("method")
    return named and (head.has("dst_user") or head.has("dst_ouser"))


KAMAILIO_DIALOGS = CallFormat(
    name="kamailio_acc_cdrs",
    title="Kamailio acc_cdrs",
    recognised_by="columns start_time, end_time, duration, and dst_user or dst_ouser by cdr_extra",
    sign=_is_of_dialogs,
    # Whether the start is the INVITE or the answer is a parameter (cdr_start_on_confirmed), so the duration
    # may hold the ringing: it is asked.
    columns={"call_id": "callid", "to": _NUMBER, "from": "src_user", "ended_at": "end_time"},
    start="start_time",
    leg=_LEGS,
    written_by="SELECT * FROM acc_cdrs, as CSV (modparam acc cdr_enable, cdr_extra, cdr_start_on_confirmed)",
    source="kamailio/kamailio: utils/kamctl/mysql/acc-create.sql, modules/acc",
)
SIP_PROXIES = (KAMAILIO, KAMAILIO_CDRS, KAMAILIO_DIALOGS, OPENSIPS)

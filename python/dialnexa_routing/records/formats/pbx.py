"""The call records of PBXs: Asterisk, FreePBX, CUCM, 3CX; and those of proxies behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.records.formats.call_format import Answered, CallFormat, Choice, Leg
from dialnexa_routing.records.formats.call_signs import (
    DATE_OR_NOTHING,
    INTEGER,
    with_cells,
    with_names,
)
from dialnexa_routing.records.formats.sip_proxies import SIP_PROXIES

if TYPE_CHECKING:
    from collections.abc import Mapping

_DISPOSITION = "(?:ANSWERED|NO ANSWER|BUSY|FAILED|CONGESTION|CANCEL|UNKNOWN)"
_WORDS = Answered(
    at=True,
    yes=frozenset({"answered"}),
    no=frozenset({"noanswer", "busy", "failed", "congestion", "cancel", "unknown"}),
)
_ASTERISK = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
)
_NEW = ("peeraccount", "linkedid", "sequence")


def _channel(cells: Mapping[str, pl.Expr]) -> pl.Expr:
    """What the rows of one call have alike; of seventeen columns one is its uniqueid or its userfield."""
    either = cells["uniqueidoruserfield"]
    return pl.coalesce(
        cells["linkedid"], cells["uniqueid"], pl.when(either.str.contains(_UNIQUEID)).then(either)
    )


_UNIQUEID = r"^(?:[A-Za-z0-9_.-]*-)?[0-9]{9,10}\.[0-9]+$"
_CHANNELS = Leg(
    "transfers, queues and forks write a row for each channel; the longest of one linkedid, else of one "
    "uniqueid, is charged",
    key=_channel,
)

ASTERISK = CallFormat(
    name="asterisk",
    title="Asterisk Master.csv",
    recognised_by="no header, 16 to 21 cells, dates in the 10th to 12th, a disposition in the 15th",
    sign=with_cells(
        frozenset(range(16, 22)),
        {
            10: DATE_OR_NOTHING,
            11: DATE_OR_NOTHING,
            12: DATE_OR_NOTHING,
            13: INTEGER,
            14: INTEGER,
            15: _DISPOSITION,
        },
    ),
    columns={
        "call_id": "uniqueid",
        "to": "dst",
        "from": "src",
        "answered_at": "answer",
        "ended_at": "end",
        "seconds": "billsec",
        "status": "disposition",
    },
    header=False,
    names={
        16: _ASTERISK,
        17: (*_ASTERISK, "uniqueid_or_userfield"),
        18: (*_ASTERISK, "uniqueid", "userfield"),
        19: (*_ASTERISK, *_NEW),
        20: (*_ASTERISK, "uniqueid_or_userfield", *_NEW),
        21: (*_ASTERISK, "uniqueid", "userfield", *_NEW),
    },
    width=frozenset(range(16, 22)),
    start="start",
    answered=_WORDS,
    leg=_CHANNELS,
    written_by="cdr_csv.so: /var/log/asterisk/cdr-csv/Master.csv (cdr.conf, [csv])",
    source="asterisk/asterisk: cdr/cdr_csv.c, configs/samples/cdr.conf.sample",
)
_CUSTOM = (
    "clid",
    *(name for name in _ASTERISK if name not in ("accountcode", "clid")),
    "accountcode",
    "uniqueid",
    "userfield",
    "sequence",
)
_CUSTOM = tuple(dict.fromkeys(_CUSTOM))
_ANY_TIME = rf"{DATE_OR_NOTHING}|0|[0-9]{{9,16}}(?:\.[0-9]{{1,9}})?"
_CUSTOM_WORDS = Answered(
    at=True,
    yes=frozenset({"answered", "8"}),
    no=frozenset({*(_WORDS.no or ()), "0", "1", "2", "4", "16"}),
)
ASTERISK_CUSTOM = CallFormat(
    name="asterisk_custom",
    title="Asterisk cdr_custom, as its sample has it",
    recognised_by="no header, 19 cells, times in the 9th to 11th, a disposition in the 14th",
    sign=with_cells(
        frozenset({19}),
        {
            9: _ANY_TIME,
            10: _ANY_TIME,
            11: _ANY_TIME,
            12: r"[0-9]{1,9}(?:\.[0-9]{1,9})?",
            13: r"[0-9]{1,9}(?:\.[0-9]{1,9})?",
            14: f"{_DISPOSITION}|[0-9]{{1,2}}",
            19: INTEGER,
        },
    ),
    columns=ASTERISK.columns,
    header=False,
    names=_CUSTOM,
    width=frozenset({19}),
    start="start",
    answered=_CUSTOM_WORDS,
    leg=_CHANNELS,
    written_by="cdr_custom.so with the mapping of cdr_custom.conf.sample: cdr-custom/Master.csv",
    source="asterisk/asterisk: configs/samples/cdr_custom.conf.sample",
)
ASTERISK_FIELDS = CallFormat(
    name="asterisk_fields",
    title="Asterisk cdr_custom or a database, with the names of its fields",
    recognised_by="src, dst, dcontext, answer, end, billsec, disposition",
    sign=with_names(
        "src", "dst", "dcontext", "answer", "end", "billsec", "disposition", without=("calldate",)
    ),
    columns=ASTERISK.columns,
    start="start",
    answered=_CUSTOM_WORDS,
    leg=_CHANNELS,
    written_by="cdr_custom.so with a mapping of JSON; cdr_adaptive_odbc, cdr_pgsql: SELECT * FROM cdr",
    source="asterisk/asterisk: configs/samples/cdr_custom.conf.sample",
)
FREEPBX = CallFormat(
    name="freepbx",
    title="FreePBX CDR report",
    recognised_by="columns calldate, clid, dcontext, billsec, disposition",
    sign=with_names("calldate", "clid", "src", "dst", "dcontext", "billsec", "disposition"),
    columns={
        "call_id": "uniqueid",
        "to": "dst",
        "from": "src",
        "seconds": "billsec",
        "status": "disposition",
    },
    start="calldate",
    answered=_WORDS,
    leg=_CHANNELS,
    written_by="Reports > CDR Reports > Export to CSV; raise its limit of 100 rows first",
    source="FreePBX/cdr: page.cdr.php",
)
CUCM = CallFormat(
    name="cucm",
    title="Cisco CUCM flat file",
    recognised_by="columns cdrRecordType, globalCallID_callId, dateTimeConnect",
    sign=with_names("cdrRecordType", "globalCallID_callId", "dateTimeConnect", "duration"),
    columns={
        "call_id": "pkid",
        "to": Choice(
            ("finalCalledPartyNumber", "outpulsedCalledPartyNumber"),
            "finalCalledPartyNumber is what was dialled, with its access code; outpulsedCalledPartyNumber is "
            "what the trunk sent",
        ),
        "from": "callingPartyNumber",
        "answered_at": "dateTimeConnect",
        "ended_at": "dateTimeDisconnect",
        "seconds": "duration",
    },
    times="epoch_s",
    zone="UTC",
    leg=Leg(
        "transfers, conferences and forwards write several rows with one globalCallID",
        key=lambda cells: pl.concat_str(
            [cells["globalcallidcallmanagerid"].fill_null(""), cells["globalcallidcallid"]], separator="/"
        ),
    ),
    noise=lambda cells: cells["cdrrecordtype"] == "INTEGER",
    written_by="Cisco Unified Serviceability > Tools > CDR Management: files cdr_…, not cmr_…",
    source="Cisco Unified CM Call Detail Records Administration Guide",
)
THREE_CX = CallFormat(
    name="3cx",
    title="3CX cdr.log with all fields",
    recognised_by="no header, 20 cells, the first Call …, the last Chain: …",
    sign=with_cells(
        frozenset({20}),
        {
            1: "Call .+",
            3: "(?:[0-9]{1,3}:[0-9]{2}:[0-9]{2})?",
            5: "(?:[0-9/]{8,10} [0-9:]{7,8})?",
            20: "Chain:.*",
        },
    ),
    columns={
        "call_id": "historyid",
        "to": Choice(
            ("dial-no", "to-no", "final-number"),
            "dial-no is what was dialled, to-no the party that was reached first, final-number who got it",
        ),
        "from": "from-no",
        "answered_at": "time-answered",
        "ended_at": "time-end",
        "seconds": "duration",
    },
    header=False,
    names=(
        "historyid",
        "callid",
        "duration",
        "time-start",
        "time-answered",
        "time-end",
        "reason-terminated",
        "from-no",
        "to-no",
        "from-dn",
        "to-dn",
        "dial-no",
        "reason-changed",
        "final-number",
        "final-dn",
        "bill-code",
        "bill-rate",
        "bill-cost",
        "bill-name",
        "chain",
    ),
    width=frozenset({20}),
    seconds_unit="clock",
    start="time-start",
    answered=Answered(at=True),
    written_by="Settings > CDR > output to one file, every field in the order of its list",
    source="3CX: CDR output",
)
PBX = (ASTERISK, ASTERISK_CUSTOM, ASTERISK_FIELDS, FREEPBX, CUCM, THREE_CX, *SIP_PROXIES)

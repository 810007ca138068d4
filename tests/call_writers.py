"""Small writers of call records, one for each system, from the layouts that their makers document."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INDIA = timezone(timedelta(hours=5, minutes=30))


@dataclass(frozen=True)
class Call:
    """One call: numbers are digits with calling code, times epoch seconds, `talk` None if not answered."""

    key: int
    to: str
    caller: str
    way: str
    begin: int
    ring: int
    talk: int | None
    first: int | None = None
    """Of another leg, the key of the first one."""

    @property
    def answer(self) -> int | None:
        return None if self.talk is None else self.begin + self.ring

    @property
    def end(self) -> int:
        return self.begin + self.ring + (self.talk or 0)

    @property
    def outside(self) -> str:
        return self.to if self.way == "outbound" else self.caller

    @property
    def own(self) -> str:
        return self.caller if self.way == "outbound" else self.to


@dataclass(frozen=True)
class Writer:
    """How a system writes calls, and what has to be said to read them."""

    file: str
    write: Callable[[Sequence[Call], int, int], str]
    seconds: str = ""
    """Its field of the length; "" where it has no names, or no length."""
    said: dict[str, Any] = field(default_factory=dict)
    directed: bool = True
    legged: bool = True
    most: int = 99


def wall(at: int | None, form: str = "%Y-%m-%d %H:%M:%S", zone: Any = INDIA) -> str:
    return "" if at is None else datetime.fromtimestamp(at, zone).strftime(form)


def iso(at: int | None) -> str | None:
    return None if at is None else wall(at, "%Y-%m-%dT%H:%M:%SZ", UTC)


def offset(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, INDIA).isoformat(sep=" ")


def uuid(key: int) -> str:
    return f"6f0c0000-0000-4000-8000-{key:012d}"


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def lines(rows: Sequence[Sequence[str]]) -> str:
    """Texts quoted, what is marked by a leading blank bare."""
    cells = ((one[1:] if one[:1] == " " else f'"{one}"' for one in row) for row in rows)
    return "".join(",".join(row) + "\n" for row in cells)


def _asterisk_cells(call: Call, up: int, down: int) -> dict[str, str]:
    answered = call.talk is not None
    return {
        "accountcode": "",
        "src": call.caller,
        "dst": call.to,
        "dcontext": "from-internal",
        "clid": call.caller,
        "channel": f"PJSIP/a-{call.key:x}",
        "dstchannel": f"PJSIP/trunk-{call.key:x}",
        "lastapp": "Dial",
        "lastdata": f"PJSIP/{call.to}@trunk,60",
        "start": wall(call.begin),
        "answer": wall(call.answer) or " ",
        "end": wall(call.end),
        "duration": f" {(call.end - call.begin) * up // down}",
        "billsec": f" {(call.talk or 0) * up // down}",
        "disposition": "ANSWERED" if answered else "NO ANSWER",
        "amaflags": "DOCUMENTATION",
        "uniqueid": f"1793593800.{call.first or call.key}",
        "userfield": "",
    }


def asterisk(calls: Sequence[Call], up: int, down: int) -> str:
    return lines([[*_asterisk_cells(call, up, down).values()] for call in calls])


_SAMPLE = [
    "clid",
    "src",
    "dst",
    "dcontext",
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
    "accountcode",
    "uniqueid",
    "userfield",
]


def asterisk_custom(calls: Sequence[Call], up: int, down: int) -> str:
    rows = [(_asterisk_cells(call, up, down), call.key) for call in calls]
    return lines(
        [
            [
                *(
                    cells[one].strip(" ") if one in ("duration", "billsec", "answer") else cells[one]
                    for one in _SAMPLE
                ),
                f" {key}",
            ]
            for cells, key in rows
        ]
    )


def asterisk_tabbed(calls: Sequence[Call], up: int, down: int) -> str:
    """The same by a mapping with a tab, which is bare between the cells."""
    return asterisk_custom(calls, up, down).replace('","', '"\t"').replace('", ', '"\t').replace('",', '"\t')


def _epoch_cells(call: Call, up: int, down: int) -> dict[str, str]:
    times = {"start": call.begin, "answer": call.answer or 0, "end": call.end}
    state = "8" if call.talk is not None else "1"
    cells = {name: cell.strip(" ") for name, cell in _asterisk_cells(call, up, down).items()}
    return {**cells, **{name: str(at) for name, at in times.items()}, "disposition": state}


def asterisk_epochs(calls: Sequence[Call], up: int, down: int) -> str:
    """By a mapping with times as counts and dispositions as numbers."""
    rows = [(_epoch_cells(call, up, down), call.key) for call in calls]
    return lines([[*(cells[one] for one in _SAMPLE), f" {key}"] for cells, key in rows])


def asterisk_json(calls: Sequence[Call], up: int, down: int) -> str:
    """By a mapping of JSON, a document on each line."""
    rows = [(_asterisk_cells(call, up, down), call.key) for call in calls]
    cells = [{one: cells[one].strip(" ") for one in _SAMPLE} | {"sequence": str(key)} for cells, key in rows]
    return "".join(json.dumps(one) + "\n" for one in cells)


def asterisk_table(calls: Sequence[Call], up: int, down: int) -> str:
    """From a database, with a header and times as counts."""
    return table([_epoch_cells(call, up, down) for call in calls])


_EXPORT = [
    "calldate",
    "clid",
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "accountcode",
    "uniqueid",
    "userfield",
]


def freepbx(calls: Sequence[Call], up: int, down: int) -> str:
    rows = [_asterisk_cells(call, up, down) for call in calls]
    made = [[(cells | {"calldate": cells["start"]})[one] for one in _EXPORT] for cells in rows]
    return ",".join(_EXPORT) + "\n" + lines(made)


def table(rows: Sequence[dict[str, Any]], *before: str) -> str:
    head = lines([[*rows[0]]])
    return (
        head
        + "".join(before)
        + lines([["" if one is None else str(one) for one in row.values()] for row in rows])
    )


def cucm(calls: Sequence[Call], up: int, down: int) -> str:
    return table(
        [
            {
                "cdrRecordType": 1,
                "globalCallID_callManagerId": 1,
                "globalCallID_callId": call.first or call.key,
                "dateTimeOrigination": call.begin,
                "callingPartyNumber": call.caller,
                "finalCalledPartyNumber": call.to,
                "dateTimeConnect": call.answer or 0,
                "dateTimeDisconnect": call.end,
                "duration": (call.talk or 0) * up // down,
                "pkid": uuid(call.key),
            }
            for call in calls
        ],
        "INTEGER,INTEGER,INTEGER,INTEGER,VARCHAR(50),VARCHAR(50),INTEGER,INTEGER,INTEGER,UNIQUEIDENTIFIER\n",
    )


def three_cx(calls: Sequence[Call], up: int, down: int) -> str:
    return "".join(
        ",".join(
            [
                f"Call {call.key}",
                f"0000_{call.key}",
                clock((call.talk or 0) * up // down),
                *(wall(at, "%Y/%m/%d %H:%M:%S") for at in (call.begin, call.answer, call.end)),
                "TerminatedByDst",
                call.caller,
                call.to,
                "105",
                "10001",
                call.to,
                "",
                call.to,
                "10001",
                "",
                "",
                "",
                "",
                f"Chain: Ext.105;{call.to};",
            ]
        )
        + "\n"
        for call in calls
    )


def _acc(method: str, call: Call, at: int, code: str = "200", *, turned: bool = False) -> dict[str, Any]:
    tags = [f"a{call.key}", f"b{call.key}"]
    one, other = reversed(tags) if turned else tags
    return {
        "method": method,
        "from_tag": one,
        "to_tag": other,
        "callid": f"c{call.first or call.key}@pbx",
        "sip_code": code,
        "sip_reason": "x",
        "time": wall(at),
        "src_user": call.caller if method == "INVITE" else "",
        "dst_ouser": call.to if method == "INVITE" else "",
    }


def kamailio(calls: Sequence[Call], _up: int, _down: int) -> str:
    rows: list[dict[str, Any]] = []
    for call in calls:
        if call.answer is None:
            rows.append(_acc("INVITE", call, call.end, "486"))
        else:
            rows.append(_acc("INVITE", call, call.answer))
            rows.append(_acc("BYE", call, call.end, turned=call.key % 2 == 1))
    return table(rows)


def opensips(calls: Sequence[Call], up: int, down: int) -> str:
    return table(
        [
            {
                **_acc("INVITE", call, call.answer or call.end, "200" if call.answer else "486"),
                "duration": (call.talk or 0) * up // down,
                "setuptime": call.ring,
                "created": wall(call.begin),
            }
            for call in calls
        ]
    )


def kamailio_cdrs(calls: Sequence[Call], up: int, down: int) -> str:
    """What the procedure makes of transactions: calls that were answered, and no others."""
    return table(
        [
            {
                "cdr_id": place,
                "src_username": call.caller,
                "src_domain": "pbx",
                "dst_username": call.to,
                "dst_domain": "pbx",
                "call_start_time": wall(call.answer),
                "duration": (call.talk or 0) * up // down,
                "sip_call_id": f"c{call.first or call.key}@pbx",
                "cost": 0,
                "rated": 0,
            }
            for place, call in enumerate(calls)
        ]
    )


def kamailio_dialogs(calls: Sequence[Call], up: int, down: int) -> str:
    return table(
        [
            {
                "id": place,
                "start_time": wall(call.answer or call.end),
                "end_time": wall(call.end),
                "duration": f"{(call.talk or 0) * up // down}.000",
                "callid": f"c{call.first or call.key}@pbx",
                "src_user": call.caller,
                "dst_ouser": call.to,
            }
            for place, call in enumerate(calls)
        ]
    )


ASKED = {"direction": "outbound", "timezone": "Asia/Kolkata"}
WRITERS: dict[str, Writer] = {
    "asterisk": Writer("asterisk.csv", asterisk, said=ASKED, directed=False),
    "asterisk_custom": Writer("asterisk_custom.csv", asterisk_custom, said=ASKED, directed=False),
    "asterisk_custom:tab": Writer("asterisk_tab.csv", asterisk_tabbed, said=ASKED, directed=False),
    "asterisk_custom:epoch": Writer(
        "asterisk_epoch.csv",
        asterisk_epochs,
        said={"direction": "outbound", "epoch_unit": "s"},
        directed=False,
    ),
    "asterisk_fields": Writer("asterisk_fields.json", asterisk_json, "billsec", ASKED, directed=False),
    "asterisk_fields:table": Writer(
        "asterisk_table.csv",
        asterisk_table,
        "billsec",
        {"direction": "outbound", "epoch_unit": "s"},
        directed=False,
    ),
    "freepbx": Writer("freepbx.csv", freepbx, "billsec", {"direction": "outbound"}, directed=False),
    "cucm": Writer("cucm.csv", cucm, "duration", {"direction": "outbound"}, directed=False),
    "3cx": Writer(
        "3cx.csv", three_cx, said={**ASKED, "columns": {"to": "dial-no"}}, directed=False, legged=False
    ),
    "kamailio": Writer("kamailio.csv", kamailio, "method", ASKED, directed=False),
    "kamailio_cdrs": Writer("kamailio_cdrs.csv", kamailio_cdrs, "duration", ASKED, directed=False),
    "kamailio_acc_cdrs": Writer(
        "kamailio_acc_cdrs.csv",
        kamailio_dialogs,
        '"duration"',
        {**ASKED, "columns": {"seconds": "duration"}},
        directed=False,
    ),
    "opensips": Writer("opensips.csv", opensips, "duration", ASKED, directed=False),
}

"""Small writers of call records, one for each template of FreeSWITCH, and of FusionPBX."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from call_writers import ASKED, Call, Writer, lines, offset, table, uuid, wall

if TYPE_CHECKING:
    from collections.abc import Sequence


def _freeswitch(call: Call, up: int, down: int) -> list[str]:
    return [
        "Asha",
        call.caller,
        call.to,
        "default",
        wall(call.begin),
        wall(call.answer),
        wall(call.end),
        str((call.end - call.begin) * up // down),
        str((call.talk or 0) * up // down),
        "NORMAL_CLEARING",
        uuid(call.key),
        uuid(call.first) if call.first else (uuid(call.key + 1) if call.talk is not None else ""),
        "",
        "PCMU",
        "PCMU",
    ]


def freeswitch(calls: Sequence[Call], up: int, down: int) -> str:
    return lines([_freeswitch(call, up, down) for call in calls])


def freeswitch_sql(calls: Sequence[Call], up: int, down: int) -> str:
    """As the template has it: a blank before the last cell, and nothing escaped."""
    rows = lines([_freeswitch(call, up, down)[:13] for call in calls]).splitlines()
    cells = (row.rpartition(",") for row in rows)
    return "".join(f"INSERT INTO cdr VALUES ({before}, {last});\n" for before, _, last in cells)


def freeswitch_snom(calls: Sequence[Call], up: int, down: int) -> str:
    rows = lines([[*_freeswitch(call, up, down), "snom", "", "", "", ""] for call in calls]).splitlines()
    # The template has a blank before the account.
    cut = (row.split(",") for row in rows)
    return "".join(",".join([*cells[:12], " " + cells[12], *cells[13:]]) + "\n" for cells in cut)


def freeswitch_linksys(calls: Sequence[Call], up: int, down: int) -> str:
    return lines([[*_freeswitch(call, up, down), "Linksys", ""] for call in calls])


def freeswitch_pg(calls: Sequence[Call], up: int, down: int) -> str:
    return lines([["192.0.2.7", *_freeswitch(call, up, down)] for call in calls])


def freeswitch_asterisk(calls: Sequence[Call], up: int, down: int) -> str:
    return lines(
        [
            [
                "",
                call.caller,
                call.to,
                "default",
                f'"Asha" <{call.caller}>',
                "sofia/a",
                "sofia/b",
                "bridge",
                "x",
                *row[4:7],
                *row[7:9],
                row[9],
                "3",
                row[10],
                "",
            ]
            for call in calls
            for row in [_freeswitch(call, up, down)]
        ]
    )


def opencdrrate(calls: Sequence[Call], up: int, down: int) -> str:
    return lines(
        [
            [
                uuid(call.key),
                "",
                "inbound",
                call.caller,
                call.to,
                wall(call.answer),
                wall(call.end),
                row[8],
                "",
                "",
                "192.0.2.7",
                "A",
                "gateway",
            ]
            for call in calls
            for row in [_freeswitch(call, up, down)]
        ]
    )


def freeswitch_json(calls: Sequence[Call], up: int, down: int) -> str:
    return "".join(
        json.dumps(
            {
                "core-uuid": uuid(0),
                "channel_data": {"direction": "inbound"},
                "variables": {
                    "uuid": uuid(call.key),
                    "start_epoch": str(call.begin),
                    "answer_epoch": str(call.answer or 0),
                    "end_epoch": str(call.end),
                    "billsec": str((call.talk or 0) * up // down),
                    "hangup_cause": "NORMAL_CLEARING",
                    **({"originating_leg_uuid": uuid(call.first)} if call.first else {}),
                },
                "callflow": [
                    {
                        "caller_profile": {
                            "caller_id_number": call.caller,
                            "destination_number": quote("+" + call.to),
                        }
                    }
                ],
            }
        )
        + "\n"
        for call in calls
    )


def freeswitch_xml(calls: Sequence[Call], up: int, down: int) -> str:
    (call,) = calls
    variables = {
        "uuid": uuid(call.key),
        "start_epoch": call.begin,
        "answer_epoch": call.answer or 0,
        "end_epoch": call.end,
        "billsec": (call.talk or 0) * up // down,
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in variables.items())
    profile = (
        f"<caller_id_number>{call.caller}</caller_id_number>"
        f"<destination_number>%2B{call.to}</destination_number>"
    )
    return (
        f'<?xml version="1.0"?>\n<cdr core-uuid="{uuid(0)}"><variables>{inside}</variables>'
        f'<callflow dialplan="XML"><caller_profile>{profile}</caller_profile></callflow></cdr>\n'
    )


def fusionpbx(calls: Sequence[Call], up: int, down: int) -> str:
    return table(
        [
            {
                "start_stamp": offset(call.begin),
                "end_stamp": offset(call.end),
                "xml_cdr_uuid": uuid(call.key),
                "direction": call.way,
                "billsec": (call.talk or 0) * up // down,
                "billmsec": (call.talk or 0) * 1000,
                "caller_id_number": call.caller,
                "destination_number": call.to,
                "leg": "b" if call.first else "a",
                "answer_stamp": offset(call.answer) or "1970-01-01 05:30:00+05:30",
                "status": "answered" if call.talk is not None else "no_answer",
            }
            for call in calls
        ]
    )


FREESWITCH: dict[str, Writer] = {
    "freeswitch_csv": Writer("freeswitch_csv.csv", freeswitch, said=ASKED, directed=False),
    "freeswitch_csv:sql": Writer("freeswitch_sql.csv", freeswitch_sql, said=ASKED, directed=False),
    "freeswitch_csv:snom": Writer("freeswitch_snom.csv", freeswitch_snom, said=ASKED, directed=False),
    "freeswitch_csv:linksys": Writer(
        "freeswitch_linksys.csv", freeswitch_linksys, said=ASKED, directed=False
    ),
    "freeswitch_pg": Writer("freeswitch_pg.csv", freeswitch_pg, said=ASKED, directed=False),
    "freeswitch_asterisk": Writer(
        "freeswitch_asterisk.csv", freeswitch_asterisk, said=ASKED, directed=False, legged=False
    ),
    "freeswitch_opencdrrate": Writer(
        "opencdrrate.csv", opencdrrate, said=ASKED, directed=False, legged=False
    ),
    "freeswitch_json": Writer(
        "freeswitch_json.json", freeswitch_json, "billsec", {"direction": "outbound"}, directed=False
    ),
    "freeswitch_xml": Writer(
        "freeswitch_xml.xml", freeswitch_xml, "billsec", {"direction": "outbound"}, directed=False, most=1
    ),
    "fusionpbx": Writer("fusionpbx.csv", fusionpbx, '"billsec"'),
}

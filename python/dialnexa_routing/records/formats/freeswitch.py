"""The call records of FreeSWITCH, and of FusionPBX on it: templates of CSV, JSON, XML, a table."""

from __future__ import annotations

from urllib.parse import unquote

import polars as pl

from dialnexa_routing.records.formats.call_format import Answered, CallFormat, FirstOf, Leg
from dialnexa_routing.records.formats.call_signs import (
    DATE,
    DATE_OR_NOTHING,
    INTEGER,
    UUID,
    with_cells,
    with_names,
)

_MODULE = "signalwire/freeswitch: conf/vanilla/autoload_configs/cdr_csv.conf.xml, mod_cdr_csv.c"
_EXAMPLE = (
    "caller_id_name",
    "caller_id_number",
    "destination_number",
    "context",
    "start_stamp",
    "answer_stamp",
    "end_stamp",
    "duration",
    "billsec",
    "hangup_cause",
    "uuid",
    "bleg_uuid",
    "accountcode",
    "read_codec",
    "write_codec",
)
_MORE = ("sip_user_agent", "call_clientcode", "sip_rtp_rxstat", "sip_rtp_txstat", "sofia_record_file")
_COLUMNS = {
    "call_id": "uuid",
    "to": "destination_number",
    "from": "caller_id_number",
    "answered_at": "answer_stamp",
    "ended_at": "end_stamp",
    "seconds": "billsec",
}


def _pair(cells: dict[str, pl.Expr]) -> pl.Expr:
    """One text of the two legs of a bridge, whichever of them wrote the row."""
    own, other = cells["uuid"], cells["bleguuid"]
    both = [
        pl.when(own <= other).then(own).otherwise(other),
        pl.when(own <= other).then(other).otherwise(own),
    ]
    return pl.when(other.is_not_null()).then(pl.concat_str(both, separator="/")).otherwise(own)


_BOTH_LEGS = Leg(
    "with legs=ab (as the minimal configuration has it) each call is written by both of its legs, and a file "
    "for each account repeats Master.csv",
    key=_pair,  # type: ignore[arg-type]
)
FREESWITCH_CSV = CallFormat(
    name="freeswitch_csv",
    title="FreeSWITCH mod_cdr_csv (example, sql, snom, linksys)",
    recognised_by="no header, 13, 15, 17 or 20 cells, dates in the 5th to 7th, a UUID in the 11th",
    sign=with_cells(
        frozenset({13, 15, 17, 20}),
        {
            1: r"(?![0-9]{1,3}(?:\.[0-9]{1,3}){3}$).*",  # that is a row of cdr_pg_csv which lost a cell
            5: DATE,
            6: DATE_OR_NOTHING,
            7: DATE,
            8: INTEGER,
            9: INTEGER,
            11: UUID,
        },
    ),
    columns=_COLUMNS,
    header=False,
    names={
        13: _EXAMPLE[:13],
        15: _EXAMPLE,
        17: (*_EXAMPLE, "sip_user_agent", "sip_p_rtp_stat"),
        20: (*_EXAMPLE, *_MORE),
    },
    width=frozenset({13, 15, 17, 20}),
    start="start_stamp",
    answered=Answered(at=True),
    leg=_BOTH_LEGS,
    written_by="mod_cdr_csv: log/cdr-csv/Master.csv; templates in cdr_csv.conf.xml",
    source=_MODULE,
)
FREESWITCH_PG = CallFormat(
    name="freeswitch_pg",
    title="FreeSWITCH mod_cdr_pg_csv spool",
    recognised_by="no header, 16 cells, an address in the 1st, dates in the 6th to 8th, a UUID in the 12th",
    sign=with_cells(
        frozenset({16}),
        {1: r"[0-9a-fA-F.:]{2,45}", 6: DATE, 7: DATE_OR_NOTHING, 8: DATE, 9: INTEGER, 10: INTEGER, 12: UUID},
    ),
    columns=_COLUMNS,
    header=False,
    names=("local_ip_v4", *_EXAMPLE),
    width=frozenset({16}),
    start="start_stamp",
    answered=Answered(at=True),
    leg=_BOTH_LEGS,
    written_by="mod_cdr_pg_csv: spool-dir of cdr_pg_csv.conf.xml",
    source="signalwire/freeswitch: mod_cdr_pg_csv.c",
)
FREESWITCH_ASTERISK = CallFormat(
    name="freeswitch_asterisk",
    title="FreeSWITCH mod_cdr_csv, template asterisk",
    recognised_by="no header, 18 cells, dates in the 10th to 12th, a cause in the 15th, a UUID in the 17th",
    sign=with_cells(
        frozenset({18}),
        {10: DATE, 11: DATE_OR_NOTHING, 12: DATE, 13: INTEGER, 14: INTEGER, 15: "[A-Z0-9_]+", 17: UUID},
    ),
    columns={
        "call_id": "uuid",
        "to": "destination_number",
        "from": "caller_id_number",
        "answered_at": "answer",
        "ended_at": "end",
        "seconds": "billsec",
    },
    header=False,
    names=(
        "accountcode",
        "caller_id_number",
        "destination_number",
        "context",
        "caller_id",
        "channel_name",
        "bridge_channel",
        "last_app",
        "last_arg",
        "start",
        "answer",
        "end",
        "duration",
        "billsec",
        "hangup_cause",
        "amaflags",
        "uuid",
        "userfield",
    ),
    width=frozenset({18}),
    start="start",
    answered=Answered(at=True),
    written_by="mod_cdr_csv with default-template asterisk, or with a template that is missing",
    source=_MODULE,
)
OPENCDRRATE = CallFormat(
    name="freeswitch_opencdrrate",
    title="FreeSWITCH mod_cdr_csv, template opencdrrate",
    recognised_by="no header, 13 cells, a UUID in the 1st, dates in the 6th and 7th",
    sign=with_cells(frozenset({13}), {1: UUID, 6: DATE_OR_NOTHING, 7: DATE, 8: INTEGER}),
    columns={
        "call_id": "uuid",
        "to": "destination_number",
        "from": "ani",
        "answered_at": "answer_stamp",
        "ended_at": "end_stamp",
        "seconds": "billsec",
    },
    header=False,
    names=(
        "uuid",
        "signal_bond",
        "leg_direction",
        "ani",
        "destination_number",
        "answer_stamp",
        "end_stamp",
        "billsec",
        "accountcode",
        "userfield",
        "network_addr",
        "letter",
        "sip_gateway_name",
    ),
    width=frozenset({13}),
    answered=Answered(at=True),
    written_by="mod_cdr_csv with default-template opencdrrate",
    source=_MODULE,
)


def _decoded(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """Variables come URL-encoded, as %2B91…; what is not encoded stays as it is."""
    texts = [name for name, dtype in lazy.collect_schema().items() if dtype == pl.String]
    return lazy.with_columns(pl.col(name).map_elements(unquote, return_dtype=pl.String) for name in texts)


def _document(kind: str, profile: str) -> CallFormat:
    return CallFormat(
        name=f"freeswitch_{kind}",
        title=f"FreeSWITCH mod_{kind}_cdr",
        recognised_by=f"core-uuid, variables.billsec and {profile.rpartition('.')[0]}",
        sign=with_names("core-uuid", "variables.uuid", "variables.billsec", f"{profile}.destination_number"),
        columns={
            "call_id": "variables.uuid",
            "to": f"{profile}.destination_number",
            "from": f"{profile}.caller_id_number",
            "answered_at": "variables.answer_epoch",
            "ended_at": "variables.end_epoch",
            "seconds": "variables.billsec",
        },
        times="epoch_s",
        zone="UTC",
        leg=Leg(
            "both legs write a document; the one that names its originator is the other one",
            other=lambda cells: (
                cells["variables.originatingleguuid"].is_not_null()
                | cells["variables.originator"].is_not_null()
            ),
        ),
        prepare=_decoded,
        written_by=f"mod_{kind}_cdr: log-dir of {kind}_cdr.conf.xml",
        source=f"signalwire/freeswitch: mod_{kind}_cdr.c",
    )


FREESWITCH_JSON = _document("json", "callflow.0.caller_profile")
FREESWITCH_XML = _document("xml", "callflow.caller_profile")
FUSIONPBX = CallFormat(
    name="fusionpbx",
    title="FusionPBX v_xml_cdr",
    recognised_by="columns xml_cdr_uuid, destination_number, billsec",
    sign=with_names("xml_cdr_uuid", "destination_number", "billsec"),
    columns={
        "call_id": "xml_cdr_uuid",
        "to": "destination_number",
        "from": FirstOf(("caller_id_number", "source_number")),
        "answered_at": "answer_stamp",
        "ended_at": "end_stamp",
        "seconds": "billsec",
        "direction": "direction",
        "status": "status",
        "voicemail": "voicemail_message",
    },
    start="start_stamp",
    direction={},
    answered=Answered(
        at=True,
        yes=frozenset({"answered"}),
        no=frozenset({"noanswer", "cancelled", "busy", "failed", "missed", "voicemail"}),
    ),
    leg=Leg(
        "legs to agents and B legs are rows of their own",
        other=lambda cells: (cells["leg"] == "b") | (cells["ccside"] == "agent").fill_null(False),
        named_in="leg",
    ),
    written_by="Apps > Call Detail Records > Export > CSV; or SELECT * FROM v_xml_cdr",
    source="fusionpbx/fusionpbx: app/xml_cdr/app_config.php, xml_cdr_export.php",
)
FREESWITCH = (
    FREESWITCH_CSV,
    FREESWITCH_PG,
    FREESWITCH_ASTERISK,
    OPENCDRRATE,
    FREESWITCH_JSON,
    FREESWITCH_XML,
    FUSIONPBX,
)

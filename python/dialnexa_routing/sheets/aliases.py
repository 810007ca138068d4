"""What published tables call their columns: every alias has one meaning (quirk 55)."""

from __future__ import annotations

from dialnexa_routing.deck.canonical_columns import SHEET

INCREMENTS = "increments"
"""The one-column spelling of both increments, ``60/1``; not a column of `SHEET`."""

RATES = ("inbound_rate", "outbound_rate")

BESIDE = (
    INCREMENTS,
    "status",  # a word such as Closed or Increase
    "enabled",  # yes or no: the prefix is sold
    "discontinued",  # yes or no: the prefix is withdrawn
    "prefix_to",  # the last prefix of a range that `prefix` begins
    "calling_code",  # of the country, with `area_code` or national prefixes beside it
    "area_code",
    "first_rate",  # of the initial increment, where it has a price of its own
    "upcoming_rate",  # the next price, in force from `upcoming_from`
    "upcoming_fee",
    "upcoming_from",
    "interstate_rate",
    "intrastate_rate",
    "indeterminate_rate",
    "direction",  # whether the price is of calls in or out
    "weight",  # of equal prefixes the heavier one stays
)
"""What a table may state beside the columns of `SHEET`; all of it ends in those."""

CANONICAL = (*SHEET, *BESIDE)
JURISDICTIONS = ("interstate_rate", "intrastate_rate", "indeterminate_rate")

_ALIASES = {
    "prefix": "prefixes dst_prefix dest_prefix destination_prefix destination_prefixes"
    " code codes code_s dial_code dial_codes"
    " dialcode dialcodes dialprefix dialing_code dialing_codes dst_code destination_code dest_code"
    " complete_code full_code number_prefix match_prefix dialstring digits npanxx npa_nxx npa_nxx_x npanxxx"
    " prefix_from code_from range_start range_from start_range prefix_start start_prefix code_start"
    " start_code from_range start_of_range first_prefix first_code",
    "prefix_to": "code_to range_end range_to end_range prefix_end end_prefix code_end end_code to_range"
    " end_of_range last_prefix last_code",
    "calling_code": "country_code country_calling_code cc npa country_prefix int_code intl_code"
    " international_code idd_code isd_code isd_codes",
    "area_code": "area_codes city_code city_codes city_code_s area nxx ndc national_code"
    " national_destination_code area_prefix network_prefix",
    "origin": "origination_prefix origination_prefixes src_code source_prefix origin_prefix"
    " caller_id_numbers",
    "network_group": "voice_network_group group network group_name network_name operator destination"
    " destinations destination_name code_name dst_code_name dst_name description friendly_name"
    " target_pattern_name breakout zone carrier",
    "country": "country_name",
    "country_iso": "iso iso_country iso_code country_iso_code iso_country_code",
    "outbound_rate": "rate rates price prices rate_min price_min cost_min rate_per_min rate_per_minute"
    " price_per_minute per_minute_charge per_minute_rate outbound outbound_price outgoing_rate rate_cost"
    " rateinitial cost standard_price allday recurring_charge price_n rate_sec rate_per_second price_sec"
    " price_per_second price_minute rate_minute cost_minute rate_by_minute price_by_minute cost_per_minute"
    " cost_per_min price_per_min new_rate new_rates new_price current_rate current_price old_rate old_price"
    " previous_rate peak peak_rate price_peak off_peak off_peak_rate offpeak_rate weekend_rate cli"
    " cli_rate non_cli non_cli_rate ncli_rate",
    "first_rate": "price_1 initial_rate",
    "upcoming_rate": "next_rate future_rate next_price",
    "upcoming_fee": "next_connection_fee next_connect_fee",
    "upcoming_from": "effective_at next_effective_at next_effective_date next_from",
    "interstate_rate": "rate_inter inter interstate interrate inter_rate rate_interstate inter_state",
    "intrastate_rate": "rate_intra intra intrastate intrarate intra_rate rate_intrastate intra_state",
    "indeterminate_rate": "rate_ij ij ijrate ij_rate indeterminate rate_indeterminate",
    "inbound_rate": "inbound inbound_price incoming_rate",
    "rate_unit_s": "rate_unit voice_unit",
    "currency": "currency_code ccy",
    "connect_fee": "connection_fee connection_cost connection_charge connectfee connectcharge price_per_call"
    " setup_fee rate_surcharge attempt_fee",
    "initial_increment_s": "initial_increment initial_period initial_interval initial_block first_increment"
    " first_period first_interval first_block interval_1 increment_1 initblock",
    "next_increment_s": "next_increment next_period next_interval next_block recurring_increment"
    " recurring_period recurring_interval subsequent_period subsequent_increment subsequent_interval"
    " subsequent_block second_increment additional_increment further_increment interval_n increment_n"
    " billingblock",
    INCREMENTS: "increment interval intervals billing_block billing_period billing billing_increment"
    " billing_increments billing_increament billing_inc"
    " billing_interval billing_terms bill_incrmnt bi_type charge_period pulse min_inc minimum_increments"
    " initial_recurring incr_sec rounding rounding_rules",
    "minimum_s": "minimum minimum_seconds minimum_time minimal_time_charge",
    "grace_s": "grace grace_time grace_seconds grace_period grace_volume rate_nocharge_time",
    "free_s": "free_seconds",
    "min_charge": "minimum_charge",
    "max_charge": "maximum_charge max_cost",
    "valid_from": "effective effective_date efective_date eff_date effective_from effective_since valid_date"
    " start_date startdate date_start begin_date valid_since activation_date application_date date",
    "valid_to": "valid_till valid_until valid_thru valid_through effective_to effective_till effective_until"
    " end_date enddate date_end stop_date stopdate expiry expiry_date expiration expiration_date",
    "blocked": "forbidden reject_calls blocked_status disabled is_disabled is_blocked inactive barred"
    " suspended",
    "enabled": "active is_enabled is_active in_service for_sale",
    "discontinued": "closed withdrawn expired deleted",
    "status": "change rate_change comments comment notes remark remarks action indicator",
    "direction": "call_direction",
    "exact_match": "exact",
}
ALIASES = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()} | {
    name: name for name in CANONICAL
}
PREFERENCE = {name: {alias: at for at, alias in enumerate(_ALIASES[name].split())} for name in _ALIASES}
NAMES = frozenset(["network_group", "country", "country_iso"])
"""Columns for people: of several the most specific is taken, and the others are reported."""

NEW = frozenset(["new_rate", "new_rates", "new_price"])
CURRENT = frozenset(["current_rate", "current_price", "old_rate", "old_price", "previous_rate"])
OLD = frozenset(["old_rate", "old_price", "previous_rate"])
NANP = frozenset(["npanxx", "npa_nxx", "npa", "npa_nxx_x", "npanxxx"])
PER_SECOND = frozenset(["rate_sec", "rate_per_second", "price_sec", "price_per_second"])

_FIRST_BLOCKS = (
    *("initial", "first", "min_volume", "min_bill", "min", "minimum", "min_time", "minimal_time"),
    *(
        "min_duration",
        "minimum_duration",
        "duration",
        "initial_increment",
        "initial_interval",
        "initial_time",
    ),
    *("initial_block", "first_block", "connect_increment", "mbseconds", "mb_seconds", "rate_minimum", "mc"),
)
_FURTHER_BLOCKS = (
    *("increment", "inc", "interval", "next", "subsequent", "further", "additional", "step", "block"),
    *("billing_step", "billing_increment", "billing_block", "next_block", "resolution_time", "resolution"),
    *("talk_increment", "ibseconds", "ib_seconds", "rate_increment", "ci"),
)
INCREMENT_PAIRS = (
    *((first, further) for first in _FIRST_BLOCKS for further in _FURTHER_BLOCKS),
    ("rounding", "rounding"),
    ("interval_first", "interval_next"),
)
"""Two headers that are the initial and the next increment only beside each other."""

RATE_PAIRS = (
    ("initial_rate", "next_rate"),  # of yeti
    ("first_price", "next_price"),  # of PortaOne
    ("price_first", "price_next"),
)
"""Prices of the first and of each further increment."""

//! The cases of `tests/cases`: data that this crate and the Python package both must satisfy.

use dialnexa_deck::semantics::{
    Bands, ConnectFee, FreeSeconds, Grace, Increments, MaxCharge, Minimum, PartSecond, RoundAt, Tiers,
};
use dialnexa_deck::{
    Asked, Builder, Call, Deck, Digits, Direction, Rater, Raw, Reason, Record, Rounding, Row, Semantics,
    Terms, judge,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sheet_schedule::SheetSchedule;
use std::collections::BTreeMap;
use toml::value::{Datetime, Offset};

mod sheet_schedule;

const NANO: i128 = 1_000_000_000;

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/../../tests/cases/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(path).expect("a file of cases")).expect("cases")
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SheetRow {
    prefix: String,
    network_group: String,
    outbound_rate: Option<String>,
    inbound_rate: Option<String>,
    rate_unit_s: Option<u32>,
    connect_fee: Option<String>,
    initial_increment_s: Option<u32>,
    next_increment_s: Option<u32>,
    minimum_s: u32,
    grace_s: u32,
    free_s: u32,
    min_charge: Option<String>,
    max_charge: Option<String>,
    valid_from: Option<Datetime>,
    valid_to: Option<Datetime>,
    blocked: bool,
    exact_match: bool,
}

impl SheetRow {
    fn terms(&self) -> Terms {
        let amount = |text: &Option<String>| text.as_ref().map(|text| nano(text) as i64);
        let (initial, next) = (self.initial_increment_s, self.next_increment_s);
        Terms {
            schedule: None,
            outbound_rate: amount(&self.outbound_rate),
            inbound_rate: amount(&self.inbound_rate),
            rate_unit_s: self.rate_unit_s.unwrap_or(60),
            connect_fee: amount(&self.connect_fee).unwrap_or(0),
            increments: initial.or(next).zip(next.or(initial)),
            minimum_s: self.minimum_s,
            grace_s: self.grace_s,
            free_s: self.free_s,
            min_charge: amount(&self.min_charge).unwrap_or(0),
            max_charge: amount(&self.max_charge),
            valid_from: self.valid_from.map(|time| microseconds(&time)),
            valid_to: self.valid_to.map(|time| microseconds(&time)),
            blocked: self.blocked,
            exact_match: self.exact_match,
        }
    }
}

/// A decimal text in billionths, which it fits.
fn nano(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part: i128 = format!("{part:0<9}").parse().expect("at most nine places");
    sign * (whole.parse::<i128>().expect("digits") * NANO + part)
}

/// An exact amount, a decimal or a ratio in rupees, as a ratio in nano-rupees.
fn ratio(text: &str) -> (i128, i128) {
    match text.split_once('/') {
        Some((above, below)) => {
            (above.parse::<i128>().expect("digits") * NANO, below.parse().expect("digits"))
        }
        None => (nano(text), 1),
    }
}

/// Microseconds since 1970 UTC, days counted by Howard Hinnant's civil calendar.
fn microseconds(time: &Datetime) -> i64 {
    let (date, clock) = (time.date.expect("a date"), time.time.expect("a time"));
    let offset = match time.offset.expect("an offset") {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(minutes),
    };
    let year = i64::from(date.year) - i64::from(date.month <= 2);
    let (era, month) = (year.div_euclid(400), (i64::from(date.month) + 9) % 12);
    let of_era = year - era * 400;
    let of_year = (153 * month + 2) / 5 + i64::from(date.day) - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let minutes = days * 1440 + i64::from(clock.hour) * 60 + i64::from(clock.minute) - offset;
    let seconds = minutes * 60 + i64::from(clock.second.unwrap_or(0));
    seconds * 1_000_000 + i64::from(clock.nanosecond.unwrap_or(0)) / 1000
}

fn compile(
    rows: &[SheetRow],
    schedule: Option<&SheetSchedule>,
) -> Result<Deck<Vec<u8>>, dialnexa_deck::BuildError> {
    let mut builder = Builder::new(Vec::new()).keep_redundant(true);
    let schedule = schedule.map(|schedule| builder.schedule(&schedule.read()));
    for row in rows {
        builder.push(&Row {
            prefix: &row.prefix,
            network_group: &row.network_group,
            country_iso: "",
            country: "",
            terms: Terms { schedule, ..row.terms() },
            source: None,
        })?;
    }
    Ok(Deck::new(builder.finish()?).expect("a deck"))
}

fn direction(name: &Option<String>) -> Option<Direction> {
    name.as_ref().map(|name| match name.as_str() {
        "outbound" => Direction::Outbound,
        "inbound" => Direction::Inbound,
        other => panic!("no direction {other}"),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberCase {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    number: Option<String>,
    integer: Option<u64>,
    digits: Option<String>,
}

#[test]
fn numbers() {
    let cases: BTreeMap<String, Vec<NumberCase>> = read("numbers");
    for case in &cases["case"] {
        let raw = match (&case.number, case.integer) {
            (Some(number), None) => Raw::new(number.as_bytes()),
            (None, Some(integer)) => Raw::from_integer(integer),
            _ => panic!("{}: a number or an integer", case.name),
        };
        let digits = raw.read();
        let (text, count) = digits.text();
        let got = (count > 0).then(|| String::from_utf8_lossy(&text[..count]).into_owned());
        assert_eq!(got, case.digits, "{}", case.name);
    }
}

#[derive(Deserialize)]
struct Longest {
    decks: BTreeMap<String, Vec<SheetRow>>,
    case: Vec<LongestCase>,
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongestCase {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    deck: String,
    number: String,
    at: Option<Datetime>,
    direction: Option<String>,
    prefix: Option<String>,
    network_group: Option<String>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    says: Vec<String>,
    rows: Vec<SheetRow>,
}

#[test]
fn longest() {
    let cases: Longest = read("longest");
    for case in &cases.case {
        let deck = compile(&cases.decks[&case.deck], None).expect("a good sheet");
        let view = deck.view();
        let digits = Digits::parse(case.number.as_bytes()).expect("a number");
        let asked = Asked { at: case.at.as_ref().map(microseconds), direction: direction(&case.direction) };
        let found = view.find(&digits, asked).expect("whole bytes");
        let terms = found.map(|found| view.tariff(found.entry).expect("an entry"));
        let name = terms.map(|(group, _)| view.group(group).expect("a group").name.to_owned());
        let (text, _) = digits.text();
        let prefix = found.map(|found| String::from_utf8_lossy(&text[..found.digits as usize]).into_owned());
        let blocked = terms.is_some_and(|(_, terms)| view.terms(terms).expect("terms").blocked);
        let reason = if found.is_none() { Some("unsupported_prefix") } else { blocked.then_some("blocked") };
        assert_eq!((&prefix, &name), (&case.prefix, &case.network_group), "{}", case.name);
        assert_eq!(reason, case.reason.as_deref(), "{}", case.name);
    }
    for case in &cases.refused {
        let error = compile(&case.rows, None).map(|_| ()).expect_err(&case.name).to_string();
        for word in &case.says {
            assert!(error.contains(word), "{}: {word:?} is not in {error:?}", case.name);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Charges {
    #[serde(default)]
    schedules: BTreeMap<String, SheetSchedule>,
    case: Vec<ChargeCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChargeCase {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    row: SheetRow,
    schedule: Option<String>,
    at: Option<Datetime>,
    #[serde(default)]
    semantics: BTreeMap<String, toml::Value>,
    number: Option<String>,
    direction: Option<String>,
    seconds: Option<String>,
    billed_s: Option<u32>,
    exact: Option<String>,
    total: Option<String>,
    reason: Option<String>,
}

fn semantics(chosen: &BTreeMap<String, toml::Value>) -> Semantics {
    let mut all = Semantics::default();
    for (name, value) in chosen {
        match (name.as_str(), value.as_str().unwrap_or_default()) {
            ("pulse", text) => {
                let (initial, next) = text.split_once('/').expect("initial/next");
                all.pulse = (initial.parse().expect("seconds"), next.parse().expect("seconds"));
            }
            ("decimals", _) => all.decimals = value.as_integer().expect("places") as u32,
            ("part_second", "down") => all.part_second = PartSecond::Down,
            ("part_second", "half_up") => all.part_second = PartSecond::HalfUp,
            ("increments", "modulo") => all.increments = Increments::Modulo,
            ("minimum", "after_increments") => all.minimum = Minimum::AfterIncrements,
            ("grace", "minimum_first") => all.grace = Grace::MinimumFirst,
            ("free_seconds", "on_grid") => all.free_seconds = FreeSeconds::OnGrid,
            ("connect_fee", "at_zero") => all.connect_fee = ConnectFee::AtZero,
            ("max_charge", "disconnect") => all.max_charge = MaxCharge::Disconnect,
            ("tiers", "volume") => all.tiers = Tiers::Volume,
            ("bands", "split") => all.bands = Bands::Split,
            ("round_at", "increment") => all.round_at = RoundAt::Increment,
            ("round_at", "piece") => all.round_at = RoundAt::Piece,
            ("increment_decimals", _) => all.increment_decimals = value.as_integer().expect("places") as u32,
            ("rounding", "half_even") => all.rounding = Rounding::HalfEven,
            ("rounding", "up") => all.rounding = Rounding::Up,
            ("rounding", "down") => all.rounding = Rounding::Down,
            other => panic!("no policy {other:?}"),
        }
    }
    all
}

#[test]
fn charge() {
    charges(&read("charge"));
}

#[test]
fn schedule() {
    charges(&read("schedule"));
}

fn charges(cases: &Charges) {
    for case in &cases.case {
        let schedule = case.schedule.as_ref().map(|name| &cases.schedules[name]);
        let answered_at = case.at.as_ref().map(microseconds);
        let row = SheetRow { prefix: "91".into(), network_group: "group".into(), ..case.row.clone() };
        let deck = compile(&[row], schedule).expect("a good row");
        let (view, choices) = (deck.view(), semantics(&case.semantics));
        let rater = Rater::new(&view, choices).expect("whole bytes");
        let way = direction(&case.direction).unwrap_or(Direction::Outbound);
        let digits = Digits::parse(case.number.as_deref().unwrap_or("919812345678").as_bytes());
        let lacks_time = deck.is_dated() && answered_at.is_none();
        let asked = Asked { at: answered_at, direction: Some(way) };
        let found =
            digits.filter(|_| !lacks_time).and_then(|digits| view.find(&digits, asked).expect("whole bytes"));
        let terms = found.map(|found| view.tariff(found.entry).expect("an entry").1);
        let ticks = case.seconds.as_ref().map(|text| i64::try_from(nano(text)).expect("292 years"));
        let number_fault = digits.is_none().then_some(Reason::InvalidNumber);
        let record = Record { number_fault, fault: None, ticks, direction: Some(way), lacks_time };
        let is_blocked = terms.map(|terms| rater.is_blocked(terms).expect("terms"));
        let charge = |seconds, way| rater.charge(seconds, terms.unwrap_or_default(), way, || answered_at);
        let outcome = judge(&record, is_blocked, &choices, NANO as u32, charge);
        let expected = match &case.reason {
            Some(reason) => Err(reason.as_str()),
            None => {
                let unit = 10_i128.pow(9 - choices.decimals);
                let units = nano(case.total.as_deref().expect("a total")) / unit;
                Ok((case.billed_s.expect("seconds"), units as i64))
            }
        };
        let outcome = outcome.map(|amount| (amount.billed_s, amount.charge)).map_err(Reason::name);
        assert_eq!(outcome, expected, "{}", case.name);
        if let (Some(exact), Some(terms)) = (&case.exact, terms) {
            let whole = choices.whole_seconds(ticks.unwrap_or(0) as u64, NANO as u32);
            let terms = rater.terms(terms).expect("terms");
            let schedule = view.schedule_of(terms).expect("whole bytes");
            let call = Call { seconds: whole, direction: way, answered_at };
            let got =
                choices.charge(&call, terms, schedule.as_ref()).expect("it fits").map(|charge| charge.exact);
            let (above, below) = ratio(exact);
            let same = got.is_none_or(|got| got.numerator * below == above * got.denominator);
            assert!(same, "{}: {got:?} is not {exact}", case.name);
        }
    }
}

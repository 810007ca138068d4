//! What a prefix costs and when: the terms that a rate sheet states in a row, of fixed width.

use crate::money::Nano;
use zerocopy::little_endian::{I64, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Which way a call goes (R46).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the called number, at its outbound rate.
    Outbound,
    /// At our own called number, at its inbound rate.
    Inbound,
}

/// The times that calendars agree on: the years 1 to 9999.
const TIMES: std::ops::Range<i64> = -62_135_596_800_000_000..253_402_300_800_000_000;

/// The terms of a row. Amounts are nano-rupees, times are microseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Terms {
    /// Number of the schedule that prices outbound calls in place of a flat rate.
    pub schedule: Option<u32>,
    /// Per `rate_unit_s` seconds; `None` = no such rate, which is not zero (R47).
    pub outbound_rate: Option<Nano>,
    /// Likewise.
    pub inbound_rate: Option<Nano>,
    /// Seconds that a rate is for: 60 unless per minute would not be exact (R48).
    pub rate_unit_s: u32,
    /// Due once when the call is answered.
    pub connect_fee: Nano,
    /// Initial and next block; `None` = not stated, the plan's pulse serves (R44).
    pub increments: Option<(u32, u32)>,
    /// Time billed at least.
    pub minimum_s: u32,
    /// Calls this short are free.
    pub grace_s: u32,
    /// Seconds not billed.
    pub free_s: u32,
    /// Charged at least.
    pub min_charge: Nano,
    /// Charged at most.
    pub max_charge: Option<Nano>,
    /// First instant in force.
    pub valid_from: Option<i64>,
    /// First instant no longer in force.
    pub valid_to: Option<i64>,
    /// The prefix is refused, and hides shorter ones (R47).
    pub blocked: bool,
    /// The prefix is a whole number.
    pub exact_match: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            schedule: None,
            outbound_rate: None,
            inbound_rate: None,
            rate_unit_s: 60,
            connect_fee: 0,
            increments: None,
            minimum_s: 0,
            grace_s: 0,
            free_s: 0,
            min_charge: 0,
            max_charge: None,
            valid_from: None,
            valid_to: None,
            blocked: false,
            exact_match: false,
        }
    }
}

impl Terms {
    /// What is impossible about them, with what to do.
    pub fn fault(&self) -> Option<&'static str> {
        let amounts = [
            self.outbound_rate,
            self.inbound_rate,
            self.max_charge,
            Some(self.connect_fee),
            Some(self.min_charge),
        ];
        if self.schedule.is_some() && self.outbound_rate.is_some() {
            Some("it has both a schedule and a flat outbound rate; keep one of them")
        } else if amounts.iter().flatten().any(|amount| *amount < 0) {
            Some("an amount is negative; correct the row")
        } else if self.rate_unit_s == 0 {
            Some("the rate is per 0 seconds; state the unit, 60 for a rate per minute")
        } else if self.increments.is_some_and(|(initial, next)| initial == 0 || next == 0) {
            Some("an increment is 0 seconds; state both, as 60 and 60, or neither")
        } else if self.max_charge.is_some_and(|most| most < self.min_charge) {
            Some("the maximum charge is below the minimum charge; correct one of them")
        } else if self.valid_from.zip(self.valid_to).is_some_and(|(from, to)| from >= to) {
            Some("it ends before it begins; correct valid_from or valid_to")
        } else if [self.valid_from, self.valid_to].iter().flatten().any(|time| !TIMES.contains(time)) {
            Some("a time is not of the years 1 to 9999; correct valid_from or valid_to")
        } else {
            None
        }
    }

    /// The flat rate for a direction.
    pub fn rate(&self, direction: Direction) -> Option<Nano> {
        match direction {
            Direction::Outbound => self.outbound_rate,
            Direction::Inbound => self.inbound_rate,
        }
    }

    /// Whether the row has a price for a direction.
    pub fn is_priced(&self, direction: Direction) -> bool {
        self.rate(direction).is_some() || (direction == Direction::Outbound && self.schedule.is_some())
    }

    /// Whether the row speaks for a direction: it has that price, or none at all, or is blocked.
    pub fn serves(&self, direction: Direction) -> bool {
        let priced = |direction| self.is_priced(direction);
        self.blocked || priced(direction) || !(priced(Direction::Outbound) || priced(Direction::Inbound))
    }

    /// Whether it holds at a time: from the first instant, until before the last (R50).
    pub fn is_live(&self, at: i64) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && self.valid_to.is_none_or(|to| at < to)
    }

    /// Whether the time decides about it at all.
    pub fn is_dated(&self) -> bool {
        self.valid_from.is_some() || self.valid_to.is_some()
    }
}

const NO_AMOUNT: i64 = i64::MIN;
const BLOCKED: u32 = 1;
const EXACT_MATCH: u32 = 2;
const HAS_FROM: u32 = 4;
const HAS_TO: u32 = 8;

/// `Terms` as they stand in the file.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct StoredTerms {
    outbound_rate: I64,
    inbound_rate: I64,
    connect_fee: I64,
    min_charge: I64,
    max_charge: I64,
    valid_from: I64,
    valid_to: I64,
    rate_unit_s: U32,
    initial_s: U32,
    next_s: U32,
    minimum_s: U32,
    grace_s: U32,
    free_s: U32,
    flags: U32,
    /// Its number and 1 more; 0 = none.
    schedule: U32,
}

impl From<&Terms> for StoredTerms {
    fn from(terms: &Terms) -> Self {
        let amount = |value: Option<Nano>| value.unwrap_or(NO_AMOUNT).into();
        let flag = |set: bool, bit: u32| if set { bit } else { 0 };
        let (initial, next) = terms.increments.unwrap_or((0, 0));
        Self {
            outbound_rate: amount(terms.outbound_rate),
            inbound_rate: amount(terms.inbound_rate),
            connect_fee: terms.connect_fee.into(),
            min_charge: terms.min_charge.into(),
            max_charge: amount(terms.max_charge),
            valid_from: terms.valid_from.unwrap_or(0).into(),
            valid_to: terms.valid_to.unwrap_or(0).into(),
            rate_unit_s: terms.rate_unit_s.into(),
            initial_s: initial.into(),
            next_s: next.into(),
            minimum_s: terms.minimum_s.into(),
            grace_s: terms.grace_s.into(),
            free_s: terms.free_s.into(),
            flags: (flag(terms.blocked, BLOCKED)
                | flag(terms.exact_match, EXACT_MATCH)
                | flag(terms.valid_from.is_some(), HAS_FROM)
                | flag(terms.valid_to.is_some(), HAS_TO))
            .into(),
            schedule: terms.schedule.map_or(0, |number| number + 1).into(),
        }
    }
}

impl StoredTerms {
    /// Whether a flag is set that has no meaning.
    pub(crate) fn has_reserved(&self) -> bool {
        self.flags.get() & !(BLOCKED | EXACT_MATCH | HAS_FROM | HAS_TO) != 0
    }
}

impl From<&StoredTerms> for Terms {
    fn from(stored: &StoredTerms) -> Self {
        let flags = stored.flags.get();
        let amount = |value: I64| Some(value.get()).filter(|value| *value != NO_AMOUNT);
        let time = |value: I64, bit: u32| (flags & bit != 0).then_some(value.get());
        let increments = (stored.initial_s.get(), stored.next_s.get());
        Self {
            schedule: stored.schedule.get().checked_sub(1),
            outbound_rate: amount(stored.outbound_rate),
            inbound_rate: amount(stored.inbound_rate),
            rate_unit_s: stored.rate_unit_s.get(),
            connect_fee: stored.connect_fee.get(),
            increments: (increments != (0, 0)).then_some(increments),
            minimum_s: stored.minimum_s.get(),
            grace_s: stored.grace_s.get(),
            free_s: stored.free_s.get(),
            min_charge: stored.min_charge.get(),
            max_charge: amount(stored.max_charge),
            valid_from: time(stored.valid_from, HAS_FROM),
            valid_to: time(stored.valid_to, HAS_TO),
            blocked: flags & BLOCKED != 0,
            exact_match: flags & EXACT_MATCH != 0,
        }
    }
}

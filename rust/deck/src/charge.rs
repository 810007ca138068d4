//! Seconds and terms to billed seconds and an exact charge (R43, R44, R48, R53).
//!
//! Order of steps: part of a second, zero, grace, free seconds, minimum time, increments, rate,
//! connect fee, maximum, minimum charge, one rounding. Where the field knows two meanings, the
//! choice is an enum of `Semantics`, its first member the default. Nothing here can overflow
//! silently: seconds stay below 2^32, amounts below 2^63, and their product is taken in 128 bits.

use crate::error::Overflow;
use crate::money::{Exact, Rounding};
use crate::terms::{Direction, Terms};

/// What a fraction of a second counts as (R44).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartSecond {
    /// 30.1 is 31.
    #[default]
    Up,
    /// 30.9 is 30.
    Down,
    /// 30.5 is 31.
    HalfUp,
}

impl PartSecond {
    /// Whole seconds of a duration in ticks.
    #[inline(always)]
    pub fn whole(self, ticks: u64, per_second: u32) -> u64 {
        if per_second == 1 {
            return ticks;
        }
        let per = u64::from(per_second.max(1));
        let (whole, part) = (ticks / per, ticks % per);
        whole
            + u64::from(match self {
                Self::Up => part > 0,
                Self::Down => false,
                Self::HalfUp => part >= per - part && part > 0,
            })
    }
}

/// Where blocks after the initial one start (R44).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Increments {
    /// At the end of the initial block.
    #[default]
    Anchored,
    /// At zero; the initial block is a plain minimum.
    Modulo,
}

/// When the minimum time is applied (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Minimum {
    /// Then rounded up to increments.
    #[default]
    BeforeIncrements,
    /// As it stands.
    AfterIncrements,
}

/// What a call is compared with the grace time by (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grace {
    /// Its own seconds.
    #[default]
    GraceFirst,
    /// Its seconds lifted to the minimum time.
    MinimumFirst,
}

/// When free seconds are taken off (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FreeSeconds {
    /// Before the increments.
    #[default]
    Deducted,
    /// After them.
    OnGrid,
}

/// When the connect fee falls due (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectFee {
    /// Above zero seconds.
    #[default]
    WhenAnswered,
    /// At zero seconds too.
    AtZero,
}

/// What a maximum charge does to a finished call (R53).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaxCharge {
    /// Ends the growth of the charge.
    #[default]
    Cap,
    /// Nothing; it limits authorisation only.
    Disconnect,
}

/// Billed seconds, and the charge in units of the last place asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// See `Charge`.
    pub billed_s: u32,
    /// Below 10^18.
    pub charge: i64,
}

impl Amount {
    /// No seconds, no rupees.
    pub const NOTHING: Self = Self { billed_s: 0, charge: 0 };
}

/// How seconds become a charge wherever the sheet leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semantics {
    /// Increments where the sheet states none: initial and next, neither 0.
    pub pulse: (u32, u32),
    /// See `PartSecond`.
    pub part_second: PartSecond,
    /// See `Increments`.
    pub increments: Increments,
    /// See `Minimum`.
    pub minimum: Minimum,
    /// See `Grace`.
    pub grace: Grace,
    /// See `FreeSeconds`.
    pub free_seconds: FreeSeconds,
    /// See `ConnectFee`.
    pub connect_fee: ConnectFee,
    /// See `MaxCharge`.
    pub max_charge: MaxCharge,
    /// The one rounding.
    pub rounding: Rounding,
    /// Places of the charge, at most nine.
    pub decimals: u32,
}

impl Default for Semantics {
    fn default() -> Self {
        Self {
            pulse: (60, 60),
            part_second: PartSecond::default(),
            increments: Increments::default(),
            minimum: Minimum::default(),
            grace: Grace::default(),
            free_seconds: FreeSeconds::default(),
            connect_fee: ConnectFee::default(),
            max_charge: MaxCharge::default(),
            rounding: Rounding::default(),
            decimals: 2,
        }
    }
}

/// What a call comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// After grace, free seconds, minimum and increments.
    pub billed_s: u32,
    /// Before rounding.
    pub exact: Exact,
}

impl Semantics {
    /// Whole seconds of a duration in ticks, which is not negative.
    #[inline]
    pub fn whole_seconds(&self, ticks: u64, per_second: u32) -> u64 {
        self.part_second.whole(ticks, per_second)
    }

    /// The charge of so many whole seconds, or `None` where the terms lack the rate (R47).
    #[inline]
    pub fn charge(
        &self,
        seconds: u64,
        terms: &Terms,
        direction: Direction,
    ) -> Result<Option<Charge>, Overflow> {
        let Some(rate) = terms.rate(direction) else { return Ok(None) };
        if self.is_free(seconds, terms) {
            return Ok(Some(Charge { billed_s: 0, exact: Exact::ZERO }));
        }
        let billed_s = u32::try_from(self.billed(seconds, terms)).map_err(|_| Overflow)?;
        let unit = i128::from(terms.rate_unit_s.max(1));
        let mut numerator = i128::from(rate) * i128::from(billed_s) + i128::from(terms.connect_fee) * unit;
        if let (MaxCharge::Cap, Some(most)) = (self.max_charge, terms.max_charge) {
            numerator = numerator.min(i128::from(most) * unit);
        }
        if seconds > 0 {
            numerator = numerator.max(i128::from(terms.min_charge) * unit);
        }
        Ok(Some(Charge { billed_s, exact: Exact { numerator, denominator: unit } }))
    }

    /// The same, rounded to the places asked for.
    pub fn amount(
        &self,
        seconds: u64,
        terms: &Terms,
        direction: Direction,
    ) -> Result<Option<Amount>, Overflow> {
        let Some(charge) = self.charge(seconds, terms, direction)? else { return Ok(None) };
        let rounded = charge.exact.round(self.decimals, self.rounding)?;
        Ok(Some(Amount { billed_s: charge.billed_s, charge: rounded }))
    }

    /// Whether nothing at all is due: zero seconds (R43), or within the grace time (R53).
    #[inline]
    fn is_free(&self, seconds: u64, terms: &Terms) -> bool {
        if seconds == 0 {
            return self.connect_fee == ConnectFee::WhenAnswered;
        }
        let compared = match self.grace {
            Grace::GraceFirst => seconds,
            Grace::MinimumFirst => seconds.max(terms.minimum_s.into()),
        };
        compared <= terms.grace_s.into()
    }

    /// Billed seconds of a call that is not free.
    #[inline]
    fn billed(&self, seconds: u64, terms: &Terms) -> u64 {
        let free = u64::from(terms.free_s);
        let minimum = u64::from(terms.minimum_s);
        let left = match self.free_seconds {
            FreeSeconds::Deducted => seconds.saturating_sub(free),
            FreeSeconds::OnGrid => seconds,
        };
        if left == 0 {
            return 0;
        }
        let rounded = match self.minimum {
            Minimum::BeforeIncrements => self.round_up(left.max(minimum), terms),
            Minimum::AfterIncrements => self.round_up(left, terms).max(minimum),
        };
        match self.free_seconds {
            FreeSeconds::Deducted => rounded,
            FreeSeconds::OnGrid => rounded.saturating_sub(free),
        }
    }

    /// Seconds, more than 0, rounded up to increments.
    #[inline]
    fn round_up(&self, seconds: u64, terms: &Terms) -> u64 {
        let (initial, next) = terms.increments.unwrap_or(self.pulse);
        let (initial, next) = (u64::from(initial), u64::from(next.max(1)));
        let start = match self.increments {
            Increments::Anchored => initial,
            Increments::Modulo => 0,
        };
        let above = seconds.max(initial) - start;
        above.div_ceil(next).saturating_mul(next).saturating_add(start)
    }
}

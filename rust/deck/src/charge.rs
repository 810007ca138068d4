//! Seconds and terms to billed seconds and an exact charge (R43, R44, R48, R50, R53).
//!
//! Order of steps: part of a second, zero, grace, free seconds, minimum time, increments, rate,
//! connect fee, fees of tiers, maximum, minimum charge, one rounding. A flat rate is a schedule of one
//! tier, so there is one arithmetic for all. Nothing here can overflow silently: seconds stay below
//! 2^32, amounts below 2^63, and their product is taken in 128 bits.

use crate::blocks::{Piece, Prices};
use crate::error::Overflow;
use crate::money::Exact;
use crate::schedule::{Schedule, Tier};
use crate::semantics::{ConnectFee, FreeSeconds, Grace, MaxCharge, Minimum, Semantics};
use crate::terms::{Direction, Terms};

/// Billed seconds, and the charge in units of the last place asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// From answer to end.
    pub seconds: u64,
    /// Which of the rates.
    pub direction: Direction,
    /// Microseconds since 1970 UTC; schedules with hours cannot do without (R50).
    pub answered_at: Option<i64>,
}

/// What a call comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Charge {
    /// After grace, free seconds, minimum and increments; part of a second counts up.
    pub billed_s: u32,
    /// Before rounding.
    pub exact: Exact,
}

/// What a charge is made of, as it is counted.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Blocks of one price.
    Blocks(Piece<'a>),
    /// Due because the call was answered.
    ConnectFee(i64),
    /// Due because the call went past the beginning of a tier: numbers of band and tier, the tier.
    TierFee(u32, usize, &'a Tier),
}

/// Longer than any call: seconds beyond are an overflow.
const LONGEST: u64 = 1 << 33;

impl Semantics {
    /// Whole seconds of a duration in ticks, which is not negative.
    #[inline]
    pub fn whole_seconds(&self, ticks: u64, per_second: u32) -> u64 {
        self.part_second.whole(ticks, per_second)
    }

    /// The charge of a call, or `None` where the terms lack the rate (R47).
    ///
    /// `schedule` is the one that the terms name.
    pub fn charge(
        &self,
        call: &Call,
        terms: &Terms,
        schedule: Option<&Schedule>,
    ) -> Result<Option<Charge>, Overflow> {
        self.charge_in_parts(call, terms, schedule, |_, _| ())
    }

    /// The same, rounded to the places asked for.
    pub fn amount(
        &self,
        call: &Call,
        terms: &Terms,
        schedule: Option<&Schedule>,
    ) -> Result<Option<Amount>, Overflow> {
        let Some(charge) = self.charge(call, terms, schedule)? else { return Ok(None) };
        let rounded = charge.exact.round(self.decimals, self.rounding)?;
        Ok(Some(Amount { billed_s: charge.billed_s, charge: rounded }))
    }

    /// The charge, each part of it reported with what it comes to.
    pub fn charge_in_parts(
        &self,
        call: &Call,
        terms: &Terms,
        schedule: Option<&Schedule>,
        tell: impl FnMut(Part<'_>, Exact),
    ) -> Result<Option<Charge>, Overflow> {
        if let (Some(schedule), Direction::Outbound) = (schedule, call.direction) {
            let free_s = match self.free_seconds {
                FreeSeconds::Deducted => terms.free_s,
                FreeSeconds::OnGrid => 0,
            };
            let Some(prices) = Prices::of(schedule, self.bands, call.answered_at, free_s)? else {
                return Ok(None);
            };
            return self.sum(call.seconds, terms, &prices, tell).map(Some);
        }
        let Some(rate) = terms.rate(call.direction) else { return Ok(None) };
        let rate_unit_ms = u64::from(terms.rate_unit_s.max(1)) * 1000;
        let tier = Tier { from_ms: 0, rate, rate_unit_ms, increment_ms: None, fee: 0 };
        self.sum(call.seconds, terms, &Prices::Flat(&tier), tell).map(Some)
    }

    fn sum(
        &self,
        seconds: u64,
        terms: &Terms,
        prices: &Prices<'_>,
        mut tell: impl FnMut(Part<'_>, Exact),
    ) -> Result<Charge, Overflow> {
        if self.is_free(seconds, terms) {
            return Ok(Charge { billed_s: 0, exact: Exact::ZERO });
        }
        let whole = |nano: i64| Exact { numerator: nano.into(), denominator: 1 };
        let fee = prices.connect_fee().unwrap_or(terms.connect_fee);
        let (mut exact, mut billed_ms) = (Exact::ZERO, 0);
        let counted = self.counted(seconds, terms)?;
        if counted > 0 {
            billed_ms = self.each_piece(counted, terms, prices, |piece| {
                let amount = self.price(&piece)?;
                tell(Part::Blocks(piece), amount);
                exact = exact.plus(amount)?;
                Ok(())
            })?;
        }
        let mut due = |part, nano| {
            tell(part, whole(nano));
            exact = exact.plus(whole(nano))?;
            Ok(())
        };
        if fee > 0 {
            due(Part::ConnectFee(fee), fee)?;
        }
        prices.each_fee(counted, |band, at, tier| due(Part::TierFee(band, at, tier), tier.fee))?;
        if let (MaxCharge::Cap, Some(most)) = (self.max_charge, terms.max_charge) {
            exact.numerator = exact.numerator.min(exact.times(most)?);
        }
        if seconds > 0 {
            exact.numerator = exact.numerator.max(exact.times(terms.min_charge)?);
        }
        let billed_s = u32::try_from(billed_ms.div_ceil(1000)).map_err(|_| Overflow)?;
        Ok(Charge { billed_s, exact })
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

    /// Milliseconds that increments are counted for: without what is free, with the minimum time.
    #[inline]
    fn counted(&self, seconds: u64, terms: &Terms) -> Result<u64, Overflow> {
        let left = match self.free_seconds {
            FreeSeconds::Deducted => seconds.saturating_sub(terms.free_s.into()),
            FreeSeconds::OnGrid => seconds,
        };
        let counted = match self.minimum {
            Minimum::BeforeIncrements if left > 0 => left.max(terms.minimum_s.into()),
            _ => left,
        };
        if counted > LONGEST { Err(Overflow) } else { Ok(counted * 1000) }
    }
}

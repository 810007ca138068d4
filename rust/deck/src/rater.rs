//! Charges of many calls: the arithmetic of `charge`, prepared once per distinct terms.
//!
//! A bill is the same few thousand terms millions of times over. Terms without free seconds or bounds
//! on the charge, which is nearly all of them, come down to one rounding up, one multiplication and one
//! division of 64-bit integers; whatever does not fit there goes the general way. Property tests hold
//! both ways to the same answers.

use crate::charge::{Amount, Call};
use crate::error::{Broken, Overflow};
use crate::money::{CHARGE_LIMIT, Exact, NANO_PLACES, Reciprocal};
use crate::schedule::Schedule;
use crate::semantics::{ConnectFee, Grace, Increments, Minimum, RoundAt, Semantics};
use crate::terms::{Direction, Terms};
use crate::view::View;
use std::num::NonZeroU64;

/// Plain terms in one cache line; `unit` is never 0, so that an option of them is one line too.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Short {
    /// By direction.
    rates: [u64; 2],
    fee: u64,
    unit: NonZeroU64,
    by_unit: Reciprocal,
    /// ceil(2^63 / next): dividing seconds below 2^31 by `next` is one multiplication with it.
    by_next: u64,
    /// The first block, with as many of the next ones as the minimum time fills.
    initial: u32,
    next: u32,
    /// Seconds up to which a call is not charged; 0 is the call that was not answered (R43).
    grace_s: u32,
}

/// Terms of a deck under some semantics.
#[derive(Debug)]
pub struct Rater {
    semantics: Semantics,
    terms: Vec<Terms>,
    schedules: Vec<Schedule>,
    short: Vec<Option<Short>>,
}

/// Stands for "no rate" where there is no room for an option.
const NO_RATE: u64 = u64::MAX;

impl Rater {
    /// Prepare all terms of a deck.
    pub fn new(view: &View<'_>, semantics: Semantics) -> Result<Self, Broken> {
        let terms = view.all_terms()?;
        let short = terms.iter().map(|terms| short(terms, &semantics)).collect();
        let schedules = view.all_schedules()?;
        if terms.iter().filter_map(|terms| terms.schedule).any(|number| number as usize >= schedules.len()) {
            return Err(Broken);
        }
        Ok(Self { semantics, terms, schedules, short })
    }

    /// The terms by number.
    pub fn terms(&self, terms: u32) -> Result<&Terms, Broken> {
        self.terms.get(terms as usize).ok_or(Broken)
    }

    /// Whether terms refuse their prefix.
    #[inline(always)]
    pub fn is_blocked(&self, terms: u32) -> Result<bool, Broken> {
        // Blocked terms have no short form, so the common answer costs no look at the terms.
        match self.short.get(terms as usize) {
            Some(Some(_)) => Ok(false),
            _ => Ok(self.terms(terms)?.blocked),
        }
    }

    /// How seconds are counted.
    pub fn semantics(&self) -> &Semantics {
        &self.semantics
    }

    /// The charge of whole seconds, or `None` where the terms lack the rate; `answered_at` is only
    /// asked for where the hour may matter.
    #[inline(always)]
    pub fn charge(
        &self,
        seconds: u64,
        terms: u32,
        direction: Direction,
        answered_at: impl FnOnce() -> Option<i64>,
    ) -> Result<Option<Amount>, Overflow> {
        match self.plain(seconds, terms, direction) {
            Some(amount) => Ok(Some(amount)),
            None => self.charge_any(&Call { seconds, direction, answered_at: answered_at() }, terms),
        }
    }

    /// The charge of whole seconds, or `None` if terms or call are not the plain ones.
    #[inline(always)]
    pub fn plain(&self, seconds: u64, terms: u32, direction: Direction) -> Option<Amount> {
        self.short.get(terms as usize)?.as_ref()?.charge(seconds, direction, &self.semantics)
    }

    /// The charge before any rounding, or `None` where the terms lack the rate.
    pub fn exact(&self, call: &Call, number: u32) -> Result<Option<Exact>, Overflow> {
        let Some((terms, schedule)) = self.priced(number) else { return Ok(None) };
        Ok(self.semantics.charge(call, terms, schedule)?.map(|charge| charge.exact))
    }

    #[cold]
    fn charge_any(&self, call: &Call, number: u32) -> Result<Option<Amount>, Overflow> {
        let Some((terms, schedule)) = self.priced(number) else { return Ok(None) };
        self.semantics.amount(call, terms, schedule)
    }

    fn priced(&self, number: u32) -> Option<(&Terms, Option<&Schedule>)> {
        let terms = self.terms.get(number as usize)?;
        Some((terms, terms.schedule.and_then(|number| self.schedules.get(number as usize))))
    }
}

/// The short form of terms that have one.
fn short(terms: &Terms, semantics: &Semantics) -> Option<Short> {
    let plain = (terms.free_s, terms.min_charge) == (0, 0)
        && (terms.minimum_s == 0 || semantics.minimum == Minimum::BeforeIncrements)
        && terms.max_charge.is_none()
        && !terms.blocked
        && terms.schedule.is_none()
        && semantics.round_at == RoundAt::Charge
        && semantics.increments == Increments::Anchored;
    let (initial, next) = terms.increments.unwrap_or(semantics.pulse);
    // The seconds by which blocks are counted are below 2^31, so that one more block fits 32 bits.
    let fits = |block: &u32| (1..1 << 30).contains(block);
    fits(&initial).then_some(())?;
    let more = terms.minimum_s.saturating_sub(initial).checked_next_multiple_of(next)?;
    let initial = initial.checked_add(more).filter(fits)?;
    // A minimum time that comes first is longer than the grace time, or no longer than that.
    let is_never_free = semantics.grace == Grace::MinimumFirst && terms.minimum_s > terms.grace_s;
    let scale = 10_u64.pow(NANO_PLACES.saturating_sub(semantics.decimals));
    let unit = NonZeroU64::new(u64::from(terms.rate_unit_s).checked_mul(scale)?)?;
    let rate = |rate: Option<i64>| rate.map_or(Some(NO_RATE), |rate| u64::try_from(rate).ok());
    plain.then_some(Short {
        rates: [rate(terms.outbound_rate)?, rate(terms.inbound_rate)?],
        fee: u64::try_from(terms.connect_fee).ok()?.checked_mul(terms.rate_unit_s.into())?,
        unit,
        by_unit: Reciprocal::new(unit.get())?,
        by_next: (1_u64 << 63).div_ceil(next.into()),
        initial,
        next: Some(next).filter(fits)?,
        grace_s: if is_never_free { 0 } else { terms.grace_s },
    })
}

impl Short {
    /// `None` if the call is not one of the plain ones or does not fit: no rate, long, dear.
    #[inline(always)]
    fn charge(&self, seconds: u64, direction: Direction, semantics: &Semantics) -> Option<Amount> {
        let rate = self.rates[direction as usize];
        if seconds >= 1 << 30 || rate == NO_RATE {
            return None;
        }
        // Which calls are not charged is not predictable: masks instead of a branch.
        let is_charged = seconds > u64::from(self.grace_s);
        let is_due = u32::from(is_charged).wrapping_neg();
        let has_fee = is_charged | ((seconds == 0) & (semantics.connect_fee == ConnectFee::AtZero));
        let fee = self.fee & u64::from(has_fee).wrapping_neg();
        let above = (seconds as u32).saturating_sub(self.initial);
        let blocks = ((u128::from(above + self.next - 1) * u128::from(self.by_next)) >> 63) as u32;
        let billed_s = (self.initial + blocks * self.next) & is_due;
        let numerator = rate.checked_mul(billed_s.into())?.checked_add(fee)?;
        let quotient = self.by_unit.round(numerator, self.unit.get(), semantics.rounding)?;
        let charge = i64::try_from(quotient).ok()?;
        (i128::from(charge) < CHARGE_LIMIT).then_some(Amount { billed_s, charge })
    }
}

#[cfg(test)]
mod tests {
    use super::Short;

    #[test]
    fn prepared_terms_are_a_cache_line() {
        assert_eq!(size_of::<Option<Short>>(), 64);
    }
}
